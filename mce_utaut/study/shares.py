"""Shares of categories: intervals, and whether they are those of a theory."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

SMALLEST_EXPECTED = 5.0  # below it the chi-square distribution of the statistic is not to be trusted
LARGEST_TABLE = 2_000_000


@dataclass(frozen=True, slots=True)
class ShareTest:
    """Pearson's statistic of observed counts against expected shares; ``method`` is "exact" or "asymptotic"
    and says what ``p`` is; ``w`` is Cohen's effect size."""

    statistic: float
    df: int
    p: float
    method: str
    w: float


def wilson(count: int, n: int, level: float = 0.95) -> tuple[float, float]:
    """The interval of a share ``count`` / ``n`` (Wilson 1927, doi:10.1080/01621459.1927.10502953), which
    neither leaves 0-1 nor shrinks to nothing at 0 or n. (nan, nan) for n = 0. Checked against
    R's ``prop.test(correct = FALSE)``."""
    if n == 0:
        return math.nan, math.nan
    z = float(stats.norm.isf((1 - level) / 2))
    return _score_interval(count, n, z**2)


def goodman(counts: Sequence[int], level: float = 0.95) -> tuple[tuple[float, float], ...]:
    """Intervals of the shares of k categories that hold together with ``level`` (Goodman 1965,
    doi:10.1080/00401706.1965.10490252): Wilson's form with the chi-square quantile at (1 - level) / k. (nan,
    nan) everywhere without counts. Wider than ``wilson`` each."""
    n, k = sum(counts), len(counts)
    if n == 0:
        return ((math.nan, math.nan),) * k
    quantile = float(stats.chi2.isf((1 - level) / k, 1))
    return tuple(_score_interval(count, n, quantile) for count in counts)


def against_shares(counts: Sequence[int], shares: Sequence[float]) -> ShareTest:
    """Whether ``counts`` of k categories come from the theory's ``shares`` (sum 1).

    Pearson's statistic Σ (O - E)² / E with k - 1 degrees of freedom. Where an expected count is below 5 and
    the number of possible tables allows it, p is exact: the multinomial probability of all tables with a
    statistic as large (Read & Cressie 1988, section 5). Checked against R's ``chisq.test`` and
    enumeration in R. Raises ``ValueError`` without counts.
    """
    n, expected = sum(counts), np.asarray(shares, dtype=float) * sum(counts)
    if n == 0:
        raise ValueError("there are no counts")
    statistic = float(np.sum((np.asarray(counts) - expected) ** 2 / expected))
    df = len(counts) - 1
    effect = math.sqrt(statistic / n)
    if expected.min() < SMALLEST_EXPECTED and math.comb(n + df, df) <= LARGEST_TABLE:
        return ShareTest(statistic, df, _exact(n, np.asarray(shares), statistic), "exact", effect)
    return ShareTest(statistic, df, float(stats.chi2.sf(statistic, df)), "asymptotic", effect)


def _score_interval(count: int, n: int, quantile: float) -> tuple[float, float]:
    share = count / n
    centre = (share + quantile / (2 * n)) / (1 + quantile / n)
    half = math.sqrt(quantile * (share * (1 - share) / n + quantile / (4 * n * n))) / (1 + quantile / n)
    lower = 0.0 if count == 0 else max(centre - half, 0.0)
    upper = 1.0 if count == n else min(centre + half, 1.0)
    return lower, upper


def _exact(n: int, shares: np.ndarray, observed: float) -> float:
    """The probability of every table of ``n`` with a statistic of at least ``observed``: category by category,
    all tables of the categories so far in arrays (log probability, statistic, respondents left)."""
    log_factorial = np.cumsum(np.log(np.maximum(np.arange(n + 1), 1)))
    left = np.array([n])
    log_p = np.array([log_factorial[n]])
    statistic = np.zeros(1)
    for share in shares[:-1]:
        repeats = left + 1
        place = np.repeat(np.arange(left.size), repeats)
        taken = np.arange(repeats.sum()) - np.repeat(np.cumsum(repeats) - repeats, repeats)
        log_p = log_p[place] + taken * math.log(share) - log_factorial[taken]
        statistic = statistic[place] + (taken - n * share) ** 2 / (n * share)
        left = left[place] - taken
    last = float(shares[-1])
    log_p = log_p + left * math.log(last) - log_factorial[left]
    statistic = statistic + (left - n * last) ** 2 / (n * last)
    extreme = statistic >= observed * (1 - 1e-9)
    return min(float(np.exp(log_p[extreme]).sum()), 1.0)
