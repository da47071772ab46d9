"""Polychoric correlations in two steps, all pairs at once, with what their covariance matrix needs.

Given the thresholds, the correlation of a pair maximises sum_cd n_cd log pi_cd(rho) over the table of
answers, where pi_cd is the bivariate normal probability of the cell (Olsson, 1979,
https://doi.org/10.1007/BF02296207, sec. 3). As in lavaan, a cell probability is not let below 1.5e-8,
|rho| not above .999, and a 2 x 2 table with one empty cell gets 0.5 there with its margins kept. An answer in a cell
about as improbable as that floor bends the likelihood: lavaan 0.6-14 can stop beyond the bend, short of the maximum,
which psych finds as this does (oracle ``sem_corner_cells``); WLSMV fits with such a table differ from lavaan's by that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from mce_utaut.errors import NotEstimable, Problem
from mce_utaut.sem.bivariate_normal import bivariate_grid_cdf, bivariate_pdf, pdf_slope
from mce_utaut.sem.thresholds import OrderedVariables
from mce_utaut.sem.vech import Array

SMALLEST_PROBABILITY = float(np.sqrt(np.finfo(float).eps))
_LARGEST_RHO = 0.999
# A last Newton step below 1e-7 leaves an error of its square; scoring steps converge linearly.
_NEWTON_DONE, _SCORING_DONE = 1e-7, 1e-11
_MAX_STEPS = 100
_ROWS_AT_ONCE = 50_000

Pairs = tuple[NDArray[np.intp], NDArray[np.intp]]


@dataclass(frozen=True, slots=True)
class PolychoricPairs:
    """The correlations (m,) of m pairs of ordered variables, and the derivatives of their likelihoods.

    ``score`` (m, K, K) is d log pi_cd / d rho by cell; ``by_first`` and ``by_second`` (m, K - 1) are the
    sums over rows of that score times d log pi / d threshold of the first and the second variable.
    ``empty_cells`` (m,) tells which tables have a cell that nobody is in.
    """

    rho: Array
    score: Array
    by_first: Array
    by_second: Array
    empty_cells: NDArray[np.bool_]


def joint_tables(codes: NDArray[np.int64], largest: int, pairs: Pairs) -> Array:
    """The tables of answers (m, K, K) of the pairs of columns of ``codes`` (n, q), -1 being missing."""
    n, q = codes.shape
    total = np.zeros((q * largest, q * largest))
    for start in range(0, n, _ROWS_AT_ONCE):
        part = codes[start : start + _ROWS_AT_ONCE]
        hot = (part[:, :, None] == np.arange(largest)).reshape(part.shape[0], -1).astype(np.float64)
        total += hot.T @ hot
    blocks = total.reshape(q, largest, q, largest).transpose(0, 2, 1, 3)
    return blocks[pairs[0], pairs[1]]


def polychoric_correlations(
    tables: Array, ordered: OrderedVariables, pairs: Pairs, names: Sequence[str]
) -> PolychoricPairs:
    """The polychoric correlations of pairs of ordered variables, from their tables (m, K, K).

    Raises ``NotEstimable`` naming the pairs without a common row and those whose answers agree fully.
    """
    _refuse_hopeless(tables, ordered, pairs, names)
    found = pairs_from(tables, ordered, pairs, _start(tables))
    _refuse_perfect(found.rho, pairs, names)
    return found


def pairs_from(tables: Array, ordered: OrderedVariables, pairs: Pairs, start: Array) -> PolychoricPairs:
    """The polychoric correlations of pairs that are not ``hopeless_tables``, from ``start`` (m,)."""
    first, second = pairs
    used, empty = _fill_two_by_two(tables, ordered, pairs)
    grid = _grid(ordered, first, second)
    rho = _maximise(used, grid, start)
    probability, slope, _ = grid.cells(rho, np.arange(rho.size))
    usable = probability > SMALLEST_PROBABILITY
    score = np.where(usable, slope / probability, 0.0)
    weight = np.where(usable, tables * score / probability, 0.0)
    by_first = _by_thresholds(weight, ordered, first, second, rho)
    by_second = _by_thresholds(np.swapaxes(weight, 1, 2), ordered, second, first, rho)
    return PolychoricPairs(rho, score, by_first, by_second, empty)


@dataclass(frozen=True, slots=True)
class _Grid:
    """The inner thresholds of m pairs as a grid: cell probabilities and their derivatives by rho.

    ``exists`` is (m, K - 1, K - 1); the inner thresholds ``first`` and ``second`` are (m, K - 1), ``INFINITE`` where
    there is none; the margins, cumulated, are (m, K + 1).
    """

    exists: NDArray[np.bool_]
    first: Array
    second: Array
    margin_first: Array
    margin_second: Array

    def cells(self, rho: Array, which: NDArray[np.intp]) -> tuple[Array, Array, Array]:
        """Probabilities (floored), first and second derivative by rho of the cells, (m, K, K) each."""
        k, m = self.margin_first.shape[1] - 1, which.size
        exists, h, point = self.exists[which], self.first[which], self.second[which]
        corner, density, curve = (np.zeros((m, k + 1, k + 1)) for _ in range(3))
        corner[:, :, -1] = self.margin_first[which]
        corner[:, -1, :] = self.margin_second[which]
        edge = np.minimum(self.margin_first[which][:, 1:k, None], self.margin_second[which][:, None, 1:k])
        corner[:, 1:k, 1:k] = np.where(exists, bivariate_grid_cdf(h, point, rho), edge)
        h, point, spread = h[:, :, None], point[:, None, :], rho[:, None, None]
        value = bivariate_pdf(h, point, spread)
        density[:, 1:k, 1:k] = value
        curve[:, 1:k, 1:k] = value * pdf_slope(h, point, spread)
        probability = np.maximum(_rectangles(corner), SMALLEST_PROBABILITY)
        return probability, _rectangles(density), _rectangles(curve)


def _grid(ordered: OrderedVariables, first: NDArray[np.intp], second: NDArray[np.intp]) -> _Grid:
    k = ordered.counts.shape[1]
    inner = np.arange(1, k)
    rows = inner[None, :] < ordered.categories[first][:, None]
    columns = inner[None, :] < ordered.categories[second][:, None]
    return _Grid(
        exists=rows[:, :, None] & columns[:, None, :],
        first=ordered.thresholds[first][:, 1:k],
        second=ordered.thresholds[second][:, 1:k],
        margin_first=ndtr(ordered.thresholds[first]),
        margin_second=ndtr(ordered.thresholds[second]),
    )


def _rectangles(corner: Array) -> Array:
    return corner[:, 1:, 1:] - corner[:, 1:, :-1] - corner[:, :-1, 1:] + corner[:, :-1, :-1]


def _maximise(tables: Array, grid: _Grid, start: Array) -> Array:
    """Newton's method for every pair at once, with halved steps kept inside (-.999, .999)."""
    rho = start.copy()
    low = np.full(rho.size, -_LARGEST_RHO)
    high = np.full(rho.size, _LARGEST_RHO)
    active = np.arange(rho.size)
    for _ in range(_MAX_STEPS):
        probability, slope, curve = grid.cells(rho[active], active)
        counts = tables[active]
        ratio = slope / probability
        gradient = np.einsum("mcd,mcd->m", counts, ratio)
        expected = counts.sum(axis=(1, 2)) * np.einsum("mcd,mcd->m", slope, ratio)
        observed = np.einsum("mcd,mcd->m", counts, ratio * ratio - curve / probability)
        low[active] = np.where(gradient > 0, rho[active], low[active])
        high[active] = np.where(gradient < 0, rho[active], high[active])
        newton = observed > 0.1 * expected
        information = np.where(newton, observed, expected)
        proposal = rho[active] + gradient / np.maximum(information, 1e-300)
        outside = (proposal <= low[active]) | (proposal >= high[active])
        middle = 0.5 * (low[active] + high[active])
        halved = outside & (gradient != 0)
        proposal = np.where(halved, middle, proposal)
        moved = np.abs(proposal - rho[active])
        rho[active] = proposal
        active = active[moved > np.where(newton & ~halved, _NEWTON_DONE, _SCORING_DONE)]
        if active.size == 0:
            break
    return rho


def _start(tables: Array) -> Array:
    """The Pearson correlations of the category numbers, (m,), 0 where undefined."""
    k = tables.shape[1]
    n = tables.sum(axis=(1, 2))
    scale = np.arange(k, dtype=float)
    rows, columns = tables.sum(axis=2), tables.sum(axis=1)
    mean_r, mean_c = rows @ scale / n, columns @ scale / n
    var_r = rows @ scale**2 / n - mean_r**2
    var_c = columns @ scale**2 / n - mean_c**2
    cross = np.einsum("mcd,c,d->m", tables, scale, scale) / n - mean_r * mean_c
    with np.errstate(divide="ignore", invalid="ignore"):
        rho = cross / np.sqrt(var_r * var_c)
    return np.where(np.isfinite(rho) & (np.abs(rho) < _LARGEST_RHO), rho, 0.0)


def _by_thresholds(
    weight: Array, ordered: OrderedVariables, own: NDArray[np.intp], other: NDArray[np.intp], rho: Array
) -> Array:
    """Sum over cells of ``weight`` (m, K own, K other) times d pi / d own thresholds, (m, K - 1)."""
    k = weight.shape[1]
    point = ordered.thresholds[own][:, 1:k]
    root = np.sqrt((1.0 - rho) * (1.0 + rho))[:, None, None]
    bounds = ordered.thresholds[other][:, None, :]
    given = ndtr((bounds - rho[:, None, None] * point[:, :, None]) / root)
    change = ordered.density[own][:, 1:k, None] * np.diff(given, axis=2)
    exists = np.arange(1, k)[None, :] < ordered.categories[own][:, None]
    return np.where(exists, ((weight[:, :-1] - weight[:, 1:]) * change).sum(axis=2), 0.0)


def _fill_two_by_two(
    tables: Array, ordered: OrderedVariables, pairs: Pairs
) -> tuple[Array, NDArray[np.bool_]]:
    sizes = np.stack([ordered.categories[pairs[0]], ordered.categories[pairs[1]]], axis=1)
    steps = np.arange(tables.shape[1])
    real = (steps[None, :, None] < sizes[:, 0, None, None]) & (steps[None, None, :] < sizes[:, 1, None, None])
    empty = ((tables == 0) & real).any(axis=(1, 2))
    used = tables.copy()
    shift = np.array([[0.5, -0.5], [-0.5, 0.5]])
    for m in np.flatnonzero(empty & (sizes == 2).all(axis=1)):
        block = tables[m, :2, :2]
        on_diagonal = block[0, 0] == 0 or block[1, 1] == 0
        used[m, :2, :2] = block + (shift if on_diagonal else -shift)
    return used, empty


def is_perfect(rho: Array) -> NDArray[np.bool_]:
    """Which correlations (m,) are at the limit."""
    return np.abs(rho) > _LARGEST_RHO - 1e-6


def hopeless_tables(tables: Array, ordered: OrderedVariables, pairs: Pairs) -> NDArray[np.bool_]:
    """Which tables (m, K, K) say nothing of a correlation: no common row, or 2 x 2 with two empty cells."""
    two = (ordered.categories[pairs[0]] == 2) & (ordered.categories[pairs[1]] == 2)
    return (tables.sum(axis=(1, 2)) == 0) | (two & ((tables[:, :2, :2] == 0).sum(axis=(1, 2)) >= 2))


def _refuse_perfect(rho: Array, pairs: Pairs, names: Sequence[str]) -> None:
    problems = [
        Problem(
            f"ordered variables {names[pairs[0][m]]} and {names[pairs[1][m]]} are perfectly correlated "
            f"({np.sign(rho[m]) * _LARGEST_RHO:+.3f} or beyond).",
            "Leave one of the two out of the model, or merge sparse categories.",
            code="perfectly_correlated",
            values=(("first", names[pairs[0][m]]), ("second", names[pairs[1][m]])),
        )
        for m in np.flatnonzero(is_perfect(rho))
    ]
    if problems:
        raise NotEstimable(problems)


def _refuse_hopeless(tables: Array, ordered: OrderedVariables, pairs: Pairs, names: Sequence[str]) -> None:
    problems = []
    for m in np.flatnonzero(hopeless_tables(tables, ordered, pairs)):
        a, b = pairs[0][m], pairs[1][m]
        couple = f"ordered variables {names[a]} and {names[b]}"
        if tables[m].sum() == 0:
            values = (("first", names[a]), ("second", names[b]))
            problems.append(Problem(f"{couple} are never observed together.", code="never_together", values=values))
        else:
            problems.append(
                Problem(
                    f"the 2 x 2 table of {couple} has two empty cells: they are perfectly correlated.",
                    "Leave one of the two out of the model.",
                    code="perfectly_correlated",
                    values=(("first", names[a]), ("second", names[b])),
                )
            )
    if problems:
        raise NotEstimable(problems)
