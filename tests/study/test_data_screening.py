"""The screening of a study: told always, acted on only where the study asked for it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mce_utaut.scoring.factorability import MultivariateNormality
from mce_utaut.study.config import ExclusionRules
from mce_utaut.study.data_screening import _mardia_sentence
from mce_utaut.study.result import StudyResult
from mce_utaut.study.run import compute_study
from mce_utaut.study.sentences import Sentences
from mce_utaut.study.tables import tables


@pytest.fixture(scope="module")
def make_study(
    make_instrument: Callable, make_responses: Callable, make_inputs: Callable
) -> Callable[..., StudyResult]:
    def make(**choices: object) -> StudyResult:
        parts = {}
        for seed, (role, n) in enumerate({"student": 90, "manager": 12, "dean": 3}.items()):
            instrument = make_instrument(role)
            responses = make_responses(instrument, n, seed)
            items = [item.code for _, item in instrument.items()]
            if role == "student":
                responses.data.loc[["r0", "r1", "r2"], items] = 4.0
                responses.data.loc[responses.data.index[10:30], ["PE1", "PE2"]] = float("nan")
                responses.missing.loc[responses.data.index[10:30], ["PE1", "PE2"]] = "cannot_judge"
                responses.data.loc["r50", "EE1"] = float("nan")
                responses.missing.loc["r50", "EE1"] = "no_answer"
                responses.meta["duration_s"] = float("nan")
            parts[role] = (instrument, responses)
        return compute_study(make_inputs(parts, sensitivity=False, cannot_judge_limit=0.5, **choices), versions={})

    return make


@pytest.fixture(scope="module")
def study(make_study: Callable[..., StudyResult]) -> StudyResult:
    return make_study()


def test_signs_are_counted_and_nobody_leaves(study: StudyResult) -> None:
    role = study.sections["screening"]["roles"]["student"]
    signs = {row["index"]: row for row in role["signs"]}
    assert signs["straight_lining"]["flagged"] == 3 and not signs["straight_lining"]["excludes"]
    assert signs["attention"]["excludes"] and signs["attention"]["flagged"] == 0
    assert signs["too_fast"]["flagged"] is None and "tells no durations" in signs["too_fast"]["remark"]
    assert study.sections["screening"]["roles"]["manager"]["signs"][4]["remark"].endswith("from the others.")
    assert study.roles[0].n == 90


def test_a_study_may_leave_straight_liners_out(make_study: Callable[..., StudyResult]) -> None:
    study = make_study(exclude=ExclusionRules(straight_lining=True))
    step = study.roles[0].flow[-2]
    assert (step.code, step.removed, step.n) == ("straight_lining", 3, 87)
    assert "3 respondents gave the same answer" in step.text
    signs = {row["index"]: row for row in study.sections["screening"]["roles"]["student"]["signs"]}
    assert signs["straight_lining"]["flagged"] == 3 and signs["straight_lining"]["excludes"]


def test_what_is_missing_is_told_by_item_and_pattern(study: StudyResult) -> None:
    role = study.sections["screening"]["roles"]["student"]
    items = {row["item"]: row for row in role["missing_items"]}
    assert (items["PE1"]["missing"], items["PE1"]["cannot_judge"]) == (20, 20)
    assert (items["EE1"]["missing"], items["EE1"]["no_answer"]) == (1, None)  # one gap: its kind would be an answer
    complete, pair, rare = role["missing_patterns"]
    assert complete["items"] == [] and complete["n"] == 69
    assert pair["items"] == ["PE1", "PE2"] and pair["n"] == 20
    assert (rare["items"], rare["n"], rare["patterns"]) == ([], 1, 1)  # which items one person left out is not told
    assert role["little"]["df"] > 0 and role["little"]["sentence"]
    assert role["mardia"]["n"] == 69


def test_small_roles_have_no_tests_and_tiny_ones_nothing(study: StudyResult) -> None:
    roles = study.sections["screening"]["roles"]
    assert set(roles) == {"student", "manager"}
    assert roles["manager"]["mardia"]["remark"]
    assert {"screening_signs.csv", "screening_missing_items.csv", "screening_missing_patterns.csv"} <= {*tables(study)}


def test_few_who_could_not_judge_do_not_follow_from_the_total(
    make_instrument: Callable, make_responses: Callable, make_inputs: Callable
) -> None:
    instrument = make_instrument()
    responses = make_responses(instrument, 90)
    for rows, kind in ((slice(0, 3), "cannot_judge"), (slice(3, 12), "no_answer")):
        responses.data.loc[responses.data.index[rows], "PE1"] = float("nan")
        responses.missing.loc[responses.data.index[rows], "PE1"] = kind
    study = compute_study(make_inputs({"student": (instrument, responses)}, sensitivity=False), versions={})
    found = {row["item"]: row for row in study.sections["screening"]["roles"]["student"]["missing_items"]}
    assert (found["PE1"]["missing"], found["PE1"]["cannot_judge"], found["PE1"]["no_answer"]) == (12, None, None)
    assert found["PE2"]["cannot_judge"] == 0
    mardia = study.sections["screening"]["roles"]["student"]["mardia"]
    assert f"{mardia['n']} complete answers" in mardia["sentence"]


@pytest.mark.parametrize(("kurtosis", "side"), [(367.3, "between them"), (399.0, "above that"), (350.0, "below that")])
def test_kurtosis_is_judged_by_samples_of_its_own_size(kurtosis: float, side: str) -> None:
    found = MultivariateNormality(47, 0, 0, 1, 1, kurtosis, 0, 1, kurtosis_expected=366.3, kurtosis_spread=4.1)
    told = _mardia_sentence(found, 19, Sentences("en"))
    assert "from 358.3 to 374.3" in told and f"here it is {side}" in told and "399" in told
