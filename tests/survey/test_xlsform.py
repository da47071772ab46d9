"""XLSForms convert without a warning, and Kobo's and Central's exports hold the same answers."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
from pathlib import Path
from types import ModuleType

import numpy as np
import openpyxl
import pytest
from pyxform.xls2xform import convert

from mce_utaut.instrument.model import Instrument
from mce_utaut.responses.model import Responses
from mce_utaut.survey import registry, xlsform
from mce_utaut.survey.contract import ReadOptions, SurveyFiles

FOLDER = Path(__file__).resolve().parent.parent / "data" / "kobo"
FILES = sorted(path.name for path in FOLDER.glob("*_*.*") if path.suffix in (".csv", ".xlsx") and "_" in path.stem)
KOBO = [name for name in FILES if name.startswith(("labels_en", "xml_"))]
XFORMS = "{http://www.w3.org/2002/xforms}"


def form(files: SurveyFiles) -> bytes:
    return next(content for name, content in files.files.items() if name.endswith(".xlsx"))


def sheet(content: bytes, title: str) -> list[dict[str, str]]:
    table = list(openpyxl.load_workbook(io.BytesIO(content))[title].iter_rows(values_only=True))
    return [{str(k): v for k, v in zip(table[0], row) if v is not None} for row in table[1:]]


@pytest.mark.parametrize("name", ["utaut_mini", "utaut_kobo", "sample", "mce_student", "mce_professor", "mce_manager"])
def test_pyxform_converts_it_without_a_warning(instruments: dict[str, Instrument], name: str) -> None:
    instrument = instruments[name]
    converted = convert(io.BytesIO(form(xlsform.export(instrument))), file_type=".xlsx")
    assert converted.warnings == []
    root = ET.fromstring(converted.xform)
    languages = [node.get("lang", "") for node in root.iter(f"{XFORMS}translation")]
    assert sorted(language[-3:-1] for language in languages) == sorted(instrument.languages)
    bound = {node.get("nodeset", "").rpartition("/")[2]: node for node in root.iter(f"{XFORMS}bind")}
    assert {item.code for _, item in instrument.items()} <= set(bound)
    assert {question.code for question in instrument.questions() if question.type != "array"} <= set(bound)
    assert bound["instrument_digest"].get("calculate") == f"'{instrument.digest}'"


def test_rows_say_what_the_questionnaire_says(sample: Instrument) -> None:
    content = form(xlsform.export(sample))
    rows = {row["name"]: row for row in sheet(content, "survey") if "name" in row}
    assert rows["CONSENT"]["type"] == "select_one yesno"
    assert rows["CONSENT"]["required"] == "yes"
    assert rows["page_pe"]["relevant"] == "${CONSENT} = 'Y'"
    assert rows["HEI"]["relevant"] == "${CONSENT} = 'Y'"
    assert rows["USE4"]["relevant"] == "(${USE3} = '2' or ${USE3} = '3' or ${USE3} = '4')"
    assert rows["page_tutoring"]["relevant"] == "${CONSENT} = 'Y' and selected(${SUP}, 'TUT')"
    assert rows["USE1"]["constraint"] == ". >= 0 and . <= 50"
    assert rows["USE2"]["constraint"] == ". >= 0.5 and . <= 60"
    assert rows["SUP"]["parameters"] == "randomize=true"
    assert rows["GENDER_other"]["relevant"] == "selected(${GENDER}, 'other')"
    assert rows["declined_text"]["relevant"] == "${CONSENT} != '' and not(${CONSENT} = 'Y')"
    assert rows["PE1"]["type"] == "select_one agree7_cj"
    assert rows["CHK1"]["type"] == "select_one agree7"  # the attention item offers no "cannot judge"
    choices = sheet(content, "choices")
    lists = {name: [row["name"] for row in choices if row["list_name"] == name] for name in ("agree7_cj", "agree7")}
    assert lists == {"agree7": list("1234567"), "agree7_cj": [*"1234567", "99"]}
    assert {row["name"] for row in choices if row["list_name"] == "gender_GENDER"} == {"F", "M", "NA", "other"}
    (settings,) = sheet(content, "settings")
    assert settings["default_language"] == "English (en)"
    assert settings["form_title"].startswith("DRAFT")
    assert settings["version"] == f"{sample.version}-{sample.digest[:8]}"


def test_every_cell_is_text(sample: Instrument) -> None:
    book = openpyxl.load_workbook(io.BytesIO(form(xlsform.export(sample))))
    kinds = {cell.data_type for page in book for row in page.iter_rows() for cell in row if cell.value is not None}
    assert kinds == {"s"}


def test_what_an_xlsform_cannot_say_is_a_note(sample: Instrument) -> None:
    files = xlsform.export(sample)
    codes = {note.code for note in files.notes}
    assert {"soft_mandatory", "fixed_items", "fixed_pages", "link_parameters", "draft_wording"} <= codes
    text = files.files["sample.xlsform.NOTES.txt"].decode()
    assert all(note.text in text for note in files.notes)


def read(kobo: Instrument, name: str) -> Responses:
    return xlsform.read(kobo, (FOLDER / name).read_bytes(), name)


@pytest.mark.parametrize("name", KOBO)
def test_every_kobo_file_holds_the_same_answers(kobo: Instrument, name: str) -> None:
    responses = read(kobo, name)
    items = responses.data[["PE1", "PE2", "EE1", "ATT1", "SI1", "SI2"]].to_numpy()
    np.testing.assert_array_equal(items, [[4, 5, 5, 4, 3, 3], [3, 3, 4, 4, 2, np.nan], [1, 1, 1, 1, np.nan, np.nan]])
    assert responses.data["role"].tolist() == ["student", "professor", "manager"]
    np.testing.assert_array_equal(responses.data["age"], [22, 47, np.nan])
    np.testing.assert_array_equal(responses.data["teaching_years"], [np.nan, 12.5, np.nan])
    assert responses.data["liked"].tolist() == [
        'Fast; really "useful"\nSecond line',
        "È utile però lento",
        "=SUM(A1:A9)",
    ]
    assert responses.missing["SI2"].tolist() == ["", "no_answer", "no_answer"]
    assert responses.missing["teaching_years"].tolist() == ["not_shown", "", "not_shown"]
    assert [(one.reason, one.source_row) for one in responses.exclusions] == [("no_consent", 4)]
    assert responses.meta["duration_s"].tolist() == [660, 720, 840]
    assert responses.meta["submitted"].tolist() == [True, True, True]
    assert responses.meta["attention_failed"].tolist() == [0, 0, 1]
    assert set(responses.sources[0].personal_dropped) == {
        "start",
        "end",
        "_id",
        "_uuid",
        "_submission_time",
        "_submitted_by",
    }
    assert responses.sources[0].personal_dropped["_submitted_by"] == 2
    assert responses.notes == ()


def test_all_kobo_files_are_one_set_of_people(kobo: Instrument) -> None:
    keys = {tuple(read(kobo, name).data.index) for name in KOBO}
    assert len(keys) == 1


def test_central(kobo: Instrument) -> None:
    name = "odk_central_submissions.csv"
    content = (FOLDER / name).read_bytes()
    assert registry.recognise(content, "x") == "xlsform"
    absent = ("teaching_years", "EE1", "ATT1", "SI1", "SI2")
    responses = xlsform.read(kobo, content, name, ReadOptions(absent=absent))
    assert responses.data[["PE1", "PE2"]].to_numpy().tolist() == [[4, 5]]
    assert responses.data["liked"].tolist() == ["Fast, useful"]
    assert responses.missing["EE1"].tolist() == ["not_shown"]
    dropped = responses.sources[0].personal_dropped
    assert dropped["SubmitterName"] == 1
    assert "KEY" in dropped
    assert [note.code for note in responses.notes] == ["absent_fields"]


def test_rejected_submissions_are_left_out(fill: dict[str, ModuleType], made: ModuleType, kobo: Instrument) -> None:
    table = fill["xlsform"].export(kobo, xlsform.export(kobo).files, made.answers(kobo)[:3], None, None)
    table[2][table[0].index("_validation_status")] = "validation_status_not_approved"
    responses = xlsform.read(kobo, fill["xlsform"].as_kobo_csv(table), "kobo.csv")
    assert [(one.reason, one.source_row, one.detail) for one in responses.exclusions] == [
        ("test_row", 3, "rejected by its reviewer")
    ]
