from __future__ import annotations

import pandas as pd
import pytest

from mce_utaut.responses.model import Responses
from mce_utaut.responses.screening import (
    exclude_cannot_judge,
    exclude_failed_attention,
    exclude_not_submitted,
    exclude_other_waves,
    screen,
)


def responses(**meta: list) -> Responses:
    n = len(next(iter(meta.values())))
    index = [f"r{i + 1}" for i in range(n)]
    columns = {
        "submitted": [True] * n,
        "attention_failed": [0] * n,
        "attention_asked": [2] * n,
        "wave": ["pre"] * n,
        "source": [0] * n,
        "source_row": list(range(2, n + 2)),
    } | meta
    data = pd.DataFrame({"PE1": [4.0] * n, "PE2": [4.0] * n}, index=index)
    missing = pd.DataFrame({"PE1": [""] * n, "PE2": [""] * n}, index=index)
    frame = pd.DataFrame({key: pd.Series(value, index=index, dtype=object) for key, value in columns.items()})
    frame = frame.astype({"attention_failed": int, "attention_asked": int, "source": int, "source_row": int})
    return Responses("sample", "1", "0" * 64, "student", data, missing, frame)


def kept(found: Responses) -> list[str]:
    return list(found.data.index)


def test_only_those_known_not_to_have_submitted_leave() -> None:
    found = exclude_not_submitted(responses(submitted=[True, False, None]))
    assert kept(found) == ["r1", "r3"]
    assert [(e.source_row, e.reason) for e in found.exclusions] == [(3, "not_submitted")]
    assert [note.code for note in found.notes] == ["submission_unknown"]


def test_failed_attention_is_logged_with_its_count() -> None:
    found = exclude_failed_attention(responses(attention_failed=[0, 1, 2]))
    assert kept(found) == ["r1"]
    assert [e.detail for e in found.exclusions] == ["1 of 2 attention items", "2 of 2 attention items"]
    assert kept(exclude_failed_attention(responses(attention_failed=[0, 1, 2]), most=1)) == ["r1", "r2"]


def test_attention_that_nobody_was_asked_is_said() -> None:
    found = exclude_failed_attention(responses(attention_asked=[0, 0]))
    assert found.n == 2
    assert [note.code for note in found.notes] == ["attention_not_assessable"]


def test_the_first_rule_broken_is_the_reason() -> None:
    found = screen(responses(submitted=[False, True, True], attention_failed=[1, 1, 0]))
    assert kept(found) == ["r3"]
    assert [e.reason for e in found.exclusions] == ["not_submitted", "failed_attention"]
    assert found.missing.index.equals(found.meta.index)


def test_rules_can_be_left_out_but_not_invented() -> None:
    assert screen(responses(submitted=[False]), []).n == 1
    with pytest.raises(KeyError):
        screen(responses(submitted=[False]), ["speed"])


def test_waves_are_never_pooled() -> None:
    found = exclude_other_waves(responses(wave=["pre", "post", None]), "pre")
    assert kept(found) == ["r1", "r3"]
    assert [(e.reason, e.detail) for e in found.exclusions] == [("other_wave", "post")]


def test_respondents_without_opinions_leave_the_sensitivity_run() -> None:
    given = responses(wave=["pre", "pre"])
    given.missing.loc["r1", "PE1"] = "cannot_judge"
    found = exclude_cannot_judge(given, ["PE1", "PE2"])
    assert kept(found) == ["r2"]
    assert found.exclusions[0].detail == "50% of 2 items"
    assert exclude_cannot_judge(given, ["PE1", "PE2"], limit=0.5).n == 2
