"""Descriptors of pilots: pilots are the cases, small cells are hidden, too many descriptors refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mce_utaut.errors import ImportProblem
from mce_utaut.files import ReadFile
from mce_utaut.study.pilot_facts import permutation_p
from mce_utaut.study.pilot_table import PilotTable, read_pilots
from mce_utaut.study.result import StudyResult
from mce_utaut.study.run import compute_study

PILOTS = 12
TABLE = "pilot_id,d5_format,d5_online,d1_breadth,d3_origin\n" + "".join(
    f"P {i},{'online' if i < 6 else 'onsite'},{10 * i},{i % 5},{'hybrid' if i == 0 else 'modularised'}\n"
    for i in range(PILOTS)
)


def file(text: str) -> ReadFile:
    return ReadFile("pilots.csv", text.encode(), "0" * 64)


@pytest.fixture(scope="module")
def pilots() -> PilotTable:
    return read_pilots(file(TABLE), ("d5_format", "d3_origin", "d5_online", "d1_breadth"))


@pytest.fixture(scope="module")
def study(
    make_instrument: Callable, make_responses: Callable, make_inputs: Callable, pilots: PilotTable
) -> StudyResult:
    parts: dict[str, Any] = {}
    for seed, (role, n) in enumerate({"student": 120, "manager": 26, "visitor": 12}.items(), start=3):
        instrument = make_instrument(role)
        place = np.arange(n) % (PILOTS if role != "visitor" else 3)
        responses = make_responses(instrument, n, seed, meta={"pilot_id": [f"p{i}" for i in place]})
        if role == "student":
            for item in ("BI1", "BI2", "BI3"):
                responses.data[item] = np.clip(responses.data[item] + 2 * (place < 6), 1, 7)
        parts[role] = (instrument, responses)
    inputs = replace(make_inputs(parts, sensitivity=False), pilots=pilots)
    return compute_study(inputs, versions={})


def test_a_planted_difference_between_designs_is_found(study: StudyResult) -> None:
    found = study.sections["pilots"]["roles"]["student"]
    row = next(row for row in found["contrasts"] if row["descriptor"] == "d5_format")
    assert (row["reference"], row["value"], row["pilots"], found["pilots"]) == ("online", "onsite", 6, PILOTS)
    assert row["difference"] < -0.8 and row["p_holm"] < 0.05


def test_one_pilot_is_compared_with_nothing(study: StudyResult) -> None:
    found = study.sections["pilots"]["roles"]["student"]
    assert not any(row["descriptor"] == "d3_origin" for row in found["contrasts"])
    alone = next(cell for cell in found["cells"] if cell["value"] == "hybrid")
    assert alone["pilots"] == 1 and alone["mean"] is None


def test_ten_pilots_carry_one_descriptor_of_degree(study: StudyResult) -> None:
    found = study.sections["pilots"]["roles"]["student"]
    assert [row["descriptor"] for row in found["slopes"]] == ["d5_online"]
    assert [row["descriptor"] for row in found["refusals"]] == ["d1_breadth"]


def test_small_cells_are_hidden_and_few_pilots_refused(study: StudyResult) -> None:
    managers = study.sections["pilots"]["roles"]["manager"]
    assert all(cell["n"] is None for cell in managers["cells"] if cell["descriptor"] == "d3_origin")
    assert study.sections["pilots"]["roles"]["visitor"]["refusals"][0]["reason"].startswith("3 pilots")


def test_the_permutation_is_exact_where_it_can_be() -> None:
    rng = np.random.default_rng(1)
    assert permutation_p(np.array([1.0, 2.0]), np.array([3.0, 4.0]), rng) == pytest.approx(2 / 6)
    many = permutation_p(rng.standard_normal(12), rng.standard_normal(12) + 3, rng)
    assert many == pytest.approx(1 / 5000)


@pytest.mark.parametrize("language", ["en", "it"])
def test_the_report_shows_pilots(study: StudyResult, language: str) -> None:
    from mce_utaut.report import render_report

    page = render_report(study, language).decode("utf-8")
    assert 'id="table-pilots"' in page and 'id="table-pilot_tests"' in page


@pytest.mark.parametrize(
    ("text", "said"),
    [("pilot,d5_format\na,b\n", "no column pilot_id"), ("pilot_id,d5_format\nA 1,b\na1,c\n", "stands twice")],
)
def test_what_a_table_of_pilots_may_not_hold(text: str, said: str) -> None:
    with pytest.raises(ImportProblem, match=said):
        read_pilots(file(text), ("d5_format",))


def test_a_value_of_one_university_is_not_told(
    make_instrument: Callable, make_responses: Callable, make_inputs: Callable, pilots: PilotTable
) -> None:
    instrument, place = make_instrument("manager"), np.arange(48) % PILOTS
    homes = ["ktu" if each < 6 else "uoc" for each in place]
    responses = make_responses(instrument, 48, meta={"pilot_id": [f"p{i}" for i in place], "hei": homes})
    inputs = replace(make_inputs({"manager": (instrument, responses)}, sensitivity=False), pilots=pilots)
    found = compute_study(inputs, versions={}).sections["pilots"]["roles"]["manager"]
    assert "one university alone" in next(r["reason"] for r in found["refusals"] if r["descriptor"] == "d5_format")
    assert not any(row["descriptor"] == "d5_format" for row in (*found["cells"], *found["contrasts"]))
