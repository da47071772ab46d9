"""The second of two steps with ordered data: the correlation of every pair of variables.

Two ordered variables have a polychoric correlation, a continuous and an ordered one a polyserial, two
continuous ones Pearson's; each given the first-step estimates of its two variables.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mce_utaut.errors import NotEstimable, Problem
from mce_utaut.sem.ordinal_first_step import FirstStep
from mce_utaut.sem.polychoric import joint_tables, polychoric_correlations
from mce_utaut.sem.polyserial import LARGEST_RHO, SerialData, polyserial_correlations, polyserial_scores
from mce_utaut.sem.vech import Array, vech_indices

_LARGEST_RHO = 0.999


@dataclass(frozen=True, slots=True)
class SecondStep:
    """The correlations of the P pairs, in vech order without the diagonal.

    ``i``, ``j`` (P,) are the variables of each pair and ``rho`` (P,) its correlation. ``cross`` (P,
    first.size) sums over rows the score of rho times the bivariate scores of first-step parameters.
    ``polychoric``, ``polyserial``, ``pearson`` name the pairs of each kind; ``tables`` (polychoric, K + 1,
    K + 1) holds the score of rho by cell, with zeros last for missing; ``serial`` what polyserials need.
    """

    i: NDArray[np.intp]
    j: NDArray[np.intp]
    rho: Array
    cross: Array
    polychoric: NDArray[np.intp]
    polyserial: NDArray[np.intp]
    pearson: NDArray[np.intp]
    tables: Array
    serial: SerialData | None
    empty_tables: tuple[tuple[str, str], ...]


def second_step(first: FirstStep, names: Sequence[str]) -> SecondStep:
    """The correlations of all pairs of variables given the first step; raises as ``ordinal_moments``."""
    i, j = vech_indices(first.is_ordered.size, diagonal=False)
    o_i, o_j = first.is_ordered[i], first.is_ordered[j]
    rho, cross = np.zeros(i.size), np.zeros((i.size, first.size))
    polychoric, polyserial = np.flatnonzero(o_i & o_j), np.flatnonzero(o_i != o_j)
    pearson = np.flatnonzero(~o_i & ~o_j)
    tables, empty = _polychoric(first, names, (i[polychoric], j[polychoric]), polychoric, rho, cross)
    serial = _polyserial(first, i, j, polyserial, rho, cross)
    _refuse_perfect(rho, polyserial, i, j, names)
    for pair in pearson:
        _pearson(first, names, (int(i[pair]), int(j[pair])), pair, rho, cross)
    return SecondStep(i, j, rho, cross, polychoric, polyserial, pearson, tables, serial, empty)


def second_scores(first: FirstStep, second: SecondStep, rows: slice) -> Array:
    """The scores of the correlations for the rows of a slice, (rows, P); 0 where a value is missing."""
    codes, z = first.codes[rows], first.z[rows]
    scores = np.empty((z.shape[0], second.rho.size))
    if second.polychoric.size:
        which, side = second.polychoric, second.tables.shape[1]
        a = codes[:, first.column[second.i[which]]] % side
        b = codes[:, first.column[second.j[which]]] % side
        flat = (np.arange(which.size) * side + a) * side + b
        scores[:, which] = second.tables.reshape(-1)[flat]
    if second.serial is not None:
        own = second.rho[second.polyserial]
        scores[:, second.polyserial] = polyserial_scores(second.serial, first.thresholds, own, rows)
    for pair in second.pearson:
        x, y = z[:, first.column[second.i[pair]]], z[:, first.column[second.j[pair]]]
        scores[:, pair] = np.nan_to_num(_pearson_score(x, y, second.rho[pair]), nan=0.0)
    return scores


def _polychoric(
    first: FirstStep,
    names: Sequence[str],
    variables: tuple[NDArray[np.intp], NDArray[np.intp]],
    which: NDArray[np.intp],
    rho: Array,
    cross: Array,
) -> tuple[Array, tuple[tuple[str, str], ...]]:
    """Writes the polychoric pairs into rho and cross; returns their score tables and the empty tables."""
    if not which.size:
        return np.zeros((0, 1, 1)), ()
    i, j = variables
    pairs = first.column[i], first.column[j]
    own_names = [name for name, ordered in zip(names, first.is_ordered) if ordered]
    largest = first.thresholds.counts.shape[1]
    found = polychoric_correlations(
        joint_tables(first.codes, largest, pairs), first.thresholds, pairs, own_names
    )
    rho[which] = found.rho
    for m, pair in enumerate(which):
        for v, sums in ((i[m], found.by_first), (j[m], found.by_second)):
            entries = first.entries[v]
            cross[pair, entries] = sums[m, : entries.size]
    tables = np.zeros((which.size, largest + 1, largest + 1))
    tables[:, :largest, :largest] = found.score
    empty = tuple((names[i[m]], names[j[m]]) for m in np.flatnonzero(found.empty_cells))
    return tables, empty


def _polyserial(
    first: FirstStep,
    i: NDArray[np.intp],
    j: NDArray[np.intp],
    which: NDArray[np.intp],
    rho: Array,
    cross: Array,
) -> SerialData | None:
    """Writes the polyserial pairs into rho and cross; returns what their scores need."""
    if not which.size:
        return None
    ordinal = np.where(first.is_ordered[i[which]], i[which], j[which])
    continuous = np.where(first.is_ordered[i[which]], j[which], i[which])
    serial = SerialData(
        first.z, first.codes, first.column[continuous], first.column[ordinal], np.sqrt(first.variance)
    )
    found = polyserial_correlations(serial, first.thresholds)
    rho[which] = found.rho
    for m, pair in enumerate(which):
        thresholds, (mean, variance) = first.entries[ordinal[m]], first.entries[continuous[m]]
        cross[pair, thresholds] = found.by_thresholds[m, : thresholds.size]
        cross[pair, mean], cross[pair, variance] = found.by_mean[m], found.by_variance[m]
    return serial


def _refuse_perfect(
    rho: Array, which: NDArray[np.intp], i: NDArray[np.intp], j: NDArray[np.intp], names: Sequence[str]
) -> None:
    problems = [
        Problem(
            f"{names[i[pair]]} and {names[j[pair]]} are perfectly correlated ({rho[pair]:+.3f} or beyond).",
            "Leave one of the two out of the model.",
        )
        for pair in which
        if abs(rho[pair]) > LARGEST_RHO - 1e-6
    ]
    if problems:
        raise NotEstimable(problems)


def _pearson(
    first: FirstStep, names: Sequence[str], pair: tuple[int, int], place: int, rho: Array, cross: Array
) -> None:
    columns = [first.column[v] for v in pair]
    z = first.z[:, columns]
    x, y = z[~np.isnan(z).any(axis=1)].T
    if not x.size:
        raise NotEstimable(f"Variables {names[pair[0]]} and {names[pair[1]]} are never observed together.")
    r = _fixed_margin_correlation(x, y)
    rho[place] = r
    rest = 1.0 - r * r
    score = _pearson_score(x, y, r)
    for v, column, own, other in ((pair[0], columns[0], x, y), (pair[1], columns[1], y, x)):
        mean, variance = first.entries[v]
        spread = np.sqrt(first.variance[column])
        cross[place, mean] = score @ (own - r * other) / (rest * spread)
        cross[place, variance] = score @ ((own * own - r * own * other) / rest - 1.0) / (2.0 * spread**2)


def _pearson_score(x: Array, y: Array, rho: float) -> Array:
    rest = 1.0 - rho * rho
    return rho / rest + x * y / rest - rho * (x * x - 2.0 * rho * x * y + y * y) / rest**2


def _fixed_margin_correlation(x: Array, y: Array) -> float:
    """The correlation that maximises the bivariate normal likelihood of z-scores with margins held.

    It solves rho (1 - rho^2) + (1 + rho^2) m_xy - rho (m_xx + m_yy) = 0 with mean products m; for complete
    data, where m_xx = m_yy = 1, that is Pearson's correlation m_xy.
    """
    cross, squares = float(np.mean(x * y)), float(np.mean(x * x) + np.mean(y * y))
    roots = np.roots([-1.0, cross, 1.0 - squares, cross])
    real = roots[np.abs(roots.imag) < 1e-9].real
    inside = real[np.abs(real) < 1.0]
    if not inside.size:
        return float(np.clip(np.corrcoef(x, y)[0, 1], -_LARGEST_RHO, _LARGEST_RHO))
    rest = 1.0 - inside**2
    loglik = -0.5 * np.log(rest) - 0.5 * (squares - 2.0 * inside * cross) / rest
    return float(np.clip(inside[np.argmax(loglik)], -_LARGEST_RHO, _LARGEST_RHO))
