"""Full-information maximum likelihood: ML from rows with missing values.

F = 2/n [l(saturated) - l(model)], so that N F is the likelihood-ratio statistic. The saturated moments come
from EM and stand as the sample's mean and covariance; derivatives by the moments come from the missing
patterns (``fiml_likelihood``), and the model's from the chain rule.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from mce_utaut.sem.fiml_likelihood import (
    Information,
    case_scores,
    fiml_derivatives,
    fiml_information,
    fiml_loglik,
    fiml_value,
)
from mce_utaut.sem.gamma import sum_within_clusters
from mce_utaut.sem.matrices import Derivatives, GroupMatrices, Implied, curvature, moment_jacobian
from mce_utaut.sem.moments import SampleMoments
from mce_utaut.sem.patterns import MissingPatterns, find_patterns
from mce_utaut.sem.vech import vech, vech_indices


@dataclass(frozen=True, slots=True)
class FullInformation:
    """FIML of one group: its sample, missing patterns and saturated log-likelihood.

    ``sample`` holds the saturated mean and covariance, and as ``data`` (n, p) the rows behind the patterns,
    nan where missing. ``information`` is the kind that the saturated model's trace is taken with.
    """

    sample: SampleMoments
    patterns: MissingPatterns
    saturated_loglik: float
    information: Information = "observed"
    _products: list[np.ndarray] = field(init=False, default_factory=list, repr=False, compare=False)

    def value(self, implied: Implied) -> float:
        """F; inf where Sigma is not positive definite."""
        try:
            reached = fiml_value(self.patterns, _mean(implied), implied.covariance).loglik
        except np.linalg.LinAlgError:
            return float("inf")
        return 2.0 * (self.saturated_loglik - reached) / self.patterns.n

    def moment_gradient(self, implied: Implied) -> tuple[np.ndarray, np.ndarray | None]:
        """dF/dSigma (p, p) and dF/dmu (p,)."""
        found = fiml_value(self.patterns, _mean(implied), implied.covariance)
        factor = -2.0 / self.patterns.n
        return factor * found.by_covariance, factor * found.by_mean

    def gradient(self, group: GroupMatrices, implied: Implied, derivatives: Derivatives) -> np.ndarray:
        """dF / dx (q,)."""
        G, g = self.moment_gradient(implied)
        return 2 * ((G @ derivatives.U) * derivatives.V).sum(axis=0) + g @ derivatives.D

    def gradient_and_hessian(
        self, group: GroupMatrices, implied: Implied, derivatives: Derivatives, kind: Information
    ) -> tuple[np.ndarray, np.ndarray]:
        """dF / dx (q,) and the expected or observed Hessian (q, q), in one pass over the patterns."""
        found, information = fiml_derivatives(self.patterns, _mean(implied), implied.covariance, kind)
        factor = -2.0 / self.patterns.n
        G, g = factor * found.by_covariance, factor * found.by_mean
        gradient = 2 * ((G @ derivatives.U) * derivatives.V).sum(axis=0) + g @ derivatives.D
        jacobian = moment_jacobian(group, derivatives)
        H = 2 * jacobian.T @ information @ jacobian
        return gradient, H + curvature(group, implied, derivatives, G, g) if kind == "observed" else H

    def expected_hessian(self, group: GroupMatrices, implied: Implied, derivatives: Derivatives) -> np.ndarray:
        """E d2F / dx dx' given the patterns (q, q)."""
        return self.gradient_and_hessian(group, implied, derivatives, "expected")[1]

    def observed_hessian(self, group: GroupMatrices, implied: Implied, derivatives: Derivatives) -> np.ndarray:
        """d2F / dx dx' (q, q), analytic."""
        return self.gradient_and_hessian(group, implied, derivatives, "observed")[1]

    def scores(self, group: GroupMatrices, implied: Implied, derivatives: Derivatives) -> np.ndarray:
        """d log-likelihood_i / dx of the rows (n, q)."""
        jacobian = moment_jacobian(group, derivatives)
        out = np.empty((self.patterns.n, group.q))
        for rows, by_moments in case_scores(self.sample.data, self.patterns, _mean(implied), implied.covariance):
            out[rows] = by_moments @ jacobian
        return out

    def saturated_trace(self, means: bool, exogenous: np.ndarray) -> float:
        """tr(B1 A1^-1) of the saturated model, without the moments of the exogenous variables alone."""
        mean, covariance = self.sample.mean, self.sample.covariance
        kept = self.free_moments(exogenous)
        chosen = np.ix_(kept, kept)
        A1 = fiml_information(self.patterns, mean, covariance, self.information)[chosen]
        return float(np.trace(np.linalg.solve(A1, self.saturated_products()[chosen])))

    def saturated_products(self) -> np.ndarray:
        """B1 (m, m): the mean product of the saturated model's scores, summed within clusters (times G/(G-1))."""
        if not self._products:
            self._products.append(self._saturated_products())
        return self._products[0]

    def _saturated_products(self) -> np.ndarray:
        p = self.patterns.p
        size = p + p * (p + 1) // 2
        clusters = self.sample.clusters
        B1 = np.zeros((size, size))
        sums = None if clusters is None else np.zeros((int(clusters.max()) + 1, size))
        for rows, scores in case_scores(self.sample.data, self.patterns, self.sample.mean, self.sample.covariance):
            if sums is None:
                B1 += scores.T @ scores
            else:
                np.add.at(sums, clusters[rows], scores)
        if sums is None:
            return B1 / self.patterns.n
        summed, factor = sum_within_clusters(sums[np.unique(clusters)], np.unique(clusters))
        return summed.T @ summed * (factor / self.patterns.n)

    @property
    def covariance(self) -> np.ndarray:
        """The saturated covariance (p, p), which residuals are taken from."""
        return self.sample.covariance

    def log_likelihood(
        self, covariance: np.ndarray, mean: np.ndarray | None, columns: np.ndarray | None = None
    ) -> float:
        """The log-likelihood of the rows at moments (p, p), (p,); of ``columns`` alone, all seen, where given.

        A mean of None stands for the saturated mean.
        """
        mean = self.sample.mean if mean is None else mean
        if columns is None:
            return fiml_loglik(self.patterns, mean, covariance)
        complete = find_patterns(self.sample.data[:, columns])
        return fiml_loglik(complete, mean[columns], covariance[np.ix_(columns, columns)])

    def goodness_of_fit(self, implied: Implied, exogenous: np.ndarray) -> float:
        """GFI, 1 - e'Ve / s'Vs, as lavaan has it: s the available means and pairwise covariances.

        V is the expected information at the implied moments. Covariances are multiplied by (n - 1) / n. Moments of
        exogenous variables alone are left out.
        """
        kept = self.free_moments(exogenous)
        s = _pairwise_moments(self.sample.data)[kept]
        e = s - np.concatenate([_mean(implied), vech(implied.covariance)])[kept]
        V = fiml_information(self.patterns, _mean(implied), implied.covariance, "expected")
        V = V[np.ix_(kept, kept)]
        return float(1.0 - (e @ V @ e) / (s @ V @ s))

    def free_moments(self, exogenous: np.ndarray) -> np.ndarray:
        """The places among (mean, vech covariance) of moments that are not of exogenous columns alone."""
        fixed = np.isin(np.arange(self.patterns.p), exogenous)
        rows, columns = vech_indices(self.patterns.p)
        return np.flatnonzero(~np.concatenate([fixed, fixed[rows] & fixed[columns]]))


def full_information(sample: SampleMoments, information: Information = "observed") -> FullInformation:
    """The FIML discrepancy of a sample of ``incomplete_moments``."""
    patterns = find_patterns(sample.data)
    reached = fiml_loglik(patterns, sample.mean, sample.covariance)
    return FullInformation(sample, patterns, reached, information)


def _mean(implied: Implied) -> np.ndarray:
    if implied.mean is None:
        raise ValueError("FIML needs a mean structure")
    return implied.mean


def _pairwise_moments(data: np.ndarray) -> np.ndarray:
    """Means of what is there, then vech of the covariances of the rows that share both variables."""
    seen = (~np.isnan(data)).astype(float)
    mean = np.nansum(data, axis=0) / seen.sum(axis=0)
    centred = np.where(seen > 0, data - mean, 0.0)
    count = seen.T @ seen
    total = centred.T @ seen
    with np.errstate(divide="ignore", invalid="ignore"):
        pairwise = (centred.T @ centred - total * total.T / count) / (count - 1)
    n = len(data)
    return np.concatenate([mean, vech(pairwise) * (n - 1) / n])
