"""University, wave and pilot given beside a file are options of the questionnaire, however they are written."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mce_utaut.errors import UsageError
from mce_utaut.instrument.model import Instrument
from mce_utaut.survey import plain
from mce_utaut.survey.contract import ReadOptions
from mce_utaut.survey.fields import fields
from mce_utaut.survey.given import settled


@pytest.fixture(scope="module")
def student(instruments: dict[str, Instrument]) -> Instrument:
    return instruments["mce_student"]


def read(student: Instrument, heads: str = "", cells: str = "", **options: str):
    items = [field.name for field in fields(student) if field.item is not None]
    lines = [",".join(["consent", *items]) + heads, ",".join(["Y", *("4" for _ in items)]) + cells]
    return plain.read(student, "\n".join(lines).encode(), "x.csv", ReadOptions(**options))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "written",
    [
        "UTIU",
        "utiu",
        "uninettuno",
        " Uninettuno ",
        "Università Telematica Internazionale UNINETTUNO",
    ],
)
def test_code_name_and_label_are_one_university(student: Instrument, written: str) -> None:
    assert read(student, hei=written).meta["hei"].tolist() == ["uninettuno"]


def test_a_label_may_lack_its_brackets(student: Instrument) -> None:
    for written in ("Kaunas University of Technology", "Open University of Cyprus", "ku leuven"):
        assert settled(student, ReadOptions(hei=written))[0].hei in ("ktu", "ouc", "kuleuven")


def test_waves_too(student: Instrument) -> None:
    assert read(student, wave="SING").meta["wave"].tolist() == ["single"]
    with pytest.raises(UsageError, match=r"there is no wave “during”.*PRE \(pre\), POST \(post\), SING \(single\)"):
        read(student, wave="during")


@pytest.mark.parametrize("written", ["uninetuno", "Uninettuno University", "UNED Spain", "Kaunas Univ. of Technology"])
def test_what_is_nearly_a_known_one_is_refused(student: Instrument, written: str) -> None:
    with pytest.raises(UsageError, match=r"Did you mean (uninettuno|uned|ktu)\? It knows FERN \(fernuni\)"):
        read(student, hei=written)


@pytest.mark.parametrize("written", ["Politecnico di Milano", "Vilnius University of Technology"])
def test_another_one_is_kept_with_a_caution_where_other_is_allowed(student: Instrument, written: str) -> None:
    responses = read(student, hei=written)
    assert responses.meta["hei"].tolist() == [written]
    (note,) = (note for note in responses.notes if note.code == "other_hei")
    assert note.level == "caution"
    assert "not among those" in note.text


def test_and_refused_where_it_is_not(student: Instrument) -> None:
    pages = tuple(
        replace(page, questions=tuple(replace(q, other=False) if q.purpose == "hei" else q for q in page.questions))
        for page in student.pages
    )
    with pytest.raises(UsageError, match="there is no university “Politecnico di Milano”"):
        settled(replace(student, pages=pages), ReadOptions(hei="Politecnico di Milano"))


def test_a_university_in_the_metadata_of_the_file_is_the_same(student: Instrument) -> None:
    assert read(student, ",meta.hei", ",UTIU").meta["hei"].tolist() == ["uninettuno"]


def test_rows_that_say_otherwise_are_kept_and_said(student: Instrument) -> None:
    responses = read(student, ",hei", ",KTU", hei="UTIU")
    assert responses.meta["hei"].tolist() == ["ktu"]
    (note,) = (note for note in responses.notes if note.code == "given_not_used")
    assert "1 row of x.csv says another university (ktu) than was given (uninettuno)" in note.text


def test_many_absent_fields_are_counted(student: Instrument) -> None:
    (note,) = (note for note in read(student).notes if note.code == "absent_fields")
    assert note.text.startswith("x.csv has no column for ")
    assert " fields (" in note.text
    assert " more): they count as not shown." in note.text
    assert len(note.text) < 200


def test_texts_and_hidden_fields_are_no_unknown_columns(student: Instrument) -> None:
    heads = ",DEF,MCEDIGEST,instrument_digest,start/DEF,mood"
    responses = read(student, heads, ",shown,abc,abc,x,good")
    assert responses.sources[0].unknown_columns == ("mood",)


@pytest.mark.parametrize("heading", ["hei", "meta.hei"])
def test_lost_links_get_what_was_given_and_it_is_said(student: Instrument, heading: str) -> None:
    items = [field.name for field in fields(student) if field.item is not None]
    rows = [",".join(["Y", *(answer for _ in items), place]) for answer, place in (("4", "KTU"), ("5", ""))]
    content = "\n".join([",".join(["consent", *items, heading]), *rows]).encode()
    silent = plain.read(student, content, "x.csv", ReadOptions())
    assert silent.meta["hei"].tolist() == ["ktu", None]
    filled = plain.read(student, content, "x.csv", ReadOptions(hei="UTIU"))
    assert filled.meta["hei"].tolist() == ["ktu", "uninettuno"]
    (note,) = (note for note in filled.notes if note.code == "given_filled_in")
    assert note.level == "caution"
    assert "1 of 2 rows of x.csv says no university, though the others do: uninettuno was put there" in note.text
    assert all(note.code != "given_filled_in" for note in (*silent.notes, *read(student, hei="UTIU").notes))


def test_a_university_is_spelled_alike_in_all_that_is_written(instruments: dict[str, Instrument]) -> None:
    for instrument in (each for each in instruments.values() if each.kind == "survey"):
        asked = [question.scale for question in instrument.questions() if question.purpose == "hei"]
        for option in instrument.scales[asked[0]].options if asked and asked[0] else ():
            content = f"respondent,consent,hei,PE1\na,Y,{option.code},4\n".encode()
            absent = tuple(field.name for field in fields(instrument) if field.item is not None and field.name != "PE1")
            found = plain.read(instrument, content, "x.csv", ReadOptions(absent=absent))
            written = plain.write(instrument, found, "x")["x.csv"]
            heads, row = (line.split(",") for line in written.decode("utf-8-sig").splitlines())
            cells = dict(zip(heads, row, strict=True))
            assert cells["hei"] == cells["meta.hei"] == option.name
            assert plain.read(instrument, written, "x.csv", ReadOptions(absent=absent)).data.equals(found.data)
