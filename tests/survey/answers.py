"""Answers made up for any instrument, and what an import must make of them.

The answers run through every option, "cannot judge", "other", blanks, and texts that spreadsheets, CSV,
HTML and expression languages like to spoil. They follow the branching, so that a tool could have
collected them.
"""

from __future__ import annotations

import math
from typing import Any

from mce_utaut.instrument.model import Condition, Instrument, Question

HOSTILE = (
    "=SUM(A1)",
    'He said "yes"; then, "no"',
    "two\nlines",
    "emoji 👩‍🏫🎓",
    "NA",
    "None",
    "Καλημέρα, ąčęėįšųūž",
    "{curly} {1+1}",
    "<b>bold</b> & <script>",
    "x" * 5000,
    "+1",
    "-1",
    "@home",
    "  blanks around  ",
    "99",
    "tab\there",
    "semi;colon,comma\ttab",
    "'quoted'",
    "true",
    "1.0",
    "null",
    "Ünïcode e\u0301",
)
ROWS = 24
Row = dict[str, Any]


def answers(instrument: Instrument) -> list[Row]:
    """Rows of answers by field name: an option code, a tuple of codes, a number, a text, or None."""
    return [_row(instrument, index) for index in range(ROWS)]


def _row(instrument: Instrument, index: int) -> Row:
    row: Row = {}
    by_code: dict[str, Any] = {}
    for page in instrument.pages:
        for position, question in enumerate(page.questions):
            if not (_holds(page.condition, by_code) and _holds(question.condition, by_code)):
                continue
            if instrument.consent and question.code == instrument.consent.question:
                row[question.name] = by_code[question.code] = instrument.consent.among[0]
                continue
            _answer(instrument, question, index + position, row)
            by_code[question.code] = row.get(question.name)
    return row


def _holds(condition: Condition | None, by_code: dict[str, Any]) -> bool:
    if condition is None:
        return True
    given = by_code.get(condition.question)
    return bool(set(given if isinstance(given, tuple) else (given,)) & set(condition.among))


def _answer(instrument: Instrument, question: Question, index: int, row: Row) -> None:
    scale = instrument.scales[question.scale] if question.scale else None
    codes = [option.code for option in scale.options] if scale else []
    if question.type == "array":
        for offset, item in enumerate(question.items):
            offered = [*codes, *(["99"] if item.cannot_judge else []), None]
            row[item.code] = offered[(index + offset) % len(offered)]
    elif question.type == "choice":
        offered = [*codes, *(["99"] if scale and scale.cannot_judge else [])]
        offered += ["OTHER"] if question.other else []
        row[question.name] = [*offered, None][index % (len(offered) + 1)]
        if row[question.name] == "OTHER":
            row[f"{question.name}_other"] = HOSTILE[index % len(HOSTILE)]
    elif question.type == "multi":
        chosen = [code for bit, code in enumerate(codes) if index >> bit & 1]
        if question.other and index % 3 == 1:
            chosen.append("OTHER")
            row[f"{question.name}_other"] = HOSTILE[index % len(HOSTILE)]
        row[question.name] = tuple(chosen) or None
    elif question.type in ("integer", "number"):
        low = question.minimum or 0
        value = low + index % 7 + (0.25 if question.type == "number" else 0)
        row[question.name] = None if index % 5 == 4 else float(value)
    elif question.type == "date":
        row[question.name] = None if index % 4 == 3 else f"2025-{index % 12 + 1:02d}-{index % 28 + 1:02d}"
    elif question.type != "info":
        row[question.name] = None if index % 11 == 10 else HOSTILE[index % len(HOSTILE)]


def expected(instrument: Instrument, rows: list[Row]) -> dict[str, list[Any]]:
    """Per field what ``Responses.data`` must hold (None for missing)."""
    found: dict[str, list[Any]] = {}
    for question in instrument.questions():
        if question.type == "info":
            continue
        scale = instrument.scales[question.scale] if question.scale else None
        names = [item.code for item in question.items] or [question.name]
        for name in names:
            found[name] = [_value(question, scale, row.get(name)) for row in rows]
        if question.other:
            found[f"{question.name}_other"] = [row.get(f"{question.name}_other") for row in rows]
    return found


def _value(question: Question, scale: Any, answer: Any) -> Any:
    if scale is None or answer is None or answer == "99":
        return None if answer == "99" and scale is not None else answer
    number = question.type == "array" or question.construct
    if question.type == "multi":
        return "|".join("other" if code == "OTHER" else scale.by_code(code).name for code in answer)
    if answer == "OTHER":
        return None if number else "other"
    option = scale.by_code(answer)
    return option.value if number else option.name


def found(frame: Any, name: str) -> list[Any]:
    """A column of ``Responses.data`` as plain Python values, None for missing."""
    return [None if isinstance(value, float) and math.isnan(value) else value for value in frame[name].tolist()]
