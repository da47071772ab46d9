"""Writes answers as a person would enter them into the plain sheet."""

from __future__ import annotations

import csv
import io
from typing import Any


def export(instrument: Any, rows: list[dict[str, Any]], style: str, language: str) -> list[list[str]]:
    """Headings and rows; ``style`` "code", "name" or "label" for headings and answers alike."""
    wording = instrument.wordings[language]
    heads, cells = ["respondent"], []
    for question in instrument.questions():
        if question.type == "info":
            continue
        scale = instrument.scales[question.scale] if question.scale else None
        for item in question.items or (None,):
            name = item.code if item else question.name
            if style == "label":
                heads.append(wording[f"item.{item.code}"] if item else wording[f"question.{question.code}.text"])
            else:
                heads.append(item.code if item else (question.code if style == "code" else question.name))
            cells.append((name, scale, question.type))
        if question.other:
            heads.append(f"{question.name}_other")
            cells.append((f"{question.name}_other", None, "text"))
    body = []
    for number, row in enumerate(rows, start=1):
        body.append([f"p{number}", *(_cell(row.get(name), scale, style, wording) for name, scale, _ in cells)])
    return [heads, *body]


def _cell(answer: Any, scale: Any, style: str, wording: Any) -> str:
    if answer is None:
        return ""
    if scale is None:
        text = f"{answer:.10g}" if isinstance(answer, float) else answer
        return f"'{text}" if text[:1] in "=+-@" and not isinstance(answer, float) else text
    codes = answer if isinstance(answer, tuple) else (answer,)
    return "|".join(_option(code, scale, style, wording) for code in codes)


def _option(code: str, scale: Any, style: str, wording: Any) -> str:
    if code == "OTHER":
        return "other"
    if style == "label":
        return wording[f"scale.{scale.id}.{code}"]
    return code if style == "code" or code == "99" else scale.by_code(code).name


def as_csv(table: list[list[str]], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """CSV as spreadsheets write it."""
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter, lineterminator="\r\n").writerows(table)
    return stream.getvalue().encode(encoding)
