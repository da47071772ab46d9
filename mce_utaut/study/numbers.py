"""Numbers on their way into a result: NaN becomes None, an interval of scoring becomes one of the study."""

from __future__ import annotations

import math

from mce_utaut.scoring.intervals import Interval as ScoringInterval
from mce_utaut.study.result import Interval

NOTHING = Interval(None, None, None)


def defined(value: float | None) -> float | None:
    """``value`` as a float, None where it is NaN or infinite."""
    if value is None:
        return None
    value = float(value)
    return value if math.isfinite(value) else None


def interval(estimate: float | None, lower: float | None, upper: float | None, level: float, method: str) -> Interval:
    """An interval whose undefined numbers are None."""
    return Interval(defined(estimate), defined(lower), defined(upper), level, method)


def from_scoring(found: ScoringInterval) -> Interval:
    """The study's form of an interval of ``scoring``."""
    return interval(found.estimate, found.lower, found.upper, found.level, found.method)


def point_only(found: Interval) -> Interval:
    """The estimate without its interval: what a role too small for inference may show."""
    return Interval(found.estimate, None, None, found.level, "")
