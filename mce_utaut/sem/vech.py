"""Half-vectorisation of symmetric matrices, in lavaan's order.

``vech`` stacks the lower triangle column by column, which for a symmetric matrix is the upper triangle
row by row: (0,0), (0,1), ..., (0,p-1), (1,1), ... With p variables it has p* = p(p+1)/2 entries.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Indices = NDArray[np.intp]
_LARGEST_KEPT = 60
_ENTRIES_AT_ONCE = 2_000_000


@lru_cache(maxsize=64)
def vech_indices(p: int, *, diagonal: bool = True) -> tuple[Indices, Indices]:
    """The row and column indices of the entries of vech for ``p`` variables, each of shape (p*,), read-only.

    Without the diagonal, p* is p(p-1)/2.
    """
    rows, columns = np.triu_indices(p, 0 if diagonal else 1)
    return _frozen(rows), _frozen(columns)


def vech(matrix: Array, *, diagonal: bool = True) -> Array:
    """The half-vectorisation of symmetric matrices of shape (..., p, p), as an array (..., p*)."""
    rows, columns = vech_indices(matrix.shape[-1], diagonal=diagonal)
    return matrix[..., rows, columns]


def unvech(vector: Array, p: int) -> Array:
    """The symmetric matrices (..., p, p) whose half-vectorisations are ``vector`` (..., p*)."""
    rows, columns = vech_indices(p)
    matrix = np.empty((*vector.shape[:-1], p, p))
    matrix[..., rows, columns] = vector
    matrix[..., columns, rows] = vector
    return matrix


@lru_cache(maxsize=64)
def vech_positions(p: int) -> Indices:
    """The matrix (p, p), read-only, that holds at [i, j] the position of entry (i, j) within vech."""
    rows, columns = vech_indices(p)
    positions = np.empty((p, p), dtype=np.intp)
    positions[rows, columns] = positions[columns, rows] = np.arange(rows.size)
    return _frozen(positions)


def _frozen(indices: Indices) -> Indices:
    indices.flags.writeable = False
    return indices


def paired_products(gram: Array, p: int) -> Array:
    """The matrix (p*, p*) whose entry [(i,j), (k,l)] is ``G[ik,jl] + G[il,jk]`` symmetrised in (i,j), (k,l).

    ``gram`` (p*, p*) holds sums of products of two symmetric matrices, ``sum_g vech(A_g) vech(B_g)'``, so
    that ``G[ik,jl] = sum_g A_g[i,k] B_g[j,l]``. For A = B = S (one term) the result is the normal-theory
    covariance of sqrt(n) vech of a sample covariance matrix; in general it is twice the symmetric
    Kronecker product of A and B seen through vech, before any doubling for off-diagonal entries.
    """
    symmetric = gram if np.array_equal(gram, gram.T) else 0.5 * (gram + gram.T)
    size = len(symmetric)
    if p <= _LARGEST_KEPT:
        straight, crossed = _pairings(p)
        return symmetric.take(straight) + symmetric.take(crossed)
    out, step = np.empty((size, size)), max(1, _ENTRIES_AT_ONCE // size)
    for start in range(0, size, step):
        rows = slice(start, start + step)
        straight, crossed = _pairings.__wrapped__(p, rows)
        np.add(symmetric.take(straight), symmetric.take(crossed), out=out[rows])
    return out


@lru_cache(maxsize=2)
def _pairings(p: int, rows: slice = slice(None)) -> tuple[Indices, Indices]:
    """Flat positions (rows, p*) of [ik, jl] and [il, jk] in a (p*, p*) matrix, for some or all of the pairs ij."""
    at = vech_positions(p)
    size = p * (p + 1) // 2
    i, j = (index[rows, None] for index in vech_indices(p))
    k, l = (index[None, :] for index in vech_indices(p))
    return _frozen(at[i, k] * size + at[j, l]), _frozen(at[i, l] * size + at[j, k])


def off_diagonal_weights(p: int) -> Array:
    """The weights (p*,) that turn a symmetric gradient's vech into a derivative by vech: 1 and 2."""
    rows, columns = vech_indices(p)
    return np.where(rows == columns, 1.0, 2.0)
