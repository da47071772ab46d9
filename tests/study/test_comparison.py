"""Roles compared: by what their sizes allow, and never past the gate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from mce_utaut.study import role_ladder
from mce_utaut.study.json_form import from_json, to_json
from mce_utaut.study.result import StudyResult
from mce_utaut.study.run import compute_study
from mce_utaut.study.tables import tables


def shifted(responses: Any, item: str, by: float) -> Any:
    responses.data[item] = np.clip(responses.data[item] + by, 1, 7)
    return responses


@pytest.fixture(scope="module")
def make_study(
    make_instrument: Callable, make_responses: Callable, make_inputs: Callable
) -> Callable[..., StudyResult]:
    def make(sizes: dict[str, int], change: Callable | None = None) -> StudyResult:
        parts = {}
        for seed, (role, n) in enumerate(sizes.items(), start=3):
            instrument = make_instrument(role)
            responses = make_responses(instrument, n, seed)
            parts[role] = (instrument, change(role, responses) if change else responses)
        return compute_study(make_inputs(parts, sensitivity=False), versions={})

    return make


@pytest.fixture(scope="module")
def study(make_study: Callable[..., StudyResult]) -> StudyResult:
    return make_study({"student": 300, "professor": 220, "dean": 80, "manager": 30, "visitor": 8})


def test_each_role_enters_what_its_size_allows(study: StudyResult) -> None:
    methods = {row["role"]: row["method"] for row in study.sections["comparison"]["methods"]}
    assert methods == {
        "student": "ladder",
        "professor": "ladder",
        "dean": "mimic",
        "manager": "scale_means",
        "visitor": "none",
    }


def test_equal_roles_pass_the_gate(study: StudyResult) -> None:
    section = study.sections["comparison"]
    assert section["ladder"]["licence"] == {"paths": True, "latent_means": True}
    assert [group["label"] for group in section["ladder"]["groups"]] == ["student", "professor"]
    assert section["paths"]["omnibus"]["df_diff"] == 4  # labels of the model tie nothing
    assert {row["factor"] for row in section["latent_means"]["differences"]} == {"PE", "EE", "SI", "FC", "BI"}
    assert all(row["equivalent"] for row in section["latent_means"]["differences"])
    assert "not sufficient" in section["necessary"]


def test_a_role_under_one_hundred_is_compared_by_mimic(study: StudyResult) -> None:
    mimic = study.sections["comparison"]["mimic"]
    assert mimic["refusal"] == "" and mimic["reference"] == "student"
    assert {row["group"] for row in mimic["differences"]} == {"professor", "dean"}
    assert sum(row["flagged"] for row in mimic["items"]) <= 1
    row = mimic["differences"][0]
    assert row["d_lower"] < row["d"] < row["d_upper"]


def test_scale_means_leave_out_pairs_of_the_ladder_and_tiny_roles(study: StudyResult) -> None:
    rows = study.sections["comparison"]["scale_means"]["differences"]
    pairs = {(row["reference"], row["group"]) for row in rows}
    assert ("student", "professor") not in pairs and ("dean", "manager") in pairs
    assert not any("visitor" in pair for pair in pairs)
    assert all(row["p_holm"] >= row["p"] and row["g_lower"] < row["g_upper"] for row in rows)


def test_the_section_reads_back_and_has_tables(study: StudyResult) -> None:
    assert from_json(to_json(study)) == study
    names = set(tables(study))
    assert {
        "comparison_ladder_levels.csv",
        "comparison_paths_differences.csv",
        "comparison_scale_means_differences.csv",
    } <= names


def test_unequal_intercepts_close_the_gate_to_means(make_study: Callable[..., StudyResult]) -> None:
    def change(role: str, responses: Any) -> Any:
        if role == "professor":
            for construct in ("PE", "EE", "SI", "FC", "BI"):
                shifted(responses, f"{construct}1", 1)
                shifted(responses, f"{construct}2", -1)
        return responses

    section = make_study({"student": 300, "professor": 220}, change).sections["comparison"]
    assert section["latent_means"]["differences"] == []
    assert "scalar" in section["latent_means"]["refusal"]
    assert section["scale_means"]["differences"] == []  # the back door is shut too
    assert section["ladder"]["licence"]["latent_means"] is False


def test_a_shifted_item_is_found_by_mimic(make_study: Callable[..., StudyResult]) -> None:
    study = make_study({"student": 300, "dean": 90}, lambda role, r: shifted(r, "EE2", -2) if role == "dean" else r)
    section = study.sections["comparison"]
    assert "two roles of 100" in section["ladder"]["refusal"]
    flagged = [row["item"] for row in section["mimic"]["items"] if row["flagged"]]
    assert "EE2" in flagged
    ease = next(row for row in section["mimic"]["differences"] if row["factor"] == "EE")
    assert abs(ease["d"]) < 0.6


def test_one_role_is_compared_with_nobody(make_study: Callable[..., StudyResult]) -> None:
    assert "comparison" not in make_study({"student": 120}).sections


@pytest.mark.parametrize(("d", "se", "equivalent"), [(0.1, 0.1, True), (0.4, 0.1, False), (-0.4, 0.05, True)])
def test_equivalence_is_two_one_sided_tests(d: float, se: float, equivalent: bool) -> None:
    found = role_ladder.equivalence(d, se, 0.5, 0.95)
    assert found["equivalent"] is equivalent
    assert (found["equivalence_p"] < 0.05) is equivalent
