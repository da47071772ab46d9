"""Enters answers into the sheet for data entry that was exported, as its lists allow."""

from __future__ import annotations

import io
from typing import Any

import openpyxl


def book(files: Any) -> openpyxl.Workbook:
    """The workbook for data entry."""
    content = next(content for name, content in files.items() if name.endswith("entry.xlsx"))
    return openpyxl.load_workbook(io.BytesIO(content))


def allowed(workbook: openpyxl.Workbook) -> dict[str, list[str]]:
    """The list of each column that has one, by heading."""
    data, found = workbook["data"], {}
    for rule in data.data_validations.dataValidation:
        heading = data.cell(1, next(iter(rule.sqref.ranges)).min_col).value
        if rule.type != "list":
            continue
        if rule.formula1.startswith('"'):
            found[heading] = rule.formula1.strip('"').split(",")
        else:
            title, _, place = rule.formula1.partition("!")
            found[heading] = [str(cell.value) for (cell,) in workbook[title][place.replace("$", "")]]
    return found


def enter(instrument: Any, files: Any, rows: list[dict[str, Any]], language: str) -> bytes:
    """The filled workbook."""
    workbook = book(files)
    data, lists = workbook["data"], allowed(workbook)
    headings = [cell.value for cell in data[1]]
    names = {item.code: (item.code, "") for _, item in instrument.items()}
    for question in instrument.questions():
        names[question.code] = (question.name, "")
        names[f"{question.code}_other"] = (f"{question.name}_other", "")
        if question.type == "multi":
            scale = instrument.scales[question.scale]
            for code in [*(option.code for option in scale.options), "99"]:
                names[f"{question.code}_{code}"] = (question.name, code)
            names[f"{question.code}_other_box"] = (question.name, "OTHER")
    for number, row in enumerate(rows, start=1):
        for place, heading in enumerate(headings, start=1):
            if heading in ("form", "language"):
                answer: Any = f"{number:03d}" if heading == "form" else language
            else:
                name, option = names[heading]
                answer = row.get(name)
                if option:
                    answer = None if answer is None or option not in answer else "1"
                answer = "other" if answer == "OTHER" and heading in lists else answer
            if heading in lists and answer is not None:
                assert answer in lists[heading], heading
            cell = data.cell(number + 1, place)
            if isinstance(answer, str) and answer.isdigit() and heading in lists:
                answer = int(answer)  # as spreadsheets store what is typed
            cell.value = answer
            if isinstance(answer, str):
                cell.data_type = "s"
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()
