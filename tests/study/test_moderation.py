"""Moderators of a study: planted ones are found, small groups are refused, and the study file is checked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from mce_utaut.errors import StudyError
from mce_utaut.sem.simple_slopes import Region
from mce_utaut.study.config import Moderator, StudyConfig
from mce_utaut.study.hypotheses import Hypothesis, parse_hypotheses
from mce_utaut.study.json_form import from_json, to_json
from mce_utaut.study.model_text import read_model
from mce_utaut.study.moderator_slopes import significant_stretches
from mce_utaut.study.moderator_verdicts import _turned, judge
from mce_utaut.study.moderators import check_moderators
from mce_utaut.study.result import StudyResult
from mce_utaut.study.run import compute_study
from mce_utaut.study.study_file import parse_study

MODERATORS = (
    Moderator("gender"),
    Moderator("COM"),
    Moderator("use_involvement", groups={"none": ("none",), "some": ("some", "much")}, predictors=("EE",)),
    Moderator("adopter", groups={"early": ("IN", "EA"), "late": ("EM", "LM", "LA")}, roles=("student",)),
)


def claim(name: str, predictor: str, moderator: str, stronger: str) -> Hypothesis:
    label = predictor.lower()
    words = {"en": f"Claim {name}."}
    return Hypothesis(name, f"BI ~ {predictor}", "positive", words, label, moderator=moderator, stronger=stronger)


CLAIMS = (
    claim("M1", "PE", "gender", "male"),
    claim("M2", "PE", "gender", "female"),
    claim("M3", "SI", "COM", "high"),
    claim("M4", "EE", "COM", "low"),
    claim("M5", "EE", "age", "low"),
    claim("M6", "EE", "gender", "diverse"),
    claim("M7", "PE", "use_involvement", "some"),  # that moderator is named for EE alone
)


def plant(responses: Any) -> Any:
    """Men's intention follows benefit more closely; the support of others counts more where compatibility is high."""
    data = responses.data
    of = {name: data[[f"{name}{i}" for i in (1, 2, 3)]].mean(axis=1) for name in ("PE", "SI", "COM")}
    z = {name: (values - values.mean()) / values.std() for name, values in of.items()}
    more = 0.9 * z["PE"] * (data["gender"] == "male") + 0.6 * z["SI"] * z["COM"]
    for item in ("BI1", "BI2", "BI3"):
        data[item] = np.clip(np.round(data[item] + more), 1, 7)
    return responses


@pytest.fixture(scope="module")
def study(make_instrument: Callable, make_responses: Callable, make_inputs: Callable) -> StudyResult:
    from dataclasses import replace

    parts = {}
    for seed, (role, n) in enumerate({"student": 700, "professor": 130, "manager": 20}.items(), start=11):
        instrument = make_instrument(role)
        responses = plant(make_responses(instrument, n, seed))
        if role == "student":
            responses.data.iloc[:3, responses.data.columns.get_loc("gender")] = None
            responses.data.iloc[3:6, responses.data.columns.get_loc("adopter")] = None
        parts[role] = (instrument, responses)
    inputs = make_inputs(parts, sensitivity=False, estimator="MLR", missing="fiml", moderators=MODERATORS)
    first = replace(inputs.models[0], hypotheses=(*inputs.models[0].hypotheses, *CLAIMS))
    return compute_study(replace(inputs, models=(first,)), versions={})


def moderator(study: StudyResult, role: str, name: str) -> dict[str, Any]:
    return next(m for m in study.sections["moderation"]["roles"][role]["moderators"] if m["moderator"] == name)


def test_a_planted_difference_between_groups_is_found(study: StudyResult) -> None:
    found = moderator(study, "student", "gender")
    assert found["refusal"] == "" and found["kind"] == "groups" and found["omnibus"]["pvalue"] < 0.001
    rows = {row["predictor"]: row for row in found["differences"]}
    assert rows["PE"]["p_holm"] < 0.01 and rows["EE"]["p_holm"] > 0.05
    estimate = rows["PE"]["estimate_group"] - rows["PE"]["estimate_reference"]
    assert rows["PE"]["estimate"] == pytest.approx(estimate)


def test_a_planted_interaction_is_found_with_its_slopes(study: StudyResult) -> None:
    found = moderator(study, "student", "COM")
    rows = {row["predictor"]: row for row in found["interactions"]}
    assert found["kind"] == "score" and rows["SI"]["p_holm"] < 0.001 and rows["SI"]["standardised"] > 0.1
    slopes = [slope["estimate"] for slope in rows["SI"]["slopes"]]
    assert slopes == sorted(slopes) and len(rows["SI"]["curve"]) == 21
    change = (slopes[-1] - slopes[0]) / (rows["SI"]["slopes"][-1]["value"] - rows["SI"]["slopes"][0]["value"])
    assert change == pytest.approx(rows["SI"]["estimate"])
    assert "from" in rows["SI"]["region"]["sentence"]


def test_holm_runs_over_all_moderators_of_a_role(study: StudyResult) -> None:
    found = study.sections["moderation"]["roles"]["student"]["moderators"]
    tests = [row for each in found for row in (*each["differences"], *each["interactions"])]
    smallest = min(tests, key=lambda row: row["p"])
    assert smallest["p_holm"] == pytest.approx(min(1.0, len(tests) * smallest["p"]))


def test_verdicts_say_what_was_found_and_what_cannot_be(study: StudyResult) -> None:
    verdicts = {v["id"]: v for v in study.sections["moderation"]["roles"]["student"]["verdicts"]}
    assert [verdicts[name]["verdict"] for name in ("M1", "M2", "M3")] == ["supported", "not_supported", "supported"]
    assert verdicts["M4"]["verdict"] in ("undecided", "not_supported")
    assert {verdicts[name]["verdict"] for name in ("M5", "M6", "M7")} == {"not_testable"}
    assert "does not name age" in verdicts["M5"]["sentence"]
    assert not {"M1", "M3"} & {each.id for role in study.roles for each in role.hypotheses}


def test_groups_under_one_hundred_and_small_roles_are_refused(study: StudyResult) -> None:
    assert "two groups of 100" in moderator(study, "professor", "gender")["refusal"]
    assert "100" in moderator(study, "manager", "COM")["refusal"]
    of_professors = study.sections["moderation"]["roles"]["professor"]["moderators"]
    assert not any(each["moderator"] == "adopter" for each in of_professors)
    joined = moderator(study, "student", "use_involvement")
    assert [group["group"] for group in joined["groups"]] == ["none", "some"]
    assert {row["predictor"] for row in joined["differences"]} == {"EE"}


def test_a_small_group_hides_another_size_too(
    make_instrument: Callable, make_responses: Callable, make_inputs: Callable
) -> None:
    instrument = make_instrument()
    gender = ["female"] * 3 + ["male"] * 147
    responses = make_responses(instrument, 150, 4, data={"gender": gender})
    inputs = make_inputs({"student": (instrument, responses)}, sensitivity=False, moderators=MODERATORS[:1])
    study = compute_study(inputs, versions={})
    assert [group["n"] for group in moderator(study, "student", "gender")["groups"]] == [None, None]


def test_language_versions_are_groups_too(
    make_instrument: Callable, make_responses: Callable, make_inputs: Callable
) -> None:
    instrument = make_instrument()
    responses = make_responses(instrument, 260, 8, meta={"language": ["en"] * 130 + ["it"] * 130})
    inputs = make_inputs({"student": (instrument, responses)}, sensitivity=False, moderators=(Moderator("language"),))
    found = moderator(compute_study(inputs, versions={}), "student", "language")
    assert [(group["label"], group["n"]) for group in found["groups"]] == [("English", 130), ("Italian", 130)]
    assert found["steps"][0]["level"] == "metric" and len(found["differences"]) == 4


def test_the_section_reads_back(study: StudyResult) -> None:
    assert from_json(to_json(study)) == study


@pytest.mark.parametrize("language", ["en", "it"])
def test_the_report_draws_moderators(study: StudyResult, language: str) -> None:
    from mce_utaut.report import render_report

    page = render_report(study, language).decode("utf-8")
    for anchor in ("table-moderation_student", "figure-slopes-student-2", "drivers-moderators"):
        assert f'id="{anchor}"' in page
    assert "Claim M3." in page


@pytest.mark.parametrize(
    ("test", "verdict"),
    [
        ((0.3, 0.1, 0.5, 0.01), "supported"),
        ((0.3, 0.1, 0.5, 0.20), "undecided"),
        ((-0.3, -0.5, -0.1, 0.01), "not_supported"),
        ((0.01, -0.05, 0.07, 0.9), "not_supported"),
        ((0.05, -0.2, 0.3, 0.9), "undecided"),
    ],
)
def test_the_rule_of_the_verdicts(test: tuple[float, float, float, float], verdict: str) -> None:
    assert judge(*test, sesoi=0.10, level=0.95)[0] == verdict


def test_regions_are_cut_to_what_was_observed() -> None:
    nan = float("nan")
    assert significant_stretches(Region("outside", -1.0, 5.0), -2.0, 2.0) == [(-2.0, -1.0)]
    assert significant_stretches(Region("between", -9.0, 9.0), -2.0, 2.0) == [(-2.0, 2.0)]
    assert significant_stretches(Region("nowhere", nan, nan), -2.0, 2.0) == []


STUDY = """
id: demo
instruments: {student: a.yaml}
responses: [{file: a.csv, role: student}]
moderators:
"""


def test_a_moderator_is_read_from_the_study_file() -> None:
    config: StudyConfig = parse_study(STUDY + "  - {name: gender}\n  - {name: AGE, values: {18_24: 21}, at: [21]}\n")
    assert config.moderators[1].values == {"18_24": 21.0} and config.moderators[0].groups == {}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{name: gender}\n  - {name: gender}", "second time"),
        ("{name: gender, groups: {a: [x]}}", "one group only"),
        ("{name: gender, groups: {a: [x], b: [x]}}", "two groups"),
        ("{name: gender, groups: {a: [x], b: [y]}, at: [1]}", "groups and values"),
        ("{name: gender, roles: [dean]}", "no instrument"),
    ],
)
def test_what_a_moderator_may_not_say(line: str, said: str) -> None:
    with pytest.raises(StudyError, match=said):
        parse_study(STUDY + f"  - {line}\n")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (Moderator("gendre"), "no questionnaire asks"),
        (Moderator("gender", groups={"a": ("female",), "b": ("x",)}), "no option 'x'"),
        (Moderator("open_benefit"), "neither options nor numbers"),
        (Moderator("COM", values={"a": 1}), "no options"),
        (Moderator("gender", predictors=("COM",)), "no latent predictor"),
    ],
)
def test_moderators_are_checked_against_the_questionnaires(
    instrument: Any, wrong: Moderator, said: str
) -> None:
    model = read_model("PE =~ PE1 + PE2\nBI =~ BI1 + BI2\nBI ~ PE\n")
    with pytest.raises(StudyError, match=said):
        check_moderators((wrong,), {"student": instrument}, model, "BI")


def test_a_hypothesis_names_moderator_and_side_together() -> None:
    text = """
model: m
hypotheses:
  - {id: A, path: BI ~ PE, expected: positive, claim: {en: x}, moderator: gender}
  - {id: B, path: BI ~ PE, expected: zero, claim: {en: x}, moderator: gender, stronger: male}
"""
    with pytest.raises(StudyError) as caught:
        parse_hypotheses(text, "h.yaml", read_model("PE =~ PE1 + PE2\nBI =~ BI1 + BI2\nBI ~ PE\n"))
    assert len(caught.value.problems) == 2


@pytest.mark.parametrize(("turn", "interval"), [(1.0, (-0.05, 0.45)), (-1.0, (-0.45, 0.05))])
def test_an_interval_is_turned_to_the_side_of_the_claim(turn: float, interval: tuple[float, float]) -> None:
    row = {"standardised": 0.2, "standardised_lower": -0.05, "standardised_upper": 0.45, "p_holm": 0.3}
    assert _turned(row, turn) == (turn * 0.2, *interval, 0.3)
