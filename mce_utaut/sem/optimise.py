"""Minimise an ``Objective``: Fisher scoring, then Newton steps, with a line search and a fallback.

Steps are judged by the decrement ``g' H^-1 g`` (twice the drop in F that the step promises), which does not
depend on the scale of the variables. Where the Hessian is singular it is damped, so that models that are not
identified still end in a minimum, where ``identification`` finds and names the loose parameters.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg.lapack import dpotrf, dpotrs
from scipy.optimize import minimize

from mce_utaut.sem.discrepancy import Objective
from mce_utaut.sem.positive_definite import is_positive_definite
from mce_utaut.sem.units import natural_units

DECREMENT_DONE = 1e-20
NEWTON_DONE = 1e-13  # the step is taken, and squares what is left
DECREMENT_ACCEPTED = 1e-12
SURE = 1e-8  # a step this small, after a larger one, needs no look at F, which could hardly resolve it
LONGEST = 1.0
PATIENCE = 100  # after so many steps a quasi-Newton method gets on faster
MAX_STEPS = 300


@dataclass(frozen=True, slots=True)
class Solution:
    """Where the optimiser stopped: ``t`` (n_free,), F, the largest absolute gradient, and whether it converged."""

    t: np.ndarray
    value: float
    gradient: float
    decrement: float
    iterations: int
    converged: bool
    method: str


def minimise(
    objective: Objective, start: np.ndarray, max_steps: int = MAX_STEPS, *, rescue: bool = True
) -> Solution:
    """The minimum of F from ``start`` (n_free,); ``converged`` is False where it was not reached.

    With ``rescue`` a search that failed is taken up by a quasi-Newton method and finished again.
    """
    if not start.size:
        return Solution(start, objective.value(start), 0.0, 0.0, 0, True, "no free parameters")
    solution = _scoring(objective, start, min(max_steps, PATIENCE) if rescue else max_steps)
    if solution.converged or not rescue:
        return solution
    rescued = quasi_newton(objective, solution.t if np.isfinite(solution.value) else start)
    again = _scoring(objective, rescued, max_steps)
    best = again if again.value <= solution.value + 1e-12 or again.converged else solution
    return Solution(
        best.t,
        best.value,
        best.gradient,
        best.decrement,
        solution.iterations + again.iterations,
        best.converged,
        "rescued",
    )


def _scoring(objective: Objective, t: np.ndarray, max_steps: int) -> Solution:
    value, damping, decrement, before = objective.value(t), 0.0, float("inf"), float("inf")
    largest, units = float("inf"), natural_units(objective, t)
    solver: _Solver | None = None
    for iteration in range(max_steps):
        if not np.isfinite(value):
            break
        if solver is not None and solver.newton and decrement < 1e-3 * before:
            g = objective.gradient(t)  # so near the end the last Hessian will do
        else:
            g, solver = _curved(objective, t, decrement, damping)
        largest = float(np.abs(g).max())
        step = _limited(-solver.solve(g), units)
        before, decrement = decrement, float(-g @ step)
        if decrement < (NEWTON_DONE if solver.newton else DECREMENT_DONE):
            t = t + step
            return Solution(t, objective.value(t), largest, decrement, iteration + 1, True, "scoring")
        if decrement < SURE and decrement < 0.5 * before:
            moved = _sure_step(t, value, step, decrement)
        else:
            value, moved = objective.value(t), None
        moved = moved or _line_search(objective, t, value, step, decrement)
        if moved is None:
            if decrement < DECREMENT_ACCEPTED:
                return Solution(t, value, largest, decrement, iteration + 1, True, "scoring")
            damping, solver = max(damping * 10, 1e-4), None
            if damping > 1e6:
                break
            continue
        damping = damping / 10 if damping > 1e-6 else 0.0
        t, value = moved
    return Solution(t, value, largest, decrement, max_steps, decrement < DECREMENT_ACCEPTED, "scoring")


def _curved(
    objective: Objective, t: np.ndarray, decrement: float, damping: float
) -> tuple[np.ndarray, _Solver]:
    """The gradient and a solver with the Hessian at ``t``: observed near the end where it is positive definite."""
    if decrement < 1e-2:
        g, H = objective.gradient_and_hessian(t, "observed")
        scaled, scale = _scaled(H)
        if is_positive_definite(scaled, 1e-8):
            return g, _solver(scaled, scale, damping, True)
    g, H = objective.gradient_and_hessian(t, "expected")
    return g, _solver(*_scaled(H), damping, False)


@dataclass(frozen=True, slots=True)
class _Solver:
    """(H + damping)^-1 times a vector: the Cholesky factor of H scaled to a unit diagonal (None: diagonal only)."""

    factor: np.ndarray | None
    scale: np.ndarray
    newton: bool

    def solve(self, g: np.ndarray) -> np.ndarray:
        """H^-1 g."""
        if self.factor is None:
            return g / self.scale**2
        return dpotrs(self.factor, g / self.scale)[0] / self.scale


def _scaled(H: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """H on the scale where its diagonal is 1 or -1, and that scale (n_free,)."""
    scale = np.sqrt(np.abs(H.diagonal()))
    scale[scale == 0] = 1.0
    return H / (scale[:, None] * scale), scale


def _solver(scaled: np.ndarray, scale: np.ndarray, damping: float, newton: bool) -> _Solver:
    """The solver for H + damping diag H, damped further where H is singular; ``scaled`` is overwritten."""
    ridge, diagonal = damping, scaled.diagonal().copy()
    for _ in range(20):
        if ridge:
            scaled.flat[:: len(scaled) + 1] = diagonal + ridge
        factor, failed = dpotrf(scaled.T)
        if not failed and factor.diagonal().min() > 1e-6:
            return _Solver(factor, scale, newton and ridge == 0)
        ridge = max(ridge * 10, 1e-9)
    return _Solver(None, scale, False)


def _limited(step: np.ndarray, units: np.ndarray) -> np.ndarray:
    """The step, shortened where a parameter would move by more than LONGEST of its natural units."""
    reach = float(np.max(np.abs(step) / units, initial=0.0))
    return step * (LONGEST / reach) if reach > LONGEST else step


def _sure_step(
    t: np.ndarray, value: float, step: np.ndarray, decrement: float
) -> tuple[np.ndarray, float] | None:
    """The whole step and the F that it promises, where it moves every parameter by little."""
    small = np.abs(step) <= 1e-3 * np.maximum(np.abs(t), 1e-2 * np.abs(t).max())
    return (t + step, value - 0.5 * decrement) if small.all() else None


def _line_search(
    objective: Objective, t: np.ndarray, value: float, step: np.ndarray, decrement: float
) -> tuple[np.ndarray, float] | None:
    noise = 1e-13 * (1 + abs(value))
    length = 1.0
    for _ in range(30):
        trial = t + length * step
        reached = objective.value(trial)
        if reached <= value - 1e-4 * length * decrement + (noise if decrement < 1e-9 else 0.0):
            return trial, reached
        length *= 0.5 if np.isfinite(reached) else 0.25
        if length * decrement < noise:
            return None
    return None


def quasi_newton(objective: Objective, t: np.ndarray) -> np.ndarray:
    """A place (n_free,) near a minimum, by L-BFGS from ``t``: where scoring leaves a narrow valley, this may not."""
    scale = np.maximum(np.abs(t), 0.1)

    def scaled(y: np.ndarray) -> tuple[float, np.ndarray]:
        value = objective.value(y * scale)
        if not np.isfinite(value):
            return 1e10, np.zeros_like(y)
        return value, objective.gradient(y * scale) * scale

    found = minimize(
        scaled,
        t / scale,
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": 2000, "maxfun": 5000, "ftol": 1e-14},
    )
    return found.x * scale
