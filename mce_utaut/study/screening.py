"""Who is analysed: the study's rules applied, and every step from received to included told."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from mce_utaut.errors import Problem, StudyError
from mce_utaut.instrument.model import Instrument
from mce_utaut.responses.careless import EXCLUDING, exclude_careless
from mce_utaut.responses.model import Responses
from mce_utaut.responses.screening import exclude_other_waves, screen
from mce_utaut.study.config import ExclusionRules
from mce_utaut.study.result import FlowStep
from mce_utaut.study.sentences import Sentences

# What the import left out, in the order in which it is told; any other reason counts as unusable.
_IMPORT_STEPS = ("unusable", "duplicate", "no_consent", "dropped")
_ALWAYS_TOLD = ("no_consent",)
_CANNOT_TELL = {"not_submitted": "submission_unknown", "failed_attention": "attention_not_assessable"}


@dataclass(frozen=True, slots=True)
class Screened:
    """The respondents of one role before (``everyone``) and after (``included``) the study's own exclusion
    rules, and every step from received to included."""

    everyone: Responses
    included: Responses
    steps: tuple[FlowStep, ...]


def apply_rules(
    responses: Responses, rules: ExclusionRules, wave: str | None, say: Sentences, instrument: Instrument
) -> Screened:
    """The respondents left by ``rules`` in ``wave`` (None: there is only one), with the steps that led there.

    Raises ``StudyError`` where the responses hold several waves and the study names none: waves are never
    pooled (decision 3).
    """
    steps = _import_steps(responses, say)
    everyone = responses
    if wave is None:
        _refuse_several_waves(responses)
    else:
        everyone = exclude_other_waves(responses, wave)
        if everyone.n < responses.n:
            steps.append(_step("other_wave", everyone.n, responses.n - everyone.n, say, wave=wave))
    included = everyone
    for rule in ("not_submitted", "failed_attention"):
        if not getattr(rules, rule):
            continue
        before, included = included, screen(included, (rule,))
        steps.append(_rule_step(rule, before, included, say))
    for rule in EXCLUDING:
        if getattr(rules, rule):
            before, included = included, exclude_careless(included, instrument, rule)
            steps.append(_step(rule, included.n, before.n - included.n, say))
    return Screened(everyone, included, tuple(steps))


def complete_step(n: int, before: int, say: Sentences) -> FlowStep:
    """The last step of the flow: who has complete answers to the items of the model."""
    return _step("complete", n, before - n, say)


def _rule_step(rule: str, before: Responses, after: Responses, say: Sentences) -> FlowStep:
    """A rule that the data cannot answer for anybody says that instead of "0 left"."""
    silent = _CANNOT_TELL[rule]
    unknown = (
        before.meta["submitted"].isna().all()
        if rule == "not_submitted"
        else not (before.meta["attention_asked"] > 0).any()
    )
    removed = before.n - after.n
    code = silent if unknown and before.n else rule
    return FlowStep(rule, after.n, removed, say(f"flow.{code}", n=removed))


def _import_steps(responses: Responses, say: Sentences) -> list[FlowStep]:
    left = Counter(each.reason if each.reason in _IMPORT_STEPS else "unusable" for each in responses.exclusions)
    n = responses.n + sum(left.values())
    reasons = "; ".join(sorted({each.detail for each in responses.exclusions if each.reason == "dropped"}))
    steps = [FlowStep("received", n, 0, say("flow.received", n=n))]
    for code in _IMPORT_STEPS:
        if left[code] or code in _ALWAYS_TOLD:
            n -= left[code]
            steps.append(_step(code, n, left[code], say, reasons=reasons))
    return steps


def _step(code: str, remaining: int, removed: int, say: Sentences, **values: object) -> FlowStep:
    return FlowStep(code, remaining, removed, say(f"flow.{code}", n=removed, **values))


def _refuse_several_waves(responses: Responses) -> None:
    waves = sorted(str(wave) for wave in responses.meta["wave"].dropna().unique())
    if len(waves) > 1:
        raise StudyError(
            Problem(
                f"the responses hold several waves ({', '.join(waves)}), and waves are never pooled.",
                "Add `wave: pre` or `wave: post` to the study file.",
                where=f"role {responses.role}",
            )
        )
