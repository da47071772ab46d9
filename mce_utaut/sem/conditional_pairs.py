"""The second step with ordered data given exogenous variables: residual correlations, pair by pair.

Every row has bounds or residuals of its own, so the likelihood of a pair is a sum over rows, not over the cells of
a table.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from mce_utaut.errors import NotEstimable
from mce_utaut.sem.bivariate_normal import bivariate_cdf, bivariate_pdf, normal_pdf
from mce_utaut.sem.conditional_margins import Margin, by_parameters
from mce_utaut.sem.thresholds import INFINITE

SMALLEST = float(np.finfo(float).eps ** 0.75)
LARGEST_RHO = 0.999
TOLERANCE = 1e-9
MAX_STEPS = 100


@dataclass(frozen=True, slots=True)
class ConditionalPair:
    """A residual correlation, its scores (n,; 0 where a value is missing), and the products of these with the
    pair's scores by the parameters of both variables, summed over rows."""

    rho: float
    scores: np.ndarray
    by_first: np.ndarray
    by_second: np.ndarray


def conditional_pair(
    a: Margin, b: Margin, x: np.ndarray, patterns: np.ndarray, names: tuple[str, str]
) -> ConditionalPair:
    """The residual correlation of two variables given their regressions on ``x`` (n, k).

    ``patterns`` (n,) numbers the distinct rows of x: rows that agree on it and on both answers are computed once.
    Raises NotEstimable where the two are never observed together or agree completely.
    """
    both = a.seen & b.seen
    if not both.any():
        raise NotEstimable(f"Variables {names[0]} and {names[1]} are never observed together.")
    rows, back, counts = _distinct(a, b, both, patterns)
    likelihood = _likelihood_of(a, b, rows)
    rho = _maximise(likelihood, counts, _near(a, b, both))
    if abs(rho) >= LARGEST_RHO:
        raise NotEstimable(f"{names[0]} and {names[1]} are perfectly correlated given the exogenous variables.")
    score, slopes_a, slopes_b = likelihood.slopes(rho)
    full = _spread(score[back], both)
    first = [_spread(values[back], both) for values in slopes_a]
    second = [_spread(values[back], both) for values in slopes_b]
    return ConditionalPair(rho, full, by_parameters(a, x, full, *first), by_parameters(b, x, full, *second))


def _distinct(
    a: Margin, b: Margin, both: np.ndarray, patterns: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows that stand for all that are alike, the place of each row among them, and how many each stands for."""
    rows = np.flatnonzero(both)
    if a.codes is None or b.codes is None:
        return rows, np.arange(rows.size), np.ones(rows.size)
    first, second = a.codes[rows], b.codes[rows]
    key = (patterns[rows] * (first.max() + 1) + first) * (second.max() + 1) + second
    _, index, back, counts = np.unique(key, return_index=True, return_inverse=True, return_counts=True)
    return rows[index], back, counts.astype(float)


def _spread(values: np.ndarray, rows: np.ndarray) -> np.ndarray:
    out = np.zeros(len(rows))
    out[rows] = values
    return out


def _likelihood_of(a: Margin, b: Margin, rows: np.ndarray):
    if a.is_ordered and b.is_ordered:
        return _TwoOrdered(a.lower[rows], a.upper[rows], b.lower[rows], b.upper[rows])
    if a.is_ordered:
        return _Mixed(b.z[rows], a.lower[rows], a.upper[rows], ordered_first=True)
    if b.is_ordered:
        return _Mixed(a.z[rows], b.lower[rows], b.upper[rows], ordered_first=False)
    return _TwoContinuous(a.z[rows], b.z[rows])


def _near(a: Margin, b: Margin, both: np.ndarray) -> float:
    """A correlation near the estimate: that of the expected residuals, freed of what the categories hide."""
    first, second = a.expected[both], b.expected[both]
    spread = float(np.mean(first**2) * np.mean(second**2))
    return float(np.clip(np.mean(first * second) / spread, -0.95, 0.95)) if spread > 0 else 0.0


def _maximise(likelihood, counts: np.ndarray, rho: float) -> float:
    """The rho where the summed score is 0: one scoring step (outer products), then secants, held in a bracket."""
    low, high = -LARGEST_RHO, LARGEST_RHO
    last: tuple[float, float] | None = None
    for _ in range(MAX_STEPS):
        score = likelihood.score(rho)
        total = float(counts @ score)
        low, high = (rho, high) if total > 0 else (low, rho)
        slope = -float(counts @ score**2)
        if last is not None and (total - last[1]) * (rho - last[0]) < 0:
            slope = (total - last[1]) / (rho - last[0])
        proposal = rho - total / slope if slope < 0 else rho
        if not low < proposal < high:
            proposal = 0.5 * (low + high)
        if abs(proposal - rho) < TOLERANCE:
            return proposal
        last, rho = (rho, total), proposal
    return rho


@dataclass(frozen=True, slots=True)
class _TwoOrdered:
    """Two ordered variables: the bounds of each row (n,)."""

    l1: np.ndarray
    u1: np.ndarray
    l2: np.ndarray
    u2: np.ndarray

    def _probability(self, rho: float) -> np.ndarray:
        value = _cdf(self.u1, self.u2, rho) - _cdf(self.l1, self.u2, rho)
        value += _cdf(self.l1, self.l2, rho) - _cdf(self.u1, self.l2, rho)
        return np.maximum(value, SMALLEST)

    def _rho_slope(self, rho: float, probability: np.ndarray) -> np.ndarray:
        density = bivariate_pdf(self.u1, self.u2, rho) - bivariate_pdf(self.l1, self.u2, rho)
        density += bivariate_pdf(self.l1, self.l2, rho) - bivariate_pdf(self.u1, self.l2, rho)
        return density / probability

    def score(self, rho: float) -> np.ndarray:
        """d log P / d rho (n,)."""
        return self._rho_slope(rho, self._probability(rho))

    def slopes(self, rho: float):
        """The score, and d log P by the bounds of each variable, lower and upper."""
        P, root = self._probability(rho), np.sqrt(1 - rho * rho)

        def by_bound(at: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
            return normal_pdf(at) * (ndtr((high - rho * at) / root) - ndtr((low - rho * at) / root)) / P

        first = -by_bound(self.l1, self.l2, self.u2), by_bound(self.u1, self.l2, self.u2)
        second = -by_bound(self.l2, self.l1, self.u1), by_bound(self.u2, self.l1, self.u1)
        return self._rho_slope(rho, P), first, second


@dataclass(frozen=True, slots=True)
class _Mixed:
    """A continuous variable's residuals z (n,) and an ordered one's bounds (n,)."""

    z: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    ordered_first: bool

    def _parts(self, rho: float) -> tuple[np.ndarray, np.ndarray, float]:
        root = float(np.sqrt(1 - rho * rho))
        low, high = (self.lower - rho * self.z) / root, (self.upper - rho * self.z) / root
        P = np.maximum(ndtr(high) - ndtr(low), SMALLEST)
        return normal_pdf(low) / P, normal_pdf(high) / P, root

    def score(self, rho: float) -> np.ndarray:
        """d log f / d rho (n,)."""
        low, high, root = self._parts(rho)
        return (high * (self.upper * rho - self.z) - low * (self.lower * rho - self.z)) / root**3

    def slopes(self, rho: float):
        """The score, and d log f by the bounds and by the residual, in the order of the pair."""
        low, high, root = self._parts(rho)
        bounds = -low / root, high / root
        residual = np.zeros_like(self.z), -self.z - rho * (high - low) / root
        return (self.score(rho), bounds, residual) if self.ordered_first else (self.score(rho), residual, bounds)


@dataclass(frozen=True, slots=True)
class _TwoContinuous:
    """The residuals of two continuous variables (n,)."""

    x: np.ndarray
    y: np.ndarray

    def score(self, rho: float) -> np.ndarray:
        """d log f / d rho (n,)."""
        rest = 1 - rho * rho
        squares = self.x**2 - 2 * rho * self.x * self.y + self.y**2
        return rho / rest + self.x * self.y / rest - rho * squares / rest**2

    def slopes(self, rho: float):
        """The score, and d log f by each residual."""
        rest, none = 1 - rho * rho, np.zeros_like(self.x)
        return self.score(rho), (none, -(self.x - rho * self.y) / rest), (none, -(self.y - rho * self.x) / rest)


def _cdf(h: np.ndarray, k: np.ndarray, rho: float) -> np.ndarray:
    """The bivariate normal distribution at (h, k) (n,), with infinite bounds by their limits."""
    out = np.zeros_like(h)
    inner = (np.abs(h) < INFINITE / 2) & (np.abs(k) < INFINITE / 2)
    out[inner] = bivariate_cdf(h[inner], k[inner], rho)
    right, top = h >= INFINITE / 2, k >= INFINITE / 2
    out[right & ~top] = ndtr(k[right & ~top])
    out[top & ~right] = ndtr(h[top & ~right])
    out[right & top] = 1.0
    return out
