"""Which column is what: renamed, missing, doubled and unknown headings, each with what to do."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import Workbook

from mce_utaut.errors import FileProblem, ImportProblem
from mce_utaut.files import ReadFile
from mce_utaut.instrument.model import Instrument
from mce_utaut.responses.model import Responses
from mce_utaut.survey import plain, registry, xlsform
from mce_utaut.survey.contract import ReadOptions

ROW = {
    "consent": "Y",
    "role": "STU",
    "age": "22",
    "teachyrs": "",
    "PE1": "4",
    "PE2": "5",
    "EE1": "1",
    "ATT1": "4",
    "SI1": "2",
    "SI2": "3",
    "liked": "it",
}


def read(kobo: Instrument, row: dict[str, str], **options: object) -> Responses:
    text = "\t".join(row) + "\n" + "\t".join(row.values()) + "\n"
    return plain.read(kobo, text.encode(), "data.csv", ReadOptions(**options))  # type: ignore[arg-type]


def renamed(old: str, new: str) -> dict[str, str]:
    return {new if key == old else key: cell for key, cell in ROW.items()}


def test_codes_names_and_wordings_are_all_understood(kobo: Instrument) -> None:
    for heading in (
        "pe1",
        " PE1 ",
        "PE1\u00a0",
        "I find the tool useful.",
        "I find\nthe tool  useful.",
        "Trovo lo strumento utile.",
    ):
        assert read(kobo, renamed("PE1", f'"{heading}"')).data["PE1"].tolist() == [4]


def test_entities_in_headings_are_decoded(kobo: Instrument) -> None:
    assert read(kobo, renamed("EE1", "It is clear &amp; understandable.")).data["EE1"].tolist() == [1]


def test_a_renamed_column_is_refused_with_the_remedy(kobo: Instrument) -> None:
    with pytest.raises(ImportProblem) as caught:
        read(kobo, renamed("PE1", "PE1_new"))
    assert str(caught.value) == (
        "data.csv: PE1: has no column in this file. If it is “PE1_new”: "
        '--rename "PE1_new=PE1". If it was not asked: --absent PE1.'
    )
    assert read(kobo, renamed("PE1", "PE1_new"), rename={"PE1_new": "PE1"}).data["PE1"].tolist() == [4]


def test_every_missing_item_is_named_at_once(kobo: Instrument) -> None:
    row = {key: cell for key, cell in ROW.items() if key not in ("PE1", "SI2")}
    with pytest.raises(ImportProblem) as caught:
        read(kobo, row)
    assert [problem.where for problem in caught.value.problems] == ["PE1", "SI2"]


def test_an_item_that_was_not_asked_is_said_to_be_absent(kobo: Instrument) -> None:
    row = {key: cell for key, cell in ROW.items() if key != "PE1"}
    responses = read(kobo, row, absent=("PE1",))
    assert responses.data["PE1"].isna().all()
    assert responses.missing["PE1"].tolist() == ["not_shown"]
    assert [note.code for note in responses.notes] == ["absent_fields"]


def test_a_question_that_is_not_an_item_may_be_missing(kobo: Instrument) -> None:
    row = {key: cell for key, cell in ROW.items() if key != "age"}
    responses = read(kobo, row)
    assert responses.missing["age"].tolist() == ["not_shown"]
    assert "age" in responses.notes[0].text


def test_but_not_where_a_heading_is_nearly_its_own(kobo: Instrument) -> None:
    with pytest.raises(ImportProblem, match=r'--rename "likd=liked"'):
        read(kobo, renamed("liked", "likd"))


def test_unknown_columns_are_reported(kobo: Instrument) -> None:
    responses = read(kobo, {**ROW, "favourite colour": "blue", "empty": ""})
    assert responses.sources[0].unknown_columns == ("favourite colour",)
    assert [note.code for note in responses.notes] == ["unknown_columns"]


def test_two_columns_for_one_item_are_refused(kobo: Instrument) -> None:
    with pytest.raises(
        ImportProblem, match=r"“PE1” \(column 5\) and “I find the tool useful\.” \(column 12\) are all PE1"
    ):
        read(kobo, {**ROW, "I find the tool useful.": "3"})


def test_names_that_do_not_exist_are_refused(kobo: Instrument) -> None:
    with pytest.raises(ImportProblem) as caught:
        read(kobo, ROW, rename={"nothing": "PE1", "age": "PE9"}, absent=("XX",))
    text = str(caught.value)
    assert "there is no heading “nothing” to rename." in text
    assert "there is no item or question PE9. Did you mean PE" in text
    assert "there is no item or question XX." in text


def test_a_file_of_something_else_gets_one_sentence(kobo: Instrument) -> None:
    with pytest.raises(ImportProblem) as caught:
        read(kobo, {"name": "Ann", "colour": "red"})
    assert len(caught.value.problems) == 1
    assert "no column is known (“name”, “colour”)" in str(caught.value)


def test_one_heading_for_two_items_is_told_apart_by_the_column_map_only(kobo: Instrument) -> None:
    """Array questions share their wording: where a tool writes it alone, only the order helps."""
    column_map = xlsform.export(kobo).column_map
    same = tuple(
        type(column)(
            **{name: getattr(column, name) for name in ("field", "heading", "question", "values", "labels", "option")},
            texts={"en": "Same"},
        )
        if column.field in ("PE1", "PE2")
        else column
        for column in column_map.columns
    )
    column_map = type(column_map)(
        **{
            name: getattr(column_map, name)
            for name in ("tool", "instrument_id", "instrument_version", "instrument_digest", "languages", "draft")
        },
        columns=same,
    )
    heads = [*("Same" if key in ("PE1", "PE2") else key for key in ROW), "_id", "_uuid", "_submission_time", "_index"]
    content = ";".join(heads) + "\n" + ";".join([*ROW.values(), "1", "u", "t", "1"]) + "\n"
    responses = xlsform.read(kobo, content.encode(), "x.csv", ReadOptions(column_map=column_map))
    assert responses.data[["PE1", "PE2"]].to_numpy().tolist() == [[4, 5]]


def student_file(instrument: Instrument, change: dict[str, str]) -> bytes:
    from mce_utaut.survey.fields import fields

    names = [change.get(field.name, field.name) for field in fields(instrument)]
    return (",".join(name for name in names if name) + "\n" + "," * (len(names) - 1) + "\n").encode()


def problems_of(instrument: Instrument, content: bytes) -> list[str]:
    with pytest.raises(ImportProblem) as caught:
        plain.read(instrument, content, "x.csv", ReadOptions())
    return [str(problem) for problem in caught.value.problems]


def test_answers_to_another_roles_questionnaire_are_said_to_be_that(instruments: dict[str, Instrument]) -> None:
    student, professor = instruments["mce_student"], instruments["mce_professor"]
    content = student_file(professor, {})
    first, counted = problems_of(student, content)
    assert first.startswith("x.csv: looks like answers to another questionnaire than mce_student: it has the items ")
    assert "PEp1" in first
    assert "--rename" not in first + counted
    assert "PEs1" in counted


def test_an_item_of_another_role_is_never_offered_for_ours(instruments: dict[str, Instrument]) -> None:
    problems = problems_of(instruments["mce_student"], student_file(instruments["mce_student"], {"PEs1": "PEQ[PEp1]"}))
    assert problems == [
        'x.csv: PEs1: has no column in this file. If it has another heading: --rename "HEADING=PEs1". '
        "If it was not asked: --absent PEs1.",
        "x.csv: these headings were not understood: “PEQ[PEp1]”. One of them may be what is missing: say which with "
        "--rename.",
    ]


def test_headings_of_nothing_known_are_named_first(kobo: Instrument) -> None:
    row = {"consent": "Y", **{f"Frage {letter}": "1" for letter in "ABCDEFG"}}
    with pytest.raises(ImportProblem) as caught:
        read(kobo, row)
    first, last = caught.value.problems[0], caught.value.problems[-1]
    assert "looks like answers to another questionnaire than utaut_kobo" in str(first)
    assert "“Frage A”" in str(first)
    assert "were not understood" in last.what


def test_headings_left_over_are_named_as_candidates(kobo: Instrument) -> None:
    with pytest.raises(ImportProblem) as caught:
        read(kobo, renamed("SI2", "favourite"))
    item, left = caught.value.problems
    assert item.where == "SI2"
    assert "“favourite”" in left.what


def test_of_several_files_only_some_need_the_heading_to_rename(kobo: Instrument) -> None:
    def sheet(name: str, row: dict[str, str], answer: str) -> ReadFile:
        cells = {**row, "liked": answer}
        text = "\t".join(cells) + "\n" + "\t".join(cells.values()) + "\n"
        return ReadFile(name, text.encode(), "")

    one, other = sheet("a.csv", ROW, "it"), sheet("b.csv", renamed("PE1", "quality"), "them")
    found = registry.read_responses(kobo, [one, other], "plain", ReadOptions(rename={"quality": "PE1"}))
    assert found.data["PE1"].tolist() == [4, 4]
    with pytest.raises(ImportProblem) as caught:
        registry.read_responses(kobo, [one, other], "plain", ReadOptions(rename={"qualty": "PE1"}))
    first, *_ = caught.value.problems
    assert str(first) == "b.csv: there is no heading “qualty” to rename. Did you mean “quality”?"


def test_two_files_pasted_together_are_one_problem(kobo: Instrument) -> None:
    line = "\t".join(ROW.values())
    text = "\n".join(["\t".join(ROW), line, "\t".join(ROW), line]) + "\n"
    with pytest.raises(FileProblem) as caught:
        plain.read(kobo, text.encode(), "data.csv", ReadOptions())
    assert str(caught.value) == (
        "data.csv: the headings stand in row 3 again: two files were pasted together. "
        "Delete that row, or give the files one by one."
    )


def test_a_workbook_that_begins_with_another_sheet_is_told(kobo: Instrument) -> None:
    book = Workbook()
    book.active.append(["Notes"])
    book.create_sheet("Answers").append(list(ROW))
    content = BytesIO()
    book.save(content)
    with pytest.raises(ImportProblem, match="The first sheet is read"):
        plain.read(kobo, content.getvalue(), "data.xlsx", ReadOptions())
