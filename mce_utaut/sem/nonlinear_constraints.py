"""Equality constraints that are not linear (``ab == a*b``, ``v == 1 - l^2``): the minimum under them, and its tangent.

The minimum is sought by sequential quadratic programming: the Newton step of the Lagrange conditions, with a line
search on F plus a penalty on the constraints (Nocedal & Wright 2006, Numerical Optimization, ch. 18). There the
table's map is replaced by the tangent of the constraints, so that standard errors, tests and modification indices
take the parameters to move along it, as lavaan's augmented information does (Aitchison & Silvey 1958, doi
10.1214/aoms/1177706538).
"""

from __future__ import annotations

import numpy as np

from mce_utaut.errors import NotConverged, NotEstimable, Problem
from mce_utaut.sem.discrepancy import Objective
from mce_utaut.sem.effects import defined_values
from mce_utaut.sem.expressions import evaluate
from mce_utaut.sem.table import ParameterTable, on_tangent

_MAX_STEPS = 300
_MET = 1e-10  # of a constraint
_STEP = 1e-6  # of the numeric second derivatives of constraints


def tangent_at_minimum(objective: Objective, start: np.ndarray) -> tuple[ParameterTable, np.ndarray]:
    """The table whose map is tangent to the constraints at the minimum of F under them, and its parameters there.

    ``start`` (n_free,) are values of the parameters before the constraints. Raises NotConverged where no such minimum
    was reached, NotEstimable where the constraints depend on one another there.
    """
    t, multipliers = start.copy(), np.zeros(len(objective.table.nonlinear))
    penalty, value = 1.0, objective.value(start)
    for _ in range(_MAX_STEPS):
        h, J = constraint_values(objective.table, t), constraint_jacobian(objective.table, t)
        if not (np.isfinite(h).all() and np.isfinite(J).all() and np.isfinite(value)):
            break
        if np.linalg.matrix_rank(J, tol=1e-9 * np.abs(J).max(initial=1.0)) < len(h):
            raise NotEstimable(_problem(objective.table, "depend on one another, or on nothing that is estimated"))
        step, multipliers, decrement = _newton(objective, t, h, J, multipliers)
        met = float(np.abs(h).max())
        if met < _MET and decrement < 1e-18:
            return on_tangent(objective.table, t, J)
        penalty = max(penalty, 2.0 * float(np.abs(multipliers).max()))
        moved = _searched(objective, t, value, h, step, penalty)
        if moved is None:
            if met < 1e-8 and decrement < 1e-10:
                return on_tangent(objective.table, t, J)
            break
        t, value = moved
    raise NotConverged(_problem(objective.table, "could not be met at a minimum", "Check them, or give start values."))


def constraint_values(table: ParameterTable, t: np.ndarray) -> np.ndarray:
    """Left less right side of every nonlinear constraint (..., constraints)."""
    rows = table.row_values(table.expand(t))
    known = {}
    for i, row in enumerate(table.rows):
        if row.label:
            known.setdefault(row.label, rows[..., i])
    defined = defined_values(table, rows)
    known |= {definition.name: defined[..., d] for d, definition in enumerate(table.definitions)}
    return np.stack(
        [np.broadcast_to(evaluate(c.difference, known), rows.shape[:-1]) for c in table.nonlinear], axis=-1
    )


def constraint_jacobian(table: ParameterTable, t: np.ndarray) -> np.ndarray:
    """Their derivatives by the parameters (constraints, n_free), by complex steps."""
    steps = t + 1j * 1e-30 * np.eye(len(t))
    return np.imag(constraint_values(table, steps)).T / 1e-30


def _newton(
    objective: Objective, t: np.ndarray, h: np.ndarray, J: np.ndarray, multipliers: np.ndarray
) -> tuple[np.ndarray, np.ndarray, float]:
    """The step, the multipliers after it, and the drop of F along the constraints that it promises, doubled."""
    Q = np.linalg.qr(J.T, mode="complete")[0]
    Y, Z = Q[:, : len(h)], Q[:, len(h) :]
    across = -Y @ np.linalg.solve(J @ Y, h)
    bend = _bend(objective.table, t, multipliers)
    for kind in ("observed", "expected"):
        g, H = objective.gradient_and_hessian(t, kind)
        W = H + bend if kind == "observed" else H
        reduced = Z.T @ W @ Z
        scale = np.sqrt(np.abs(np.diag(reduced)))
        scale[scale == 0] = 1.0
        if kind == "observed" and np.linalg.eigvalsh(reduced / np.outer(scale, scale)).min(initial=1.0) < 1e-8:
            continue
        pull = Z.T @ (g + W @ across)
        along = -np.linalg.lstsq(reduced, pull, rcond=None)[0]
        break
    step = across + Z @ along
    after = -np.linalg.solve((J @ Y).T, Y.T @ (g + W @ step))
    return step, after, float(pull @ -along)


def _bend(table: ParameterTable, t: np.ndarray, multipliers: np.ndarray) -> np.ndarray:
    """sum_c multiplier_c d2 constraint_c / dt dt' (n_free, n_free)."""
    if not multipliers.any():
        return np.zeros((len(t), len(t)))
    size = _STEP * np.maximum(np.abs(t), 1e-2)
    out = np.empty((len(t), len(t)))
    for k, e in enumerate(np.diag(size)):
        out[k] = multipliers @ (constraint_jacobian(table, t + e) - constraint_jacobian(table, t - e)) / (2 * size[k])
    return (out + out.T) / 2


def _searched(
    objective: Objective, t: np.ndarray, value: float, h: np.ndarray, step: np.ndarray, penalty: float
) -> tuple[np.ndarray, float] | None:
    merit, away, length = value + penalty * np.abs(h).sum(), float(np.abs(h).sum()), 1.0
    slope = float(objective.gradient(t) @ step) - penalty * away
    noise = 1e-13 * (1 + abs(merit))
    for _ in range(40):
        trial = t + length * step
        reached = objective.value(trial)
        if np.isfinite(reached):
            apart = np.abs(constraint_values(objective.table, trial)).sum()
            if reached + penalty * apart <= merit + 1e-4 * length * min(slope, 0.0) + noise:
                return trial, reached
        length *= 0.5
    return None


def _problem(table: ParameterTable, what: str, remedy: str = "Remove one of them.") -> Problem:
    told = ", ".join(f"{c.left} == {c.right}" for c in table.nonlinear)
    return Problem(f"the constraints {told} {what}.", remedy)
