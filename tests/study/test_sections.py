"""The further analyses of a study: regression beside the model, diffusion, effects in points."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from mce_utaut.sem.as_json import fit_to_json
from mce_utaut.sem.fit import fit_model
from mce_utaut.study.fitting import options_for, try_fit
from mce_utaut.study.measurement import scale_scores
from mce_utaut.study.model_data import model_data
from mce_utaut.study.points import model_effects
from mce_utaut.study.result import StudyResult
from mce_utaut.study.run import compute_study

HEIS = [f"u{i}" for i in range(12)]


@pytest.fixture(scope="module")
def study(make_instrument: Callable, make_responses: Callable, make_inputs: Callable) -> StudyResult:
    parts = {}
    for seed, (role, n) in enumerate({"student": 260, "professor": 84, "manager": 30, "dean": 8}.items(), start=3):
        instrument = make_instrument(role)
        universities = [HEIS[i % 12] for i in range(n)]
        parts[role] = (instrument, make_responses(instrument, n, seed, meta={"hei": universities}))
    return compute_study(make_inputs(parts, sensitivity=False), versions={})


def rows(section: Any, role: str, analysis: str) -> dict[str, dict[str, Any]]:
    return {row["predictor"]: row for row in section["roles"][role]["rows"] if row["analysis"] == analysis}


def test_a_large_role_is_regressed_on_all_predictors_in_four_ways(study: StudyResult) -> None:
    section = study.sections["regression"]
    assert [each["refusal"] for each in section["roles"]["student"]["analyses"]] == [""] * 4
    for analysis in ("hc3", "fixed_effects", "cr2", "wild"):
        assert set(rows(section, "student", analysis)) == {"PE", "EE", "SI", "FC"}
    plain, clustered = rows(section, "student", "hc3"), rows(section, "student", "cr2")
    assert plain["PE"]["estimate"] == pytest.approx(clustered["PE"]["estimate"])
    assert plain["PE"]["se"] != pytest.approx(clustered["PE"]["se"])
    assert clustered["PE"]["df"] < 12
    beside = section["roles"]["student"]["beside"]
    assert [each["predictor"] for each in beside] == ["PE", "EE", "SI", "FC"]
    assert beside[0]["sem"] > beside[0]["regression"]  # scores hold measurement error


def test_a_middling_role_is_regressed_on_the_two_named(study: StudyResult) -> None:
    role = study.sections["regression"]["roles"]["professor"]
    assert role["predictors"] == ["PE", "SI"] and "PE and SI" in role["reason"]
    paths = {path.predictor: path for path in study.roles[1].paths}
    plain = rows(study.sections["regression"], "professor", "hc3")
    assert plain["PE"]["estimate"] == pytest.approx(paths["PE"].estimate.estimate)
    assert plain["PE"]["beta_upper"] == pytest.approx(paths["PE"].standardised.upper)


def test_a_small_role_is_not_regressed(study: StudyResult) -> None:
    role = study.sections["regression"]["roles"]["manager"]
    assert role["rows"] == [] and "needs 60" in role["reason"]


def test_universities_are_never_named_in_a_regression(study: StudyResult) -> None:
    assert not any(name in str(study.sections["regression"]) for name in HEIS)


def test_too_few_universities_are_said(
    make_instrument: Callable, make_responses: Callable, make_inputs: Callable
) -> None:
    instrument = make_instrument()
    one = make_responses(instrument, 120, meta={"hei": ["ktu"] * 120})
    section = compute_study(make_inputs({"student": (instrument, one)}, sensitivity=False), versions={}).sections
    refusals = {each["analysis"]: each["refusal"] for each in section["regression"]["roles"]["student"]["analyses"]}
    assert "no two universities" in refusals["fixed_effects"]
    assert "one university" in refusals["cr2"]
    assert section["regression"]["roles"]["student"]["clusters"] is None


def test_universities_of_one_respondent_are_not_told_by_the_fixed_effects(
    make_instrument: Callable, make_responses: Callable, make_inputs: Callable
) -> None:
    instrument = make_instrument()
    universities = ["alone", "one"] + ["ktu", "uoc"] * 60
    responses = make_responses(instrument, 122, meta={"hei": universities})
    section = compute_study(make_inputs({"student": (instrument, responses)}, sensitivity=False), versions={}).sections
    student = section["regression"]["roles"]["student"]
    sizes = {each["analysis"]: each["n"] for each in student["analyses"]}
    assert (sizes["hc3"], sizes["fixed_effects"]) == (122, 122)
    (found,) = (each for each in student["analyses"] if each["analysis"] == "fixed_effects")
    rows = {row["predictor"]: row for row in student["rows"] if row["analysis"] == "fixed_effects"}

    # Least squares with a column for each university, as R's lm has it.
    scores = scale_scores(responses, instrument)
    y = scores["BI"].values
    x = np.column_stack([scores[name].values for name in rows])
    own = np.column_stack([np.array(universities) == name for name in dict.fromkeys(universities)]).astype(float)
    slopes, *_ = np.linalg.lstsq(np.column_stack([x, own]), y, rcond=None)
    residual = y - np.column_stack([x, own]) @ slopes
    r2 = 1 - residual @ residual / ((y - y.mean()) @ (y - y.mean()))
    df = 122 - x.shape[1] - own.shape[1]
    assert [row["estimate"] for row in rows.values()] == pytest.approx(slopes[: x.shape[1]], abs=1e-9)
    assert found["r2"] == pytest.approx(r2, abs=1e-9)
    assert found["r2_adjusted"] == pytest.approx(1 - (1 - r2) * 121 / df, abs=1e-9)
    assert all(row["df"] == df and row["n"] == 122 for row in rows.values())


def test_adopters_stand_beside_rogers(study: StudyResult) -> None:
    section = study.sections["diffusion"]
    student = section["adopters"]["student"]
    assert [row["rogers"] for row in student] == [0.025, 0.135, 0.34, 0.34, 0.16]
    for row in student:
        assert row["joint_lower"] < row["lower"] < row["share"] < row["upper"] < row["joint_upper"]
    assert section["adopter_tests"]["student"]["method"] == "asymptotic"
    dean = section["adopters"]["dean"]
    assert all(row["lower"] is None for row in dean)
    assert "too few" in section["adopter_tests"]["dean"]["sentence"]


def test_hidden_adopters_withhold_what_would_give_them_away(study: StudyResult) -> None:
    section = study.sections["diffusion"]
    manager, test = section["adopters"]["manager"], section["adopter_tests"]["manager"]
    assert any(row["n"] is None for row in manager)
    assert all(row["share"] is None and row["lower"] is None for row in manager if row["n"] is None)
    assert test["statistic"] is None and test["w"] is None
    assert test["p"] == round(test["p"], 2) and test["method"] == "exact"


def test_attributes_turn_effort_round(study: StudyResult) -> None:
    section = study.sections["diffusion"]["attributes"]["student"]
    rows = {row["attribute"]: row for row in section}
    assert list(rows) == ["relative_advantage", "compatibility", "complexity"]
    effort = next(scale for scale in study.roles[0].scales if scale.construct == "EE")
    assert rows["complexity"]["mean"] == pytest.approx(100 - effort.pomp.estimate)
    assert rows["complexity"]["lower"] == pytest.approx(100 - effort.pomp.upper)
    assert rows["complexity"]["rho_lower"] < rows["complexity"]["rho"] < rows["complexity"]["rho_upper"]
    assert rows["complexity"]["rho"] < rows["relative_advantage"]["rho"]


def test_points_are_those_of_effects_coding(
    make_instrument: Callable, make_responses: Callable, make_inputs: Callable
) -> None:
    instrument = make_instrument()
    responses = make_responses(instrument, 200)
    inputs = make_inputs({"student": (instrument, responses)})
    model, options = inputs.models[0].text, options_for(inputs.config)
    data = model_data(responses, instrument, model.observed)
    fitted = try_fit(model.text, data, options, name="m", variant="structural", analysis="primary")
    found = {effect.predictor: effect.points for effect in model_effects(fitted, "BI", 0.95)}
    coded = ""
    for factor, items in model.factors.items():
        labels = [f"l_{item}" for item in items]
        terms = [f"{label}*{item}" for label, item in zip(labels, items, strict=True)]
        coded += f"{factor} =~ NA*{items[0]} + {' + '.join(terms)}\n{' + '.join(labels)} == {len(items)}\n"
    coded += "BI ~ PE + EE + SI + FC\n"
    again = {
        row["rhs"]: row
        for row in fit_to_json(fit_model(coded, data.listwise(), options))["parameters"]
        if row["op"] == "~"
    }
    for name, points in found.items():
        assert points.estimate == pytest.approx(again[name]["est"], abs=1e-6)
        assert points.lower == pytest.approx(again[name]["ci_lower"], abs=1e-5)


def test_total_effects_add_the_ways_through_others(
    make_instrument: Callable, make_responses: Callable, make_inputs: Callable
) -> None:
    instrument = make_instrument()
    responses = make_responses(instrument, 200)
    options = options_for(make_inputs({"student": (instrument, responses)}).config)
    text = "PE =~ PE1 + PE2 + PE3\nEE =~ EE1 + EE2 + EE3\nBI =~ BI1 + BI2 + BI3\n"
    text += "PE ~ a*EE\nBI ~ b*PE + c*EE\ntotal := a*b + c\n"
    data = model_data(responses, instrument, [f"{c}{i}" for c in ("PE", "EE", "BI") for i in (1, 2, 3)])
    fitted = try_fit(text, data, options, name="m", variant="structural", analysis="primary")
    found = {effect.predictor: effect.points.estimate for effect in model_effects(fitted, "BI", 0.95)}
    rows = fitted.record.fit["parameters"]
    total = next(row["est"] for row in rows if row["lhs"] == "total")
    metric = {c: np.mean([row["est"] for row in rows if row["lhs"] == c and row["op"] == "=~"]) for c in ("EE", "BI")}
    assert found["EE"] == pytest.approx(total * metric["BI"] / metric["EE"])


def test_the_map_puts_importance_and_level_on_one_metric(study: StudyResult) -> None:
    role = study.sections["importance_performance"]["roles"]["student"]
    points = {row["predictor"]: row["points"] for row in study.sections["raw_points"]["roles"]["student"]["rows"]}
    for row in role["rows"]:
        assert row["importance"] == pytest.approx(points[row["construct"]])  # both scales run from 1 to 7
        assert row["performance_lower"] < row["performance"] < row["performance_upper"]
    lowest = min(role["rows"], key=lambda row: row["performance"])
    assert f"The lowest level: {lowest['label']}" in role["sentence"]
    assert "manager" not in study.sections["importance_performance"]["roles"]


def test_regression_points_are_raw_coefficients(study: StudyResult, make_instrument: Callable) -> None:
    role = study.sections["raw_points"]["roles"]["professor"]
    assert role["method"] == "regression"
    plain = rows(study.sections["regression"], "professor", "hc3")
    assert {row["predictor"]: row["points"] for row in role["rows"]} == pytest.approx(
        {name: row["estimate"] for name, row in plain.items()}
    )


def test_common_method_is_checked_from_sixty_on(study: StudyResult) -> None:
    section = study.sections["common_method"]
    assert set(section["roles"]) == {"student", "professor"}
    student = section["roles"]["student"]
    assert 0 < student["factor_share"] < student["component_share"] < 0.6
    assert {row["construct"] for row in student["vif"]} == {"PE", "EE", "SI", "FC", "BI"}
    assert all(1 <= row["vif"] < 3.3 for row in student["vif"]) and "No full collinearity" in student["sentence"]


def test_the_spread_between_universities_is_told_without_their_names(study: StudyResult) -> None:
    section = study.sections["universities"]
    assert set(section["roles"]) == {"student"}
    row = section["roles"]["student"]["scales"][0]
    assert row["universities"] == 12 and row["lower"] <= row["icc"] <= row["upper"]
    assert not any(f"'{name}'" in str(section) for name in HEIS)


def test_local_fit_tells_the_pairs_that_the_measurement_model_misses_most(study: StudyResult) -> None:
    section = study.sections["local_fit"]
    assert set(section["roles"]) == {"student"}
    found = section["roles"]["student"]
    sizes = [abs(pair["residual"]) for pair in found["largest"]]
    assert found["pairs"] == 16 * 15 // 2 and len(sizes) == 10
    assert sizes == sorted(sizes, reverse=True)
    beyond = sum(size > section["limit"] for size in sizes)
    assert beyond == min(found["beyond"], 10)
    assert all(pair["first"] != pair["second"] for pair in found["largest"])


def test_the_inflation_is_that_of_the_rows_of_the_regression(
    make_instrument: Callable, make_responses: Callable, make_inputs: Callable
) -> None:
    instrument = make_instrument()
    responses = make_responses(instrument, 90, 4)
    responses.data.iloc[:25, [responses.data.columns.get_loc(f"BI{i}") for i in (1, 2, 3)]] = np.nan
    study = compute_study(make_inputs({"student": (instrument, responses)}, sensitivity=False), versions={})
    found = study.sections["regression"]["roles"]["student"]
    items = {"PE": ("PE1", "PE2", "PE3", "PE4"), "SI": ("SI1", "SI2", "SI3")}
    scores = [responses.data[list(own)].mean(axis=1)[25:] for own in items.values()]
    expected = 1 / (1 - np.corrcoef(scores)[0, 1] ** 2)
    assert [row["vif"] for row in found["rows"] if row["analysis"] == "hc3"] == pytest.approx([expected] * 2)
