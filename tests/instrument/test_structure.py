"""Every mistake in a structure file is told where it stands, with what to do."""

from __future__ import annotations

import pytest

from mce_utaut.errors import Problem

USE4 = "condition: {question: USE3, among: ["
O1 = "{code: O1, name: open_benefit, type: long_text, purpose: open"
SEVEN = '- {code: "7", name: strongly_agree}'


def of_structure(report) -> list[Problem]:
    assert report.instrument is None
    return [problem for problem in report.problems if problem.file == "sample.yaml"]


def told(report) -> tuple[str, str, str]:
    """Place, what and remedy of the only problem of the structure file."""
    [problem] = of_structure(report)
    return f"{problem.line} {problem.where}", problem.what, problem.remedy


@pytest.mark.parametrize(
    ("changes", "place", "what", "remedy"),
    [
        ({"required: soft": "requird: soft"}, "79 page pe, question PEQ", "unknown key `requird`", "`required`?"),
        ({"{code: PE1,": "{cod: PE1,"}, "82 page pe, question PEQ, item 1", "unknown key `cod`", "`code`?"),
        ({"type: info": "type: inf"}, "70 page consent, question INTRO, type", "`inf` is not one", "`info`?"),
        ({"type: info": "type: 3"}, "70 page consent, question INTRO, type", "`3` is not one", "array, choice"),
        ({"kind: nominal": "kind: nominl"}, "15 scales, yesno, kind", "`nominl`", "`nominal`?"),
        ({"{code: PE1,": "{code: PE_1,"}, "82 page pe, question PEQ, item PE_1, code", "not a code", "`PE1`"),
        ({"{code: PE1,": "{code: 1PE,"}, "82 page pe, question PEQ, item 1PE, code", "not a code", "another"),
        ({"{code: PE1, ": "{"}, "82 page pe, question PEQ, item 1", "`code` is missing", "`code: ...`"),
        ({SEVEN: "- {code: -99, name: x}"}, "29 scales, agree7, option -99, code", "not an option code", "another"),
        ({SEVEN: "- {code: 99, name: x}"}, "29 scale agree7", '99 means "cannot judge"', "cannot_judge: true"),
        ({"role: student": "role:"}, "4 role", "has no value", "Write a value"),
        ({"role: student": 'role: "  "'}, "4 role", "is an empty text", "Write a value"),
        ({"role: student": "role: [student]"}, "4 role", "one value was expected", "after the colon"),
        ({"role: student\n": ""}, "2 ", "`role` is missing", "`role: ...`"),
        ({"role: student": "role: null"}, "4 role", "unquoted null", '"null" in quotes'),
        ({"cannot_judge: true": "cannot_judge: yes"}, "21 scales, agree7, cannot_judge", "`yes`", "true or false"),
        ({"minimum: 0,": 'minimum: "0",'}, "101 page use, question USE1, minimum", "not a number", "without quotes"),
        ({"minimum: 0,": "minimum: many,"}, "101 page use, question USE1, minimum", "not a number", "without"),
        ({"minimum: 0,": "minimum: 90,"}, "101 question USE1", "the minimum 90 is larger", "Exchange"),
        ({"        items:\n          - {code: PE1": "        items: all\n        x:\n          - {code: PE1"},
         "81 page pe, question PEQ, items", "a list was expected", "`- `"),
    ],
)  # fmt: skip
def test_shape(changed, changes: dict[str, str], place: str, what: str, remedy: str) -> None:
    problems = [problem for problem in of_structure(changed(changes)) if "unknown key `x`" not in problem.what]
    assert [f"{problem.line} {problem.where}" for problem in problems] == [place]
    assert what in problems[0].what and remedy in problems[0].remedy


def test_numbers_where_texts_are_expected_are_read_as_written(changed) -> None:
    report = changed({'version: "1.0.0"': "version: 1.10", '{code: "7",': "{code: 7,"})
    assert report.instrument is not None
    assert report.instrument.version == "1.10"
    assert report.instrument.scales["agree7"].options[6].code == "7"


def test_a_yaml_11_boolean_is_a_word(changed) -> None:
    report = changed({'name: "no"': "name: no", 'name: "yes"': "name: yes"})
    assert report.instrument is not None
    assert [option.name for option in report.instrument.scales["yesno"].options] == ["yes", "no"]


@pytest.mark.parametrize(
    ("changes", "place", "what"),
    [
        ({"code: PE2,": "code: pe1,"}, "83 item pe1", "the code `pe1` is taken (line 82) as code of item PE1"),
        ({"name: use_count": "name: GENDER"}, "113 question GENDER", "is taken (line 101) as name of question USE1"),
        ({"name: use_ects": "name: gender_other"}, "113 question GENDER", 'name of the "other" text'),
        ({"name: use_count": "name: pe3"}, "101 question USE1", "is taken (line 84) as code of item PE3"),
        ({"code: PE2,": "code: Time,"}, "83 item Time", "`Time` is a reserved word"),
        ({"name: use_count": "name: with"}, "101 question USE1", "`with` is a reserved word"),
        ({"id: bi": "id: PE"}, "88 page PE", "the page id `PE` is used twice (line 73)"),
        ({"  age:\n": "  HEI: {kind: nominal, options: [{code: X, name: x}]}\n  age:\n"},
         "49 scale HEI", "differs from `hei` only by capital letters"),
        ({"constructs:\n": "constructs:\n  pe1: {kind: observed}\n"}, "63 construct pe1", "item PE1"),
        ({SEVEN: '- {code: "7", name: Agree}'}, "29 scale agree7", "option name `Agree` is used twice (line 28)"),
        ({SEVEN: '- {code: "6", name: x}'}, "29 scale agree7", "option code `6` is used twice (line 28)"),
        ({SEVEN: '- {code: "06", name: x}'}, "23 scale agree7", "the same number"),
        ({SEVEN: '- {code: "7", name: 3}'}, "29 scale agree7", "the name `3` is the code of another option (line 25)"),
    ],
)  # fmt: skip
def test_codes_and_names_are_unique(changed, changes: dict[str, str], place: str, what: str) -> None:
    said = told(changed(changes))
    assert said[0] == place and what in said[1]


def test_an_ordinal_scale_whose_codes_are_partly_numbers_is_scored_by_position(changed) -> None:
    report = changed({"{code: A1, name: 18_24}": "{code: 9, name: 18_24}"}, {"{A1: ": "{9: "})
    assert report.instrument is not None
    assert [option.value for option in report.instrument.scales["age"].options] == [1, 2, 3]
    assert "mixed_codes" in [note.code for note in report.warnings]


def test_an_array_may_be_called_like_its_construct(changed) -> None:
    report = changed({"code: PEQ": "code: PE"}, {"  PEQ:": "  PE:"}, {"  PEQ:": "  PE:"})
    assert report.problems == ()


@pytest.mark.parametrize(
    ("changes", "place", "what", "remedy"),
    [
        ({"scale: agree7\n": "scale: agre7\n"}, "78 question PEQ", "no scale `agre7`", "`agree7`?"),
        ({"construct: PE, kind: spec": "construct: PP, kind: spec"}, "86 item PEs1", "no construct `PP`", "PE, BI"),
        ({'expected: "6"': "expected: 8"}, "87 item CHK1", "expected answer `8`", "1, 2, 3, 4, 5, 6, 7"),
        ({', expected: "6"': ""}, "87 item CHK1", "needs the answer it asks for", "expected"),
        ({"BI4, kind: single": 'BI4, expected: "6"'}, "98 item BI4", "for attention items only", "kind: attention"),
        ({"kind: attention,": "kind: attention, construct: PE,"}, "87 item CHK1", "no `construct`", "Delete"),
        ({"PEs1, construct: PE,": "PEs1,"}, "86 item PEs1", "kind specific needs a construct", "single"),
        ({USE4 + '"2", "3", "4"': USE4.replace("USE3", "GENDER") + "F"},
         "107 question USE4", "GENDER comes later (line 113)", "looks back"),
        ({USE4: USE4.replace("USE3", "USE9")}, "107 question USE4", "no question `USE9`", "`USE4`?"),
        ({USE4: USE4.replace("USE3", "PE1")}, "107 question USE4", "`PE1` is an item", "question of its own"),
        ({USE4: USE4.replace("USE3", "USE1")}, "107 question USE4", "USE1 is of type integer", "another"),
        ({USE4: USE4 + "x, "}, "107 question USE4", "`x` is not an option", "0, 1, 2, 3, 4"),
        ({"among: [Y]": "among: [J]"}, "11 consent", "`J` is not an option", "Y, N"),
        ({"among: [Y]": "among: []"}, "11 consent, among", "the list is empty", "one entry"),
        ({"question: SUP, among": "question: TUTORS, among"}, "117 page tutoring", "TUTORS is of type integer", ""),
        ({"purpose: hei": "purpose: consent"}, "72 question HEI", "taken by question CONSENT (line 71)", "one"),
        ({"scale: age, purpose": "scale: age, items: [{code: X1}], purpose"}, "112 question AGE", "`items`", "array"),
        ({"purpose: hei": "purpose: hei, other: true, construct: USE"}, "", "", ""),
        ({O1: O1 + ", scale: age"}, "111 question O1", "`scale` does not belong", "array, choice, multi"),
        ({O1: O1 + ", construct: PE"}, "111 question O1", "`construct` does not belong", "choice"),
        ({"random_items: true": "construct: PE"}, "80 question PEQ", "`construct` does not", "at each item"),
        ({"type: info": "type: info, required: hard"}, "70 question INTRO", "`required` does not belong", "text"),
        ({"{code: UOC, name: uoc}": "{code: OTH, name: other}", "from_link": "other: true, from_link"},
         "72 question HEI", 'a second "other"', "one of the two"),
        ({"PE4, construct": "PE4, cannot_judge: true, construct", "cannot_judge: true": "cannot_judge: false"},
         "85 item PE4", 'offers no "cannot judge"', "at the scale"),
    ],
)  # fmt: skip
def test_references(changed, changes: dict[str, str], place: str, what: str, remedy: str) -> None:
    report = changed(changes)
    if not place:
        assert not of_structure(report)
        return
    said = told(report)
    assert said[0] == place and what in said[1] and remedy in said[2]


def test_a_broken_entry_does_not_make_its_references_and_wordings_wrong_too(changed) -> None:
    report = changed({"{code: USE3,": "{code: USE3, requird: soft, minimum: few,", "kind: latent}": "kind: latnt}"})
    assert [(problem.file, problem.line) for problem in report.problems] == [
        ("sample.yaml", 63), ("sample.yaml", 103), ("sample.yaml", 103)
    ]  # fmt: skip


def test_problems_of_shape_and_of_meaning_are_told_together(changed) -> None:
    report = changed({"role: student": "rle: student", "code: PE2,": "code: pe1,", "scale: hei": "scale: hai"})
    assert [problem.line for problem in of_structure(report)] == [4, 72, 83]


def test_a_wording_file_is_not_a_structure_file(texts) -> None:
    from mce_utaut.instrument.load import check_instrument
    from mce_utaut.instrument.reading import TextFile

    english = TextFile("sample.en.yaml", texts["sample.en.yaml"])
    structure = TextFile("sample.yaml", texts["sample.yaml"])
    said = [problem.what for problem in check_instrument(english, [structure]).problems]
    assert said == [
        "this is a wording file, not a structure file.", "this is a structure file, not a wording file."
    ]  # fmt: skip
