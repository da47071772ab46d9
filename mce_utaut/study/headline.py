"""The handful of plain sentences about a role with which a report opens."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from mce_utaut.study.fitting import Fitted, row_covariance
from mce_utaut.study.model_text import INTENTION
from mce_utaut.study.result import Interval, MethodChoice, PathEstimate
from mce_utaut.study.sentences import Sentences


@dataclass(frozen=True, slots=True)
class Role:
    """Who is spoken of: id, title, respondents after exclusions, universities (None: not known), and how many
    respondents name none."""

    id: str
    title: str
    n: int
    n_universities: int | None
    n_unnamed: int = 0


class _About:
    """The sentences that name what a study is about: the intention, or another outcome by its label."""

    def __init__(self, outcome: str, labels: Mapping[str, str], say: Sentences) -> None:
        self._group = "headline" if outcome == INTENTION else "headline.other_outcome"
        self._label, self._say = labels.get(outcome, outcome), say

    def __call__(self, key: str, **values: object) -> str:
        return self._say(f"{self._group}.{key}", outcome=self._label, **values)


def role_title(role: str, say: Sentences) -> str:
    """The title of a role: "Students"; the id itself where the package has no word for it."""
    return say(f"role.{role}.title") if say.has(f"role.{role}.title") else role.replace("_", " ").capitalize()


def headline(
    role: Role,
    outcome: str,
    intention: Interval,
    method: MethodChoice,
    paths: Sequence[PathEstimate],
    structural: Fitted | None,
    labels: Mapping[str, str],
    say: Sentences,
) -> tuple[str, ...]:
    """Who answered, how favourable they are (where that is known), what their intention goes with, what cannot be said;
    another ``outcome`` than the intention is named. ``intention`` is the level of the outcome, ``paths`` are those to
    it, of the primary analysis."""
    if not role.n:
        return (say("headline.nobody"),)
    about = _About(outcome, labels, say)
    key = role.id if say.has(f"role.{role.id}.people") else "any"
    people = say(f"role.{key}.people", n=role.n)
    if role.n_universities:
        first = say("headline.answered_at", n=role.n_universities, people=people)
        if role.n_unnamed:
            first += " " + say("headline.unnamed", n=role.n_unnamed)
    else:
        first = say("headline.answered", people=people)
    sentences = [first]
    if intention.estimate is not None:
        sentences.append(
            about(
                "intention" if intention.lower is not None else "intention_point",
                value=say.numbers.plain(intention.estimate, 0),
                interval=say.numbers.range(intention.lower, intention.upper, 0),
            )
        )
    sentences += _drivers(method, paths, structural, labels, say, about)
    if paths and method.kind in ("sem", "regression", "correlation"):
        sentences.append(say("headline.not_causal"))
    return tuple(sentences)


def strongest(paths: Sequence[PathEstimate], structural: Fitted) -> tuple[PathEstimate, float | None]:
    """The path with the largest standardised estimate, and the z of its difference from the next one
    (None with one path, or where a predictor is itself predicted).

    With exogenous predictors both standardised paths share the outcome's standard deviation, so their
    difference is zero where b1 sd(x1) - b2 sd(x2) is (signs turned to positive); its standard error is by
    the delta method from the covariance of b1, b2 and the two variances.
    """
    ranked = sorted(paths, key=lambda path: -abs(path.standardised.estimate or 0.0))
    if len(ranked) < 2 or structural.fit is None:
        return ranked[0], None
    first, second = ranked[:2]
    names, vcov = row_covariance(structural.fit)
    rows = {(row.lhs, row.op, row.rhs): i for i, row in enumerate(structural.fit.table.rows)}
    values = structural.fit.estimates
    predicted = {row.lhs for row in structural.fit.table.rows if row.op == "~"}
    if {first.predictor, second.predictor} & predicted:
        return first, None
    gradient = np.zeros(len(names))
    difference = 0.0
    for path, side in ((first, 1.0), (second, -1.0)):
        b_key, v_key = (path.outcome, "~", path.predictor), (path.predictor, "~~", path.predictor)
        b, variance = float(values[rows[b_key]]), float(values[rows[v_key]])
        sign = side * math.copysign(1.0, b)
        difference += sign * b * math.sqrt(variance)
        for name, slope in ((b_key, math.sqrt(variance)), (v_key, b / (2 * math.sqrt(variance)))):
            if name in names:
                gradient[names.index(name)] += sign * slope
    se = math.sqrt(max(float(gradient @ vcov @ gradient), 0.0))
    return first, (difference / se if se > 0 else None)


def _drivers(
    method: MethodChoice,
    paths: Sequence[PathEstimate],
    structural: Fitted | None,
    labels: Mapping[str, str],
    say: Sentences,
    about: _About,
) -> list[str]:
    if method.kind == "sem":
        if not paths or structural is None:
            return [about("no_solution")]
        return _model_drivers(paths, structural, labels, say, about)
    if method.kind == "regression" and paths:
        clear = [path for path in paths if _clear(path)]
        parts = say.listed([_path(path, labels, say) for path in (clear or paths)])
        first = about("regression", parts=parts) if clear else say("headline.regression_unclear", parts=parts)
        return [first, say("headline.two_predictors", cases=method.cases)]
    if method.kind == "correlation":
        clear = [path for path in paths if _clear(path)]
        if clear:
            parts = say.listed([_path(path, labels, say) for path in clear])
            return [about("correlation", parts=parts), say("headline.cannot_say", cases=method.cases)]
        return [say("headline.cannot_say", cases=method.cases)]
    return [about("only_frequencies", cases=method.cases) if method.n else method.reason]


def _model_drivers(
    paths: Sequence[PathEstimate], structural: Fitted, labels: Mapping[str, str], say: Sentences, about: _About
) -> list[str]:
    level = paths[0].standardised.level
    clear = [path for path in paths if _clear(path)]
    unclear = [path for path in paths if not _clear(path)]
    sentences = []
    if clear:
        top, z = strongest(paths, structural)
        named = z is not None and z > stats.norm.isf((1 - level) / 2) and _clear(top)
        for key, sign in (("goes_with", 1), ("goes_with_less", -1)):
            parts = [_path(path, labels, say) for path in clear if sign * (path.standardised.estimate or 0) > 0]
            if parts:
                sentences.append(about(key, parts=say.listed(parts)))
        if named:
            sentences.append(say("headline.strongest", driver=_name(top, labels)))
        elif len(clear) > 1:
            sentences.append(say("headline.no_strongest"))
    if unclear:
        names = say.listed([_name(path, labels) for path in unclear])
        sentences.append(say("headline.unclear" if clear else "headline.all_unclear", n=len(unclear), names=names))
    return sentences


def _clear(path: PathEstimate) -> bool:
    lower, upper = path.standardised.lower, path.standardised.upper
    return lower is not None and upper is not None and (lower > 0 or upper < 0)


def _name(path: PathEstimate, labels: Mapping[str, str]) -> str:
    return labels.get(path.predictor, path.predictor)


def _path(path: PathEstimate, labels: Mapping[str, str], say: Sentences) -> str:
    found = path.standardised
    estimate = "" if found.estimate is None else say.numbers.bounded(found.estimate)
    return f"{_name(path, labels)} ({estimate} {say.numbers.range(found.lower, found.upper, bounded=True)})"
