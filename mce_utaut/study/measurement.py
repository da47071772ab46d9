"""How well a role's constructs were measured: scale statistics and discriminant validity."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from mce_utaut.instrument.model import Construct, Instrument
from mce_utaut.responses.model import Responses
from mce_utaut.responses.scores import ScaleScore, scale_score, scored_items
from mce_utaut.scoring.composites import (
    MeasurementModel,
    average_variance_extracted,
    composite_reliability,
    omega_interval,
)
from mce_utaut.scoring.intervals import mean_interval, pomp_interval
from mce_utaut.scoring.reliability import internal_consistency
from mce_utaut.sem.options import FitOptions
from mce_utaut.study.fitting import Fitted, parameters, row_covariance, try_fit
from mce_utaut.study.method_choice import LEAST_FOR_INFERENCE
from mce_utaut.study.model_data import model_data
from mce_utaut.study.model_text import one_factor_text
from mce_utaut.study.numbers import NOTHING, defined, from_scoring, point_only
from mce_utaut.study.result import Interval, ScaleStatistics

LEAST_FOR_ONE_FACTOR = 30  # rule G1: one-factor models may describe from here on


def scale_scores(responses: Responses, instrument: Instrument) -> dict[str, ScaleScore]:
    """The score of every construct whose items share one scale of numbers, by construct."""
    found = {}
    for name in instrument.constructs:
        try:
            found[name] = scale_score(responses, instrument, name)
        except (KeyError, ValueError):
            continue
    return found


def scale_statistics(
    responses: Responses,
    instrument: Instrument,
    scores: Mapping[str, ScaleScore],
    cfa: Fitted | None,
    options: FitOptions,
    limit: int,
) -> tuple[ScaleStatistics, ...]:
    """Every latent construct of the questionnaire; nothing for fewer than ``limit`` respondents.

    Omega, CR and AVE come from ``cfa``; for a construct outside it, or where it cannot be used, from a model
    of one factor (with three items or more and from 30 respondents).
    """
    if responses.n < limit:
        return ()
    return tuple(
        _guarded(_scale(responses, instrument, construct, scores[construct.id], cfa, options), limit)
        for construct in instrument.constructs.values()
        if construct.kind == "latent" and construct.id in scores
    )


def _guarded(scale: ScaleStatistics, limit: int) -> ScaleStatistics:
    """A scale that few could score: nothing below ``limit``; below ten the mean rounded and no standard deviation,
    from which single scores would follow."""
    if scale.n_scored >= LEAST_FOR_INFERENCE:
        return scale
    if scale.n_scored < limit:
        return replace(scale, mean=NOTHING, pomp=NOTHING, sd=None)
    return replace(scale, mean=_rounded(scale.mean, 1), pomp=_rounded(scale.pomp, 0), sd=None)


def _rounded(found: Interval, digits: int) -> Interval:
    return found if found.estimate is None else replace(found, estimate=round(found.estimate, digits))


def measurement_model(cfa: Fitted) -> MeasurementModel:
    """The matrices of a CFA that was fitted, observed structural variables left out."""
    assert cfa.fit is not None
    loadings = parameters(cfa.record, "=~")
    factors = tuple(dict.fromkeys(row["lhs"] for row in loadings))
    items = tuple(dict.fromkeys(row["rhs"] for row in loadings))
    load = np.zeros((len(items), len(factors)))
    for row in loadings:
        load[items.index(row["rhs"]), factors.index(row["lhs"])] = row["est"]
    phi, theta = np.zeros((len(factors),) * 2), np.zeros((len(items),) * 2)
    for row in parameters(cfa.record, "~~"):
        for names, matrix in ((factors, phi), (items, theta)):
            if row["lhs"] in names and row["rhs"] in names:
                i, j = names.index(row["lhs"]), names.index(row["rhs"])
                matrix[i, j] = matrix[j, i] = row["est"]
    return MeasurementModel(items, factors, load, phi, theta)


def _scale(
    responses: Responses,
    instrument: Instrument,
    construct: Construct,
    score: ScaleScore,
    cfa: Fitted | None,
    options: FitOptions,
) -> ScaleStatistics:
    level = options.level
    mean = mean_interval(score.values, level)
    pomp = pomp_interval(mean, score.minimum, score.maximum)
    inference = score.n_scored >= LEAST_FOR_INFERENCE
    show = (lambda found: from_scoring(found)) if inference else (lambda found: point_only(from_scoring(found)))
    consistency = internal_consistency(scored_items(responses, instrument, score.items), level)
    enough = consistency.n >= LEAST_FOR_INFERENCE
    omega, cr, ave = _from_model(construct.id, score, responses, instrument, cfa, options)
    return ScaleStatistics(
        construct=construct.id,
        items=score.items,
        n_scored=score.n_scored,
        mean=show(mean),
        sd=defined(np.nanstd(score.values, ddof=1)) if score.n_scored > 1 else None,
        pomp=show(pomp),
        n_alpha=consistency.n,
        alpha=from_scoring(consistency.alpha) if enough else NOTHING,
        alpha_note=consistency.note if enough else "",
        omega=omega,
        cr=cr,
        ave=ave,
        mean_interitem=defined(consistency.mean_interitem) if enough else None,
    )


def _from_model(
    name: str,
    score: ScaleScore,
    responses: Responses,
    instrument: Instrument,
    cfa: Fitted | None,
    options: FitOptions,
) -> tuple[Interval, float | None, float | None]:
    """Omega with its interval, CR and AVE of one construct."""
    source = cfa if cfa is not None and cfa.usable and _has_factor(cfa, name) else None
    if source is None and len(score.items) >= 3:
        data = model_data(responses, instrument, score.items)
        if data.n >= LEAST_FOR_ONE_FACTOR:
            text = one_factor_text(name, score.items)
            native = replace(options, engine="native")
            source = try_fit(text, data, native, name=name, variant="cfa", analysis="one factor")
    if source is None or not source.usable or source.fit is None:
        return NOTHING, None, None
    names, vcov = row_covariance(source.fit)
    found = from_scoring(omega_interval(measurement_model(source), name, names, vcov, options.level))
    loadings = standardised_loadings(source, name)
    cr, ave = composite_reliability(loadings), average_variance_extracted(loadings)
    return found, defined(cr), defined(ave)


def standardised_loadings(cfa: Fitted, factor: str) -> np.ndarray:
    """The standardised loadings (k,) of a factor."""
    rows = [row for row in parameters(cfa.record, "=~") if row["lhs"] == factor]
    return np.array([math.nan if row["std_all"] is None else row["std_all"] for row in rows])


def _has_factor(cfa: Fitted, name: str) -> bool:
    return any(row["lhs"] == name for row in parameters(cfa.record, "=~"))


def factor_items(cfa: Fitted) -> dict[str, Sequence[str]]:
    """The items of each factor of a CFA, in order."""
    found: dict[str, list[str]] = {}
    for row in parameters(cfa.record, "=~"):
        found.setdefault(row["lhs"], []).append(row["rhs"])
    return dict(found)
