"""Normal-theory maximum likelihood from means and covariances.

F = log|Sigma| - log|S| + tr(S Sigma^-1) - p + (m - mu)' Sigma^-1 (m - mu)   (Jöreskog 1967, doi
10.1007/BF02289658; Bollen 1989, eq. 4.67). With ``P = Sigma^-1`` and ``T = S + d d'``, ``d = m - mu``:
dF/dSigma = P - P T P, dF/dmu = -2 P d.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from mce_utaut.sem.matrices import GroupMatrices, Implied
from mce_utaut.sem.ml_robust import (
    GammaProducts,
    dense_gamma_products,
    normal_gamma_products,
    normal_scores,
    saturated_trace,
)
from mce_utaut.sem.moment_basis import (
    curvature_of_form,
    expected_hessian,
    forms_of,
    gradient_of_form,
    hessian_of_forms,
    mean_factors,
    moment_basis,
)
from mce_utaut.sem.moment_derivatives import Derivatives, gradient_by_moments
from mce_utaut.sem.moments import SampleMoments
from mce_utaut.sem.positive_definite import inverse_and_log_determinant


@dataclass(frozen=True, slots=True)
class MaximumLikelihood:
    """ML of one group; ``covariance`` (p, p) is S (divisor n, or n - 1 for the Wishart likelihood)."""

    sample: SampleMoments
    covariance: np.ndarray
    log_determinant: float
    _last: list = field(init=False, default_factory=list, repr=False, compare=False)

    def value(self, implied: Implied) -> float:
        """F; inf where Sigma is not positive definite."""
        found = self._inverse(implied)
        if found is None:
            return float("inf")
        P, log_determinant = found
        F = log_determinant - self.log_determinant + (P * self.covariance).sum() - len(P)
        if implied.mean is not None:
            d = self.sample.mean - implied.mean
            F += d @ P @ d
        return float(F)

    def _inverse(self, implied: Implied) -> tuple[np.ndarray, float] | None:
        """Sigma^-1 and log|Sigma|, kept for the last moments asked for."""
        if not self._last or self._last[0] is not implied:
            self._last[:] = implied, inverse_and_log_determinant(implied.covariance)
        return self._last[1]

    def weight(self, implied: Implied) -> np.ndarray:
        """Sigma^-1 (p, p); raises LinAlgError where Sigma is singular."""
        found = self._inverse(implied)
        return np.linalg.inv(implied.covariance) if found is None else found[0]

    def gradient(self, group: GroupMatrices, implied: Implied) -> np.ndarray:
        """dF / dx (q,)."""
        return gradient_by_moments(group, implied, *self.moment_gradient(implied))

    def gradient_and_hessian(
        self, group: GroupMatrices, implied: Implied, kind: str
    ) -> tuple[np.ndarray, np.ndarray]:
        """dF / dx (q,) and the expected or observed Hessian (q, q), from one inverse.

        With the forms M = B' P B and N = B' P T P B of the moments' basis, the gradient's form is M - N, and the
        observed Hessian is bilinear in M and N - M / 2.
        """
        P, T, d = self.weight(implied), self.covariance, None
        if implied.mean is not None:
            d = self.sample.mean - implied.mean
            T = T + d[:, None] * d
        B = moment_basis(group, implied)
        PB = P @ B
        M, N = B.T @ PB, PB.T @ T @ PB
        gradient = gradient_of_form(group, M - N)
        f = g = pull = None
        if d is not None:
            f, g, pull = mean_factors(group, implied), -2 * P @ d, PB.T @ d
            gradient -= 2 * pull.take(group.ends.left) * f
        forms = forms_of(group, M)
        if kind == "expected":
            return gradient, hessian_of_forms(group, implied, forms)
        N -= 0.5 * M
        curved = forms_of(group, N)
        cross = forms.uv * curved.uv.T
        if d is not None:
            ends = group.ends
            cross += f[:, None] * (forms.uu * (pull.take(ends.right) * ends.half) + forms.uv * pull.take(ends.left))
        H = forms.uu * curved.vv
        H += forms.vv * curved.uu
        H += cross
        H += cross.T
        if d is not None:
            H += forms.uu * (f[:, None] * f)
        H *= 2.0
        H += curvature_of_form(group, implied, 0.5 * M - N, g)
        return gradient, H

    def expected_hessian(self, group: GroupMatrices, implied: Implied) -> np.ndarray:
        """E d2F / dx dx' (q, q)."""
        return expected_hessian(group, implied, self.weight(implied))

    def observed_hessian(self, group: GroupMatrices, implied: Implied) -> np.ndarray:
        """d2F / dx dx' (q, q), analytic."""
        return self.gradient_and_hessian(group, implied, "observed")[1]

    def moment_gradient(self, implied: Implied) -> tuple[np.ndarray, np.ndarray | None]:
        """dF/dSigma (p, p) and dF/dmu (p,)."""
        P = self.weight(implied)
        if implied.mean is None:
            return P - P @ self.covariance @ P, None
        d = self.sample.mean - implied.mean
        Pd = P @ d
        return P - P @ self.covariance @ P - Pd[:, None] * Pd, -2 * Pd

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

    def observed_gamma_products(
        self, group: GroupMatrices, implied: Implied, derivatives: Derivatives, exogenous: np.ndarray
    ) -> GammaProducts:
        """The same with the observed information about the moments as weight."""
        return dense_gamma_products(self.sample, group, implied, derivatives, exogenous, observed=True)

    def log_likelihood(
        self, covariance: np.ndarray, mean: np.ndarray | None, columns: np.ndarray | None = None
    ) -> float:
        """The normal log-likelihood of the sample at moments (p, p), (p,); of ``columns`` alone where given."""
        S, Sigma = self.covariance, covariance
        d = None if mean is None else self.sample.mean - mean
        if columns is None and d is None and Sigma is S:
            return float(-0.5 * self.sample.n * (len(S) * np.log(2 * np.pi) + self.log_determinant + len(S)))
        if columns is not None:
            S, Sigma = S[np.ix_(columns, columns)], Sigma[np.ix_(columns, columns)]
            d = None if d is None else d[columns]
        found = inverse_and_log_determinant(Sigma)
        P, log_determinant = (np.linalg.inv(Sigma), np.linalg.slogdet(Sigma)[1]) if found is None else found
        value = len(S) * np.log(2 * np.pi) + log_determinant + (P * S).sum()
        if d is not None:
            value += d @ P @ d
        return float(-0.5 * self.sample.n * value)


def maximum_likelihood(sample: SampleMoments, wishart: bool = False) -> MaximumLikelihood:
    """The ML discrepancy of a sample; with ``wishart`` the covariance has divisor n - 1."""
    covariance = sample.unbiased_covariance if wishart else sample.covariance
    return MaximumLikelihood(sample, covariance, float(np.linalg.slogdet(covariance)[1]))
