"""Estimates with an interval, the mean of a scale, and percent of maximum possible."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with a confidence interval of ``level``; NaN where undefined. ``method`` is a short
    stable word for how the interval was made."""

    estimate: float
    lower: float
    upper: float
    level: float = 0.95
    method: str = ""


def undefined(level: float = 0.95, method: str = "") -> Interval:
    """An interval whose three numbers are NaN."""
    return Interval(math.nan, math.nan, math.nan, level, method)


def mean_interval(values: np.ndarray, level: float = 0.95) -> Interval:
    """The mean of ``values`` (n,), NaN left out, with Student's t interval.

    mean ± t(1 - (1 - level)/2; n - 1) · s / √n (Student 1908, doi:10.1093/biomet/6.1.1). The interval is
    NaN for n < 2, the mean for n = 0. Checked against R's ``t.test``.
    """
    given = _given(values)
    n = given.size
    if n == 0:
        return undefined(level, "t")
    mean = float(given.mean())
    if n < 2:
        return Interval(mean, math.nan, math.nan, level, "t")
    half = float(stats.t.isf((1 - level) / 2, n - 1)) * float(given.std(ddof=1)) / math.sqrt(n)
    return Interval(mean, mean - half, mean + half, level, "t")


def pomp(score: float | np.ndarray, minimum: float, maximum: float) -> float | np.ndarray:
    """``score`` as percent of the maximum possible score, 0 at ``minimum`` and 100 at ``maximum``.

    100 (score - minimum) / (maximum - minimum): Cohen, Cohen, Aiken & West 1999, Multivariate
    Behavioral Research 34, 315-346, doi:10.1207/S15327906MBR3403_2. NaN stays NaN. Raises ``ValueError``
    where the scale has no length.
    """
    if not maximum > minimum:
        raise ValueError("the maximum of a scale lies above its minimum")
    return 100.0 * (score - minimum) / (maximum - minimum)


def pomp_interval(interval: Interval, minimum: float, maximum: float) -> Interval:
    """``interval`` on the 0-100 metric of ``pomp``: a linear change, so level and method stay."""
    estimate, lower, upper = (
        float(pomp(value, minimum, maximum)) for value in (interval.estimate, interval.lower, interval.upper)
    )
    return Interval(estimate, lower, upper, interval.level, interval.method)


def _given(values: np.ndarray) -> np.ndarray:
    values = np.asarray(values, dtype=float)
    return values[~np.isnan(values)]
