"""A moderator of degree: whether a predictor's slope changes along it (latent interaction by product indicators, MLR).

One interaction a model (rule V9); higher-order ones need thousands of respondents and are not offered (V10).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import numpy as np

from mce_utaut.errors import MceError
from mce_utaut.sem.interaction import InteractionFit, latent_interaction
from mce_utaut.sem.options import FitOptions
from mce_utaut.sem.simple_slopes import Region, simple_slopes
from mce_utaut.study.library_notes import refused
from mce_utaut.study.method_choice import LEAST_FOR_SEM
from mce_utaut.study.model_data import ModelData
from mce_utaut.study.model_text import ModelText, group_text
from mce_utaut.study.moderators import Resolved, around_the_mean
from mce_utaut.study.numbers import defined
from mce_utaut.study.sentences import Sentences

MODERATOR = "moderator_"
_CURVE = 21
_LATENT_RANGE = 3.0  # standard deviations: what a latent moderator is taken to cover


def slopes_along(
    name: str,
    found: Resolved,
    model: ModelText,
    data: ModelData,
    options: FitOptions,
    predictors: Collection[str],
    outcome: str,
    say: Sentences,
) -> list[dict[str, Any]]:
    """One row per predictor: the interaction with its interval, the simple slopes, where the slope differs from zero,
    and the slope's curve; or a ``refusal``."""
    observed = found.number is not None
    names = [each for each in data.columns if each not in model.structural_observed]
    columns = {each: data.columns[each] for each in names}
    rows = np.ones(data.n_before, dtype=bool)
    own = replace(options, engine="native", estimator="MLR", ordered=())
    text = group_text(model, ())
    mean = 0.0
    if found.number is not None:
        rows = ~np.isnan(found.number)
    answers = np.column_stack(list(columns.values()))
    rows &= ~np.isnan(answers).all(axis=1) if own.missing == "fiml" else ~np.isnan(answers).any(axis=1)
    columns = {each: values[rows] for each, values in columns.items()}
    n = int(rows.sum())
    spread = float(found.number[rows].std(ddof=1)) if found.number is not None and n > 1 else 1.0
    if n < LEAST_FOR_SEM or not spread > 0:
        key = "too_few" if n < LEAST_FOR_SEM else "constant"
        return [_refused(each, outcome, n, say(f"moderation.{key}", n=n, least=LEAST_FOR_SEM)) for each in predictors]
    if found.number is not None:
        mean = float(found.number[rows].mean())
        columns[MODERATOR] = found.number[rows] - mean
        text += _with_moderator(model, outcome)
    form = []
    for predictor in predictors:
        moderator = MODERATOR if observed else name
        if predictor == moderator:
            continue
        try:
            fitted = latent_interaction(text, columns, outcome, predictor, moderator, options=own)
        except MceError as error:
            form.append(_refused(predictor, outcome, n, _in_words(refused(error, say), found.title)))
            continue
        if not (fitted.fit.converged and fitted.fit.proper):
            form.append(_refused(predictor, outcome, n, say("moderation.improper")))
            continue
        form.append(_row(fitted, found, columns.get(MODERATOR), mean, say))
    return form


def _in_words(reason: str, title: str) -> str:
    """A refusal on one line, with the moderator's title for the name that it has in the model."""
    return " ".join(reason.replace(MODERATOR, title).split())


def _with_moderator(model: ModelText, outcome: str) -> str:
    """An observed moderator beside the predictors: it predicts the outcome and covaries with every construct that no
    path leads to."""
    outcomes = {path.outcome for path in model.paths}
    free = [name for name in model.factors if name not in outcomes]
    lines = [f"{outcome} ~ {MODERATOR}", f"{MODERATOR} ~~ {MODERATOR}", *(f"{MODERATOR} ~~ {name}" for name in free)]
    return "\n".join(lines) + "\n"


def _row(
    fitted: InteractionFit, found: Resolved, centred: np.ndarray | None, mean: float, say: Sentences
) -> dict[str, Any]:
    fit = fitted.fit
    at = (*fit.table.observed, *fit.table.latent).index(fitted.moderator)
    sd = float(np.sqrt(fit.implied[0].C[at, at]))
    points = [(value - mean, label) for value, label in found.points]
    points = points or list(zip((-sd, 0.0, sd), around_the_mean(say), strict=True))
    low, high = (-_LATENT_RANGE * sd, _LATENT_RANGE * sd)
    if centred is not None:
        low, high = float(centred.min()), float(centred.max())
    ends = (fitted.outcome, fitted.predictor, fitted.moderator, fitted.product)
    slopes = simple_slopes(fit, *ends, [value for value, _ in points]).slopes
    curve = simple_slopes(fit, *ends, list(np.linspace(low, high, _CURVE))).slopes
    ratio = fitted.standardised / fitted.estimate if fitted.estimate else 0.0
    half = (slopes[0].ci_upper - slopes[0].est) / slopes[0].se * fitted.se
    lower, upper = fitted.estimate - half, fitted.estimate + half
    stretches = significant_stretches(fitted.region, low, high)
    return {
        "outcome": fitted.outcome,
        "predictor": fitted.predictor,
        "n": fit.total,
        "refusal": "",
        "estimate": defined(fitted.estimate),
        "se": defined(fitted.se),
        "lower": defined(lower),
        "upper": defined(upper),
        "p": defined(fitted.pvalue),
        "standardised": defined(fitted.standardised),
        "standardised_lower": defined(lower * ratio),
        "standardised_upper": defined(upper * ratio),
        "slopes": [
            {"value": value + mean, "label": label, "estimate": s.est, "lower": s.ci_lower, "upper": s.ci_upper,
             "p": s.pvalue}
            for (value, label), s in zip(points, slopes, strict=True)
        ],
        "region": {
            "significant": fitted.region.significant,
            "lower": defined(fitted.region.lower + mean),
            "upper": defined(fitted.region.upper + mean),
            "observed_lower": low + mean,
            "observed_upper": high + mean,
            "sentence": _where(stretches, low, high, mean, say),
        },
        "curve": [
            {"value": s.value + mean, "estimate": s.est, "lower": s.ci_lower, "upper": s.ci_upper} for s in curve
        ],
    }  # fmt: skip


def significant_stretches(region: Region, low: float, high: float) -> list[tuple[float, float]]:
    """The parts of ``low``..``high`` where the slope differs from zero (Johnson & Neyman 1936)."""
    parts = {
        "everywhere": [(low, high)],
        "nowhere": [],
        "above": [(region.lower, high)],
        "below": [(low, region.upper)],
        "between": [(region.lower, region.upper)],
        "outside": [(low, region.lower), (region.upper, high)],
    }[region.significant]
    cut = [(max(a, low), min(b, high)) for a, b in parts]
    return [(a, b) for a, b in cut if a < b]


def _where(stretches: list[tuple[float, float]], low: float, high: float, mean: float, say: Sentences) -> str:
    if not stretches:
        return say("moderation.nowhere")
    if stretches == [(low, high)]:
        return say("moderation.everywhere")
    show = say.numbers.plain
    return say(
        "moderation.somewhere",
        parts=say.listed([say("moderation.stretch", low=show(a + mean), high=show(b + mean)) for a, b in stretches]),
    )


def _refused(predictor: str, outcome: str, n: int, reason: str) -> dict[str, Any]:
    nothing = dict.fromkeys(("estimate", "se", "lower", "upper", "p"))
    standard = dict.fromkeys(("standardised", "standardised_lower", "standardised_upper"))
    head = {"outcome": outcome, "predictor": predictor, "n": n, "refusal": reason}
    return {**head, **nothing, **standard, "slopes": [], "region": None, "curve": []}
