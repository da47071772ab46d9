"""RAM form: model matrices, implied moments and their derivatives, with any leading batch axes.

All variables of a group stand in one vector, observed first. ``A`` holds directed paths, ``S`` symmetric
ones, ``m`` intercepts; ``E = (I - A)^-1``, the implied covariance is ``E_o S E_o'`` and the mean ``E_o m``
(McArdle & McDonald 1984, doi 10.1111/j.2044-8317.1984.tb00802.x).

Every derivative of the covariance has rank two, ``u v' + v u'``; ``U`` and ``V`` hold the ``u`` and ``v`` as columns.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from mce_utaut.sem.table import ParameterTable
from mce_utaut.sem.vech import vech_indices


@dataclass(frozen=True, slots=True)
class Cells:
    """Free cells of a model matrix: rows (c,), columns (c,), and the derivative column (c,) each feeds."""

    rows: np.ndarray
    cols: np.ndarray
    at: np.ndarray


@dataclass(frozen=True, slots=True)
class GroupMatrices:
    """Where a group's parameters go.

    ``variables`` (v,) = observed (p,) then latent. ``A0, S0`` (v, v) and ``m0`` (v,) hold fixed values.
    ``x_start:x_stop`` is the slice of ``x`` that belongs to this group, q parameters in table order.
    ``path, symmetric, intercept`` are its free cells; ``threshold`` and ``scale`` list (variable index,
    threshold number) and (variable index, 0) of free thresholds and scales, ``threshold0`` and ``scale0``
    hold their fixed values (p, most thresholds) and (p,). ``computed`` are the observed variables whose residual
    variance follows from the delta parameterisation, ``ordered`` all ordered ones; ``theta`` tells which.
    ``depth`` is the length of the longest chain of paths (-1 where paths run in a circle):
    ``E = I + A + ... + A^depth``. Where the model is conditional on exogenous variables, these are ``given`` (k,)
    with sample covariance ``given_covariance`` (k, k); they have no variance or mean in S0 and m0.
    """

    variables: tuple[str, ...]
    p: int
    x_start: int
    x_stop: int
    A0: np.ndarray
    S0: np.ndarray
    m0: np.ndarray
    path: Cells
    symmetric: Cells
    intercept: Cells
    threshold: Cells
    scale: Cells
    threshold0: np.ndarray
    scale0: np.ndarray
    computed: np.ndarray
    ordered: np.ndarray
    theta: bool
    meanstructure: bool
    depth: int
    given: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=int))
    given_covariance: np.ndarray = field(default_factory=lambda: np.zeros((0, 0)))

    @property
    def q(self) -> int:
        """The number of free rows of this group."""
        return self.x_stop - self.x_start


@dataclass(frozen=True, slots=True)
class Implied:
    """A group's moments under the model: ``covariance`` (..., p, p), ``mean`` (..., p) or None.

    Also ``A``, ``S``, ``E``, ``C = E S E'`` (..., v, v) of all variables, and ``all_means`` (..., v). With
    ordered variables, ``covariance`` and ``mean`` are those of the latent responses before scaling, ``scale``
    (..., p) what multiplies them and ``thresholds`` (..., p, most) their cuts; else both are None.
    """

    covariance: np.ndarray
    mean: np.ndarray | None
    A: np.ndarray
    S: np.ndarray
    E: np.ndarray
    C: np.ndarray
    all_means: np.ndarray
    scale: np.ndarray | None = None
    thresholds: np.ndarray | None = None


@dataclass(frozen=True, slots=True)
class Derivatives:
    """d covariance / d x_k = U[:, k] V[:, k]' + V[:, k] U[:, k]'; d mean / d x_k = D[:, k].

    ``U, V, D`` are (..., p, q); D is None without a mean structure.
    """

    U: np.ndarray
    V: np.ndarray
    D: np.ndarray | None


def group_matrices(table: ParameterTable, group: int) -> GroupMatrices:
    """The matrices of group ``group`` (from 0)."""
    variables = table.observed + table.latent
    index = {name: i for i, name in enumerate(variables)}
    v, p = len(variables), len(table.observed)
    most = max([int(row.rhs[1:]) for row in table.rows if row.op == "|"], default=0)
    A0, S0, m0 = np.zeros((v, v)), np.zeros((v, v)), np.zeros(v)
    threshold0, scale0 = np.full((p, most), np.nan), np.ones(p)
    cells: dict[str, list[tuple[int, int, int]]] = {
        "path": [],
        "symmetric": [],
        "intercept": [],
        "threshold": [],
        "scale": [],
    }
    mine = [(at, i) for at, i in enumerate(table.free_rows) if table.rows[i].group == group + 1]
    start = mine[0][0] if mine else 0
    column = {int(i): at - start for at, i in mine}
    computed = []
    given = [index[name] for name in table.fixed_exogenous] if table.conditional else []
    given_covariance = np.zeros((len(given), len(given)))
    for i, row in enumerate(table.rows):
        if row.group != group + 1:
            continue
        kind, r, c = _cell(row, index)
        if i in column:
            cells[kind].append((r, c, column[i]))
            continue
        value = row.fixed
        if table.conditional and row.exo:
            if row.op == "~~":
                a, b = given.index(r), given.index(c)
                given_covariance[a, b] = given_covariance[b, a] = value
            continue
        if row.computed:
            computed.append(r)
        if kind == "path":
            A0[r, c] = value
        elif kind == "symmetric":
            S0[r, c] = S0[c, r] = value
        elif kind == "intercept":
            m0[r] = value
        elif kind == "threshold":
            threshold0[r, c] = value
        else:
            scale0[r] = value
    lists = {kind: _cells(entries) for kind, entries in cells.items()}
    return GroupMatrices(
        depth=_depth(A0, lists["path"]),
        variables=variables,
        p=p,
        x_start=start,
        x_stop=start + len(mine),
        A0=A0,
        S0=S0,
        m0=m0,
        threshold0=threshold0,
        scale0=scale0,
        computed=np.array(computed, dtype=int),
        ordered=np.array([index[name] for name in table.ordered], dtype=int),
        theta=table.parameterization == "theta",
        meanstructure=table.meanstructure,
        given=np.array(given, dtype=int),
        given_covariance=given_covariance,
        **lists,
    )


def _depth(A0: np.ndarray, path: Cells) -> int:
    """The number of steps of the longest chain of paths; -1 for a circle."""
    linked = A0 != 0
    linked[path.rows, path.cols] = True
    reach, depth = linked, 0
    while reach.any():
        depth += 1
        if depth > len(A0):
            return -1
        reach = (reach.astype(float) @ linked) > 0
    return depth


def _cell(row, index: dict[str, int]) -> tuple[str, int, int]:
    lhs = index[row.lhs]
    if row.op == "=~":
        return "path", index[row.rhs], lhs
    if row.op == "~":
        return "path", lhs, index[row.rhs]
    if row.op == "~~":
        return "symmetric", lhs, index[row.rhs]
    if row.op == "~1":
        return "intercept", lhs, 0
    if row.op == "|":
        return "threshold", lhs, int(row.rhs[1:]) - 1
    return "scale", lhs, 0


def _cells(entries: list[tuple[int, int, int]]) -> Cells:
    array = np.array(entries, dtype=int).reshape(-1, 3)
    return Cells(array[:, 0], array[:, 1], array[:, 2])


def implied_moments(group: GroupMatrices, x: np.ndarray) -> Implied:
    """The implied moments for free values ``x`` (..., all free rows of the table); complex values pass through."""
    batch = x.shape[:-1]
    x = x[..., group.x_start : group.x_stop]
    v, p = len(group.variables), group.p
    if batch:
        A = np.broadcast_to(group.A0, (*batch, v, v)).astype(x.dtype, copy=True)
        S = np.broadcast_to(group.S0, (*batch, v, v)).astype(x.dtype, copy=True)
        m = np.broadcast_to(group.m0, (*batch, v)).astype(x.dtype, copy=True)
    else:
        A, S, m = group.A0.astype(x.dtype), group.S0.astype(x.dtype), group.m0.astype(x.dtype)
    A[..., group.path.rows, group.path.cols] = x[..., group.path.at]
    values = x[..., group.symmetric.at]
    S[..., group.symmetric.rows, group.symmetric.cols] = values
    S[..., group.symmetric.cols, group.symmetric.rows] = values
    m[..., group.intercept.rows] = x[..., group.intercept.at]
    E = _total_effects(A, group.depth)
    scale = _given_scales(group, x) if group.ordered.size else None
    if scale is not None and group.computed.size:
        _complete_residuals(group, E, S, scale)
    C = E @ S @ np.swapaxes(E, -1, -2)
    means = (E @ m[..., None])[..., 0]
    mean = means[..., :p] if group.meanstructure else None
    if scale is None:
        return Implied(C[..., :p, :p], mean, A, S, E, C, means)
    thresholds = np.broadcast_to(group.threshold0, (*batch, *group.threshold0.shape))
    thresholds = thresholds.astype(x.dtype, copy=True)
    thresholds[..., group.threshold.rows, group.threshold.cols] = x[..., group.threshold.at]
    if group.theta:
        own = group.ordered
        scale[..., own] = C[..., own, own] ** -0.5
    return Implied(C[..., :p, :p], mean, A, S, E, C, means, scale, thresholds)


def marginal(group: GroupMatrices, implied: Implied) -> Implied:
    """The implied moments with the given exogenous variables' own moments put back into S and C."""
    if not group.given.size:
        return implied
    S = implied.S.copy()
    S[..., group.given[:, None], group.given] = group.given_covariance
    reach = implied.E[..., :, group.given]
    C = implied.C + reach @ group.given_covariance @ np.swapaxes(reach, -1, -2)
    return replace(implied, S=S, C=C)


def _given_scales(group: GroupMatrices, x: np.ndarray) -> np.ndarray:
    """The scales (..., p) as fixed or free parameters have them."""
    scale = np.broadcast_to(group.scale0, (*x.shape[:-1], group.p)).astype(x.dtype, copy=True)
    scale[..., group.scale.rows] = x[..., group.scale.at]
    return scale


def _complete_residuals(group: GroupMatrices, E: np.ndarray, S: np.ndarray, scale: np.ndarray) -> None:
    """Write into S the residual variances that give the latent responses the variance 1 / scale^2.

    They solve ``sum_k E[i, k]^2 s_k = 1 / scale_i^2 - (E S0 E')_ii`` over the computed variables, S0 being
    zero there.
    """
    own = group.computed
    S[..., own, own] = 0.0
    rows = E[..., own, :]
    explained = ((rows @ S) * rows).sum(axis=-1)
    missing = scale[..., own] ** -2.0 - explained
    S[..., own, own] = np.linalg.solve(rows[..., own] ** 2, missing[..., None])[..., 0]


def _total_effects(A: np.ndarray, depth: int) -> np.ndarray:
    """(I - A)^-1 (..., v, v): a short sum of powers where no paths run in a circle."""
    identity = np.eye(A.shape[-1])
    if depth < 0 or depth > 6:
        return np.linalg.inv(identity - A)
    E = identity + A
    for _ in range(depth - 1):
        E = identity + A @ E
    return E


def moment_derivatives(group: GroupMatrices, implied: Implied) -> Derivatives:
    """The derivatives of the implied moments by the group's free rows, as rank-two factors."""
    E, C, p, q = implied.E, implied.C, group.p, group.q
    shape = (*E.shape[:-2], p, q)
    U, V = np.zeros(shape, dtype=E.dtype), np.zeros(shape, dtype=E.dtype)
    path, symmetric, intercept = group.path, group.symmetric, group.intercept
    observed = E[..., :p, :]
    U[..., path.at] = observed[..., path.rows]
    V[..., path.at] = C[..., :p, path.cols]
    U[..., symmetric.at] = observed[..., symmetric.rows]
    V[..., symmetric.at] = observed[..., symmetric.cols] * np.where(
        symmetric.rows == symmetric.cols, 0.5, 1.0
    )
    if not group.meanstructure:
        return Derivatives(U, V, None)
    D = np.zeros(shape, dtype=E.dtype)
    D[..., path.at] = observed[..., path.rows] * implied.all_means[..., None, path.cols]
    D[..., intercept.at] = observed[..., intercept.rows]
    return Derivatives(U, V, D)


def moment_jacobian(group: GroupMatrices, derivatives: Derivatives) -> np.ndarray:
    """d (mean, vech covariance) / d x (e, q): means first where modelled, then the lower triangle by columns."""
    rows, cols = vech_indices(group.p)
    U, V = derivatives.U, derivatives.V
    covariance = U[..., rows, :] * V[..., cols, :] + V[..., rows, :] * U[..., cols, :]
    if derivatives.D is None:
        return covariance
    return np.concatenate([derivatives.D, covariance], axis=-2)


def curvature(
    group: GroupMatrices,
    implied: Implied,
    derivatives: Derivatives,
    by_covariance: np.ndarray,
    by_mean: np.ndarray | None,
) -> np.ndarray:
    """sum_ij G_ij d2 covariance_ij / dx dx' + sum_i g_i d2 mean_i / dx dx' (q, q), for one data set.

    ``by_covariance`` G (p, p, symmetric) and ``by_mean`` g (p,) are the first derivatives of a discrepancy by
    the implied moments: this is the part of its Hessian that the expected information leaves out.
    """
    E, C, q, p = implied.E, implied.C, group.q, group.p
    path, symmetric, intercept = group.path, group.symmetric, group.intercept
    U, V = derivatives.U, derivatives.V
    UGU, UGV = U.T @ by_covariance @ U, U.T @ by_covariance @ V
    H = np.zeros((q, q))
    rows, ends = path.at[:, None], path.cols[:, None]
    own = (rows, path.at)
    E_from_to = E[ends, path.rows]
    first = E_from_to * UGV[own]
    H[own] += 2 * (first + first.T + C[ends, path.cols] * UGU[own])
    if len(symmetric.at):
        half = np.where(symmetric.rows == symmetric.cols, 0.5, 1.0)
        UG = U[:, path.at].T @ by_covariance
        block = (UG @ E[:p, symmetric.rows]) * E[ends, symmetric.cols]
        block += (UG @ E[:p, symmetric.cols]) * E[ends, symmetric.rows]
        block *= 2 * half
        H[rows, symmetric.at] += block
        H[symmetric.at[:, None], path.at] += block.T
    if by_mean is not None and group.meanstructure:
        weight = (by_mean @ E[:p])[path.rows][:, None]
        block = weight * E_from_to * implied.all_means[path.cols]
        H[own] += block + block.T
        if len(intercept.at):
            block = weight * E[ends, intercept.rows]
            H[rows, intercept.at] += block
            H[intercept.at[:, None], path.at] += block.T
    return H
