"""Bayesian regression by the normal approximation: what a prior and few respondents say together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import stats

from mce_utaut.regression.linear import design, in_standard_deviations


@dataclass(frozen=True, slots=True, eq=False)
class Posterior:
    """Standardised slopes of k ``names``: posterior mean, sd and equal-tailed interval (each (k,)), and the probability
    that a slope is above zero."""

    names: tuple[str, ...]
    n: int
    mean: np.ndarray
    sd: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    above_zero: np.ndarray


def standardised_posterior(
    outcome: np.ndarray,
    predictors: Mapping[str, np.ndarray],
    prior_mean: np.ndarray,
    prior_sd: np.ndarray,
    level: float = 0.95,
) -> Posterior:
    """The posterior of the slopes of ``outcome`` (n,) on ``predictors``, all in standard deviations, under independent
    normal priors (k,); an infinite sd is a flat prior.

    The likelihood is taken as normal around the least-squares slopes b with covariance S = s² (X'X)⁻¹, s² as known:
    precision S⁻¹ + V₀⁻¹, mean (S⁻¹ + V₀⁻¹)⁻¹ (S⁻¹ b + V₀⁻¹ m₀) (Gelman et al. 2013, section 14.8). With few
    respondents the intervals are a little too narrow, as a normal is against a t. Raises ``ValueError`` as ``design``.
    """
    rows = design(outcome, predictors).rows
    z = {name: in_standard_deviations(values, rows) for name, values in predictors.items()}
    given = design(in_standard_deviations(outcome, rows), z)
    slopes, *_ = np.linalg.lstsq(given.x, given.y, rcond=None)
    left = given.y - given.x @ slopes
    spread = float(left @ left) / (len(given.y) - given.x.shape[1])
    covariance = spread * np.linalg.inv(given.x.T @ given.x)[1:, 1:]
    precision = np.linalg.inv(covariance)
    prior = np.diag(1 / np.asarray(prior_sd, dtype=float) ** 2)
    inner = np.linalg.inv(precision + prior)
    mean = inner @ (precision @ slopes[1:] + prior @ np.asarray(prior_mean, dtype=float))
    sd = np.sqrt(np.diag(inner))
    half = stats.norm.isf((1 - level) / 2) * sd
    above = stats.norm.sf(-mean / sd)
    return Posterior(given.names, len(given.y), mean, sd, mean - half, mean + half, above)
