"""Numbers and dates as people and tools write them, to floats and ISO dates."""

from __future__ import annotations

import datetime
import re

import numpy as np

from mce_utaut.survey.fields import Field
from mce_utaut.survey.problems import CellProblems

_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?(?:[eE][+-]?[0-9]+)?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_PARTS = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?:[T ].*)?")


def code_numbers(
    field: Field,
    distinct: list[str],
    blank: np.ndarray,
    inverse: np.ndarray,
    numbers: np.ndarray,
    problems: CellProblems,
) -> np.ndarray:
    """The float of each distinct cell, NaN for blank ones. ``12.5`` and ``12,5`` are the same; a
    thousands separator, a fraction where a whole number is asked, and a number out of the question's
    range are noted as problems."""
    low, high = field.question.minimum, field.question.maximum
    values = np.full(len(distinct), np.nan)
    for index, cell in enumerate(distinct):
        if blank[index]:
            continue
        value = number(cell)
        what = ""
        if value is None:
            what = f"“{cell.strip()[:40]}” is no number."
        elif field.kind == "integer" and not value.is_integer():
            what = f"“{cell.strip()}” is no whole number."
        elif (low is not None and value < low) or (high is not None and value > high):
            what = f"{cell.strip()} is outside {_range(low, high)}."
        if what:
            remedy = "Write it without thousands separator and unit." if value is None else "Correct the cell."
            problems.add(field.name, what, remedy, numbers[np.flatnonzero(inverse == index)])
        else:
            values[index] = value
    return values


def number(cell: str) -> float | None:
    """The number in ``cell`` (decimal point or comma, no thousands separator), or None."""
    cell = cell.strip()
    return float(cell.replace(",", ".")) if _NUMBER.fullmatch(cell) else None


def _range(low: float | None, high: float | None) -> str:
    if low is None:
        return f"the range up to {high:g}"
    return f"the range from {low:g}" if high is None else f"the range {low:g} to {high:g}"


def code_dates(
    field: Field,
    distinct: list[str],
    blank: np.ndarray,
    inverse: np.ndarray,
    numbers: np.ndarray,
    problems: CellProblems,
) -> np.ndarray:
    """The ISO date of each distinct cell, None for blank ones. A date such as 03/04/2025 is taken only
    where another cell of the column tells whether the day comes first."""
    days_first = [match for match in (_PARTS.fullmatch(cell.strip()) for cell in distinct) if match]
    day_first = any(int(match[1]) > 12 for match in days_first)
    month_first = any(int(match[2]) > 12 for match in days_first)
    values = np.empty(len(distinct), dtype=object)
    for index, cell in enumerate(distinct):
        if blank[index]:
            continue
        what = ""
        iso, parts = _ISO.fullmatch(cell.strip()), _PARTS.fullmatch(cell.strip())
        year_month_day = None
        if iso:
            year_month_day = (iso[1], iso[2], iso[3])
        elif parts and (day_first != month_first or parts[1] == parts[2]):
            day, month = (parts[1], parts[2]) if day_first else (parts[2], parts[1])
            year_month_day = (parts[3], month, day)
        elif parts:
            what = f"“{cell.strip()}” does not tell which is the day and which the month."
        try:
            if year_month_day:
                values[index] = datetime.date(*(int(part) for part in year_month_day)).isoformat()
        except ValueError:
            year_month_day = None
        if not year_month_day:
            rows = numbers[np.flatnonzero(inverse == index)]
            problems.add(field.name, what or f"“{cell.strip()[:40]}” is no date.", "Write it as 2025-03-31.", rows)
    return values


def seconds_between(starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Seconds (n,) from the ISO times ``starts`` to ``ends`` (n,) of str; NaN where either is missing, is
    no time, has another kind of time zone, or lies before the other."""
    return np.array([_seconds(start, end) for start, end in zip(starts, ends)], dtype=float)


def _seconds(start: str, end: str) -> float:
    first, last = moment(start), moment(end)
    if first is None or last is None or (first.tzinfo is None) != (last.tzinfo is None):
        return float("nan")
    seconds = (last - first).total_seconds()
    return seconds if seconds >= 0 else float("nan")


def moment(text: str) -> datetime.datetime | None:
    """The ISO date and time in ``text``, or None."""
    if not text:
        return None
    try:
        return datetime.datetime.fromisoformat(text.strip())
    except ValueError:
        return None
