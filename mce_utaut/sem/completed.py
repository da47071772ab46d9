"""Incomplete rows completed by their expectation given the rest: all that their normal likelihood needs.

With P = Sigma^-1 and d a row's deviations from mu, the missing part of d is set to its conditional mean -P_mm^-1 P_mo
d_o, whose conditional covariance is P_mm^-1 (Little & Rubin 2002, sec. 11.2.2). For the completed d*, and Q the
conditional covariance padded with zeros, the padded inverse of Sigma_oo is P - P Q P, its product with d is P d*, and
log|Sigma_oo| = log|Sigma| + log|P_mm|. So a likelihood costs two products of the rows with a (p, p) matrix, and the
inverse of an (m, m) matrix a pattern with m variables missing.

Everything may have a leading batch axis (...): many samples with the same patterns, each at its own moments.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mce_utaut.sem.patterns import Holes, MissingPatterns
from mce_utaut.sem.vech import Array


@dataclass(frozen=True, slots=True)
class Completed:
    """Condensed rows completed at a mean and a covariance matrix.

    ``inverse`` (..., p, p) is P; ``logdet`` (...,) the sum over cases of log|Sigma_oo|; ``rows`` (..., r, p) d* of the
    condensed rows; ``within`` the conditional covariances (..., G, m, m) of each of the patterns' ``holes``, and
    ``residual`` (..., p, p) their padded sum over cases; ``products`` (..., p, p) the sum of d* d*' and ``sums``
    (..., p) the sum of d* over cases.
    """

    inverse: Array
    logdet: Array
    rows: Array
    within: tuple[Array, ...]
    residual: Array
    products: Array
    sums: Array


def complete(patterns: MissingPatterns, mean: Array, covariance: Array) -> Completed:
    """The condensed rows of ``patterns`` completed at mean (p,) and covariance (p, p).

    Raises ``numpy.linalg.LinAlgError`` where the covariance matrix is not positive definite.
    """
    root = np.linalg.cholesky(covariance)
    logdet = 2.0 * np.log(root.diagonal()).sum()
    inverse = np.linalg.inv(covariance)
    inverse = 0.5 * (inverse + inverse.T)
    counts = patterns.counts.astype(float)
    return completed_rows(patterns.holes, patterns.condensed, patterns.shift, counts, mean, inverse, logdet)


def completed_rows(
    holes: Sequence[Holes],
    condensed: Array,
    shift: Array,
    counts: Array,
    mean: Array,
    inverse: Array,
    logdet: Array,
) -> Completed:
    """Rows ``condensed`` (..., r, p) with ``shift`` (..., r), of patterns with ``counts`` (..., P), completed.

    ``mean`` (..., p), ``inverse`` (..., p, p) and ``logdet`` (...,) are those of mu and Sigma.
    """
    rows = condensed - shift[..., :, None] * mean[..., None, :]
    logdet = counts.sum(axis=-1) * logdet
    residual = np.zeros_like(inverse)
    within = []
    for hole in holes:
        own, weight = hole.rows, counts[..., hole.patterns]
        conditional, logdets = _small_inverses(inverse[..., hole.absent[:, :, None], hole.absent[:, None, :]])
        within.append(conditional)
        logdet = logdet + (weight * logdets).sum(axis=-1)
        _add_padded(residual, hole, weight[..., None, None] * conditional)
        absent = hole.absent[hole.owner]
        at = np.arange(own.start, own.stop)[:, None]
        rows[..., at, absent] = 0.0
        pull = (rows[..., own, :] @ inverse)[..., np.arange(len(absent))[:, None], absent]
        rows[..., at, absent] = -(conditional[..., hole.owner, :, :] * pull[..., None, :]).sum(axis=-1)
    turned = np.swapaxes(rows, -1, -2)
    sums = (turned @ shift[..., None])[..., 0]
    return Completed(inverse, logdet, rows, tuple(within), residual, turned @ rows, sums)


def completed_data(
    data: Array, patterns: MissingPatterns, found: Completed, mean: Array, most: int
) -> Iterator[tuple[NDArray[np.intp], Array]]:
    """The rows themselves completed, in blocks of at most ``most``: places (b,) among the used rows, and d* (b, p).

    ``data`` (rows, p) is what the patterns were found in; ``found`` are its condensed rows completed at the mean.
    """
    by_pattern = np.argsort(patterns.row_pattern, kind="stable")
    ends = np.concatenate([[0], np.cumsum(patterns.counts)])
    whole = patterns.holes[0].patterns.start if patterns.holes else patterns.counts.size
    groups = zip([slice(0, whole), *(hole.patterns for hole in patterns.holes)], [None, *patterns.holes], strict=True)
    for k, (own, hole) in enumerate(groups):
        for begin in range(ends[own.start], ends[own.stop], max(1, most)):
            rows = by_pattern[begin : min(begin + max(1, most), ends[own.stop])]
            away = np.nan_to_num(data[patterns.kept[rows]] - mean, nan=0.0)
            if hole is not None:
                owner, at = patterns.row_pattern[rows] - own.start, np.arange(rows.size)[:, None]
                absent = hole.absent[owner]
                pull = (away @ found.inverse)[at, absent]
                away[at, absent] = -(found.within[k - 1][owner] * pull[:, None, :]).sum(axis=-1)
            yield rows, away


def padded_inverses(patterns: MissingPatterns, found: Completed, entries: int) -> Iterator[tuple[slice, Array]]:
    """Sigma_oo^-1 of every pattern, zero at missing places, in blocks of about that many ``entries``.

    A block is the slice of its b patterns and their matrices (b, p, p).
    """
    P, p = found.inverse, patterns.p
    step = max(1, entries // (p * p))
    whole = patterns.holes[0].patterns.start if patterns.holes else patterns.counts.size
    if whole:
        yield slice(0, whole), P[None].repeat(whole, axis=0)
    for hole, within in zip(patterns.holes, found.within, strict=True):
        for first in range(0, len(within), step):
            own = slice(first, min(first + step, len(within)))
            absent = hole.absent[own]
            wide = P[absent]
            W = P - np.swapaxes(wide, 1, 2) @ (within[own] @ wide)
            at = np.arange(len(W))[:, None]
            W[at, absent] = W[at, :, absent] = 0.0
            yield slice(hole.patterns.start + own.start, hole.patterns.start + own.stop), W


def _small_inverses(blocks: Array) -> tuple[Array, Array]:
    """The inverses (..., m, m) and log determinants (...,) of positive definite blocks."""
    m = blocks.shape[-1]
    if m == 1:
        return 1.0 / blocks, np.log(blocks[..., 0, 0])
    if m == 2:
        determinant = blocks[..., 0, 0] * blocks[..., 1, 1] - blocks[..., 0, 1] * blocks[..., 1, 0]
        turned = -blocks
        turned[..., 0, 0], turned[..., 1, 1] = blocks[..., 1, 1], blocks[..., 0, 0]
        return turned / determinant[..., None, None], np.log(determinant)
    return np.linalg.inv(blocks), np.linalg.slogdet(blocks)[1]


def _add_padded(total: Array, hole: Holes, blocks: Array) -> None:
    """Add the blocks (..., G, m, m) to ``total`` (..., p, p) at the places of their missing variables."""
    p = total.shape[-1]
    flat = (hole.absent[:, :, None] * p + hole.absent[:, None, :]).ravel()
    count = total.size // (p * p)
    places = (np.arange(count)[:, None] * (p * p) + flat).ravel()
    total += np.bincount(places, weights=blocks.ravel(), minlength=total.size).reshape(total.shape)
