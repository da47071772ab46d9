"""Writes answers as a REDCap export would, from the data dictionary that was exported."""

from __future__ import annotations

import csv
import html
import io
from typing import Any


def dictionary(files: Any, language: str) -> list[dict[str, str]]:
    """The rows of the data dictionary of a language, by heading."""
    content = next(content for name, content in files.items() if name.endswith(f".{language}.csv"))
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def choices(row: dict[str, str]) -> dict[str, str]:
    """Code to label, as REDCap takes the cell apart."""
    cell = row["Choices, Calculations, OR Slider Labels"]
    pairs = (choice.split(",", 1) for choice in cell.split("|") if choice.strip())
    return {code.strip(): html.unescape(text).strip() for code, text in pairs}


def export(instrument: Any, files: Any, rows: list[dict[str, Any]], language: str, labels: bool) -> list[list[str]]:
    """Headings and rows, raw or with labels."""
    names = {item.code.lower(): item.code for _, item in instrument.items()}
    for question in instrument.questions():
        names[question.code.lower()] = question.name
        names[f"{question.code.lower()}_other"] = f"{question.name}_other"
    heads = ["Record ID", "Survey Identifier", "Survey Timestamp"]
    form = dictionary(files, language)[0]["Form Name"]
    if not labels:
        heads = ["record_id", "redcap_survey_identifier", f"{form}_timestamp"]
    cells: list[Any] = []
    for row in dictionary(files, language)[1:]:
        name, shown = row["Variable / Field Name"], _plain(row["Field Label"])
        if row["Field Type"] == "descriptive":
            continue
        offered = choices(row)
        if row["Field Type"] == "checkbox":
            for code, text in offered.items():
                heads.append(f"{shown} (choice={text})" if labels else f"{name}___{code.lower()}")
                cells.append(_tick(names[name], code, labels))
            continue
        heads.append(shown if labels else name)
        default = row["Field Annotation"].partition("@DEFAULT=")[2].strip("'")
        cells.append(_answer(names.get(name, ""), offered if labels else {}, default))
    heads.append("Complete?" if labels else f"{form}_complete")
    body = []
    for number, answers in enumerate(rows, start=1):
        start = [str(number), "", f"2025-05-01 10:11:{number:02d}"]
        body.append([*start, *(cell(answers) for cell in cells), "Complete" if labels else "2"])
    return [heads, *body]


def _answer(field: str, labels: dict[str, str], default: str) -> Any:
    def cell(answers: dict[str, Any]) -> str:
        answer = answers.get(field)
        if answer is None:
            return default
        if isinstance(answer, float):
            return f"{answer:.10g}"
        code = "other" if answer == "OTHER" else answer
        return labels.get(code, code)

    return cell


def _tick(field: str, code: str, labels: bool) -> Any:
    marks = ("Unchecked", "Checked") if labels else ("0", "1")
    code = "OTHER" if code == "other" else code
    return lambda answers: marks[code in (answers.get(field) or ())]


def _plain(text: str) -> str:
    return html.unescape(text.replace("<br>", " "))


def as_csv(table: list[list[str]], delimiter: str = ",") -> bytes:
    """Quotes where needed, LF, UTF-8."""
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter, lineterminator="\n").writerows(table)
    return stream.getvalue().encode()
