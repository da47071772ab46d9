"""Many complete samples of one group at once: their moments, and maximum likelihood from them.

Resampled moments come from one product of counts (R, n) with the n by p(p+1)/2 table of cross products, so that no
resampled data set is ever built.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mce_utaut.sem.batch_search import inverses_of
from mce_utaut.sem.matrices import Implied
from mce_utaut.sem.ml import MaximumLikelihood, maximum_likelihood
from mce_utaut.sem.moments import SampleMoments
from mce_utaut.sem.vech import unvech, vech_indices


@dataclass(frozen=True, slots=True)
class BatchMoments:
    """The moments of many samples of one group: ``mean`` (R, p), ``covariance`` (R, p, p), divisor n; ``n`` cases."""

    mean: np.ndarray
    covariance: np.ndarray
    n: int = 0

    @property
    def usable(self) -> np.ndarray:
        """Samples always have moments (R,)."""
        return np.ones(len(self.mean), dtype=bool)

    def take(self, rows: np.ndarray | slice) -> BatchMoments:
        """The moments of some of the samples."""
        return BatchMoments(self.mean[rows], self.covariance[rows], self.n)

    def discrepancy(self, implied: Implied) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
        """F of ML, but for constants, and its derivatives by the implied moments; see ``batch_search.BatchSample``."""
        P, log_determinant, regular = inverses_of(implied.covariance)
        T = self.covariance
        d = None
        if implied.mean is not None:
            d = self.mean - implied.mean
            T = T + d[:, :, None] * d[:, None, :]
        PT = P @ T
        F = np.where(regular, log_determinant + np.trace(PT, axis1=1, axis2=2), np.inf)
        return F, P - PT @ P, None if d is None else -2 * (P @ d[..., None])[..., 0]

    def constants(self) -> np.ndarray:
        """log|S| + p (R,)."""
        return np.linalg.slogdet(self.covariance)[1] + self.covariance.shape[-1]

    def exogenous_moments(self, columns: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
        """Means (R, k) and covariances (R, k, k) of the columns."""
        return self.mean[:, columns], self.covariance[:, columns][:, :, columns]

    def single(self, r: int, names: tuple[str, ...]) -> MaximumLikelihood:
        """The ML discrepancy of one of the samples."""
        return maximum_likelihood(SampleMoments(names, self.n, self.mean[r], self.covariance[r]))


class CompleteRows:
    """Complete rows (n, p) to be resampled."""

    def __init__(self, data: np.ndarray) -> None:
        self.n, p = data.shape
        self.centre = data.mean(axis=0)
        centred = data - self.centre
        rows, columns = vech_indices(p)
        self.table = np.concatenate([centred, centred[:, rows] * centred[:, columns]], axis=1)

    def entries(self) -> int:
        """How many numbers one sample needs."""
        return self.n + 6 * len(self.centre) ** 2

    def resampled(self, counts: np.ndarray) -> BatchMoments:
        """The samples in which row i stands ``counts[r, i]`` times (R, n)."""
        p = len(self.centre)
        moments = counts.astype(float) @ self.table / self.n
        mean = moments[:, :p]
        covariance = unvech(moments[:, p:], p) - mean[:, :, None] * mean[:, None, :]
        return BatchMoments(mean + self.centre, covariance, self.n)
