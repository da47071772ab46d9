"""Answers to a template as records: kinds of answers, blanks, what was not asked."""

from __future__ import annotations

import math

import pytest

from mce_utaut.instrument.load import load_instrument
from mce_utaut.instrument.model import Instrument
from mce_utaut.instrument.reading import TextFile
from mce_utaut.responses.records import make_record
from mce_utaut.responses.standard_elements import PROGRAMME_MANDATORY, STANDARD_ELEMENTS, ElementRule

STRUCTURE = """
id: form
version: "1"
role: case
kind: template
source_language: en
scales:
  yn: {kind: nominal, options: [{code: Y, name: "yes"}, {code: N, name: "no"}]}
  kind: {kind: nominal, options: [{code: A, name: first}, {code: B, name: second}]}
pages:
  - id: one
    questions:
      - {code: ASK, name: asked, type: choice, scale: yn}
      - {code: WHY, name: why, type: text, condition: {question: ASK, among: [Y]}}
      - {code: KIND, name: kinds, type: multi, scale: kind, other: true}
      - {code: WHO, name: who, type: choice, scale: kind, other: true}
      - {code: NUM, name: count, type: number}
"""
WORDING = """
instrument: form
language: en
survey: {title: "T"}
questions:
  ASK: {text: "a"}
  WHY: {text: "b"}
  KIND: {text: "c", other: "Another"}
  WHO: {text: "d", other: "Another"}
  NUM: {text: "e"}
scales:
  yn: {"Y": "Yes", "N": "No"}
  kind: {A: "First", B: "Second"}
"""


@pytest.fixture(scope="module")
def form() -> Instrument:
    return load_instrument(TextFile("form.yaml", STRUCTURE), [TextFile("form.en.yaml", WORDING)])


def test_answers_have_their_kinds(form: Instrument) -> None:
    record = make_record(form, "k", {"asked": "yes", "kinds": "first|other", "count": 3, "why": " x "})
    assert record.text("asked") == "yes" and record.options("asked") == ("yes",)
    assert record.options("kinds") == ("first", "other")
    assert record.number("count") == 3.0 and record.text("count") is None
    assert record.text("why") == "x"


@pytest.mark.parametrize("blank", [None, math.nan, "", "  "])
def test_blanks_are_not_reported(form: Instrument, blank: object) -> None:
    record = make_record(form, "k", {"kinds": blank, "count": blank, "why": blank})
    assert not any(record.reports(name) for name in ("kinds", "count", "why", "asked"))
    assert record.options("kinds") is None and record.number("count") is None


def test_zero_and_no_are_reported(form: Instrument) -> None:
    record = make_record(form, "k", {"count": 0.0, "asked": "no"})
    assert record.reports("count") and record.reports("asked")


@pytest.mark.parametrize(("asked", "shown"), [("yes", True), ("no", False), (None, False)])
def test_a_condition_that_does_not_hold_means_not_asked(form: Instrument, asked: str | None, shown: bool) -> None:
    assert ("why" not in make_record(form, "k", {"asked": asked}).not_asked) == shown


def test_other_goes_by_what_was_written(form: Instrument) -> None:
    assert make_record(form, "k", {"who": "other", "who_other": "Zoe"}).named("who") == "Zoe"
    assert make_record(form, "k", {"who": "other"}).named("who") == "other"
    assert make_record(form, "k", {"who": "first"}).named("who") == "first"


def test_nine_of_eleven_mandatory_elements_describe_a_programme() -> None:
    assert sum(element.mandatory for element in STANDARD_ELEMENTS) == 11
    assert len(PROGRAMME_MANDATORY) == 9


def test_every_field_or_any_field(form: Instrument) -> None:
    half = make_record(form, "k", {"count": 1.0})
    assert ElementRule("x", ("count", "why"), every=True).state(half) == "not_reported"
    assert ElementRule("x", ("count", "why")).state(half) == "given"
    assert ElementRule("x", ("asked",), no_answers=("no",)).state(make_record(form, "k", {"asked": "no"})) == "no"
