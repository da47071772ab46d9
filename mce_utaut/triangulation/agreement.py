"""How far coders agree: Cohen's kappa of two, Krippendorff's alpha of any number, nominal categories."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats

RELIABLE, TENTATIVE = 0.80, 0.667  # Krippendorff 2019, Content Analysis, chapter 12
_ROUNDING = 1e-14  # of sums of shares: below it a variance is none
Judgement = Literal["reliable", "tentative", "unreliable", "undefined"]


@dataclass(frozen=True, slots=True)
class Agreement:
    """A coefficient with its interval over ``n`` units that at least two coders coded; ``observed`` is the share
    of agreeing pairs. Numbers are NaN where undefined (all codes the same)."""

    n: int
    observed: float
    estimate: float
    lower: float
    upper: float


def cohen_kappa(first: Sequence[Hashable], second: Sequence[Hashable], level: float = 0.95) -> Agreement:
    """Kappa of two coders over the same units (Cohen 1960, doi:10.1177/001316446002000104), with the normal
    interval from its large-sample variance (Fleiss, Cohen & Everitt 1969, doi:10.1037/h0028106, equation 13), cut
    at -1 and 1. Undefined where chance alone would agree everywhere. Checked against R's ``psych::cohen.kappa``.
    Raises ``ValueError`` for unequal lengths."""
    if len(first) != len(second):
        raise ValueError("both coders must have coded the same units")
    n = len(first)
    if not n:
        return Agreement(0, math.nan, math.nan, math.nan, math.nan)
    at = {value: i for i, value in enumerate(dict.fromkeys((*first, *second)))}
    table = np.zeros((len(at), len(at)))
    for one, other in zip(first, second, strict=True):
        table[at[one], at[other]] += 1 / n
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    observed, expected = float(np.trace(table)), float(rows @ columns)
    if expected >= 1 - 1e-12:
        return Agreement(n, observed, math.nan, math.nan, math.nan)
    kappa = (observed - expected) / (1 - expected)
    apart = table * (columns[:, None] + rows[None, :]) ** 2
    agreeing = float(np.sum(np.diag(table) * (1 - (rows + columns) * (1 - kappa)) ** 2))
    disagreeing = (1 - kappa) ** 2 * float(apart.sum() - np.trace(apart))
    spread = agreeing + disagreeing - (kappa - expected * (1 - kappa)) ** 2
    variance = spread / (n * (1 - expected) ** 2) if spread > _ROUNDING else 0.0
    half = float(stats.norm.isf((1 - level) / 2)) * math.sqrt(variance)
    return Agreement(n, observed, kappa, max(kappa - half, -1.0), min(kappa + half, 1.0))


def krippendorff_alpha(
    units: Sequence[Sequence[Hashable | None]],
    rng: np.random.Generator,
    *,
    level: float = 0.95,
    replicates: int = 2000,
) -> Agreement:
    """Alpha for nominal codes: ``units`` holds for each unit the codes of its coders, None where one did not
    code it (Krippendorff 2011, Computing Krippendorff's alpha-reliability, section C). Units with fewer than two
    codes say nothing and are left out.

    The interval is the percentile interval of ``replicates`` samples of units drawn with replacement; it is
    undefined below two units. Alpha is undefined where all codes are the same.
    """
    at: dict[Hashable, int] = {}
    rows = []
    for unit in units:
        given = [code for code in unit if code is not None]
        if len(given) >= 2:
            rows.append([at.setdefault(code, len(at)) for code in given])
    if not rows:
        return Agreement(0, math.nan, math.nan, math.nan, math.nan)
    counts = np.array([np.bincount(row, minlength=len(at)) for row in rows], dtype=float)
    size = counts.sum(axis=1)
    # Per unit the ordered pairs of unequal codes, each weighing 1 / (m - 1).
    unequal = (size**2 - (counts**2).sum(axis=1)) / (size - 1)
    ones = np.ones((1, len(rows)))
    estimate = float(_alpha(ones, counts, size, unequal)[0])
    observed = 1 - float(unequal.sum() / size.sum())
    if len(rows) < 2 or math.isnan(estimate):
        return Agreement(len(rows), observed, estimate, math.nan, math.nan)
    weights = rng.multinomial(len(rows), np.full(len(rows), 1 / len(rows)), size=replicates)
    drawn = _alpha(weights, counts, size, unequal)
    lower, upper = np.nanquantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return Agreement(len(rows), observed, estimate, float(lower), float(upper))


def judge(estimate: float) -> Judgement:
    """What a coefficient allows: conclusions from .80 on, tentative ones from .667 on (Krippendorff 2019)."""
    if math.isnan(estimate):
        return "undefined"
    return "reliable" if estimate >= RELIABLE else "tentative" if estimate >= TENTATIVE else "unreliable"


def _alpha(weights: np.ndarray, counts: np.ndarray, size: np.ndarray, unequal: np.ndarray) -> np.ndarray:
    """Alpha for each row of ``weights`` (replicates, units), NaN where all codes are the same."""
    n = weights @ size
    expected = (n**2 - ((weights @ counts) ** 2).sum(axis=1)) / (n - 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(expected > 0, 1 - (weights @ unequal) / expected, np.nan)
