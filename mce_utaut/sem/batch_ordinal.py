"""Many samples of one group of ordered variables at once: thresholds, polychoric correlations, and their weights.

Rows count by their answers alone, so a sample is its tables of answers, pair by pair. Of the covariance matrix of the
statistics a diagonally weighted fit needs the variances only, and that of a correlation is a sum over the cells of its
table of the squared influence of an answer: with F_k the share of answers up to category k and phi_k the normal density
at its threshold, an answer c moves the threshold by (1(c <= k) - F_k) / phi_k / n (``ordinal_moments`` for the whole).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from mce_utaut.sem.matrices import Implied
from mce_utaut.sem.polychoric import PolychoricPairs, hopeless_tables, is_perfect, pairs_from
from mce_utaut.sem.thresholds import OrderedVariables, code_categories, thresholds_from
from mce_utaut.sem.vech import vech_indices
from mce_utaut.sem.wls import WeightedLeastSquares


@dataclass(frozen=True, slots=True)
class BatchCorrelations:
    """Many samples (R) of one group: ``rho`` and ``weight`` (R, pairs), ``thresholds`` (R, t) in variable order.

    ``usable`` (R,) are the samples with an answer in every category and no perfect correlation; ``part`` is the
    discrepancy of the whole data, over correlations alone, ``theta`` its parameterisation.
    """

    rho: np.ndarray
    weight: np.ndarray
    thresholds: np.ndarray
    usable: np.ndarray
    part: WeightedLeastSquares
    theta: bool

    def take(self, rows: np.ndarray | slice) -> BatchCorrelations:
        """Some of the samples."""
        return replace(self, **{name: getattr(self, name)[rows] for name in ("rho", "weight", "thresholds", "usable")})

    def discrepancy(self, implied: Implied) -> tuple[np.ndarray, np.ndarray, None]:
        """F of (diagonally weighted) least squares and its derivative; see ``batch_search.BatchSample``."""
        S, scale = implied.covariance, implied.scale
        i, j = self.part.layout.i, self.part.layout.j
        d_i, d_j, covariance = scale[:, i], scale[:, j], S[:, i, j]
        away = self.rho - d_i * d_j * covariance
        pull = -2.0 * self.weight * away
        F = (self.weight * away * away).sum(axis=1)
        G = np.zeros_like(S)
        G[:, i, j] = G[:, j, i] = 0.5 * pull * d_i * d_j
        if self.theta:
            by_scale = np.zeros_like(S)
            by_scale[:, i, j], by_scale[:, j, i] = pull * covariance * d_j, pull * covariance * d_i
            own = np.arange(S.shape[-1])
            G[:, own, own] = -0.5 * scale**3 * by_scale.sum(axis=2)
        return np.where(np.isfinite(F), F, np.inf), G, None

    def constants(self) -> np.ndarray:
        """None (R,)."""
        return np.zeros(len(self.rho))

    def exogenous_moments(self, columns: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
        """Not to be asked for: correlations have no fixed exogenous variables."""
        raise AssertionError("correlations of ordered variables have no fixed exogenous variables")

    def single(self, r: int, names: tuple[str, ...]) -> WeightedLeastSquares:
        """The discrepancy of one of the samples, over correlations alone."""
        return replace(self.part, statistics=self.rho[r], weight=self.weight[r])


class OrderedRows:
    """Rows (n, p) of ordered variables with nan where a value is missing, to be resampled.

    ``levels`` are the sorted answers of each variable, ``part`` the discrepancy of the whole data over correlations
    alone, ``rho`` (pairs,) their correlations.
    """

    def __init__(
        self, data: np.ndarray, levels: Sequence[np.ndarray], rho: np.ndarray, part: WeightedLeastSquares, theta: bool
    ) -> None:
        self.n, self.part, self.rho, self.theta = len(data), part, rho, theta
        self.weighted = not (part.weight == 1.0).all()
        self.categories = np.array([own.size for own in levels], dtype=np.int64)
        self.largest = k = int(self.categories.max())
        codes = np.column_stack([code_categories(column, own) for column, own in zip(data.T, levels, strict=True)])
        codes = np.where(codes < 0, k, codes)
        self.i, self.j = vech_indices(data.shape[1], diagonal=False)
        side = k + 1
        self.cells = (np.arange(self.i.size) * side + codes[:, self.i]) * side + codes[:, self.j]
        self.answers = np.arange(codes.shape[1]) * side + codes
        self.whole = self._counted(np.ones((1, self.n)), self.answers, (codes.shape[1], side))[0, :, :k]

    def entries(self) -> int:
        """How many numbers one sample needs."""
        return 2 * self.n + self.i.size * (12 * (self.largest + 1) ** 2)

    def resampled(self, counts: np.ndarray) -> BatchCorrelations:
        """The samples in which row i stands ``counts[r, i]`` times (R, n)."""
        k, size, q = self.largest, len(counts), len(self.categories)
        answers = self._counted(counts, self.answers, (q, k + 1))[:, :, :k].astype(np.int64)
        exists = np.arange(k) < self.categories[:, None]
        usable = ((answers > 0) | ~exists).all(axis=(1, 2))
        answers[~usable] = self.whole
        ordered = thresholds_from(answers.reshape(-1, k), np.tile(self.categories, size))
        tables = self._counted(counts, self.cells, (self.i.size, k + 1, k + 1)).reshape(-1, k + 1, k + 1)
        shift = q * np.arange(size)[:, None]
        pairs = (shift + self.i).ravel(), (shift + self.j).ravel()
        hopeless = hopeless_tables(tables[:, :k, :k], ordered, pairs) | np.repeat(~usable, self.i.size)
        tables[hopeless] = 1.0
        found = pairs_from(tables[:, :k, :k], ordered, pairs, np.tile(self.rho, size))
        failed = hopeless | is_perfect(found.rho)
        usable &= ~failed.reshape(size, -1).any(axis=1)
        weight = np.ones((size, self.i.size))
        if self.weighted:
            variance = _variances(found, tables, ordered, pairs).reshape(size, -1)
            usable &= np.isfinite(variance).all(axis=1)
            weight = 1.0 / (counts.sum(axis=1)[:, None] * np.where(usable[:, None], variance, 1.0))
        inner = np.arange(1, k) < self.categories[:, None]
        thresholds = ordered.thresholds[:, 1:k].reshape(size, q, k - 1)[:, inner]
        return BatchCorrelations(found.rho.reshape(size, -1), weight, thresholds, usable, self.part, self.theta)

    @staticmethod
    def _counted(counts: np.ndarray, places: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
        """How often each place is hit in each sample (R, *shape); ``places`` (n, m) are those that a row hits."""
        out = np.empty((len(counts), *shape))
        for r, own in enumerate(counts):
            drawn = np.flatnonzero(own)
            weights = np.repeat(own[drawn].astype(float), places.shape[1])
            out[r] = np.bincount(places[drawn].ravel(), weights, minlength=int(np.prod(shape))).reshape(shape)
        return out


def _variances(
    found: PolychoricPairs, tables: np.ndarray, ordered: OrderedVariables, pairs: tuple[np.ndarray, np.ndarray]
) -> np.ndarray:
    """The variances (m,) of the correlations, given ``tables`` (m, K + 1, K + 1) with missing answers last."""
    k = tables.shape[1] - 1
    information = (tables[:, :k, :k] * found.score**2).sum(axis=(1, 2))
    influence = np.zeros_like(tables)
    influence[:, :k, :k] = found.score
    influence[:, :k, :] -= _by_answer(ordered, pairs[0], found.by_first)[:, :, None]
    influence[:, :, :k] -= _by_answer(ordered, pairs[1], found.by_second)[:, None, :]
    with np.errstate(divide="ignore", invalid="ignore"):
        return (tables * influence**2).sum(axis=(1, 2)) / information**2


def _by_answer(ordered: OrderedVariables, which: np.ndarray, pull: np.ndarray) -> np.ndarray:
    """What each answer adds (m, K) by way of the thresholds that a correlation depends on by ``pull`` (m, K - 1)."""
    k = ordered.counts.shape[1]
    counts = ordered.counts[which]
    total = counts.sum(axis=1)
    share = np.cumsum(counts, axis=1)[:, :-1] / total[:, None]
    density = ordered.density[which][:, 1:k]
    with np.errstate(divide="ignore", invalid="ignore"):
        each = np.where(density > 0, pull / density, 0.0) / total[:, None]
    below = np.arange(k)[:, None] <= np.arange(k - 1)
    return each @ below.T.astype(float) - (each * share).sum(axis=1)[:, None]
