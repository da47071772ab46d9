"""Content validity: how relevant experts find each item of a questionnaire, with and without what chance gives."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

RELEVANT = 3  # ratings 3 and 4 of 1-4
FEWEST_EXPERTS = 3
_ALL_MUST_AGREE_UP_TO = 5
_SHARE_NEEDED = 0.78
_AVERAGE_NEEDED = 0.90

Judgement = Literal["relevant", "revise", "too_few_experts"]
Agreement = Literal["excellent", "good", "fair", "poor", "undefined"]


@dataclass(frozen=True, slots=True)
class ItemRelevance:
    """One item: ``experts`` who rated it, how many of them ``agree`` that it is relevant, their share ``i_cvi``, the
    probability ``p_chance`` of that number by chance, the modified ``kappa`` and its reading, and the judgement."""

    item: str
    experts: int
    agree: int
    i_cvi: float
    p_chance: float
    kappa: float
    agreement: Agreement
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class ScaleRelevance:
    """Several items: ``average`` (S-CVI/Ave, the mean I-CVI), ``universal`` (S-CVI/UA, the share of items that every
    expert found relevant), fewest and most experts, and whether the average reaches .90."""

    name: str
    items: int
    experts: tuple[int, int]
    average: float
    universal: float
    reached: bool


def modified_kappa(experts: int, agree: int) -> tuple[float, float]:
    """(probability of chance agreement, modified kappa) for ``agree`` of ``experts``.

    p_c = C(N, A) / 2^N and kappa* = (I-CVI - p_c) / (1 - p_c): Polit, Beck & Owen 2007, Research in Nursing & Health
    30, 459-467, doi:10.1002/nur.20199. Checked against R.
    """
    chance = math.comb(experts, agree) * 0.5**experts
    return chance, (agree / experts - chance) / (1 - chance) if chance < 1 else math.nan


def item_relevance(item: str, ratings: np.ndarray) -> ItemRelevance:
    """The relevance of ``item`` from ``ratings`` (experts,), 1 to 4, NaN left out.

    I-CVI is the share of ratings 3 and 4. It must be 1 with three to five experts and .78 with more (Lynn 1986,
    doi:10.1097/00006199-198611000-00017; Polit & Beck 2006, doi:10.1002/nur.20147); fewer than three judge nothing.
    Kappa above .74 is excellent, from .60 good, from .40 fair (Cicchetti & Sparrow 1981).
    """
    given = ratings[~np.isnan(ratings)]
    experts, agree = int(given.size), int((given >= RELEVANT).sum())
    if not experts:
        return ItemRelevance(item, 0, 0, math.nan, math.nan, math.nan, "undefined", "too_few_experts")
    share = agree / experts
    chance, kappa = modified_kappa(experts, agree)
    needed = 1.0 if experts <= _ALL_MUST_AGREE_UP_TO else _SHARE_NEEDED
    judgement: Judgement = "relevant" if _two_digits(share) >= needed else "revise"
    if experts < FEWEST_EXPERTS:
        judgement = "too_few_experts"
    return ItemRelevance(item, experts, agree, share, chance, kappa, _reading(kappa), judgement)


def scale_relevance(name: str, items: Sequence[ItemRelevance]) -> ScaleRelevance:
    """S-CVI of items that were rated. Raises ``ValueError`` where none was."""
    rated = [each for each in items if each.experts]
    if not rated:
        raise ValueError("no item was rated")
    average = float(np.mean([each.i_cvi for each in rated]))
    universal = sum(each.agree == each.experts for each in rated) / len(rated)
    numbers = [each.experts for each in rated]
    enough = min(numbers) >= FEWEST_EXPERTS
    reached = enough and _two_digits(average) >= _AVERAGE_NEEDED
    return ScaleRelevance(name, len(rated), (min(numbers), max(numbers)), average, universal, reached)


def _two_digits(share: float) -> float:
    """Shares are compared as the sources print them: 7 of 9 is .78."""
    return math.floor(100 * share + 0.5 + 1e-9) / 100


def _reading(kappa: float) -> Agreement:
    if math.isnan(kappa):
        return "undefined"
    rounded = _two_digits(kappa)
    if rounded >= 0.74:
        return "excellent"
    return "good" if rounded >= 0.60 else "fair" if rounded >= 0.40 else "poor"
