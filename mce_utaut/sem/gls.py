"""Generalised least squares.

F = 1/2 tr[(S^-1 (S - Sigma))^2] + (m - mu)' S^-1 (m - mu)  (Browne 1974). S has divisor n - 1, the statistic
is N F, as in lavaan.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mce_utaut.sem.matrices import GroupMatrices, Implied
from mce_utaut.sem.moment_basis import expected_hessian
from mce_utaut.sem.moment_derivatives import curvature, gradient_by_moments
from mce_utaut.sem.moments import SampleMoments


@dataclass(frozen=True, slots=True)
class GeneralisedLeastSquares:
    """GLS of one group; ``covariance`` (p, p) with divisor n - 1 and its inverse ``weight``."""

    sample: SampleMoments
    covariance: np.ndarray
    weight: np.ndarray

    def value(self, implied: Implied) -> float:
        """F."""
        R = self.weight @ (self.covariance - implied.covariance)
        F = 0.5 * (R * R.T).sum()
        if implied.mean is not None:
            d = self.sample.mean - implied.mean
            F += d @ self.weight @ d
        return float(F)

    def moment_gradient(self, implied: Implied) -> tuple[np.ndarray, np.ndarray | None]:
        """dF/dSigma (p, p) and dF/dmu (p,)."""
        W = self.weight
        G = -W @ (self.covariance - implied.covariance) @ W
        return G, None if implied.mean is None else -2 * W @ (self.sample.mean - implied.mean)

    def gradient(self, group: GroupMatrices, implied: Implied) -> np.ndarray:
        """dF / dx (q,)."""
        return gradient_by_moments(group, implied, *self.moment_gradient(implied))

    def expected_hessian(self, group: GroupMatrices, implied: Implied) -> np.ndarray:
        """Delta' (2 V) Delta (q, q)."""
        return expected_hessian(group, implied, self.weight)

    def observed_hessian(self, group: GroupMatrices, implied: Implied) -> np.ndarray:
        """d2F / dx dx' (q, q)."""
        H = expected_hessian(group, implied, self.weight)
        return H + curvature(group, implied, *self.moment_gradient(implied))


def generalised_least_squares(sample: SampleMoments) -> GeneralisedLeastSquares:
    """The GLS discrepancy of a sample."""
    covariance = sample.unbiased_covariance
    return GeneralisedLeastSquares(sample, covariance, np.linalg.inv(covariance))
