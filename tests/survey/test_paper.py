"""Paper: the page to print, and the sheet for data entry."""

from __future__ import annotations

import io
from types import ModuleType
from typing import Any

import openpyxl
import pytest
from lxml import html

from mce_utaut.errors import ImportProblem
from mce_utaut.instrument.model import Instrument
from mce_utaut.survey import paper, registry
from mce_utaut.survey.paper.printed import phrases

Fill = dict[str, ModuleType]


def page(instrument: Instrument, language: str) -> Any:
    files = paper.export(instrument, (language,)).files
    return html.fromstring(next(content for name, content in files.items() if name.endswith(".html")).decode())


def test_every_item_and_option_has_a_box_and_its_code(instruments: dict[str, Instrument]) -> None:
    for instrument in instruments.values():
        for language in instrument.languages:
            document = page(instrument, language)
            assert document.get("lang") == language
            boxes = 0
            for question in instrument.questions():
                scale = instrument.scales[question.scale] if question.scale else None
                if scale and question.items:
                    boxes += sum(len(scale.options) + item.cannot_judge for item in question.items)
                elif scale:
                    boxes += len(scale.options) + question.other + scale.cannot_judge
            assert len(document.find_class("box")) == boxes
            codes = {one.text for one in document.find_class("code")}
            assert {item.code for _, item in instrument.items()} <= codes
            text = " ".join(document.text_content().split())
            for key, string in instrument.wordings[language].strings.items():
                if key.startswith(("item.", "scale.")):
                    assert " ".join(string.text.split()) in text or key.startswith("scale."), key


def test_nothing_runs_and_nothing_is_fetched(instruments: dict[str, Instrument]) -> None:
    for instrument in instruments.values():
        content = next(c for name, c in paper.export(instrument, ()).files.items() if name.endswith(".html")).decode()
        for sign in ("<script", "http://", "https://", " src=", "@import", "url(", " on"):
            assert sign not in content.lower().split("<footer>")[0].split("<body>")[0], sign
        assert "<script" not in content


def test_the_head_of_a_grid_is_repeated_and_routes_are_printed(sample: Instrument) -> None:
    files = paper.export(sample).files
    content = next(content for name, content in files.items() if name.endswith("en.html")).decode()
    assert "table-header-group" in content
    assert "size: A4" in content
    document = page(sample, "en")
    assert len(document.xpath("//table/thead")) == 2
    routes = [one.text for one in document.find_class("route")]
    wording = sample.wordings["en"]
    assert len(routes) == 2
    assert wording["scale.involvement.2"] in routes[0] and wording["scale.involvement.4"] in routes[0]
    assert wording["scale.support.TUT"] in routes[1]
    (stop,) = document.find_class("stop")
    assert stop.text == f"Please go on only if your answer to question 1 is: “{wording['scale.yesno.Y'].rstrip('.')}”."


def test_a_row_without_cannot_judge_has_no_such_box(sample: Instrument) -> None:
    boxes = {}
    for row in page(sample, "en").xpath("//tbody/tr"):
        code = row.find_class("code")[0].text
        boxes[code] = [len(cell.find_class("box")) for cell in row.xpath("./td")][1:]
    assert boxes["BI3"] == [1] * 8
    assert boxes["BI4"] == [1] * 7 + [0]


def test_phrases_have_the_same_places_in_every_language(instruments: dict[str, Instrument]) -> None:
    languages = {language for instrument in instruments.values() for language in instrument.languages}
    for language in languages:
        assert set(phrases(language)) == set(phrases("en"))
        for name in ("only_if", "go_on"):
            assert phrases(language)[name].count("{number}") == phrases(language)[name].count("{labels}") == 1
    assert phrases("xx") == phrases("en")


def test_the_sheet_offers_lists_and_refuses_others(sample: Instrument, fill: Fill) -> None:
    workbook = fill["paper"].book(paper.export(sample).files)
    lists = fill["paper"].allowed(workbook)
    assert lists["PE1"] == ["1", "2", "3", "4", "5", "6", "7", "99"]
    assert lists["BI4"] == ["1", "2", "3", "4", "5", "6", "7"]
    assert lists["GENDER"] == ["F", "M", "NA", "other"]
    assert lists["SUP_TUT"] == ["1", "0"]
    assert lists["language"] == ["en", "it"]
    rules = {rule.type: rule for rule in workbook["data"].data_validations.dataValidation}
    assert set(rules) == {"list", "whole", "decimal", "date"}
    assert all(rule.showErrorMessage and rule.errorStyle == "stop" for rule in rules.values())
    assert (rules["decimal"].formula1, rules["decimal"].formula2) == ("0.5", "60")
    assert workbook["lists"].sheet_state == "hidden"
    assert "O1" not in lists
    letter = next(cell.column_letter for cell in workbook["data"][1] if cell.value == "O1")
    assert workbook["data"].column_dimensions[letter].number_format == "@"


def test_an_empty_sheet_has_no_rows(sample: Instrument) -> None:
    content = next(c for name, c in paper.export(sample).files.items() if name.endswith("xlsx"))
    assert registry.recognise(content, "x.xlsx") == "paper"
    assert paper.read(sample, content, "x.xlsx").n == 0


def test_a_form_entered_twice_is_kept_once_and_wrong_codes_are_refused(
    sample: Instrument, fill: Fill, made: ModuleType
) -> None:
    content = fill["paper"].enter(sample, paper.export(sample).files, made.answers(sample)[:3], "it")
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    workbook["data"]["A4"] = "001"
    stream = io.BytesIO()
    workbook.save(stream)
    found = paper.read(sample, stream.getvalue(), "x.xlsx")
    assert list(found.data.index) == ["form001", "form002"]
    assert [(one.source_row, one.reason) for one in found.exclusions] == [(4, "duplicate")]
    headings = [cell.value for cell in workbook["data"][1]]
    workbook["data"].cell(2, headings.index("PE1") + 1).value = 8
    stream = io.BytesIO()
    workbook.save(stream)
    with pytest.raises(ImportProblem, match=r"PE1, row 2: “8” is no answer"):
        paper.read(sample, stream.getvalue(), "x.xlsx")


def test_notes_say_what_is_lost(sample: Instrument) -> None:
    codes = {note.code for note in paper.export(sample).notes}
    assert codes >= {"branching", "fixed_items", "fixed_pages", "cannot_judge_code", "personal", "own_words"}
