"""The contract of every tool: whatever it exports, answers in its own layout come back identical."""

from __future__ import annotations

import itertools
from types import ModuleType
from typing import Any

import pytest

from mce_utaut.instrument.model import Instrument
from mce_utaut.responses.model import Responses
from mce_utaut.survey import column_map, registry
from mce_utaut.survey.contract import ReadOptions, SurveyFiles

SHIPPED = ("mce_student", "mce_professor", "mce_manager", "mce_case", "mce_pilot")
INSTRUMENTS = ("utaut_mini", "utaut_kobo", "sample", *SHIPPED)
Fill = dict[str, ModuleType]


@pytest.fixture(params=INSTRUMENTS)
def instrument(request: pytest.FixtureRequest, instruments: dict[str, Instrument]) -> Instrument:
    return instruments[request.param]


def come_back(
    made: ModuleType, instrument: Instrument, tool: str, content: bytes, name: str, options: ReadOptions | None = None
) -> Responses:
    """Reads ``content`` and compares every answer and the kind of every "cannot judge"."""
    assert registry.recognise(content, name) == tool
    options = options or ReadOptions()
    rows = made.answers(instrument)
    module = registry.tool(tool)
    keep = ReadOptions(column_map=options.column_map, keep_personal=True)
    responses = module.read(instrument, content, name, keep)
    assert responses.exclusions == ()
    assert not [note for note in responses.notes if note.level != "info"]
    assert responses.sources[0].unknown_columns == ()
    wanted = made.expected(instrument, rows)
    answers = [column for column in responses.data.columns if not column.startswith("personal.")]
    assert answers == list(wanted)
    for field, values in wanted.items():
        assert made.found(responses.data, field) == values, field
    for field in wanted:
        judged_not = [row.get(field) == "99" and "open" not in field for row in rows]
        kinds = responses.missing[field].tolist()
        if responses.data[field].dtype == float and instrument_has_scale(instrument, field):
            assert [kind == "cannot_judge" for kind in kinds] == judged_not, field
    return responses


def instrument_has_scale(instrument: Instrument, field: str) -> bool:
    return any(item.code == field for _, item in instrument.items())


@pytest.mark.parametrize("tool", registry.TOOLS)
def test_every_tool_exports_every_language_and_a_column_map(tool: str, instrument: Instrument) -> None:
    for languages in ((), instrument.languages[:1], instrument.languages[-1:]):
        files = registry.tool(tool).export(instrument, languages)
        assert files.column_map.languages == (languages or instrument.languages)
        for language in files.column_map.languages:
            assert all(column.texts[language] for column in files.column_map.columns if column.texts)
        name = f"{instrument.id}.{tool}.columns.json"
        assert column_map.from_json(files.files[name], name) == files.column_map
        fields = {column.field for column in files.column_map.columns}
        assert {item.code for _, item in instrument.items()} <= fields
        if instrument.id == "sample":
            assert files.files == registry.tool(tool).export(instrument, languages).files  # same bytes
        draft = any(instrument.wordings[language].unapproved() for language in files.column_map.languages)
        assert files.column_map.draft == draft
        assert any(note.code == "draft_wording" for note in files.notes) == draft
        forms = [name for name in files.files if not name.endswith((".json", "NOTES.txt"))]
        assert all(("DRAFT" in name) == draft for name in forms)


def test_limesurvey(made: ModuleType, fill: Fill, instrument: Instrument) -> None:
    files: SurveyFiles = registry.TOOLS["limesurvey"].export(instrument)
    for language, heading in zip(instrument.languages, itertools.cycle(("code", "full"))):
        table = fill["limesurvey"].export(instrument, files.files, made.answers(instrument), language, heading, True)
        content = fill["limesurvey"].as_csv(table, ";", True)
        responses = come_back(made, instrument, "limesurvey", content, "results.csv")
        assert set(responses.meta["language"]) == {language}
        assert responses.sources[0].instrument_digest == instrument.digest


@pytest.mark.parametrize("long", [False, True], ids=["short", "long"])
@pytest.mark.parametrize("heading", ["code", "em", "code_and_text", "full", "abbreviated"])
@pytest.mark.parametrize("name", ["utaut_mini", "utaut_kobo", "sample"])
def test_limesurvey_in_every_style(
    made: ModuleType, fill: Fill, instruments: dict[str, Instrument], name: str, heading: str, long: bool
) -> None:
    instrument = instruments[name]
    files: SurveyFiles = registry.TOOLS["limesurvey"].export(instrument)
    styles = itertools.cycle(((";", False), (",", True), ("\t", True)))
    for language, (delimiter, masked) in zip(instrument.languages, styles):
        table = fill["limesurvey"].export(instrument, files.files, made.answers(instrument), language, heading, long)
        options = ReadOptions(column_map=files.column_map if heading == "abbreviated" else None)
        content = fill["limesurvey"].as_csv(table, delimiter, masked)
        come_back(made, instrument, "limesurvey", content, "results.csv", options)


@pytest.mark.parametrize("heading", ["code", "full"])
def test_limesurvey_xlsx(made: ModuleType, fill: Fill, sample: Instrument, heading: str) -> None:
    files = registry.TOOLS["limesurvey"].export(sample)
    table = fill["limesurvey"].export(sample, files.files, made.answers(sample), "it", heading, False)
    come_back(made, sample, "limesurvey", fill["limesurvey"].as_xlsx(table), "results.xlsx")


@pytest.mark.parametrize("separator", [None, "/"], ids=["nogroups", "groups"])
def test_kobo(made: ModuleType, fill: Fill, instrument: Instrument, separator: str | None) -> None:
    files = registry.TOOLS["xlsform"].export(instrument)
    languages = languages_of(fill, files)
    names = [None, *languages] if separator is None else languages[:2]
    for language in names:
        table = fill["xlsform"].export(instrument, files.files, made.answers(instrument), language, separator)
        options = ReadOptions(column_map=files.column_map)
        come_back(made, instrument, "xlsform", fill["xlsform"].as_kobo_csv(table), "kobo.csv", options)


def languages_of(fill: Fill, files: SurveyFiles) -> list[str]:
    content = next(content for name, content in files.files.items() if name.endswith(".xlsx"))
    first = fill["xlsform"].sheet(content, "choices")[0]
    return [key.removeprefix("label::") for key in first if key.startswith("label::")]


def test_kobo_xlsx(made: ModuleType, fill: Fill, sample: Instrument) -> None:
    files = registry.TOOLS["xlsform"].export(sample)
    table = fill["xlsform"].export(sample, files.files, made.answers(sample), None, "/")
    responses = come_back(made, sample, "xlsform", fill["xlsform"].as_xlsx(table), "kobo.xlsx")
    assert set(responses.meta["duration_s"]) == {660.0}


def test_central(made: ModuleType, fill: Fill, instrument: Instrument) -> None:
    files = registry.TOOLS["xlsform"].export(instrument)
    table = fill["xlsform"].export(instrument, files.files, made.answers(instrument), None, "-")
    come_back(made, instrument, "xlsform", fill["xlsform"].as_central_csv(table), "submissions.csv")


def test_plain(made: ModuleType, fill: Fill, instrument: Instrument) -> None:
    files = registry.TOOLS["plain"].export(instrument)
    styles = itertools.cycle((("code", ",", "utf-8"), ("label", ";", "utf-8-sig"), ("name", "\t", "utf-16")))
    languages = (*instrument.languages, "en", "it")
    for language, (style, delimiter, encoding) in zip(languages, styles):
        table: list[list[Any]] = fill["plain"].export(instrument, made.answers(instrument), style, language)
        options = ReadOptions(column_map=files.column_map)
        content = fill["plain"].as_csv(table, delimiter, encoding)
        come_back(made, instrument, "plain", content, "data.csv", options)


def test_plain_writes_what_it_reads(made: ModuleType, fill: Fill, instrument: Instrument) -> None:
    plain = registry.TOOLS["plain"]
    table = fill["limesurvey"].export(
        instrument,
        registry.TOOLS["limesurvey"].export(instrument).files,
        made.answers(instrument),
        "en",
        "code",
        False,
    )
    table[3][1] = ""  # not submitted
    table.append([*table[1][:5], *([""] * (len(table[1]) - 5))])  # page opened, nothing sent
    content = fill["limesurvey"].as_csv(table, ";")
    options = ReadOptions(keep_personal=True, hei="ktu", wave="pre")
    first = registry.TOOLS["limesurvey"].read(instrument, content, "results.csv", options)
    assert [exclusion.reason for exclusion in first.exclusions] == ["empty_row"]
    written = plain.write(instrument, first)
    csv, sidecar = written.values()
    again = plain.read(instrument, csv, "again.csv", ReadOptions(keep_personal=True), sidecar)
    for frame in ("data", "missing", "meta"):
        one, other = getattr(first, frame), getattr(again, frame)
        assert one.equals(other), [column for column in one if not one[column].equals(other[column])]
        assert list(one.dtypes) == list(other.dtypes)
        assert list(one.index) == list(other.index)
    assert (again.exclusions, again.sources, again.notes) == (first.exclusions, first.sources, first.notes)
    assert plain.write(instrument, again) == written


@pytest.mark.parametrize("words", [False, True], ids=["numbers", "texts"])
def test_qualtrics(made: ModuleType, fill: Fill, instrument: Instrument, words: bool) -> None:
    files = registry.TOOLS["qualtrics"].export(instrument)
    rows = fill["qualtrics"].by_place(instrument, made.answers(instrument))
    for language, tags in zip(instrument.languages, itertools.cycle(("number", "own", "tag", "both"))):
        table = fill["qualtrics"].export(instrument, files.files, rows, language, tags, words)
        content = fill["qualtrics"].as_csv(table) if tags != "tag" else fill["qualtrics"].as_tsv(table)
        responses = come_back(made, instrument, "qualtrics", content, "qualtrics.csv")
        assert set(responses.meta["language"]) == {language}
        assert responses.sources[0].instrument_digest == instrument.digest


@pytest.mark.parametrize("words", [False, True], ids=["numbers", "texts"])
def test_qualtrics_with_split_answers(made: ModuleType, fill: Fill, sample: Instrument, words: bool) -> None:
    files = registry.TOOLS["qualtrics"].export(sample)
    rows = fill["qualtrics"].by_place(sample, made.answers(sample))
    table = fill["qualtrics"].export(sample, files.files, rows, "en", "number", words, split=True)
    come_back(made, sample, "qualtrics", fill["qualtrics"].as_csv(table), "qualtrics.csv")


@pytest.mark.parametrize("labels", [False, True], ids=["raw", "labels"])
def test_redcap(made: ModuleType, fill: Fill, instrument: Instrument, labels: bool) -> None:
    files = registry.TOOLS["redcap"].export(instrument)
    for language, delimiter in zip(instrument.languages, itertools.cycle(",;\t")):
        table = fill["redcap"].export(instrument, files.files, made.answers(instrument), language, labels)
        options = ReadOptions(column_map=files.column_map)
        content = fill["redcap"].as_csv(table, delimiter)
        responses = come_back(made, instrument, "redcap", content, "redcap.csv", options)
        assert set(responses.meta["language"]) == {language}
        assert responses.sources[0].instrument_digest == instrument.digest


def test_surveyjs(made: ModuleType, fill: Fill, instrument: Instrument) -> None:
    files = registry.TOOLS["surveyjs"].export(instrument)
    for language, write in zip(instrument.languages, itertools.cycle(("as_array", "as_lines"))):
        found = fill["surveyjs"].results(instrument, files.files, made.answers(instrument), language)
        content = getattr(fill["surveyjs"], write)(found)
        responses = come_back(made, instrument, "surveyjs", content, "results.json")
        assert set(responses.meta["language"]) == {language}
        assert responses.sources[0].instrument_digest == instrument.digest


@pytest.mark.parametrize("source", ["script", "api"])
def test_google_forms(made: ModuleType, fill: Fill, instrument: Instrument, source: str) -> None:
    files = registry.TOOLS["googleforms"].export(instrument)
    for language, separator in zip(instrument.languages, itertools.cycle((", ", ";"))):
        rows = made.answers(instrument)
        table = fill["googleforms"].export(instrument, files.files, rows, language, source, separator, source == "api")
        content = fill["googleforms"].as_csv(table)
        responses = come_back(made, instrument, "googleforms", content, "answers.csv")
        assert set(responses.meta["language"]) == {language}


def test_microsoft_forms(made: ModuleType, fill: Fill, instrument: Instrument) -> None:
    files = registry.TOOLS["msforms"].export(instrument)
    for language in instrument.languages:
        table = fill["msforms"].export(instrument, files.files, made.answers(instrument), language)
        content = fill["msforms"].as_xlsx(table)
        responses = come_back(made, instrument, "msforms", content, "answers.xlsx")
        assert set(responses.meta["language"]) == {language}
        assert set(responses.meta["duration_s"]) == {660.0}


def test_moodle(made: ModuleType, fill: Fill, instrument: Instrument) -> None:
    files = registry.TOOLS["moodle"].export(instrument)
    for language, identity in zip(instrument.languages, itertools.cycle((True, False))):
        rows = made.answers(instrument)
        table = fill["moodle"].export(instrument, files.files, rows, language, "({label}) {text}", identity)
        content = fill["moodle"].as_csv(table) if identity else fill["moodle"].as_xlsx(table)
        responses = come_back(made, instrument, "moodle", content, "answers")
        assert set(responses.meta["language"]) == {language}


def test_paper(made: ModuleType, fill: Fill, instrument: Instrument) -> None:
    files = registry.TOOLS["paper"].export(instrument)
    for language in instrument.languages[:3]:  # the sheet is one for all languages
        content = fill["paper"].enter(instrument, files.files, made.answers(instrument), language)
        responses = come_back(made, instrument, "paper", content, "entered.xlsx")
        assert set(responses.meta["language"]) == {language}


def test_eusurvey(made: ModuleType, fill: Fill, instrument: Instrument) -> None:
    files = registry.TOOLS["eusurvey"].export(instrument)
    styles = itertools.cycle(((254, False), (40, True), (254, True)))
    for language, (width, shortnames) in zip(instrument.languages, styles):
        rows = made.answers(instrument)
        content = fill["eusurvey"].export(instrument, files.files, rows, language, shortnames, width)
        responses = come_back(made, instrument, "eusurvey", content, "Content.xlsx")
        assert set(responses.meta["language"]) == {language}


@pytest.mark.parametrize("shortnames", [True, False], ids=["shortnames", "words"])
def test_eusurvey_xml(made: ModuleType, fill: Fill, instrument: Instrument, shortnames: bool) -> None:
    files = registry.TOOLS["eusurvey"].export(instrument)
    rows, languages = made.answers(instrument), instrument.languages
    options = ReadOptions(column_map=files.column_map)
    for chosen in (languages, languages[-1:]):
        content = fill["eusurvey"].as_xml(instrument, files.files, rows, chosen, shortnames)
        responses = come_back(made, instrument, "eusurvey", content, "results.xml", options)
        assert set(responses.meta["language"]) == set(chosen)
