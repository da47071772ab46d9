"""A study whose truth is planted: each fact is found, or said not to be findable."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mce_utaut.study.config import ExclusionRules, Moderator
from mce_utaut.study.hypotheses import Hypothesis
from mce_utaut.study.result import RoleResult, StudyResult
from mce_utaut.study.run import compute_study

pytestmark = pytest.mark.slow

CARELESS = 0.15
SHIFTED = "EE2"


def plant(responses: Any, *, shifted: bool, careless: bool) -> Any:
    """Benefit counts more among men; professors find one item harder; 15 % give one answer throughout. The paths of
    ease and conditions are zero in the answers as they come."""
    data = responses.data
    benefit = data[["PE1", "PE2", "PE3", "PE4"]].mean(axis=1)
    z = (benefit - benefit.mean()) / benefit.std()
    for item in ("BI1", "BI2", "BI3"):
        data[item] = np.clip(np.round(data[item] + 0.8 * z * (data["gender"] == "male")), 1, 7)
    if shifted:
        data[SHIFTED] = np.clip(data[SHIFTED] - 2, 1, 7)
    if careless:
        rng = np.random.default_rng(5)
        rows = rng.choice(responses.n, round(CARELESS * responses.n), replace=False)
        names = ("PE", "EE", "SI", "FC", "BI", "COM")
        items = [name for name in data.columns if name[-1].isdigit() and name[:-1] in names]
        data.loc[data.index[rows], items] = np.repeat(rng.integers(1, 8, (rows.size, 1)), len(items), axis=1)
    return responses


@pytest.fixture(scope="module")
def study(make_instrument: Callable, make_responses: Callable, make_inputs: Callable) -> StudyResult:
    parts = {}
    for seed, (role, n) in enumerate({"student": 800, "professor": 400, "manager": 8}.items(), start=41):
        instrument = make_instrument(role)
        own = plant(make_responses(instrument, n, seed), shifted=role == "professor", careless=role == "student")
        parts[role] = (instrument, own)
    rules = ExclusionRules(straight_lining=True)
    inputs = make_inputs(parts, estimator="MLR", missing="fiml", exclude=rules, moderators=(Moderator("gender"),))
    claim = Hypothesis("M1", "BI ~ PE", "positive", {"en": "Men."}, "pe", moderator="gender", stronger="male")
    first = replace(inputs.models[0], hypotheses=(*inputs.models[0].hypotheses, claim))
    return compute_study(replace(inputs, models=(first, *inputs.models[1:])), versions={})


def role(study: StudyResult, name: str) -> RoleResult:
    return next(each for each in study.roles if each.role == name)


def verdict(found: RoleResult, hypothesis: str) -> str:
    return next(each.verdict for each in found.hypotheses if each.id == hypothesis)


def test_the_zero_path_is_never_supported_as_positive(study: StudyResult) -> None:
    student = role(study, "student")
    assert verdict(student, "H1") == "supported" and verdict(student, "H3") == "supported"
    assert verdict(student, "H2") in ("undecided", "not_supported")
    assert verdict(student, "H5a") in ("undecided", "supported")
    zero = next(p for p in student.paths if (p.analysis, p.model, p.predictor) == ("primary", "mce_intention", "FC"))
    assert zero.standardised.lower < 0 < zero.standardised.upper


def test_the_moderator_is_found(study: StudyResult) -> None:
    found = study.sections["moderation"]["roles"]["student"]
    assert found["verdicts"][0]["verdict"] == "supported"
    rows = {row["predictor"]: row for row in found["moderators"][0]["differences"]}
    assert rows["PE"]["lower"] > 0 and all(rows[name]["p_holm"] > 0.05 for name in ("EE", "FC"))


def test_the_item_that_differs_between_roles_is_found(study: StudyResult) -> None:
    ladder = study.sections["comparison"]["ladder"]
    freed = {each["item"] for each in ladder["freed"]}
    assert SHIFTED in freed and ladder["licence"]["paths"]
    largest = max(ladder["dmacs"], key=lambda row: abs(row["dmacs"] or 0))
    assert largest["item"] == SHIFTED


def test_eight_managers_are_said_to_be_too_few(study: StudyResult) -> None:
    manager = role(study, "manager")
    assert manager.method.kind == "none" and not manager.paths
    assert {each.verdict for each in manager.hypotheses} == {"not_testable"}
    assert study.sections["moderation"]["roles"]["manager"]["verdicts"][0]["verdict"] == "not_testable"
    assert study.sections["regression"]["roles"]["manager"]["rows"] == []


def test_the_careless_are_found_and_leave_by_the_rule_stated(study: StudyResult) -> None:
    signs = {row["index"]: row for row in study.sections["screening"]["roles"]["student"]["signs"]}
    share = signs["straight_lining"]["flagged"] / signs["straight_lining"]["assessed"]
    assert share == pytest.approx(CARELESS, abs=0.02) and signs["straight_lining"]["excludes"]
    student = role(study, "student")
    assert student.n == pytest.approx(800 * (1 - CARELESS), abs=10)
    paths = {p.analysis: p for p in student.paths if (p.model, p.predictor) == ("mce_intention", "PE")}
    assert "sensitivity: without exclusions" in paths
