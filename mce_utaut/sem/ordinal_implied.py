"""What a model says about thresholds, means, variances and correlations of ordered and mixed data.

An ordered variable is a latent response y* cut at thresholds tau. With the implied mean mu and covariance
S* of the latent responses and their scales d (1 for continuous variables), a model implies

* thresholds d_i (tau_ik - mu_i), and minus the means of continuous variables;
* variances of continuous variables;
* covariances d_i d_j S*_ij.

In the delta parameterisation d is a parameter and the residual variance of an ordered variable is
whatever makes S*_ii = 1 / d_i^2; in theta the residual variance is the parameter and d_i = S*_ii^-1/2
(Muthén & Asparouhov, 2002, Mplus Web Note 4). lavaan's order of statistics, as in ``ordinal_moments``.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from mce_utaut.sem.matrices import GroupMatrices, Implied
from mce_utaut.sem.moment_derivatives import Derivatives, moment_jacobian
from mce_utaut.sem.ordinal_moments import OrdinalMoments
from mce_utaut.sem.variance_derivatives import goal_of_computed
from mce_utaut.sem.vech import vech_indices, vech_positions


@dataclass(frozen=True, slots=True)
class StatisticsLayout:
    """Which moment each of the m statistics is.

    The first ``variable`` (f,) entries are thresholds number ``threshold`` (f,) (from 0) of a variable, or its mean
    where that is -1; then the slopes of ``outcome`` (s,) on ``given`` (s,), where there are given variables; then the
    variances of ``continuous`` (c,); then the covariances of ``i`` with ``j``.
    """

    variable: np.ndarray
    threshold: np.ndarray
    continuous: np.ndarray
    i: np.ndarray
    j: np.ndarray
    outcome: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=int))
    given: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=int))


def layout_of(sample: OrdinalMoments) -> StatisticsLayout:
    """The layout of a sample's statistics."""
    variable, is_mean = sample.first_variable, sample.first_is_mean
    starts = np.searchsorted(variable, variable)
    threshold = np.where(is_mean, -1, np.arange(variable.size) - starts)
    own = np.setdiff1d(np.arange(sample.mean.size), sample.given)
    i, j = vech_indices(own.size, diagonal=False)
    outcome, given = np.tile(own, sample.given.size), np.repeat(sample.given, own.size)
    if not sample.given.size:
        outcome = given = np.zeros(0, dtype=int)
    return StatisticsLayout(variable, threshold, variable[is_mean], own[i], own[j], outcome, given)


def implied_statistics(implied: Implied, layout: StatisticsLayout) -> np.ndarray:
    """The implied statistics (m,)."""
    mean, scale, covariance = _parts(implied)
    cut = layout.threshold >= 0
    tau = np.where(cut, implied.thresholds[layout.variable, layout.threshold], 0.0)
    first = scale[layout.variable] * (tau - mean[layout.variable])
    spread = scale[layout.i] * scale[layout.j]
    slopes = scale[layout.outcome] * implied.E[layout.outcome, layout.given]
    own = scale[layout.continuous] ** 2 * covariance[layout.continuous, layout.continuous]
    return np.concatenate([first, slopes, own, spread * covariance[layout.i, layout.j]])


def statistics_jacobian(
    group: GroupMatrices, implied: Implied, derivatives: Derivatives, layout: StatisticsLayout
) -> np.ndarray:
    """The derivatives (m, q) of the implied statistics by the group's free rows."""
    mean, scale, covariance = _parts(implied)
    at = vech_positions(group.p)
    by_mean, by_covariance = response_jacobian(group, implied, derivatives)
    by_scale = scale_jacobian(group, implied, by_covariance)
    cut = layout.threshold >= 0
    v = layout.variable
    tau = np.where(cut, implied.thresholds[v, layout.threshold], 0.0)
    first = -scale[v, None] * by_mean[v] + by_scale[v] * (tau - mean[v])[:, None]
    first += scale[v, None] * threshold_jacobian(group, layout)
    slopes = _slopes_jacobian(group, implied, by_scale, layout)
    c = layout.continuous
    own = scale[c, None] ** 2 * by_covariance[at[c, c]]
    own += (2.0 * scale[c] * covariance[c, c])[:, None] * by_scale[c]
    i, j = layout.i, layout.j
    cross = (scale[i] * scale[j])[:, None] * by_covariance[at[i, j]]
    cross += covariance[i, j][:, None] * (by_scale[i] * scale[j, None] + scale[i, None] * by_scale[j])
    return np.vstack([first, slopes, own, cross])


def threshold_jacobian(group: GroupMatrices, layout: StatisticsLayout) -> np.ndarray:
    """d tau / dx (f, q) of the first statistics; 0 for means."""
    v, k = layout.variable, layout.threshold
    place = np.full((group.p, max(k.max(initial=-1), group.threshold.cols.max(initial=-1)) + 1), -1)
    place[group.threshold.rows, group.threshold.cols] = group.threshold.at
    column = np.where(k >= 0, place[v, k], -1) if place.size else np.full(v.size, -1)
    free = np.flatnonzero(column >= 0)
    out = np.zeros((v.size, group.q))
    out[free, column[free]] = 1.0
    return out


def _slopes_jacobian(
    group: GroupMatrices, implied: Implied, by_scale: np.ndarray, layout: StatisticsLayout
) -> np.ndarray:
    """d slopes / dx (s, q): of scale_i E_ix, where a path from c to r changes E_ix by E_ir E_cx."""
    o, x, path = layout.outcome, layout.given, group.path
    out = implied.E[o, x][:, None] * by_scale[o]
    reach = implied.E[np.ix_(o, path.rows)] * implied.E[np.ix_(path.cols, x)].T
    out[:, path.at] += implied.scale[o, None] * reach
    return out


def has_constant_scales(group: GroupMatrices, implied: Implied) -> bool:
    """Whether scales are fixed and computed residual variances move nothing but their own diagonal."""
    return not (group.theta or group.scale.at.size) and computed_keep_apart(group, implied)


def computed_keep_apart(group: GroupMatrices, implied: Implied) -> bool:
    """Whether computed residual variances (delta) move nothing but their own diagonal."""
    own = group.computed
    reach = implied.E[: group.p, own]
    return np.count_nonzero(reach) == own.size


def response_jacobian(
    group: GroupMatrices, implied: Implied, derivatives: Derivatives
) -> tuple[np.ndarray, np.ndarray]:
    """d mean / dx (p, q) and d vech(covariance) / dx (p*, q) of the latent responses.

    The residual variances that the delta parameterisation computes follow the other parameters.
    """
    p, computed = group.p, group.computed
    jacobian = moment_jacobian(group, derivatives)
    by_mean, by_covariance = jacobian[:p], jacobian[p:]
    if not computed.size:
        return by_mean, by_covariance
    at = vech_positions(p)
    reach = implied.E[np.ix_(computed, computed)] ** 2
    change = np.linalg.solve(reach, goal_of_computed(group, implied) - by_covariance[at[computed, computed]])
    rows, columns = vech_indices(p)
    spread = implied.E[:p, computed]
    return by_mean, by_covariance + (spread[rows] * spread[columns]) @ change


def scale_jacobian(group: GroupMatrices, implied: Implied, by_covariance: np.ndarray) -> np.ndarray:
    """d scale / dx (p, q)."""
    p = group.p
    out = np.zeros((p, group.q))
    if group.theta:
        own = group.ordered
        diagonal = by_covariance[vech_positions(p)[own, own]]
        out[own] = -0.5 * implied.scale[own, None] ** 3 * diagonal
    else:
        out[group.scale.rows, group.scale.at] = 1.0
    return out


def _parts(implied: Implied) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    if implied.mean is None or implied.scale is None:
        raise ValueError("ordered data need a mean structure and scales")
    return implied.mean, implied.scale, implied.covariance
