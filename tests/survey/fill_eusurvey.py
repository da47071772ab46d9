"""Writes results as EUSurvey would, from the sheet to copy from that was exported."""

from __future__ import annotations

import io
from typing import Any
from xml.sax.saxutils import escape, quoteattr

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


def as_xml(
    instrument: Any, files: Any, rows: list[dict[str, Any]], languages: tuple[str, ...], shortnames: bool = True
) -> bytes:
    """The XML of results: the wording in ``languages`` with ids and shortnames, then answers that point to ids. The
    k-th respondent answers in the k-th language, over and over."""
    names = {question.code: question.name for question in instrument.questions()}
    names |= {f"{code}_other": f"{name}_other" for code, name in names.items()}
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<Results create="2025-05-01"><Survey id="1" uid="u" alias="a">']

    def element(tag: str, key: str, name: str, text: str) -> str:
        bid = f" bid={quoteattr(name)}" if shortnames else ""
        return f"<{tag} id={quoteattr(key)}{bid}>{escape(text)}</{tag}>"

    for language in languages:
        lines.append(f'<Elements lang="{language.upper()}">')
        for one in elements(files, language):
            kind = "MatrixTitle" if one["row"] else "Question"
            lines.append(element(kind, f"q-{one['name']}", one["name"], one["text"]))
            lines += [element("MatrixQuestion", f"q-{code}", code, text) for code, text in one["row"]]
            tag = "MatrixAnswer" if one["row"] else "Answer"
            lines += [element(tag, f"a-{one['name']}-{code}", code, text) for code, text in one["answer"]]
        lines.append("</Elements>")
    lines.append("<Answers>")
    for number, row in enumerate(rows, start=1):
        language = languages[(number - 1) % len(languages)].upper()
        lines.append(f'<AnswerSet id="uid-{number}" list="x" last="2025-05-01" invitation="" lang="{language}">')
        for one in elements(files, languages[0]):
            for code in [code for code, _ in one["row"]] or [one["name"]]:
                answer = row.get(names.get(code, code))
                for given in answer if isinstance(answer, tuple) else [answer] if answer is not None else []:
                    if one["answer"]:
                        target = "other" if given == "OTHER" else given
                        lines.append(f'<Answer qid="q-{code}" aid="a-{one["name"]}-{target}" bid="{code}"/>')
                    else:
                        text = f"{given:.10g}" if isinstance(given, float) else given
                        lines.append(f'<Answer qid="q-{code}" bid="{code}">{escape(text)}</Answer>')
        lines.append("</AnswerSet>")
    return "\n".join([*lines, "</Answers></Survey></Results>"]).encode()


def _cell(answer: Any, labels: dict[str, str]) -> Any:
    if isinstance(answer, tuple):
        return ";".join(labels[code] for code in answer)
    if isinstance(answer, float):
        return f"{answer:.10g}"
    return labels[answer] if labels and answer is not None else answer
