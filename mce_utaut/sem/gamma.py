"""Asymptotic covariance matrices of sample moments ("Gamma"), free of distribution or under normality.

Gamma is the covariance matrix of sqrt(n) times the sample moments, in lavaan's order: the means (if
there is a mean structure), then vech of the covariance matrix with divisor n. Checked against lavaan's
``lavGamma`` on the data of Holzinger and Swineford and on the bfi items.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mce_utaut.errors import NotEstimable
from mce_utaut.sem.vech import Array, off_diagonal_weights, paired_products, vech, vech_indices

LARGEST_GAMMA = 8_000


def check_moment_count(count: int, what: str) -> None:
    """Raise NotEstimable where matrices over pairs of ``count`` moments, seven at a time, would fill the memory."""
    if count > LARGEST_GAMMA:
        raise NotEstimable(
            f"{what} needs matrices over all pairs of {count:,} sample moments ({8e-9 * count**2:.1f} GB each, several "
            f"at once); up to {LARGEST_GAMMA:,} moments are possible. Use fewer variables, or ML, MLR or MLM on "
            "complete data, which need no such matrix."
        )


def adf_gamma(
    data: Array,
    *,
    means: bool = True,
    fixed: NDArray[np.intp] | None = None,
    clusters: NDArray[np.generic] | None = None,
) -> Array:
    """The distribution-free Gamma, of shape (m, m) with m = p* or p + p*, from complete data (n, p).

    It is the covariance matrix (divisor n) of the rows ``(y, vech((y - ybar)(y - ybar)'))`` (Browne,
    1984, https://doi.org/10.1111/j.2044-8317.1984.tb00789.x, eq. 2.2). ``fixed`` names the columns of
    exogenous variables whose moments are treated as constants: what those columns predict of the row is
    taken off first. ``clusters`` (n,) sums the rows within clusters and multiplies by G/(G-1).

    Raises ``NotEstimable`` when fewer than two clusters are given.
    """
    n = data.shape[0]
    rows = _moment_rows(data, means)
    if fixed is not None and fixed.size:
        rows = rows - _moment_rows(_predicted_from(data, fixed), means)
    rows = rows - rows.mean(axis=0)
    correction = 1.0
    if clusters is not None:
        rows, correction = sum_within_clusters(rows, clusters)
    return rows.T @ rows * (correction / n)


def normal_weight(covariance: Array, *, means: bool = True) -> Array:
    """The inverse of the normal-theory Gamma, (p*, p*) or (p + p*, p + p*), for a covariance matrix S (p, p).

    With P = S^-1 the block of vech is ``w_ij w_kl (P[i,k] P[j,l] + P[i,l] P[j,k]) / 4``, where w is 1 on the diagonal
    and 2 off it (Browne, 1974), that of the means is P, the rest is zero.
    """
    p = covariance.shape[0]
    inverse = np.linalg.inv(covariance)
    inverse = (inverse + inverse.T) / 2
    half, weights = vech(inverse), 0.5 * off_diagonal_weights(p)
    block = paired_products(np.outer(half, half), p)
    block *= weights[:, None]
    block *= weights
    if not means:
        return block
    weight = np.zeros((p + half.size, p + half.size))
    weight[:p, :p] = inverse
    weight[p:, p:] = block
    return weight


def observed_normal_weight(
    covariance: Array, sample_covariance: Array, difference: Array | None, *, means: bool = True
) -> Array:
    """Minus the normal log-likelihood's second derivatives by the moments, (p*, p*) or (p + p*, p + p*), per case.

    Taken at a model's moments: ``covariance`` is Sigma, ``difference`` the sample means less the model's (None: 0).
    With P = Sigma^-1 and A = P (2 T - Sigma) P, T being S plus the square of the difference, the block of vech is
    that of ``normal_weight`` with the products of P and A in place of those of P with itself; means and vech go
    together as P and P d. At Sigma = S it is ``normal_weight``.
    """
    p = covariance.shape[0]
    P = np.linalg.inv(covariance)
    T = sample_covariance if difference is None else sample_covariance + np.outer(difference, difference)
    A = P @ (2 * T - covariance) @ P
    one, other, weights = vech((P + P.T) / 2), vech((A + A.T) / 2), 0.5 * off_diagonal_weights(p)
    block = paired_products(0.5 * (np.outer(one, other) + np.outer(other, one)), p)
    block *= weights[:, None]
    block *= weights
    if not means:
        return block
    i, j = vech_indices(p)
    pulled = np.zeros(p) if difference is None else P @ difference
    across = (P[:, i] * pulled[j] + P[:, j] * pulled[i]) * weights
    return np.block([[P, across], [across.T, block]])


def sum_within_clusters(rows: Array, clusters: NDArray[np.generic]) -> tuple[Array, float]:
    """The rows (n, m) summed within clusters, (G, m), and lavaan's correction G/(G-1)."""
    labels, index = np.unique(clusters, return_inverse=True)
    if labels.size < 2:
        raise NotEstimable("Cluster-robust standard errors need at least two clusters; the data hold one.")
    sums = np.zeros((labels.size, rows.shape[1]))
    np.add.at(sums, index, rows)
    return sums, labels.size / (labels.size - 1)


def _moment_rows(data: Array, means: bool) -> Array:
    i, j = vech_indices(data.shape[1])
    centred = data - data.mean(axis=0)
    products = centred[:, i] * centred[:, j]
    return np.hstack([data, products]) if means else products


def _predicted_from(data: Array, fixed: NDArray[np.intp]) -> Array:
    design = np.column_stack([np.ones(data.shape[0]), data[:, fixed]])
    coefficients, *_ = np.linalg.lstsq(design, data, rcond=None)
    predicted = design @ coefficients
    predicted[:, fixed] = data[:, fixed]
    return predicted
