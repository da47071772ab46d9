"""What a run of a study says at its end on the console, in the study's language."""

from __future__ import annotations

from collections.abc import Iterator

from mce_utaut.study.result import StudyResult
from mce_utaut.study.sentences import Sentences


def troubles(result: StudyResult) -> list[str]:
    """Main models that were refused, did not converge or are improper, a sentence each."""
    say = Sentences(result.language)
    return list(_troubles(result, say))


def _troubles(result: StudyResult, say: Sentences) -> Iterator[str]:
    for role in result.roles:
        for fitted in role.models:
            if fitted.analysis != "primary" or role.method.kind != "sem":
                continue
            name = f"{role.title}, {fitted.name} ({fitted.variant})"
            if fitted.fit is None:
                yield f"{name}: {fitted.refusal}"
            elif not (fitted.fit["converged"] and fitted.fit["proper"]):
                yield say("closing.improper", model=name)


def closing_lines(result: StudyResult, released: bool, report: str) -> list[str]:
    """A line per role with its headline, then what to know of the files that were written (``released``: the answers
    among them), then where the report (a path) is."""
    say = Sentences(result.language)
    lines = [f"{role.title}: n = {role.n}. " + " ".join(role.headline) for role in result.roles]
    notes = list(_troubles(result, say))
    notes += [say("closing.released")] if released else [
        say("closing.not_repeatable", role=title) for title in _not_repeatable(result)
    ]  # fmt: skip
    lines += [say("closing.note", text=text) for text in notes]
    return [*lines, say("closing.report", path=report)]


def _not_repeatable(result: StudyResult) -> list[str]:
    """Roles with a main model, none of whose fits model.R can repeat without the answers."""
    own = {
        role.title: [m for m in role.models if m.name == result.primary_model and m.variant == "structural" and m.fit]
        for role in result.roles
    }
    return [title for title, models in own.items() if models and all(m.moments is None for m in models)]
