"""The first step with ordered data given exogenous variables: a regression for each variable (Muthén 1984).

An ordered variable has an ordered probit regression: thresholds (at x = 0) and slopes; a continuous one a linear
regression: intercept, slopes and residual variance. Each row then has its own bounds, or its own residual.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import log_ndtr, ndtr, ndtri

from mce_utaut.errors import NotEstimable
from mce_utaut.sem.bivariate_normal import normal_pdf
from mce_utaut.sem.thresholds import INFINITE

SMALLEST = 1e-300
MAX_STEPS = 100


@dataclass(frozen=True, slots=True)
class Margin:
    """The regression of one variable on x for n rows, nan or -1 where a row lacks it.

    ``codes`` (n,) categories of an ordered variable (None for a continuous one), with ``lower`` and ``upper`` (n,) the
    bounds of each row's residual; ``z`` (n,) standardised residuals of a continuous one. ``first`` are its
    thresholds, or its intercept; ``slopes`` (k,); ``variance`` of the residual (1 for an ordered one).
    ``scores`` (n, m) by first, slopes and, where continuous, variance.
    """

    codes: np.ndarray | None
    lower: np.ndarray
    upper: np.ndarray
    z: np.ndarray
    first: np.ndarray
    slopes: np.ndarray
    variance: float
    scores: np.ndarray

    @property
    def is_ordered(self) -> bool:
        """Whether the variable is ordered."""
        return self.codes is not None

    @property
    def expected(self) -> np.ndarray:
        """The expected residual of each row in standard deviations (n,), 0 where it lacks the variable."""
        if self.codes is None:
            return np.where(self.seen, self.z, 0.0)
        by_lower, by_upper, _ = bound_slopes(self.lower, self.upper)
        return np.where(self.seen, -(by_lower + by_upper), 0.0)

    @property
    def seen(self) -> np.ndarray:
        """Which rows have it (n,)."""
        return self.codes >= 0 if self.codes is not None else np.isfinite(self.z)


def linear_margin(y: np.ndarray, x: np.ndarray, name: str, where: str) -> Margin:
    """The least-squares regression of ``y`` (n,; nan missing) on ``x`` (n, k), residual variance with divisor n."""
    seen = np.isfinite(y)
    design = np.column_stack([np.ones(int(seen.sum())), x[seen]])
    weights = np.linalg.lstsq(design, y[seen], rcond=None)[0]
    residual = y - np.column_stack([np.ones(len(x)), x]) @ weights
    variance = float(np.mean(residual[seen] ** 2))
    if not variance > 1e-14 * max(float(np.mean(y[seen] ** 2)), 1e-280):
        place = f" in {where}" if where else ""
        raise NotEstimable(f"{name} has no variance{place} besides that of the exogenous variables.")
    z = residual / np.sqrt(variance)
    filled = np.where(seen, z, 0.0)
    push = filled / np.sqrt(variance)
    scores = np.column_stack([push, push[:, None] * x, np.where(seen, filled**2 - 1, 0.0) / (2 * variance)])
    none = np.zeros(0)
    return Margin(None, none, none, z, weights[:1], weights[1:], variance, scores)


def probit_margin(codes: np.ndarray, categories: int, x: np.ndarray, name: str, where: str) -> Margin:
    """The ordered probit regression of ``codes`` (n,; -1 missing) on ``x`` (n, k), by Newton's method.

    Raises NotEstimable where it does not converge, since x tells categories apart without error.
    """
    seen = codes >= 0
    own, centre, spread = codes[seen], x[seen].mean(axis=0), x[seen].std(axis=0)
    scaled = (x[seen] - centre) / spread
    share = np.cumsum(np.bincount(own, minlength=categories)) / own.size
    t = np.concatenate([ndtri(share[:-1]), np.zeros(x.shape[1])])
    cuts = categories - 1
    value, gradient, hessian = _probit(t, own, cuts, scaled)
    for _ in range(MAX_STEPS):
        step = np.linalg.solve(hessian, gradient)
        size = 1.0
        while True:
            trial = t - size * step
            found = _probit(trial, own, cuts, scaled) if (np.diff(trial[:cuts]) > 0).all() else None
            if found is not None and found[0] >= value - 1e-10 * abs(value):
                break
            size /= 2
            if size < 1e-8:
                raise _diverged(name, where)
        t, (value, gradient, hessian) = trial, found
        if np.abs(step).max() * size < 1e-10:
            break
    else:
        raise _diverged(name, where)
    slopes = t[cuts:] / spread
    first = t[:cuts] + centre @ slopes
    return _probit_result(codes, seen, cuts, x, first, slopes)


def _diverged(name: str, where: str) -> NotEstimable:
    place = f" in {where}" if where else ""
    return NotEstimable(
        f"The probit regression of {name} on the exogenous variables does not converge{place}: they may tell its "
        "categories apart completely. Merge categories or leave an exogenous variable out."
    )


def _probit(t: np.ndarray, codes: np.ndarray, cuts: int, x: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    """The log-likelihood, its gradient and its Hessian at thresholds and slopes ``t``."""
    lower, upper = _bounds(codes, t[:cuts], x @ t[cuts:])
    by_lower, by_upper, log_p = bound_slopes(lower, upper)
    J_upper, J_lower = _designs(codes, cuts, x)
    gradient = J_upper.T @ by_upper + J_lower.T @ by_lower
    uu = -upper * by_upper - by_upper**2
    ll = -lower * by_lower - by_lower**2
    ul = -by_upper * by_lower
    hessian = J_upper.T @ (uu[:, None] * J_upper) + J_lower.T @ (ll[:, None] * J_lower)
    cross = J_upper.T @ (ul[:, None] * J_lower)
    return float(log_p.sum()), gradient, hessian + cross + cross.T


def bound_slopes(lower: np.ndarray, upper: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """d log P by the lower and the upper bound, and log P, for P = Phi(upper) - Phi(lower), all (n,)."""
    flip = lower > 0
    a, b = np.where(flip, -upper, lower), np.where(flip, -lower, upper)
    P = np.maximum(ndtr(b) - ndtr(a), SMALLEST)
    log_p = np.where(a < -INFINITE / 2, log_ndtr(b), np.log(P))
    return -normal_pdf(lower) / P, normal_pdf(upper) / P, log_p


def _bounds(codes: np.ndarray, thresholds: np.ndarray, predicted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    padded = np.concatenate([[-INFINITE], thresholds, [INFINITE]])
    lower, upper = padded[codes] - predicted, padded[codes + 1] - predicted
    return np.where(codes == 0, -INFINITE, lower), np.where(codes == len(thresholds), INFINITE, upper)


def _designs(codes: np.ndarray, cuts: int, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """d upper and d lower by thresholds and slopes (n, cuts + k each); 0 where the bound is infinite."""
    n = len(codes)
    upper, lower = np.zeros((n, cuts + x.shape[1])), np.zeros((n, cuts + x.shape[1]))
    top, bottom = codes < cuts, codes > 0
    upper[np.flatnonzero(top), codes[top]] = 1.0
    lower[np.flatnonzero(bottom), codes[bottom] - 1] = 1.0
    upper[:, cuts:] = np.where(top[:, None], -x, 0.0)
    lower[:, cuts:] = np.where(bottom[:, None], -x, 0.0)
    return upper, lower


def _probit_result(
    codes: np.ndarray, seen: np.ndarray, cuts: int, x: np.ndarray, first: np.ndarray, slopes: np.ndarray
) -> Margin:
    safe = np.where(seen, codes, 0)
    lower, upper = _bounds(safe, first, x @ slopes)
    by_lower, by_upper, _ = bound_slopes(lower, upper)
    J_upper, J_lower = _designs(safe, cuts, x)
    scores = by_upper[:, None] * J_upper + by_lower[:, None] * J_lower
    scores[~seen] = 0.0
    return Margin(codes, lower, upper, np.zeros(0), first, slopes, 1.0, scores)


def by_parameters(
    margin: Margin, x: np.ndarray, weight: np.ndarray, by_lower: np.ndarray, by_upper: np.ndarray
) -> np.ndarray:
    """sum_i weight_i d log f_i / d (first, slopes, variance) of one variable of a pair (m,).

    For an ordered variable ``by_lower, by_upper`` (n,) are the derivatives by its bounds; for a continuous one
    ``by_upper`` is that by its standardised residual, and ``by_lower`` is not used.
    """
    if margin.codes is not None:
        cuts = len(margin.first)
        up, down = weight * by_upper, weight * by_lower
        codes = margin.codes
        sums = [up[codes == c].sum() + down[codes == c + 1].sum() for c in range(cuts)]
        up, down = np.where(codes == cuts, 0.0, up), np.where(codes == 0, 0.0, down)
        return np.concatenate([sums, -(up + down) @ x])
    push = weight * by_upper
    sd = np.sqrt(margin.variance)
    z = np.where(margin.seen, margin.z, 0.0)
    by_variance = -(push @ z + weight.sum()) / (2 * margin.variance)
    return np.concatenate([[-push.sum() / sd], -(push @ x) / sd, [by_variance]])


def names_of_constant(x: np.ndarray, names: Sequence[str]) -> list[str]:
    """The exogenous variables without variance."""
    spread, size = x.std(axis=0), 1 + np.abs(x.mean(axis=0))
    return [name for name, own, scale in zip(names, spread, size, strict=True) if not own > 1e-12 * scale]
