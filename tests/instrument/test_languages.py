"""Every string is there in every language, once, and says what its source says now."""

from __future__ import annotations

import pytest

from mce_utaut.instrument.load import CheckReport, check_instrument
from mce_utaut.instrument.reading import TextFile
from mce_utaut.instrument.wording import fill, normalised, source_hash

PE1_EN = "Micro-credentials are useful for my development."
PE1_IT = "  PE1: Le microcredenziali sono utili per il mio sviluppo."


def said(report: CheckReport) -> list[tuple[str, int | None, str]]:
    return [(problem.file, problem.line, problem.where) for problem in report.problems]


def warned(report: CheckReport) -> list[tuple[str, str]]:
    return [(note.code, note.where) for note in report.warnings if note.code != "few_items"]


@pytest.mark.parametrize(
    ("changes", "line", "where", "what", "remedy"),
    [
        ({PE1_IT + "\n": ""}, 41, "item PE1", "has no text (asked in sample.yaml, line 82)",
         'Add PE1: "..." under `items:`'),
        ({PE1_IT: "  PE1:"}, 41, "items, PE1", "has no value", "Write a value"),
        ({PE1_IT: "  PE1: ''"}, 41, "items, PE1", "is an empty text", "Write a value"),
        ({PE1_IT: "  PE1: [a, b]"}, 41, "items, PE1", "one value was expected", "after the colon"),
        ({PE1_IT: PE1_IT + "\n  ZZ9: x"}, 42, "item ZZ9", "sample.yaml has no such element", "Delete it"),
        ({'    "99": Non so giudicare\n': ""}, 53, "scale agree7, label 99", "has no text", 'agree7: {"99": "..."}'),
        ({', other: "Altro (quale?)"': ""}, 23, "question GENDER, other", "has no text", 'GENDER: {other: "..."}'),
        ({", help: \"Può interrompere in qualsiasi momento.\"": ""},
         23, "question CONSENT, help", "has no text", "help"),
        ({"AGE: {text:": "AGE: {help: x, text:"},
         34, "question AGE, help", "the source language has no such text", "Add it to sample.en.yaml"),
        ({"items:\n": "item:\n"}, 40, "", "unknown key `item`", "`items`?"),
        ({"  declined:": "  declind:"}, 12, "survey", "unknown key `declind`", "`declined`?"),
        ({"instrument: sample": "instrument: sampel"},
         1, "instrument", "the wording of `sampel`, not of `sample`", "id"),
        ({"status: draft": "status: drafty"}, 3, "status", "`drafty` is not one", "`draft`?"),
        ({"status: draft": "status: source"}, 3, "status", "only the source language (en)", "Write draft"),
        ({"language: it": "language: Italian"}, 2, "language", "`Italian` is not a language code", "another"),
        ({"  item.PE1: {status: approved": "  item.PE1: {status: source"},
         80, "review item.PE1", "only the source", ""),
        ({"  item.PE1:": "  items.PE1:"}, 80, "review items.PE1", "there is no such string", "`item.PE1`?"),
        ({"47ec122c": "47ec"}, 80, "review, item.PE1, source", "not a source hash", "another"),
        ({"nei prossimi [[months]]": "nei prossimi [[mesi]]"},
         47, "item BI1", "`[[mesi]]` is not defined", "parameters"),
        ({"nei prossimi [[months]]": "nei prossimi [[months]"}, 47, "item BI1", "do not pair up", "[[months]]"),
        ({"[[months]] mesi.\"": "[[month]] mesi.\""}, 16, "page pe, text", "`[[month]]` is not defined", "[[months]]"),
        ({PE1_IT: PE1_IT.replace("è", "e") + " perch\ufffd"}, 41, "item PE1", "U+FFFD", "again"),
        ({"6\": D'accordo": "6\": ' fortemente  D''ACCORDO'"},
         61, "scale agree7, label 7", "have the same label", "differently"),
        ({"A1: da 18 a 24": "A1: a3"}, 71, "scale age, label A1", "is the code of option A3", "both ways"),
        ({'"Altro (quale?)"': "Maschio"}, 35, "question GENDER, other", "also the label of option M", "differently"),
        ({PE1_IT: "  PE1: le microcredenziali migliorano&#32;i miei  risultati."}, 43, "item PE3",
         "has the same text as item PE1 (line 41)", "differently"),
    ],
)  # fmt: skip
def test_a_wording_problem_is_told_where_it_stands(
    changed, changes: dict[str, str], line: int, where: str, what: str, remedy: str
) -> None:
    report = changed(it=changes)
    assert report.instrument is None
    first = report.problems[0]
    assert said(report) == [("sample.it.yaml", line, where)]
    assert what in first.what and remedy in first.remedy


def test_a_misspelt_code_is_a_missing_and_a_foreign_one_with_a_hint(changed) -> None:
    report = changed(it={"  PE2:": "  PE22:"})
    assert said(report) == [("sample.it.yaml", 41, "item PE2"), ("sample.it.yaml", 42, "item PE22")]
    assert report.problems[1].remedy == "Did you mean item PE2?"


def test_a_key_written_twice_is_told(changed) -> None:
    [problem] = changed(it={PE1_IT: PE1_IT + "\n  PE1: x"}).problems
    assert (problem.line, problem.column) == (42, 3) and "first in line 41" in problem.what


def test_a_language_given_twice_or_not_at_all(texts: dict[str, str]) -> None:
    structure = TextFile("sample.yaml", texts["sample.yaml"])
    english = TextFile("sample.en.yaml", texts["sample.en.yaml"])
    italian = TextFile("sample.it.yaml", texts["sample.it.yaml"])
    again = TextFile("other.en.yaml", texts["sample.en.yaml"])
    assert said(check_instrument(structure, [english, again])) == [("other.en.yaml", 2, "language")]
    for wordings in ([], [italian]):
        [problem] = check_instrument(structure, wordings).problems
        assert problem.where == "source_language" and "sample.en.yaml" in problem.remedy


def test_the_source_language_needs_what_the_structure_asks_and_no_more(changed) -> None:
    report = changed(en={"  title: Sample questionnaire\n": "", "PE: {label: Performance expectancy,": "PE: {"})
    assert said(report) == [
        ("sample.en.yaml", 6, "survey title"), ("sample.en.yaml", 74, "construct PE, label")
    ]  # fmt: skip
    unneeded = ("  description: A questionnaire to try things out\n", ', help: "You can stop at any time."')
    optional = changed(en=dict.fromkeys(unneeded, ""))
    assert optional.problems == ()


def test_stale_translations_are_warned_of_and_marked(changed) -> None:
    report = changed(en={PE1_EN: PE1_EN.replace("useful", "helpful")}, it={})
    assert warned(report) == [("stale_translation", "sample.it.yaml:80: item PE1")]
    assert report.instrument is not None
    assert report.instrument.wordings["it"].strings["item.PE1"].stale
    assert "item.PE1" in report.instrument.wordings["it"].unapproved()


def test_the_source_hash_is_of_the_text_and_not_of_its_writing(changed) -> None:
    assert source_hash(PE1_EN) == source_hash(f" {PE1_EN}\n") == "47ec122c"
    assert warned(changed(en={f"PE1: {PE1_EN}": f'PE1: >\n    {PE1_EN}\n'}, it={})) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"end: Thank you.": "end: <b>Thank</b> you."}, "markup"),
        ({"end: Thank you.": "end: <script>x</script>"}, "markup"),
        ({"end: Thank you.": "end: Thank&nbsp;you."}, "markup"),
        ({"end: Thank you.": 'end: "Thank you, ${name}."'}, "expression"),
        ({"end: Thank you.": 'end: "Thank {you."'}, "braces"),
        ({"end: Thank you.": 'end: "Thank you for {months} months."'}, "braces"),
    ],
)
def test_what_a_survey_tool_may_take_for_code_is_warned_of(changed, changes: dict[str, str], code: str) -> None:
    report = changed(en=changes)
    assert warned(report) == [(code, "sample.en.yaml:11: survey end")]
    assert report.instrument is not None


@pytest.mark.parametrize("text", ["5 < 6 & 7 > 6", "<3", "a {balanced} pair", "R&D; Q&A", "[one]"])
def test_harmless_signs_are_not(changed, text: str) -> None:
    assert warned(changed(en={"end: Thank you.": f'end: "{text}"'})) == []


def test_a_translation_that_loses_a_parameter_is_warned_of(changed) -> None:
    report = changed(it={"nei prossimi [[months]] mesi": "nei prossimi mesi"})
    assert warned(report) == [("lost_parameter", "sample.it.yaml:47: item BI1")]


def test_a_label_that_means_another_option_in_another_language_is_warned_of(changed) -> None:
    report = changed(it={"{F: Femmina, M: Maschio": "{F: Femmina, M: female"})
    assert warned(report) == [("label_across_languages", "sample.it.yaml:72: scale gender, label M")]


def test_an_unused_parameter_and_a_name_that_belies_the_language_are_told(texts: dict[str, str]) -> None:
    structure = texts["sample.yaml"].replace('{months: "12"}', "{months: 12, weeks: 3}")
    report = check_instrument(
        TextFile("sample.yaml", structure), [TextFile("sample.de.yaml", texts["sample.en.yaml"])]
    )
    assert warned(report) == [
        ("unused_parameter", "sample.yaml:9: parameters"), ("language_name", "sample.de.yaml:2: language")
    ]  # fmt: skip
    assert report.instrument is not None and report.instrument.parameters == {"months": "12", "weeks": "3"}


def test_texts_are_compared_as_importers_compare_them() -> None:
    assert normalised("Né\u00a0l’uno\n&amp; l’altro ") == normalised("NE\u0301 l’uno & l’altro")


def test_only_known_parameters_are_filled_in() -> None:
    assert fill("in [[months]] or [[ months ]], not [[weeks]]", {"months": "12"}) == "in 12 or 12, not [[weeks]]"
