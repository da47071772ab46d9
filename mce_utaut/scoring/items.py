"""What is said about one item: how many answered, where the answers lie, how they are shaped."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class ItemSummary:
    """Description of one item. ``n`` answers were given, ``missing`` were not, of which
    ``cannot_judge`` said so; ``floor`` and ``ceiling`` are the shares of ``n`` on the lowest and highest
    value of the scale; ``counts`` are the answers per value in ``values`` order. NaN where undefined."""

    n: int
    missing: int
    cannot_judge: int
    mean: float
    sd: float
    median: float
    skewness: float
    kurtosis: float
    floor: float
    ceiling: float
    values: tuple[float, ...]
    counts: tuple[int, ...]


def summarise_item(
    answers: np.ndarray,
    values: Sequence[float] | None = None,
    cannot_judge: np.ndarray | None = None,
) -> ItemSummary:
    """The description of one item's ``answers`` (n,), NaN where missing.

    ``values`` are the scale's values (default: those that occur, as psych does; with them an unused end
    of the scale gives a floor or ceiling of 0). ``cannot_judge`` (n,) marks the missing answers that said
    so. sd has the divisor n - 1. Skewness G1 and excess kurtosis G2 as SAS and SPSS print them (Joanes &
    Gill 1998, The Statistician 47, 183-189, doi:10.1111/1467-9884.00122): G1 needs n ≥ 3, G2 n ≥ 4, both a
    variance. Raises ``ValueError`` for an answer outside ``values`` or one marked "cannot judge".
    Checked against ``psych::describe(type = 2)``.
    """
    answers = np.asarray(answers, dtype=float)
    given = answers[~np.isnan(answers)]
    scale = tuple(float(value) for value in (np.unique(given) if values is None else sorted(values)))
    counts = tuple(int(np.count_nonzero(given == value)) for value in scale)
    if sum(counts) != given.size:
        raise ValueError("an answer is not a value of the scale")
    judged = np.zeros(answers.size, dtype=bool) if cannot_judge is None else np.asarray(cannot_judge, dtype=bool)
    if np.any(judged & ~np.isnan(answers)):
        raise ValueError("an answer is marked as 'cannot judge'")
    n = int(given.size)
    return ItemSummary(
        n=n,
        missing=int(answers.size - n),
        cannot_judge=int(judged.sum()),
        mean=float(given.mean()) if n else math.nan,
        sd=float(given.std(ddof=1)) if n > 1 else math.nan,
        median=float(np.median(given)) if n else math.nan,
        skewness=skewness(given),
        kurtosis=kurtosis(given),
        floor=counts[0] / n if n else math.nan,
        ceiling=counts[-1] / n if n else math.nan,
        values=scale,
        counts=counts,
    )


def skewness(given: np.ndarray) -> float:
    """G1, the skewness of ``given`` (n,) corrected for n: g1 √(n(n - 1)) / (n - 2); NaN for n < 3 or no
    variance."""
    n = given.size
    if n < 3 or np.ptp(given) == 0:
        return math.nan
    deviation = given - given.mean()
    second = float(np.mean(deviation**2))
    return float(np.mean(deviation**3)) / second**1.5 * math.sqrt(n * (n - 1)) / (n - 2)


def kurtosis(given: np.ndarray) -> float:
    """G2, the excess kurtosis of ``given`` (n,) corrected for n: ((n + 1) g2 + 6)(n - 1) / ((n - 2)(n - 3));
    NaN for n < 4 or no variance."""
    n = given.size
    if n < 4 or np.ptp(given) == 0:
        return math.nan
    deviation = given - given.mean()
    excess = float(np.mean(deviation**4)) / float(np.mean(deviation**2)) ** 2 - 3
    return ((n + 1) * excess + 6) * (n - 1) / ((n - 2) * (n - 3))
