"""From invited to analysed, and early against late respondents."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from mce_utaut.errors import StudyError
from mce_utaut.study.response_rates import _both
from mce_utaut.study.result import StudyResult
from mce_utaut.study.run import compute_study
from mce_utaut.study.study_file import parse_study


def later_agree(responses: Any) -> Any:
    """The later a respondent, the more they agree with BI."""
    lift = np.linspace(-1.5, 1.5, responses.n)
    for item in ("BI1", "BI2", "BI3"):
        responses.data[item] = np.clip(np.round(responses.data[item] + lift), 1, 7)
    responses.meta.iloc[:20, responses.meta.columns.get_loc("submitted")] = False
    return responses


@pytest.fixture(scope="module")
def study(make_instrument: Callable, make_responses: Callable, make_inputs: Callable) -> StudyResult:
    parts = {}
    for seed, (role, n) in enumerate({"student": 180, "dean": 40, "visitor": 4}.items(), start=21):
        instrument = make_instrument(role)
        hei = ["ktu"] * 3 + ["uoc"] * (n - 3)
        parts[role] = (instrument, make_responses(instrument, n, seed, meta={"hei": hei}))
    later_agree(parts["student"][1])
    invited = {"student": 1000, "dean": {"ktu": 30, "uoc": 70}}
    return compute_study(make_inputs(parts, sensitivity=False, invited=invited, arrival_order=True), versions={})


def test_rates_are_of_those_invited(study: StudyResult) -> None:
    student = study.sections["response"]["roles"]["student"]
    assert [(step["step"], step["n"]) for step in student["steps"]] == [
        ("invited", 1000), ("started", 180), ("consented", 180), ("submitted", 160), ("analysed", 160),
    ]  # fmt: skip
    assert (student["rr1"], student["rr2"]) == (0.16, 0.18)


def test_small_cells_of_universities_are_hidden_with_another(study: StudyResult) -> None:
    dean = study.sections["response"]["roles"]["dean"]
    assert dean["invited"] == 100 and [row["n"] for row in dean["universities"]] == [None, None]
    assert all(row["rate"] is None for row in dean["universities"])
    assert "visitor" not in study.sections["response"]["roles"]


def test_a_drift_from_early_to_late_is_found(study: StudyResult) -> None:
    student = study.sections["response"]["roles"]["student"]
    rows = {row["construct"]: row for row in student["early_late"]}
    assert rows["BI"]["p_holm"] < 0.001 and rows["BI"]["g"] > 0.5
    assert rows["BI"]["n_early"] == pytest.approx(160 / 3, abs=1)
    assert "behavioural intention" in student["early_late_sentence"]


def test_without_order_nothing_is_compared(
    make_instrument: Callable, make_responses: Callable, make_inputs: Callable
) -> None:
    instrument = make_instrument()
    parts = {"student": (instrument, make_responses(instrument, 40, 2))}
    assert "response" not in compute_study(make_inputs(parts, sensitivity=False), versions={}).sections
    study = compute_study(make_inputs(parts, sensitivity=False, invited={"student": 90}), versions={})
    assert study.sections["response"]["roles"]["student"]["early_late"] == []


@pytest.mark.parametrize("language", ["en", "it"])
def test_the_report_shows_rates(study: StudyResult, language: str) -> None:
    from mce_utaut.report import render_report

    page = render_report(study, language).decode("utf-8")
    assert 'id="table-response"' in page and 'id="table-early_late"' in page


def test_invited_is_read_by_role_or_university() -> None:
    text = "id: a\ninstruments: {s: a.yaml}\nresponses: [{file: a.csv, role: s}]\n"
    assert parse_study(text + "invited: {s: {ktu: 4, uoc: 5}}\n").invited == {"s": {"ktu": 4, "uoc": 5}}
    with pytest.raises(StudyError, match="no instrument"):
        parse_study(text + "invited: {dean: 4}\n")


def test_a_cell_hidden_among_the_analysed_is_hidden_among_those_who_answered() -> None:
    assert _both([6, 9, 40], [4, 9, 38], 5) == [None, None, 40]
    assert _both([6, 9, 40], [6, 9, 38], 5) == [6, 9, 40]
