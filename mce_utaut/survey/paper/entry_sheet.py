"""The workbook for entering forms: a sheet with lists that refuse what is no code, and a sheet of the codes."""

from __future__ import annotations

import datetime
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from mce_utaut.instrument.model import Instrument
from mce_utaut.survey.contract import Column, ColumnMap
from mce_utaut.survey.fields import Field, fields
from mce_utaut.survey.paper.columns import FORM, LANGUAGE
from mce_utaut.survey.workbooks import timeless

if TYPE_CHECKING:
    from openpyxl.worksheet.datavalidation import DataValidation
    from openpyxl.worksheet.worksheet import Worksheet

ROWS = 2000  # rows in which entries are checked
_LONGEST_PROMPT = 255
_LONGEST_TITLE = 32
_DAY_ONE = "1900-01-01"


def write(instrument: Instrument, column_map: ColumnMap) -> bytes:
    """The workbook (.xlsx); the same bytes for the same questionnaire."""
    import openpyxl
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    by_name = {field.name: field for field in fields(instrument)}
    book = openpyxl.Workbook()
    book.properties.creator = ""
    book.properties.created = datetime.datetime(2000, 1, 1)
    data, lists = book.active, book.create_sheet("lists")
    data.title = "data"
    _codes_sheet(book.create_sheet("codes"), column_map)
    lists.sheet_state = "hidden"
    book.move_sheet("lists", 1)
    data.append([FORM, LANGUAGE, *(column.heading for column in column_map.columns)])
    for cell in data[1]:
        cell.font = Font(bold=True)
    data.freeze_panes = "C2"
    places: dict[tuple[str, ...], str] = {}
    data.column_dimensions["A"].number_format = "@"
    _check(data, "B", _listed(lists, places, column_map.languages), LANGUAGE, "the language of the form")
    for place, column in enumerate(column_map.columns, start=3):
        letter = get_column_letter(place)
        field = by_name[column.field]
        rule = _rule(lists, places, column, field)
        prompt = column.texts.get(column_map.languages[0], "")
        if rule is not None:
            _check(data, letter, rule, column.heading, prompt)
        if field.kind == "text":
            data.column_dimensions[letter].number_format = "@"
            data.column_dimensions[letter].width = 24
    stream = io.BytesIO()
    book.save(stream)
    return timeless(stream.getvalue())


def _rule(lists: Worksheet, places: dict[tuple[str, ...], str], column: Column, field: Field) -> DataValidation | None:
    """What the cells of a column may hold; None for text."""
    from openpyxl.worksheet.datavalidation import DataValidation

    if column.option:
        return DataValidation(type="list", formula1='"1,0"', allow_blank=True)
    if column.values:
        return _listed(lists, places, list(column.values))
    if field.kind == "date":
        first = (datetime.date.fromisoformat(_DAY_ONE) - datetime.date(1899, 12, 31)).days
        return DataValidation(type="date", operator="greaterThanOrEqual", formula1=str(first), allow_blank=True)
    if field.kind not in ("integer", "number"):
        return None
    low, high = field.question.minimum, field.question.maximum
    kind = "whole" if field.kind == "integer" else "decimal"
    low_text, high_text = f"{-1e9 if low is None else low:.10g}", f"{1e9 if high is None else high:.10g}"
    return DataValidation(type=kind, operator="between", formula1=low_text, formula2=high_text, allow_blank=True)


def _listed(lists: Worksheet, places: dict[tuple[str, ...], str], allowed: Sequence[str]) -> DataValidation:
    """A list rule; equal lists stand once in the hidden sheet."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    key = tuple(allowed)
    if key not in places:
        column = len(places) + 1
        for row, value in enumerate(key, start=1):
            # A number typed into a cell equals only a number in the list.
            lists.cell(row, column, int(value) if value.isdigit() and str(int(value)) == value else value)
        letter = get_column_letter(column)
        places[key] = f"lists!${letter}$1:${letter}${len(key)}"
    return DataValidation(type="list", formula1=places[key], allow_blank=True)


def _check(data: Worksheet, letter: str, rule: DataValidation, heading: str, prompt: str) -> None:
    rule.errorStyle = "stop"
    rule.showErrorMessage = rule.showInputMessage = True
    rule.errorTitle = heading[:_LONGEST_TITLE]
    rule.error = "Not an answer of this question: see the sheet “codes”."
    rule.promptTitle = heading[:_LONGEST_TITLE]
    rule.prompt = prompt[:_LONGEST_PROMPT] or None
    rule.add(f"{letter}2:{letter}{ROWS + 1}")
    data.add_data_validation(rule)


def _codes_sheet(sheet: Worksheet, column_map: ColumnMap) -> None:
    """For each column its wording and its codes, in every language."""
    languages = column_map.languages
    rows: list[list[str]] = [["column", "code", *languages]]
    for column in column_map.columns:
        rows.append([column.heading, "", *(column.texts.get(language, "") for language in languages)])
        if column.option:
            continue
        for entered, target in column.values.items():
            labels = [
                next((text for text, codes in column.labels[language].items() if target in codes.split(" ")), "")
                for language in languages
            ]
            rows.append([column.heading, entered, *labels])
    for number, row in enumerate(rows, start=1):
        for place, text in enumerate(row, start=1):
            if text:
                sheet.cell(number, place, text).data_type = "s"
    sheet.freeze_panes = "C2"
    for letter in "CDE":
        sheet.column_dimensions[letter].width = 60
