"""The sample questionnaire loads, and its objects say what its files say."""

from __future__ import annotations

import pytest

from mce_utaut.errors import InstrumentError
from mce_utaut.instrument.load import check_instrument, load_instrument
from mce_utaut.instrument.model import Condition, Instrument
from mce_utaut.instrument.reading import TextFile


def test_the_sample_has_every_question_type(sample: Instrument) -> None:
    types = {question.type for question in sample.questions()}
    assert types == {
        "array", "choice", "multi", "integer", "number", "text", "long_text", "date", "info",
    }  # fmt: skip


def test_constructs_hold_all_items_and_their_anchors(sample: Instrument) -> None:
    assert sample.constructs["PE"].items == ("PE1", "PE2", "PE3", "PE4", "PEs1")
    assert sample.constructs["PE"].anchors == ("PE1", "PE2", "PE3", "PE4")
    assert sample.constructs["USE"].items == ("USE3",)


def test_cannot_judge_is_resolved_at_each_item(sample: Instrument) -> None:
    offers = {item.code: item.cannot_judge for _, item in sample.items()}
    assert offers["PE1"] and not offers["CHK1"] and not offers["BI4"]


def test_ordinal_options_are_scored_by_code_or_else_by_position(sample: Instrument) -> None:
    assert [option.value for option in sample.scales["involvement"].options] == [0, 1, 2, 3, 4]
    assert [option.value for option in sample.scales["age"].options] == [1, 2, 3]
    assert [option.value for option in sample.scales["yesno"].options] == [None, None]


def test_conditions_consent_and_default_names(sample: Instrument) -> None:
    assert sample.consent == Condition("CONSENT", ("Y",))
    assert sample.page_of("TUTORS").condition == Condition("SUP", ("TUT",))
    assert sample.question("PEQ").name == "peq"


def test_parameters_are_filled_in_and_unquoted_answers_stay_text(sample: Instrument) -> None:
    assert sample.wordings["it"]["item.BI1"].endswith("nei prossimi 12 mesi.")
    assert sample.wordings["en"]["scale.yesno.N"] == "No"
    assert sample.languages == ("en", "it")


def test_status_comes_from_the_review_or_the_file(sample: Instrument) -> None:
    italian = sample.wordings["it"]
    assert italian.strings["item.PE1"].status == "approved"
    assert "item.PE1" not in italian.unapproved() and "item.PE2" in italian.unapproved()
    assert sample.wordings["en"].unapproved() == ()


def test_load_raises_every_problem_of_every_file_at_once(texts: dict[str, str]) -> None:
    structure = TextFile("sample.yaml", texts["sample.yaml"].replace("required: soft", "requird: soft", 1))
    english = TextFile("sample.en.yaml", texts["sample.en.yaml"].replace("  PE1:", "  PE9:", 1))
    italian = TextFile("sample.it.yaml", texts["sample.it.yaml"])
    with pytest.raises(InstrumentError) as raised:
        load_instrument(structure, [english, italian])
    said = {(problem.file, problem.where) for problem in raised.value.problems}
    assert said >= {("sample.yaml", "page pe, question PEQ"), ("sample.en.yaml", "item PE1")}
    assert check_instrument(structure, [english, italian]).instrument is None


def test_the_sample_raises_no_warning_but_the_one_on_a_short_construct(texts: dict[str, str]) -> None:
    files = [TextFile(name, text) for name, text in texts.items()]
    report = check_instrument(files[0], files[1:])
    assert [(note.code, note.where) for note in report.warnings] == [("few_items", "sample.yaml:64: construct BI")]
