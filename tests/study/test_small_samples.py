"""The checks of the method ladder: by a role's size, and the same numbers as the library's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from mce_utaut.errors import StudyError
from mce_utaut.regression.bayes import standardised_posterior
from mce_utaut.study.config import Prior
from mce_utaut.study.inputs import NamedModel
from mce_utaut.study.model_text import read_model
from mce_utaut.study.result import StudyResult
from mce_utaut.study.run import compute_study
from mce_utaut.study.small_samples import measured_together
from mce_utaut.study.study_file import parse_study

SIZES = {"student": 220, "professor": 130, "dean": 80, "manager": 30, "visitor": 8}


@pytest.fixture(scope="module")
def study(make_instrument: Callable, make_responses: Callable, make_inputs: Callable) -> StudyResult:
    parts = {}
    for seed, (role, n) in enumerate(SIZES.items(), start=5):
        instrument = make_instrument(role)
        responses = make_responses(instrument, n, seed)
        parts[role] = (instrument, responses)
    parts["professor"][1].data.loc[parts["professor"][1].data.index[:4], "PE1"] = np.nan
    priors = {"PE": Prior(0.4, 0.15), "SI": Prior(0.2, 0.15)}
    return compute_study(
        make_inputs(parts, sensitivity=False, estimator="MLR", missing="fiml", priors=priors), versions={}
    )


def test_a_size_has_its_own_checks(study: StudyResult) -> None:
    roles = study.sections["small_samples"]["roles"]
    assert set(roles) == {"professor", "dean", "manager"}
    assert [m["method"] for m in roles["dean"]["methods"]] == ["sam", "croon"] and not roles["dean"]["corrected"]
    assert [m["method"] for m in roles["professor"]["methods"]] == ["sam"]
    assert {row["prior"] for row in roles["manager"]["priors"]} == {"flat", "weak", "sceptical", "own"}
    assert all(roles[role]["reason"] for role in roles)


def test_sam_uses_every_answer_and_finds_what_the_model_finds(study: StudyResult) -> None:
    rows = {row["predictor"]: row for row in study.sections["small_samples"]["roles"]["professor"]["rows"]}
    paths = {
        path.predictor: path.standardised.estimate
        for path in study.roles[1].paths
        if (path.model, path.analysis) == ("mce_intention", "primary")
    }
    assert rows["PE"]["n"] == 130
    assert all(rows[name]["standardised"] == pytest.approx(paths[name], abs=0.12) for name in rows)


def test_factors_of_two_items_are_measured_together() -> None:
    items = {"PE": "123", "EE": "123", "FC": "12", "BI": "12"}
    assert measured_together({name: items["PE"] for name in items}) == ()
    assert measured_together(items) == (("PE",), ("EE",), ("FC", "BI"))
    assert measured_together({**items, "BI": "123"}) == (("PE",), ("EE",), ("FC", "BI"))


def test_sam_measures_constructs_of_two_items(
    make_instrument: Callable, make_responses: Callable, make_inputs: Callable
) -> None:
    instrument = make_instrument()
    inputs = make_inputs({"student": (instrument, make_responses(instrument, 130, 6))}, sensitivity=False)
    short = inputs.models[0].text.text.replace(" + FC3", "").replace(" + BI3", "")
    inputs = replace(inputs, models=(NamedModel("short", read_model(short)),))
    found = compute_study(inputs, versions={}).sections["small_samples"]["roles"]["student"]
    assert found["methods"][0]["refusal"] == ""
    assert {row["predictor"] for row in found["rows"]} == {"PE", "EE", "SI", "FC"}


def test_corrections_lower_the_chi_square(study: StudyResult) -> None:
    plain, swain, bartlett = study.sections["small_samples"]["roles"]["professor"]["corrected"]
    assert (plain["n"], plain["df"]) == (126, swain["df"])
    assert bartlett["chisq"] < swain["chisq"] < plain["chisq"]


def test_a_prior_pulls_towards_itself(study: StudyResult) -> None:
    rows = {(r["prior"], r["predictor"]): r for r in study.sections["small_samples"]["roles"]["manager"]["priors"]}
    flat, sceptical = rows["flat", "PE"], rows["sceptical", "PE"]
    assert abs(sceptical["estimate"]) < abs(flat["estimate"]) and sceptical["sd"] < flat["sd"]
    assert flat["prior_sd"] is None and 0 <= flat["above_zero"] <= 1


def test_a_flat_prior_gives_least_squares_and_one_predictor_the_closed_form() -> None:
    rng = np.random.default_rng(3)
    x = rng.standard_normal(40)
    y = 0.5 * x + rng.standard_normal(40)
    flat = standardised_posterior(y, {"x": x}, np.zeros(1), np.array([np.inf]))
    r = np.corrcoef(x, y)[0, 1]
    variance = (1 - r**2) / 38
    assert flat.mean[0] == pytest.approx(r) and flat.sd[0] ** 2 == pytest.approx(variance)
    pulled = standardised_posterior(y, {"x": x}, np.array([0.1]), np.array([0.2]))
    weight = (1 / variance) / (1 / variance + 1 / 0.04)
    assert pulled.mean[0] == pytest.approx(weight * r + (1 - weight) * 0.1)


@pytest.mark.parametrize("language", ["en", "it"])
def test_the_report_shows_the_checks(study: StudyResult, language: str) -> None:
    from mce_utaut.report import render_report

    page = render_report(study, language).decode("utf-8")
    for name in ("small_dean", "small_professor", "small_tests_professor", "small_priors_manager"):
        assert f'id="table-{name}"' in page


def test_priors_must_be_of_the_two_predictors() -> None:
    text = "id: a\ninstruments: {s: a.yaml}\nresponses: [{file: a.csv, role: s}]\npriors: {EE: {mean: 0.1, sd: 0.1}}\n"
    with pytest.raises(StudyError, match="priors"):
        parse_study(text)
