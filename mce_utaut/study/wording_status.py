"""Section ``wording_status``: how far the texts that respondents read were reviewed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from mce_utaut.study.role import RoleWork
from mce_utaut.study.sentences import Sentences


def wording_status(works: Sequence[RoleWork], limit: int, say: Sentences) -> dict[str, Any]:
    """The section (keys in docs/study-result.md): for every role, each language in which analysed answers were given
    (all languages of the questionnaire where that is not known), with how many of its texts are approved. The files
    that the study reads say so; they may have changed since the questionnaire went out. Roles of fewer than
    ``limit`` respondents, whose answers are not shown, are left out."""
    shown = [work for work in works if work.result.n >= limit]
    roles = {work.result.role: {"languages": _languages(work, say)} for work in shown}
    return {"note": say("wording_status.note"), "roles": roles} if roles else {}


def _languages(work: RoleWork, say: Sentences) -> list[dict[str, Any]]:
    wordings = work.instrument.wordings
    answered = {str(each) for each in work.screened.included.meta["language"].dropna()}
    return [_row(work, code, say) for code in sorted(answered or wordings)]


def _row(work: RoleWork, code: str, say: Sentences) -> dict[str, Any]:
    title = say(f"language.{code}") if say.has(f"language.{code}") else code
    wording = work.instrument.wordings.get(code)
    if wording is None:
        nothing = {"texts": 0, "approved": 0, "stale": 0, "statuses": {}}
        told = say("wording_status.absent", language=title)
        return {"language": code, "title": title, **nothing, "status": "absent", "sentence": told}
    texts, open_ones = len(wording.strings), len(wording.unapproved())
    approved = sum(text.status == "approved" and not text.stale for text in wording.strings.values())
    status = "draft" if open_ones else "approved" if approved == texts else "source"
    return {
        "language": code,
        "title": title,
        "texts": texts,
        "approved": approved,
        "stale": sum(text.stale for text in wording.strings.values()),
        "statuses": dict(sorted(Counter(text.status for text in wording.strings.values()).items())),
        "status": status,
        "sentence": say(f"wording_status.{status}", language=title, approved=approved, texts=texts, open=open_ones),
    }
