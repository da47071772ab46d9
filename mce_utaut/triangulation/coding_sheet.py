"""The workbook for coders: open answers by pseudonym, lists of what may be entered, and the code book."""

from __future__ import annotations

import datetime
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mce_utaut.survey.workbooks import timeless
from mce_utaut.triangulation.answers import OpenAnswer
from mce_utaut.triangulation.codes import AGREED, NOTHING, OUTSIDE, SIGNS, SOURCES

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

SPARE_ROWS = 500  # below the answers: for a second theme of an answer, and for interviews
_WIDTHS = {
    "respondent": 15, "role": 11, "source": 15, "question": 10, "asked": 40, "answer": 60, "language": 10,
    "construct": 12, "theme": 28, "sign": 10, "coder": 10, "quote": 30, "cleared": 9, "translation": 30,
    "key": 8,
}  # fmt: skip
_TO_FILL = ("construct", "theme", "sign", "coder", "quote", "cleared", "translation")
_HELP = (
    "One row is one code. Where an answer holds two themes, copy its row and code the copy.",
    f"construct: from the code book; {OUTSIDE} where no construct covers it; {NOTHING} where you read the answer and "
    "found nothing to code (theme and sign stay empty). A row without construct, theme and sign is not coded yet.",
    "theme: a few words, spelled the same each time, that do not tell who spoke.",
    "sign: positive (speaks for), negative (speaks against) or neutral (both, or neither).",
    "coder: your own initials. Two coders should code at least a fifth of the answers each on their own; each sends "
    f"back a sheet. Where they settle a difference, add rows of the coder {AGREED}: those are counted then.",
    "quote: words that may stand for others, in the original language; translation: of the quote, into the language of "
    "the report. cleared: yes only where the person cannot be told from the quote and consent covers printing it.",
    "For interviews, focus groups and cases add rows with the source, the role and any pseudonym of your own.",
    "Do not change the pseudonyms and the column key (it tells which key made them). Send the sheet back; "
    "`python -m mce_utaut codes` checks it.",
)


@dataclass(frozen=True, slots=True)
class BookEntry:
    """A construct in the code book, as one role was asked about it."""

    role: str
    construct: str
    label: str
    definition: str


def write_sheet(answers: Sequence[OpenAnswer], book: Sequence[BookEntry], roles: Sequence[str], key: str = "") -> bytes:
    """The workbook (XLSX): equal input gives equal bytes, and nothing in it is a formula. ``key`` is the fingerprint of
    the key that made the pseudonyms."""
    import openpyxl  # slow to import: only where a workbook is written
    from openpyxl.styles import Alignment, Font

    workbook = openpyxl.Workbook()
    workbook.properties.created = workbook.properties.modified = datetime.datetime(2000, 1, 1)
    sheet = workbook.active
    sheet.title = "codes"
    rows = [list(_WIDTHS)]
    for each in answers:
        known = {
            "respondent": each.respondent, "role": each.role, "source": SOURCES[0], "question": each.question,
            "asked": each.asked, "answer": each.answer, "language": each.language, "key": key,
        }  # fmt: skip
        rows.append([known.get(name, "") for name in _WIDTHS])
    _fill(sheet, rows)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for row in sheet.iter_rows(min_row=2, max_row=len(rows)):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "B2"
    _lists(workbook, sheet, book, roles, len(rows) + SPARE_ROWS)
    _code_book(workbook.create_sheet("code book"), book)
    manual = workbook.create_sheet("how to")
    manual.column_dimensions["A"].width = 110
    for line in _HELP:
        manual.append([line])
        manual.cell(manual.max_row, 1).alignment = Alignment(wrap_text=True, vertical="top")
    stream = io.BytesIO()
    workbook.save(stream)
    return timeless(stream.getvalue())


def _fill(sheet: Worksheet, rows: Sequence[Sequence[str]]) -> None:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import PatternFill
    from openpyxl.utils import get_column_letter

    to_fill = PatternFill("solid", fgColor="FFF6DD")
    for column, (name, width) in enumerate(_WIDTHS.items(), start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
        for number, row in enumerate(rows, start=1):
            cell = sheet.cell(number, column)
            if text := ILLEGAL_CHARACTERS_RE.sub("", row[column - 1]):
                cell.value = text
                cell.data_type = "s"  # text that begins with = is no formula
                cell.quotePrefix = text[0] in "=+-@"
            if name in _TO_FILL and number > 1:
                cell.fill = to_fill


def _lists(workbook: object, sheet: Worksheet, book: Sequence[BookEntry], roles: Sequence[str], last: int) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    hidden = workbook.create_sheet("lists")
    hidden.sheet_state = "hidden"
    allowed: Mapping[str, Sequence[str]] = {
        "construct": (*dict.fromkeys(entry.construct for entry in book), OUTSIDE, NOTHING),
        "sign": tuple(SIGNS.values()),
        "cleared": ("yes", "no"),
        "source": SOURCES,
        "role": tuple(roles),
    }
    for place, (name, values) in enumerate(allowed.items(), start=1):
        for row, value in enumerate(values, start=1):
            hidden.cell(row, place, value)
        letter, target = get_column_letter(place), get_column_letter(list(_WIDTHS).index(name) + 1)
        rule = DataValidation(type="list", formula1=f"lists!${letter}$1:${letter}${len(values)}", allow_blank=True)
        rule.error, rule.errorTitle, rule.showErrorMessage = "Not in the list: see “how to”.", name, True
        rule.add(f"{target}2:{target}{last}")
        sheet.add_data_validation(rule)


def _code_book(sheet: Worksheet, book: Sequence[BookEntry]) -> None:
    """For each construct of each role the codes and what they stand for."""
    from openpyxl.styles import Alignment, Font

    sheet.append(["role", "construct", "label", "what it is", "codes"])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for entry in book:
        codes = "  ".join(f"{entry.construct}{sign}" for sign in ("+", "−", "0"))
        sheet.append([entry.role, entry.construct, entry.label, entry.definition, codes])
        for cell in sheet[sheet.max_row]:
            cell.data_type = "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for letter, width in zip("ABCDE", (11, 12, 30, 80, 18), strict=True):
        sheet.column_dimensions[letter].width = width
