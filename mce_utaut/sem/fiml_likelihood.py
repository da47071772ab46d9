"""The normal log-likelihood of incomplete data, its gradient and its information, by missing pattern.

For a row with observed part o: l = -1/2 [o log 2 pi + log|Sigma_oo| + (y_o - mu_o)' Sigma_oo^-1 (y_o -
mu_o)] (Enders, 2010, eq. 4.1; Savalei, 2010, https://doi.org/10.1037/a0020143, eqs. 1-7 for the
informations). Derivatives are by mu and vech(Sigma). Every function needs, for each pattern, W_g =
Sigma_oo^-1 padded with zeros at missing places; it comes from P = Sigma^-1 by a correction of rank m,
the number of missing variables: W = P - P_.m P_mm^-1 P_m. and log|Sigma_oo| = log|Sigma| + log|P_mm|.
With z = W (y - mu) the scores are z by mu, and z z' - W (halved on the diagonal) by vech(Sigma).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mce_utaut.sem.patterns import MissingPatterns
from mce_utaut.sem.vech import Array, off_diagonal_weights, paired_products, vech, vech_indices

_BLOCK_ENTRIES = 4_000_000
_LOG_2PI = float(np.log(2.0 * np.pi))

Information = Literal["observed", "expected"]


@dataclass(frozen=True, slots=True)
class FimlValue:
    """The log-likelihood and its gradient.

    ``by_mean`` (p,) is dl/dmu. ``by_covariance`` (p, p), symmetric, is the matrix G with dl = tr(G dSigma).
    """

    loglik: float
    by_mean: Array
    by_covariance: Array


@dataclass(frozen=True, slots=True)
class _Block:
    """Patterns ``first`` to ``last`` with W (b, p, p), log determinants (b,) and z of the condensed rows."""

    first: int
    last: int
    inverses: Array
    logdets: Array
    z: Array
    deviations: Array
    shift: Array
    row_pattern: Array


def fiml_value(patterns: MissingPatterns, mean: Array, covariance: Array) -> FimlValue:
    """The log-likelihood at mean (p,) and covariance (p, p), with its gradient.

    Raises ``numpy.linalg.LinAlgError`` where the covariance matrix is not positive definite.
    """
    total = _no_value(patterns)
    for block in _blocks(patterns, mean, covariance):
        total = _with_block(total, patterns, block)
    return total


def fiml_loglik(patterns: MissingPatterns, mean: Array, covariance: Array) -> float:
    """The log-likelihood at mean (p,) and covariance (p, p); raises as ``fiml_value`` does."""
    return fiml_value(patterns, mean, covariance).loglik


def fiml_information(
    patterns: MissingPatterns, mean: Array, covariance: Array, kind: Information = "observed"
) -> Array:
    """The information per row about (mu, vech Sigma), of shape (p + p*, p + p*).

    "expected" takes the expectation given the patterns (its mean and covariance blocks are orthogonal);
    "observed" is minus the Hessian of the log-likelihood, divided by n.
    """
    return fiml_derivatives(patterns, mean, covariance, kind)[1]


def fiml_derivatives(
    patterns: MissingPatterns, mean: Array, covariance: Array, kind: Information = "observed"
) -> tuple[FimlValue, Array]:
    """``fiml_value`` and ``fiml_information`` in one pass over the patterns."""
    p = patterns.p
    weights = off_diagonal_weights(p)
    size = weights.size
    total = _no_value(patterns)
    mean_block = np.zeros((p, p))
    gram = np.zeros((size, size))
    mixed = np.zeros((p, size))
    for block in _blocks(patterns, mean, covariance):
        total = _with_block(total, patterns, block)
        counts = patterns.counts[block.first : block.last].astype(float)
        mean_block += np.tensordot(counts, block.inverses, axes=1)
        half = vech(block.inverses)
        second = counts[:, None] * half
        if kind == "observed":
            local = (patterns.starts[block.first : block.last] - patterns.starts[block.first]).astype(np.intp)
            products = np.add.reduceat(_row_products(block.z), local, axis=0)
            second = 2.0 * products - second
            sums = np.add.reduceat(block.shift[:, None] * block.z, local, axis=0)
            mixed += _mixed_block(block.inverses, sums)
        gram += half.T @ second
    information = np.zeros((p + size, p + size))
    information[:p, :p] = mean_block
    information[p:, p:] = 0.25 * paired_products(0.5 * (gram + gram.T), p) * np.outer(weights, weights)
    if kind == "observed":
        information[:p, p:] = mixed * weights
        information[p:, :p] = information[:p, p:].T
    return total, information / patterns.n


def case_scores(
    data: Array, patterns: MissingPatterns, mean: Array, covariance: Array
) -> Iterator[tuple[NDArray[np.intp], Array]]:
    """The gradients of the used rows' log-likelihoods by (mu, vech Sigma), block by block: the memory stays bounded.

    ``data`` (rows, p) is what the patterns were found in. A block is the places (b,) of its rows among the used ones,
    which are in the order of the data, and their scores (b, p + p*).
    """
    p = patterns.p
    halved = 0.5 * off_diagonal_weights(p)
    by_pattern = np.argsort(patterns.row_pattern, kind="stable")
    bounds = np.concatenate([[0], np.cumsum(patterns.counts)])
    step = max(1, _BLOCK_ENTRIES // (p * p))
    for first, last in _pattern_ranges(patterns):
        inverses, _ = _pattern_inverses(patterns, covariance, first, last)
        half = vech(inverses)
        for begin in range(bounds[first], bounds[last], step):
            rows = by_pattern[begin : min(begin + step, bounds[last])]
            local = patterns.row_pattern[rows] - first
            deviations = np.nan_to_num(data[patterns.kept[rows]] - mean, nan=0.0)
            z = np.empty_like(deviations)
            for here in np.split(np.arange(rows.size), np.flatnonzero(np.diff(local)) + 1):
                own = slice(here[0], here[-1] + 1)
                np.matmul(deviations[own], inverses[local[here[0]]], out=z[own])
            products = _row_products(z)
            products -= half[local]
            products *= halved
            yield rows, np.concatenate([z, products], axis=1)


def _no_value(patterns: MissingPatterns) -> FimlValue:
    p = patterns.p
    constant = -0.5 * _LOG_2PI * float(patterns.counts @ patterns.observed.sum(axis=1))
    return FimlValue(constant, np.zeros(p), np.zeros((p, p)))


def _with_block(total: FimlValue, patterns: MissingPatterns, block: _Block) -> FimlValue:
    counts = patterns.counts[block.first : block.last].astype(float)
    distance = float(counts @ block.logdets + np.einsum("ij,ij->", block.z, block.deviations))
    cross = block.z.T @ block.z - np.tensordot(counts, block.inverses, axes=1)
    return FimlValue(
        total.loglik - 0.5 * distance,
        total.by_mean + block.shift @ block.z,
        total.by_covariance + 0.5 * cross,
    )


def _row_products(z: Array) -> Array:
    from_row, to_row = vech_indices(z.shape[1])
    return z[:, from_row] * z[:, to_row]


def _mixed_block(inverses: Array, sums: Array) -> Array:
    """Minus the mixed derivative by mu and the symmetric Sigma: sum_g sym(W_g[k,i] z_g[j]), (p, p*)."""
    p = sums.shape[1]
    i, j = vech_indices(p)
    flat = inverses.reshape(-1, p * p).T @ sums
    cube = flat.reshape(p, p, p)
    return 0.5 * (cube[:, i, j] + cube[:, j, i])


def _pattern_ranges(patterns: MissingPatterns) -> Iterator[tuple[int, int]]:
    step = max(1, _BLOCK_ENTRIES // (patterns.p * patterns.p))
    total = patterns.counts.size
    for first in range(0, total, step):
        yield first, min(first + step, total)


def _blocks(patterns: MissingPatterns, mean: Array, covariance: Array) -> Iterator[_Block]:
    for first, last in _pattern_ranges(patterns):
        inverses, logdets = _pattern_inverses(patterns, covariance, first, last)
        rows = slice(patterns.starts[first], patterns.starts[last])
        shift = patterns.shift[rows]
        sizes = np.diff(patterns.starts[first : last + 1])
        row_pattern = np.repeat(np.arange(last - first), sizes)
        seen = patterns.observed[first:last][row_pattern]
        deviations = np.where(seen, patterns.condensed[rows] - shift[:, None] * mean, 0.0)
        z = np.matmul(deviations[:, None, :], inverses[row_pattern])[:, 0, :]
        yield _Block(first, last, inverses, logdets, z, deviations, shift, row_pattern)


def _pattern_inverses(
    patterns: MissingPatterns, covariance: Array, first: int, last: int
) -> tuple[Array, Array]:
    """W (b, p, p), zero at missing places, and log|Sigma_oo| (b,), for patterns first to last."""
    root = np.linalg.cholesky(covariance)
    logdet = 2.0 * float(np.log(np.diag(root)).sum())
    inverse = np.linalg.inv(covariance)
    inverse = 0.5 * (inverse + inverse.T)
    masks = patterns.observed[first:last]
    missing = (~masks).sum(axis=1)
    inverses = np.repeat(inverse[None], last - first, axis=0)
    logdets = np.full(last - first, logdet)
    for m in np.unique(missing):
        if m == 0:
            continue
        group = np.flatnonzero(missing == m)
        absent = np.nonzero(~masks[group])[1].reshape(group.size, m)
        block = inverse[absent[:, :, None], absent[:, None, :]]
        wide = inverse[absent]
        inverses[group] -= np.swapaxes(wide, 1, 2) @ np.linalg.solve(block, wide)
        logdets[group] += np.linalg.slogdet(block)[1]
    inverses *= masks[:, :, None] & masks[:, None, :]
    return inverses, logdets
