"""The data dictionary for REDCap, and its exports."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from mce_utaut.errors import UserMistake
from mce_utaut.instrument.model import Instrument
from mce_utaut.survey import redcap, registry
from mce_utaut.survey.contract import ReadOptions
from mce_utaut.survey.redcap.dictionary import HEADINGS, markup

Fill = dict[str, ModuleType]


@pytest.fixture(scope="session")
def small(load_path: Callable[[Path], Instrument], data: Path) -> Instrument:
    return load_path(data / "redcap" / "utaut_redcap.yaml")


@pytest.mark.parametrize("kind", ["raw", "labels"])
def test_the_fixtures_come_in_right(small: Instrument, data: Path, kind: str) -> None:
    content = (data / "redcap" / f"redcap_data_{kind}.csv").read_bytes()
    assert registry.recognise(content, "x.csv") == "redcap"
    responses = redcap.read(small, content, "x.csv")
    assert responses.data["PE1"].tolist() == [4.0, 5.0]
    assert responses.data["PE2"].fillna(-1).tolist() == [5.0, -1.0]
    assert responses.data["age"].tolist() == [22.0, 19.0]
    assert responses.data["role"].tolist() == ["student", "student"]
    assert responses.data["liked"].tolist() == ['Fast; "useful"', None]
    assert responses.meta["submitted"].tolist() == [True, False]
    assert [one.reason for one in responses.exclusions] == (["no_consent"] if kind == "raw" else [])
    assert responses.missing["PE2"].tolist() == ["", "unknown_blank"]
    assert len(responses.sources[0].personal_dropped) == 3
    assert responses.sources[0].unknown_columns == ()


def test_raw_and_labels_of_one_project_are_one_set(small: Instrument, data: Path) -> None:
    raw, labels = (
        redcap.read(small, (data / "redcap" / f"redcap_data_{kind}.csv").read_bytes(), kind)
        for kind in ("raw", "labels")
    )
    assert raw.data.index[0] == labels.data.index[0]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^"])
def test_every_delimiter_and_decimal_sign(made: ModuleType, fill: Fill, sample: Instrument, delimiter: str) -> None:
    rows = [{**row, "O1": None} for row in made.answers(sample)]
    table = fill["redcap"].export(sample, redcap.export(sample).files, rows, "en", False)
    number = table[0].index("use2")
    comma = [[cell.replace(".", ",") if place == number else cell for place, cell in enumerate(row)] for row in table]
    content = fill["redcap"].as_csv(comma, delimiter)
    options = ReadOptions(delimiter=delimiter if delimiter in "|^" else None)
    assert registry.recognise(content, "x.csv", options) == "redcap"
    found = redcap.read(sample, content, "x.csv", options)
    assert made.found(found.data, "use_ects") == made.expected(sample, rows)["use_ects"]


def test_the_dictionary_has_18_columns_and_sound_names(instruments: dict[str, Instrument], fill: Fill) -> None:
    for instrument in instruments.values():
        for language in instrument.languages:
            rows = fill["redcap"].dictionary(redcap.export(instrument, (language,)).files, language)
            assert tuple(rows[0]) == HEADINGS
            assert len(HEADINGS) == 18
            names = [row["Variable / Field Name"] for row in rows]
            assert names[0] == "record_id"
            assert len(set(names)) == len(names)
            for row, name in zip(rows, names):
                assert re.fullmatch(r"[a-z][a-z0-9_]{0,25}", name)
                assert row["Form Name"] == instrument.id
                for used in re.findall(r"\[(\w+)(?:\(\w+\))?\]", row["Branching Logic (Show field only if...)"]):
                    assert used in names[: names.index(name)]


def test_matrix_stem_branching_and_consent(sample: Instrument, fill: Fill) -> None:
    rows = fill["redcap"].dictionary(redcap.export(sample).files, "en")
    by_name = {row["Variable / Field Name"]: row for row in rows}
    branching = {name: row["Branching Logic (Show field only if...)"] for name, row in by_name.items()}
    stem = sample.wordings["en"]["question.PEQ.text"]
    assert by_name["pe1"]["Section Header"].endswith(stem)
    matrix = [name for name, row in by_name.items() if row["Matrix Group Name"] == "peq"]
    assert matrix == ["pe1", "pe2", "pe3", "pe4", "pes1", "chk1"]
    assert len({by_name[name]["Choices, Calculations, OR Slider Labels"] for name in matrix}) == 1
    assert not any(by_name[name]["Section Header"] for name in matrix[1:])
    assert branching["consent"] == branching["record_id"] == ""
    assert branching["pe1"] == "[consent] = 'Y'"
    assert branching["use4"] == "[consent] = 'Y' and ([use3] = '2' or [use3] = '3' or [use3] = '4')"
    assert branching["tutors"] == "[consent] = 'Y' and [sup(TUT)] = '1'"
    assert branching["gender_other"] == "[consent] = 'Y' and [gender] = 'other'"
    assert branching["declined_text"] == "[consent] <> '' and [consent] <> 'Y'"
    assert by_name["consent"]["Required Field?"] == "y"
    assert by_name["pe1"]["Required Field?"] == ""
    assert by_name["hei"]["Field Annotation"] == "@HIDDEN-SURVEY"
    assert by_name["mail"]["Identifier?"] == "y"
    assert by_name["use1"]["Text Validation Type OR Show Slider Number"] == "integer"
    assert by_name["use1"]["Text Validation Max"] == "50"
    assert by_name["instrument_digest"]["Field Annotation"] == f"@HIDDEN @DEFAULT='{sample.digest}'"


def test_bars_commas_and_brackets_in_labels(sample: Instrument, fill: Fill, made: ModuleType) -> None:
    wording = sample.wordings["en"]
    text = replace(wording.strings["scale.support.ADV"], text="=a|b, c [consent] <i>")
    changed = replace(sample, wordings={"en": replace(wording, strings={**wording.strings, "scale.support.ADV": text})})
    files = redcap.export(changed)
    assert "bars" in {note.code for note in files.notes}
    row = next(row for row in fill["redcap"].dictionary(files.files, "en") if row["Variable / Field Name"] == "sup")
    assert fill["redcap"].choices(row) == {
        "ADV": "=a/b, c [consent] <i>",
        "TUT": wording["scale.support.TUT"],
        "CAR": wording["scale.support.CAR"],
    }
    assert "[" not in row["Choices, Calculations, OR Slider Labels"]
    table = fill["redcap"].export(changed, files.files, made.answers(changed), "en", True)
    found = redcap.read(changed, fill["redcap"].as_csv(table), "x.csv")
    assert made.found(found.data, "support") == made.expected(changed, made.answers(changed))["support"]


def test_names_that_collide_in_lower_case_are_refused(sample: Instrument) -> None:
    page = sample.pages[2]
    twin = replace(page.questions[0], items=(*page.questions[0].items, replace(page.questions[0].items[0], code="bi1")))
    pages = (*sample.pages[:2], replace(page, questions=(twin,)), *sample.pages[3:])
    with pytest.raises(UserMistake, match="BI1 and bi1 would be bi1"):
        redcap.export(replace(sample, pages=pages))


def test_markup_is_text_to_redcap_and_no_formula_to_a_spreadsheet() -> None:
    assert markup("=1 <b>\n[age]") == "&#61;1 &lt;b&gt;<br>&#91;age&#93;"
    assert markup("") == ""


def test_notes_say_what_is_lost(sample: Instrument) -> None:
    codes = {note.code for note in redcap.export(sample).notes}
    assert {"not_verified", "one_language", "fixed_items", "fixed_pages", "soft_mandatory", "link_parameters"} <= codes
    assert "consent_stop" in codes
