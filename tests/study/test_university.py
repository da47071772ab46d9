"""A report for one university: its numbers beside the others, and never enough to work out anybody else's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any

import numpy as np
import pytest

from mce_utaut.errors import UsageError
from mce_utaut.instrument.model import Instrument
from mce_utaut.report import render_report
from mce_utaut.study.run import compute_study
from mce_utaut.study.university import _visible


@pytest.fixture
def asked(make_inputs: Callable[..., Any], make_responses: Callable[..., Any], make_instrument: Callable[..., Any]):
    def ask(sizes: dict[str | None, int], hei: str = "KTU", role: str = "student") -> Any:
        instrument = make_instrument(role)
        where = list(chain.from_iterable([name] * n for name, n in sizes.items()))
        responses = make_responses(instrument, len(where), meta={"hei": where})
        inputs = make_inputs({role: (instrument, responses)}, sensitivity=False)
        return compute_study(inputs, versions={}, hei=hei)

    return ask


def test_a_university_stands_beside_all_others(asked: Callable[..., Any]) -> None:
    result = asked({"ktu": 20, "uoc": 30})
    found = result.sections["university"]
    assert (found["hei"], found["label"]) == ("ktu", "Kaunas")
    role = found["roles"]["student"]
    assert (role["n"], role["n_others"], role["refusal"]) == (20, 30, "")
    row = next(each for each in role["rows"] if each["construct"] == "PE")
    assert row["mean"] == int(row["mean"]) and row["lower"] <= row["difference"] <= row["upper"]
    total = next(each for each in result.roles[0].scales if each.construct == "PE")
    assert abs((20 * row["mean"] + 30 * row["mean_others"]) / 50 - total.pomp.estimate) < 0.6
    for language in ("en", "it"):
        assert b'id="university"' in render_report(result, language)


def test_the_verdict_says_which_side_is_higher(
    make_inputs: Callable[..., Any], make_responses: Callable[..., Any], make_instrument: Callable[..., Any]
) -> None:
    instrument = make_instrument("student")
    responses = make_responses(instrument, 80, meta={"hei": ["ktu"] * 40 + ["uoc"] * 40})
    for construct, points in (("BI", 3), ("EE", -3)):
        for item in instrument.constructs[construct].items:
            responses.data[item] = np.clip(responses.data[item] + points * (np.arange(80) < 40), 1, 7)
    inputs = make_inputs({"student": (instrument, responses)}, sensitivity=False)
    rows = compute_study(inputs, versions={}, hei="ktu").sections["university"]["roles"]["student"]["rows"]
    found = {row["construct"]: row for row in rows}
    assert found["BI"]["verdict"] == "higher" and found["BI"]["lower"] > 0 and found["BI"]["p_holm"] < 0.05
    assert found["EE"]["verdict"] == "lower" and found["EE"]["upper"] < 0
    assert all((row["verdict"] == "open") == (row["p_holm"] >= 0.05) for row in rows)
    assert {row["verdict"] for row in rows} == {"higher", "lower", "open"}


@pytest.mark.parametrize(
    ("sizes", "reason"),
    [
        ({"ktu": 9, "uoc": 50}, "Too few answers"),  # too few here
        ({"ktu": 50, "uoc": 9}, "Too few answers"),  # the rest would be nine
        ({"ktu": 12, "uoc": 40, "Vilnius": 4}, "those of small universities"),  # reports of both would leave four
        ({"ktu": 12, "uoc": 40, None: 3}, "3 answers name no university"),
        ({"ktu": 12, "uoc": 40, None: 1}, "1 answer names no university"),
        ({"uoc": 40}, "Too few answers"),
    ],
)
def test_a_small_group_or_a_small_rest_gets_its_reason(asked: Callable[..., Any], sizes: dict, reason: str) -> None:
    role = asked(sizes).sections["university"]["roles"]["student"]
    assert reason in role["refusal"]
    assert (role["n"], role["n_others"], role["rows"]) == (None, None, [])


def test_managers_are_never_shown_by_university(asked: Callable[..., Any]) -> None:
    role = asked({"ktu": 60, "uoc": 60}, role="manager").sections["university"]["roles"]["manager"]
    assert "managers" in role["refusal"] and not role["rows"] and role["n"] is None


def test_the_study_itself_holds_no_university(
    make_inputs: Callable[..., Any], make_responses: Callable[..., Any], instrument: Instrument
) -> None:
    inputs = make_inputs({"student": (instrument, make_responses(instrument, 40))}, sensitivity=False)
    result = compute_study(inputs, versions={})
    assert "university" not in result.sections and b'id="university"' not in render_report(result)


def test_an_unknown_university_is_refused_with_those_known(asked: Callable[..., Any]) -> None:
    with pytest.raises(UsageError, match="ktu, uoc"):
        asked({"ktu": 20, "uoc": 20}, hei="Atlantis")


def groups(sizes: Sequence[int]) -> np.ndarray:
    return np.array(list(chain.from_iterable([f"u{i}"] * n for i, n in enumerate(sizes))), dtype=object)


def test_all_reports_together_leave_no_small_rest() -> None:
    rng = np.random.default_rng(5)
    shown = 0
    for _ in range(400):
        sizes = rng.integers(0, 30, rng.integers(1, 8))
        where = groups(sizes)
        everybody = np.ones(len(where), dtype=bool)
        visible = [i for i in range(len(sizes)) if _visible(where, everybody, f"u{i}", 10)]
        shown += len(visible)
        rest = int(sizes.sum() - sizes[visible].sum())
        assert all(sizes[i] >= 10 for i in visible)
        assert rest == 0 or rest >= 10 or not visible
    assert shown > 400
