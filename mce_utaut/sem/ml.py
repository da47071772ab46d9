"""Normal-theory maximum likelihood from means and covariances.

F = log|Sigma| - log|S| + tr(S Sigma^-1) - p + (m - mu)' Sigma^-1 (m - mu)   (Jöreskog 1967, doi
10.1007/BF02289658; Bollen 1989, eq. 4.67). With ``P = Sigma^-1`` and ``T = S + d d'``, ``d = m - mu``:
dF/dSigma = P - P T P, dF/dmu = -2 P d.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mce_utaut.sem.matrices import Derivatives, GroupMatrices, Implied, curvature
from mce_utaut.sem.ml_robust import (
    GammaProducts,
    dense_gamma_products,
    normal_gamma_products,
    normal_scores,
    saturated_trace,
)
from mce_utaut.sem.moments import SampleMoments
from mce_utaut.sem.positive_definite import inverse_and_log_determinant


@dataclass(frozen=True, slots=True)
class MaximumLikelihood:
    """ML of one group; ``covariance`` (p, p) is S (divisor n, or n - 1 for the Wishart likelihood)."""

    sample: SampleMoments
    covariance: np.ndarray
    log_determinant: float

    def value(self, implied: Implied) -> float:
        """F; inf where Sigma is not positive definite."""
        found = inverse_and_log_determinant(implied.covariance)
        if found is None:
            return float("inf")
        P, log_determinant = found
        F = log_determinant - self.log_determinant + (P * self.covariance).sum() - len(P)
        if implied.mean is not None:
            d = self.sample.mean - implied.mean
            F += d @ P @ d
        return float(F)

    def gradient(self, group: GroupMatrices, implied: Implied, derivatives: Derivatives) -> np.ndarray:
        """dF / dx (q,)."""
        G, g = self.moment_gradient(implied)
        out = 2 * ((G @ derivatives.U) * derivatives.V).sum(axis=0)
        return out if g is None else out + g @ derivatives.D

    def gradient_and_hessian(
        self, group: GroupMatrices, implied: Implied, derivatives: Derivatives, kind: str
    ) -> tuple[np.ndarray, np.ndarray]:
        """dF / dx (q,) and the expected or observed Hessian (q, q), from one inverse."""
        found = inverse_and_log_determinant(implied.covariance)
        P = np.linalg.inv(implied.covariance) if found is None else found[0]
        G, g = self._by_moments(implied, P)
        gradient = 2 * ((G @ derivatives.U) * derivatives.V).sum(axis=0)
        if g is not None:
            gradient = gradient + g @ derivatives.D
        if kind == "expected":
            return gradient, normal_weight_product(implied, derivatives, P)
        H = self._observed_by_moments(implied, derivatives, P)
        return gradient, H + curvature(group, implied, derivatives, G, g)

    def expected_hessian(
        self, group: GroupMatrices, implied: Implied, derivatives: Derivatives
    ) -> np.ndarray:
        """E d2F / dx dx' (q, q)."""
        return normal_weight_product(implied, derivatives)

    def observed_hessian(
        self, group: GroupMatrices, implied: Implied, derivatives: Derivatives
    ) -> np.ndarray:
        """d2F / dx dx' (q, q), analytic."""
        return self.gradient_and_hessian(group, implied, derivatives, "observed")[1]

    def _observed_by_moments(self, implied: Implied, derivatives: Derivatives, P: np.ndarray) -> np.ndarray:
        """The observed Hessian (q, q) but for the curvature of the model."""
        U, V, D = derivatives.U, derivatives.V, derivatives.D
        d = None if implied.mean is None else self.sample.mean - implied.mean
        T = self.covariance if d is None else self.covariance + np.outer(d, d)
        Q = P @ T @ P
        PU, PV, QU, QV = P @ U, P @ V, Q @ U, Q @ V
        UPU, UPV, VPV = U.T @ PU, U.T @ PV, V.T @ PV
        H = -2 * (UPU * VPV + UPV * UPV.T)
        UQV = U.T @ QV
        H += 2 * (UPU * (V.T @ QV) + UPV * UQV.T + UPV.T * UQV + VPV * (U.T @ QU))
        if d is not None:
            Pd = P @ d
            cross = (D.T @ PU) * (V.T @ Pd) + (D.T @ PV) * (U.T @ Pd)
            H += 2 * (cross + cross.T) + 2 * D.T @ P @ D
        return H

    def moment_gradient(self, implied: Implied) -> tuple[np.ndarray, np.ndarray | None]:
        """dF/dSigma (p, p) and dF/dmu (p,)."""
        return self._by_moments(implied, np.linalg.inv(implied.covariance))

    def _by_moments(self, implied: Implied, P: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
        if implied.mean is None:
            return P - P @ self.covariance @ P, None
        d = self.sample.mean - implied.mean
        Pd = P @ d
        return P - P @ self.covariance @ P - np.outer(Pd, Pd), -2 * Pd

    def scores(self, group: GroupMatrices, implied: Implied, derivatives: Derivatives) -> np.ndarray:
        """d log-likelihood_i / dx (n, q); needs the cases."""
        centre = self.sample.mean if implied.mean is None else implied.mean
        return normal_scores(self.sample.data, implied, derivatives, centre)

    def saturated_trace(self, means: bool, exogenous: np.ndarray) -> float:
        """tr(B1 A1^-1) of the saturated model."""
        return saturated_trace(self.sample, means, exogenous)

    def gamma_products(
        self,
        group: GroupMatrices,
        implied: Implied,
        derivatives: Derivatives,
        exogenous: np.ndarray,
        second: bool,
    ) -> GammaProducts:
        """Products of weight and fourth moments for the Satorra-Bentler corrections."""
        if second:
            return dense_gamma_products(self.sample, group, implied, derivatives, exogenous)
        return normal_gamma_products(self.sample, implied, derivatives, exogenous)

    def log_likelihood(
        self, covariance: np.ndarray, mean: np.ndarray | None, columns: np.ndarray | None = None
    ) -> float:
        """The normal log-likelihood of the sample at moments (p, p), (p,); of ``columns`` alone where given."""
        S = self.covariance
        at = np.arange(len(S)) if columns is None else columns
        S, Sigma = S[np.ix_(at, at)], covariance[np.ix_(at, at)]
        value = (
            len(at) * np.log(2 * np.pi) + np.linalg.slogdet(Sigma)[1] + np.trace(np.linalg.solve(Sigma, S))
        )
        if mean is not None:
            d = (self.sample.mean - mean)[at]
            value += d @ np.linalg.solve(Sigma, d)
        return float(-0.5 * self.sample.n * value)


def maximum_likelihood(sample: SampleMoments, wishart: bool = False) -> MaximumLikelihood:
    """The ML discrepancy of a sample; with ``wishart`` the covariance has divisor n - 1."""
    covariance = sample.unbiased_covariance if wishart else sample.covariance
    return MaximumLikelihood(sample, covariance, float(np.linalg.slogdet(covariance)[1]))


def normal_weight_product(
    implied: Implied, derivatives: Derivatives, inverse: np.ndarray | None = None
) -> np.ndarray:
    """Twice the unit information Delta' V Delta (q, q), V the normal-theory weight at ``inverse`` (Sigma^-1)."""
    U, V, D = derivatives.U, derivatives.V, derivatives.D
    P = np.linalg.inv(implied.covariance) if inverse is None else inverse
    PU, PV = P @ U, P @ V
    UPV = U.T @ PV
    H = 2 * ((U.T @ PU) * (V.T @ PV) + UPV * UPV.T)
    return H if D is None else H + 2 * D.T @ P @ D
