"""Full-information maximum likelihood: ML from rows with missing values.

F = 2/n [l(saturated) - l(model)], so that N F is the likelihood-ratio statistic. The saturated moments come
from EM and stand as the sample's mean and covariance; derivatives by the moments come from the missing
patterns (``fiml_likelihood``), and the model's from the chain rule.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from mce_utaut.sem.completed import Completed, complete
from mce_utaut.sem.fiml_information import Information, expected_form, moment_information
from mce_utaut.sem.fiml_likelihood import fiml_loglik, loglik_of, value_of
from mce_utaut.sem.fiml_model_information import model_information, model_scores
from mce_utaut.sem.fiml_saturated import inverse_information_of, score_root, solved_scores
from mce_utaut.sem.matrices import GroupMatrices, Implied
from mce_utaut.sem.moment_derivatives import (
    Derivatives,
    curvature,
    gradient_by_moments,
    moment_derivatives,
    moment_jacobian,
)
from mce_utaut.sem.moments import SampleMoments
from mce_utaut.sem.patterns import MissingPatterns, find_patterns
from mce_utaut.sem.vech import unvech, vech, vech_indices


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
    _kept: dict = field(init=False, default_factory=dict, repr=False, compare=False)

    def value(self, implied: Implied) -> float:
        """F; inf where Sigma is not positive definite."""
        try:
            reached = loglik_of(self.patterns, self._completed(implied))
        except np.linalg.LinAlgError:
            return float("inf")
        return 2.0 * (self.saturated_loglik - reached) / self.patterns.n

    def moment_gradient(self, implied: Implied) -> tuple[np.ndarray, np.ndarray | None]:
        """dF/dSigma (p, p) and dF/dmu (p,)."""
        found = value_of(self.patterns, self._completed(implied), implied.covariance)
        factor = -2.0 / self.patterns.n
        return factor * found.by_covariance, factor * found.by_mean

    def gradient(self, group: GroupMatrices, implied: Implied) -> np.ndarray:
        """dF / dx (q,)."""
        return gradient_by_moments(group, implied, *self.moment_gradient(implied))

    def gradient_and_hessian(
        self, group: GroupMatrices, implied: Implied, kind: Information
    ) -> tuple[np.ndarray, np.ndarray]:
        """dF / dx (q,) and the expected or observed Hessian (q, q), in one pass over the patterns."""
        G, g = self.moment_gradient(implied)
        gradient = gradient_by_moments(group, implied, G, g)
        derivatives = moment_derivatives(group, implied)
        found = self._completed(implied)
        H = model_information(group, self.patterns, found, implied.covariance, derivatives, kind)
        H *= 2.0 / self.patterns.n
        return gradient, H + curvature(group, implied, G, g) if kind == "observed" else H

    def expected_hessian(self, group: GroupMatrices, implied: Implied) -> np.ndarray:
        """E d2F / dx dx' given the patterns (q, q)."""
        return self.gradient_and_hessian(group, implied, "expected")[1]

    def observed_hessian(self, group: GroupMatrices, implied: Implied) -> np.ndarray:
        """d2F / dx dx' (q, q), analytic."""
        return self.gradient_and_hessian(group, implied, "observed")[1]

    def _completed(self, implied: Implied) -> Completed:
        """The rows completed at the implied moments (those of the last ones asked for are kept)."""
        if self._kept.get("implied") is not implied:
            self._kept["completed"] = complete(self.patterns, _mean(implied), implied.covariance)
            self._kept["implied"] = implied
        return self._kept["completed"]

    def scores(self, group: GroupMatrices, implied: Implied, derivatives: Derivatives) -> np.ndarray:
        """d log-likelihood_i / dx of the rows (n, q)."""
        found = self._completed(implied)
        return model_scores(self.sample.data, self.patterns, found, _mean(implied), derivatives)

    def saturated_trace(self, means: bool, exogenous: np.ndarray) -> float:
        """tr(B1 A1^-1) of the saturated model, without the moments of the exogenous variables alone."""
        kept = self.free_moments(exogenous)
        return float((self.score_root()[:, kept].T * self.solved_scores(kept, self.information)).sum())

    def score_root(self) -> np.ndarray:
        """A root (k, m) of the mean product of the saturated model's scores (computed once)."""
        if "root" not in self._kept:
            self._kept["root"] = score_root(self.sample, self.patterns)
        return self._kept["root"]

    def solved_scores(self, kept: np.ndarray, kind: Information) -> np.ndarray:
        """The inverse saturated information times that root over the ``kept`` moments (kept, k), computed once."""
        key = (kind, kept.tobytes())
        if key not in self._kept:
            self._kept[key] = solved_scores(self.sample, self.patterns, self.score_root(), kept, kind)
        return self._kept[key]

    def inverse_information(self, kept: np.ndarray) -> np.ndarray:
        """The inverse of the observed saturated information over the ``kept`` moments (kept, kept)."""
        return inverse_information_of(self.sample, self.patterns, kept, "observed")

    def saturated_information(
        self, group: GroupMatrices, derivatives: Derivatives, kind: Information
    ) -> np.ndarray:
        """Delta' A1 Delta (q, q): the saturated information seen through the derivatives of a model's moments."""
        mean, covariance = self.sample.mean, self.sample.covariance
        found = complete(self.patterns, mean, covariance)
        return model_information(group, self.patterns, found, covariance, derivatives, kind) / self.patterns.n

    def exogenous_share(
        self, group: GroupMatrices, implied: Implied, derivatives: Derivatives, exogenous: np.ndarray
    ) -> np.ndarray:
        """The part of the expected Hessian (q, q) that the moments of exogenous variables alone have a share in."""
        jacobian, kept = moment_jacobian(group, derivatives), self.free_moments(exogenous)
        information = moment_information(self.patterns, self._completed(implied), "expected")
        free = jacobian[kept]
        share = jacobian.T @ information @ jacobian - free.T @ information[np.ix_(kept, kept)] @ free
        return share * (2.0 / self.patterns.n)

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
        found, p = self._completed(implied), self.patterns.p
        s = np.zeros(p + p * (p + 1) // 2)
        e, kept = s.copy(), self.free_moments(exogenous)
        s[kept] = _pairwise_moments(self.sample.data)[kept]
        e[kept] = (s - np.concatenate([_mean(implied), vech(implied.covariance)]))[kept]
        P = found.inverse
        e_form, s_form = (
            expected_form(self.patterns, found, implied.covariance, P @ v[:p], P @ unvech(v[p:], p) @ P) for v in (e, s)
        )
        return 1.0 - e_form / s_form

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
