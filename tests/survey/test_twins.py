"""The same people exported twice: seen by identity, else by their answers, else cautioned about."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mce_utaut.instrument.model import Instrument
from mce_utaut.responses.model import Responses
from mce_utaut.survey import registry

LIME = Path(__file__).resolve().parent.parent / "data" / "limesurvey"
HEAD = "consent,role,age,gender,PE1,PE2,PE3,EE1,EE2,EE3R,SI1,SI2,FC1,FC2,BI1,BI2"
ANN = "Y,STU,22,F,4,5,4,5,4,2,3,3,4,4,6,7"
BEN = "Y,STU,30,M,2,1,2,2,1,2,3,5,4,1,6,1"
ALL_FOURS = "Y,,,,4,4,4,4,4,4,4,4,4,4,4,4"


@dataclass(frozen=True)
class File:
    name: str
    content: bytes


def plain(name: str, *rows: str, head: str = HEAD) -> File:
    return File(name, "\n".join([head, *rows, ""]).encode())


def read(mini: Instrument, *files: File) -> Responses:
    from mce_utaut.survey.contract import ReadOptions

    return registry.read_responses(mini, files, options=ReadOptions(absent=("ATT1",)))


def codes(found: Responses) -> list[str]:
    return [note.code for note in found.notes if note.code not in ("absent_fields", "unknown_columns")]


def test_code_headings_and_full_headings_of_one_survey_merge(mini: Instrument) -> None:
    files = [
        File(name, (LIME / "rc" / name).read_bytes()) for name in ("lean_en_code_short.csv", "lean_en_full_long.csv")
    ]
    merged = registry.read_responses(mini, files)
    assert merged.n == 9
    assert [one.reason for one in merged.exclusions if one.source == 1].count("duplicate") == 9


def test_the_same_answers_without_identity_are_one_person(mini: Instrument) -> None:
    found = read(mini, plain("a.csv", ANN, BEN), plain("b.csv", BEN, ANN.replace("22", "23")))
    assert found.n == 3
    (double,) = (one for one in found.exclusions if one.reason == "duplicate")
    assert (double.source, double.source_row) == (1, 2)
    assert double.detail == "all answers as in another file, row 3"
    assert codes(found) == ["same_answers", "no_identity"]


def test_two_rows_of_one_file_take_one_row_of_the_other_only(mini: Instrument) -> None:
    assert read(mini, plain("a.csv", ANN), plain("b.csv", ANN, ANN)).n == 2
    assert read(mini, plain("a.csv", ANN, ANN), plain("b.csv", BEN, ANN)).n == 3


def test_straight_lines_agree_by_chance_but_not_among_known_doubles(mini: Instrument) -> None:
    apart = read(mini, plain("a.csv", ALL_FOURS), plain("b.csv", ALL_FOURS, BEN))
    assert apart.n == 3
    assert codes(apart) == ["no_identity"]
    assert read(mini, plain("a.csv", ALL_FOURS, BEN), plain("b.csv", ALL_FOURS, BEN, ANN)).n == 3


def test_few_answers_are_no_fingerprint(mini: Instrument) -> None:
    few = "Y,STU,22,F,4,5,4,,,,,,,,,"
    assert read(mini, plain("a.csv", few), plain("b.csv", few, BEN)).n == 3


def test_people_with_keys_of_their_own_stay_apart(mini: Instrument) -> None:
    head = f"respondent,{HEAD}"
    found = read(mini, plain("a.csv", f"p1,{ANN}", head=head), plain("b.csv", f"q1,{ANN}", head=head))
    assert found.n == 2
    assert codes(found) == ["look_alikes"]
    assert "row 2 of a.csv and row 2 of b.csv" in found.notes[-1].text


def test_another_state_of_submission_is_another_response(mini: Instrument) -> None:
    head = f"meta.submitted,{HEAD}"
    found = read(mini, plain("a.csv", f"true,{ANN}", head=head), plain("b.csv", f"false,{ANN}", head=head))
    assert found.n == 2


def test_a_form_sent_twice_is_named_and_straight_lines_are_not(mini: Instrument) -> None:
    found = read(mini, plain("a.csv", ANN, BEN, ALL_FOURS, ALL_FOURS, ANN))
    assert found.n == 5
    (note,) = (note for note in found.notes if note.code == "look_alikes")
    assert (note.level, note.text[:13]) == ("caution", "2 respondents")
    assert "row 2 of a.csv and row 6 of a.csv" in note.text
