"""Unweighted least squares over the lower triangle of S (each covariance counts once, as in lavaan).

F = sum_{i >= j} (s_ij - sigma_ij)^2 + |m - mu|^2, S with divisor n - 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mce_utaut.sem.matrices import GroupMatrices, Implied
from mce_utaut.sem.ml_robust import GammaProducts, unweighted_products
from mce_utaut.sem.moment_derivatives import (
    Derivatives,
    curvature,
    gradient_by_moments,
    moment_derivatives,
    moment_jacobian,
)
from mce_utaut.sem.moments import SampleMoments


@dataclass(frozen=True, slots=True)
class UnweightedLeastSquares:
    """ULS of one group; ``covariance`` (p, p) has divisor n - 1."""

    sample: SampleMoments
    covariance: np.ndarray

    def value(self, implied: Implied) -> float:
        """F."""
        R = np.tril(self.covariance - implied.covariance)
        F = (R * R).sum()
        if implied.mean is not None:
            F += ((self.sample.mean - implied.mean) ** 2).sum()
        return float(F)

    def moment_gradient(self, implied: Implied) -> tuple[np.ndarray, np.ndarray | None]:
        """dF/dSigma (p, p; half of each off-diagonal derivative on either side) and dF/dmu (p,)."""
        R = self.covariance - implied.covariance
        G = -R - np.diag(np.diag(R))
        return G, None if implied.mean is None else -2 * (self.sample.mean - implied.mean)

    def gradient(self, group: GroupMatrices, implied: Implied) -> np.ndarray:
        """dF / dx (q,)."""
        return gradient_by_moments(group, implied, *self.moment_gradient(implied))

    def expected_hessian(self, group: GroupMatrices, implied: Implied) -> np.ndarray:
        """2 Delta' Delta (q, q)."""
        jacobian = moment_jacobian(group, moment_derivatives(group, implied))
        return 2 * jacobian.T @ jacobian

    def observed_hessian(self, group: GroupMatrices, implied: Implied) -> np.ndarray:
        """d2F / dx dx' (q, q)."""
        H = self.expected_hessian(group, implied)
        return H + curvature(group, implied, *self.moment_gradient(implied))

    def gamma_products(
        self,
        group: GroupMatrices,
        implied: Implied,
        derivatives: Derivatives,
        exogenous: np.ndarray,
        second: bool,
    ) -> GammaProducts:
        """Products of weight and fourth moments for robust standard errors and tests."""
        return unweighted_products(self.sample, group, derivatives, exogenous)


def unweighted_least_squares(sample: SampleMoments) -> UnweightedLeastSquares:
    """The ULS discrepancy of a sample."""
    return UnweightedLeastSquares(sample, sample.unbiased_covariance)
