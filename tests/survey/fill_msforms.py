"""Writes answers as the workbook of a Microsoft form would hold them, from the Word document that was exported."""

from __future__ import annotations

import datetime
import io
import re
from typing import Any

import docx
import openpyxl

from mce_utaut.survey.outline import outline

HEADS = {
    "en": ("ID", "Start time", "Completion time", "Email", "Name"),
    "es": ("ID", "Hora de inicio", "Hora de finalización", "Correo electrónico", "Nombre"),
    "pt": ("ID", "Hora de início", "Hora de conclusão", "Email", "Nome"),
}


def document(files: Any, language: str) -> Any:
    """The document of a language."""
    content = next(content for name, content in files.items() if name.endswith(f".{language}.docx"))
    return docx.Document(io.BytesIO(content))


def questions(files: Any, language: str) -> list[tuple[str, list[str]]]:
    """Heading and options of each question, statements one by one."""
    found: list[tuple[str, list[str], list[str]]] = []
    for paragraph in document(files, language).paragraphs:
        style, text = paragraph.style.name, paragraph.text
        if style == "List Bullet":
            found[-1][2].append(text)
        elif style == "List 2":
            found[-1][1].append(text.split(" ", 1)[1])
        elif re.match(r"\d+\. ", text) and paragraph.runs[0].bold:
            found.append((text.split(" ", 1)[1], [], []))
    return [(heading, options) for title, rows, options in found for heading in (rows or [title])]


def fields(instrument: Any, language: str) -> list[tuple[str, list[str]]]:
    """Field and codes of its options in the order of the document."""
    found: list[tuple[str, list[str]]] = []
    for entry in outline(instrument, language):
        if entry.kind in ("page", "text"):
            continue
        codes = ["OTHER" if option.code.startswith("*") else option.code for option in entry.options]
        name = f"{entry.question.name}_other" if entry.is_other else entry.question.name
        found += [(row.code, codes) for row in entry.rows] or [(name, codes)]
    return found


def export(instrument: Any, files: Any, rows: list[dict[str, Any]], language: str) -> list[list[Any]]:
    """Headings and rows with numbers and dates as such."""
    asked, names = questions(files, language), fields(instrument, language)
    assert len(asked) == len(names)
    heads: list[Any] = list(HEADS.get(language, ("ID", "Début?", "Fin?", "Courriel?", "Nom?")))
    seen: dict[str, int] = {}
    for place, (heading, _) in enumerate(asked):
        seen[heading] = seen.get(heading, 0) + 1
        number = str(seen[heading]) if seen[heading] > 1 else ""
        heads.append(heading.replace(" ", "\u00a0", 1) + number + ("\n", "\u00a0", "")[place % 3])
    body = []
    for number, row in enumerate(rows, start=1):
        start = datetime.datetime(2025, 5, 1, 10, 0)
        cells: list[Any] = [number, start, start + datetime.timedelta(minutes=11), "anonymous", None]
        for (_, options), (field, codes) in zip(asked, names):
            assert len(options) == len(codes)
            cells.append(_cell(row.get(field), dict(zip(codes, options))))
        body.append(cells)
    return [heads, *body]


def _cell(answer: Any, labels: dict[str, str]) -> Any:
    if isinstance(answer, tuple):
        return "".join(f"{labels[code]};" for code in answer)
    if isinstance(answer, str) and not labels and re.fullmatch(r"\d{4}-\d\d-\d\d", answer):
        return datetime.datetime.fromisoformat(answer)
    return labels[answer] if labels and answer is not None else answer


def as_xlsx(table: list[list[Any]]) -> bytes:
    """Text cells as text, whatever they begin with."""
    book = openpyxl.Workbook()
    for row_number, row in enumerate(table, start=1):
        for place, value in enumerate(row, start=1):
            cell = book.active.cell(row_number, place)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
