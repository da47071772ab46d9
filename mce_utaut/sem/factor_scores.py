"""Factor scores: regression (Thomson 1934; Thurstone 1935) and Bartlett (1937).

Regression: E(eta) + Cov(eta, y) Sigma^-1 (y - mu), over what was observed of a case. Bartlett: the generalised least
squares estimate of eta from y = L eta + K x + e, unbiased given eta. L holds the effects of the latent variables on
the observed ones that are not exogenous (loadings, and regressions of observed outcomes on latent variables, which
are loadings in another notation), K those of the exogenous ones; Cov(y | x) stands in for the residual covariance,
which gives the same scores and may be singular.

lavaan 0.6-14's scores agree but where an observed outcome comes in by more than its own regression: its regression
scores lose the covariance of that outcome's residual with a factor's, its Bartlett scores take an observed variable
that explains another one for a factor of its own.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from mce_utaut.errors import UsageError
from mce_utaut.sem.fit import Fit
from mce_utaut.sem.matrices import GroupMatrices, Implied


def factor_scores(fit: Fit, method: Literal["regression", "bartlett"] = "regression") -> list[np.ndarray]:
    """The scores (n, factors) of every group, columns as ``fit.table.latent``, rows as in the group's sample.

    Missing values (FIML) are left out case by case; a Bartlett score whose factor has no observed indicator in a case
    is nan. Without modelled means the latent intercepts are 0. Raises UsageError without latent variables or raw
    data, for ordered variables, and for Bartlett scores that the indicators do not determine (higher-order factors).
    """
    if not fit.table.latent:
        raise UsageError("The model has no latent variable to score.")
    if any(sample.data is None for sample in fit.samples):
        raise UsageError("Factor scores need the raw data, not only covariances.")
    if fit.table.ordered:
        raise UsageError("Factor scores are supported for continuous data only.")
    score = _regression if method == "regression" else _bartlett
    out = []
    for group, sample, implied in zip(fit.objective.groups, fit.samples, fit.implied, strict=True):
        centre = sample.mean if implied.mean is None else implied.mean
        deviations = sample.data - centre
        scores = np.full((len(deviations), len(fit.table.latent)), np.nan)
        seen = np.isfinite(deviations)
        for pattern in np.unique(seen, axis=0):
            rows = (seen == pattern).all(axis=1)
            scores[rows] = score(group, implied, deviations[rows], pattern)
        out.append(scores + _latent_means(group, implied, centre))
    return out


def _latent_means(group: GroupMatrices, implied: Implied, centre: np.ndarray) -> np.ndarray:
    """E(eta) (factors,): as modelled, or what the means of observed predictors (p,) give with intercepts of 0."""
    p = group.p
    if implied.mean is not None:
        return implied.all_means[p:]
    inner = np.eye(len(implied.A) - p) - implied.A[p:, p:]
    return np.linalg.solve(inner, implied.A[p:, :p] @ centre)


def _regression(group: GroupMatrices, implied: Implied, deviations: np.ndarray, pattern: np.ndarray) -> np.ndarray:
    Sigma = implied.covariance[np.ix_(pattern, pattern)]
    return deviations[:, pattern] @ np.linalg.solve(Sigma, implied.C[: group.p, group.p :][pattern])


def _bartlett(group: GroupMatrices, implied: Implied, deviations: np.ndarray, pattern: np.ndarray) -> np.ndarray:
    p = group.p
    reached = group.A0 != 0
    reached[group.path.rows, group.path.cols] = True
    own = reached[:p].any(axis=1)  # observed variables that something explains
    inner = np.linalg.inv(np.eye(int(own.sum())) - implied.A[np.ix_(own.nonzero()[0], own.nonzero()[0])])
    A = implied.A[:p][own]
    L, K = inner @ A[:, p:], inner @ A[:, :p][:, ~own]
    if not _determined(L):
        raise UsageError("Bartlett scores need factors that observed variables determine; ask for regression scores.")
    x_seen = pattern[~own]
    y_seen = pattern[own] & ~((K != 0) @ ~x_seen)
    y = deviations[:, own][:, y_seen] - deviations[:, ~own][:, x_seen] @ K[np.ix_(y_seen, x_seen)].T
    Sigma = _given(implied.covariance, own, ~own)[np.ix_(y_seen, y_seen)]
    scores = np.full((len(y), L.shape[1]), np.nan)
    known = (L[y_seen] != 0).any(axis=0)
    weighted = np.linalg.solve(Sigma, L[y_seen][:, known])
    information = L[y_seen][:, known].T @ weighted
    if known.any() and np.linalg.matrix_rank(information, hermitian=True) == known.sum():
        scores[:, known] = y @ weighted @ np.linalg.inv(information)
    return scores


def _determined(L: np.ndarray) -> bool:
    return bool(np.linalg.matrix_rank(L) == L.shape[1])


def _given(Sigma: np.ndarray, own: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Cov(y | x)."""
    if not x.any():
        return Sigma
    slopes = np.linalg.solve(Sigma[np.ix_(x, x)], Sigma[np.ix_(x, own)])
    return Sigma[np.ix_(own, own)] - Sigma[np.ix_(own, x)] @ slopes
