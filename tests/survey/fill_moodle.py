"""Writes answers as Moodle's Feedback would, from the XML that was exported."""

from __future__ import annotations

import csv
import html
import io
from typing import Any

import openpyxl
from lxml import etree


def items(files: Any, language: str) -> list[dict[str, str]]:
    """The items of the XML of a language, by tag."""
    content = next(content for name, content in files.items() if name.endswith(f".{language}.xml"))
    found = []
    for item in etree.fromstring(content).iter("ITEM"):
        found.append({**dict(item.attrib), **{child.tag: child.text or "" for child in item}})
    return found


def options(item: dict[str, str]) -> list[str]:
    """The labels of an item's options, as Moodle takes its presentation apart."""
    if not item["TYPE"].startswith("multichoice"):
        return []
    body = item["PRESENTATION"].split(">>>>>")[1].split("<<<<<")[0]
    return [html.unescape(part.split("####")[-1]) for part in body.split("|")]


def export(
    instrument: Any, files: Any, rows: list[dict[str, Any]], language: str, heading: str, identity: bool
) -> list[list[str]]:
    """Headings (``heading`` has {label} and {text}) and rows, with names and groups or with numbers in front."""
    names = {question.code: question.name for question in instrument.questions()}
    names |= {f"{code}_other": f"{name}_other" for code, name in names.items()}
    scales = {item.code: (question, item) for question, item in instrument.items()}
    scales |= {question.code: (question, None) for question in instrument.questions() if question.scale}
    asked = [item for item in items(files, language) if item["TYPE"] not in ("label", "pagebreak")]
    start = ["Full name", "Groups", "Email address", "Date"] if identity else ["Response number"]
    heads = [*start, *(heading.format(label=item["ITEMLABEL"], text=item["ITEMTEXT"]) for item in asked)]
    body = []
    for number, row in enumerate(rows, start=1):
        cells = [f"Pat {number}", "", f"p{number}@example.invalid", "Thursday, 1 May 2025, 10:11 AM"]
        cells = cells if identity else [f"Response number: {number}"]
        for item in asked:
            code = item["ITEMLABEL"]
            answer = row.get(names.get(code, code))
            shown = options(item)
            cells.append(_cell(answer, dict(zip(_codes(instrument, *scales[code]), shown)) if shown else {}))
        body.append(cells)
    return [heads, *body]


def _codes(instrument: Any, question: Any, item: Any) -> list[str]:
    scale = instrument.scales[question.scale]
    codes = [option.code for option in scale.options] + (["OTHER"] if question.other else [])
    offered = item.cannot_judge if item else scale.cannot_judge
    return [*codes, "99"] if offered else codes


def _cell(answer: Any, labels: dict[str, str]) -> str:
    if answer is None:
        return ""
    if isinstance(answer, tuple):
        return "".join(f"{labels[code]}\n" for code in answer)
    if isinstance(answer, float):
        return f"{answer:.10g}"
    return labels[answer] if labels else html.escape(answer).replace("&#x27;", "&#039;")


def as_csv(table: list[list[str]]) -> bytes:
    """Quotes where needed, LF, UTF-8 with byte order mark."""
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\n").writerows(table)
    return stream.getvalue().encode("utf-8-sig")


def as_xlsx(table: list[list[str]]) -> bytes:
    """Text cells."""
    book = openpyxl.Workbook()
    for row_number, row in enumerate(table, start=1):
        for place, value in enumerate(row, start=1):
            cell = book.active.cell(row_number, place, value or None)
            if value:
                cell.value, cell.data_type = value, "s"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
