"""Information matrices and the covariance matrix of the estimates.

Unit information is half the Hessian of F; ``A`` is expected or observed, ``B`` the mean product of casewise scores.
All matrices are over the estimated parameters ``t``; ``vcov`` is over the free rows ``x = K t + k0``.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from mce_utaut.sem.discrepancy import Objective
from mce_utaut.sem.positive_definite import inverse_and_log_determinant, is_positive_definite
from mce_utaut.sem.units import natural_units

InformationKind = Literal["expected", "observed", "observed.h1", "first.order"]


def unit_information(objective: Objective, t: np.ndarray, kind: InformationKind) -> np.ndarray:
    """The information per case about ``t`` (n_free, n_free).

    "observed.h1" is the observed information about the moments, taken to the parameters without the curvature of
    the model: what lavaan's scaled tests use unless the estimator is MLR.
    """
    if kind == "first.order":
        return score_product(objective, t)
    if kind == "observed.h1":
        H = objective.by_cases().unconstrained(t, "observed")[1]
        K = objective.table.K
        return 0.5 * K.T @ (H - objective.by_cases().curvature(t)) @ K
    return 0.5 * objective.by_cases().gradient_and_hessian(t, kind)[1]


def score_product(objective: Objective, t: np.ndarray) -> np.ndarray:
    """B (n_free, n_free): the mean product of scores, summed within clusters (times G/(G-1)) where there are any."""
    return objective.kept(t, "score product", _score_product).copy()


def _score_product(objective: Objective, t: np.ndarray) -> np.ndarray:
    q = len(objective.table.free_rows)
    B = np.zeros((q, q))
    total = sum(part.sample.n for part in objective.parts)
    for group, part, (implied, derivatives) in zip(
        objective.groups, objective.parts, objective.implied_and_derivatives(t), strict=True
    ):
        scores, factor = part.scores(group, implied, derivatives), 1.0
        if part.sample.clusters is not None:
            codes, inverse = np.unique(part.sample.clusters, return_inverse=True)
            summed = np.zeros((len(codes), scores.shape[1]))
            np.add.at(summed, inverse, scores)
            scores, factor = summed, len(codes) / (len(codes) - 1)
        here = slice(group.x_start, group.x_stop)
        B[here, here] = scores.T @ scores * (factor / total)
    K = objective.table.K
    return K.T @ B @ K


def gamma_middle(
    objective: Objective, t: np.ndarray, exogenous: np.ndarray, *, observed: bool = False
) -> np.ndarray:
    """Delta' V Gamma V Delta (n_free, n_free) of all groups, V expected or observed, as in lavaan."""
    q = len(objective.table.free_rows)
    B = np.zeros((q, q))
    for group, part, weight, (implied, derivatives) in zip(
        objective.groups,
        objective.parts,
        objective.by_cases().weights,
        objective.implied_and_derivatives(t),
        strict=True,
    ):
        here = slice(group.x_start, group.x_stop)
        if observed:
            products = part.observed_gamma_products(group, implied, derivatives, exogenous)
        else:
            products = part.gamma_products(group, implied, derivatives, exogenous, False)
        B[here, here] = weight * products.middle
    K = objective.table.K
    return K.T @ B @ K


def inverse_information(A: np.ndarray) -> np.ndarray:
    """A^-1, inverted on the scale where its diagonal is 1; raises LinAlgError where it is singular."""
    scale = np.sqrt(np.abs(A.diagonal()))
    scale[scale == 0] = 1.0
    units = scale[:, None] * scale
    scaled = A / units
    found = inverse_and_log_determinant(scaled)
    if found is not None:
        return found[0] / units
    inverse = np.linalg.inv(scaled) / units
    return (inverse + inverse.T) / 2


def loose_parameters(objective: Objective, t: np.ndarray, tolerance: float = 1e-9) -> list[tuple[str, ...]]:
    """The sets of parameters that a singular expected information ties together (empty: identified)."""
    H = objective.gradient_and_hessian(t, "expected")[1]
    if not len(H):
        return []
    units = natural_units(objective, t)
    scale = np.sqrt(np.abs(H.diagonal()))
    dead = scale * units < 1e-10
    if dead.any():
        scale[dead] = 1.0
        H[dead] = H[:, dead] = 0.0
    scaled = H / (scale[:, None] * scale)
    if not dead.any() and is_positive_definite(scaled, tolerance):
        return []
    values, vectors = np.linalg.eigh(scaled)
    names = estimated_names(objective)
    sets: list[set[int]] = []
    for k in np.flatnonzero(values < tolerance):
        vector = np.abs(vectors[:, k])
        found = set(np.flatnonzero(vector > 0.01 * vector.max()).tolist())
        joined = [other for other in sets if other & found]
        sets = [other for other in sets if not other & found] + [found.union(*joined)]
    return [tuple(names[i] for i in sorted(found)) for found in sets]


def estimated_names(objective: Objective) -> list[str]:
    """A name for each estimated parameter: the first row that it moves."""
    table = objective.table
    many = len(table.groups) > 1
    names = []
    for column in table.K.T:
        row = table.rows[table.free_rows[int(np.flatnonzero(column)[0])]]
        names.append(f"{row.name} in group {table.groups[row.group - 1]}" if many else row.name)
    return names
