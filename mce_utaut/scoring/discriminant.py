"""Discriminant validity: HTMT with bootstrap intervals, and the Fornell-Larcker table."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from mce_utaut.scoring.intervals import Interval

Kind = Literal["htmt", "htmt2"]
Missing = Literal["listwise", "pairwise"]


@dataclass(frozen=True, slots=True, eq=False)
class Htmt:
    """Heterotrait-monotrait ratios of m constructs: ``values`` (m, m) symmetric, 1 on the diagonal, NaN
    where undefined; ``n`` complete respondents (pairwise: the smallest number behind a covariance)."""

    names: tuple[str, ...]
    values: np.ndarray
    kind: Kind
    missing: Missing
    n: int


@dataclass(frozen=True, slots=True)
class HtmtInterval:
    """The ratio of two constructs with its bootstrap interval; ``replicates`` of those asked for gave a
    number."""

    first: str
    second: str
    ratio: Interval
    replicates: int


@dataclass(frozen=True, slots=True, eq=False)
class FornellLarcker:
    """The Fornell-Larcker table of m constructs: ``values`` (m, m) has √AVE on the diagonal and the
    latent correlations off it; ``shared`` lists the pairs whose squared correlation reaches an AVE."""

    names: tuple[str, ...]
    values: np.ndarray
    shared: tuple[tuple[str, str], ...]


def htmt(
    answers: np.ndarray,
    blocks: Mapping[str, Sequence[int]],
    kind: Kind = "htmt",
    missing: Missing = "listwise",
) -> Htmt:
    """The heterotrait-monotrait ratios of the constructs in ``blocks`` (name -> columns of ``answers``).

    Mean absolute correlation of items of two constructs over the geometric mean of the mean absolute
    correlations within each: Henseler, Ringle & Sarstedt 2015, Journal of the Academy of Marketing
    Science 43, 115-135, doi:10.1007/s11747-014-0403-8. ``htmt2`` takes geometric means throughout,
    consistent for congeneric items: Roemer, Schuberth & Henseler 2021, Industrial Management & Data
    Systems 121, 2637-2650, doi:10.1108/IMDS-02-2021-0082. Absolute values, as semTools and SmartPLS
    take them, keep correlations of opposite sign from cancelling.

    ``answers`` is (n, p) with NaN; "pairwise" uses all answers to each pair for its covariance and to
    each item for its variance, as ``lavCor(missing = "pairwise")``. NaN for a construct of one item or
    with a constant item. Checked against semTools 0.5-6 ``htmt``, whose default is ``htmt2 = TRUE``.
    """
    answers = np.asarray(answers, dtype=float)
    if missing == "listwise":
        answers = answers[~np.isnan(answers[:, _columns(blocks)]).any(axis=1)]
    correlation = _correlations(answers)
    given = ~np.isnan(answers[:, _columns(blocks)])
    n = int((given.T.astype(int) @ given.astype(int)).min()) if given.size else 0
    return Htmt(tuple(blocks), _ratios(correlation, list(blocks.values()), kind), kind, missing, n)


def htmt_intervals(
    answers: np.ndarray,
    blocks: Mapping[str, Sequence[int]],
    rng: np.random.Generator,
    *,
    kind: Kind = "htmt",
    missing: Missing = "listwise",
    replicates: int = 2000,
    level: float = 0.95,
) -> tuple[HtmtInterval, ...]:
    """The ratio of every pair of constructs with a percentile bootstrap interval of whole respondents.

    Discriminant validity is doubted where the interval holds 1 (Henseler, Ringle & Sarstedt 2015).
    ``rng`` makes it repeatable. Limits are NaN where fewer than half of the replicates are defined.
    Arguments as in ``htmt``.
    """
    observed = htmt(answers, blocks, kind, missing)
    answers = np.asarray(answers, dtype=float)
    if missing == "listwise":
        answers = answers[~np.isnan(answers[:, _columns(blocks)]).any(axis=1)]
    n, columns = len(answers), list(blocks.values())
    drawn = np.full((replicates, len(columns), len(columns)), math.nan)
    for replicate in range(replicates if n > 1 else 0):
        sample = answers[rng.integers(0, n, n)]
        drawn[replicate] = _ratios(_correlations(sample), columns, kind)
    found = []
    for i, j in zip(*np.tril_indices(len(columns), k=-1), strict=True):
        defined = drawn[:, i, j][~np.isnan(drawn[:, i, j])]
        enough = defined.size * 2 >= replicates and defined.size > 0
        tails = [(1 - level) / 2, (1 + level) / 2]
        lower, upper = np.quantile(defined, tails) if enough else (math.nan, math.nan)
        ratio = Interval(float(observed.values[i, j]), float(lower), float(upper), level, "bootstrap_percentile")
        found.append(HtmtInterval(observed.names[j], observed.names[i], ratio, int(defined.size)))
    return tuple(found)


def fornell_larcker(names: Sequence[str], ave: Sequence[float], correlations: np.ndarray) -> FornellLarcker:
    """The Fornell-Larcker table of constructs ``names`` from their average variances extracted ``ave``
    (m,) and latent ``correlations`` (m, m) of the CFA.

    A construct should share more variance with its items than with another construct: AVE > r² for both
    of a pair (Fornell & Larcker 1981, doi:10.1177/002224378101800104). Shown for tradition: it misses
    most violations (Henseler et al. 2015). NaN (an observed construct has no AVE) never counts as shared.
    """
    values = np.array(correlations, dtype=float)
    extracted = np.asarray(ave, dtype=float)
    if values.shape != (len(names), len(names)) or extracted.shape != (len(names),):
        raise ValueError("names, ave and correlations are of one length")
    shared = tuple(
        (names[j], names[i])
        for i in range(len(names))
        for j in range(i)
        if values[i, j] ** 2 >= min(_or_infinity(extracted[i]), _or_infinity(extracted[j]))
    )
    np.fill_diagonal(values, np.sqrt(extracted))
    return FornellLarcker(tuple(names), values, shared)


def _or_infinity(value: float) -> float:
    return math.inf if math.isnan(value) else float(value)


def _columns(blocks: Mapping[str, Sequence[int]]) -> list[int]:
    return sorted({column for block in blocks.values() for column in block})


def _correlations(answers: np.ndarray) -> np.ndarray:
    """Correlations (p, p) of ``answers`` (n, p); NaN answers are left out pair by pair, variances use all
    answers to an item; NaN where an item does not vary."""
    given = ~np.isnan(answers)
    if given.all():
        covariance = np.cov(answers, rowvar=False) if len(answers) > 1 else np.zeros((answers.shape[1],) * 2)
    else:
        covariance = _pairwise_covariance(answers, given)
    sd = np.sqrt(np.diag(covariance))
    sd = np.where(sd > 0, sd, math.nan)
    return covariance / np.outer(sd, sd)


def _pairwise_covariance(answers: np.ndarray, given: np.ndarray) -> np.ndarray:
    """Σ (x - x̄)(y - ȳ) / (n - 1) over the pairs given, each mean over the same pairs; shape (p, p)."""
    present = given.astype(float)
    zeroed = np.where(given, answers, 0.0)
    centred = zeroed - zeroed.sum(axis=0) / np.maximum(present.sum(axis=0), 1)
    filled = np.where(given, centred, 0.0)
    n = present.T @ present
    sums = filled.T @ present
    cross = filled.T @ filled
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(n > 1, (cross - sums * sums.T / n) / (n - 1), math.nan)


def _ratios(correlation: np.ndarray, blocks: Sequence[Sequence[int]], kind: Kind) -> np.ndarray:
    """The ratios (m, m) of ``blocks`` of columns of ``correlation`` (p, p)."""
    member = np.zeros((len(correlation), len(blocks)))
    for position, block in enumerate(blocks):
        member[list(block), position] = 1.0
    size = np.abs(correlation)
    zero, unknown = size == 0, np.isnan(size)
    size = np.where(unknown | zero, 1.0 if kind == "htmt2" else 0.0, size)
    means = _block_means(np.log(size) if kind == "htmt2" else size, member)
    if kind == "htmt2":
        means = np.where(_holds_any(zero, member), 0.0, np.exp(means))
    means = np.where(_holds_any(unknown, member), math.nan, means)
    within = np.diag(means)
    scale = np.sqrt(np.outer(within, within))
    values = means / np.where(scale > 0, scale, math.nan)
    np.fill_diagonal(values, 1.0)
    return values


def _block_means(values: np.ndarray, member: np.ndarray) -> np.ndarray:
    """Means (m, m) of ``values`` (p, p) between blocks, and within them off the diagonal; NaN within a
    block of one."""
    counts = member.sum(axis=0)
    sums = member.T @ values @ member
    pairs = np.outer(counts, counts)
    own = np.diag_indices(len(counts))
    sums[own] -= member.T @ np.diag(values)
    pairs[own] = counts * (counts - 1)
    return sums / np.where(pairs > 0, pairs, math.nan)


def _holds_any(marked: np.ndarray, member: np.ndarray) -> np.ndarray:
    """Whether a block pair (m, m) holds a ``marked`` (p, p) entry off the diagonal."""
    off = marked & ~np.eye(len(marked), dtype=bool)
    return member.T @ off.astype(float) @ member > 0
