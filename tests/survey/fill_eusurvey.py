"""Writes results as EUSurvey would, from the sheet to copy from that was exported."""

from __future__ import annotations

import io
from typing import Any

import openpyxl


def elements(files: Any, language: str) -> list[dict[str, Any]]:
    """The questions that somebody built by the sheet: shortname, text, rows and answers."""
    content = next(content for name, content in files.items() if name.endswith(".xlsx"))
    found: list[dict[str, Any]] = []
    for kind, name, text, _ in openpyxl.load_workbook(io.BytesIO(content))[language].iter_rows(values_only=True):
        if kind.strip() in ("row", "answer"):
            found[-1][kind.strip()].append((name, text))
        elif name and kind not in ("element", "Text"):
            found.append({"name": name, "text": text, "row": [], "answer": []})
    return found


def export(
    instrument: Any, files: Any, rows: list[dict[str, Any]], language: str, shortnames: bool, width: int
) -> bytes:
    """The workbook; a sheet holds ``width`` columns."""
    names = {question.code: question.name for question in instrument.questions()}
    names |= {f"{code}_other": f"{name}_other" for code, name in names.items()}
    heads, cells = [], []
    for element in elements(files, language):
        labels = {
            "OTHER" if name == "other" else name: f"{text} {name}" if shortnames else text
            for name, text in element["answer"]
        }
        for code, text in element["row"] or [(element["name"], None)]:
            heading = f"{element['text']}: {text}" if text else element["text"]
            heads.append(f"{heading} ({code})" if shortnames else heading)
            cells.append((names.get(code, code), labels))
    heads += ["Numero dell'invito", "Contribution Id", "Creation Date", "Languages"]
    table: list[list[Any]] = [["Alias", "survey"], ["Export Date", "01/05/2025"], [], heads]
    for number, row in enumerate(rows, start=1):
        tail = ["", f"uid-{number}", "01/05/2025 10:11", language.upper()]
        table.append([*(_cell(row.get(name), labels) for name, labels in cells), *tail])
    book = openpyxl.Workbook()
    book.active.title = "Content"
    for part in range(0, len(heads), width):
        sheet = book.active if part == 0 else book.create_sheet(f"Content{part // width}")
        for place, row in enumerate(table, start=1):
            for column, value in enumerate(row if place < 4 else row[part : part + width], start=1):
                if value is not None and value != "":
                    sheet.cell(place, column).value = value
                    sheet.cell(place, column).data_type = "s"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _cell(answer: Any, labels: dict[str, str]) -> Any:
    if isinstance(answer, tuple):
        return ";".join(labels[code] for code in answer)
    if isinstance(answer, float):
        return f"{answer:.10g}"
    return labels[answer] if labels and answer is not None else answer
