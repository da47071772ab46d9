"""The body of ``forms.batchUpdate`` (Forms API v1) that fills an empty form."""

from __future__ import annotations

import json
from typing import Any

from mce_utaut.survey.googleforms.form import Form, FormItem

_LONG_LIST = 12  # more options than these are a dropdown


def write(form: Form) -> bytes:
    """The requests as JSON: the description, then an item each."""
    about = {"info": {"title": form.title, "description": form.description}, "updateMask": "title,description"}
    requests: list[dict[str, Any]] = [{"updateFormInfo": about}]
    for index, item in enumerate(form.items):
        requests.append({"createItem": {"location": {"index": index}, "item": _item(item)}})
    return (json.dumps({"requests": requests}, ensure_ascii=False, indent=1) + "\n").encode()


def _item(item: FormItem) -> dict[str, Any]:
    head: dict[str, Any] = {"title": item.title}
    if item.help:
        head["description"] = item.help
    if item.kind == "page":
        return {**head, "pageBreakItem": {}}
    if item.kind == "text":
        return {**head, "textItem": {}}
    if item.kind == "grid":
        rows = [{"required": item.required, "rowQuestion": {"title": row}} for row in item.rows]
        columns = {"type": "RADIO", "options": [{"value": option} for option in item.options]}
        grid = {"shuffleQuestions": item.shuffle, "columns": columns}
        return {**head, "questionGroupItem": {"questions": rows, "grid": grid}}
    return {**head, "questionItem": {"question": {"required": item.required, **_question(item)}}}


def _question(item: FormItem) -> dict[str, Any]:
    if item.kind == "date":
        return {"dateQuestion": {"includeYear": True}}
    if item.kind in ("choice", "multi"):
        kind = "CHECKBOX" if item.kind == "multi" else "RADIO"
        if item.kind == "choice" and len(item.options) > _LONG_LIST and not item.leaving:
            kind = "DROP_DOWN"
        options = [_option(item, option) for option in item.options]
        return {"choiceQuestion": {"type": kind, "options": options, "shuffle": item.shuffle}}
    return {"textQuestion": {"paragraph": item.kind == "paragraph"}}


def _option(item: FormItem, label: str) -> dict[str, str]:
    """An option; where some end the form, all must say where they lead."""
    if not item.leaving:
        return {"value": label}
    return {"value": label, "goToAction": "SUBMIT_FORM" if label in item.leaving else "NEXT_SECTION"}
