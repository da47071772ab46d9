"""Verdicts on hypotheses about moderators, by a rule fixed beforehand.

With the difference turned so that positive means "stronger where claimed": *supported* where its interval lies above
zero and p, adjusted by Holm over the role's moderator tests, is below 1 - confidence; *not supported* where the
interval lies below zero, or the standardised difference is shown to be within ± sesoi (two one-sided tests); else
*undecided*.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from scipy import stats

from mce_utaut.study.config import StudyConfig
from mce_utaut.study.hypotheses import Hypothesis
from mce_utaut.study.sentences import Sentences

_ENDS = ("low", "high")


def moderator_verdicts(
    claims: Sequence[Hypothesis],
    found: Sequence[Mapping[str, Any]],
    config: StudyConfig,
    labels: Mapping[str, str],
    say: Sentences,
) -> list[dict[str, Any]]:
    """One row per claim: ``verdict`` and ``sentence``, with the standardised difference that it rests on. ``labels``
    names constructs and moderators inside a sentence."""
    return [_verdict(claim, found, config, labels, say) for claim in claims]


def _verdict(
    claim: Hypothesis,
    found: Sequence[Mapping[str, Any]],
    config: StudyConfig,
    labels: Mapping[str, str],
    say: Sentences,
) -> dict[str, Any]:
    sign = -1.0 if claim.expected == "negative" else 1.0
    moderator = next((each for each in found if each["moderator"] == claim.moderator), None)
    tests, obstacle = _tests(claim, moderator, sign, labels, say)
    row: dict[str, Any] = {
        "id": claim.id,
        "claim": claim.claimed(say.language),
        "moderator": claim.moderator,
        "outcome": claim.outcome,
        "predictor": claim.predictor,
        "stronger": claim.stronger,
        "source": claim.source,
        "estimate": None,
        "lower": None,
        "upper": None,
        "p_holm": None,
    }
    if obstacle or not tests:
        sentence = say("moderation.verdict.not_testable", reason=obstacle or say("moderation.not_estimated"))
        return {**row, "verdict": "not_testable", "sentence": sentence}
    judged = [judge(*test, config.sesoi, config.confidence) for test in tests]
    verdict = _together([each for each, _ in judged])
    weakest = min(tests, key=lambda test: test[0])
    _, key = judged[tests.index(weakest)]
    if verdict != judged[tests.index(weakest)][0]:
        key = "undecided"
    estimate, lower, upper, p = weakest
    show = say.numbers
    sentence = say(
        f"moderation.verdict.{key}",
        predictor=labels.get(claim.predictor, claim.predictor),
        interval=show.range(lower, upper, bounded=True),
        estimate=show.bounded(estimate),
        sesoi=show.bounded(config.sesoi),
    )
    row |= {"estimate": estimate, "lower": lower, "upper": upper, "p_holm": p}
    return {**row, "verdict": verdict, "sentence": sentence}


def judge(
    estimate: float, lower: float, upper: float, p: float | None, sesoi: float, level: float
) -> tuple[str, str]:
    """The verdict on one turned difference, and the key of its sentence."""
    ratio = float(stats.norm.isf(1 - level) / stats.norm.isf((1 - level) / 2))
    narrow = estimate - ratio * (estimate - lower), estimate + ratio * (upper - estimate)
    small = -sesoi < narrow[0] and narrow[1] < sesoi
    if lower > 0 and p is not None and p < 1 - level:
        return "supported", "supported_small" if small else "supported"
    if upper < 0:
        return "not_supported", "opposite"
    if small:
        return "not_supported", "too_small"
    return "undecided", "undecided" if lower <= 0 else "not_after_holm"


def _together(verdicts: Sequence[str]) -> str:
    """Several groups to be stronger than: supported against all, not supported where one says so."""
    if "not_supported" in verdicts:
        return "not_supported"
    return "supported" if set(verdicts) == {"supported"} else "undecided"


def _tests(
    claim: Hypothesis, moderator: Mapping[str, Any] | None, sign: float, labels: Mapping[str, str], say: Sentences
) -> tuple[list[tuple[float, float, float, float | None]], str]:
    """(estimate, lower, upper, adjusted p) of every test of the claim, turned to its direction; or why there is
    none."""
    named = labels.get(claim.moderator, claim.moderator)
    if moderator is None:
        return [], say("moderation.not_named", moderator=named)
    if moderator["refusal"]:
        return [], moderator["refusal"]
    if moderator["kind"] == "groups":
        return _between_groups(claim, moderator, sign, say)
    if claim.stronger not in _ENDS:
        return [], say("moderation.low_or_high", moderator=named)
    turn = sign if claim.stronger == "high" else -sign
    rows = [row for row in moderator["interactions"] if _same(row, claim)]
    refused = next((row["refusal"] for row in rows if row["refusal"]), "")
    return [_turned(row, turn) for row in rows if not row["refusal"]], refused


def _between_groups(
    claim: Hypothesis, moderator: Mapping[str, Any], sign: float, say: Sentences
) -> tuple[list[tuple[float, float, float, float | None]], str]:
    used = [each["group"] for each in moderator["groups"] if each["used"]]
    if claim.stronger not in used:
        return [], say("moderation.group_absent", group=claim.stronger)
    rows = [row for row in moderator["differences"] if _same(row, claim)]
    found = [_turned(row, sign) for row in rows if row["group"] == claim.stronger]
    found += [_turned(row, -sign) for row in rows if row["reference"] == claim.stronger]
    return found, ""


def _same(row: Mapping[str, Any], claim: Hypothesis) -> bool:
    return (row["outcome"], row["predictor"]) == (claim.outcome, claim.predictor)


def _turned(row: Mapping[str, Any], turn: float) -> tuple[float, float, float, float | None]:
    ends = sorted((turn * row["standardised_lower"], turn * row["standardised_upper"]))
    return turn * row["standardised"], ends[0], ends[1], row["p_holm"]
