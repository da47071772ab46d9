"""The saturated normal model of incomplete data: its moments by EM, its log-likelihood, its informations.

The EM step of Dempster, Laird and Rubin (1977; Little & Rubin, 2002, sec. 11.2) is a scaled gradient
step here: with the gradient (g, G) of the log-likelihood, mu += Sigma g / n and Sigma += 2 Sigma G
Sigma / n - d d', where d is the step of mu. The start (available means and variances, no covariances)
and the stopping rule (largest change of a moment below 1e-5, at most 500 steps) are lavaan's, because
its chi-square, robust CFI and SRMR under FIML depend on where EM stops.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mce_utaut.errors import NotEstimable
from mce_utaut.sem.fiml_likelihood import fiml_loglik, fiml_value
from mce_utaut.sem.patterns import MissingPatterns
from mce_utaut.sem.vech import Array

_SMALLEST_EIGENVALUE = 1e-6
_RIDGE = 1e-8


@dataclass(frozen=True, slots=True)
class SaturatedMoments:
    """The estimated mean (p,) and covariance (p, p), the log-likelihood there, and how EM ended."""

    mean: Array
    covariance: Array
    loglik: float
    iterations: int
    converged: bool


def saturated_moments(
    patterns: MissingPatterns, *, tolerance: float = 1e-5, max_iterations: int = 500
) -> SaturatedMoments:
    """The maximum-likelihood mean and covariance matrix of incomplete data.

    Raises ``NotEstimable`` where a variable has no values or no variance, or a pair of variables is
    never observed together and the matrix turns singular.
    """
    mean, variance = _available_moments(patterns)
    covariance = np.diag(variance)
    converged = False
    iteration = 0
    while iteration < max_iterations and not converged:
        iteration += 1
        new_mean, new_covariance = _em_step(patterns, mean, covariance)
        change = max(np.abs(new_mean - mean).max(), np.abs(new_covariance - covariance).max())
        mean, covariance = new_mean, new_covariance
        converged = bool(change < tolerance)
    try:
        loglik = fiml_loglik(patterns, mean, covariance)
    except np.linalg.LinAlgError as error:
        raise _singular() from error
    return SaturatedMoments(mean, covariance, loglik, iteration, converged)


def _em_step(patterns: MissingPatterns, mean: Array, covariance: Array) -> tuple[Array, Array]:
    try:
        value = fiml_value(patterns, mean, covariance)
    except np.linalg.LinAlgError as error:
        raise _singular() from error
    step = covariance @ value.by_mean / patterns.n
    updated = covariance + 2.0 / patterns.n * covariance @ value.by_covariance @ covariance
    updated -= np.outer(step, step)
    updated = 0.5 * (updated + updated.T)
    if np.linalg.eigvalsh(updated)[0] < _SMALLEST_EIGENVALUE:
        updated[np.diag_indices_from(updated)] += updated.diagonal().max() * _RIDGE
    return mean + step, updated


def _available_moments(patterns: MissingPatterns) -> tuple[Array, Array]:
    """Means and variances (divisor: rows observed) of each variable, each of shape (p,)."""
    seen = patterns.counts @ patterns.observed
    if (seen == 0).any():
        empty = ", ".join(str(place + 1) for place in np.flatnonzero(seen == 0))
        raise NotEstimable(f"No values at all in variable(s) number {empty}: leave them out of the model.")
    mean = patterns.shift @ patterns.condensed / seen
    sizes = np.diff(patterns.starts)
    observed = np.repeat(patterns.observed, sizes, axis=0)
    deviations = np.where(observed, patterns.condensed - patterns.shift[:, None] * mean, 0.0)
    variance = (deviations**2).sum(axis=0) / seen
    return mean, np.where(variance > 0, variance, 1.0)


def _singular() -> NotEstimable:
    return NotEstimable(
        "The covariance matrix of the incomplete data cannot be estimated: it is singular. Look for a "
        "constant item, for two items with the same answers, or for pairs never answered together."
    )
