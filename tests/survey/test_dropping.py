"""Respondents who are left out by their key, with the reason logged; a key of nobody is refused."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from mce_utaut.errors import ImportProblem
from mce_utaut.instrument.model import Instrument
from mce_utaut.responses.model import Exclusion, Responses
from mce_utaut.survey import plain, registry
from mce_utaut.survey.contract import ReadOptions

HEAD = "respondent,consent,role,age,gender,PE1,PE2,PE3,EE1,EE2,EE3R,SI1,SI2,FC1,FC2,BI1,BI2"
ANN = "Y,STU,22,F,4,5,4,5,4,2,3,3,4,4,6,7"
BEN = "Y,STU,30,M,2,1,2,2,1,2,3,5,4,1,6,1"


@dataclass(frozen=True)
class File:
    name: str
    content: bytes


def sheet(name: str, **rows: str) -> File:
    return File(name, "\n".join([HEAD, *(f"{key},{row}" for key, row in rows.items()), ""]).encode())


def read(mini: Instrument, *files: File, **drop: str) -> Responses:
    return registry.read_responses(mini, files, options=ReadOptions(absent=("ATT1",), drop=drop))


def test_who_is_named_is_left_out_and_logged(mini: Instrument) -> None:
    double = sheet("a.csv", ann=ANN, ben=BEN, again=ANN)
    assert "look_alikes" in [note.code for note in read(mini, double).notes]
    found = read(mini, double, again="sent twice")
    assert list(found.data.index) == ["ann", "ben"]
    assert found.exclusions == (Exclusion(0, 4, "dropped", "sent twice"),)
    assert "look_alikes" not in [note.code for note in found.notes]


def test_the_log_goes_with_what_import_writes(mini: Instrument) -> None:
    found = read(mini, sheet("a.csv", ann=ANN, ben=BEN), ben="a test")
    csv, sidecar = plain.write(mini, found).values()
    again = plain.read(mini, csv, "again.csv", ReadOptions(absent=("ATT1",)), sidecar)
    assert again.exclusions == found.exclusions and list(again.data.index) == ["ann"]


def test_of_several_files_one_must_have_the_key(mini: Instrument) -> None:
    files = sheet("a.csv", ann=ANN), sheet("b.csv", ben=BEN)
    found = read(mini, *files, ben="a test")
    assert list(found.data.index) == ["ann"]
    assert [(each.source, each.reason) for each in found.exclusions] == [(1, "dropped")]
    with pytest.raises(ImportProblem) as caught:
        read(mini, *files, benn="a test", x="y")
    near, unlike = map(str, caught.value.problems)
    assert near.startswith("no respondent who is kept has the key “benn”") and "Did you mean ben?" in near
    assert unlike.startswith("no respondent who is kept has the key “x”") and "Did you mean" not in unlike
    own = [ReadOptions(absent=("ATT1",), drop=drop) for drop in ({"ben": "a test"}, {})]
    with pytest.raises(ImportProblem, match=r"a\.csv: no respondent who is kept has the key “ben”"):
        registry.read_responses(mini, files, options=own)
