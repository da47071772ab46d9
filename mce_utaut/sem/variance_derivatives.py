"""How the variances of a model's variables move with its parameters: what standardised values need.

The derivative of a variance by a path from j to i is 2 E_ai C_aj, by a (co)variance of i and j E_ai E_aj (twice, where
i and j differ); residual variances that the delta parameterisation computes follow so as to keep theirs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mce_utaut.sem.matrices import GroupMatrices, Implied


@dataclass(frozen=True, slots=True)
class VarianceDerivatives:
    """By the group's free rows: of the variances of all variables ``total`` (v, q), of their residuals ``residual``
    (v, q), and of the observed variables given the exogenous ones ``response`` (p, q), which differs from ``total``
    only where a model is conditional on these.
    """

    total: np.ndarray
    residual: np.ndarray
    response: np.ndarray


def variance_derivatives(group: GroupMatrices, implied: Implied, whole: Implied) -> VarianceDerivatives:
    """The derivatives at implied moments; ``whole`` are these with the given variables put back (``marginal``)."""
    E, own, symmetric = implied.E, group.computed, group.symmetric
    total = _direct(group, E, whole.C)
    response = total if whole is implied else _direct(group, E, implied.C)
    residual = np.zeros_like(total)
    diagonal = symmetric.rows == symmetric.cols
    residual[symmetric.rows[diagonal], symmetric.at[diagonal]] = 1.0
    if own.size:
        change = np.linalg.solve(E[np.ix_(own, own)] ** 2, goal_of_computed(group, implied) - response[own])
        residual[own] = change
        moved = E[:, own] ** 2 @ change
        total, response = total + moved, response + moved
    return VarianceDerivatives(total, residual, response[: group.p])


def goal_of_computed(group: GroupMatrices, implied: Implied) -> np.ndarray:
    """d scale^-2 / dx (c, q) of the variables whose residual variance is computed."""
    own = group.computed
    goal = np.zeros((own.size, group.q))
    place = np.full(group.p, -1)
    place[group.scale.rows] = group.scale.at
    free = np.flatnonzero(place[own] >= 0)
    goal[free, place[own][free]] = -2.0 * implied.scale[own[free]] ** -3.0
    return goal


def _direct(group: GroupMatrices, E: np.ndarray, C: np.ndarray) -> np.ndarray:
    out = np.zeros((len(E), group.q))
    path, symmetric = group.path, group.symmetric
    out[:, path.at] = 2.0 * E[:, path.rows] * C[:, path.cols]
    twice = np.where(symmetric.rows == symmetric.cols, 1.0, 2.0)
    out[:, symmetric.at] = E[:, symmetric.rows] * E[:, symmetric.cols] * twice
    return out
