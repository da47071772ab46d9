"""A simulation of the planned sizes is told in the plan and in the result."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from typing import Any

import pytest

from mce_utaut.errors import StudyError
from mce_utaut.files import ReadFile
from mce_utaut.study.power_file import PowerFile, power_sentence, read_power, size_for
from mce_utaut.study.run import compute_study
from mce_utaut.study.sentences import Sentences

Build = Callable[..., Any]


def path(predictor: str, power: float) -> dict[str, Any]:
    names = ("target", "mean", "bias", "sd", "coverage", "coverage_se", "power_se")
    return {"outcome": "BI", "predictor": predictor, "planted": 0.4, "power": power, "bias_share": None,
            "mean_se": None, **dict.fromkeys(names, 0.5)}  # fmt: skip


def size(n: int, power: float) -> dict[str, Any]:
    return {"n": n, "method": "correlation", "samples": 300, "usable": 299, "paths": [path("PE", power)]}


def written(**more: Any) -> ReadFile:
    role = {"missing": 0.0, "icc": 0.0, "sizes": [size(20, 0.31), size(40, 0.62)]}
    form = {"samples": 300, "seed": 4, "roles": {"student": role}, **more}
    return ReadFile("power.json", json.dumps(form).encode(), "0" * 64)


@pytest.fixture(scope="module")
def power() -> PowerFile:
    return read_power(written(), ["student", "dean"])


def test_the_size_next_below_the_number_aimed_at_is_told(power: PowerFile) -> None:
    sizes = [size_for(power.roles["student"], n).n for n in (10, 20, 39, 40, 500)]
    assert sizes == [20, 20, 20, 40, 40]


def test_the_sentence_names_power_and_the_path_expected(power: PowerFile) -> None:
    told = power_sentence(power.roles["student"].sizes[1], "BI", {"PE": "benefit"}, Sentences("en"))
    assert told == "Power in a simulation of 40 respondents (300 samples): .62 for benefit (path expected: .40)."
    assert "no path" in power_sentence(power.roles["student"].sizes[1], "USE", {}, Sentences("en"))


def test_another_file_is_refused(power: PowerFile) -> None:
    for content in (b"n,power\n40,0.8\n", b"[]", json.dumps({"samples": 3}).encode(), written(extra=1).content):
        with pytest.raises(StudyError, match="not what `plan` writes"):
            read_power(ReadFile("power.json", content, ""), ["student"])


def test_a_simulation_of_other_roles_is_refused() -> None:
    with pytest.raises(StudyError, match="no role of the study, only student"):
        read_power(written(), ["dean"])


def test_the_section_takes_the_size_of_the_number_planned_else_analysed(
    power: PowerFile, make_instrument: Build, make_responses: Build, make_inputs: Build
) -> None:
    asked = {role: make_instrument(role) for role in ("student", "dean")}
    parts = {role: (each, make_responses(each, 30, seed)) for seed, (role, each) in enumerate(asked.items(), start=3)}
    found = []
    for planned in ({}, {"student": 60}):
        inputs = dataclasses.replace(make_inputs(parts, sensitivity=False, planned_n=planned), power=power)
        found.append(compute_study(inputs, versions={}).sections["planning"]["roles"])
    assert [set(each) for each in found] == [{"student"}, {"student"}]
    assert [(each["student"]["n"], each["student"]["aimed"]) for each in found] == [(20, None), (40, 60)]
    assert found[1]["student"]["paths"][0]["power"] == 0.62 and ".62" in found[1]["student"]["sentence"]
