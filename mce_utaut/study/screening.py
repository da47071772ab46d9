"""Who is analysed: from what was received to the respondents that the study's rules leave in."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pandas as pd

from mce_utaut.errors import Problem, StudyError
from mce_utaut.responses.model import Exclusion, Responses
from mce_utaut.study.config import ExclusionRules
from mce_utaut.study.result import FlowStep
from mce_utaut.study.sentences import Sentences

# Steps that the import took, in the order in which they are told; any other reason counts as unusable.
_IMPORT_STEPS = ("unusable", "duplicate", "no_consent")
_ALWAYS_TOLD = ("no_consent",)


@dataclass(frozen=True, slots=True)
class Screened:
    """The respondents of one role before (``everyone``) and after (``included``) the study's own exclusion
    rules, and every step from received to included."""

    everyone: Responses
    included: Responses
    steps: tuple[FlowStep, ...]


def screen(responses: Responses, rules: ExclusionRules, wave: str | None, say: Sentences) -> Screened:
    """The respondents left by ``rules`` in ``wave`` (None: there is only one).

    Raises ``StudyError`` where the responses hold several waves and the study names none: waves are never
    pooled (decision 3).
    """
    steps = _import_steps(responses, say)
    if wave is None:
        _refuse_several_waves(responses)
        everyone = responses
    else:
        other = responses.meta["wave"].to_numpy() != wave
        everyone = _leave_out(responses, other, "other_wave", "other_wave", steps, say, wave=wave)
    included = everyone
    if rules.not_submitted:
        known = included.meta["submitted"].notna()
        gone = included.meta["submitted"].map(lambda value: value is False or value == 0) & known
        code = "not_submitted" if known.any() or not included.n else "submission_unknown"
        included = _leave_out(included, gone.to_numpy(bool), "not_submitted", code, steps, say)
    if rules.failed_attention:
        asked = pd.to_numeric(included.meta["attention_asked"]).fillna(0).sum() > 0
        gone = pd.to_numeric(included.meta["attention_failed"]).fillna(0) > 0
        code = "failed_attention" if asked or not included.n else "attention_not_asked"
        included = _leave_out(included, gone.to_numpy(bool), "failed_attention", code, steps, say)
    return Screened(everyone, included, tuple(steps))


def step(code: str, n: int, removed: int, say: Sentences, **values: object) -> FlowStep:
    """A step of the flow with its sentence ``flow.<code>``."""
    return FlowStep(code, n, removed, say(f"flow.{code}", n=removed, remaining=n, **values))


def _import_steps(responses: Responses, say: Sentences) -> list[FlowStep]:
    left = Counter(
        each.reason if each.reason in _IMPORT_STEPS else "unusable" for each in responses.exclusions
    )
    n = responses.n + sum(left.values())
    steps = [FlowStep("received", n, 0, say("flow.received", n=n))]
    for code in _IMPORT_STEPS:
        if left[code] or code in _ALWAYS_TOLD:
            n -= left[code]
            steps.append(step(code, n, left[code], say))
    return steps


def _leave_out(
    responses: Responses,
    gone: object,
    reason: str,
    code: str,
    steps: list[FlowStep],
    say: Sentences,
    **values: object,
) -> Responses:
    rows = responses.meta.loc[gone]
    log = tuple(
        Exclusion(int(source), int(row), reason)
        for source, row in zip(rows["source"], rows["source_row"], strict=True)
    )
    kept = responses.without(rows.index, log)
    steps.append(step(code, kept.n, len(rows), say, **values))
    return kept


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
