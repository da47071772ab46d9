"""Answers turned into numbers for analysis: reverse-keyed items turned round, scales averaged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mce_utaut.instrument.model import Instrument, Scale
from mce_utaut.responses.model import Responses

SHARE_NEEDED = 2 / 3


@dataclass(frozen=True, slots=True, eq=False)
class ScaleScore:
    """The score of one construct: ``values`` (n,) on the metric of its items between ``minimum`` and
    ``maximum``, NaN where too few of the ``items`` were answered; ``answered`` (n,) says how many were."""

    construct: str
    items: tuple[str, ...]
    values: np.ndarray
    answered: np.ndarray
    minimum: float
    maximum: float

    @property
    def n_scored(self) -> int:
        """How many respondents have a score."""
        return int(np.count_nonzero(~np.isnan(self.values)))


def scored_items(responses: Responses, instrument: Instrument, items: Sequence[str]) -> np.ndarray:
    """The answers to ``items`` as an array (n, k), NaN where missing, every item keyed in the direction of
    its construct: a reverse item is maximum + minimum - answer. Raises ``KeyError`` for a code that is
    neither an item nor a question of a construct."""
    columns = []
    for code in items:
        scale, reverse = _keyed(instrument, code)
        column = _column_of(instrument, code)
        answers = responses.data[column].to_numpy(dtype=float)
        low, high = scale_range(scale)
        columns.append(low + high - answers if reverse else answers)
    return np.column_stack(columns) if columns else np.empty((responses.n, 0))


def scale_range(scale: Scale) -> tuple[float, float]:
    """The lowest and the highest value of an ordinal scale. Raises ``ValueError`` for a nominal one."""
    values = [option.value for option in scale.options if option.value is not None]
    if not values:
        raise ValueError(f"the scale {scale.id} has no numbers")
    return min(values), max(values)


def scale_score(
    responses: Responses, instrument: Instrument, construct: str, share_needed: float = SHARE_NEEDED
) -> ScaleScore:
    """The score of ``construct``: the mean of its ``scored`` items that a respondent answered, reverse items
    turned round, where at least ``share_needed`` of them were answered (else NaN).

    A construct without anchors is scored on all its items. Person-mean scoring with a floor: Newman
    2014, Organizational Research Methods 17, 372-411, doi:10.1177/1094428114548590. Raises ``ValueError``
    where the items have different scales.
    """
    known = instrument.constructs[construct]
    items = known.scored
    ranges = {scale_range(_keyed(instrument, code)[0]) for code in items}
    if len(ranges) != 1:
        raise ValueError(f"the items of {construct} are answered on different scales")
    ((minimum, maximum),) = ranges
    answers = scored_items(responses, instrument, items)
    given = ~np.isnan(answers)
    answered = given.sum(axis=1)
    enough = answered >= share_needed * len(items) - 1e-9
    sums = np.where(given, answers, 0.0).sum(axis=1)
    values = np.where(enough & (answered > 0), sums / np.maximum(answered, 1), np.nan)
    return ScaleScore(construct, tuple(items), values, answered, minimum, maximum)


def _column_of(instrument: Instrument, code: str) -> str:
    """Items are stored under their code, questions under their name."""
    for question in instrument.questions():
        if question.code == code and question.type != "array":
            return question.name
    return code


def _keyed(instrument: Instrument, code: str) -> tuple[Scale, bool]:
    for question, item in instrument.items():
        if item.code == code and question.scale is not None:
            return instrument.scales[question.scale], item.reverse
    question = instrument.question(code)
    if question.scale is None:
        raise KeyError(code)
    return instrument.scales[question.scale], False
