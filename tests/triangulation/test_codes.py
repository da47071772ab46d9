"""Coded answers: what the file may say, what is wrong in it with row and column, and who is counted."""

from __future__ import annotations

import io

import openpyxl
import pytest

from mce_utaut.errors import FileProblem, StudyError
from mce_utaut.triangulation.answers import OpenAnswer
from mce_utaut.triangulation.codes import Code, CodeBook, codes_csv, read_codes
from mce_utaut.triangulation.coding_sheet import BookEntry, write_sheet
from mce_utaut.triangulation.themes import decisions, pairs, presence, themes_of

BOOK = CodeBook({"student": ("PE", "EE"), "manager": ("PE",)}, {"student": {"S-1", "S-2"}, "manager": {"M-1"}})
HEAD = "respondent,construct,theme,sign,coder"


def read(*rows: str, head: str = HEAD, book: CodeBook = BOOK) -> tuple[Code, ...]:
    return read_codes("\n".join([head, *rows]).encode(), "codes.csv", book)


def problems(*rows: str, head: str = HEAD) -> list[tuple[int | None, int | None, str]]:
    with pytest.raises(StudyError) as caught:
        read(*rows, head=head)
    return [(each.line, each.column, f"{each.where}: {each.what} {each.remedy}") for each in caught.value.problems]


def test_a_short_file_says_enough() -> None:
    first, second = read("S-1,PE,useful at work,+,ada", "M-1,none,,,ada")
    assert (first.role, first.source, first.construct, first.sign) == ("student", "open question", "PE", "+")
    assert (second.role, second.construct, second.theme) == ("manager", "", "")


def test_agreed_is_a_word_in_any_case_and_coders_keep_theirs() -> None:
    found = read("S-1,PE,useful,+,AGREED", "S-1,PE,useful,+,Ada")
    assert [each.coder for each in found] == ["agreed", "Ada"]


@pytest.mark.parametrize(("written", "sign"), [("positive", "+"), ("−", "-"), ("neg", "-"), ("mixed", "0")])
def test_signs_may_be_words(written: str, sign: str) -> None:
    assert read(f"S-1,PE,a theme,{written},ada")[0].sign == sign


def test_every_problem_is_named_with_row_and_column() -> None:
    found = problems(
        "S-1,PX,useful,+,ada",
        "S-1,PE,,+,ada",
        "S-1,PE,useful,?,ada",
        "S-11,PE,useful,+,ada",
        ",PE,useful,+,",
        "S-2,none,useful,,ada",
    )
    assert [(line, column) for line, column, _ in found] == [
        (2, 2), (3, 3), (4, 4), (5, None), (6, 1), (6, 5), (6, None), (7, 2),
    ]  # fmt: skip
    assert "PE, EE or other, or none" in found[0][2]
    assert "Write the pseudonym" in found[4][2] and "Write the coder" in found[5][2]


def test_a_respondent_who_is_not_known_gets_a_hint() -> None:
    ((line, column, text),) = problems("S-11,PE,useful,+,ada,student", head=f"{HEAD},role")
    assert (line, column) == (2, 1) and "Did you mean S-1?" in text


def test_people_of_a_conversation_need_not_have_answered() -> None:
    (code,) = read("Anna K,PE,useful,+,ada,manager,Focus_Group", head=f"{HEAD},role,source")
    assert code.source == "focus group"


@pytest.mark.parametrize(
    "quote", ["Write to ann@example.org", "Call +49 30 1234 5678", "See https://me.example", "S-1 said", "10.0.0.12"]
)
def test_a_cleared_quote_must_not_tell_who_spoke(quote: str) -> None:
    ((line, column, text),) = problems(f"S-1,PE,useful,+,ada,{quote},yes", head=f"{HEAD},quote,cleared")
    assert (line, column) == (2, 6) and "[…]" in text
    assert not read(f"S-1,PE,useful,+,ada,{quote},no", head=f"{HEAD},quote,cleared")[0].cleared


def test_a_heading_that_is_not_known_is_named() -> None:
    ((line, column, text),) = problems("S-1,PE,useful,+,ada,x", head=f"{HEAD},qoute")
    assert (line, column) == (1, 6) and "Did you mean quote?" in text
    assert "no column sign" in problems("S-1,PE,x,ada", head="respondent,construct,theme,coder")[0][2]
    with pytest.raises(FileProblem):
        read_codes(b"", "codes.csv", BOOK)


def test_codes_read_back_as_they_were_written() -> None:
    codes = (
        Code(
            "S-1", "student", "open question", "O1", "ada", "PE", "-", "=useful", "=1+1, it said\r\nso", True, "it", "x"
        ),
        Code("S-2", "student", "open question", "O1", "ada", "", "", ""),
    )
    assert read_codes(codes_csv(codes), "codes.csv", BOOK) == codes


def test_the_sheet_holds_answers_as_text_and_reads_back_as_codes() -> None:
    answers = [OpenAnswer("S-1", "student", "O1", "Why?", "=1+1 {{ x }} <script>\x07", "en")]
    entries = [BookEntry("student", "PE", "Benefit", "What one expects"), BookEntry("student", "EE", "Effort", "…")]
    content = write_sheet(answers, entries, ("student", "manager"))
    assert content == write_sheet(answers, entries, ("student", "manager"))
    assert read_codes(content, "sheet.xlsx", BOOK) == ()
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book["codes"]
    heads = {cell.value: cell.column for cell in sheet[1]}
    answer = sheet.cell(2, heads["answer"])
    assert answer.value == "=1+1 {{ x }} <script>" and answer.data_type == "s"
    lists = {str(rule.sqref).split(":")[0]: rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert len(lists) == 5 and book["lists"].sheet_state == "hidden"
    assert [cell.value for cell in book["lists"]["A"] if cell.value] == ["PE", "EE", "other", "none"]
    assert "PE+" in str(book["code book"]["E2"].value)
    for name, value in (("construct", "PE"), ("theme", "useful"), ("sign", "negative"), ("coder", "ada")):
        sheet.cell(2, heads[name], value)
    filled = io.BytesIO()
    book.save(filled)
    (code,) = read_codes(filled.getvalue(), "sheet.xlsx", BOOK)
    assert (code.respondent, code.question, code.sign, code.theme) == ("S-1", "O1", "-", "useful")


def code(person: str, coder: str, construct: str = "PE", sign: str = "+", theme: str = "useful", question: str = "O1"):
    return Code(person, "student", "open question", question, coder, construct, sign if construct else "", theme)


def test_persons_are_counted_once_however_often_they_say_it() -> None:
    found = themes_of([code("S-1", "ada"), code("S-1", "ada", question="O2"), code("S-2", "ada")], "student")
    assert (len(found.persons), found.units) == (2, 3)
    assert found.signs["PE", "+"] == {"S-1", "S-2"}
    assert [(each.theme, len(each.persons)) for each in found.themes] == [("useful", 2)]


def test_disputed_codes_wait_for_agreement() -> None:
    apart = [code("S-1", "ada"), code("S-1", "bea", sign="-")]
    found = themes_of(apart, "student")
    assert not found.signs and found.disputed == 1
    settled = themes_of([*apart, code("S-1", "agreed")], "student")
    assert settled.signs == {("PE", "+"): {"S-1"}} and settled.disputed == 0
    assert themes_of([*apart, code("S-1", "cleo")], "student").signs == {("PE", "+"): {"S-1"}}


def test_themes_differ_by_more_than_case() -> None:
    found = themes_of([code("S-1", "ada", theme="Useful"), code("S-2", "ada")], "student")
    assert len(found.themes) == 1


def test_agreement_rests_on_units_that_two_coders_saw() -> None:
    codes = [
        code("S-1", "ada"), code("S-1", "ada", "EE", "-"), code("S-1", "bea", "EE", "-"), code("S-1", "bea"),
        code("S-2", "ada"), code("S-2", "bea", "", "", ""), code("S-3", "ada"), code("S-1", "agreed"),
    ]  # fmt: skip
    coders, units = decisions(codes)
    assert coders == ("ada", "bea") and units == [["EE- PE+", "EE- PE+"], ["PE+", "–"]]
    assert pairs(coders, units) == [(0, 1, ["EE- PE+", "PE+"], ["EE- PE+", "–"])]
    assert presence(units, "PE+") == [[True, True], [True, False]]
