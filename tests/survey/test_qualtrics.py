"""The two files for Qualtrics, and what its exports look like over the years."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from mce_utaut.errors import ImportProblem
from mce_utaut.instrument.model import Instrument
from mce_utaut.survey import qualtrics, registry
from mce_utaut.survey.contract import ReadOptions

Fill = dict[str, ModuleType]


@pytest.fixture(scope="session")
def small(load_path, data: Path) -> Instrument:
    return load_path(data / "qualtrics" / "utaut_qualtrics.yaml")


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def columns_of(rows: list[list[str]]) -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\n").writerows(rows)
    return stream.getvalue().encode()


@pytest.fixture(params=["numeric", "text"])
def export(request: pytest.FixtureRequest, data: Path) -> bytes:
    return (data / "qualtrics" / f"qualtrics_responses_{request.param}.csv").read_bytes()


def test_the_fixtures_come_in_right(small: Instrument, export: bytes) -> None:
    assert registry.recognise(export, "x.csv") == "qualtrics"
    responses = qualtrics.read(small, export, "x.csv")
    assert responses.data["PE1"].tolist() == [4.0, 3.0, 1.0, 5.0]
    assert responses.data["PE2"].fillna(-1).tolist() == [5.0, 3.0, -1.0, -1.0]
    assert responses.data["age"].fillna(-1).tolist() == [22.0, 47.0, -1.0, -1.0]
    assert responses.data["liked"].tolist() == [
        'Fast; "useful"\nSecond line',
        "È utile però lento",
        "=SUM(A1:A9)",
        None,
    ]
    assert responses.meta["submitted"].tolist() == [True, True, True, False]
    assert responses.meta["language"].tolist() == ["en", "it", "en", "en"]
    assert responses.meta["duration_s"].tolist() == [660.0] * 4
    assert responses.meta["source_row"].tolist() == [4, 5, 6, 8]
    assert [(one.source_row, one.reason) for one in responses.exclusions] == [(7, "no_consent"), (9, "test_row")]
    assert responses.missing["PE2"].tolist() == ["", "", "no_answer", "unknown_blank"]
    dropped = responses.sources[0].personal_dropped
    assert dropped["IPAddress"] == dropped["LocationLatitude"] == dropped["ResponseId"] == 6
    assert responses.sources[0].unknown_columns == ()


def test_numbers_and_texts_are_one_set_of_respondents(small: Instrument, data: Path) -> None:
    numeric, text = (
        qualtrics.read(small, (data / "qualtrics" / f"qualtrics_responses_{kind}.csv").read_bytes(), kind)
        for kind in ("numeric", "text")
    )
    assert numeric.data.equals(text.data)
    assert list(numeric.data.index) == list(text.data.index)


def test_older_headings(small: Instrument, export: bytes) -> None:
    first, texts, ids, *body = rows_of(export)
    wanted = qualtrics.read(small, export, "x.csv").data
    single = [cell.replace('"', "'").replace("QID3_", "QID3-") for cell in ids]
    dashes = [cell.replace(" - ", "-") for cell in texts]
    assert qualtrics.read(small, columns_of([first, dashes, single, *body]), "a.csv").data.equals(wanted)
    assert qualtrics.read(small, columns_of([first, texts, *body]), "b.csv").data.equals(wanted)
    assert qualtrics.read(small, columns_of([first, *body]), "c.csv").data.equals(wanted)
    old = ["ResponseID", "ResponseSet", "IPAddress", "StartDate", "EndDate", "Finished", "Status"]
    picked = [[row[index] for index in (8, 15, 3, 0, 1, 6, 2, *range(17, 22))] for row in body]
    names = [f"V{number}" for number in range(1, 8)] + first[17:]
    oldest = columns_of([names, [*old, *texts[17:]], *picked])
    assert registry.recognise(oldest, "d.csv") == "qualtrics"
    found = qualtrics.read(small, oldest, "d.csv")
    assert found.data.equals(wanted)
    assert found.meta["duration_s"].tolist() == [660.0] * 4


@pytest.mark.parametrize("names", [("PE1", "PE2"), ("PE_PE1", "PE_PE2"), ("Q7_1", "Q7_2"), ("pe_1", "pe_2")])
def test_statements_under_every_name(small: Instrument, export: bytes, names: tuple[str, str]) -> None:
    rows = rows_of(export)
    rows[0][18:20] = names
    found = qualtrics.read(small, columns_of(rows), "x.csv")
    assert found.data.equals(qualtrics.read(small, export, "x.csv").data)


def test_a_long_renamed_question_is_not_taken_for_one_of_its_answers(
    sample: Instrument, made: ModuleType, fill: Fill
) -> None:
    wording = sample.wordings["en"]
    text = replace(wording.strings["question.SUP.text"], text="Which support would you use? " * 5)
    strings = {**wording.strings, "question.SUP.text": text}
    changed = replace(sample, wordings={"en": replace(wording, strings=strings)})
    rows = made.answers(changed)
    files = qualtrics.export(changed).files
    for split in (False, True):
        placed = fill["qualtrics"].by_place(changed, rows)
        table = fill["qualtrics"].export(changed, files, placed, "en", "own", False, split)
        found = qualtrics.read(changed, fill["qualtrics"].as_csv(table), "x.csv")
        assert made.found(found.data, "support") == made.expected(changed, rows)["support"]


def test_a_renamed_question_without_texts_is_refused(small: Instrument, export: bytes) -> None:
    rows = rows_of(export)
    rows[0][18:20] = ["Q7_1", "Q7_2"]
    with pytest.raises(ImportProblem, match="PE1"):
        qualtrics.read(small, columns_of([rows[0], *rows[3:]]), "x.csv")


def test_seen_but_unanswered_is_told_from_not_shown(small: Instrument, data: Path) -> None:
    rows = rows_of((data / "qualtrics" / "qualtrics_responses_numeric.csv").read_bytes())
    rows[5][19] = rows[5][20] = "-99"
    found = qualtrics.read(small, columns_of(rows), "x.csv")
    assert found.missing["PE2"].tolist() == ["", "", "no_answer", "not_shown"]
    assert found.missing["age"].tolist() == ["", "", "no_answer", "not_shown"]


def test_order_columns_topics_and_timings_are_no_answers(small: Instrument, export: bytes) -> None:
    extra = ("PE_DO", "FL_5_DO_BL_1", "liked - Topics", "Q2_First Click", "Q_RecaptchaScore", "SC0")
    rows = [[*row, *(extra if number == 0 else ["1"] * len(extra))] for number, row in enumerate(rows_of(export))]
    found = qualtrics.read(small, columns_of(rows), "x.csv")
    assert found.sources[0].unknown_columns == ()
    rows = [[*row, "Faculty" if number == 0 else "x"] for number, row in enumerate(rows_of(export))]
    assert qualtrics.read(small, columns_of(rows), "x.csv").sources[0].unknown_columns == ("Faculty",)


def test_what_the_link_carried_fills_what_was_not_asked(sample: Instrument, made: ModuleType, fill: Fill) -> None:
    files = qualtrics.export(sample).files
    rows = fill["qualtrics"].by_place(sample, made.answers(sample))
    table = fill["qualtrics"].export(sample, files, rows, "en")
    asked = table[0].index("HEI")
    for number, row in enumerate(table):
        row.append(["link_HEI", "link_HEI", '{"ImportId":"link_HEI"}', *["UOC"] * len(rows)][number])
        if number > 2 and number % 2:
            row[asked] = ""
    found = qualtrics.read(sample, fill["qualtrics"].as_csv(table), "x.csv")
    assert found.meta["hei"].tolist()[::2] == ["uoc"] * 12
    assert set(found.meta["hei"]) == {"uoc", "ktu"}
    assert found.sources[0].unknown_columns == ()


def test_qsf_keeps_order_logic_and_languages(sample: Instrument, fill: Fill) -> None:
    document = fill["qualtrics"].form(qualtrics.export(sample).files)
    payloads = {one["DataExportTag"]: one for one in fill["qualtrics"].questions(document)}
    elements = {one["Element"]: one["Payload"] for one in document["SurveyElements"]}
    kinds = [one["Type"] for one in elements["FL"]["Flow"]]
    assert kinds == ["EmbeddedData", "Standard", "Branch", "Standard", "BlockRandomizer", *["Standard"] * 3, "Branch"]
    stop = elements["FL"]["Flow"][2]
    assert [one["Type"] for one in stop["Flow"]] == ["Standard", "EndSurvey"]
    consent = payloads["CONSENT"]["QuestionID"]
    assert stop["BranchLogic"]["0"]["0"]["LeftOperand"] == f"q://{consent}/SelectableChoice/1"
    assert stop["BranchLogic"]["0"]["0"]["Operator"] == "NotSelected"
    flows = json.dumps(elements["FL"]).count('"FlowID"')
    assert elements["FL"]["Properties"]["Count"] == flows
    matrix = payloads["PEQ"]
    assert (matrix["QuestionType"], matrix["Selector"], matrix["SubSelector"]) == ("Matrix", "Likert", "SingleAnswer")
    assert matrix["RecodeValues"] == {**{str(n): str(n) for n in range(1, 8)}, "8": "99"}
    assert matrix["ChoiceDataExportTags"]["6"] == "CHK1"
    assert matrix["Randomization"]["Type"] == "All"
    assert matrix["Validation"]["Settings"]["ForceResponse"] == "RequestResponse"
    assert payloads["CONSENT"]["Validation"]["Settings"]["ForceResponse"] == "ON"
    italian = matrix["Language"]["IT"]
    assert italian["Choices"]["1"]["Display"] == sample.wordings["it"]["item.PE1"]
    assert italian["Answers"]["1"]["Display"] == sample.wordings["it"]["scale.agree7.1"]
    shown = payloads["USE4"]["DisplayLogic"]["0"]
    assert [shown[place]["ChoiceLocator"][-1] for place in "012"] == ["3", "4", "5"]
    assert [shown[place].get("Conjuction") for place in "012"] == [None, "Or", "Or"]
    assert payloads["HEI"]["DisplayLogic"]["0"]["0"]["LeftOperand"] == "link_HEI"
    assert payloads["USE1"]["Validation"]["Settings"]["ValidNumber"]["Max"] == "50"
    assert payloads["GENDER"]["Choices"]["4"] == {
        "Display": sample.wordings["en"]["question.GENDER.other"],
        "TextEntry": "true",
    }
    ids = [one["PrimaryAttribute"] for one in document["SurveyElements"] if one["Element"] == "SQ"]
    assert len(set(ids)) == len(ids)


def test_txt_has_one_line_a_label_and_numbers_for_codes(sample: Instrument) -> None:
    files = qualtrics.export(sample, ("it",)).files
    text = next(content for name, content in files.items() if name.endswith(".txt") and "NOTES" not in name).decode()
    assert text.startswith("[[AdvancedFormat]]\n")
    assert f"[[ED:instrument_digest:{sample.digest}]]" in text
    block = text.split("[[ID:PEQ]]")[1].split("[[Block")[0].splitlines()
    assert block[block.index("[[Choice:6]]") + 1] == sample.wordings["it"]["item.CHK1"]
    assert block[block.index("[[Answer:99]]") + 1] == sample.wordings["it"]["scale.agree7.99"]
    assert text.count("[[Block:") == 7


def test_markup_is_text_to_qualtrics() -> None:
    from mce_utaut.survey.qualtrics.form import markup

    assert markup("<b>a</b>\n${e://Field/x} [[Choice]]") == (
        "&lt;b&gt;a&lt;/b&gt;<br>&#36;{e://Field/x} &#91;&#91;Choice&#93;&#93;"
    )


def test_notes_say_what_is_not_verified(sample: Instrument) -> None:
    codes = {note.code for note in qualtrics.export(sample).notes}
    assert {"not_verified", "txt_no_logic", "txt_no_random_order", "txt_no_required", "numbered_answers"} <= codes


def test_keeping_personal_columns(small: Instrument, export: bytes) -> None:
    kept = qualtrics.read(small, export, "x.csv", ReadOptions(keep_personal=True))
    assert kept.data["personal.IPAddress"].tolist()[0] == "192.0.2.1"
