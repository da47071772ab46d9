"""What a questionnaire does beforehand against common-method variance."""

from __future__ import annotations

import dataclasses

from mce_utaut import files
from mce_utaut.cli.questionnaire import load
from mce_utaut.instrument.model import Instrument
from mce_utaut.shipped import shipped
from mce_utaut.study.model_text import read_model
from mce_utaut.study.remedies import remedies
from mce_utaut.study.sentences import Sentences

MODEL = read_model(files.read(shipped("models") / "mce_intention.lav").content.decode("utf-8"))
SAY = Sentences("en")


def found(instrument: Instrument) -> dict:
    return remedies({"student": instrument}, MODEL, "BI", SAY)["roles"]["student"]


def test_the_shipped_questionnaire_keeps_the_intention_apart() -> None:
    student = found(load("mce_student"))
    assert (student["pages"], student["apart"], student["random"], student["unnamed"]) == (5, True, True, True)
    assert "5 pages" in student["sentence"] and "another page" in student["sentence"]


def test_one_page_in_one_order_with_a_name_is_told_as_it_is() -> None:
    given = load("mce_student")
    questions = tuple(
        dataclasses.replace(each, random_items=False, personal=each.code == "PILOT") for each in given.questions()
    )
    page = dataclasses.replace(given.pages[0], questions=questions)
    student = found(dataclasses.replace(given, pages=(page,)))
    assert (student["pages"], student["apart"], student["random"], student["unnamed"]) == (1, False, False, False)
    assert "one page" in student["sentence"] and "share a page" in student["sentence"]


def test_a_questionnaire_without_the_models_items_says_nothing() -> None:
    assert remedies({"student": dataclasses.replace(load("mce_student"), pages=())}, MODEL, "BI", SAY) == {}
