"""Responses joined to pilots by pilot id."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pandas as pd
import pytest

from mce_utaut.pilots.coverage import Proposal
from mce_utaut.pilots.joining import Joined, join
from mce_utaut.pilots.tables import joined_table
from mce_utaut.pilots.text import joined_text
from mce_utaut.responses.model import Responses
from mce_utaut.study.disclosure import shown

Propose = Callable[..., Proposal]
GIVEN = [
    ("uned", "uned-01"),
    ("uned", " UNED-01 "),
    ("ktu", "uned-01"),
    ("uned", "none"),
    ("uned", "uned-99"),
    ("uned", None),
    ("uned", "=x"),
]


@pytest.fixture
def joined(propose: Propose) -> Joined:
    index = pd.Index([f"r{number}" for number in range(len(GIVEN))], name="respondent")
    meta = pd.DataFrame({"hei": [hei for hei, _ in GIVEN], "wave": None, "pilot_id": [p for _, p in GIVEN]}, index)
    empty = pd.DataFrame(index=index)
    responses = Responses("mce_student", "1.0.0", "", "student", empty, empty, meta)
    return join(responses, [propose("uned-01").coded, propose("uned-02").coded])


def test_each_respondent_matches_in_one_way(joined: Joined) -> None:
    assert [each.match for each in joined.respondents] == [
        "matched", "matched", "matched", "none", "unmatched", "blank", "unmatched",
    ]  # fmt: skip
    assert joined.by_pilot == {"uned-01": 3}
    assert joined.unmatched == {"uned-99": 1, "=x": 1}


def test_unknown_ids_and_other_universities_are_told(joined: Joined) -> None:
    assert [note.code for note in joined.notes] == ["unmatched_pilots", "other_university"]
    text = joined_text(joined, lambda counts: shown(counts, 5))
    assert "7 respondents, 3 with a pilot, 1 without one" in text


def test_small_counts_and_what_few_persons_wrote_stay_out_of_the_text(joined: Joined) -> None:
    text = joined_text(joined, lambda counts: shown(counts, 5))
    assert "uned-01: not shown" in text
    assert "uned-99" not in text and "=x" not in text and "fewer than 5 wrote (2)" in text


def test_the_table_carries_the_descriptors(joined: Joined) -> None:
    rows = list(csv.DictReader(io.StringIO(joined_table(joined).decode("utf-8-sig"))))
    assert [row["d3_origin"] for row in rows] == ["hybrid"] * 3 + [""] * 4
    assert rows[1]["pilot_id"] == "uned-01" and rows[6]["pilot_id"] == "'=x"
    assert rows[0]["d4_fee_per_ects"] == "50"
