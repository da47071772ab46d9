"""Writes answers as LimeSurvey's response export would, from the .lss that was exported.

The layout (order of columns, headings, masks) follows docs/survey-tools.md and the fixtures; it is
written from the structure file, not from our column map, so that the two cannot share a mistake.
"""

from __future__ import annotations

import csv
import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import openpyxl

STYLES = ("code", "em", "code_and_text", "full", "abbreviated")
_META = ("id", "submitdate", "lastpage", "startlanguage", "seed")
_META_TEXT = ("Response ID", "Date submitted", "Last page", "Start language", "Seed")


@dataclass
class Part:
    """One column of answers."""

    code: str  # heading in the style "code"
    text: str  # heading in the style "full"
    short: str
    cell: Callable[[dict[str, Any], bool], str]


def rows_of(root: ET.Element, table: str) -> list[dict[str, str]]:
    return [{cell.tag: cell.text or "" for cell in row} for row in root.iterfind(f"{table}/rows/row")]


def export(instrument: Any, files: Any, rows: list[dict[str, Any]], language: str, heading: str, long: bool) -> list:
    """Headings and rows as LimeSurvey writes them (as lists of texts)."""
    lss = next(content for name, content in files.items() if name.endswith(".lss"))
    parts = _parts(ET.fromstring(lss), language, {q.code: q for q in instrument.questions()})
    if heading in ("code", "em"):
        heads = [*_META, *(part.code for part in parts)]
        if heading == "em":
            heads = [head.replace("[", "_").replace("]", "") for head in heads]
    elif heading == "code_and_text":
        heads = [f"{code}. {text}" for code, text in zip(_META, _META_TEXT)]
        heads += [f"{part.code}. {part.text}" for part in parts]
    else:
        heads = [*_META_TEXT, *(part.text if heading == "full" else part.short for part in parts)]
    body = []
    for number, row in enumerate(rows, start=1):
        meta = [str(number), "1980-01-01 00:00:00", "8", language, str(70000 + number)]
        body.append(meta + [part.cell(row, long) for part in parts])
    return [heads, *body]


def _parts(root: ET.Element, language: str, questions: dict[str, Any]) -> list[Part]:
    texts = {row["qid"]: row["question"] for row in rows_of(root, "question_l10ns") if row["language"] == language}
    labels = {row["aid"]: row["answer"] for row in rows_of(root, "answer_l10ns") if row["language"] == language}
    replaced = {
        row["qid"]: row["value"]
        for row in rows_of(root, "question_attributes")
        if row["attribute"] == "other_replace_text" and row["language"] == language
    }
    parts: list[Part] = []
    subquestions, answers = rows_of(root, "subquestions"), rows_of(root, "answers")
    for question in rows_of(root, "questions"):
        qid, code = question["qid"], question["title"]
        subs = [sub for sub in subquestions if sub["parent_qid"] == qid]
        answer_labels = {row["code"]: labels[row["aid"]] for row in answers if row["qid"] == qid}
        name = questions[code].name if code in questions else ""
        stem = texts[qid]
        if question["type"] == "F":
            for sub in subs:
                parts.append(
                    _part(code, stem, _choice(sub["title"], answer_labels, ""), sub["title"], texts[sub["qid"]])
                )
        elif question["type"] == "M":
            for sub in subs:
                parts.append(_part(code, stem, _tick(name, sub["title"]), sub["title"], texts[sub["qid"]]))
        elif question["type"] in "L!":
            other = replaced.get(qid, "Other")
            parts.append(_part(code, stem, _choice(name, answer_labels, other)))
        elif question["type"] in "X":
            parts.append(_part(code, stem, lambda row, long: ""))
        elif question["type"] == "*":
            parts.append(_part(code, stem, lambda row, long, text=stem: text))
        else:
            parts.append(_part(code, stem, _written(name, question["type"])))
        if question["other"] == "Y":
            parts.append(_part(code, stem, _written(f"{name}_other", "S"), "other", replaced.get(qid, "Other")))
    return parts


def _part(code: str, stem: str, cell: Any, sub: str = "", sub_text: str = "") -> Part:
    def cut(text: str) -> str:
        return text if len(text) <= 18 else f"{text[:15]}.. "

    stem, sub_text = _stripped(stem), _stripped(sub_text)
    if not sub:
        return Part(code, stem, cut(stem), cell)
    return Part(f"{code}[{sub}]", f"{stem} [{sub_text}]", f"{cut(stem)} [{cut(sub_text)}]", cell)


def _stripped(text: str) -> str:
    """Tags taken away; of the entities only & < > remain."""
    text = re.sub(r"<[^>]*>", "", text)
    return text.replace("&quot;", '"').replace("&#123;", "{").replace("&#125;", "}")


def _choice(name: str, labels: dict[str, str], other: str) -> Any:
    def cell(row: dict[str, Any], long: bool) -> str:
        answer = row.get(name)
        if answer is None:
            return ""
        if answer == "OTHER":
            return other if long else "-oth-"
        return labels[answer] if long else answer

    return cell


def _tick(name: str, code: str) -> Any:
    def cell(row: dict[str, Any], long: bool) -> str:
        return ("Yes" if long else "Y") if code in (row.get(name) or ()) else ""

    return cell


def _written(name: str, kind: str) -> Any:
    def cell(row: dict[str, Any], long: bool) -> str:
        answer = row.get(name)
        if answer is None:
            return ""
        if kind == "N":
            return f"{answer:.10g}"
        return f"{answer} 00:00:00" if kind == "D" else str(answer)

    return cell


def as_csv(table: list[list[str]], delimiter: str, masked: bool = False) -> bytes:
    """UTF-8 with BOM, every cell quoted, CRLF between rows, one blank line at the end."""
    if masked:
        table = [[f"'{cell}" if cell.startswith("=") else cell for cell in row] for row in table]
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(table)
    return b"\xef\xbb\xbf" + (stream.getvalue() + "\r\n").encode()


def as_xlsx(table: list[list[str]]) -> bytes:
    """One sheet: digits are numbers, ``=`` answers are live formulas with one sign too many."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in table:
        cells: list[Any] = []
        for cell in row:
            if cell.startswith("="):
                cells.append(f"={cell}")
            elif re.fullmatch(r"-?[1-9]\d{0,8}(\.\d*[1-9])?|0", cell):
                cells.append(float(cell) if "." in cell else int(cell))
            else:
                cells.append(cell or None)
        sheet.append(cells)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
