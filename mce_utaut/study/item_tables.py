"""The items of one role: how they were answered."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mce_utaut.instrument.model import Construct, Instrument
from mce_utaut.responses.model import Responses
from mce_utaut.responses.scores import scored_items
from mce_utaut.scoring.items import summarise_item
from mce_utaut.scoring.reliability import complete_rows, item_rest
from mce_utaut.study.disclosure import cannot_judge_hidden, shown, shown_around_middle
from mce_utaut.study.method_choice import LEAST_FOR_INFERENCE, LEAST_FOR_SEM
from mce_utaut.study.numbers import defined
from mce_utaut.study.result import ItemStatistics
from mce_utaut.study.texts import column_of, offers_cannot_judge, place_of, scale_of, wording_for


def item_statistics(
    responses: Responses, instrument: Instrument, language: str, limit: int
) -> tuple[ItemStatistics, ...]:
    """Every item of every construct in the questionnaire's order; all numbers None for fewer than
    ``limit`` answers, and blurred (``_blurred``) where hidden counts would follow from exact ones."""
    found = []
    for construct in instrument.constructs.values():
        rest = _item_rest(responses, instrument, construct)
        for code in construct.items:
            row = _row(responses, instrument, construct, code, language, limit)
            row = replace(row, item_rest=rest.get(code))
            few = responses.n < limit or 0 < row.n < limit
            found.append(_blank(row) if few else _blurred(row))
    return tuple(found)


def cannot_judge_share(responses: Responses, instrument: Instrument, code: str) -> float:
    """The share of respondents who said "cannot judge" to an item; 0 without respondents."""
    marked = _cannot_judge(responses, instrument, code)
    return float(marked.mean()) if marked.size else 0.0


def _cannot_judge(responses: Responses, instrument: Instrument, code: str) -> np.ndarray:
    """Who said "cannot judge" to an item (n,), bool."""
    return responses.missing[column_of(instrument, code)].to_numpy() == "cannot_judge"


def _row(
    responses: Responses, instrument: Instrument, construct: Construct, code: str, language: str, limit: int
) -> ItemStatistics:
    answers = responses.data[column_of(instrument, code)].to_numpy(dtype=float)
    scale = scale_of(instrument, code)
    values = [option.value for option in scale.options if option.value is not None] if scale else []
    marked = _cannot_judge(responses, instrument, code)
    summary = summarise_item(answers, values or None, marked)
    counts: tuple[int | None, ...] = ()
    sides = None
    if values:
        ordinal = scale is not None and construct.kind != "observed"
        counts, sides = shown_around_middle(summary.counts, limit) if ordinal else (shown(summary.counts, limit), None)
    question, item = place_of(instrument, code)
    wording = wording_for(instrument, language)
    offered = offers_cannot_judge(instrument, code)
    hidden = cannot_judge_hidden(summary.cannot_judge, summary.missing, limit, offered)
    key = f"question.{question.code}.text" if item is None else f"item.{code}"
    return ItemStatistics(
        item=code,
        construct=construct.id,
        anchor=code in (construct.scored if construct.kind == "latent" else construct.anchors),
        text=wording.get(key, code),
        n=summary.n,
        missing=summary.missing,
        cannot_judge=None if hidden else summary.cannot_judge,
        mean=defined(summary.mean),
        sd=defined(summary.sd),
        skewness=defined(summary.skewness),
        kurtosis=defined(summary.kurtosis),
        floor=defined(summary.floor) if counts and counts[0] is not None else None,
        ceiling=defined(summary.ceiling) if counts and counts[-1] is not None else None,
        item_rest=None,
        values=summary.values if values else (),
        counts=counts,
        median=defined(summary.median),
        sides=sides,
    )


def _item_rest(responses: Responses, instrument: Instrument, construct: Construct) -> dict[str, float | None]:
    """Per scored item of a latent construct, its correlation with the sum of the other scored ones; from
    ``LEAST_FOR_INFERENCE`` complete answers on, as every correlation."""
    codes = construct.scored
    if construct.kind != "latent" or len(codes) < 2:
        return {}
    rows = complete_rows(scored_items(responses, instrument, codes))
    if len(rows) < LEAST_FOR_INFERENCE:
        return {}
    found = item_rest(np.cov(rows, rowvar=False))
    return {code: defined(value) for code, value in zip(codes, found, strict=True)}


def _blurred(row: ItemStatistics) -> ItemStatistics:
    """An item of a small group with hidden points, so that these cannot be solved for: moments of a distribution are
    linear in its counts, and together with a few sums give every count. No single point is left, no skewness and
    kurtosis; mean and standard deviation have one decimal, the latter none of it below ten answers, and the item-rest
    correlation two. From 100 answers on a model is fitted whose moments are published exactly (decision 26), so
    blurring would hide nothing."""
    if row.n >= LEAST_FOR_SEM or None not in row.counts:
        return row
    return replace(
        row,
        counts=row.counts if row.sides is None else (None,) * len(row.counts),
        mean=None if row.mean is None else round(row.mean, 1),
        sd=None if row.sd is None or row.n < LEAST_FOR_INFERENCE else round(row.sd, 1),
        skewness=None,
        kurtosis=None,
        floor=None,
        ceiling=None,
        item_rest=None if row.item_rest is None else round(row.item_rest, 2),
    )


def _blank(row: ItemStatistics) -> ItemStatistics:
    nothing = dict.fromkeys(("mean", "sd", "skewness", "kurtosis", "floor", "ceiling", "item_rest", "median"))
    return replace(row, **nothing, counts=(None,) * len(row.counts), sides=row.sides and (None, None, None))
