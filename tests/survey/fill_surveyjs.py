"""Writes answers as results of the SurveyJS model that was exported."""

from __future__ import annotations

import json
from typing import Any


def model(files: Any) -> Any:
    """The model as Python objects."""
    name = next(name for name in files if name.endswith(".json") and not name.endswith("columns.json"))
    return json.loads(files[name])


def results(instrument: Any, files: Any, rows: list[dict[str, Any]], language: str | None) -> list[dict[str, Any]]:
    """One object for each row, with the JSON types of the model's values. ``language`` None: without what the
    model itself adds."""
    document = model(files)
    names = {question.code: question.name for question in instrument.questions()}
    found = []
    for row in rows:
        result: dict[str, Any] = {}
        for page in document["pages"]:
            for element in page["elements"]:
                if element["type"] != "html":
                    _answer(element, names[element["name"]], row, result)
        if language is not None:
            digest = document["calculatedValues"][0]
            result[digest["name"]] = digest["expression"].strip("'")
            result["instrument_language"] = language
        found.append(result)
    return found


def _answer(element: Any, name: str, row: dict[str, Any], result: dict[str, Any]) -> None:
    if element["type"] == "matrix":
        values = {str(one["value"]): one["value"] for one in element["columns"]}
        given = {one["value"]: values[row[one["value"]]] for one in element["rows"] if row.get(one["value"])}
        if given:
            result[element["name"]] = given
        return
    answer = row.get(name)
    if answer is None:
        return
    values = {str(one["value"]): one["value"] for one in element.get("choices", ())}
    if isinstance(answer, tuple):
        result[element["name"]] = ["other" if one == "OTHER" else values[one] for one in answer]
    elif values:
        result[element["name"]] = "other" if answer == "OTHER" else values[answer]
    if values:
        if "OTHER" in answer and row.get(f"{name}_other") is not None:
            result[f"{element['name']}-Comment"] = row[f"{name}_other"]
    else:
        whole = isinstance(answer, float) and answer.is_integer()
        result[element["name"]] = int(answer) if whole else answer


def as_array(found: list[dict[str, Any]]) -> bytes:
    """An array of results."""
    return json.dumps(found, indent=1, ensure_ascii=False).encode()


def as_lines(found: list[dict[str, Any]]) -> bytes:
    """A result on each line."""
    return "".join(json.dumps(one) + "\n" for one in found).encode()
