"""Counting cases: conditions, "other", blanks, contradictions."""

from __future__ import annotations

import pytest

from mce_utaut.cases.analysis import analyse
from mce_utaut.cases.tables import tables
from mce_utaut.cases.text import results_text
from mce_utaut.errors import ImportProblem
from mce_utaut.instrument.model import Instrument
from mce_utaut.responses.records import Record, make_record


def case(template: Instrument, key: str = "c1", **answers: object) -> Record:
    return make_record(template, key, answers, "cases.csv", 2)


def test_details_are_asked_only_where_the_answer_calls_for_them(template: Instrument) -> None:
    cases = [
        case(template, "a", internal_accreditation="yes", internal_timing="ex_ante"),
        case(template, "b", internal_accreditation="yes"),
        case(template, "c", internal_accreditation="no"),
        case(template, "d"),
    ]
    results = analyse(template, cases)
    timing = results.table("internal_timing")
    assert (timing.asked, timing.not_reported, timing.n("ex_ante")) == (2, 1, 1)
    assert timing.percent("ex_ante") == 50
    assert results.table("internal_accreditation").not_reported == 1
    assert results.table("external_timing").percent("ex_ante") is None


def test_another_university_counts_by_its_name(template: Instrument) -> None:
    cases = [
        case(template, "a", hei_name="other", hei_name_other="Uni X"),
        case(template, "b", hei_name="other", hei_name_other="Uni Y"),
        case(template, "c", hei_name="uoc"),
        case(template, "d", hei_name="uoc"),
    ]
    results = analyse(template, cases)
    assert results.heis == ("Uni X", "Uni Y", "uoc")
    assert results.table("hei_name").n("other") == 2


def test_several_answers_of_a_case_count_one_each(template: Instrument) -> None:
    results = analyse(template, [case(template, assessment_types="essay|testing|other"), case(template, "c2")])
    types = results.table("assessment_types")
    assert (types.n("essay"), types.n("testing"), types.n("other"), types.not_reported) == (1, 1, 1, 1)
    assert types.percent("essay") == 50


def test_weeks_fall_into_bins_with_fractions(template: Instrument) -> None:
    weeks = (1.0, 1.5, 4.9, 5.0, 13.0, 26.0, 52.0)
    results = analyse(template, [case(template, str(n), duration_weeks=week) for n, week in enumerate(weeks)])
    assert [each.n for each in results.histogram("duration_weeks").bins] == [2, 1, 1, 1, 1, 1]


@pytest.mark.parametrize(
    ("answers", "element", "state"),
    [
        ({"online_score": 5.0}, "T1M10", "not_reported"),
        ({"online_score": 5.0, "sync_score": 0.0}, "T1M10", "given"),
        ({"internal_accreditation": "no"}, "T1M11", "not_reported"),
        ({"internal_accreditation": "no", "external_accreditation": "no"}, "T1M11", "no"),
        ({"internal_accreditation": "no", "external_accreditation": "yes"}, "T1M11", "given"),
        ({"awarding_body": "Senate"}, "T1M04", "given"),
        ({"level_eqf": "unspecified"}, "T1M08", "no"),
        ({"level_eqf": "national"}, "T1M08", "given"),
        ({}, "T1M02", "not_reported"),
    ],
)
def test_states_of_standard_elements(
    template: Instrument, answers: dict[str, object], element: str, state: str
) -> None:
    [row] = analyse(template, [case(template, **answers)]).completeness
    assert row.states[element] == state


def test_a_full_case_is_complete(template: Instrument) -> None:
    full = case(
        template, title="T", country="IT", awarding_type="own_hei", learning_outcomes="x", workload_ects=5.0,
        level_eqf="7", assessment_types="essay", online_score=10.0, sync_score=1.0, internal_accreditation="yes",
    )  # fmt: skip
    [row] = analyse(template, [full]).completeness
    assert (row.given, row.share) == (9, 1.0)


def test_contradictions_are_told_all_at_once(template: Instrument) -> None:
    wrong = [
        case(template, "a", stackability="independent|stackable"),
        case(template, "b", legacy_scale="yes", sync_score=0.0, n_students_attended=3.0, n_students_completed=4.0),
    ]
    with pytest.raises(ImportProblem) as caught:
        analyse(template, wrong)
    said = [str(problem) for problem in caught.value.problems]
    assert len(said) == 3
    assert all(each.startswith("cases.csv: row 2: ") for each in said)
    assert "independent" in said[0] and "sync_score is 0" in said[1] and "4 learners completed" in said[2]


def test_the_same_title_twice_is_noted(template: Instrument) -> None:
    twice = [case(template, key, hei_name="uoc", title=title) for key, title in (("a", "Python"), ("b", "python"))]
    assert [note.code for note in analyse(template, twice).notes] == ["same_title"]


def test_no_cases_give_empty_tables(template: Instrument) -> None:
    results = analyse(template, [])
    assert results.n == 0 and results.table("origin").percent("hybrid") is None
    assert "0 cases" in results_text(results) and set(tables(results)) == {
        "counts.csv", "numbers.csv", "histograms.csv", "stackability.csv", "completeness.csv",
    }  # fmt: skip


def test_a_title_is_no_formula_in_the_csv(template: Instrument) -> None:
    results = analyse(template, [case(template, title="=1+1", stackability="independent")])
    assert b",'=1+1," in tables(results)["stackability.csv"]
