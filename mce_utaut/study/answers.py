"""The answers of one role as arrays: columns by item, reverse items turned round where asked."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from mce_utaut.instrument.model import Construct, Instrument
from mce_utaut.responses.model import Responses
from mce_utaut.study.texts import column_of, place_of, scale_of

LEAST_ANSWERED = 2 / 3


def item_column(responses: Responses, instrument: Instrument, code: str, turned: bool = False) -> np.ndarray:
    """The answers (n,) to an item or question, NaN where missing; ``turned`` scores a reverse item as
    maximum + minimum - answer."""
    column = column_of(instrument, code)
    if column not in responses.data:
        return np.full(responses.n, np.nan)
    values = pd.to_numeric(responses.data[column], errors="coerce").to_numpy(float)
    if turned and is_reverse(instrument, code):
        scale = scale_of(instrument, code)
        ends = [option.value for option in scale.options if option.value is not None] if scale else []
        return max(ends) + min(ends) - values if ends else values
    return values


def item_matrix(responses: Responses, instrument: Instrument, codes: Sequence[str]) -> np.ndarray:
    """The answers (n, len(codes)), reverse items turned round, NaN where missing."""
    if not codes:
        return np.empty((responses.n, 0))
    return np.column_stack([item_column(responses, instrument, code, turned=True) for code in codes])


def is_reverse(instrument: Instrument, code: str) -> bool:
    """Whether an item is worded the other way round."""
    _, item = place_of(instrument, code)
    return item is not None and item.reverse


def cannot_judge(responses: Responses, instrument: Instrument, code: str) -> np.ndarray:
    """Who said "cannot judge" to an item (n,), bool."""
    column = column_of(instrument, code)
    if column not in responses.missing:
        return np.zeros(responses.n, dtype=bool)
    return responses.missing[column].to_numpy() == "cannot_judge"


def scale_score(responses: Responses, instrument: Instrument, construct: Construct) -> np.ndarray:
    """The mean of the answered anchors (n,), NaN where fewer than two thirds were answered (decision 10)."""
    codes = construct.anchors or construct.items
    answers = item_matrix(responses, instrument, codes)
    given = ~np.isnan(answers)
    count = given.sum(axis=1)
    enough = count >= np.ceil(LEAST_ANSWERED * len(codes) - 1e-9)
    total = np.where(given, answers, 0.0).sum(axis=1)
    return np.where(enough & (count > 0), total / np.maximum(count, 1), np.nan)
