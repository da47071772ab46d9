"""What `fit` says at its end, in the study's language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from mce_utaut.study.closing_lines import closing_lines, troubles
from mce_utaut.study.result import StudyResult
from mce_utaut.study.sentences import Sentences


def without_moments(result: StudyResult) -> StudyResult:
    roles = (replace(role, models=tuple(replace(m, moments=None) for m in role.models)) for role in result.roles)
    return replace(result, roles=tuple(roles))


@pytest.mark.parametrize(("language", "note"), [("en", "note: "), ("it", "nota: ")])
def test_every_line_is_in_the_studys_language(make_study: Callable, language: str, note: str) -> None:
    result = replace(without_moments(make_study()), language=language)
    say = Sentences(language)
    lines = closing_lines(result, False, "r.html")
    told = [line for line in lines if line.startswith(note)]
    titles = [role.title for role in result.roles]
    unchecked = [note + say("closing.not_repeatable", role=title) for title in titles]
    assert set(unchecked) & set(told) and all("--release-data" in line for line in told if line in unchecked)
    assert lines[-1] == say("closing.report", path="r.html") and lines[0].startswith(f"{titles[0]}: n = ")
    released = closing_lines(result, True, "r.html")
    assert not set(unchecked) & set(released) and note + say("closing.released") in released


def test_what_did_not_converge_is_a_trouble(make_study: Callable) -> None:
    result = make_study()
    failed = [
        replace(m, fit={**m.fit, "converged": False}) if m.fit and m.analysis == "primary" else m
        for m in result.roles[0].models
    ]
    worse = replace(result, roles=(replace(result.roles[0], models=tuple(failed)), *result.roles[1:]))
    assert set(troubles(result)) < set(troubles(worse))
