"""What robust inference needs of complete normal data: casewise scores, and traces of the fourth moments.

No fourth-moment matrix is built: with ``d`` a centred case and ``P`` the inverse covariance, everything follows from
the n by q products ``(d'P u)(d'P v)``, so the cost is O(n p q) instead of O(n p^4).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mce_utaut.sem.gamma import adf_gamma, check_moment_count, normal_weight, observed_normal_weight
from mce_utaut.sem.matrices import GroupMatrices, Implied
from mce_utaut.sem.moment_derivatives import Derivatives, moment_jacobian
from mce_utaut.sem.moments import SampleMoments

_CASES_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class GammaProducts:
    """Products of the weight V and the covariance of the sample moments Gamma, for one group.

    ``middle`` = Delta' V Gamma V Delta (q, q); ``trace`` = tr(V Gamma). Where the second moment of the
    test statistic is asked for: ``outer`` = Delta' V Gamma V Gamma V Delta (q, q) and ``trace_squared`` =
    tr(V Gamma V Gamma); else None.
    """

    middle: np.ndarray
    trace: float
    outer: np.ndarray | None = None
    trace_squared: float | None = None


def normal_scores(
    data: np.ndarray, implied: Implied, derivatives: Derivatives, centre: np.ndarray
) -> np.ndarray:
    """d log-likelihood_i / dx of complete cases (n, q); ``centre`` (p,) is mu, or the sample mean without means."""
    P = np.linalg.inv(implied.covariance)
    scores = _moment_products(data - centre, P, derivatives)
    scores -= ((P @ derivatives.U) * derivatives.V).sum(axis=0)
    return scores


def saturated_trace(sample: SampleMoments, means: bool, exogenous: np.ndarray) -> float:
    """tr(B1 A1^-1) of the saturated normal model at its estimate, less the part of fixed exogenous variables.

    A1 is its information, B1 the mean product of its scores (sums within clusters, times G/(G-1), where
    the sample has clusters).
    """
    total = _saturated_trace(sample, means, np.arange(len(sample.names)))
    return total - (_saturated_trace(sample, means, exogenous) if len(exogenous) else 0.0)


def _saturated_trace(sample: SampleMoments, means: bool, columns: np.ndarray) -> float:
    centred = (sample.data - sample.mean)[:, columns]
    S = sample.covariance[np.ix_(columns, columns)]
    root = np.linalg.inv(np.linalg.cholesky(S))
    white = centred @ root.T
    if sample.clusters is None:
        squared = (white**2).sum(axis=1)
        trace = 0.5 * ((squared**2).mean() - len(columns))
        return float(trace + len(columns)) if means else float(trace)
    trace, identity = 0.0, np.eye(len(columns))
    codes, sizes = np.unique(sample.clusters, return_counts=True)
    sorted_rows = white[np.argsort(sample.clusters, kind="stable")]
    for rows in np.split(sorted_rows, np.cumsum(sizes)[:-1]):
        Z = rows.T @ rows - len(rows) * identity
        trace += 0.5 * (Z * Z).sum() + ((rows.sum(axis=0) ** 2).sum() if means else 0.0)
    return float(trace / sample.n * len(codes) / (len(codes) - 1))


def normal_gamma_products(
    sample: SampleMoments, implied: Implied, derivatives: Derivatives, exogenous: np.ndarray
) -> GammaProducts:
    """Delta' V Gamma V Delta and tr(V Gamma): V the normal weight at Sigma, Gamma free of distribution.

    For fixed exogenous variables (columns ``exogenous``) Gamma is that of the moments given them: what they
    predict of a case is taken off its products.
    """
    P = np.linalg.inv(implied.covariance)
    centred = sample.data - sample.mean
    predicted = _predicted(centred, exogenous)
    W = _moment_products(centred, P, derivatives)
    a = ((centred @ P) * centred).sum(axis=1)
    if predicted is None:
        trace = 0.5 * ((a**2).mean() - _double(P, sample.covariance))
        mean_part = sample.covariance
    else:
        W = W - _moment_products(predicted, P, derivatives)
        b = ((centred @ P) * predicted).sum(axis=1)
        c = ((predicted @ P) * predicted).sum(axis=1)
        mean_part = sample.covariance - predicted.T @ predicted / sample.n
        trace = 0.5 * ((a**2 - 2 * b**2 + c**2).mean() - _double(P, mean_part))
    if derivatives.D is not None:
        trace += (P * mean_part).sum()
    W = W - W.mean(axis=0)
    return GammaProducts(W.T @ W / sample.n, float(trace))


def dense_gamma_products(
    sample: SampleMoments,
    group: GroupMatrices,
    implied: Implied,
    derivatives: Derivatives,
    exogenous: np.ndarray,
    *,
    observed: bool = False,
) -> GammaProducts:
    """All four products by way of the full matrices (e, e), e the number of moments: for the second-moment tests, and
    with ``observed`` for those whose weight is the observed information about the moments."""
    means, p = derivatives.D is not None, group.p
    what = "Robust inference with observed information" if observed else "The second-moment test"
    check_moment_count(p * (p + 1) // 2 + p * means, f"{what} of {p} variables")
    gamma = adf_gamma(sample.data, means=means, fixed=exogenous if len(exogenous) else None)
    if observed:
        difference = None if implied.mean is None else sample.mean - implied.mean
        V = observed_normal_weight(implied.covariance, sample.covariance, difference, means=means)
    else:
        V = normal_weight(implied.covariance, means=means)
    return weighted_products(moment_jacobian(group, derivatives), V, gamma)


def unweighted_products(
    sample: SampleMoments, group: GroupMatrices, derivatives: Derivatives, exogenous: np.ndarray
) -> GammaProducts:
    """All four products for unweighted least squares, where V is the identity."""
    means, p = derivatives.D is not None, group.p
    count = p * (p + 1) // 2 + p * means
    check_moment_count(count, f"Robust least squares of {p} variables")
    gamma = adf_gamma(sample.data, means=means, fixed=exogenous if len(exogenous) else None)
    return weighted_products(moment_jacobian(group, derivatives), np.eye(count), gamma)


def weighted_products(jacobian: np.ndarray, weight: np.ndarray, gamma: np.ndarray) -> GammaProducts:
    """The products of a jacobian (e, q), weight V (e, e) and Gamma (e, e)."""
    VD, VG = weight @ jacobian, weight @ gamma
    GVD = gamma @ VD
    return GammaProducts(VD.T @ GVD, float(np.trace(VG)), GVD.T @ weight @ GVD, float((VG * VG.T).sum()))


def _double(P: np.ndarray, S: np.ndarray) -> float:
    PS = P @ S
    return float((PS * PS.T).sum())


def _predicted(centred: np.ndarray, exogenous: np.ndarray) -> np.ndarray | None:
    """What the exogenous columns predict of every column (n, p)."""
    if not len(exogenous):
        return None
    x = centred[:, exogenous]
    return x @ np.linalg.lstsq(x, centred, rcond=None)[0]


def _moment_products(centred: np.ndarray, P: np.ndarray, derivatives: Derivatives) -> np.ndarray:
    """(d'P u)(d'P v) + d'P D of every case (n, q), in blocks that a processor's cache can hold."""
    out = np.empty((len(centred), derivatives.U.shape[1]))
    PU, PV = P @ derivatives.U, P @ derivatives.V
    PD = None if derivatives.D is None else P @ derivatives.D
    for start in range(0, len(centred), _CASES_AT_ONCE):
        rows = slice(start, start + _CASES_AT_ONCE)
        np.multiply(centred[rows] @ PU, centred[rows] @ PV, out=out[rows])
        if PD is not None:
            out[rows] += centred[rows] @ PD
    return out
