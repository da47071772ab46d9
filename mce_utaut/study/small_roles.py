"""Paths of a role too small for a structural model: rank correlations, or a regression of scale scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from mce_utaut.regression.linear import hc3, in_standard_deviations
from mce_utaut.scoring.correlation import spearman
from mce_utaut.study.model_text import Path
from mce_utaut.study.numbers import NOTHING, defined, from_scoring, interval
from mce_utaut.study.result import PathEstimate


def rank_paths(
    paths: Sequence[Path], scores: Mapping[str, np.ndarray], role: str, model: str, level: float
) -> tuple[PathEstimate, ...]:
    """Spearman's correlation with its interval for each path whose two ends have scores."""
    found = []
    for path in paths:
        if path.outcome not in scores or path.predictor not in scores:
            continue
        rank = spearman(scores[path.predictor], scores[path.outcome], level)
        found.append(
            PathEstimate(
                role=role,
                model=model,
                analysis="primary",
                outcome=path.outcome,
                predictor=path.predictor,
                label=path.label,
                method="correlation",
                n=rank.n,
                estimate=NOTHING,
                standardised=from_scoring(rank.rho),
                se=None,
                p=defined(rank.p),
            )
        )
    return tuple(found)


def regression_paths(
    paths: Sequence[Path], scores: Mapping[str, np.ndarray], role: str, model: str, level: float
) -> tuple[PathEstimate, ...]:
    """The regression of one outcome's scale score on those of the predictors of ``paths`` (which share
    their outcome), unstandardised and standardised; empty where it cannot be computed."""
    if not paths or any(name not in scores for path in paths for name in (path.outcome, path.predictor)):
        return ()
    outcome = scores[paths[0].outcome]
    predictors = {path.predictor: scores[path.predictor] for path in paths}
    try:
        raw = hc3(outcome, predictors, level=level)
        z = {name: in_standard_deviations(values, raw.rows) for name, values in predictors.items()}
        beta = hc3(in_standard_deviations(outcome, raw.rows), z, level=level)
    except ValueError:
        return ()
    return tuple(
        PathEstimate(
            role=role,
            model=model,
            analysis="primary",
            outcome=path.outcome,
            predictor=path.predictor,
            label=path.label,
            method="regression",
            n=raw.n,
            estimate=interval(raw.estimate[i], raw.lower[i], raw.upper[i], level, "t, HC3"),
            standardised=interval(beta.estimate[i], beta.lower[i], beta.upper[i], level, "t, HC3"),
            se=defined(raw.se[i]),
            p=defined(raw.p[i]),
        )
        for i, path in enumerate(paths)
    )
