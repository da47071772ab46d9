"""Whether values are missing completely at random: Little's test."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from mce_utaut.sem.patterns import find_patterns
from mce_utaut.sem.saturated import saturated_moments


@dataclass(frozen=True, slots=True)
class LittleTest:
    """Little's test: rows used, patterns of missing values among them, chi-square, df and p (nan without df)."""

    n: int
    patterns: int
    chisq: float
    df: int
    p: float


def little_test(values: np.ndarray) -> LittleTest:
    """Little's test of the rows (n, p) with NaN where missing; rows without any value are left out.

    d² = Σ n_j (ȳ_j - μ_j)' Σ_j⁻¹ (ȳ_j - μ_j) over the patterns j, on the variables that each observes, with the maximum
    likelihood moments of all rows; df = Σ p_j - p (Little 1988, doi:10.1080/01621459.1988.10478722). It takes
    normal data and is descriptive: a large p does not show that nothing depends on what is missing. Raises
    ``NotEstimable`` where the moments cannot be estimated. Checked against the formula on lavaan's moments.
    """
    found = find_patterns(np.asarray(values, dtype=float))
    moments = saturated_moments(found, tolerance=1e-10, max_iterations=5000)
    rows = np.asarray(values, dtype=float)[found.kept]
    chisq, seen = 0.0, 0
    for pattern in range(len(found.counts)):
        on = found.observed[pattern]
        gap = rows[found.row_pattern == pattern][:, on].mean(axis=0) - moments.mean[on]
        chisq += int(found.counts[pattern]) * float(gap @ np.linalg.solve(moments.covariance[np.ix_(on, on)], gap))
        seen += int(on.sum())
    df = seen - found.p
    p = float(stats.chi2.sf(chisq, df)) if df else float("nan")
    return LittleTest(found.n, len(found.counts), chisq, df, p)
