"""Indirect effects and simulated cut-offs of a study."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from mce_utaut.study.indirect import Chain, chains
from mce_utaut.study.model_text import read_model
from mce_utaut.study.result import StudyResult
from mce_utaut.study.run import compute_study


@pytest.fixture(scope="module")
def make_study(
    make_instrument: Callable, make_responses: Callable, make_inputs: Callable
) -> Callable[..., StudyResult]:
    def make(**choices: object) -> StudyResult:
        instrument = make_instrument()
        responses = make_responses(instrument, 240, 5)
        responses.data.loc[responses.data.index[:8], "PE1"] = np.nan
        inputs = make_inputs({"student": (instrument, responses)}, sensitivity=False, **choices)
        return compute_study(inputs, versions={})

    return make


def test_chains_are_pairs_of_paths_that_meet() -> None:
    model = read_model("PE =~ a + b\nBI =~ c + d\nBI ~ PE\nUSE ~ BI + PE\n")
    assert chains(model) == (Chain("PE", "BI", "USE"),)


def test_complete_ml_is_bootstrapped(make_study: Callable[..., StudyResult]) -> None:
    study = make_study(replicates=300)
    rows = study.sections["indirect"]["roles"]["student"]["effects"]
    assert {(row["model"], row["effect"]) for row in rows} == {
        ("mce_seed", "indirect"),
        ("utaut_ext", "indirect"),
        ("utaut_ext", "total"),
    }
    benefit = next(row for row in rows if row["predictor"] == "PE")
    paths = {(p.outcome, p.predictor): p for p in study.roles[0].paths if p.model == "mce_seed"}
    product = paths["BI", "PE"].standardised.estimate * paths["USE3", "BI"].standardised.estimate
    assert benefit["method"] == "bootstrap" and benefit["n"] == 232
    assert benefit["standardised"] == pytest.approx(product, rel=1e-9)
    assert 0 < benefit["standardised_lower"] < product < benefit["standardised_upper"]


def test_fiml_gets_monte_carlo_intervals_and_cutoffs_are_opt_in(make_study: Callable[..., StudyResult]) -> None:
    study = make_study(estimator="MLR", missing="fiml", replicates=2000, dynamic_cutoffs=60)
    rows = study.sections["indirect"]["roles"]["student"]["effects"]
    total = next(row for row in rows if row["effect"] == "total")
    assert (total["method"], total["draws"], total["n"]) == ("Monte Carlo", 2000, 240)
    assert total["lower"] < total["estimate"] < total["upper"]
    found = study.sections["dynamic_cutoffs"]["roles"]["student"]
    assert found["refusal"] == "" and found["levels"][0]["replicates"] > 50
    assert found["true"]["cfi"][0] < found["true"]["cfi"][2]
