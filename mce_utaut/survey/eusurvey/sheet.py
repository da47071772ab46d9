"""The sheet to copy from: a line for each page, question, row and answer, with the shortname to type."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mce_utaut.instrument.model import CANNOT_JUDGE_CODE, Condition, Instrument
from mce_utaut.survey import exporting
from mce_utaut.survey.eusurvey.columns import shortname
from mce_utaut.survey.outline import Entry, outline
from mce_utaut.survey.workbooks import write_sheets

HEADINGS = ("element", "shortname", "text", "settings")
_ELEMENTS = {
    "choice": "Single Choice",
    "multi": "Multiple Choice",
    "grid": "Matrix",
    "integer": "Number",
    "number": "Number",
    "date": "Date",
    "line": "Free Text, one line",
    "paragraph": "Free Text, several lines",
    "text": "Text",
}
_STYLE = """
body { font: 10pt/1.4 sans-serif; margin: 2em auto; max-width: 60em; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid #999; padding: .3em .5em; text-align: left; vertical-align: top; white-space: pre-line; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
"""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the sheet: an element of EUSurvey, or a part of the element above."""

    element: str
    shortname: str
    text: str
    settings: str = ""


def rows(instrument: Instrument, language: str, draft: bool) -> tuple[Row, ...]:
    """All lines in ``language``."""
    return tuple(_rows(instrument, language, draft))


def workbook(tables: Mapping[str, Sequence[Row]]) -> bytes:
    """The workbook with a sheet for each language; every cell is text."""
    sheets = {}
    for language, lines in tables.items():
        sheets[language] = [HEADINGS, *((row.element, row.shortname, row.text, row.settings) for row in lines)]
    return write_sheets(sheets)


def page(language: str, lines: Sequence[Row]) -> bytes:
    """The lines as a page for copying and printing (UTF-8)."""
    head = "".join(f"<th>{heading}</th>" for heading in HEADINGS)
    cells = ((row.element, row.shortname, row.text, row.settings) for row in lines)
    body = "\n".join(f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in cells)
    return (
        f'<!DOCTYPE html>\n<html lang="{html.escape(language)}"><head><meta charset="utf-8">'
        f"<title>{html.escape(lines[0].text)}</title><style>{_STYLE}</style></head>\n"
        f"<body><table><thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table></body></html>\n"
    ).encode()


def _rows(instrument: Instrument, language: str, draft: bool) -> Iterator[Row]:
    wording = instrument.wordings[language]
    yield Row("Survey title", "", exporting.title(instrument, language, draft))
    if wording.get("survey.welcome"):
        yield Row("Text", "", wording.get("survey.welcome").strip())
    entries = outline(instrument, language)
    labels = {(entry.code, option.code.casefold()): option.label for entry in entries for option in entry.options}
    for entry in entries:
        conditions = [_condition(condition, labels) for condition in entry.conditions]
        if entry.kind == "page":
            yield Row("Section, new page", "", entry.title, "; ".join(conditions))
            if entry.body:
                yield Row("Text", "", entry.body)
            continue
        settings = ["mandatory"] if entry.required else []
        assert entry.question is not None
        if entry.question.random_items or entry.question.random_options:
            settings.append("random order")
        for bound, value in (("minimum", entry.question.minimum), ("maximum", entry.question.maximum)):
            if value is not None and entry.kind in ("integer", "number"):
                settings.append(f"{bound} {value:g}")
        yield Row(_ELEMENTS[entry.kind], entry.code, entry.title or entry.body, "; ".join([*settings, *conditions]))
        yield from _parts(entry)
    for key, element in (("survey.end", "Confirmation page"),):
        if wording.get(key):
            yield Row(element, "", wording.get(key).strip())


def _parts(entry: Entry) -> Iterator[Row]:
    if entry.kind != "text" and entry.body:
        yield Row("  help", "", entry.body)
    for row in entry.rows:
        yield Row("  row", row.code, row.label)
    for option in entry.options:
        last = "last column" if entry.kind == "grid" and option.code == CANNOT_JUDGE_CODE else ""
        yield Row("  answer", shortname(option.code), option.label, last)


def _condition(condition: Condition, labels: Mapping[tuple[str, str], str]) -> str:
    chosen = " or ".join(f"“{labels[condition.question, code.casefold()]}”" for code in condition.among)
    return f"visible if {condition.question} is {chosen}"
