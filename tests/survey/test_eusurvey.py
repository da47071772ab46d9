"""EUSurvey: the sheet to copy from, and the XLSX of results."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import ModuleType
from typing import NamedTuple

import pytest
from lxml import html

from mce_utaut.errors import FileProblem
from mce_utaut.instrument.model import Instrument
from mce_utaut.survey import eusurvey, registry

Fill = dict[str, ModuleType]


class Named(NamedTuple):
    name: str
    content: bytes


def test_the_sheet_holds_every_code_and_word(instruments: dict[str, Instrument], fill: Fill) -> None:
    for instrument in instruments.values():
        files = eusurvey.export(instrument).files
        for language in instrument.languages:
            built = fill["eusurvey"].elements(files, language)
            names = [name for element in built for name in (element["name"], *(row for row, _ in element["row"]))]
            assert len(names) == len(set(names))
            assert {item.code for _, item in instrument.items()} <= set(names)
            document = html.fromstring(
                next(content for name, content in files.items() if name.endswith(f".{language}.html")).decode()
            )
            text = " ".join(document.text_content().split())
            for key, string in instrument.wordings[language].strings.items():
                if key.startswith(("item.", "page.", "survey.welcome", "survey.end")):
                    assert " ".join(string.text.split()) in text, key


def test_settings_say_what_is_set_by_hand(sample: Instrument) -> None:
    rows = {row.shortname: row for row in eusurvey.sheet.rows(sample, "en", False) if row.shortname}
    assert rows["CONSENT"].settings == "mandatory"
    assert rows["PEQ"].settings.startswith("random order; visible if CONSENT is “")
    assert "minimum 0; maximum 50" in rows["USE1"].settings
    assert "visible if USE3 is “" in rows["USE4"].settings


@pytest.mark.parametrize("width", [254, 7])
def test_what_stands_behind_the_questions_is_dropped(
    made: ModuleType, fill: Fill, sample: Instrument, width: int
) -> None:
    files = eusurvey.export(sample).files
    content = fill["eusurvey"].export(sample, files, made.answers(sample), "it", True, width)
    assert registry.recognise(content, "x.xlsx") == "eusurvey"
    found = eusurvey.read(sample, content, "x.xlsx")
    assert found.sources[0].personal_dropped["Contribution Id"] == made.ROWS
    assert found.sources[0].personal_dropped["Creation Date"] == made.ROWS
    assert found.sources[0].unknown_columns == ()
    assert found.n == made.ROWS
    assert found.meta["source_row"].tolist() == list(range(5, 5 + made.ROWS))
    again = eusurvey.read(sample, content, "y.xlsx")
    assert list(again.data.index) == list(found.data.index)
    assert all(key.startswith("r") for key in found.data.index)


def test_notes_say_what_is_lost(sample: Instrument) -> None:
    codes = {note.code for note in eusurvey.export(sample).notes}
    assert codes >= {"not_verified", "by_hand", "branching", "fixed_pages", "soft_mandatory", "link_parameters"}


def test_xml_tells_the_respondent_apart_and_drops_who_it_was(made: ModuleType, fill: Fill, sample: Instrument) -> None:
    files, rows = eusurvey.export(sample).files, made.answers(sample)
    content = fill["eusurvey"].as_xml(sample, files, rows, ("it", "en"))
    found = registry.read_responses(sample, [Named("results.xml", content)])
    assert found.sources[0].personal_dropped["Contribution Id"] == made.ROWS
    assert found.sources[0].personal_dropped["Last Update"] == made.ROWS
    assert found.meta["language"].tolist()[:2] == ["it", "en"]
    anonymous = re.sub(rb'AnswerSet id="[^"]*"', b'AnswerSet id="Anonymous"', content)
    assert eusurvey.read(sample, anonymous, "results.xml").n == made.ROWS


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda xml: xml.replace(b"<Results", b'<!DOCTYPE r [<!ENTITY a "b">]><Results', 1), "document type"),
        (lambda xml: xml[: len(xml) // 2], "damaged XML"),
        (lambda xml: xml.replace(b'aid="a-', b'aid="b-'), "not in the file"),
        (lambda xml: xml[: xml.index(b"<Elements")] + b"</Survey></Results>", "holds no questions"),
        (lambda xml: xml.replace(b"UTF-8", b"no-such", 1), "encoding"),
        (lambda xml: xml.replace(b"<AnswerSet", b"<x>" * 60 + b"<AnswerSet", 1), "deep"),
    ],
)
def test_xml_that_is_no_result_is_refused(
    change: Callable[[bytes], bytes], message: str, made: ModuleType, fill: Fill, sample: Instrument
) -> None:
    content = fill["eusurvey"].as_xml(sample, eusurvey.export(sample).files, made.answers(sample), ("en",))
    with pytest.raises(FileProblem, match=message):
        eusurvey.read(sample, change(content), "results.xml")


@pytest.mark.parametrize("content", [b"<!DOCTYPE html><html><body>Log in</body></html>", b"<?xml version='1.0'?><a/>"])
def test_other_xml_and_web_pages_are_told(content: bytes) -> None:
    with pytest.raises(FileProblem, match="web page"):
        registry.recognise(content, "responses.csv")


def test_xml_with_questions_that_are_not_ours(made: ModuleType, fill: Fill, sample: Instrument) -> None:
    files, rows = eusurvey.export(sample).files, made.answers(sample)
    content = fill["eusurvey"].as_xml(sample, files, rows, ("en",)).decode()
    asked = '<Question id="r">Stars</Question><RatingQuestion id="r1">Stars: food</RatingQuestion>'
    asked += '<TableTitle id="t">T</TableTitle><TableQuestion id="t1">Row</TableQuestion>'
    asked += '<TableAnswer id="t2">Column</TableAnswer>'
    content = content.replace("</Elements>", f"{asked}</Elements>")
    given = '<Answer qid="r1">4</Answer><Answer qid="t1" aid="t2">typed</Answer>'
    content = content.replace("</AnswerSet>", f"{given}</AnswerSet>")
    content = content.replace("<AnswerSet ", '<AnswerSet create="2025-05-01" user="pat@example.invalid" ')
    found = eusurvey.read(sample, content.encode(), "results.xml")
    assert made.found(found.data, "PE1") == made.expected(sample, rows)["PE1"]
    assert found.sources[0].personal_dropped["User Name"] == made.ROWS
    assert found.sources[0].personal_dropped["Creation Date"] == made.ROWS


def test_xml_gives_back_texts_that_were_cut_at_semicolons(made: ModuleType, fill: Fill, sample: Instrument) -> None:
    files = eusurvey.export(sample).files
    name = next(question.name for question in sample.questions() if question.code == "O1")
    rows = [{**made.answers(sample)[0], name: "two"}]
    content = fill["eusurvey"].as_xml(sample, files, rows, ("en",)).decode()
    text = next(text for text in re.findall(r'<Answer qid="q-O1"[^>]*>.*?</Answer>', content, re.DOTALL))
    cut = text.replace(">", ">one</Answer>" + text.partition(">")[0] + ">", 1)
    found = eusurvey.read(sample, content.replace(text, cut).encode(), "results.xml")
    assert made.found(found.data, name) == ["one;two"]
