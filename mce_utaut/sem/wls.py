"""Least squares on thresholds and correlations: full (WLS), diagonally weighted (DWLS), unweighted (ULS).

F = (s - sigma)' W (s - sigma) over the statistics of ``ordinal_moments`` (Muthén, 1984; Muthén, du Toit & Spisic,
1997). W is the inverse of Gamma, the inverse of its diagonal, or the identity; N F is the statistic that
robust tests correct (with lavaan's N: cases less groups).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from mce_utaut.errors import NotEstimable
from mce_utaut.sem.matrices import GroupMatrices, Implied
from mce_utaut.sem.ml_robust import GammaProducts
from mce_utaut.sem.moment_derivatives import Derivatives, curvature, moment_derivatives
from mce_utaut.sem.moments import SampleMoments
from mce_utaut.sem.ordinal_curvature import scale_curvature
from mce_utaut.sem.ordinal_implied import (
    StatisticsLayout,
    computed_keep_apart,
    has_constant_scales,
    implied_statistics,
    layout_of,
    statistics_jacobian,
)
from mce_utaut.sem.ordinal_moments import OrdinalMoments

Weighting = Literal["full", "diagonal", "none"]


@dataclass(frozen=True, slots=True)
class WeightedLeastSquares:
    """Least squares of one group.

    ``statistics`` (m,) with their ``layout``, covariance matrix ``gamma`` (m, m), and ``weight``, diagonal
    (m,) or (m, m).
    """

    sample: SampleMoments
    layout: StatisticsLayout
    statistics: np.ndarray
    gamma: np.ndarray
    weight: np.ndarray

    def value(self, implied: Implied) -> float:
        """F; inf where a residual variance makes the scales undefined."""
        away = self.ordinal_residuals(implied)
        value = float(away @ self.weigh(away))
        return value if np.isfinite(value) else float("inf")

    def gradient(self, group: GroupMatrices, implied: Implied) -> np.ndarray:
        """dF / dx (q,)."""
        away = self.ordinal_residuals(implied)
        return -2.0 * self.weigh(away) @ self.jacobian(group, implied, moment_derivatives(group, implied))

    def gradient_and_hessian(
        self, group: GroupMatrices, implied: Implied, kind: str
    ) -> tuple[np.ndarray, np.ndarray]:
        """dF / dx (q,) and the expected or observed Hessian (q, q) from one Jacobian."""
        jacobian = self.jacobian(group, implied, moment_derivatives(group, implied))
        weighted = self.weigh(jacobian)
        gradient = -2.0 * self.ordinal_residuals(implied) @ weighted
        H = 2.0 * jacobian.T @ weighted
        if kind == "observed" and not self.layout.given.size and computed_keep_apart(group, implied):
            by_covariance, by_mean = self._moment_gradient(implied)
            if not has_constant_scales(group, implied):
                pull = -2.0 * self.weigh(self.ordinal_residuals(implied))
                by_scales, by_variance = scale_curvature(group, implied, self.layout, pull)
                by_covariance[np.diag_indices(len(by_covariance))] += by_variance
                H = H + by_scales
            H = H + curvature(group, implied, by_covariance, by_mean)
        return gradient, H

    def expected_hessian(self, group: GroupMatrices, implied: Implied) -> np.ndarray:
        """2 Delta' W Delta (q, q)."""
        return self.gradient_and_hessian(group, implied, "expected")[1]

    def observed_hessian(self, group: GroupMatrices, implied: Implied) -> np.ndarray:
        """d2F / dx dx' (q, q); the Gauss-Newton Hessian with given variables, and where ordered variables of the delta
        parameterisation explain others."""
        return self.gradient_and_hessian(group, implied, "observed")[1]

    def _moment_gradient(self, implied: Implied) -> tuple[np.ndarray, np.ndarray]:
        """dF / dSigma (p, p) and dF / dmu (p,) at constant scales."""
        layout, scale = self.layout, implied.scale
        pull = -2.0 * self.weigh(self.ordinal_residuals(implied))
        first, c, i, j = layout.variable.size, layout.continuous, layout.i, layout.j
        by_mean = -np.bincount(layout.variable, pull[:first] * scale[layout.variable], minlength=scale.size)
        by_covariance = np.zeros((scale.size, scale.size))
        by_covariance[c, c] = pull[first : first + c.size]
        by_covariance[i, j] = by_covariance[j, i] = 0.5 * pull[first + c.size :] * scale[i] * scale[j]
        return by_covariance, by_mean

    def ordinal_residuals(self, implied: Implied) -> np.ndarray:
        """Sample minus implied statistics (m,)."""
        return self.statistics - implied_statistics(implied, self.layout)

    def jacobian(self, group: GroupMatrices, implied: Implied, derivatives: Derivatives) -> np.ndarray:
        """Delta (m, q), the derivatives of the implied statistics."""
        return statistics_jacobian(group, implied, derivatives, self.layout)

    def gamma_products(
        self,
        group: GroupMatrices,
        implied: Implied,
        derivatives: Derivatives,
        exogenous: np.ndarray,
        second: bool,
    ) -> GammaProducts:
        """The products of Delta, W and Gamma that robust standard errors and tests are made of."""
        gamma = self.gamma
        weighted = self.weigh(self.jacobian(group, implied, derivatives))
        turned = gamma @ weighted
        if self.weight.ndim == 1:
            trace = float(self.weight @ np.diag(gamma))
            squared = float(self.weight @ (gamma * gamma) @ self.weight) if second else None
        else:
            product = self.weight @ gamma
            trace, squared = float(np.trace(product)), float((product * product.T).sum())
        outer = turned.T @ self.weigh(turned) if second else None
        return GammaProducts(weighted.T @ turned, trace, outer, squared)

    def weigh(self, right: np.ndarray) -> np.ndarray:
        """W times a vector (m,) or matrix (m, k)."""
        if self.weight.ndim == 2:
            return self.weight @ right
        return self.weight * right if right.ndim == 1 else self.weight[:, None] * right


def weighted_least_squares(
    sample: SampleMoments, weighting: Weighting
) -> WeightedLeastSquares:
    """The least-squares discrepancy of a sample of ordered or mixed data.

    Raises ``NotEstimable`` for full weighting where n does not suffice to invert Gamma.
    """
    ordinal = sample.ordinal
    if ordinal is None:
        raise ValueError("the sample has no statistics of ordered variables")
    m = ordinal.statistics.size
    if weighting == "none":
        weight = np.ones(m)
    elif weighting == "diagonal":
        weight = 1.0 / np.diag(ordinal.gamma)
    else:
        weight = _inverse(ordinal)
    return WeightedLeastSquares(sample, layout_of(ordinal), ordinal.statistics, ordinal.gamma, weight)


def _inverse(ordinal: OrdinalMoments) -> np.ndarray:
    try:
        np.linalg.cholesky(ordinal.gamma)
        inverse = np.linalg.inv(ordinal.gamma)
    except np.linalg.LinAlgError as error:
        raise NotEstimable(
            f"Full WLS inverts the covariance matrix of {ordinal.statistics.size} statistics, which is singular with "
            f"{ordinal.n} cases. Either use DWLS (WLSMV) or collect more cases."
        ) from error
    return 0.5 * (inverse + inverse.T)
