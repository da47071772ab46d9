"""RAM form: model matrices, implied moments and their derivatives, with any leading batch axes.

All variables of a group stand in one vector, observed first. ``A`` holds directed paths, ``S`` symmetric
ones, ``m`` intercepts; ``E = (I - A)^-1``, the implied covariance is ``E_o S E_o'`` and the mean ``E_o m``
(McArdle & McDonald 1984, doi 10.1111/j.2044-8317.1984.tb00802.x).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from mce_utaut.sem.table import ParameterTable


@dataclass(frozen=True, slots=True)
class Cells:
    """Free cells of a model matrix: rows (c,), columns (c,), and the derivative column (c,) each feeds."""

    rows: np.ndarray
    cols: np.ndarray
    at: np.ndarray


@dataclass(frozen=True, slots=True)
class Ends:
    """Of what the derivatives by each free row (q,) are made, see ``moment_basis``.

    d covariance / dx = ``half`` (u v' + v u'), with u the column ``left`` and v the column ``right`` of the basis.
    ``half`` is 1, 1/2 for variances, 0 where the covariance does not depend on the row.
    """

    left: np.ndarray
    right: np.ndarray
    half: np.ndarray


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
    with sample covariance ``given_covariance`` (k, k); they have no variance or mean in S0 and m0. ``ends`` tell of
    which columns the derivatives are made.
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
    ends: Ends
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


def group_matrices(table: ParameterTable, group: int) -> GroupMatrices:
    """The matrices of group ``group`` (from 0)."""
    variables = table.observed + table.latent
    index = {name: i for i, name in enumerate(variables)}
    v, p = len(variables), len(table.observed)
    number, rows = group + 1, table.rows
    mine = [(at, i) for at, i in enumerate(table.free_rows.tolist()) if rows[i].group == number]
    start = mine[0][0] if mine else 0
    free, fixed = _sorted_cells(table, number, index, {i: at - start for at, i in mine})
    A0, S0, m0 = np.zeros((v, v)), np.zeros((v, v)), np.zeros(v)
    most = max([int(row.rhs[1:]) for row in rows if row.op == "|"], default=0) if table.ordered else 0
    threshold0, scale0 = np.full((p, most), np.nan), np.ones(p)
    for r, c, value in fixed["path"]:
        A0[r, c] = value
    for r, c, value in fixed["symmetric"]:
        S0[r, c] = S0[c, r] = value
    for r, _, value in fixed["intercept"]:
        m0[r] = value
    for r, c, value in fixed["threshold"]:
        threshold0[r, c] = value
    for r, _, value in fixed["scale"]:
        scale0[r] = value
    lists = {kind: _cells(entries) for kind, entries in free.items()}
    given, given_covariance = _given(table, number, index)
    return GroupMatrices(
        depth=_depth(A0, lists["path"]),
        ends=_ends(lists, v, len(mine)),
        variables=variables,
        p=p,
        x_start=start,
        x_stop=start + len(mine),
        A0=A0,
        S0=S0,
        m0=m0,
        threshold0=threshold0,
        scale0=scale0,
        computed=np.array([index[r.lhs] for r in rows if r.computed and r.group == number], dtype=int),
        ordered=np.array([index[name] for name in table.ordered], dtype=int),
        theta=table.parameterization == "theta",
        meanstructure=table.meanstructure,
        given=given,
        given_covariance=given_covariance,
        **lists,
    )


_KINDS = {"=~": "path", "~": "path", "~~": "symmetric", "~1": "intercept", "|": "threshold", "~*~": "scale"}
_Entries = dict[str, list[tuple]]


def _sorted_cells(
    table: ParameterTable, number: int, index: Mapping[str, int], column: Mapping[int, int]
) -> tuple[_Entries, _Entries]:
    """The free cells of each matrix of a group as (row, column, derivative column), the fixed ones with their value.

    ``column`` gives the derivative column of each free row of the table. Moments that the model is conditional on
    are in neither.
    """
    free: _Entries = {kind: [] for kind in ("path", "symmetric", "intercept", "threshold", "scale")}
    fixed: _Entries = {kind: [] for kind in free}
    for i, row in enumerate(table.rows):
        if row.group != number:
            continue
        op, r, c = row.op, index[row.lhs], 0
        if op == "=~":
            r, c = index[row.rhs], r
        elif op == "~" or op == "~~":
            c = index[row.rhs]
        elif op == "|":
            c = int(row.rhs[1:]) - 1
        if i in column:
            free[_KINDS[op]].append((r, c, column[i]))
        elif not (table.conditional and row.exo):
            fixed[_KINDS[op]].append((r, c, row.fixed))
    return free, fixed


def _given(table: ParameterTable, number: int, index: Mapping[str, int]) -> tuple[np.ndarray, np.ndarray]:
    """The variables (k,) that the model is conditional on, and their covariances (k, k) in a group."""
    names = table.fixed_exogenous if table.conditional else ()
    covariances = np.zeros((len(names), len(names)))
    for row in table.rows if names else ():
        if row.group == number and row.exo and row.op == "~~":
            a, b = names.index(row.lhs), names.index(row.rhs)
            covariances[a, b] = covariances[b, a] = row.fixed
    return np.array([index[name] for name in names], dtype=int), covariances


def _ends(cells: Mapping[str, Cells], v: int, q: int) -> Ends:
    left, right, half = np.zeros(q, dtype=int), np.zeros(q, dtype=int), np.zeros(q)
    path, symmetric, intercept = cells["path"], cells["symmetric"], cells["intercept"]
    left[path.at], right[path.at], half[path.at] = path.rows, v + path.cols, 1.0
    left[symmetric.at], right[symmetric.at] = symmetric.rows, symmetric.cols
    half[symmetric.at] = np.where(symmetric.rows == symmetric.cols, 0.5, 1.0)
    left[intercept.at] = intercept.rows
    return Ends(left, right, half)


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
    before = (...,) if batch else ()  # an ellipsis costs time where there is nothing for it
    A[*before, group.path.rows, group.path.cols] = x[*before, group.path.at]
    values = x[*before, group.symmetric.at]
    S[*before, group.symmetric.rows, group.symmetric.cols] = values
    S[*before, group.symmetric.cols, group.symmetric.rows] = values
    m[*before, group.intercept.rows] = x[*before, group.intercept.at]
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
        E = A @ E
        E += identity
    return E
