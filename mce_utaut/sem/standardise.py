"""Standardised parameters (latent, all) with delta-method standard errors, and R-square.

As in lavaan: covariances are divided by the standard deviations of the (residual) variables they belong to (of a
negative variance the absolute value), every other parameter by those of the variables themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mce_utaut.sem.effects import defined_values
from mce_utaut.sem.matrices import GroupMatrices, Implied, implied_moments, marginal
from mce_utaut.sem.table import ParameterTable


@dataclass(frozen=True, slots=True)
class Standardised:
    """``lv``, ``all`` and the standard errors of ``all`` (r,): per row of the table, then per defined parameter."""

    lv: np.ndarray
    all: np.ndarray
    all_se: np.ndarray


def standardised(
    table: ParameterTable, groups: Sequence[GroupMatrices], t: np.ndarray, vcov_t: np.ndarray | None
) -> Standardised:
    """Both standardised solutions at ``t`` (n_free,); ``vcov_t`` (n_free, n_free) gives the standard errors."""
    lv, complete = standardised_values(table, groups, t, "lv"), standardised_values(table, groups, t, "all")
    se = np.full(len(complete), np.nan)
    if vcov_t is not None and len(t):
        jacobian = _jacobian(table, groups, t)
        variance = np.einsum("rt,ts,rs->r", jacobian, vcov_t, jacobian)
        scale = np.abs(jacobian) @ np.sqrt(np.abs(np.diag(vcov_t)))
        variance[np.abs(variance) < 1e-14 * np.maximum(scale, 1e-12) ** 2 + 1e-24] = 0.0
        se = np.sqrt(np.where(variance >= 0, variance, np.nan))
    return Standardised(lv, complete, se)


def _jacobian(table: ParameterTable, groups: Sequence[GroupMatrices], t: np.ndarray) -> np.ndarray:
    """d std.all / dt (r, n_free) by complex steps, all in one batch."""
    steps = t + 1j * 1e-30 * np.eye(len(t))
    return np.imag(standardised_values(table, groups, steps, "all")).T / 1e-30


def standardised_values(
    table: ParameterTable, groups: Sequence[GroupMatrices], t: np.ndarray, kind: str
) -> np.ndarray:
    """The standardised rows and defined parameters (..., r) at ``t`` (..., n_free); ``kind`` is "lv" or "all"."""
    x = table.expand(t)
    implied = [implied_moments(group, x) for group in groups]
    values = table.row_values(x)
    responses = [_root(np.diagonal(moments.C, axis1=-2, axis2=-1)) for moments in implied]
    implied = [marginal(group, moments) for group, moments in zip(groups, implied, strict=True)]
    deviations = [_deviations(group, moments, kind) for group, moments in zip(groups, implied, strict=True)]
    index = {name: i for i, name in enumerate(groups[0].variables)}
    with np.errstate(all="ignore"):
        for i, row in enumerate(table.rows):
            group = row.group - 1
            total, residual = deviations[group]
            a, b = index[row.lhs], index.get(row.rhs, 0)
            matrices = implied[group]
            if row.op == "=~":
                values[..., i] = matrices.A[..., b, a] * total[..., a] / total[..., b]
            elif row.op == "~":
                values[..., i] = matrices.A[..., a, b] * total[..., b] / total[..., a]
            elif row.op == "~~":
                scale = total if a == b else residual
                values[..., i] = matrices.S[..., a, b] / (scale[..., a] * scale[..., b])
            elif row.op == "~1":
                intercept = groups[group].m0[..., a] if not (row.free or row.exo) else values[..., i]
                values[..., i] = intercept / total[..., a]
            elif row.op == "|":
                values[..., i] = values[..., i] / total[..., a]
            elif row.op == "~*~":
                spread = responses[group][..., a] if kind == "all" else 1.0
                values[..., i] = matrices.scale[..., a] * spread
    defined = defined_values(table, values)
    return np.concatenate([values, defined], axis=-1) if defined.shape[-1] else values


def _deviations(group: GroupMatrices, implied: Implied, kind: str) -> tuple[np.ndarray, np.ndarray]:
    """Standard deviations of all variables and of their residuals (..., v); 1 where a variable is not scaled."""
    with np.errstate(all="ignore"):
        total = _root(np.diagonal(implied.C, axis1=-2, axis2=-1))
        own = np.diagonal(implied.S, axis1=-2, axis2=-1)
        residual = _root(own * np.sign(np.real(own)))
    if kind == "lv":
        total, residual = total.copy(), residual.copy()
        total[..., : group.p] = 1.0
        residual[..., : group.p] = 1.0
    return total, residual


def _root(variance: np.ndarray) -> np.ndarray:
    return np.sqrt(np.where(np.real(variance) > 0, variance, np.nan))


def r_squared(group: GroupMatrices, implied: Implied, table: ParameterTable, number: int) -> dict[str, float]:
    """R-square of every dependent variable of group ``number`` (from 1); nan for negative residual variances."""
    names = [
        row.rhs if row.op == "=~" else row.lhs
        for row in table.rows
        if row.group == number and row.op in ("=~", "~")
    ]
    out, implied = {}, marginal(group, implied)
    for name in sorted(dict.fromkeys(names), key=group.variables.index):
        i = group.variables.index(name)
        residual, total = implied.S[i, i], implied.C[i, i]
        out[name] = float(1 - residual / total) if total > 0 and residual >= 0 else float("nan")
    return out
