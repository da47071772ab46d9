"""The information of incomplete data about the saturated moments.

Along a direction (delta, A) of (mu, Sigma), and with W_g = Sigma_oo^-1 of pattern g padded with zeros, minus the second
derivative of the log-likelihood is sum_i e_i' W e_i - 1/2 sum_g n_g tr(W A W A), e_i = delta + A z_i, and its
expectation given the patterns sum_g n_g [delta' W delta + 1/2 tr(W A W A)] (Savalei, 2010,
https://doi.org/10.1037/a0020143, eqs. 1-7). In local terms nu = P delta, Omega = P A P (``completed``), W is Sigma - Q:
sums over complete data and a correction that involves the missing variables of each pattern alone.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from mce_utaut.sem.completed import Completed, complete, padded_inverses
from mce_utaut.sem.fiml_likelihood import BLOCK_ENTRIES
from mce_utaut.sem.patterns import Holes, MissingPatterns
from mce_utaut.sem.vech import Array, off_diagonal_weights, paired_products, unvech, vech, vech_indices, vech_positions

LARGE = 1e9  # patterns times squared moments: from here on local terms are faster than the inverses of all patterns
LARGEST_INFLATION = 1e4
_DENSE = 0.125

Information = Literal["observed", "expected"]


def fiml_information(
    patterns: MissingPatterns, mean: Array, covariance: Array, kind: Information = "observed"
) -> Array:
    """The information per row about (mu, vech Sigma), of shape (p + p*, p + p*).

    "expected" takes the expectation given the patterns (its mean and covariance blocks are orthogonal);
    "observed" is minus the Hessian of the log-likelihood, divided by n.
    """
    found = complete(patterns, mean, covariance)
    if not prefers_local(patterns, found, covariance):
        return moment_information(patterns, found, kind) / patterns.n
    information = local_information(patterns, found, covariance, kind)
    for _ in range(2):
        information = np.ascontiguousarray(from_local(found.inverse, information, overwrite=True).T)
    information /= patterns.n
    return information


def prefers_local(patterns: MissingPatterns, found: Completed, covariance: Array) -> bool:
    """Whether ``local_information`` is the faster way, and an exact one."""
    size = patterns.p * (patterns.p + 1) // 2
    return patterns.counts.size * size * size > LARGE and well_conditioned(found, covariance)


def well_conditioned(found: Completed, covariance: Array) -> bool:
    """Whether no variable is nearly a combination of the others (by variance inflation).

    In local terms the information is a difference of complete data and what is missing, which cancels where it is.
    """
    return bool((found.inverse.diagonal() * covariance.diagonal()).max() < LARGEST_INFLATION)


def moment_information(patterns: MissingPatterns, found: Completed, kind: Information) -> Array:
    """The information of all rows about (mu, vech Sigma), (p + p*, p + p*), by the inverses of all patterns."""
    p = patterns.p
    weights = off_diagonal_weights(p)
    size = weights.size
    i, j = vech_indices(p)
    information = np.zeros((p + size, p + size))
    gram = np.zeros((size, size))
    z = found.rows @ found.inverse
    for own, inverses in padded_inverses(patterns, found, BLOCK_ENTRIES):
        counts = patterns.counts[own].astype(float)
        information[:p, :p] += np.tensordot(counts, inverses, axes=1)
        half = vech(inverses)
        second = counts[:, None] * half
        if kind == "observed":
            products, sums = _sums_by_pattern(patterns, own, z)
            second = 2.0 * products - second
            cube = (inverses.reshape(-1, p * p).T @ sums).reshape(p, p, p)
            information[:p, p:] += 0.5 * (cube[:, i, j] + cube[:, j, i]) * weights
        gram += half.T @ second
    information[p:, p:] = 0.25 * paired_products(gram, p) * np.outer(weights, weights)
    information[p:, :p] = information[:p, p:].T
    return information


def _sums_by_pattern(patterns: MissingPatterns, own: slice, rows: Array) -> tuple[Array, Array]:
    """Sums over the rows of each pattern of ``own``: of vech(r r') (b, p*), and of r times its shift (b, p)."""
    here = slice(patterns.starts[own.start], patterns.starts[own.stop])
    local = (patterns.starts[own] - here.start).astype(np.intp)
    i, j = vech_indices(patterns.p)
    r = rows[here]
    products = np.add.reduceat(r[:, i] * r[:, j], local, axis=0)
    return products, np.add.reduceat(patterns.shift[here, None] * r, local, axis=0)


def local_information(patterns: MissingPatterns, found: Completed, covariance: Array, kind: Information) -> Array:
    """The information of all rows about (nu, vech Omega), of shape (p + p*, p + p*)."""
    p, n = patterns.p, patterns.n
    weights = off_diagonal_weights(p)
    size = weights.size
    S, Q, T = vech(covariance), vech(found.residual), vech(found.products)
    products, sums = _sum_over_holes(patterns, found, kind)
    # products become sum_g n_g vech(W_g) vech(W_g)', or vech(W_g) (2 vech(T_g) - n_g vech(W_g))'
    if kind == "observed":
        np.negative(products, out=products)
    first, second = (2.0 * T - n * S + Q, Q) if kind == "observed" else (n * S - Q, -Q)
    for row in range(size):
        products[row] += S[row] * first + second[row] * S
    products += products.T
    products *= 0.5
    block = paired_products(products, p)
    del products  # with many variables each of these takes hundreds of megabytes
    block *= 0.25 * weights
    block *= weights[:, None]
    information = np.zeros((p + size, p + size))
    information[:p, :p] = n * covariance - found.residual
    information[p:, p:] = block
    del block
    if kind == "observed":
        i, j = vech_indices(p)
        cube = covariance[:, :, None] * found.sums - sums[vech_positions(p)]
        information[:p, p:] = 0.5 * (cube[:, i, j] + cube[:, j, i]) * weights
        information[p:, :p] = information[:p, p:].T
    return information


def _sum_over_holes(patterns: MissingPatterns, found: Completed, kind: Information) -> tuple[Array, Array]:
    """sum_g vech(Q_g) n_g vech(Q_g)', observed: vech(Q_g) (2 vech(T_g) + n_g vech(Q_g))', and vech(Q_g) s_g' (p*, p).

    T_g and s_g are the sums of d* d*' and d* over the rows of pattern g, Q_g the conditional covariance of one row.
    """
    p = patterns.p
    size = p * (p + 1) // 2
    out = np.zeros((size, size)), np.zeros((size, p))
    step = max(1, BLOCK_ENTRIES // size)
    for hole, within in zip(patterns.holes, found.within, strict=True):
        a, b = vech_indices(hole.absent.shape[1])
        for first in range(0, len(hole.absent), step):
            own = slice(first, min(first + step, len(hole.absent)))
            place = vech_positions(p)[hole.absent[own][:, a], hole.absent[own][:, b]]
            values = within[own][:, a, b]
            right = _right_side(patterns, found, hole, own, place, values, kind)
            for total, part in zip(out, right, strict=True):
                _add_products(total, place, values, part)
    return out


def _right_side(
    patterns: MissingPatterns,
    found: Completed,
    hole: Holes,
    own: slice,
    place: Array,
    values: Array,
    kind: Information,
) -> tuple[Array, Array]:
    p = patterns.p
    counts = patterns.counts[hole.patterns][own].astype(float)
    size = p * (p + 1) // 2
    at = np.arange(len(place))[:, None]
    if kind == "expected":
        right = np.zeros((len(place), size))
        right[at, place] = counts[:, None] * values
        return right, np.zeros((len(place), p))
    first = hole.patterns.start + own.start
    products, sums = _sums_by_pattern(patterns, slice(first, first + len(place)), found.rows)
    products *= 2.0
    products[at, place] += counts[:, None] * values
    return products, sums


def _add_products(out: Array, place: Array, values: Array, right: Array) -> None:
    """Add X'right to ``out``, where X (rows, p*) has ``values`` at ``place`` (rows, k) and zeros elsewhere."""
    if place.shape[1] > _DENSE * len(out):
        left = np.zeros((len(place), len(out)))
        left[np.arange(len(place))[:, None], place] = values
        out += left.T @ right
        return
    order = np.argsort(place, axis=None, kind="stable")
    column, row, value = place.ravel()[order], order // place.shape[1], values.ravel()[order]
    starts = np.flatnonzero(np.diff(column, prepend=-1))
    for start, end in zip(starts, [*starts[1:], order.size], strict=True):
        out[column[start]] += value[start:end] @ right[row[start:end]]


def from_local(inverse: Array, local: Array, *, overwrite: bool = False) -> Array:
    """Gradients (k, p + p*) by (mu, vech Sigma) from those by (nu, vech Omega), where Sigma has this inverse (p, p).

    With ``overwrite`` the result stands in ``local``.
    """
    p = len(inverse)
    weights = off_diagonal_weights(p)
    out = local if overwrite else np.empty_like(local)
    out[:, :p] = local[:, :p] @ inverse
    step = max(1, BLOCK_ENTRIES // (p * p))
    for begin in range(0, len(local), step):
        own = slice(begin, begin + step)
        out[own, p:] = vech(inverse @ unvech(local[own, p:] / weights, p) @ inverse) * weights
    return out


def expected_form(
    patterns: MissingPatterns, found: Completed, covariance: Array, nu: Array, omega: Array
) -> float:
    """The expected information of all rows along one local direction nu (p,), Omega (p, p, symmetric)."""
    turned = covariance @ omega
    value = 0.5 * patterns.n * (turned * turned.T).sum() - ((found.residual @ omega) * turned.T).sum()
    for hole, within in zip(patterns.holes, found.within, strict=True):
        block = within @ omega[hole.absent[:, :, None], hole.absent[:, None, :]]
        value += 0.5 * patterns.counts[hole.patterns] @ (block * np.swapaxes(block, 1, 2)).sum(axis=(1, 2))
    return float(value + nu @ (patterns.n * covariance - found.residual) @ nu)
