"""Second derivatives of the implied statistics of ordered data by their scales.

A threshold d_i (tau - mu_i) or a covariance d_i d_j S*_ij has the scales d as factors, which are parameters (delta) or
the inverse roots of S*_ii (theta). ``moment_derivatives.curvature`` knows the second derivatives of mu and S*; what the
scales add to them is here.
"""

from __future__ import annotations

import numpy as np

from mce_utaut.sem.matrices import GroupMatrices, Implied
from mce_utaut.sem.moment_derivatives import moment_derivatives
from mce_utaut.sem.ordinal_implied import (
    StatisticsLayout,
    response_jacobian,
    scale_jacobian,
    threshold_jacobian,
)
from mce_utaut.sem.vech import vech_positions


def scale_curvature(
    group: GroupMatrices, implied: Implied, layout: StatisticsLayout, pull: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """sum_m pull_m d2 statistic_m / dx dx' (q, q) but for the second derivatives of mu and S*, without given variables.

    ``pull`` (m,) are the derivatives of a discrepancy by the statistics. The second array (p,) is what the scales of
    theta add to its derivatives by the variances S*_ii.
    """
    p, at, scale = group.p, vech_positions(group.p), implied.scale
    by_mean, by_covariance = response_jacobian(group, implied, moment_derivatives(group, implied))
    by_scale = scale_jacobian(group, implied, by_covariance)
    v, i, j = layout.variable, layout.i, layout.j
    first, cross = pull[: v.size], pull[v.size + layout.continuous.size :]
    with_scale = np.zeros((p, group.q))  # d2 F / d scale dx, each pair of scales once
    np.add.at(with_scale, v, first[:, None] * (threshold_jacobian(group, layout) - by_mean[v]))
    covariance = implied.covariance[i, j]
    pairs = by_covariance[at[i, j]]
    np.add.at(with_scale, i, cross[:, None] * (scale[j, None] * pairs + covariance[:, None] * by_scale[j]))
    np.add.at(with_scale, j, cross[:, None] * (scale[i, None] * pairs))
    H = by_scale.T @ with_scale
    H += H.T.copy()
    by_variance = np.zeros(p)
    if group.theta:
        slope = np.zeros(p)  # d F / d scale
        np.add.at(slope, v, first * _distance(implied, layout))
        np.add.at(slope, i, cross * scale[j] * covariance)
        np.add.at(slope, j, cross * scale[i] * covariance)
        own = group.ordered
        diagonal = by_covariance[at[own, own]]
        H += diagonal.T @ ((0.75 * slope[own] * scale[own] ** 5)[:, None] * diagonal)
        by_variance[own] = -0.5 * slope[own] * scale[own] ** 3
    return H, by_variance


def _distance(implied: Implied, layout: StatisticsLayout) -> np.ndarray:
    """tau - mu of every threshold, - mu of every mean."""
    tau = np.where(layout.threshold >= 0, implied.thresholds[layout.variable, layout.threshold], 0.0)
    return tau - implied.mean[layout.variable]
