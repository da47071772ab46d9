"""Contradictions are refused, all at once; gaps are told."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mce_utaut.errors import ImportProblem
from mce_utaut.pilots.checking import check_pilots
from mce_utaut.responses.records import Record

Make = Callable[..., Record]


def problems(*pilots: Record) -> list[str]:
    with pytest.raises(ImportProblem) as caught:
        check_pilots(pilots)
    return [str(problem) for problem in caught.value.problems]


def test_two_good_proposals_are_in_order(make: Make) -> None:
    assert check_pilots([make("uned-01"), make("uned-02")]) == ()


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"end_date": "2024-01-31"}, "ends on 2024-01-31, before it starts on 2024-02-05"),
        ({"duration_weeks": 10.0}, "lasts 10 weeks, but 2024-02-05 to 2024-03-31 are 8.0"),
        ({"fee_eur": None}, "is not free, but no fee is given"),
        ({"fee_eur": 0.0}, "is not free, but no fee is given"),
        ({"free_for_students": "yes"}, "is free, but costs 200 euros"),
        ({"engagement_mode": "none|indirect_reports"}, "engagement_mode is none, and also indirect_reports"),
        ({"stackability": "cpd_register|independent"}, "stackability is independent, and also cpd_register"),
        ({"standards": "none|elm"}, "standards is none, and also elm"),
        ({"hei": None}, "does not say which university"),
    ],
)
def test_contradictions(make: Make, answers: dict[str, object], said: str) -> None:
    [problem] = problems(make(**answers), make("uned-02"))
    assert problem.startswith("proposals.csv: row 2 (uned-01): ")
    assert said in problem


@pytest.mark.parametrize("weeks", [7.0, 9.0])
def test_a_week_more_or_less_is_fine(make: Make, weeks: float) -> None:
    assert check_pilots([make(duration_weeks=weeks), make("uned-02")]) == ()


def test_open_dates_are_fine(make: Make) -> None:
    assert check_pilots([make(end_date=None, duration_weeks=30.0), make("uned-02", start_date=None)]) == ()


def test_ids_are_given_once_whatever_their_case(make: Make) -> None:
    [problem] = problems(make("uned-01", row=2), make(" UNED-01", row=3))
    assert "row 3" in problem and "of row 2" in problem


def test_no_pilot_can_be_called_none_or_nothing(make: Make) -> None:
    found = problems(make("None", row=2), make(None, row=3))
    assert "means “no pilot”" in found[0] and "has no pilot_id" in found[1]


def test_all_problems_are_told_at_once(make: Make) -> None:
    found = problems(
        make("uned-01", row=2, end_date="2023-01-01", fee_eur=None, flexibility="none|pace"), make("uned-01", row=3)
    )
    assert len(found) == 4


def test_a_university_with_one_proposal_is_a_caution(make: Make) -> None:
    [note] = check_pilots([make("uned-01"), make("uned-02"), make("ktu-01", hei="ktu")])
    assert (note.code, note.level) == ("few_proposals", "caution") and note.text.endswith("ktu.")


def test_an_id_of_another_form_and_a_format_against_the_rate_are_told(make: Make) -> None:
    notes = check_pilots([make("Ethics 1"), make("uned-02", delivery_format="onsite")])
    assert [note.code for note in notes] == ["pilot_id_form", "format_and_rate"]
    assert "uned-01" in notes[0].text and "60 % online" in notes[1].text
