"""Coded answers beside numbers: persons counted, small cells hidden, nobody named, inferences by people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from mce_utaut.errors import StudyError
from mce_utaut.files import ReadFile
from mce_utaut.instrument.model import Instrument
from mce_utaut.responses.pseudonyms import pseudonym
from mce_utaut.study.coded import CodedAnswers, Inference, code_book, parse_inferences
from mce_utaut.study.json_form import to_json
from mce_utaut.study.run import compute_study
from mce_utaut.study.tables import tables
from mce_utaut.triangulation.codes import Code

SECRET = b"a secret of this test"


def code(row: int, construct: str, sign: str, theme: str, coder: str = "ada", **more: Any) -> Code:
    who = pseudonym("student", f"r{row}", SECRET)
    return Code(who, "student", "open question", "O1", coder, construct, sign, theme, **more)


def section(
    make_inputs: Callable[..., Any], instrument: Instrument, responses: Any, codes: Sequence[Code], **more: Any
) -> tuple[Any, Any]:
    inputs = make_inputs({"student": (instrument, responses)}, sensitivity=False)
    result = compute_study(replace(inputs, coded=CodedAnswers(tuple(codes), **more), secret=SECRET), versions={})
    return result, result.sections["joint_display"]


@pytest.fixture(scope="module")
def shown(make_inputs: Callable[..., Any], make_responses: Callable[..., Any], instrument: Instrument) -> tuple:
    responses = make_responses(instrument, 40, meta={"submitted": [False] * 2 + [True] * 38})
    codes = [
        *(code(i, "PE", "+", "useful") for i in range(12)),
        *(code(i, "PE", "+", "at work") for i in range(8, 15)),
        *(code(i, "PE", "+", "rare theme") for i in range(15, 17)),
        *(code(i, "PE", "-", "no grade") for i in range(20, 23)),
        *(code(i, "PE", "+", "useful", coder="bea") for i in range(2, 10)),
        code(30, "PE", "+", "useful", quote="It pays.", cleared=True, language="en"),
        code(31, "PE", "+", "useful", quote="Do not print me.", cleared=False),
        Code("Ann", "external", "interview", "", "ada", "PE", "+", "useful", quote="I am the only one.", cleared=True),
    ]
    return section(
        make_inputs, instrument, responses, codes, inferences={"student": {"PE": Inference("expand", "So.")}}
    )


def test_numbers_stand_beside_persons_and_the_inference(shown: tuple) -> None:
    result, joint = shown
    rows = {row["construct"]: row for row in joint["roles"]["student"]["rows"]}
    scale = next(each for each in result.roles[0].scales if each.construct == "PE")
    assert rows["PE"]["mean"] == scale.pomp.estimate and rows["PE"]["path_method"] == "correlation"
    assert (rows["PE"]["positive"], rows["PE"]["negative"], rows["PE"]["neutral"]) == (17, None, 0)
    assert (rows["PE"]["judgement"], rows["PE"]["inference"]) == ("expand", "So.")
    assert rows["PE"]["inference_language"] == "" and rows["EE"]["inference_language"] == ""
    assert rows["EE"]["judgement"] is None and rows["EE"]["path"] is not None


def test_a_small_theme_takes_its_complement_along(shown: tuple) -> None:
    themes = {row["theme"]: row["persons"] for row in shown[1]["roles"]["student"]["themes"]}
    assert themes == {"useful": 12, "at work": None, "rare theme": None, "no grade": None}


def test_respondents_whom_the_study_left_out_are_not_counted(shown: tuple) -> None:
    assert shown[1]["left_out"] == 2


def test_nobody_is_named_and_only_cleared_words_are_printed(shown: tuple) -> None:
    result, joint = shown
    written = to_json(result) + b"".join(tables(result).values())
    assert [quote["quote"] for quote in joint["roles"]["student"]["quotes"]] == ["It pays."]
    for secret in (b"Do not print me", b"S-", b"Ann", b"ada", b"bea", b"only one", SECRET):
        assert secret not in written


def test_too_few_people_show_nothing(shown: tuple) -> None:
    external = shown[1]["roles"]["external"]
    assert external["refusal"] and not external["quotes"] and external["persons"] is None


def test_agreement_is_judged(shown: tuple) -> None:
    found = shown[1]["agreement"]
    assert found["units"] == 8
    assert {row["coefficient"] for row in found["coefficients"]} == {"alpha", "kappa"}


def test_no_codes_no_section(
    make_inputs: Callable[..., Any], make_responses: Callable[..., Any], instrument: Any
) -> None:
    inputs = make_inputs({"student": (instrument, make_responses(instrument, 30))}, sensitivity=False)
    assert "joint_display" not in compute_study(inputs, versions={}).sections


def test_an_inference_has_its_own_language_or_that_of_the_file(instrument: Instrument) -> None:
    text = "language: en\ninferences:\n  student:\n    PE: {judgement: expand, text: a}\n"
    text += "    EE: {judgement: expand, text: b, language: it}\n"
    found = parse_inferences(ReadFile("i.yaml", text.encode(), ""), code_book({"student": instrument}, None, b""))
    assert {name: each.language for name, each in found["student"].items()} == {"PE": "en", "EE": "it"}


def test_an_inference_on_what_the_study_does_not_have_is_named(instrument: Instrument) -> None:
    book = code_book({"student": instrument}, None, b"")
    text = "inferences:\n  student:\n    PX: {judgement: expand, text: a}\n    PE: {judgement: maybe, text: b}\n"
    with pytest.raises(StudyError) as caught:
        parse_inferences(ReadFile("i.yaml", text.encode(), ""), book)
    assert [(each.line, each.where) for each in caught.value.problems] == [(4, "inferences.student.PE.judgement")]
    with pytest.raises(StudyError) as caught:
        parse_inferences(ReadFile("i.yaml", text.replace("maybe", "discord").encode(), ""), book)
    assert [(each.line, each.column) for each in caught.value.problems] == [(3, 5)]
