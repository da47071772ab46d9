"""The workbook of a translator: one row a text, and a sheet that says how to fill it in."""

from __future__ import annotations

import datetime
import io
import re

from mce_utaut.errors import FileProblem, Problem
from mce_utaut.survey.workbooks import read_sheet, timeless
from mce_utaut.translations.entries import MISSING, STALE, STATUSES, Entry, Translation

_HEAD = re.compile(r"\s*(key|context|source|translation|status|comment|was)\s*(?:\(([^()]*)\))?\s*\Z", re.IGNORECASE)
_WIDTHS = {"key": 24, "context": 38, "source": 60, "translation": 60, "status": 16, "comment": 30, "was": 11}
_HELP = (
    "Write into the columns translation, status and comment; leave the others as they are.",
    "Words in double square brackets or in braces, such as [[months]] or {n}, are filled in by the program: keep them "
    "unchanged.",
    "Line ends within a cell are kept (Alt+Enter writes one).",
    "Status: draft (translated), reviewed (by a second person), back_translated, approved (ready for use).",
    "missing: there is no translation yet. stale: the source has changed since it was translated; read it again, "
    "mend the translation where needed, and set the status to draft or better.",
    "A translation that is changed while its status stays as it was becomes a draft: set the status last.",
)


def write(translation: Translation) -> bytes:
    """The workbook (XLSX); nothing in it is a formula."""
    import openpyxl  # slow to import: only where a workbook is written
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = openpyxl.Workbook()
    book.properties.created = book.properties.modified = datetime.datetime(2000, 1, 1)
    sheet = book.active
    sheet.title = "translation"
    in_brackets = {
        "key": f" ({translation.instrument_id})",
        "source": f" ({translation.source_language})",
        "translation": f" ({translation.language})",
    }
    rows = [[name + in_brackets.get(name, "") for name in _WIDTHS]]
    rows += [[e.key, e.context, e.source, e.text, e.status, e.comment, e.was] for e in translation.entries]
    wrapped = Alignment(wrap_text=True, vertical="top")
    to_fill = PatternFill("solid", fgColor="FFF6DD")
    for number, row in enumerate(rows, start=1):
        for column, text in enumerate(row, start=1):
            cell = sheet.cell(number, column)
            cell.alignment = wrapped
            if text:
                cell.value = text
                cell.data_type = "s"  # text that begins with = is no formula
                cell.quotePrefix = text[0] in "=+-@"
            if number > 1 and column in (4, 5) and row[4] in (MISSING, STALE):
                cell.fill = to_fill
    for column, (name, width) in enumerate(_WIDTHS.items(), start=1):
        sheet.cell(1, column).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(column)].width = width
        sheet.column_dimensions[get_column_letter(column)].hidden = name == "was"
    sheet.freeze_panes = "B2"
    choices = DataValidation(type="list", formula1=f'"{",".join((*STATUSES, STALE, MISSING))}"', allow_blank=True)
    sheet.add_data_validation(choices)
    choices.add(f"E2:E{len(rows) + 1}")
    manual = book.create_sheet("how to")
    manual.column_dimensions["A"].width = 110
    for line in _HELP:
        manual.append([line])
        manual.cell(manual.max_row, 1).alignment = wrapped
    stream = io.BytesIO()
    book.save(stream)
    return timeless(stream.getvalue())


def read(content: bytes, name: str) -> Translation:
    """What stands in a workbook that ``write`` wrote and people filled in; columns may have moved. Raises
    ``FileProblem`` where it is damaged or has no such columns."""
    rows, numbers = read_sheet(content, name)
    heads = {}
    for index, text in enumerate(rows[0] if rows else ()):
        match = _HEAD.match(text)
        if match and match[1].lower() in heads:
            raise FileProblem(Problem(f"has two columns {match[1].lower()}.", "Delete one.", name))
        if match:
            heads[match[1].lower()] = (index, (match[2] or "").strip())
    lacking = [head for head in ("key", "source", "translation") if not heads.get(head, (0, ""))[1]]
    if lacking:
        wanted = {"key": "key (questionnaire)", "source": "source (en)", "translation": "translation (lt)"}
        raise FileProblem(
            Problem(
                f"its first row has no {' and no '.join(repr(wanted[head]) for head in lacking)}.",
                "Use a workbook that `translations export` wrote, with its first row unchanged.",
                name,
            )
        )

    def cell(row: list[str], head: str) -> str:
        index = heads.get(head, (len(row), ""))[0]
        return row[index].replace("\r\n", "\n").strip() if index < len(row) else ""

    entries = tuple(
        Entry(
            cell(row, "key"),
            cell(row, "context"),
            cell(row, "source"),
            cell(row, "translation"),
            cell(row, "status").lower().replace("-", "_").replace(" ", "_"),
            cell(row, "comment"),
            cell(row, "was"),
            f"row {number}",
        )
        for row, number in zip(rows[1:], numbers[1:])
    )
    return Translation(heads["key"][1], heads["source"][1], heads["translation"][1], entries, name)
