"""Many incomplete samples of one group at once: rows resampled pattern by pattern, and their likelihood.

A sample's patterns are among those of the whole data, so that every sample has the same condensed rows: a row that is
drawn w times stands once, times the root of w; a pattern of many rows stands for its moments in each sample.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from mce_utaut.sem.batch_search import inverses_of
from mce_utaut.sem.completed import completed_rows
from mce_utaut.sem.fiml import FullInformation
from mce_utaut.sem.matrices import Implied
from mce_utaut.sem.moments import SampleMoments
from mce_utaut.sem.patterns import MissingPatterns, find_patterns
from mce_utaut.sem.vech import unvech, vech_indices

_LEAST_VARIANCE = 1e-14


@dataclass(frozen=True, slots=True)
class BatchPatterns:
    """Many samples of one group with the patterns of ``whole``.

    ``condensed`` (R, r, p), ``shift`` (R, r) and ``counts`` (R, P) as in ``MissingPatterns``; ``usable`` (R,): every
    variable varies and every two are seen together; ``mean`` and ``covariance`` (R, k), (R, k, k) of the ``complete``
    (k,) columns.
    """

    whole: MissingPatterns
    condensed: np.ndarray
    shift: np.ndarray
    counts: np.ndarray
    usable: np.ndarray
    complete: np.ndarray
    mean: np.ndarray
    covariance: np.ndarray

    def take(self, rows: np.ndarray | slice) -> BatchPatterns:
        """Some of the samples."""
        kept = ("condensed", "shift", "counts", "usable", "mean", "covariance")
        return replace(self, **{name: getattr(self, name)[rows] for name in kept})

    def discrepancy(self, implied: Implied) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
        """-2 log-likelihood / n but for n log 2 pi, and its derivatives; see ``batch_search.BatchSample``."""
        P, logdet, regular = inverses_of(implied.covariance)
        n = self.counts.sum(axis=1)
        found = completed_rows(self.whole.holes, self.condensed, self.shift, self.counts, implied.mean, P, logdet)
        F = (found.logdet + (P * found.products).sum(axis=(1, 2))) / n
        G = P - P @ ((found.products + found.residual) / n[:, None, None]) @ P
        return np.where(regular, F, np.inf), G, -2 / n[:, None] * (P @ found.sums[..., None])[..., 0]

    def constants(self) -> np.ndarray:
        """None: the saturated likelihood of each sample would take an EM of its own (R,)."""
        return np.zeros(len(self.counts))

    def exogenous_moments(self, columns: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
        """Means (R, k) and covariances (R, k, k) of columns that nobody misses."""
        at = np.searchsorted(self.complete, columns)
        return self.mean[:, at], self.covariance[:, at][:, :, at]

    def single(self, r: int, names: tuple[str, ...]) -> FullInformation:
        """The FIML discrepancy of one of the samples, but for a constant."""
        patterns = replace(
            self.whole, condensed=self.condensed[r], shift=self.shift[r], counts=self.counts[r].astype(np.int64)
        )
        moments = SampleMoments(names, patterns.n, np.zeros(len(names)), np.eye(len(names)))
        return FullInformation(moments, patterns, 0.0)


class IncompleteRows:
    """Rows (n, p) with nan where a value is missing, to be resampled; none of them is empty."""

    def __init__(self, data: np.ndarray) -> None:
        self.patterns = whole = find_patterns(data)
        self.data = np.nan_to_num(data, nan=0.0)
        self.order = np.argsort(whole.row_pattern, kind="stable")
        self.ends = np.concatenate([[0], np.cumsum(whole.counts)])
        sizes = np.diff(whole.starts)
        self.large = np.flatnonzero(sizes < whole.counts)
        single = sizes == whole.counts
        self.single_rows = self.order[np.repeat(single, whole.counts)]
        self.single_places = np.flatnonzero(np.repeat(single, sizes))
        self.complete = np.flatnonzero(whole.observed.all(axis=0))
        p = whole.p
        self.pairs = (whole.observed[:, :, None] & whole.observed[:, None, :]).reshape(-1, p * p).astype(float)
        self.centre = np.nanmean(data, axis=0)
        self.centred = np.nan_to_num(data - self.centre, nan=0.0)

    def entries(self) -> int:
        """How many numbers one sample needs."""
        r, p = self.patterns.condensed.shape
        return 2 * self.patterns.n + 6 * r * p + 6 * p * p

    def resampled(self, counts: np.ndarray) -> BatchPatterns:
        """The samples in which row i stands ``counts[r, i]`` times (R, n)."""
        whole, weights = self.patterns, counts.astype(float)
        size = len(weights)
        condensed = np.zeros((size, *whole.condensed.shape))
        shift = np.zeros((size, len(whole.shift)))
        root = np.sqrt(weights[:, self.single_rows])
        condensed[:, self.single_places] = root[:, :, None] * self.data[self.single_rows]
        shift[:, self.single_places] = root
        for g in self.large:
            place, seen = slice(whole.starts[g], whole.starts[g + 1]), whole.observed[g]
            rows = self.order[self.ends[g] : self.ends[g + 1]]
            condensed[:, place, seen], shift[:, place] = _condensed(weights[:, rows], self.data[rows][:, seen])
        by_pattern = np.add.reduceat(weights[:, self.order], self.ends[:-1], axis=1)
        mean, covariance = _moments(weights, self.data[:, self.complete])
        return BatchPatterns(
            whole, condensed, shift, by_pattern, self._usable(weights, by_pattern), self.complete, mean, covariance
        )

    def _usable(self, weights: np.ndarray, by_pattern: np.ndarray) -> np.ndarray:
        p = self.patterns.p
        together = (by_pattern @ self.pairs).reshape(-1, p, p)
        seen = np.maximum(np.diagonal(together, axis1=1, axis2=2), 1.0)
        mean = weights @ self.centred / seen
        variance = weights @ self.centred**2 / seen - mean**2
        least = _LEAST_VARIANCE * np.maximum(self.centre**2, self.centred.var(axis=0))
        return (together > 0).all(axis=(1, 2)) & (variance > least).all(axis=1)


def _condensed(weights: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The condensed rows (R, o + 1, o) and their shifts (R, o + 1); rows (c, o) stand ``weights`` (R, c) times."""
    total = weights.sum(axis=1)
    mean, covariance = _moments(weights, rows)
    values, vectors = np.linalg.eigh(covariance)
    root = np.sqrt(np.maximum(values, 0.0) * total[:, None])
    last = np.sqrt(total)[:, None]
    condensed = np.concatenate([root[:, :, None] * np.swapaxes(vectors, 1, 2), (last * mean)[:, None]], axis=1)
    return condensed, np.concatenate([np.zeros_like(root), last], axis=1)


def _moments(weights: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Means (R, o) and covariances (R, o, o; divisor the sum of weights) of rows (c, o); 0 where all weights are 0."""
    o = rows.shape[1]
    centre = rows.mean(axis=0)
    centred = rows - centre
    i, j = vech_indices(o)
    total = np.maximum(weights.sum(axis=1), 1.0)[:, None]
    mean = weights @ centred / total
    products = unvech(weights @ (centred[:, i] * centred[:, j]) / total, o)
    return mean + centre, products - mean[:, :, None] * mean[:, None, :]
