"""The normal log-likelihood of incomplete data, its gradient and its casewise scores.

For a row with observed part o: l = -1/2 [o log 2 pi + log|Sigma_oo| + (y_o - mu_o)' Sigma_oo^-1 (y_o -
mu_o)] (Enders, 2010, eq. 4.1). Derivatives are by mu and vech(Sigma). With W = Sigma_oo^-1 padded with zeros at
missing places and z = W (y - mu), the scores are z by mu, and z z' - W (halved on the diagonal) by
vech(Sigma); ``completed`` gives their sums without forming W. The informations are in ``fiml_information``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mce_utaut.sem.completed import Completed, complete, padded_inverses
from mce_utaut.sem.patterns import MissingPatterns
from mce_utaut.sem.vech import Array, off_diagonal_weights, vech, vech_indices

BLOCK_ENTRIES = 4_000_000
_LOG_2PI = float(np.log(2.0 * np.pi))


@dataclass(frozen=True, slots=True)
class FimlValue:
    """The log-likelihood and its gradient.

    ``by_mean`` (p,) is dl/dmu. ``by_covariance`` (p, p), symmetric, is the matrix G with dl = tr(G dSigma).
    """

    loglik: float
    by_mean: Array
    by_covariance: Array


def fiml_value(patterns: MissingPatterns, mean: Array, covariance: Array) -> FimlValue:
    """The log-likelihood at mean (p,) and covariance (p, p), with its gradient.

    Raises ``numpy.linalg.LinAlgError`` where the covariance matrix is not positive definite.
    """
    return value_of(patterns, complete(patterns, mean, covariance), covariance)


def value_of(patterns: MissingPatterns, found: Completed, covariance: Array) -> FimlValue:
    """``fiml_value`` from rows completed at moments with this covariance (p, p)."""
    P = found.inverse
    by_covariance = 0.5 * P @ (found.products + found.residual - patterns.n * covariance) @ P
    by_covariance = 0.5 * (by_covariance + by_covariance.T)
    return FimlValue(loglik_of(patterns, found), P @ found.sums, by_covariance)


def loglik_of(patterns: MissingPatterns, found: Completed) -> float:
    """The log-likelihood of completed rows."""
    constant = _LOG_2PI * float(patterns.counts @ patterns.observed.sum(axis=1))
    return -0.5 * (constant + float(found.logdet) + float((found.inverse * found.products).sum()))


def fiml_loglik(patterns: MissingPatterns, mean: Array, covariance: Array) -> float:
    """The log-likelihood at mean (p,) and covariance (p, p); raises as ``fiml_value`` does."""
    return loglik_of(patterns, complete(patterns, mean, covariance))


def case_scores(
    data: Array, patterns: MissingPatterns, mean: Array, covariance: Array
) -> Iterator[tuple[NDArray[np.intp], Array]]:
    """The gradients of the used rows' log-likelihoods by (mu, vech Sigma), block by block: the memory stays bounded.

    ``data`` (rows, p) is what the patterns were found in. A block is the places (b,) of its rows among the used ones,
    which are in the order of the data, and their scores (b, p + p*).
    """
    p = patterns.p
    i, j = vech_indices(p)
    halved = 0.5 * off_diagonal_weights(p)
    by_pattern = np.argsort(patterns.row_pattern, kind="stable")
    ends = np.concatenate([[0], np.cumsum(patterns.counts)])
    step = max(1, BLOCK_ENTRIES // (p * p))
    for own, inverses in padded_inverses(patterns, complete(patterns, mean, covariance), BLOCK_ENTRIES):
        half = vech(inverses)
        for begin in range(ends[own.start], ends[own.stop], step):
            rows = by_pattern[begin : min(begin + step, ends[own.stop])]
            local = patterns.row_pattern[rows] - own.start
            deviations = np.nan_to_num(data[patterns.kept[rows]] - mean, nan=0.0)
            z = np.empty_like(deviations)
            for here in np.split(np.arange(rows.size), np.flatnonzero(np.diff(local)) + 1):
                one = slice(here[0], here[-1] + 1)
                np.matmul(deviations[one], inverses[local[here[0]]], out=z[one])
            products = z[:, i] * z[:, j]
            products -= half[local]
            products *= halved
            yield rows, np.concatenate([z, products], axis=1)
