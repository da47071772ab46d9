"""Two independent groups on one variable: Welch's test, Hedges' g, equivalence, permutation, superiority."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import optimize, stats

from mce_utaut.scoring.intervals import Interval


@dataclass(frozen=True, slots=True)
class TwoGroups:
    """Group ``second`` less ``first``. ``difference`` is Welch's, ``g`` Hedges' with its interval; the
    equivalence test is of the bounds ± ``bound`` standard deviations (``equivalence_p``: the larger of its two p
    values); ``superiority`` is the chance that one of the second exceeds one of the first, ties halved."""

    n_first: int
    n_second: int
    mean_first: float
    mean_second: float
    difference: Interval
    t: float
    df: float
    p: float
    g: Interval
    bound: float
    equivalence_p: float
    superiority: float


def compare_two(first: np.ndarray, second: np.ndarray, bound: float = 0.5, level: float = 0.95) -> TwoGroups:
    """The comparison of two groups' values, NaN left out.

    Welch 1947 (doi:10.1093/biomet/34.1-2.28). g = J(m) d with d over the pooled standard deviation, m = n1 + n2 - 2 and
    J exact (Hedges 1981, doi:10.3102/10769986006002107); its interval inverts the noncentral t of d (Steiger &
    Fouladi 1997) and takes J times the limits. Equivalence: two one-sided Welch tests against ± bound times the
    pooled standard deviation (Schuirmann 1987; Lakens 2017, doi:10.1177/1948550617697177). Raises ``ValueError`` for
    fewer than two values in a group or no spread. Checked against R's ``t.test`` and ``pt``.
    """
    a, b = (np.asarray(values, dtype=float) for values in (first, second))
    a, b = a[~np.isnan(a)], b[~np.isnan(b)]
    n1, n2 = a.size, b.size
    if min(n1, n2) < 2:
        raise ValueError("each group needs two values or more")
    v1, v2 = a.var(ddof=1), b.var(ddof=1)
    m = n1 + n2 - 2
    pooled = math.sqrt(((n1 - 1) * v1 + (n2 - 1) * v2) / m)
    se = math.sqrt(v1 / n1 + v2 / n2)
    if not se > 0:
        raise ValueError("the values do not vary")
    df = (v1 / n1 + v2 / n2) ** 2 / ((v1 / n1) ** 2 / (n1 - 1) + (v2 / n2) ** 2 / (n2 - 1))
    difference = float(b.mean() - a.mean())
    half = float(stats.t.isf((1 - level) / 2, df)) * se
    limit = bound * pooled
    above = float(stats.t.sf((difference + limit) / se, df))
    below = float(stats.t.cdf((difference - limit) / se, df))
    order = np.sort(a)
    wins = np.searchsorted(order, b, "left") + np.searchsorted(order, b, "right")
    return TwoGroups(
        n_first=n1,
        n_second=n2,
        mean_first=float(a.mean()),
        mean_second=float(b.mean()),
        difference=Interval(difference, difference - half, difference + half, level, "Welch"),
        t=difference / se,
        df=float(df),
        p=float(2 * stats.t.sf(abs(difference) / se, df)),
        g=_hedges(difference / pooled, n1, n2, level),
        bound=bound,
        equivalence_p=max(above, below),
        superiority=float(wins.sum()) / (2 * n1 * n2),
    )


def permutation_p(first: np.ndarray, second: np.ndarray, rng: np.random.Generator, draws: int = 4999) -> np.ndarray:
    """The p values (k,) of permutation tests of each column's difference in means, two-sided.

    ``first`` (n1, k) and ``second`` (n2, k), NaN left out column by column. The statistic is Welch's t, which keeps the
    test's level where the variances differ (Janssen 1997, doi:10.1016/S0167-7152(97)00043-6); p = (1 + as
    extreme) / (1 + draws) (Phipson & Smyth 2010, doi:10.2202/1544-6115.1585).
    """
    values = np.concatenate([first, second])
    given = ~np.isnan(values)
    filled = np.where(given, values - np.nanmean(values, axis=0), 0.0)
    table = np.concatenate([given.astype(float), filled, filled**2], axis=1)
    n, n1 = len(values), len(first)
    total = table.sum(axis=0)
    observed = np.abs(_welch_t(table[:n1].sum(axis=0), total))
    smaller = min(n1, n - n1)  # |t| is the same whichever group is drawn
    inside = np.stack([table[rng.choice(n, smaller, replace=False, shuffle=False)].sum(axis=0) for _ in range(draws)])
    found = np.abs(_welch_t(inside, total))
    extreme = 1 + (~(found < observed * (1 - 1e-12))).sum(axis=0)
    return np.where(np.isfinite(observed), extreme / (1 + draws), np.nan)


def _welch_t(inside: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Welch's t (..., k) of a group with the sums ``inside`` (..., 3k) against the rest of ``whole`` (3k,):
    counts, sums and sums of squares of k variables."""
    k = len(whole) // 3
    parts = []
    for sums in (inside, whole - inside):
        count, total, squares = sums[..., :k], sums[..., k : 2 * k], sums[..., 2 * k :]
        with np.errstate(divide="ignore", invalid="ignore"):
            mean = total / count
            parts.append((mean, (squares - count * mean**2) / (count - 1) / count))
    with np.errstate(divide="ignore", invalid="ignore"):
        return (parts[1][0] - parts[0][0]) / np.sqrt(parts[0][1] + parts[1][1])


def _hedges(d: float, n1: int, n2: int, level: float) -> Interval:
    m = n1 + n2 - 2
    shrink = math.exp(math.lgamma(m / 2) - math.lgamma((m - 1) / 2)) / math.sqrt(m / 2) if m > 1 else math.nan
    scale = math.sqrt(n1 * n2 / (n1 + n2))
    t = d * scale
    limits = [shrink * _noncentrality(t, m, tail) / scale for tail in ((1 + level) / 2, (1 - level) / 2)]
    return Interval(shrink * d, limits[0], limits[1], level, "noncentral t")


def _noncentrality(t: float, df: float, probability: float) -> float:
    """The noncentrality at which ``t`` has the lower-tail ``probability``."""
    spread = math.sqrt(1 + t * t / (2 * df))  # far from t the distribution function underflows: widen step by step
    for width in (3.0, 5.0, 8.0, 12.0):
        ends = [t - width * spread, t + width * spread]
        below, above = (float(stats.nct.cdf(t, df, end)) - probability for end in ends)
        if below > 0 > above:
            return float(
                optimize.brentq(lambda c: float(stats.nct.cdf(t, df, c)) - probability, *ends, xtol=1e-10)
            )
    return math.nan
