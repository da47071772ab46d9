"""Notes and refusals of the SEM library are told in the study's language, from their code and values."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from lxml import html

from mce_utaut import sem
from mce_utaut.errors import NotEstimable, Problem, UserMistake
from mce_utaut.notes import Note
from mce_utaut.report import render_report
from mce_utaut.responses.screening import exclude_not_submitted
from mce_utaut.sem.fit import fit_model
from mce_utaut.sem.options import FitOptions
from mce_utaut.study.json_form import from_json, to_json
from mce_utaut.study.library_notes import refused, told
from mce_utaut.study.run import compute_study
from mce_utaut.study.sentences import Sentences, entries, languages
from mce_utaut.survey.plain import sidecar

MODEL = "f =~ a + b + c + d"


def answers(n: int, seed: int = 1) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    factor = rng.standard_normal(n)
    return {name: factor + rng.standard_normal(n) for name in "abcd"}


def refusal(model: str, data: dict[str, np.ndarray], **options: object) -> UserMistake:
    with pytest.raises(UserMistake) as caught:
        fit_model(model, data, FitOptions(**options))
    return caught.value


def without(data: dict[str, np.ndarray], item: str, rows: int) -> dict[str, np.ndarray]:
    return {**data, item: np.where(np.arange(len(data[item])) < rows, np.nan, data[item])}


@pytest.mark.parametrize(("rows", "words"), [(1, "1 riga su 90 non ha"), (3, "3 righe su 90 non hanno")])
def test_rows_without_any_answer_are_counted_in_italian(rows: int, words: str) -> None:
    data = answers(90)
    for item in data:
        data = without(data, item, rows)
    fit = fit_model(MODEL, data, FitOptions(missing="fiml"))
    (note,) = told(fit.notes, Sentences("it"))
    assert note.text.startswith(f"{words} alcun valore") and note.language == "it"
    assert (note.code, note.level) == ("rows_left_out", "info")


def test_heywood_cases_keep_their_names_and_where_they_are() -> None:
    rng = np.random.default_rng(3)
    a, noise = rng.standard_normal(60), rng.standard_normal((3, 60))
    data = {"a": a, "b": 0.9 * a + 0.3 * noise[0], "c": 0.2 * a + noise[1]}
    found = [note for note in fit_model("f =~ a + b + c", data, FitOptions()).notes if note.code == "heywood"]
    assert found, "the data were made so that a variance is estimated negative"
    (note,) = told(found, Sentences("it"))
    assert note.text == f"La varianza stimata è negativa (caso di Heywood): {dict(note.values)['names']}."


def test_fewer_cases_than_parameters_are_told_with_both() -> None:
    note = Note("few_cases", "There are fewer cases.", "caution", values=(("total", 7), ("free", 9)))
    assert told([note], Sentences("it"))[0].text == "I casi (7) sono meno dei parametri liberi (9)."


@pytest.mark.parametrize("language", languages())
def test_every_sentence_takes_what_the_library_gives(language: str) -> None:
    given = {
        "heywood": {"names": "a, b"},
        "few_cases": {"total": 7, "free": 9},
        "few_clusters": {"n": 9, "least": 40, "df": 8, "rule": "t"},
        "weak_block": {"names": "F, G", "ties": "F (p = 0.30)"},
        "latent_not_positive_definite": {},
        "residual_not_positive_definite": {},
        "level_not_nested": {"level": "metric"},
        "small_group": {"n": 40},
        "poor_first_level": {"cfi": "0.812"},
        "other_version": {"file": "a.csv", "instrument": "mce"},
        "approved_since": {"file": "a.csv", "instrument": "mce"},
        "unknown_columns": {"file": "a.csv", "n": 2, "columns": "“x”, “y”"},
        "absent_fields": {"file": "a.csv", "n": 2, "fields": "PE1, PE2"},
        "other_hei": {"value": "Elsewhere", "instrument": "mce"},
        "other_pilot_id": {"value": "x-1", "instrument": "mce"},
        "no_hei": {"file": "a.csv"},
        "no_wave": {"file": "a.csv"},
        "no_identity": {"files": "a.csv, b.csv"},
        "same_keys": {"n": 1},
        "same_answers": {"file": "a.csv", "n": 1},
        "look_alikes": {"n": 2, "least": 5},
        "attention_not_assessable": {},
    }
    by_rule = {
        "rows_left_out": ({"n": 1, "total": 9, "columns": "hei"}, ("fiml", "column")),
        "given_not_used": ({"n": 1, "file": "a.csv", "value": "ktu"}, ("hei", "wave", "pilot_id")),
        "given_filled_in": ({"n": 1, "total": 9, "file": "a.csv", "value": "ktu"}, ("hei", "wave", "pilot_id")),
        "submission_unknown": ({"n": 3}, ("all", "some")),
    }
    of_rules = [(code, {**values, "rule": rule}) for code, (values, rules) in by_rule.items() for rule in rules]
    notes = [
        Note(code, "Elsewhere.", values=tuple(values.items()), language="xx")
        for code, values in (*given.items(), *of_rules)
    ]
    kept = {note.text for note in told(notes, Sentences(language))}
    assert "Elsewhere." not in kept
    assert len(notes) == sum(key.startswith("library_note.") for key in entries(language))


def test_an_english_study_has_the_rooms_own_words() -> None:
    note = Note("no_hei", "No row of a.csv says its university: say it with --hei.", values=(("file", "a.csv"),))
    assert told([note], Sentences("en")) == (note,)
    (italian,) = told([note], Sentences("it"))
    assert italian.text == "Nessuna riga di a.csv dice da quale università proviene." and italian.language == "it"


def test_what_the_import_says_is_told_in_italian_also_from_a_sidecar(
    make_instrument: Callable, make_responses: Callable
) -> None:
    responses = make_responses(make_instrument(), 30, 5)
    responses = replace(responses, meta=responses.meta.assign(submitted=None))
    kept = exclude_not_submitted(responses)
    again = sidecar.parse(sidecar.write(kept, "0" * 64), "x.sidecar.json").notes
    for notes in (kept.notes, again):
        (note,) = [each for each in told(notes, Sentences("it")) if each.code == "submission_unknown"]
        assert note.text.startswith("Lo strumento di rilevazione non dice") and note.language == "it"


def test_what_cannot_be_estimated_is_told_in_italian_with_its_group() -> None:
    say = Sentences("it")
    flat = {**answers(60), "a": np.ones(60)}
    assert refused(refusal(MODEL, flat), say) == "a non varia e va esclusa."
    assert refused(refusal(MODEL, {**flat, "b": np.ones(60)}), say) == "a, b non variano e vanno escluse."
    few = refused(refusal(MODEL, answers(3)), say)
    assert few == "3 casi completi, 4 variabili: la matrice di covarianza è singolare."
    two = {**flat, "g": np.repeat([1.0, 2.0], 30)}
    two["a"][30:] = np.arange(30.0)
    assert refused(refusal(MODEL, two, group="g"), say) == "gruppo 1: a non varia e va esclusa."
    assert "non è identificato" in refused(refusal("f =~ a + b", answers(60)), say)


def test_a_refusal_within_a_refusal_is_told_too() -> None:
    inner = NotEstimable(Problem("x has no variance.", code="no_variance", values=(("n", 1), ("names", "x"))))
    outer = NotEstimable(Problem("The part of F.", code="block_refused", values=(("names", "F"),)))
    outer.__cause__ = inner
    told_both = refused(outer, Sentences("it"))
    assert told_both == "La parte di misura di F non si può stimare da sola. x non varia e va esclusa."


def test_a_refusal_without_a_sentence_is_quoted_as_english() -> None:
    error = NotEstimable("Something of  tomorrow.")
    assert refused(error, Sentences("en")) == "Something of tomorrow."
    assert refused(error, Sentences("it")) == "Il programma di stima lo dice in inglese: «Something of tomorrow.»"


def test_every_code_of_the_library_s_refusals_has_its_sentence_and_the_other_way_round() -> None:
    coded = set()
    for path in Path(sem.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Problem":
                found = {k.arg: k.value for k in node.keywords}.get("code")
                coded |= {found.value} if isinstance(found, ast.Constant) else set()
    said = {key.split(".")[1] for key in entries("en") if key.startswith("library_refusal.")}
    assert coded | {"not_identified", "no_minimum", "english", "group"} == said


def test_a_note_without_a_sentence_stays_english() -> None:
    note = Note("of_tomorrow", "Something new.", "caution")
    assert told([note], Sentences("it")) == (note,) and note.language == "en"


def test_a_study_in_italian_tells_them_in_its_report_and_marks_what_stays_english(
    make_instrument: Callable, make_responses: Callable, make_inputs: Callable
) -> None:
    instrument = make_instrument()
    responses = make_responses(instrument, 120, 5)
    responses.data.loc[responses.data.index[:8], [name for name in responses.data if name[-1].isdigit()]] = np.nan
    responses = replace(responses, notes=(Note("of_the_import", "Read as it was.", "info"),))
    choices = {"sensitivity": False, "missing": "fiml", "language": "it", "replicates": 50}
    inputs = make_inputs({"student": (instrument, responses)}, **choices)
    study = compute_study(inputs, versions={})
    found = [n for model in study.roles[0].models for n in model.notes if n.code == "rows_left_out"]
    assert found and all(n.text.startswith("8 righe su 120 non hanno") for n in found)
    back = [n for model in from_json(to_json(study)).roles[0].models for n in model.notes if n.code == "rows_left_out"]
    assert [(n.text, n.language, n.values) for n in back] == [(n.text, n.language, n.values) for n in found]
    page = html.document_fromstring(render_report(study).decode("utf-8"))
    remarks = page.xpath("//h3[@id='methods-remarks']/following-sibling::ul[1]")[0]
    assert "8 righe su 120" in remarks.text_content()
    assert remarks.xpath(".//span[@lang='en']/text()") == ["Read as it was."]
