"""The results chapter of the founding report comes out of data that fit its printed totals.

The answers of single cases are made up (docs/founding-report.md); their totals are the report's.
"""

from __future__ import annotations

import csv
import io
import math

import pytest

from mce_utaut.cases.results import CaseResults
from mce_utaut.cases.tables import tables
from mce_utaut.cases.text import results_text


def counted(results: CaseResults, field: str) -> dict[str, int]:
    return {count.option: count.n for count in results.table(field).counts if count.n}


def test_19_cases_of_10_universities(report_2023: CaseResults) -> None:
    assert report_2023.n == 19
    assert len(report_2023.heis) == 10


@pytest.mark.parametrize(
    ("section", "field", "expected", "not_reported"),
    [
        ("1.4", "awarding_type", {"own_hei": 14, "multiple_institutions": 5}, 0),
        ("1.6", "level_eqf", {"7": 11, "6": 3, "5": 1, "unspecified": 2, "national": 2}, 0),
        ("2.1", "prerequisites_yn", {"yes": 15, "no": 4}, 0),
        ("2.4", "origin", {"modularised": 7, "from_scratch": 12}, 0),
        ("2.6", "codesign_yn", {"yes": 11}, 8),
        ("2.9", "schedule_type", {"fixed": 15, "flexible": 4}, 0),
        ("3.2", "supervision", {"unsup_id": 3, "sup_online_id": 7, "sup_onsite_id": 6, "sup_noid": 3}, 0),
        ("3.4", "employer_opinion_mode", {"none": 12, "pending": 3, "oral": 4}, 0),
        ("4.1", "internal_accreditation", {"yes": 13, "no": 6}, 0),
        ("4.2", "external_accreditation", {"yes": 4, "no": 15}, 0),
        ("4.4", "company_cooperation_yn", {"yes": 4, "no": 10}, 5),
        ("4.5", "professional_certificate_yn", {"yes": 6, "no": 9}, 4),
        ("4.6", "stackability", {"independent": 8, "stackable": 5, "recognition_formal": 11}, 0),
    ],
)
def test_counts(
    report_2023: CaseResults, section: str, field: str, expected: dict[str, int], not_reported: int
) -> None:
    assert counted(report_2023, field) == expected
    assert report_2023.table(field).not_reported == not_reported
    assert report_2023.table(field).asked == 19


@pytest.mark.parametrize(
    ("field", "option", "printed"),
    [
        ("awarding_type", "own_hei", 73.68),
        ("awarding_type", "multiple_institutions", 26.32),
        ("stackability", "recognition_formal", 57.89),
        ("stackability", "stackable", 26.31),  # cut off, not rounded: 26.316
        ("stackability", "independent", 42.0),
    ],
)
def test_percentages(report_2023: CaseResults, field: str, option: str, printed: float) -> None:
    percent = report_2023.table(field).percent(option)
    assert percent is not None and percent == pytest.approx(printed, abs=0.11)
    digits = 2 if printed != round(printed) else 0
    assert printed in (round(percent, digits), math.floor(percent * 10**digits) / 10**digits)


def test_ranges_and_means(report_2023: CaseResults) -> None:
    def span(field: str) -> tuple[float | None, float | None]:
        return report_2023.number(field).minimum, report_2023.number(field).maximum

    assert span("workload_ects") == (1.5, 45)
    assert span("duration_weeks") == (1, 52)
    assert span("n_students_attended") == (3, 520)
    assert span("completion_rate") == (19, 100)
    online, synchronous = report_2023.number("online_score"), report_2023.number("sync_score")
    assert (online.n, synchronous.n) == (19, 19)
    assert round(online.mean / 10, 1) == 8.5
    assert math.floor(synchronous.mean * 100) / 100 == 18.94  # 360 / 19 = 18.947, printed cut off


def test_four_cases_track_the_opinions_of_learners(report_2023: CaseResults) -> None:
    tracked = {option: n for option, n in counted(report_2023, "student_opinion_mode").items() if option != "none"}
    assert sum(tracked.values()) == 4
    satisfied = report_2023.number("student_satisfaction_pct")
    assert (satisfied.n, satisfied.mean) == (1, 86)
    assert satisfied.not_reported == 3  # the others that collect opinions; nobody else was asked


def test_the_sixteen_types_of_assessment_that_the_report_lists_occur(report_2023: CaseResults) -> None:
    assert len(counted(report_2023, "assessment_types")) == 16


def test_table_3_has_a_row_a_case_and_its_totals(report_2023: CaseResults) -> None:
    table = report_2023.stackability
    assert len(table.rows) == 19 and table.totals == (8, 5, 11)
    assert all(row.reported and (row.independent != (row.stackable or row.recognised)) for row in table.rows)


def test_histograms_count_every_case_once(report_2023: CaseResults) -> None:
    for histogram in report_2023.histograms:
        assert sum(each.n for each in histogram.bins) + histogram.not_reported == 19
        assert all(one.upper == two.lower for one, two in zip(histogram.bins, histogram.bins[1:]))
    online = report_2023.histogram("online_score")
    assert sum(each.lower * each.n for each in online.bins) == 161


def test_completeness_keeps_no_and_not_reported_apart(report_2023: CaseResults) -> None:
    states = [row.states for row in report_2023.completeness]
    assert [each["T1M06"] for each in states] == ["not_reported"] * 19  # the report prints no outcomes by case
    assert sorted(each["T1M08"] for each in states) == ["given"] * 17 + ["no"] * 2
    assert sorted(each["T1O01"] for each in states) == ["given"] * 15 + ["no"] * 4
    for row in report_2023.completeness:
        assert row.share == row.given / 9 and row.given <= 8


def test_the_old_scale_is_noted(report_2023: CaseResults) -> None:
    assert [note.code for note in report_2023.notes] == ["legacy_scale"]


def test_text_and_csv_tell_the_same(report_2023: CaseResults) -> None:
    text = results_text(report_2023)
    written = {
        name: list(csv.DictReader(io.StringIO(data.decode("utf-8-sig")))) for name, data in tables(report_2023).items()
    }
    by_option = {(row["field"], row["option"]): row for row in written["counts.csv"]}
    assert by_option["stackability", "recognition_formal"]["n"] == "11"
    assert by_option["company_cooperation_yn", "no"]["not_reported"] == "5"
    assert float(by_option["origin", "from_scratch"]["percent"]) == pytest.approx(1200 / 19, rel=1e-15)
    assert "From scratch" in text and "63.2" in text and "(not reported)" in text
    assert written["stackability.csv"][-1] == {
        "case": "total", "title": "", "independent": "8", "stackable": "5", "recognised": "11",
    }  # fmt: skip
    assert text.splitlines()[0].startswith("19 cases of 10 universities")
    assert len(written["completeness.csv"]) == 19 and len(written["histograms.csv"]) == 11 + 11 + 6
