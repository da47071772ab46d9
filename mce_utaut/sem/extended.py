"""A fitted model with further parameters added at the values they are fixed to: for score tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from mce_utaut.sem.discrepancy import Objective
from mce_utaut.sem.fiml import FullInformation
from mce_utaut.sem.matrices import GroupMatrices, group_matrices
from mce_utaut.sem.ml import MaximumLikelihood
from mce_utaut.sem.table import Parameter, ParameterTable
from mce_utaut.sem.tests_of_fit import exogenous_columns

Factors = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True, slots=True)
class Extension:
    """First and second derivatives of F at the estimate, the parameters of the model and the added ones apart.

    ``added`` are the added rows; ``gradient`` (a,) is dF by them; ``schur`` (a, a) their Hessian once the
    model's own parameters are allowed to follow, groups weighted by n_g / N there, as in informations.
    """

    added: tuple[Parameter, ...]
    gradient: np.ndarray
    schur: np.ndarray


def extend(objective: Objective, t: np.ndarray, candidates: Sequence[Parameter]) -> Extension:
    """The extension of a fitted objective by ``candidates``: rows that are not free in its table.

    A candidate that the table holds as a fixed row is freed there, else it is added with the value 0.
    """
    table = objective.table
    rows, added = _with_candidates(table.rows, candidates)
    free_rows = np.array([i for i, row in enumerate(rows) if row.free], dtype=int)
    old_position = {
        (r.lhs, r.op, r.rhs, r.group): at for at, r in enumerate(table.rows[i] for i in table.free_rows)
    }
    count, extra = table.n_free, len(added)
    K, k0 = np.zeros((len(free_rows), count + extra)), np.zeros(len(free_rows))
    order = []
    for at, i in enumerate(free_rows):
        row = rows[i]
        key = (row.lhs, row.op, row.rhs, row.group)
        if key in old_position:
            K[at, :count], k0[at] = table.K[old_position[key]], table.k0[old_position[key]]
        else:
            K[at, count + len(order)] = 1.0
            order.append(row)
    wide = replace(table, rows=tuple(rows), free_rows=free_rows, K=K, k0=k0)
    groups = tuple(group_matrices(wide, g) for g in range(len(table.groups)))
    values = np.array([row.fixed for row in order])
    larger = replace(objective, table=wide, groups=groups)
    g, H = larger.unconstrained(np.concatenate([t, values]), "expected")
    if larger.by_cases() is not larger:
        H = larger.by_cases().unconstrained(np.concatenate([t, values]), "expected")[1]
    H -= _exogenous_share(objective, wide, groups, np.concatenate([t, values]))
    g, H = K.T @ g, K.T @ H @ K
    own, new = slice(0, count), slice(count, count + extra)
    reach = np.linalg.lstsq(H[own, own], H[own, new], rcond=None)[0] if count else np.zeros((0, extra))
    return Extension(tuple(order), g[new], H[new, new] - H[new, own] @ reach)


def _exogenous_share(
    objective: Objective, table: ParameterTable, groups: Sequence[GroupMatrices], t: np.ndarray
) -> np.ndarray:
    """The part of the expected Hessian (q, q) that the moments of fixed exogenous variables alone contribute under ML.

    Those moments are no data; with Sigma_a = u v' + v u' and its exogenous block X_a, the part is
    tr(P Sigma_a P X_b) + tr(P X_a P Sigma_b) - tr(P X_a P X_b).
    """
    share = np.zeros((len(table.free_rows), len(table.free_rows)))
    columns = exogenous_columns(objective)
    if not len(columns):
        return share
    wide = replace(objective, table=table, groups=tuple(groups))
    for group, part, weight, (implied, derivatives) in zip(
        groups, wide.parts, wide.weights, wide.implied_and_derivatives(t), strict=True
    ):
        here = slice(group.x_start, group.x_stop)
        if isinstance(part, FullInformation):
            share[here, here] = weight * part.exogenous_share(group, implied, derivatives, columns)
        if not isinstance(part, MaximumLikelihood):
            continue
        P = np.linalg.inv(implied.covariance)
        inside = np.zeros((group.p, 1))
        inside[columns] = 1.0
        full, block = (derivatives.U, derivatives.V), (derivatives.U * inside, derivatives.V * inside)
        cross = _traces(P, full, block)
        H = cross + cross.T - _traces(P, block, block)
        if derivatives.D is not None:
            mean_cross = 2 * derivatives.D.T @ P @ (derivatives.D * inside)
            D = derivatives.D * inside
            H += mean_cross + mean_cross.T - 2 * D.T @ P @ D
        share[here, here] = weight * H
    return share


def _traces(P: np.ndarray, left: Factors, right: Factors) -> np.ndarray:
    """tr(P Sigma_a P Sigma_b) (q, q) for two sets of rank-two factors."""
    (U1, V1), (U2, V2) = left, right
    return 2 * ((U1.T @ P @ U2) * (V1.T @ P @ V2) + (U1.T @ P @ V2) * (V1.T @ P @ U2))


def _with_candidates(
    rows: Sequence[Parameter], candidates: Sequence[Parameter]
) -> tuple[list[Parameter], list[Parameter]]:
    """The rows, group after group, with the candidates freed or added (``fixed`` keeps the value they have)."""
    places = {(row.lhs, row.op, row.rhs, row.group): i for i, row in enumerate(rows)}
    out, new = list(rows), []
    for candidate in candidates:
        place = places.get((candidate.lhs, candidate.op, candidate.rhs, candidate.group))
        if place is None:
            new.append(candidate._replace(free=1, fixed=0.0))
        else:
            out[place] = out[place]._replace(free=1, exo=False)
    freed = [row for row, before in zip(out, rows, strict=True) if row is not before]
    out = sorted([*out, *new], key=lambda row: row.group)
    return out, freed + new
