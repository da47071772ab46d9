"""Verdicts on hypotheses: what the interval of the path allows to say, by a rule fixed beforehand.

A path expected to be positive (negative) is

- *supported* where its standardised interval lies wholly on that side of zero;
- *not supported* where the interval lies wholly on the other side, or where the equivalence test shows
  it to be too small to matter: the interval of level 2 x confidence - 1 (90 %) inside (-sesoi, sesoi)
  (two one-sided tests: Schuirmann 1987, doi:10.1007/BF01068419; Lakens 2017, doi:10.1177/1948550617697177);
- *undecided* else: the data allow both nothing and something that matters.

A path expected to be zero is *supported* by that equivalence test alone, *not supported* where the interval
lies wholly outside (-sesoi, sesoi), *undecided* else (decision 20). Without a converged, proper fit of
enough respondents, or without the waves that a claim needs, it is *not testable*, and the sentence says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scipy import stats

from mce_utaut.study.hypotheses import Hypothesis
from mce_utaut.study.result import HypothesisResult, MethodChoice, PathEstimate, Verdict
from mce_utaut.study.sentences import Sentences


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a verdict rests on: the path (None where it could not be estimated), why it could not (a key
    of the sentences ``verdict.not_testable``, "" where it could) with a detail, and the waves there are."""

    path: PathEstimate | None
    obstacle: str
    detail: str
    waves: frozenset[str]


def judge(
    hypothesis: Hypothesis,
    role: str,
    evidence: Evidence,
    method: MethodChoice,
    sesoi: float,
    labels: Mapping[str, str],
    say: Sentences,
) -> HypothesisResult:
    """The verdict on ``hypothesis`` for ``role``; ``labels`` names constructs for people."""
    obstacle, detail = evidence.obstacle, evidence.detail
    path = evidence.path
    if not set(hypothesis.requires.waves) <= evidence.waves:
        needed = say.listed([say(f"wave.{wave}") for wave in hypothesis.requires.waves])
        obstacle, detail = "waves", needed
    elif path is None and not obstacle:
        obstacle = "not_estimated"
    elif path is not None and path.method == "correlation":
        obstacle = "correlation_only"
    if obstacle:
        verdict: Verdict = "not_testable"
        key = f"not_testable.{obstacle}"
    else:
        verdict, key = decide(path, hypothesis.expected, sesoi)
    values = {
        "predictor": labels.get(hypothesis.predictor, hypothesis.predictor),
        "outcome": labels.get(hypothesis.outcome, hypothesis.outcome),
        "sesoi": say.numbers.bounded(sesoi),
        "cases": method.cases,
        "detail": detail,
        **_numbers(path, say),
    }
    sentence = say(f"verdict.{key}", **values)
    if path is not None and path.method == "regression" and verdict != "not_testable":
        sentence += " " + say("verdict.by_regression")
    return HypothesisResult(
        id=hypothesis.id,
        role=role,
        claim=hypothesis.claimed(say.language),
        expected=hypothesis.expected,
        source=hypothesis.source,
        verdict=verdict,
        path=path,
        sentence=sentence,
    )


def decide(path: PathEstimate | None, expected: str, sesoi: float) -> tuple[Verdict, str]:
    """The verdict on a path and the key of its sentence."""
    if path is None or path.standardised.lower is None or path.standardised.upper is None:
        return "not_testable", "not_testable.no_interval"
    lower, upper = path.standardised.lower, path.standardised.upper
    narrow = equivalence_interval(path)
    negligible = narrow is not None and -sesoi < narrow[0] and narrow[1] < sesoi
    if expected == "zero":
        if negligible:
            return "supported", "zero_supported"
        if lower > sesoi or upper < -sesoi:
            return "not_supported", "zero_not_supported"
        return "undecided", "zero_undecided"
    sign = 1 if expected == "positive" else -1
    toward, away = (lower, upper) if sign > 0 else (-upper, -lower)
    if toward > 0:
        return "supported", "supported" if not negligible else "supported_small"
    if away < 0:
        return "not_supported", "opposite"
    if negligible:
        return "not_supported", "too_small"
    return "undecided", "undecided"


def equivalence_interval(path: PathEstimate) -> tuple[float, float] | None:
    """The interval of level 2c - 1 of the standardised path, where c is that of the path's own interval
    (95 % gives 90 %): inside the smallest effect of interest, both one-sided tests reject at 1 - c."""
    found = path.standardised
    if found.estimate is None or found.lower is None or found.upper is None:
        return None
    tail = (1 - found.level) / 2
    if path.method == "regression":
        df = max(path.n - 3, 1)
        ratio = stats.t.isf(2 * tail, df) / stats.t.isf(tail, df)
    else:
        ratio = stats.norm.isf(2 * tail) / stats.norm.isf(tail)
    return (
        float(found.estimate - ratio * (found.estimate - found.lower)),
        float(found.estimate + ratio * (found.upper - found.estimate)),
    )


def _numbers(path: PathEstimate | None, say: Sentences) -> dict[str, str]:
    found = path.standardised if path is not None else None
    if found is None or found.estimate is None:
        return {"estimate": "", "interval": "", "narrow": ""}
    narrow = equivalence_interval(path) if path is not None else None
    numbers = say.numbers
    return {
        "estimate": numbers.bounded(found.estimate),
        "interval": numbers.range(found.lower, found.upper, bounded=True),
        "narrow": numbers.range(*narrow, bounded=True) if narrow else "",
    }
