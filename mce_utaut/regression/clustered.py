"""What few clusters allow: cluster-robust CR2 with Satterthwaite degrees of freedom, intraclass correlation."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import stats

from mce_utaut.regression.linear import LinearFit, design, linear_fit


@dataclass(frozen=True, slots=True)
class IntraclassCorrelation:
    """ICC(1) of ``n`` values in ``clusters``, with its interval, the size ``typical_size`` that clusters of
    equal size would have, and the design effect 1 + (size - 1) ICC (not below 1)."""

    n: int
    clusters: int
    typical_size: float
    estimate: float
    lower: float
    upper: float
    design_effect: float


def cr2(
    outcome: np.ndarray,
    predictors: Mapping[str, np.ndarray],
    clusters: np.ndarray,
    level: float = 0.95,
) -> LinearFit:
    """The least-squares fit with bias-reduced cluster-robust standard errors.

    CR2: residuals of cluster g are multiplied by (I - H_gg)^(-1/2) (Bell & McCaffrey 2002); each coefficient
    has its own Satterthwaite degrees of freedom under independent errors: Pustejovsky & Tipton 2018,
    Journal of Business & Economic Statistics 36, 672-683, doi:10.1080/07350015.2016.1247004. It holds its
    level from about ten clusters, where CR0 and CR1 do not; degrees of freedom under 4 are not to be
    trusted. ``clusters`` (n,) are labels. Checked against R's ``clubSandwich``. Raises ``ValueError`` as
    ``design`` does, and for fewer than two clusters.
    """
    given = design(outcome, predictors)
    labels = np.unique(np.asarray(clusters)[given.rows].astype(str), return_inverse=True)[1]
    count = int(labels.max()) + 1
    if count < 2:
        raise ValueError("there is only one cluster")
    x, inverse = given.x, np.linalg.inv(given.x.T @ given.x)
    half = np.linalg.cholesky(inverse)
    residual = given.y - x @ (inverse @ (x.T @ given.y))
    width = x.shape[1]
    meat = np.zeros((width, width))
    inner = np.zeros((count, width))  # a_g' a_g for every coefficient
    crossed = np.zeros((count, width, width))  # X_g' a_g, one column a coefficient
    for g in range(count):
        rows = labels == g
        own = x[rows]
        adjusted = _adjust(own @ half, own @ inverse)
        score = own.T @ _adjust(own @ half, residual[rows][:, None])[:, 0]
        meat += np.outer(score, score)
        inner[g] = np.sum(adjusted**2, axis=0)
        crossed[g] = own.T @ adjusted
    covariance = inverse @ meat @ inverse
    df = np.array([_satterthwaite(inner[:, j], crossed[:, :, j], inverse) for j in range(1, 1 + given.k)])
    return linear_fit(given, "CR2", covariance, df, level)


def intraclass_correlation(values: np.ndarray, clusters: np.ndarray, level: float = 0.95) -> IntraclassCorrelation:
    """ICC(1) from the one-way analysis of variance, rows without value or cluster left out.

    (MSB - MSW) / (MSB + (m - 1) MSW) with m = (n - Σ n_g² / n) / (G - 1) (Fisher; Snijders & Bosker 2012,
    section 3.3). Interval: from the F distribution of MSB / MSW (Searle 1971), exact for clusters of size m,
    approximate for unequal ones. Raises ``ValueError`` for fewer than two clusters or no spread within.
    """
    values = np.asarray(values, dtype=float)
    known = ~np.isnan(values) & np.array([label is not None and label == label for label in clusters])
    y = values[known]
    labels = np.unique(np.asarray(clusters)[known].astype(str), return_inverse=True)[1]
    if not y.size or labels.max() == 0:
        raise ValueError("there is only one cluster")
    sizes = np.bincount(labels).astype(float)
    n, count = y.size, sizes.size
    means = np.bincount(labels, y) / sizes
    within = float(np.sum((y - means[labels]) ** 2)) / max(n - count, 1)
    between = float(np.sum(sizes * (means - y.mean()) ** 2)) / (count - 1)
    if n <= count or within == 0:
        raise ValueError("the values do not vary within clusters")
    size = float((n - np.sum(sizes**2) / n) / (count - 1))
    ratio, tail = between / within, (1 - level) / 2
    limits = [ratio / stats.f.isf(tail, count - 1, n - count), ratio / stats.f.ppf(tail, count - 1, n - count)]
    lower, upper = ((f - 1) / (f + size - 1) for f in limits)
    estimate = (ratio - 1) / (ratio + size - 1)
    effect = 1 + (size - 1) * max(estimate, 0.0)
    return IntraclassCorrelation(int(n), int(count), size, float(estimate), float(lower), float(upper), effect)


def _adjust(root: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """(I - BB')^(-1/2) times ``columns`` (m, c), B = ``root`` (m, k): only the k directions of B change. A
    direction that the cluster alone decides (eigenvalue 0) is left out (Moore-Penrose)."""
    left, singular, _ = np.linalg.svd(root, full_matrices=False)
    rest = 1 - singular**2
    factor = np.where(rest > 1e-10, 1 / np.sqrt(np.maximum(rest, 1e-300)), 0.0) - 1
    return columns + left @ (factor[:, None] * (left.T @ columns))


def _satterthwaite(inner: np.ndarray, crossed: np.ndarray, inverse: np.ndarray) -> float:
    """(Σ p_g'p_g)² / Σ (p_g'p_h)² with p_g'p_h = [g = h] a_g'a_g - b_g' (X'X)^(-1) b_h."""
    product = np.diag(inner) - crossed @ inverse @ crossed.T
    total = float(np.sum(product**2))
    return float(np.trace(product) ** 2 / total) if total > 0 else math.nan
