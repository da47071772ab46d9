"""The saturated model of incomplete data: a root of the mean product of its scores, and the inverse information.

A root (k, m) with root' root = B1 has at most as many lines as there are cases, so that no product of two (m, m)
matrices is needed for tr(B1 A1^-1).
"""

from __future__ import annotations

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from mce_utaut.sem.fiml_information import Information, fiml_information
from mce_utaut.sem.fiml_likelihood import case_scores
from mce_utaut.sem.gamma import sum_within_clusters
from mce_utaut.sem.moments import SampleMoments
from mce_utaut.sem.patterns import MissingPatterns


def score_root(sample: SampleMoments, patterns: MissingPatterns) -> np.ndarray:
    """A root (k, m) of B1, the mean product of the scores by (mean, vech covariance) at the sample's moments.

    Scores are summed within clusters (times G/(G-1)), where there are some.
    """
    p, n, clusters = patterns.p, patterns.n, sample.clusters
    m = p + p * (p + 1) // 2
    blocks = case_scores(sample.data, patterns, sample.mean, sample.covariance)
    factor = 1.0 / n
    if clusters is not None:
        sums = np.zeros((int(clusters.max()) + 1, m))
        for rows, scores in blocks:
            np.add.at(sums, clusters[rows], scores)
        lines, correction = sum_within_clusters(sums[np.unique(clusters)], np.unique(clusters))
        factor *= correction
    elif n < m:
        lines = np.empty((n, m))
        for rows, scores in blocks:
            lines[rows] = scores
    else:
        product = np.zeros((m, m))
        for _, scores in blocks:
            product += scores.T @ scores
        lines = _root(product)
    lines *= np.sqrt(factor)
    return lines


def solved_scores(
    sample: SampleMoments, patterns: MissingPatterns, root: np.ndarray, kept: np.ndarray, kind: Information
) -> np.ndarray:
    """A1^-1 root' (kept, k) over the ``kept`` of the moments, A1 the saturated information of that kind."""
    return _solve(_kept_information(sample, patterns, kept, kind), root[:, kept].T)


def inverse_information_of(
    sample: SampleMoments, patterns: MissingPatterns, kept: np.ndarray, kind: Information
) -> np.ndarray:
    """A1^-1 (kept, kept)."""
    return _solve(_kept_information(sample, patterns, kept, kind), np.eye(kept.size))


def _kept_information(
    sample: SampleMoments, patterns: MissingPatterns, kept: np.ndarray, kind: Information
) -> np.ndarray:
    A1 = fiml_information(patterns, sample.mean, sample.covariance, kind)
    return A1 if kept.size == len(A1) else A1[np.ix_(kept, kept)]


def _solve(A: np.ndarray, right: np.ndarray) -> np.ndarray:
    """A^-1 right; A is positive definite unless EM stopped off the maximum."""
    try:
        return cho_solve(cho_factor(A, lower=True), right)
    except np.linalg.LinAlgError:
        return np.linalg.solve(A, right)


def _root(product: np.ndarray) -> np.ndarray:
    try:
        return np.linalg.cholesky(product).T
    except np.linalg.LinAlgError:
        values, vectors = np.linalg.eigh(product)
        return np.sqrt(np.maximum(values, 0.0))[:, None] * vectors.T
