"""Sections ``raw_points`` and ``importance_performance``: effects in points of the answer scale.

A standardised path is hard to picture; "one point more of expected benefit goes with 0.4 points more intention"
is not. In the structural model the constructs get the metric of their average item (effects coding: Little,
Slegers & Card 2006, doi:10.1207/s15328007sem1301_3), which is that of the scale scores:
b* = b * mean loading of the outcome / mean loading of the predictor.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

from mce_utaut.study.config import StudyConfig
from mce_utaut.study.fitting import Fitted, parameters, row_covariance
from mce_utaut.study.numbers import interval
from mce_utaut.study.result import Interval
from mce_utaut.study.role import RoleWork
from mce_utaut.study.sentences import Sentences
from mce_utaut.study.structure import PRIMARY

Key = tuple[str, str, str]
_STEP = 1e-30


@dataclass(frozen=True, slots=True)
class PointEffect:
    """What one point more of ``predictor`` goes with in points of the outcome, all paths from one to the
    other together."""

    predictor: str
    points: Interval


def raw_points(works: Sequence[RoleWork], config: StudyConfig, outcome: str, say: Sentences) -> dict[str, Any]:
    """Section ``raw_points`` (keys in docs/study-result.md); empty where no role has a path to the outcome."""
    roles = {}
    for work in works:
        method, n, effects = role_effects(work, config, outcome)
        scales = work.scores
        if not effects or outcome not in scales:
            continue
        roles[work.result.role] = {
            "method": method,
            "n": n,
            "minimum": scales[outcome].minimum,
            "maximum": scales[outcome].maximum,
            "rows": [_points_row(effect, outcome, work.labels, say) for effect in effects],
        }
    if not roles:
        return {}
    return {"outcome": outcome, "roles": roles, "note": say("points.note")}


def importance_performance(
    works: Sequence[RoleWork], config: StudyConfig, outcome: str, say: Sentences
) -> dict[str, Any]:
    """Section ``importance_performance`` (keys in docs/study-result.md): importance is the total effect on
    the outcome with both on 0-100, performance the mean on 0-100 (Ringle & Sarstedt 2016,
    doi:10.1108/IMDS-10-2015-0449); empty where no role has a path to the outcome."""
    roles = {}
    for work in works:
        method, n, effects = role_effects(work, config, outcome)
        means = {scale.construct: scale.pomp for scale in work.result.scales}
        rows = [
            _map_row(effect, work, outcome, means[effect.predictor]) for effect in effects if effect.predictor in means
        ]
        if len(rows) < 2 or outcome not in work.scores:
            continue
        importance = float(np.mean([row["importance"] for row in rows]))
        performance = float(np.mean([row["performance"] for row in rows]))
        first = [
            row["construct"]
            for row in rows
            if row["importance"] > importance and row["performance"] < performance and row["importance_lower"] > 0
        ]
        names = say.listed([work.labels.get(name, name) for name in first])
        told = say("points.map", n=len(first), names=names) if first else say("points.map_none")
        lowest = min(rows, key=lambda row: row["performance"])
        level = say.numbers.plain(lowest["performance"], 0)
        roles[work.result.role] = {
            "method": method,
            "n": n,
            "rows": rows,
            "mean_importance": importance,
            "mean_performance": performance,
            "first": first,
            "sentence": f"{told} {say('points.lowest', name=lowest['label'], level=level)}",
        }
    if not roles:
        return {}
    return {"outcome": outcome, "roles": roles, "note": say("points.map_note")}


def role_effects(work: RoleWork, config: StudyConfig, outcome: str) -> tuple[str, int, tuple[PointEffect, ...]]:
    """How the effects were estimated ("sem", "regression", ""), from how many, and the effects."""
    if work.fits is not None:
        found = model_effects(work.fits.structural, outcome, config.confidence)
        return ("sem", work.fits.structural.record.n, found) if found else ("", 0, ())
    paths = [
        path
        for path in work.result.paths
        if path.analysis == PRIMARY and path.method == "regression" and path.outcome == outcome
    ]
    if not paths:
        return "", 0, ()
    return "regression", paths[0].n, tuple(PointEffect(path.predictor, path.estimate) for path in paths)


def model_effects(structural: Fitted, outcome: str, level: float) -> tuple[PointEffect, ...]:
    """The total effect on ``outcome`` of every latent variable with a path to it, in the metric of average
    items, with delta-method intervals; none of an improper fit.

    Total effects are those of (I - B)^(-1) - I over the paths B; the derivatives by paths and loadings are
    taken by complex steps.
    """
    if not structural.usable or structural.fit is None:
        return ()
    values = {
        (row["lhs"], op, row["rhs"]): float(row["est"])
        for op in ("~", "=~")
        for row in parameters(structural.record, op)
    }
    factors = list(dict.fromkeys(lhs for lhs, op, _ in values if op == "=~"))
    if outcome not in factors:
        return ()
    names, vcov = row_covariance(structural.fit)
    free = [i for i, name in enumerate(names) if name in values]
    base = _total_effects(values, factors, outcome)
    gradient = np.zeros((len(factors), len(free)))
    for column, i in enumerate(free):
        moved = {**values, names[i]: values[names[i]] + 1j * _STEP}
        gradient[:, column] = np.imag(_total_effects(moved, factors, outcome)) / _STEP
    variance = np.einsum("fi,ij,fj->f", gradient, vcov[np.ix_(free, free)], gradient)
    z = float(stats.norm.isf((1 - level) / 2))
    found = []
    for name, effect, spread in zip(factors, np.real(base), variance, strict=True):
        if name == outcome or effect == 0:
            continue
        half = z * math.sqrt(max(float(spread), 0.0))
        found.append(PointEffect(name, interval(effect, effect - half, effect + half, level, "delta method")))
    return tuple(found)


def _total_effects(values: Mapping[Key, complex], factors: Sequence[str], outcome: str) -> np.ndarray:
    """Total effects (factors,) on ``outcome``, each factor in the metric of its average item."""
    between = np.zeros((len(factors),) * 2, dtype=complex)
    loadings: dict[str, list[complex]] = {name: [] for name in factors}
    for (lhs, op, rhs), value in values.items():
        if op == "=~":
            loadings[lhs].append(value)
        elif lhs in factors and rhs in factors:
            between[factors.index(lhs), factors.index(rhs)] = value
    metric = np.array([sum(loadings[name]) / len(loadings[name]) for name in factors])
    total = np.linalg.inv(np.eye(len(factors)) - between) - np.eye(len(factors))
    target = factors.index(outcome)
    return total[target] * metric[target] / metric


def _points_row(effect: PointEffect, outcome: str, labels: Mapping[str, str], say: Sentences) -> dict[str, Any]:
    found = effect.points
    assert found.estimate is not None
    values = {
        "predictor": labels.get(effect.predictor, effect.predictor),
        "outcome": labels.get(outcome, outcome),
        "points": say.numbers.plain(found.estimate),
        "interval": say.numbers.range(found.lower, found.upper),
    }
    return {
        "predictor": effect.predictor,
        "points": found.estimate,
        "lower": found.lower,
        "upper": found.upper,
        "sentence": say("points.more" if found.estimate >= 0 else "points.less", **values),
    }


def _map_row(effect: PointEffect, work: RoleWork, outcome: str, mean: Interval) -> dict[str, Any]:
    """Importance on 0-100: points of the outcome's range per point of the predictor's."""
    own, target = work.scores[effect.predictor], work.scores[outcome]
    ratio = (own.maximum - own.minimum) / (target.maximum - target.minimum)
    points = effect.points
    return {
        "construct": effect.predictor,
        "label": work.labels.get(effect.predictor, effect.predictor),
        "importance": (points.estimate or 0.0) * ratio,
        "importance_lower": (points.lower or 0.0) * ratio,
        "importance_upper": (points.upper or 0.0) * ratio,
        "performance": mean.estimate,
        "performance_lower": mean.lower,
        "performance_upper": mean.upper,
    }
