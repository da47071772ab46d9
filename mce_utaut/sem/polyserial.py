"""Polyserial correlations in two steps: a continuous variable with an ordered one, many pairs at once.

Given the mean, the variance and the thresholds, rho maximises sum_i log P(category_i | z_i), where z is
the standardised continuous variable and the latent response has mean rho z and variance 1 - rho^2
(Olsson, Drasgow & Dorans, 1982, https://doi.org/10.1007/BF02294164, eq. 8). |rho| stays below .995.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from mce_utaut.sem.bivariate_normal import normal_pdf
from mce_utaut.sem.thresholds import OrderedVariables
from mce_utaut.sem.vech import Array

LARGEST_RHO = 0.995
_SMALLEST_PROBABILITY = float(np.finfo(float).eps)
_TOLERANCE = 1e-11
_MAX_STEPS = 100
_ENTRIES_AT_ONCE = 4_000_000


@dataclass(frozen=True, slots=True)
class PolyserialPairs:
    """The correlations (m,) of m continuous-ordered pairs, and sums their covariance matrix needs.

    ``by_mean``, ``by_variance`` (m,) and ``by_thresholds`` (m, K - 1) are the sums over rows of the score of
    rho times the scores of the bivariate likelihood by the continuous variable's mean and variance and
    by the ordered variable's thresholds.
    """

    rho: Array
    by_mean: Array
    by_variance: Array
    by_thresholds: Array


@dataclass(frozen=True, slots=True)
class SerialData:
    """The standardised continuous variables ``z`` (n, c) and the codes of the ordered ones (n, q).

    NaN and -1 are missing; ``continuous`` and ``ordinal`` (m,) name the columns of each pair;
    ``deviation`` (c,) is the standard deviation behind z.
    """

    z: Array
    codes: NDArray[np.int64]
    continuous: NDArray[np.intp]
    ordinal: NDArray[np.intp]
    deviation: Array


def polyserial_correlations(data: SerialData, ordered: OrderedVariables) -> PolyserialPairs:
    """The polyserial correlations of the pairs in ``data``, with the sums for their covariance matrix."""
    rho = _maximise(data, ordered)
    m, k = rho.size, ordered.counts.shape[1]
    sums = (np.zeros(m), np.zeros(m), np.zeros((m, k - 1)))
    for rows in _row_blocks(data):
        z, lower, upper, codes, seen = _rows(data, ordered, rows)
        score, ratio_low, ratio_high, root = _score(z, lower, upper, seen, rho)
        push = (ratio_high - ratio_low) * rho / root
        spread = data.deviation[data.continuous]
        sums[0][:] += (score * np.where(seen, z + push, 0.0)).sum(axis=0) / spread
        sums[1][:] += (score * np.where(seen, z * z - 1.0 + push * z, 0.0)).sum(axis=0) / (2.0 * spread**2)
        for c in range(k - 1):
            hit = np.where(codes == c, ratio_high, 0.0) - np.where(codes == c + 1, ratio_low, 0.0)
            sums[2][:, c] += (score * hit).sum(axis=0) / root
    exists = np.arange(1, k)[None, :] < ordered.categories[data.ordinal][:, None]
    return PolyserialPairs(rho, sums[0], sums[1], np.where(exists, sums[2], 0.0))


def polyserial_scores(data: SerialData, ordered: OrderedVariables, rho: Array, rows: slice) -> Array:
    """The score of each pair's rho for the rows of a slice, (rows, m); zero where a value is missing."""
    z, lower, upper, _, seen = _rows(data, ordered, rows)
    return _score(z, lower, upper, seen, rho)[0]


def _row_blocks(data: SerialData) -> list[slice]:
    step = max(1, _ENTRIES_AT_ONCE // max(1, data.continuous.size))
    return [slice(start, start + step) for start in range(0, data.z.shape[0], step)]


def _rows(
    data: SerialData, ordered: OrderedVariables, rows: slice
) -> tuple[Array, Array, Array, NDArray[np.int64], NDArray[np.bool_]]:
    z = data.z[rows][:, data.continuous]
    codes = data.codes[rows][:, data.ordinal]
    seen = ~np.isnan(z) & (codes >= 0)
    safe = np.where(codes >= 0, codes, 0)
    lower = ordered.thresholds[data.ordinal[None, :], safe]
    upper = ordered.thresholds[data.ordinal[None, :], safe + 1]
    return np.where(seen, z, 0.0), lower, upper, np.where(seen, codes, -2), seen


def _score(
    z: Array, lower: Array, upper: Array, seen: NDArray[np.bool_], rho: Array
) -> tuple[Array, Array, Array, Array]:
    """The score of rho (n, m), the densities over P at both bounds (n, m each), and sqrt(1 - rho^2) (m,)."""
    root = np.sqrt((1.0 - rho) * (1.0 + rho))
    low, high = (lower - rho * z) / root, (upper - rho * z) / root
    probability = np.maximum(ndtr(high) - ndtr(low), _SMALLEST_PROBABILITY)
    ratio_low = np.where(seen, normal_pdf(low) / probability, 0.0)
    ratio_high = np.where(seen, normal_pdf(high) / probability, 0.0)
    score = (ratio_high * (upper * rho - z) - ratio_low * (lower * rho - z)) / root**3
    return score, ratio_low, ratio_high, root


def _derivatives(data: SerialData, ordered: OrderedVariables, rho: Array) -> tuple[Array, Array]:
    """The first derivative and minus the second derivative of the log-likelihood by rho, (m,) each."""
    gradient, information = np.zeros(rho.size), np.zeros(rho.size)
    for rows in _row_blocks(data):
        z, lower, upper, _, seen = _rows(data, ordered, rows)
        score, ratio_low, ratio_high, root = _score(z, lower, upper, seen, rho)
        bend = np.zeros_like(score)
        for sign, bound, ratio in ((1.0, upper, ratio_high), (-1.0, lower, ratio_low)):
            slope = (bound * rho - z) / root**3
            second = bound / root**3 + 3.0 * rho * (bound * rho - z) / root**5
            bend += sign * ratio * (second - (bound - rho * z) / root * slope**2)
        gradient += score.sum(axis=0)
        information += (score**2 - bend).sum(axis=0)
    return gradient, information


def _maximise(data: SerialData, ordered: OrderedVariables) -> Array:
    """Newton's method for every pair at once, bisecting where a step would leave the bracket."""
    m = data.continuous.size
    rho = np.zeros(m)
    low, high = np.full(m, -LARGEST_RHO), np.full(m, LARGEST_RHO)
    for _ in range(_MAX_STEPS):
        gradient, information = _derivatives(data, ordered, rho)
        low = np.where(gradient > 0, rho, low)
        high = np.where(gradient < 0, rho, high)
        step = gradient / np.where(information > 0, information, np.inf)
        proposal = rho + step
        outside = (proposal <= low) | (proposal >= high) | (information <= 0)
        proposal = np.where(outside & (gradient != 0), 0.5 * (low + high), proposal)
        moved = np.abs(proposal - rho).max(initial=0.0)
        rho = proposal
        if moved <= _TOLERANCE:
            break
    return rho
