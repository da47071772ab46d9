"""Writes answers as the exports of KoboToolbox and ODK Central would, from the XLSForm that was exported."""

from __future__ import annotations

import csv
import functools
import io
from typing import Any

import openpyxl


@functools.lru_cache(maxsize=16)
def sheet(content: bytes, title: str) -> list[dict[str, str]]:
    """The rows of a sheet by heading."""
    rows = list(openpyxl.load_workbook(io.BytesIO(content))[title].iter_rows(values_only=True))
    return [{str(key): str(value) for key, value in zip(rows[0], row) if value is not None} for row in rows[1:]]


def export(
    instrument: Any, files: Any, rows: list[dict[str, Any]], language: str | None, separator: str | None
) -> list[list[str]]:
    """Headings and rows; ``language`` None: names, else labels of that language ("English (en)");
    ``separator`` None: without group names."""
    content = next(content for name, content in files.items() if name.endswith(".xlsx"))
    choices: dict[str, dict[str, str]] = {}
    for choice in sheet(content, "choices"):
        label = choice["name"] if language is None else choice[f"label::{language}"]
        choices.setdefault(choice["list_name"], {})[choice["name"]] = label
    names = {}
    for question in instrument.questions():
        names[question.code] = question.name
        names[f"{question.code}_other"] = f"{question.name}_other"
    heads: list[str] = []
    cells: list[Any] = []
    path: list[str] = []
    for row in sheet(content, "survey"):
        kind, _, chosen = row["type"].partition(" ")
        shown = row.get("name", "")
        if language is not None:
            shown = row.get(f"label::{language}", shown)
        if kind == "begin_group":
            path.append(shown)
            continue
        if kind == "end_group":
            path.pop()
            continue
        heading = separator.join([*path, shown]) if separator else shown
        field = names.get(row["name"], row["name"])
        heads.append(heading)
        cells.append(_cell(kind, field, choices.get(chosen, {}), row))
        if kind == "select_multiple" and separator != "-":
            for name, label in choices[chosen].items():
                heads.append(f"{heading}/{label}")
                cells.append(lambda answers, name=name, field=field: _tick(answers.get(field), name))
    heads += ["_id", "_uuid", "_submission_time", "_validation_status", "_status", "_index"]
    body = []
    for number, answers in enumerate(rows, start=1):
        extra = [str(number), f"uuid-{number}", "2025-05-01T10:11:00", "", "submitted_via_web", str(number)]
        body.append([cell(answers) for cell in cells] + extra)
    return [heads, *body]


def _tick(answer: Any, name: str) -> str:
    return "" if answer is None else str(int(("OTHER" if name == "other" else name) in answer))


def _cell(kind: str, field: str, labels: dict[str, str], row: dict[str, str]) -> Any:
    if kind in ("start", "end"):
        return lambda answers: f"2025-05-01T12:{'00' if kind == 'start' else '11'}:00.000+02:00"
    if kind == "calculate":
        return lambda answers: row["calculation"].strip("'")
    if kind == "note":
        return lambda answers: ""

    def cell(answers: dict[str, Any]) -> str:
        answer = answers.get(field)
        if answer is None:
            return ""
        if isinstance(answer, tuple):
            return " ".join(labels["other" if one == "OTHER" else one] for one in answer)
        if isinstance(answer, float):
            return f"{answer:.10g}"
        return labels["other" if answer == "OTHER" else answer] if labels else answer

    return cell


def as_kobo_csv(table: list[list[str]]) -> bytes:
    """``;``, every cell quoted, CRLF, UTF-8 without BOM."""
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(table)
    return stream.getvalue().encode()


def as_central_csv(table: list[list[str]]) -> bytes:
    """Comma, quotes only where needed, LF; Central's own columns."""
    renamed = {"_uuid": "KEY", "_submission_time": "SubmissionDate", "_index": "SubmitterID"}
    heads = [renamed.get(head, head) for head in table[0]]
    keep = [index for index, head in enumerate(heads) if not head.startswith("_")]
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerows([[row[index] for index in keep] for row in [heads, *table[1:]]])
    return stream.getvalue().encode()


def as_xlsx(table: list[list[str]]) -> bytes:
    """Text cells, except that Kobo writes ``=`` answers as live formulas."""
    book = openpyxl.Workbook()
    active = book.active
    for row in table:
        active.append([cell or None for cell in row])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
