"""Internal consistency of a scale from its answers: alpha, Spearman-Brown, item-rest correlations.

S is the covariance matrix of the k items over the respondents who answered all of them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats

from mce_utaut.scoring.intervals import Interval, undefined


@dataclass(frozen=True, slots=True)
class InternalConsistency:
    """Internal consistency of ``k`` items over ``n`` complete respondents. ``item_rest`` and
    ``alpha_if_dropped`` have one entry an item; ``spearman_brown`` is NaN unless there are two items;
    ``note`` says in a sentence what a reader must know, "" where there is nothing."""

    n: int
    k: int
    alpha: Interval
    standardised_alpha: float
    mean_interitem: float
    spearman_brown: float
    item_rest: tuple[float, ...]
    alpha_if_dropped: tuple[float, ...]
    note: str


def complete_rows(answers: np.ndarray) -> np.ndarray:
    """The rows of ``answers`` (n, k) without NaN, shape (n complete, k)."""
    answers = np.asarray(answers, dtype=float)
    return answers[~np.isnan(answers).any(axis=1)]


def internal_consistency(answers: np.ndarray, level: float = 0.95) -> InternalConsistency:
    """The internal consistency of ``answers`` (n, k), over the rows without NaN.

    - alpha = k/(k - 1) · (1 - tr S / 1'S1): Cronbach 1951, doi:10.1007/BF02310555; computed by
      ``pingouin.cronbach_alpha``. Its interval is ours (pingouin rounds to three digits), see
      ``feldt_interval``.
    - standardised alpha = k r̄ / (1 + (k - 1) r̄) with r̄ the mean inter-item correlation.
    - Spearman-Brown for two items, 2r / (1 + r): Eisinga, te Grotenhuis & Pelzer 2013,
      doi:10.1007/s00038-012-0416-3 (equal to the standardised alpha).
    - item-rest: the correlation of an item with the sum of the others; alpha if dropped: alpha of the
      others (NaN for two items).

    Undefined (NaN) with one item, fewer than two complete rows, or no variance in the sum; correlations
    with a constant item are NaN. Checked against psych 2.2.9 (oracle ``scoring_measurement``).
    """
    rows = complete_rows(answers)
    n, k = rows.shape
    if k < 2 or n < 2 or np.ptp(rows.sum(axis=1)) == 0:
        reason = (
            "A scale of one item has no internal consistency."
            if k < 2
            else "Fewer than two respondents answered every item."
            if n < 2
            else "The sum of the items does not vary."
        )
        nothing = (math.nan,) * k
        return InternalConsistency(
            n, k, undefined(level, "feldt"), math.nan, math.nan, math.nan, nothing, nothing, reason
        )
    covariance = np.cov(rows, rowvar=False)
    mean_interitem = mean_interitem_correlation(covariance)
    estimate = _alpha_of_pingouin(rows)
    return InternalConsistency(
        n=n,
        k=k,
        alpha=feldt_interval(estimate, n, k, level),
        standardised_alpha=k * mean_interitem / (1 + (k - 1) * mean_interitem),
        mean_interitem=mean_interitem,
        spearman_brown=2 * mean_interitem / (1 + mean_interitem) if k == 2 else math.nan,
        item_rest=item_rest(covariance),
        alpha_if_dropped=tuple(alpha_of_covariance(np.delete(np.delete(covariance, i, 0), i, 1)) for i in range(k)),
        note=_remark(estimate, k),
    )


def alpha_of_covariance(covariance: np.ndarray) -> float:
    """Cronbach's alpha of items with this ``covariance`` (k, k); NaN for one item or no variance."""
    k = covariance.shape[0]
    total = float(covariance.sum())
    if k < 2 or total <= 0:
        return math.nan
    return k / (k - 1) * (1 - float(np.trace(covariance)) / total)


def feldt_interval(alpha: float, n: int, k: int, level: float = 0.95) -> Interval:
    """``alpha`` of ``k`` items and ``n`` respondents with Feldt's exact interval.

    1 - (1 - alpha) F(1 - a/2) to 1 - (1 - alpha) F(a/2), a = 1 - level, F on n - 1 and (n - 1)(k - 1)
    degrees of freedom: Feldt 1965, Psychometrika 30, 357-370, doi:10.1007/BF02289499; Feldt, Woodruff &
    Salih 1987, Applied Psychological Measurement 11, 93-103, doi:10.1177/014662168701100107. Exact for
    normal, essentially tau-equivalent items; an approximation for others. NaN limits for n < 2 or k < 2.
    Checked against ``psych::alpha.ci``.
    """
    if n < 2 or k < 2 or math.isnan(alpha):
        return Interval(alpha, math.nan, math.nan, level, "feldt")
    tail = (1 - level) / 2
    rows, cells = n - 1, (n - 1) * (k - 1)
    lower = 1 - (1 - alpha) * float(stats.f.isf(tail, rows, cells))
    upper = 1 - (1 - alpha) * float(stats.f.ppf(tail, rows, cells))
    return Interval(alpha, lower, upper, level, "feldt")


def mean_interitem_correlation(covariance: np.ndarray) -> float:
    """The mean of the k(k - 1)/2 correlations behind ``covariance`` (k, k); NaN where an item is
    constant."""
    sd = np.sqrt(np.diag(covariance))
    if np.any(sd == 0) or sd.size < 2:
        return math.nan
    correlation = covariance / np.outer(sd, sd)
    return float(correlation[np.tril_indices_from(correlation, k=-1)].mean())


def item_rest(covariance: np.ndarray) -> tuple[float, ...]:
    """Per item, its correlation with the sum of the other items, from ``covariance`` (k, k); NaN where
    the item or the rest is constant."""
    found = []
    for i in range(covariance.shape[0]):
        rest = np.delete(np.arange(covariance.shape[0]), i)
        shared = float(covariance[i, rest].sum())
        variance = float(covariance[i, i]) * float(covariance[np.ix_(rest, rest)].sum())
        found.append(shared / math.sqrt(variance) if variance > 0 else math.nan)
    return tuple(found)


def _alpha_of_pingouin(rows: np.ndarray) -> float:
    # pingouin takes a data frame and counts rows before it drops incomplete ones: it gets complete ones.
    import pandas as pd
    import pingouin

    estimate, _ = pingouin.cronbach_alpha(pd.DataFrame(rows))
    return float(estimate)


def _remark(alpha: float, k: int) -> str:
    if alpha < 0:
        return (
            "Alpha is negative: the items do not go together. Check whether an item is worded the other "
            "way round and not marked as reverse."
        )
    if k == 2:
        return "Two items: Spearman-Brown is the better coefficient (Eisinga et al. 2013)."
    return ""
