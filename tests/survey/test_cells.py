"""What a cell can mean: codes, labels of any language, numbers, dates, missing kinds, and what is refused."""

from __future__ import annotations

import math
from typing import Any

import pytest

from mce_utaut.errors import ImportProblem
from mce_utaut.instrument.model import Instrument
from mce_utaut.responses.model import Responses
from mce_utaut.responses.pseudonyms import kept_already, made_with
from mce_utaut.survey import plain
from mce_utaut.survey.contract import ReadOptions
from mce_utaut.survey.delimited import write_rows
from mce_utaut.survey.quantities import number

HEADS = [
    *("respondent", "consent", "hei", "PE1", "PE2", "PE3", "PE4", "PEs1", "CHK1", "BI1", "BI2", "BI3", "BI4"),
    *("use_count", "use_ects", "use_involvement", "use_since", "support", "open_benefit", "age_band"),
    *("gender", "gender_other", "link_code", "email", "tutor_count"),
]
BASE = {
    "respondent": "r1",
    "consent": "Y",
    **{item: "4" for item in ["PE1", "PE2", "PE3", "PE4", "PEs1", "BI1", "BI2", "BI3", "BI4"]},
    "CHK1": "6",
    "use_involvement": "2",
}


def read(sample: Instrument, *rows: dict[str, str], **options: Any) -> Responses:
    table = [HEADS]
    for index, row in enumerate(rows):
        merged = {**BASE, "respondent": f"r{index}", **row}
        table.append([merged.get(head, "") for head in HEADS])
    return plain.read(sample, write_rows(table), "data.csv", ReadOptions(**options))


def refused(sample: Instrument, *rows: dict[str, str], **options: Any) -> list[str]:
    with pytest.raises(ImportProblem) as caught:
        read(sample, *rows, **options)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize("answer", ["6", "6.0", "6,0", " 6 ", "agree", "AGREE"])
def test_an_option_is_known_by_code_and_name(sample: Instrument, answer: str) -> None:
    assert read(sample, {"PE1": answer}).data["PE1"].tolist() == [6]


def test_labels_of_any_language_may_be_mixed(sample: Instrument) -> None:
    labels = [sample.wordings[language][f"scale.agree7.{code}"] for language, code in (("en", "7"), ("it", "2"))]
    assert read(sample, *({"PE1": label} for label in labels)).data["PE1"].tolist() == [7, 2]


def test_cannot_judge_by_code_and_by_label(sample: Instrument) -> None:
    label = sample.wordings["it"]["scale.agree7.99"]
    responses = read(sample, {"PE1": "99", "PE2": label, "BI4": "99"})
    assert responses.data[["PE1", "PE2", "BI4"]].isna().to_numpy().all()
    assert responses.missing[["PE1", "PE2", "BI4"]].to_numpy().tolist() == [["cannot_judge"] * 3]


def test_every_unknown_answer_is_listed_with_its_rows(sample: Instrument) -> None:
    rows = [{"PE1": "Agreee"}, {"PE1": "Agreee", "BI1": "8"}, {"use_count": "many"}, {"PE1": "Agreee"}]
    problems = refused(sample, *rows)
    assert problems == [
        "data.csv: PE1, rows 2, 3, 5: “Agreee” is no answer of this question (its codes are 1, 2, 3, 4, 5, 6, 7, 99). "
        "Did you mean “Agree”?",
        "data.csv: BI1, row 3: “8” is no answer of this question (its codes are 1, 2, 3, 4, 5, 6, 7, 99). "
        "Correct the cell, or leave it empty.",
        "data.csv: use_count, row 4: “many” is no number. Write it without thousands separator and unit.",
    ]


def test_very_many_problems_are_counted(sample: Instrument) -> None:
    problems = refused(sample, *({"PE1": f"wrong {index}"} for index in range(40)))
    assert len(problems) == 26
    assert problems[-1] == "data.csv: and 15 more problems of this kind."


@pytest.mark.parametrize(("cell", "value"), [("12.5", 12.5), ("12,5", 12.5), ("7", 7.0), ("+3", 3), ("1e1", 10)])
def test_decimal_point_and_comma_are_the_same(sample: Instrument, cell: str, value: float) -> None:
    assert read(sample, {"use_ects": cell}).data["use_ects"].tolist() == [value]
    assert number(cell) == value


@pytest.mark.parametrize("cell", ["1.234,5", "1,234.5", "1 234", "12 ECTS", "٣", "½", "1_0", "inf", "nan "])
def test_no_thousands_separator_and_no_unit(sample: Instrument, cell: str) -> None:
    if cell.strip() != "nan":
        (problem,) = refused(sample, {"use_ects": cell})
        assert "is no number" in problem


def test_ranges_and_whole_numbers_are_kept(sample: Instrument) -> None:
    problems = refused(sample, {"use_count": "51", "use_ects": "0,25"}, {"use_count": "2.5"})
    assert [problem.partition(": ")[2] for problem in problems] == [
        "use_count, row 2: 51 is outside the range 0 to 50. Correct the cell.",
        "use_count, row 3: “2.5” is no whole number. Correct the cell.",
        "use_ects, row 2: 0,25 is outside the range 0.5 to 60. Correct the cell.",
    ]


def test_dates(sample: Instrument) -> None:
    cells = ["2025-03-31", "2025-03-31 00:00:00", "31.3.2025", "4/5/2025"]
    found = read(sample, *({"use_since": cell} for cell in cells)).data["use_since"].tolist()
    assert found == ["2025-03-31", "2025-03-31", "2025-03-31", "2025-05-04"]  # the 31 tells that days come first
    assert "does not tell which is the day" in refused(sample, {"use_since": "4/5/2025"})[0]
    assert "is no date" in refused(sample, {"use_since": "2025-02-30"})[0]


def test_several_options_and_other(sample: Instrument) -> None:
    responses = read(sample, {"support": "TUT|ADV", "gender": "other", "gender_other": "x"}, {"gender": "NA"}, {})
    assert responses.data["support"].tolist() == ["advising|tutoring", None, None]
    assert responses.data["gender"].tolist() == ["other", "not_said", None]  # the code NA is no missing value
    assert responses.missing["gender_other"].tolist() == ["", "not_shown", "not_shown"]


def test_what_statistics_programs_write_for_nothing_is_blank(sample: Instrument) -> None:
    responses = read(sample, {"PE1": "NA", "use_count": "NaN", "use_since": ".", "open_benefit": "NA"})
    assert responses.missing[["PE1", "use_count", "use_since"]].to_numpy().tolist() == [["unknown_blank"] * 3]
    assert responses.data["open_benefit"].tolist() == ["NA"]


def test_a_question_that_measures_a_construct_is_a_number(sample: Instrument) -> None:
    responses = read(sample, {"use_involvement": "several"}, {"use_involvement": "0"})
    assert responses.data["use_involvement"].tolist() == [4.0, 0.0]
    assert responses.missing["use_since"].tolist() == ["unknown_blank", "not_shown"]  # asked from 2 on


def test_a_label_of_two_options_is_refused(sample: Instrument) -> None:
    column_map = plain.export(sample).column_map
    twice = tuple(
        type(column)(column.field, column.heading, column.question, column.values, {"en": {"Yes": "1 2"}})
        if column.field == "PE1"
        else column
        for column in column_map.columns
    )
    changed = type(column_map)(
        *(
            getattr(column_map, name)
            for name in ("tool", "instrument_id", "instrument_version", "instrument_digest", "languages")
        ),
        twice,
    )
    (problem,) = refused(sample, {"PE1": "Yes"}, column_map=changed)
    assert "“Yes” can mean the answers with the codes 1 and 2." in problem


def test_a_label_that_is_another_options_code_is_refused_among_labels(sample: Instrument) -> None:
    column_map = plain.export(sample).column_map
    shifted = tuple(
        type(column)(
            column.field, column.heading, column.question, column.values, {"en": {"0": "1", "1": "2", "two": "3"}}
        )
        if column.field == "PE1"
        else column
        for column in column_map.columns
    )
    changed = type(column_map)(
        *(
            getattr(column_map, name)
            for name in ("tool", "instrument_id", "instrument_version", "instrument_digest", "languages")
        ),
        shifted,
    )
    assert read(sample, {"PE1": "1"}, {"PE1": "3"}, column_map=changed).data["PE1"].tolist() == [1, 3]
    (problem,) = refused(sample, {"PE1": "1"}, {"PE1": "two"}, column_map=changed)
    assert "“1” can mean the answers with the codes 1 and 2" in problem


def test_rows_without_consent_or_answers_and_doubles_are_logged(sample: Instrument) -> None:
    nothing = {key: "" for key in BASE}
    rows = [
        {},
        {"consent": "N"},
        {**nothing, "hei": "KTU"},  # the link filled the university, nothing else was sent
        {"consent": ""},
        {"respondent": "r0", "PE1": "1"},
        {**nothing, "consent": "N"},
    ]
    responses = read(sample, *rows)
    assert responses.data.index.tolist() == ["r0"]
    assert [(one.source_row, one.reason) for one in responses.exclusions] == [
        (3, "no_consent"),
        (4, "empty_row"),
        (5, "no_consent"),
        (6, "duplicate"),
        (7, "no_consent"),
    ]
    assert responses.sources[0].rows_read == 6
    assert responses.sources[0].rows_kept == 1


def test_personal_questions_are_dropped_and_counted(sample: Instrument) -> None:
    rows = [{"email": "a@example.invalid"}, {"email": "b@example.invalid"}, {}]
    responses = read(sample, *rows)
    assert "email" not in responses.data
    assert "email" not in responses.missing
    assert responses.sources[0].personal_dropped == {"link_code": 0, "email": 2}
    kept = read(sample, *rows, keep_personal=True)
    assert kept.data["email"].tolist() == ["a@example.invalid", "b@example.invalid", None]


def test_university_wave_and_pilot(sample: Instrument) -> None:
    responses = read(sample, {"hei": "KTU"}, {}, hei="uoc", wave="pre", pilot_id="uoc-01")
    assert responses.meta["hei"].tolist() == ["ktu", "uoc"]
    assert responses.meta["wave"].tolist() == ["pre", "pre"]
    assert responses.meta["pilot_id"].tolist() == ["uoc-01", "uoc-01"]
    assert responses.meta["role"].tolist() == ["student", "student"]


def test_link_codes_join_waves_without_being_kept(sample: Instrument) -> None:
    meta = read(sample, {"link_code": "An 12"}, {"link_code": "an12"}, {}).meta["link_code"].tolist()
    assert meta[0] == meta[1] != "an12"
    assert len(meta[0]) == 16
    assert meta[2] is None


def test_a_secret_keys_link_codes_and_tells_itself_from_others(sample: Instrument) -> None:
    def kept(secret: bytes) -> str:
        responses = read(sample, {"link_code": "An 12"}, secret=secret)
        assert "link_code" not in responses.data and responses.sources[0].personal_dropped["link_code"] == 1
        return responses.meta["link_code"].iloc[0]

    one, other = kept(b"one secret of a study"), kept(b"another secret of it")
    assert one == kept(b"one secret of a study") != other
    assert made_with(one) != made_with(other) and not made_with(kept(b""))
    assert all(kept_already(code) for code in (one, other, kept(b""))) and not kept_already("An12")


def test_a_sheet_of_our_own_keeps_neither_typed_codes_nor_addresses(sample: Instrument) -> None:
    table = [[*HEADS, "meta.link_code"]]
    for key, code in (("ann@example.org", "AN12"), ("r2", "0123456789abcdef")):
        cells = {**BASE, "respondent": key, "meta.link_code": code}
        table.append([cells.get(head, "") for head in table[0]])
    responses = plain.read(sample, write_rows(table), "own.csv", ReadOptions(secret=b"one secret of a study"))
    assert kept_already(responses.meta["link_code"].iloc[0])
    assert responses.meta["link_code"].iloc[1] == "0123456789abcdef"
    assert "@" not in responses.data.index[0] and responses.data.index[1] == "r2"


def test_attention_items_are_scored(sample: Instrument) -> None:
    meta = read(sample, {"CHK1": "6"}, {"CHK1": "5"}, {"CHK1": "99"}, {"CHK1": ""}).meta
    assert meta["attention_asked"].tolist() == [1, 1, 1, 0]
    assert meta["attention_failed"].tolist() == [0, 1, 1, 0]


def test_frames_hold_what_the_model_promises(sample: Instrument) -> None:
    responses = read(sample, {"PE1": ""})
    assert responses.data["PE1"].dtype == float
    assert responses.data["gender"].dtype == object
    assert responses.data["gender"].tolist() == [None]
    assert math.isnan(responses.data["PE1"].iloc[0])
    assert (
        responses.missing.map(lambda kind: kind in ("", "cannot_judge", "no_answer", "not_shown", "unknown_blank"))
        .to_numpy()
        .all()
    )
