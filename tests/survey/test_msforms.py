"""Microsoft Forms: the Word document, and the workbook of the answers."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from mce_utaut.errors import ImportProblem
from mce_utaut.instrument.model import Instrument
from mce_utaut.survey import msforms, registry
from mce_utaut.survey.contract import ReadOptions

Fill = dict[str, ModuleType]


@pytest.fixture(scope="session")
def small(load_path: Callable[[Path], Instrument], data: Path) -> Instrument:
    """The questionnaire of the fixture, which asks one thing twice in the same words (ours may not)."""
    loaded = load_path(data / "msforms" / "utaut_msforms.yaml")
    wording = loaded.wordings["en"]
    strings = {**wording.strings, "question.EE1.text": wording.strings["item.PE1"]}
    return replace(loaded, wordings={"en": replace(wording, strings=strings)})


def test_the_fixture_comes_in_right(small: Instrument, data: Path, made: ModuleType) -> None:
    content = (data / "msforms" / "msforms_responses_en.xlsx").read_bytes()
    assert registry.recognise(content, "x.xlsx") == "msforms"
    options = ReadOptions(column_map=msforms.export(small).column_map)
    found = msforms.read(small, content, "x.xlsx", options)
    assert made.found(found.data, "PE1") == [4.0, 3.0, 1.0]
    assert made.found(found.data, "PE2") == [5.0, 3.0, None]
    assert made.found(found.data, "useful_again") == [4.0, 3.0, 2.0]
    assert made.found(found.data, "age") == [22.0, 47.0, None]
    assert made.found(found.data, "role") == ["student", "professor", "manager"]
    assert made.found(found.data, "liked") == ['Fast; "useful"\nSecond line', "È utile però lento", "=SUM(A1:A9)"]
    assert found.meta["duration_s"].tolist() == [660.0] * 3
    assert [(one.source_row, one.reason) for one in found.exclusions] == [(4, "no_consent")]
    dropped = {"ID": 4, "Start time": 4, "Completion time": 4, "Email": 4, "Name": 1, "Last modified time": 0}
    assert found.sources[0].personal_dropped == dropped
    assert found.sources[0].unknown_columns == ()
    assert found.notes == ()


def test_a_repeated_heading_needs_the_column_map(small: Instrument, data: Path) -> None:
    content = (data / "msforms" / "msforms_responses_en.xlsx").read_bytes()
    with pytest.raises(ImportProblem, match=r"stands for PE1 and useful_again.*column map"):
        msforms.read(small, content, "x.xlsx")


def table_of(made: ModuleType, fill: Fill, instrument: Instrument, language: str) -> list[list[object]]:
    return fill["msforms"].export(instrument, msforms.export(instrument).files, made.answers(instrument), language)


def test_metadata_is_told_by_place_where_a_question_has_its_name(
    made: ModuleType, fill: Fill, sample: Instrument
) -> None:
    """``sample`` asks for an address under the name "email", which the tool's own column has as well."""
    table = table_of(made, fill, sample, "en")
    for number, row in enumerate(table[1:]):
        row[3], row[4] = f"p{number}@example.invalid", "Pat Example"
    found = msforms.read(sample, fill["msforms"].as_xlsx(table), "x.xlsx")
    assert found.sources[0].personal_dropped["Email"] == found.sources[0].personal_dropped["Name"] == made.ROWS
    assert "email" not in found.data
    again = msforms.read(sample, fill["msforms"].as_xlsx(table[:5]), "y.xlsx")
    assert list(again.data.index) == list(found.data.index[:4])  # the same keys in every later export


def test_columns_added_on_the_right_are_left_out_and_named(made: ModuleType, fill: Fill, sample: Instrument) -> None:
    table = table_of(made, fill, sample, "it")
    wide = [[*row, "Checked by" if number == 0 else "Ada"] for number, row in enumerate(table)]
    found = msforms.read(sample, fill["msforms"].as_xlsx(wide), "x.xlsx")
    assert found.sources[0].unknown_columns == ("Checked by",)


@pytest.mark.parametrize("spelling", ["{stem} [{item}]", "{stem}.{item}", "3. {item}", "3.1 {item}"])
def test_other_headings_of_statements(made: ModuleType, fill: Fill, sample: Instrument, spelling: str) -> None:
    table = table_of(made, fill, sample, "en")
    wording = sample.wordings["en"]
    for place, heading in enumerate(table[0]):
        for question, item in sample.items():
            if " ".join(str(heading).split()) == wording[f"item.{item.code}"]:
                stem = wording[f"question.{question.code}.text"]
                table[0][place] = spelling.format(stem=stem, item=wording[f"item.{item.code}"])
    found = msforms.read(sample, fill["msforms"].as_xlsx(table), "x.xlsx")
    wanted = made.expected(sample, made.answers(sample))
    assert made.found(found.data, "PE3") == wanted["PE3"]


def test_times_in_words_become_durations(made: ModuleType, fill: Fill, sample: Instrument) -> None:
    table = table_of(made, fill, sample, "en")[:4]
    for row, (start, end) in zip(
        table[1:],
        [
            ("5/1/25 10:00:00", "5/1/25 10:02:30"),
            ("01.05.2025 09:59", "01.05.2025 10:01"),
            ("5/1/2025 11:59:00 PM", "5/2/2025 0:01:00 AM"),
        ],
    ):
        row[1], row[2] = start, end
    content = fill["msforms"].as_xlsx(table)
    assert registry.recognise(content, "x.xlsx") == "msforms"
    seconds = msforms.read(sample, content, "x.xlsx").meta["duration_s"].tolist()
    assert seconds[:2] == [150.0, 120.0]
    assert seconds[2] != seconds[2]  # another day: 5/2 may be February or May


def test_a_form_in_several_languages_tells_that_of_each_respondent(
    made: ModuleType, fill: Fill, sample: Instrument
) -> None:
    english, italian = (table_of(made, fill, sample, language) for language in ("en", "it"))
    mixed = [english[0], *english[1:4], *italian[4:7]]
    for row in mixed[1:]:
        row[1] = datetime.datetime(2025, 5, 1, 10, 0)
    found = msforms.read(sample, fill["msforms"].as_xlsx(mixed), "x.xlsx")
    assert found.meta["language"].tolist() == ["en"] * 3 + ["it"] * 3


def test_the_document_marks_drafts_and_holds_every_text(sample: Instrument, fill: Fill) -> None:
    files = msforms.export(sample).files
    for language in sample.languages:
        document = fill["msforms"].document(files, language)
        texts = [paragraph.text for paragraph in document.paragraphs]
        assert texts[0].startswith("DRAFT – ")  # the Italian wording is not approved
        headings = [one.text for one in document.paragraphs if one.style.name == "Heading 1"]
        assert len(headings) == len(sample.pages)
        joined = "\n".join(texts)
        for key, text in sample.wordings[language].strings.items():
            if key.startswith(("item.", "page.", "survey.title", "survey.welcome", "survey.end")):
                assert all(part.strip() in joined for part in text.text.splitlines()), key


def test_notes_say_how_to_build_and_what_is_lost(sample: Instrument) -> None:
    exported = msforms.export(sample)
    codes = {note.code for note in exported.notes}
    assert codes >= {"not_verified", "likert_by_hand", "branching", "consent_stop", "fixed_items", "fixed_pages"}
    assert codes >= {"soft_mandatory", "link_parameters", "cannot_judge_everywhere", "no_digest"}
    text = exported.files["sample.msforms.NOTES.txt"].decode()
    assert "PEQ: Likert, 6 statements, 8 columns\n" in text
    assert "(all after CONSENT only where CONSENT is “" in text
    assert "USE1: Text, restriction: number from 0 to 50" in text
    assert "TUTORS" in text and "only where SUP is" in text
