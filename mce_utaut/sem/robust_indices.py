"""Corrected statistics behind the robust CFI, TLI and RMSEA where data are incomplete or ordered.

Incomplete data (Zhang & Savalei, 2023, https://doi.org/10.1037/met0000445): the complete-data ML statistic of the
saturated moments, taken at the FIML estimates, with the factor k / df that makes its mean right: version 3
for robust tests, version 6 for normal data. With W_m and W_c the saturated informations of the incomplete
data and of complete data, J the mean product of scores and M = W_m^-1 - Delta E^-1 Delta',
k = tr(M W_c M J) (version 3) or tr(W_c M) (version 6).

Ordered data (Savalei, 2021, https://doi.org/10.1080/00273171.2020.1717922): the ML statistic of the polychoric
correlations at the least-squares estimates, likewise corrected. As lavaan 0.6-14 has both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mce_utaut.sem.discrepancy import Objective
from mce_utaut.sem.fiml import FullInformation
from mce_utaut.sem.fiml_information import from_local
from mce_utaut.sem.information import inverse_information
from mce_utaut.sem.ml import maximum_likelihood
from mce_utaut.sem.moment_derivatives import moment_jacobian
from mce_utaut.sem.table import ParameterTable
from mce_utaut.sem.tests_of_fit import exogenous_columns
from mce_utaut.sem.vech import off_diagonal_weights, vech_indices
from mce_utaut.sem.wls import WeightedLeastSquares

NAN = float("nan")


@dataclass(frozen=True, slots=True)
class CorrectedStatistic:
    """A chi-square with the factor that its mean is off by; nan where it is not defined."""

    chisq: float
    factor: float


@dataclass(frozen=True, slots=True)
class SaturatedWeights:
    """What the correction needs of a group's saturated model, over its ``kept`` moments (m,).

    ``root`` (k, m) of J and ``spread`` (m, k) = W_c W_m^-1 root' (robust tests only); ``whole`` is tr(W_m^-1 W_c) or,
    for robust tests, tr(W_c W_m^-1 J W_m^-1); ``outside`` (p + p*,) are moments that W_c leaves out; ``information`` is
    the kind of E.
    """

    kept: np.ndarray
    outside: np.ndarray
    root: np.ndarray | None
    spread: np.ndarray | None
    whole: float
    information: str


def saturated_weights(objective: Objective, information: str, robust: bool) -> list[SaturatedWeights]:
    """What every group's saturated model gives; ``information`` is the kind of E: observed, expected, first.order."""
    columns = exogenous_columns(objective)
    return [
        _fiml_weights(part, part.free_moments(columns), information, objective.table.exogenous, robust)
        for part in objective.parts
    ]


def corrected_fiml(
    objective: Objective, t: np.ndarray, df: int, robust: bool, saturated: Sequence[SaturatedWeights]
) -> CorrectedStatistic:
    """The complete-data statistic at FIML estimates ``t`` (n_free,) of a model with ``df``, and its factor."""
    total = sum(part.sample.n for part in objective.parts)
    chisq = 0.0
    q = len(objective.table.free_rows)
    E, cross, complete, scores = (np.zeros((q, q)) for _ in range(4))
    whole = 0.0
    for group, part, weights, (implied, derivatives) in zip(
        objective.groups, objective.parts, saturated, objective.implied_and_derivatives(t), strict=True
    ):
        chisq += part.sample.n * maximum_likelihood(part.sample).value(implied)
        weight = part.sample.n / total
        jacobian = moment_jacobian(group, derivatives)
        here = slice(group.x_start, group.x_stop)
        whole += weights.whole
        complete[here, here] = weight * jacobian.T @ _weigh(part, weights.outside, jacobian)
        if weights.root is not None:
            pulled = weights.root @ jacobian[weights.kept]
            scores[here, here] = weight * pulled.T @ pulled
        if robust:
            cross[here, here] = weight * (jacobian[weights.kept].T @ weights.spread) @ pulled
        if weights.information == "first.order":
            E[here, here] = weight * pulled.T @ pulled
        else:
            E[here, here] = weight * part.saturated_information(group, derivatives, weights.information)
    if df <= 0:
        return CorrectedStatistic(chisq, NAN)
    K = objective.table.K
    if not K.shape[1]:
        return CorrectedStatistic(chisq, whole / df)
    inverse = inverse_information(K.T @ E @ K)
    weighted = inverse @ (K.T @ complete @ K)
    if not robust:
        return CorrectedStatistic(chisq, (whole - float(np.trace(weighted))) / df)
    k = whole - 2.0 * float((inverse * (K.T @ cross @ K)).sum())
    k += float((weighted * (inverse @ (K.T @ scores @ K)).T).sum())
    return CorrectedStatistic(chisq, k / df)


def _only_of(part: FullInformation, names: Sequence[str]) -> np.ndarray:
    """Which of the moments (p + p*,) are of the named variables alone."""
    chosen = np.isin(part.sample.names, names)
    i, j = vech_indices(len(chosen))
    return np.concatenate([chosen, chosen[i] & chosen[j]])


def _fiml_weights(
    part: FullInformation, kept: np.ndarray, information: str, exogenous: Sequence[str], robust: bool
) -> SaturatedWeights:
    """The weights over the ``kept`` moments.

    lavaan 0.6-14 leaves the moments of exogenous variables out of W_c even where these are not fixed.
    """
    outside = _only_of(part, exogenous)
    root = part.score_root()[:, kept] if robust or information == "first.order" else None
    solved = part.solved_scores(kept, "observed") if robust else part.inverse_information(kept)
    full = np.zeros((len(outside), solved.shape[1]))
    full[kept] = solved
    weighted = _weigh(part, outside, full)[kept]
    if robust:
        return SaturatedWeights(kept, outside, root, weighted, float((solved * weighted).sum()), information)
    return SaturatedWeights(kept, outside, root, None, float(np.trace(weighted)), information)


def _weigh(part: FullInformation, outside: np.ndarray, right: np.ndarray) -> np.ndarray:
    """W_c times ``right`` (p + p*, k): the normal-theory weight at the saturated moments, 0 for moments ``outside``."""
    p = part.patterns.p
    weights = np.concatenate([np.ones(p), off_diagonal_weights(p)])
    lines = np.ascontiguousarray((np.where(outside, 0.0, weights)[:, None] * right).T)
    out = from_local(np.linalg.inv(part.sample.covariance), lines).T
    out[p:] *= 0.5
    out[outside] = 0.0
    return out


def corrected_ordinal(objective: Objective, t: np.ndarray, df: int) -> tuple[CorrectedStatistic, CorrectedStatistic]:
    """The ML statistics of polychoric correlations for the model and for independence, with their factors.

    Undefined (nan) unless every variable is ordered, every correlation matrix is positive definite, and no
    equality ties thresholds or intercepts, as in lavaan 0.6-14. So are the groups' traces of Gamma divided
    by n_g / N in the factor of independence. A model written with another unit of y* (a free scale or residual for
    fixed thresholds) has the same indices here; lavaan 0.6-14 takes its covariances for correlations then.
    """
    unknown = CorrectedStatistic(NAN, NAN), CorrectedStatistic(NAN, NAN)
    table = objective.table
    if len(table.ordered) != len(table.observed) or table.conditional or df < 0 or _ties_locations(table):
        return unknown
    samples = [part.sample for part in objective.parts]
    if any(np.linalg.eigvalsh(sample.covariance)[0] < np.sqrt(np.finfo(float).eps) for sample in samples):
        return unknown
    total = sum(sample.n for sample in samples)
    q = len(table.free_rows)
    E, cross, normal, middle = (np.zeros((q, q)) for _ in range(4))
    chisq = null = saturated = independent = 0.0
    for group, part, (implied, derivatives) in zip(
        objective.groups, objective.parts, objective.implied_and_derivatives(t), strict=True
    ):
        weight, n = part.sample.n / total, part.sample.n
        fitted = implied.covariance * np.outer(implied.scale, implied.scale)
        try:
            distance = _normal_distance(part.sample.covariance, fitted)
        except np.linalg.LinAlgError:
            return unknown
        chisq += n * distance
        null += n * _normal_distance(part.sample.covariance, np.eye(len(fitted)))
        jacobian = part.jacobian(group, implied, derivatives)
        lead = part.statistics.size - part.layout.i.size
        W, V, gamma = _diagonal(part)[lead:], _correlation_weight(fitted), part.gamma[lead:, lead:]
        own = jacobian[lead:]
        here = slice(group.x_start, group.x_stop)
        E[here, here] = weight * jacobian.T @ part.weigh(jacobian)
        turned = V @ gamma
        saturated += float(np.trace(turned))
        independent += float(np.trace(gamma)) / weight
        weighted = W[:, None] * own
        cross[here, here] = weight * own.T @ turned @ weighted
        normal[here, here] = weight * own.T @ V @ own
        middle[here, here] = weight * weighted.T @ gamma @ weighted
    K = table.K
    inverse = inverse_information(K.T @ E @ K)
    k = saturated - 2.0 * float((inverse * (K.T @ cross @ K)).sum())
    k += float(((inverse @ (K.T @ normal @ K)) * (inverse @ (K.T @ middle @ K)).T).sum())
    pairs = sum(part.layout.i.size for part in objective.parts)
    own = CorrectedStatistic(chisq, k / df) if df else CorrectedStatistic(0.0, 1.0)
    return own, CorrectedStatistic(null, independent / pairs)


def _ties_locations(table: ParameterTable) -> bool:
    """Whether an equality constraint involves a threshold or an intercept."""
    places = np.array([table.rows[i].op in ("|", "~1") for i in table.free_rows], dtype=bool)
    alone = ((table.K != 0).sum(axis=1) == 1) & (table.k0 == 0)
    shared = (table.K != 0)[:, (table.K != 0).sum(axis=0) > 1].any(axis=1)
    return bool((places & (shared | ~alone)).any())


def _diagonal(part: WeightedLeastSquares) -> np.ndarray:
    return part.weight if part.weight.ndim == 1 else np.diag(part.weight)


def _normal_distance(S: np.ndarray, Sigma: np.ndarray) -> float:
    root = np.linalg.inv(np.linalg.cholesky(Sigma))
    log_ratio = -2.0 * np.log(np.diag(root)).sum() - np.linalg.slogdet(S)[1]
    return float(log_ratio + ((root @ S) * root).sum() - len(S))


def _correlation_weight(Sigma: np.ndarray) -> np.ndarray:
    """The normal-theory weight of the correlations alone, P_ik P_jl + P_il P_jk, (pairs, pairs)."""
    P = np.linalg.inv(Sigma)
    i, j = vech_indices(len(Sigma), diagonal=False)
    return P[np.ix_(i, i)] * P[np.ix_(j, j)] + P[np.ix_(i, j)] * P[np.ix_(j, i)]
