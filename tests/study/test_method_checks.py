"""Common method: planted method variance is found, a marker is taken out; factorability by role."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from mce_utaut.study.method_factor import marker_correlations
from mce_utaut.study.result import StudyResult
from mce_utaut.study.run import compute_study

SLOPES = {"1": 0.5, "2": 1.0, "3": 0.8, "4": 1.1}  # unequal loadings: else a method factor is not identified


def with_method(responses: Any, size: float) -> Any:
    rng = np.random.default_rng(9)
    style = size * rng.standard_normal(responses.n)
    for item in responses.data.columns:
        if item[-1].isdigit() and item[:-1] in ("PE", "EE", "SI", "FC", "BI", "COM"):
            stretched = 4 + SLOPES[item[-1]] * (responses.data[item] - 4)
            responses.data[item] = np.clip(np.round(stretched + style), 1, 7)
    return responses


@pytest.fixture(scope="module")
def study(make_instrument: Callable, make_responses: Callable, make_inputs: Callable) -> StudyResult:
    parts = {}
    for seed, (role, n) in enumerate({"student": 300, "dean": 70, "manager": 20}.items(), start=31):
        instrument = make_instrument(role)
        parts[role] = (instrument, with_method(make_responses(instrument, n, seed), 0.9))
    inputs = make_inputs(parts, sensitivity=False, estimator="MLR", missing="fiml", marker="COM")
    return compute_study(inputs, versions={})


def test_a_planted_method_factor_is_found(study: StudyResult) -> None:
    found = study.sections["common_method"]["roles"]["student"]["method_factor"]
    assert found["refusal"] == "" and found["pvalue"] < 0.001 and found["df_diff"] == 1
    assert found["variance"] > 0.3 and 0.1 < found["share"] < 0.5
    assert found["largest_change"] > 0 and {p["predictor"] for p in found["paths"]} == {"PE", "EE", "SI", "FC"}


def test_one_factor_fits_worse_than_the_constructs(study: StudyResult) -> None:
    found = study.sections["common_method"]["roles"]["student"]["one_factor"]
    cfa, one = found["fits"]
    assert one["df"] - cfa["df"] == 10 and one["cfi"] < cfa["cfi"]
    assert found["chisq_diff"] is None and found["refusal"] == ""  # scaled tests of incomplete answers: none to trust
    assert study.sections["common_method"]["roles"]["dean"]["one_factor"] is None


def test_a_method_factor_that_equal_loadings_hide_is_refused(
    make_instrument: Callable, make_responses: Callable, make_inputs: Callable
) -> None:
    instrument = make_instrument()
    responses = make_responses(instrument, 250, 6)
    study = compute_study(make_inputs({"student": (instrument, responses)}, sensitivity=False), versions={})
    role = study.sections["common_method"]["roles"]["student"]
    assert role["method_factor"]["refusal"] and role["method_factor"]["paths"] == []
    assert role["marker"] is None


def test_the_marker_is_taken_out_by_its_formula(study: StudyResult) -> None:
    found = study.sections["common_method"]["roles"]["student"]["marker"]
    row = next(row for row in found["rows"] if row["construct"] == "PE")
    assert row["r_mean"] == pytest.approx((row["r"] - found["r_mean"]) / (1 - found["r_mean"]))
    assert row["r_largest"] < row["r_mean"] < row["r"]
    with pytest.raises(ValueError, match="vary"):
        marker_correlations({"BI": np.arange(20.0), "PE": np.arange(20.0)}, np.ones(20), "BI")


def test_factorability_stands_by_role_from_thirty_on(study: StudyResult) -> None:
    roles = study.sections["factorability"]["roles"]
    assert set(roles) == {"student", "dean"}
    student = roles["student"]
    assert student["kmo"] > 0.6 and student["bartlett"]["df"] == 16 * 15 // 2 and len(student["item_kmo"]) == 16
    assert 1 <= student["parallel"]["components"] <= 5 and str(student["parallel"]["components"]) in student["sentence"]


@pytest.mark.parametrize("language", ["en", "it"])
def test_the_report_shows_the_checks(study: StudyResult, language: str) -> None:
    from mce_utaut.report import render_report

    page = render_report(study, language).decode("utf-8")
    for name in ("method_checks", "marker_student", "factorability"):
        assert f'id="table-{name}"' in page
