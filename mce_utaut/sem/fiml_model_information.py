"""The information of incomplete data about the parameters of a model, whose moments' derivatives have rank two.

In the local terms of ``fiml_information``, with derivatives u v' + v u' of Omega, complete data give products of (q, q)
matrices, and each pattern corrects them by products over its missing variables alone.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from mce_utaut.sem.completed import Completed, completed_data
from mce_utaut.sem.fiml_information import (
    Information,
    local_information,
    moment_information,
    prefers_local,
    well_conditioned,
)
from mce_utaut.sem.fiml_likelihood import BLOCK_ENTRIES
from mce_utaut.sem.matrices import GroupMatrices
from mce_utaut.sem.moment_derivatives import Derivatives, moment_jacobian
from mce_utaut.sem.patterns import Holes, MissingPatterns
from mce_utaut.sem.vech import Array, vech_indices


def model_information(
    group: GroupMatrices,
    patterns: MissingPatterns,
    found: Completed,
    covariance: Array,
    derivatives: Derivatives,
    kind: Information,
) -> Array:
    """The information of all rows about the parameters of a model (q, q), but for the curvature of its moments.

    By whichever way is shortest: pattern by pattern, or by way of the information about the moments.
    """
    if not well_conditioned(found, covariance):
        jacobian = moment_jacobian(group, derivatives)
        return jacobian.T @ moment_information(patterns, found, kind) @ jacobian
    P = found.inverse
    local = Derivatives(P @ derivatives.U, P @ derivatives.V, P @ derivatives.D)
    q, size = group.q, patterns.p * (patterns.p + 1) // 2
    lines = sum(_lines(hole, kind) for hole in patterns.holes)
    if lines * q * q > len(patterns.observed) * size * size // 8 + size * size * q:
        if not prefers_local(patterns, found, covariance):
            jacobian = moment_jacobian(group, derivatives)
            return jacobian.T @ moment_information(patterns, found, kind) @ jacobian
        jacobian = moment_jacobian(group, local)
        return jacobian.T @ local_information(patterns, found, covariance, kind) @ jacobian
    return _as_if_complete(patterns, found, derivatives, local, kind) + _correction(patterns, found, local, kind)


def model_scores(
    data: Array, patterns: MissingPatterns, found: Completed, mean: Array, derivatives: Derivatives
) -> Array:
    """The gradients of the used rows' log-likelihoods by the parameters of a model (n, q), in the order of the data.

    ``data`` (rows, p) is what the patterns were found in; ``found`` are the rows completed at the model's moments.
    """
    P = found.inverse
    U, V, D = P @ derivatives.U, P @ derivatives.V, P @ derivatives.D
    traces = np.repeat((derivatives.U * V).sum(axis=0)[None], patterns.counts.size, axis=0)  # u' W v of each pattern
    for hole, within in zip(patterns.holes, found.within, strict=True):
        traces[hole.patterns] -= (U[hole.absent] * (within @ V[hole.absent])).sum(axis=1)
    out = np.empty((patterns.n, U.shape[1]))
    for rows, d in completed_data(data, patterns, found, mean, BLOCK_ENTRIES // len(out[0])):
        out[rows] = d @ D + (d @ U) * (d @ V) - traces[patterns.row_pattern[rows]]
    return out


def _lines(hole: Holes, kind: Information) -> int:
    m = hole.absent.shape[1]
    return len(hole.absent) * m * (m + 1) // 2 + (len(hole.owner) * m if kind == "observed" else 0)


def _as_if_complete(
    patterns: MissingPatterns, found: Completed, own: Derivatives, local: Derivatives, kind: Information
) -> Array:
    """The sums over rows (q, q), whatever is missing; ``own``: derivatives of (mu, Sigma), ``local``: P times them."""
    n, Q = patterns.n, found.residual
    U, V, D = local.U, local.V, local.D
    UPU, UPV, VPV = own.U.T @ U, own.U.T @ V, own.V.T @ V
    middle = -Q if kind == "expected" else found.products + Q
    UU, UV, VV = U.T @ middle @ U, U.T @ middle @ V, V.T @ middle @ V
    H = UPV.T * UV + VPV * UU + UPU * VV + UPV * UV.T
    complete_part = n * (UPU * VPV + UPV * UPV.T)
    H += n * own.D.T @ D
    if kind == "expected":
        return H + complete_part - D.T @ Q @ D
    cross = (own.D.T @ U) * (found.sums @ V) + (own.D.T @ V) * (found.sums @ U)
    return H - complete_part + cross + cross.T


def _correction(patterns: MissingPatterns, found: Completed, local: Derivatives, kind: Information) -> Array:
    """What the missing variables of each pattern add (q, q)."""
    q = local.U.shape[1]
    H = np.zeros((q, q))
    for hole, within in zip(patterns.holes, found.within, strict=True):
        m = hole.absent.shape[1]
        root = np.swapaxes(np.linalg.cholesky(within), 1, 2)
        step = max(1, BLOCK_ENTRIES // (q * m * (m + 1)))
        for first in range(0, len(root), step):
            chosen = slice(first, min(first + step, len(root)))
            absent = hole.absent[chosen]
            U, V = root[chosen] @ local.U[absent], root[chosen] @ local.V[absent]
            lines = _products_of_pairs(U, V, patterns.counts[hole.patterns][chosen])
            if kind == "expected":
                H += lines.T @ lines
                continue
            H -= lines.T @ lines
            D = root[chosen] @ local.D[absent]
            for rows, owner in _rows_of(patterns, hole, chosen, q * m):
                d = found.rows[rows]
                lines = U[owner] * (d @ local.V)[:, None, :] + V[owner] * (d @ local.U)[:, None, :]
                lines += D[owner] * patterns.shift[rows, None, None]
                lines = lines.reshape(-1, q)
                H -= lines.T @ lines
    return H


def _products_of_pairs(U: Array, V: Array, counts: Array) -> Array:
    """Lines (G m(m+1)/2, q) whose products sum to sum_g n_g/2 tr(N_a N_b), N_a = u v' + v u' of U, V (G, m, q)."""
    a, b = vech_indices(U.shape[1])
    lines = U[:, a] * V[:, b] + V[:, a] * U[:, b]
    lines *= np.sqrt(0.5 * counts)[:, None, None] * np.where(a == b, 1.0, np.sqrt(2.0))[:, None]
    return lines.reshape(-1, U.shape[2])


def _rows_of(
    patterns: MissingPatterns, hole: Holes, chosen: slice, entries: int
) -> Iterator[tuple[slice, NDArray[np.intp]]]:
    """The condensed rows of ``chosen`` patterns of ``hole``, and the place of each one's pattern among the chosen."""
    first = hole.patterns.start + chosen.start
    start, end = patterns.starts[first], patterns.starts[first + chosen.stop - chosen.start]
    step = max(1, BLOCK_ENTRIES // entries)
    for begin in range(start, end, step):
        rows = slice(begin, min(begin + step, end))
        yield rows, hole.owner[begin - hole.rows.start : rows.stop - hole.rows.start] - chosen.start
