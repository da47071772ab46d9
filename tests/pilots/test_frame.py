"""Whom the pilots reach, and what that many answers allow."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mce_utaut.pilots.coverage import Proposal
from mce_utaut.pilots.frame import Ladder, Reach, sampling_frame

Propose = Callable[..., Proposal]
LADDER = Ladder(10, 60, 100, 200)


@pytest.mark.parametrize(
    ("n", "word", "next_at"),
    [(9, "frequencies", 10), (10, "rank", 60), (60, "regression", 100), (100, "caution", 200), (200, "model", None)],
)
def test_the_ladder(n: int, word: str, next_at: int | None) -> None:
    assert word in LADDER.allows(n)
    assert LADDER.next_step(n) == next_at


def test_learners_add_up_and_staff_may_be_the_same_persons(propose: Propose) -> None:
    pilots = [
        propose("uned-01"),
        propose("uned-02", expected_students=40.0, n_professors_reachable=4.0, n_managers_reachable=None),
        propose("ktu-01", hei="ktu"),
    ]
    frame = sampling_frame(pilots, LADDER, {"student": 0.5, "professor": 0.5, "manager": 1.0})
    uned = next(hei for hei in frame.heis if hei.hei == "uned")
    assert uned.pilots == ("uned-01", "uned-02")
    assert uned.reach["student"] == Reach(100, 100, 0)
    assert uned.reach["professor"] == Reach(10, 6, 0)
    assert uned.reach["manager"] == Reach(2, 2, 1)
    student, professor, manager = frame.roles
    assert (student.reach.most, student.expected, student.next_at, student.persons_for_next) == (160, 80, 100, 200)
    assert "regression" in student.allows
    assert (professor.expected, professor.expected_least) == (8, 6)
    assert (manager.reach.most, manager.reach.blank, manager.expected) == (4, 1, 4)


def test_shares_do_not_lose_a_person_to_rounding(propose: Propose) -> None:
    [student, *_] = sampling_frame([propose(expected_students=100.0)], LADDER, {"student": 0.29}).roles
    assert student.expected == 29
    [student, *_] = sampling_frame([propose(expected_students=10.0)], LADDER, {"student": 0.1}).roles
    assert student.expected == 1 and student.persons_for_next == 100


def test_nobody_answers_at_a_rate_of_zero(propose: Propose) -> None:
    [student, *_] = sampling_frame([propose()], LADDER, {"student": 0.0}).roles
    assert (student.expected, student.next_at, student.persons_for_next) == (0, 10, None)
