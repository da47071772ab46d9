"""Standardised parameters (latent, all) with delta-method standard errors, and R-square.

As in lavaan: covariances are divided by the standard deviations of the (residual) variables they belong to (of a
negative variance the absolute value), every other parameter by those of the variables themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mce_utaut.sem.effects import defined_jacobian, defined_values
from mce_utaut.sem.matrices import GroupMatrices, Implied, implied_moments, marginal
from mce_utaut.sem.table import ParameterTable
from mce_utaut.sem.variance_derivatives import variance_derivatives


@dataclass(frozen=True, slots=True)
class Standardised:
    """``lv``, ``all`` and the standard errors of ``all`` (r,): per row of the table, then per defined parameter."""

    lv: np.ndarray
    all: np.ndarray
    all_se: np.ndarray


def standardised(
    table: ParameterTable,
    groups: Sequence[GroupMatrices],
    t: np.ndarray,
    vcov_t: np.ndarray | None,
    implied: Sequence[Implied] | None = None,
) -> Standardised:
    """Both standardised solutions at ``t`` (n_free,); ``vcov_t`` (n_free, n_free) gives the standard errors.

    ``implied`` are the moments at ``t``, where they are known already.
    """
    x, places = table.expand(t), _places(table, groups)
    implied = [implied_moments(group, x) for group in groups] if implied is None else implied
    lv = _with_defined(table, *_values_and_ratios(table, groups, implied, x, places, "lv"))
    values, ratios = _values_and_ratios(table, groups, implied, x, places, "all")
    complete = _with_defined(table, values, ratios)
    se = np.full(len(complete), np.nan)
    if vcov_t is not None and len(t):
        blocks = [_jacobian(table, g, groups[g], implied[g], places, values, ratios) for g in range(len(groups))]
        for rows, block, group in zip(places.rows, blocks, groups, strict=True):
            se[rows] = _errors(*_share(table, group, block, vcov_t))
        if table.definitions:
            by_t = defined_jacobian(table, values * ratios, _joined(table, groups, places, blocks))
            se[len(values) :] = _errors(by_t, vcov_t)
    return Standardised(lv, complete, se)


def _share(
    table: ParameterTable, group: GroupMatrices, by_x: np.ndarray, vcov_t: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The derivatives by the parameters that move a group, from those by its free rows, and these parameters' vcov."""
    here = slice(group.x_start, group.x_stop)
    if not table.is_constrained:
        return by_x, vcov_t[here, here]
    K = table.K[here]
    moving = np.flatnonzero(K.any(axis=0))
    return by_x @ K[:, moving], vcov_t[np.ix_(moving, moving)]


def _errors(jacobian: np.ndarray, vcov: np.ndarray) -> np.ndarray:
    """Delta-method standard errors (r,) from derivatives; variances that are but rounding are 0."""
    variance = ((jacobian @ vcov) * jacobian).sum(axis=1)
    scale = np.abs(jacobian) @ np.sqrt(np.abs(vcov.diagonal()))
    variance[np.abs(variance) < 1e-14 * np.maximum(scale, 1e-12) ** 2 + 1e-24] = 0.0
    return np.sqrt(np.where(variance >= 0, variance, np.nan))


def standardised_values(table: ParameterTable, groups: Sequence[GroupMatrices], t: np.ndarray, kind: str) -> np.ndarray:
    """The standardised rows and defined parameters (..., r) at ``t`` (..., n_free); ``kind`` is "lv" or "all"."""
    x = table.expand(t)
    implied = [implied_moments(group, x) for group in groups]
    return _with_defined(table, *_values_and_ratios(table, groups, implied, x, _places(table, groups), kind))


def _with_defined(table: ParameterTable, values: np.ndarray, ratios: np.ndarray) -> np.ndarray:
    values = values * ratios
    defined = defined_values(table, values)
    return np.concatenate([values, defined], axis=-1) if defined.shape[-1] else values


def standardised_jacobian(table: ParameterTable, groups: Sequence[GroupMatrices], t: np.ndarray) -> np.ndarray:
    """d std.all / dt (r, n_free) at ``t`` (n_free,), rows as in ``standardised_values``."""
    x, places = table.expand(t), _places(table, groups)
    implied = [implied_moments(group, x) for group in groups]
    values, ratios = _values_and_ratios(table, groups, implied, x, places, "all")
    blocks = [_jacobian(table, g, groups[g], implied[g], places, values, ratios) for g in range(len(groups))]
    by_t = _joined(table, groups, places, blocks)
    return np.concatenate([by_t, defined_jacobian(table, values * ratios, by_t)]) if table.definitions else by_t


def _joined(
    table: ParameterTable, groups: Sequence[GroupMatrices], places: _Places, blocks: Sequence[np.ndarray]
) -> np.ndarray:
    """The derivatives by t (rows, n_free) from those of each group's rows by its free rows."""
    out = np.zeros((len(table.rows), table.n_free))
    for rows, block, group in zip(places.rows, blocks, groups, strict=True):
        out[rows] = block @ table.K[group.x_start : group.x_stop]
    return out


def _jacobian(
    table: ParameterTable,
    g: int,
    group: GroupMatrices,
    implied: Implied,
    places: _Places,
    values: np.ndarray,
    ratios: np.ndarray,
) -> np.ndarray:
    """d std.all / dx of the rows of group ``g`` by its free rows (rows of the group, q).

    A row is its value times a ratio of deviations, whose logarithms have half the derivatives of the logarithms of
    the variances.
    """
    rows, start = places.rows[g], g * places.width
    derivatives = variance_derivatives(group, implied, marginal(group, implied))
    by_deviation = np.concatenate(
        [derivatives.total, derivatives.residual, derivatives.response, np.zeros((1, group.q))]
    )
    with np.errstate(all="ignore"):
        by_deviation *= (0.5 / _variances_and_deviations(group, implied, "all")[0])[:, None]
    change = by_deviation[places.top[rows] - start]
    change -= by_deviation[places.first[rows] - start]
    change -= by_deviation[places.second[rows] - start]
    change *= (values * ratios)[rows, None]
    free = np.searchsorted(rows, table.free_rows[group.x_start : group.x_stop])
    change[free, np.arange(group.q)] += ratios[rows[free]]
    for at, i in enumerate(rows.tolist() if len(table.ordered) else ()):
        row = table.rows[i]
        if row.computed:
            change[at] += ratios[i] * derivatives.residual[group.variables.index(row.lhs)]
        elif row.op == "~*~" and group.theta:
            a = group.variables.index(row.lhs)
            change[at] += ratios[i] * (-0.5 * implied.scale[a] ** 3) * derivatives.response[a]
    return change


@dataclass(frozen=True, slots=True)
class _Places:
    """Which deviations scale each row (rows,): its value times ``top`` over ``first`` and ``second``.

    They point into the groups' deviations, ``width`` to a group: of all variables, of their residuals, of the
    responses before exogenous variables are put back, and a 1. For each group, ``rows`` are its rows, and ``symmetric``
    (s, 3) and ``scale`` (s, 2) hold rows and their cells whose values are those of the model matrices.
    """

    rows: tuple[np.ndarray, ...]

    top: np.ndarray
    first: np.ndarray
    second: np.ndarray
    width: int
    symmetric: tuple[np.ndarray, ...]
    scale: tuple[np.ndarray, ...]


def _places(table: ParameterTable, groups: Sequence[GroupMatrices]) -> _Places:
    variables, p = groups[0].variables, groups[0].p
    index = {name: i for i, name in enumerate(variables)}
    v = len(variables)
    one, width = 2 * v + p, 2 * v + p + 1
    scaled_by = []
    symmetric: list[list] = [[] for _ in groups]
    scale: list[list] = [[] for _ in groups]
    for i, (lhs, op, rhs, number, *_) in enumerate(table.rows):
        a, b = index[lhs], index.get(rhs, 0)
        if op == "=~":
            ends = (a, b, one)
        elif op == "~":
            ends = (b, a, one)
        elif op == "~~":
            ends = (one, a, b) if a == b else (one, v + a, v + b)
            symmetric[number - 1].append((i, a, b))
        elif op == "~*~":
            ends = (2 * v + a, one, one)
            scale[number - 1].append((i, a))
        else:
            ends = (one, a, one)
        scaled_by.append(ends)
    owner = np.array([row.group - 1 for row in table.rows], dtype=int)
    top, first, second = (np.array(scaled_by, dtype=int).reshape(-1, 3) + owner[:, None] * width).T
    return _Places(
        tuple(np.flatnonzero(owner == g) for g in range(len(groups))),
        top,
        first,
        second,
        width,
        tuple(np.array(cells, dtype=int).reshape(-1, 3) for cells in symmetric),
        tuple(np.array(cells, dtype=int).reshape(-1, 2) for cells in scale),
    )


def _values_and_ratios(
    table: ParameterTable,
    groups: Sequence[GroupMatrices],
    implied: Sequence[Implied],
    x: np.ndarray,
    places: _Places,
    kind: str,
) -> tuple[np.ndarray, np.ndarray]:
    """The values (..., rows) and what each is multiplied with to standardise it (..., rows)."""
    values, deviations = table.row_values(x), []
    for group, moments, symmetric, scale in zip(groups, implied, places.symmetric, places.scale, strict=True):
        deviations.append(_variances_and_deviations(group, moments, kind)[1])
        S = marginal(group, moments).S
        values[..., symmetric[:, 0]] = S[..., symmetric[:, 1], symmetric[:, 2]]
        if len(scale):
            values[..., scale[:, 0]] = moments.scale[..., scale[:, 1]]
    spread = np.concatenate(deviations, axis=-1)
    with np.errstate(all="ignore"):
        ratios = spread[..., places.top] / (spread[..., places.first] * spread[..., places.second])
    return values, ratios


def _variances_and_deviations(group: GroupMatrices, implied: Implied, kind: str) -> tuple[np.ndarray, np.ndarray]:
    """Variances and deviations (..., width) in the order of ``_Places``; 1 where a variable is not scaled."""
    own, v, p = marginal(group, implied), len(group.variables), group.p
    variances = np.ones((*implied.C.shape[:-2], 2 * v + p + 1), dtype=implied.C.dtype)
    variances[..., :v] = np.diagonal(own.C, axis1=-2, axis2=-1)
    variances[..., v : 2 * v] = np.diagonal(own.S, axis1=-2, axis2=-1)
    variances[..., 2 * v : -1] = np.diagonal(implied.C, axis1=-2, axis2=-1)[..., :p]
    residual = variances[..., v : 2 * v]
    deviations = variances.copy()
    deviations[..., v : 2 * v] = residual * np.sign(np.real(residual))
    deviations = np.sqrt(np.where(np.real(deviations) > 0, deviations, np.nan))
    if kind == "lv":
        deviations[..., :p] = deviations[..., v : v + p] = deviations[..., 2 * v :] = 1.0
    return variances, deviations


def r_squared(group: GroupMatrices, implied: Implied, table: ParameterTable, number: int) -> dict[str, float]:
    """R-square of every dependent variable of group ``number`` (from 1); nan for negative residual variances."""
    names = [
        row.rhs if row.op == "=~" else row.lhs for row in table.rows if row.group == number and row.op in ("=~", "~")
    ]
    out, implied = {}, marginal(group, implied)
    for name in sorted(dict.fromkeys(names), key=group.variables.index):
        i = group.variables.index(name)
        residual, total = implied.S[i, i], implied.C[i, i]
        out[name] = float(1 - residual / total) if total > 0 and residual >= 0 else float("nan")
    return out
