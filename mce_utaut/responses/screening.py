"""Who stays out of the analysis, rule by rule: ``Responses`` in, ``Responses`` with a longer log out.

No rule looks at what an answer says about a construct, and none is applied unless a study asks for it;
refused consent never gets this far. A rule that the data cannot answer leaves everybody in and says so
in a note.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import pandas as pd

from mce_utaut.notes import Note
from mce_utaut.responses.model import Exclusion, Responses


def exclude_not_submitted(responses: Responses) -> Responses:
    """The responses without those that were begun and not submitted (reason ``not_submitted``).

    Where the tool does not say whether a respondent submitted, that respondent stays.
    """
    submitted = responses.meta["submitted"]
    out = responses.meta.index[[_is_false(value) for value in submitted]]
    kept = leave_out(responses, out, "not_submitted", lambda key: "")
    unknown = int(submitted.isna().sum())
    if not unknown:
        return kept
    text = (
        "The survey tool does not say which answers were submitted; all were kept."
        if unknown == responses.n
        else f"For {unknown} respondents the survey tool does not say whether they submitted; they were kept."
    )
    values = (("rule", "all" if unknown == responses.n else "some"), ("n", unknown))
    return _with_note(kept, Note("submission_unknown", text, "info", responses.role, values=values))


def exclude_failed_attention(responses: Responses, most: int = 0) -> Responses:
    """The responses without those that failed more than ``most`` attention items (reason
    ``failed_attention``); an attention item left blank is not failed."""
    failed, asked = responses.meta["attention_failed"], responses.meta["attention_asked"]
    out = responses.meta.index[(failed > most).to_numpy(dtype=bool)]
    kept = leave_out(
        responses,
        out,
        "failed_attention",
        lambda key: f"{int(failed[key])} of {int(asked[key])} attention items",
    )
    if responses.n and not (asked > 0).any():
        text = "No attention item was answered, so attention could not be checked; all respondents were kept."
        return _with_note(kept, Note("attention_not_assessable", text, "caution", responses.role))
    return kept


def exclude_other_waves(responses: Responses, wave: str) -> Responses:
    """The responses of ``wave`` alone (reason ``other_wave``); one without a wave stays."""
    waves = responses.meta["wave"]
    out = responses.meta.index[(waves.notna() & (waves != wave)).to_numpy(dtype=bool)]
    return leave_out(responses, out, "other_wave", lambda key: str(waves[key]))


def exclude_cannot_judge(responses: Responses, items: Sequence[str], limit: float = 0.10) -> Responses:
    """The responses without those that said "cannot judge" to more than the share ``limit`` of ``items``
    (reason ``cannot_judge``): the sensitivity run for respondents who lack an opinion."""
    share = (responses.missing[list(items)] == "cannot_judge").mean(axis=1)
    out = responses.meta.index[(share > limit).to_numpy(dtype=bool)]
    return leave_out(responses, out, "cannot_judge", lambda key: f"{share[key]:.0%} of {len(items)} items")


RULES: Mapping[str, Callable[[Responses], Responses]] = MappingProxyType(
    {"not_submitted": exclude_not_submitted, "failed_attention": exclude_failed_attention}
)


def screen(responses: Responses, rules: Sequence[str] = tuple(RULES)) -> Responses:
    """The responses after ``rules`` (codes of ``RULES``) in the order given: a respondent who breaks
    two is logged under the first. Raises ``KeyError`` for an unknown rule."""
    for rule in rules:
        responses = RULES[rule](responses)
    return responses


def _is_false(value: object) -> bool:
    return not pd.isna(value) and not bool(value)


def leave_out(responses: Responses, out: pd.Index, reason: str, detail: Callable[[str], str]) -> Responses:
    """The responses without ``out``, each logged under ``reason`` with the ``detail`` of its key."""
    log = tuple(
        Exclusion(
            source=int(responses.meta.at[key, "source"]),
            source_row=int(responses.meta.at[key, "source_row"]),
            reason=reason,
            detail=detail(key),
        )
        for key in out
    )
    return responses.without(out, log)


def _with_note(responses: Responses, note: Note) -> Responses:
    return responses if note in responses.notes else replace(responses, notes=(*responses.notes, note))
