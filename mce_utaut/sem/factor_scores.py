"""Factor scores: regression (Thomson 1934; Thurstone 1935) and Bartlett (1937).

Regression: E(eta) + Cov(eta, y) Sigma^-1 (y - mu). Bartlett: (L' Sigma^-1 L)^-1 L' Sigma^-1 (y - mu) + E(eta) over the
indicators, with loadings L: unbiased, and the same as with the residual covariance in place of Sigma.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from mce_utaut.errors import UsageError
from mce_utaut.sem.fit import Fit


def factor_scores(fit: Fit, method: Literal["regression", "bartlett"] = "regression") -> list[np.ndarray]:
    """The scores (n, factors) of every group, columns as ``fit.table.latent``, rows as in the group's sample.

    Raises UsageError without latent variables or raw data, for ordered variables or missing values, and for Bartlett
    scores of factors whose indicators are themselves factors or outcomes.
    """
    if not fit.table.latent:
        raise UsageError("The model has no latent variable to score.")
    if any(sample.data is None for sample in fit.samples):
        raise UsageError("Factor scores need the raw data, not only covariances.")
    if fit.inference.discrepancy not in ("ML", "GLS", "ULS") or fit.table.ordered:
        raise UsageError("Factor scores are supported for complete continuous data only.")
    weights = _regression_weights if method == "regression" else _bartlett_weights
    out = []
    for g, (sample, implied) in enumerate(zip(fit.samples, fit.implied, strict=True)):
        centre = sample.mean if implied.mean is None else implied.mean
        means = implied.all_means[len(fit.table.observed) :] if implied.mean is not None else 0.0
        out.append((sample.data - centre) @ weights(fit, g) + means)
    return out


def _regression_weights(fit: Fit, g: int) -> np.ndarray:
    implied, p = fit.implied[g], len(fit.table.observed)
    return np.linalg.solve(implied.covariance, implied.C[:p, p:])


def _bartlett_weights(fit: Fit, g: int) -> np.ndarray:
    implied, p = fit.implied[g], len(fit.table.observed)
    group = fit.objective.groups[g]
    linked = group.A0 != 0
    linked[group.path.rows, group.path.cols] = True
    measured = [row.rhs for row in fit.table.rows if row.op == "=~"]
    indicators = np.array([i for i, name in enumerate(fit.table.observed) if name in measured], dtype=int)
    if any(name in fit.table.latent for name in measured) or linked[indicators, :p].any():
        raise UsageError("Bartlett scores need factors that are measured by observed variables only.")
    loadings = implied.A[np.ix_(indicators, np.arange(p, len(group.variables)))]
    Sigma = implied.covariance[np.ix_(indicators, indicators)]
    weighted = np.linalg.solve(Sigma, loadings)
    weights = np.zeros((p, len(fit.table.latent)))
    weights[indicators] = weighted @ np.linalg.inv(loadings.T @ weighted)
    return weights
