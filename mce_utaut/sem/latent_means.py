"""Differences of latent means between groups, raw and in standard deviations.

Licensed by (partial) scalar invariance only. d is the difference over the square root of the pooled variance of the
factor, groups weighted by their size (Hancock 2001, doi 10.1007/BF02294440), with delta-method standard errors.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from mce_utaut.errors import NotEstimable
from mce_utaut.sem.fit import Fit
from mce_utaut.sem.invariance import Ladder
from mce_utaut.sem.matrices import implied_moments
from mce_utaut.sem.reference import reference_of

LICENCE = {False: "scalar", True: "intercepts"}
STEP = 1e-30


@dataclass(frozen=True, slots=True)
class MeanDifference:
    """The latent mean of ``factor`` in ``group`` less that in ``reference``; ``d`` in pooled standard deviations."""

    factor: str
    reference: str
    group: str
    difference: float
    se: float
    z: float
    pvalue: float
    ci_lower: float
    ci_upper: float
    d: float
    d_se: float
    d_ci_lower: float
    d_ci_upper: float


def latent_mean_differences(ladder: Ladder) -> list[MeanDifference]:
    """Every pair of groups for every factor, from the (partial) scalar level.

    Raises NotEstimable, with the reason, where that level is not reached.
    """
    name = LICENCE[ladder.ordered]
    level = ladder.reached(name)
    if level is None:
        raise NotEstimable(
            f"Latent means are not compared: the level {name} does not hold, so that a difference of means "
            "could be one of the items. Either free single items (partial invariance) or describe each group alone."
        )
    return mean_differences(level.fit)


def mean_differences(fit: Fit) -> list[MeanDifference]:
    """The differences of latent means of a fit in several groups, whatever its equality."""
    t, labels = fit.t, fit.table.groups
    value = _moments(fit, t)
    slope = np.imag(_moments(fit, t + 1j * STEP * np.eye(len(t)))) / STEP
    sizes = np.array([sample.n for sample in fit.samples], dtype=float)
    reference = reference_of(fit.options, fit.samples)
    quantile = reference.quantile(fit.options.level)
    vcov = np.full((len(t), len(t)), np.nan) if fit.vcov_t is None else fit.vcov_t
    out = []
    for k, factor in enumerate(fit.table.latent):
        for a, b in combinations(range(len(labels)), 2):
            weight = sizes[[a, b]] / (sizes[a] + sizes[b])
            difference = value[0, b, k] - value[0, a, k]
            by_t = slope[:, 0, b, k] - slope[:, 0, a, k]
            pooled = weight @ value[1, [a, b], k]
            pooled_by_t = slope[:, 1][:, [a, b], k] @ weight
            d = difference / np.sqrt(pooled)
            d_by_t = by_t / np.sqrt(pooled) - 0.5 * d / pooled * pooled_by_t
            se, d_se = (float(np.sqrt(max(g @ vcov @ g, 0.0))) for g in (by_t, d_by_t))
            z = difference / se if se > 0 else float("nan")
            out.append(
                MeanDifference(
                    factor=factor,
                    reference=labels[a],
                    group=labels[b],
                    difference=float(difference),
                    se=se,
                    z=float(z),
                    pvalue=float(reference.pvalue(z)),
                    ci_lower=float(difference - quantile * se),
                    ci_upper=float(difference + quantile * se),
                    d=float(d),
                    d_se=d_se,
                    d_ci_lower=float(d - quantile * d_se),
                    d_ci_upper=float(d + quantile * d_se),
                )
            )
    return out


def _moments(fit: Fit, t: np.ndarray) -> np.ndarray:
    """Means and variances (..., 2, groups, factors) of the latent variables."""
    x, p = fit.table.expand(t), len(fit.table.observed)
    means, variances = [], []
    for group in fit.objective.groups:
        implied = implied_moments(group, x)
        means.append(implied.all_means[..., p:])
        variances.append(np.diagonal(implied.C, axis1=-2, axis2=-1)[..., p:])
    return np.stack([np.stack(means, axis=-2), np.stack(variances, axis=-2)], axis=-3)
