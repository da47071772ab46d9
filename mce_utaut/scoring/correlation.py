"""Spearman's rank correlation with an interval for small samples."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats

from mce_utaut.scoring.intervals import Interval, undefined


@dataclass(frozen=True, slots=True)
class RankCorrelation:
    """Spearman's correlation of ``n`` complete pairs; ``p`` is two-sided."""

    n: int
    rho: Interval
    p: float


def spearman(x: np.ndarray, y: np.ndarray, level: float = 0.95) -> RankCorrelation:
    """Spearman's rank correlation of ``x`` and ``y`` (both (n,), pairs with a NaN left out).

    rho is Pearson's correlation of mid-ranks. Interval: Fisher's z with the standard error
    √((1 + rho²/2) / (n - 3)) of Bonett & Wright 2000, Psychometrika 65, 23-28,
    doi:10.1007/BF02294183, which holds its level where Fisher's 1/√(n - 3) is too narrow. p comes from
    t = rho √((n - 2) / (1 - rho²)) on n - 2 degrees of freedom, as R's ``cor.test(exact = FALSE)``.

    Everything is NaN for n < 4 or where one variable is constant; the interval collapses at |rho| = 1.
    """
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    both = ~(np.isnan(x) | np.isnan(y))
    x, y = x[both], y[both]
    n = int(x.size)
    if n < 4 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return RankCorrelation(n, undefined(level, "bonett_wright"), math.nan)
    rho = float(np.clip(np.corrcoef(stats.rankdata(x), stats.rankdata(y))[0, 1], -1.0, 1.0))
    if math.isclose(abs(rho), 1.0, abs_tol=1e-12):
        rho = math.copysign(1.0, rho)
        return RankCorrelation(n, Interval(rho, rho, rho, level, "bonett_wright"), 0.0)
    half = float(stats.norm.isf((1 - level) / 2)) * math.sqrt((1 + rho**2 / 2) / (n - 3))
    z = math.atanh(rho)
    interval = Interval(rho, math.tanh(z - half), math.tanh(z + half), level, "bonett_wright")
    statistic = rho * math.sqrt((n - 2) / (1 - rho**2))
    return RankCorrelation(n, interval, float(2 * stats.t.sf(abs(statistic), n - 2)))
