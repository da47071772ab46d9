"""Dates with hours as spreadsheets and survey tools write them in several languages."""

from __future__ import annotations

import datetime
import re

import numpy as np

from mce_utaut.survey.quantities import moment

_STAMP = re.compile(
    r"(?P<a>\d{1,4})[./-](?P<b>\d{1,2})[./-](?P<c>\d{1,4})\.?,?[ T]+(?P<hour>\d{1,2})[:.](?P<minute>\d{2})"
    r"(?:[:.](?P<second>\d{2}))?(?:[.,]\d+)?(?:\s*(?P<half>[AaPp])\.?\s?[Mm]\.?)?(?:\s*(?:[A-Z]{1,5})?(?:[+-][\d:]+)?)?"
)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}.*)?")


def is_stamp(cell: str) -> bool:
    """Whether ``cell`` is a date with an hour, in any common order."""
    return bool(_STAMP.fullmatch(cell.strip()))


def is_iso(cell: str) -> bool:
    """Whether ``cell`` is a date in ISO order, as dates in workbooks are read, with or without an hour."""
    return bool(_ISO.fullmatch(cell.strip()))


def durations(starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Seconds (n,) from ``starts`` to ``ends`` (n,) of str; NaN where one is missing or no time, where the
    end lies before the start, and where it is on another day and cannot be told which (03/04 or 04/03)."""
    return np.array([_seconds(start, end) for start, end in zip(starts, ends)], dtype=float)


def _seconds(start: str, end: str) -> float:
    first, last = moment(start), moment(end)
    if first is None or last is None:
        first, last = _same_day(start, end)
    if first is None or last is None or (first.tzinfo is None) != (last.tzinfo is None):
        return float("nan")
    seconds = (last - first).total_seconds()
    return seconds if seconds >= 0 else float("nan")


def _same_day(start: str, end: str) -> tuple[datetime.datetime | None, datetime.datetime | None]:
    """Two hours of one day, whichever of its numbers is the month."""
    one, other = _STAMP.fullmatch(start.strip()), _STAMP.fullmatch(end.strip())
    if not one or not other or one.group("a", "b", "c") != other.group("a", "b", "c"):
        return None, None
    return _hour(one), _hour(other)


def _hour(stamp: re.Match[str]) -> datetime.datetime | None:
    hour = int(stamp["hour"])
    if stamp["half"]:
        hour = hour % 12 + (12 if stamp["half"] in "Pp" else 0)
    try:
        return datetime.datetime(2000, 1, 1, hour, int(stamp["minute"]), int(stamp["second"] or 0))
    except ValueError:
        return None
