"""Writes answers as Google's sheets and forms would, from the script or the API request that was exported."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

STAMPS = {"en": ("Timestamp", "5/{}/2025 10:11:00"), "it": ("Informazioni cronologiche", "{:02d}/05/2025 10.11.00")}


def script(files: Any, language: str) -> dict[str, Any]:
    """The constant of the script of a language."""
    text = next(content for name, content in files.items() if name.endswith(f".{language}.gs")).decode()
    _, _, rest = text.partition("var FORM = ")
    return json.JSONDecoder().raw_decode(rest)[0]


def request(files: Any, language: str) -> list[dict[str, Any]]:
    """The items of the API request of a language."""
    content = next(content for name, content in files.items() if name.endswith(f".{language}.batchUpdate.json"))
    requests = json.loads(content)["requests"]
    return [one["createItem"]["item"] for one in requests if "createItem" in one]


def questions(files: Any, language: str, source: str) -> list[tuple[str, list[str]]]:
    """Heading and options of each question, rows of grids one by one."""
    found: list[tuple[str, list[str]]] = []
    if source == "script":
        for item in script(files, language)["items"]:
            if item["kind"] == "grid":
                found += [(f"{item['title']} [{row}]", item["options"]) for row in item["rows"]]
            elif item["kind"] not in ("page", "text"):
                found.append((item["title"], item["options"]))
        return found
    for item in request(files, language):
        if "questionGroupItem" in item:
            group = item["questionGroupItem"]
            options = [option["value"] for option in group["grid"]["columns"]["options"]]
            found += [(f"{item['title']} [{row['rowQuestion']['title']}]", options) for row in group["questions"]]
        elif "questionItem" in item:
            choices = item["questionItem"]["question"].get("choiceQuestion", {}).get("options", [])
            found.append((item["title"], [option["value"] for option in choices]))
    return found


def names(instrument: Any) -> list[tuple[str, list[str]]]:
    """Field and codes of its options, in the order of the questionnaire."""
    found: list[tuple[str, list[str]]] = []
    for question in instrument.questions():
        if question.type == "info":
            continue
        scale = instrument.scales[question.scale] if question.scale else None
        codes = [option.code for option in scale.options] if scale else []
        codes += ["OTHER"] if question.other else []
        if scale and (scale.cannot_judge if not question.items else any(item.cannot_judge for item in question.items)):
            codes.append("99")
        found += [(item.code, codes) for item in question.items] or [(question.name, codes)]
        if question.other:
            found.append((f"{question.name}_other", []))
    return found


def export(
    instrument: Any, files: Any, rows: list[dict[str, Any]], language: str, source: str, separator: str, email: bool
) -> list[list[str]]:
    """Headings and rows; ``separator`` stands between the options of a checkbox question."""
    asked = questions(files, language, source)
    fields = names(instrument)
    assert len(asked) == len(fields)
    head, stamp = STAMPS.get(language, ("?", "2025/05/{:02d} 10:11:00 AM GMT+2"))
    heads = [head, *(["?mail?"] if email else []), *(heading for heading, _ in asked)]
    body = []
    for number, row in enumerate(rows, start=1):
        cells = [stamp.format(number), *([f"p{number}@example.invalid"] if email else [])]
        for (_, options), (field, codes) in zip(asked, fields):
            assert len(options) == len(codes)
            cells.append(_cell(row.get(field), dict(zip(codes, options)), separator, language))
        body.append(cells)
    return [heads, *body]


def _cell(answer: Any, labels: dict[str, str], separator: str, language: str) -> str:
    if answer is None:
        return ""
    if isinstance(answer, tuple):
        return separator.join(labels[code] for code in answer)
    if isinstance(answer, float):
        return f"{answer:.10g}".replace(".", "," if language == "it" else ".")
    return labels[answer] if labels else answer


def as_csv(table: list[list[str]]) -> bytes:
    """Quotes where needed, CRLF, UTF-8."""
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\r\n").writerows(table)
    return stream.getvalue().encode()
