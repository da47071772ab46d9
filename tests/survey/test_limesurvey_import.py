"""The exported .lss and .txt fit the tables and rules that LimeSurvey's import (6.x) works with."""

from __future__ import annotations

import csv
import dataclasses
import io
import re
import xml.etree.ElementTree as ET
from collections import Counter

import pytest

from mce_utaut.instrument.model import Instrument
from mce_utaut.survey import limesurvey
from mce_utaut.survey.contract import SurveyFiles

NAMES = ("utaut_mini", "sample", "mce_student", "mce_professor", "mce_manager", "mce_case", "mce_pilot")
Row = dict[str, str]

# The columns of LimeSurvey's tables that we fill; a number is how many characters one holds.
COLUMNS: dict[str, dict[str, int | None]] = {
    "surveys": {
        **dict.fromkeys(("anonymized", "format", "savetimings", "datestamp", "allowsave", "allowprev"), 1),
        **dict.fromkeys(("ipaddr", "refurl", "listpublic", "showxquestions", "shownoanswer", "showqnumcode"), 1),
        **dict.fromkeys(("showwelcome", "showprogress"), 1),
        **{"sid": None, "gsid": None, "template": 100, "language": 50, "additional_languages": 255},
    },
    "surveys_languagesettings": {
        **{"surveyls_survey_id": None, "surveyls_language": 45, "surveyls_title": 200},
        **dict.fromkeys(("surveyls_description", "surveyls_welcometext", "surveyls_endtext"), None),
        **dict.fromkeys(("surveyls_policy_notice", "surveyls_dateformat", "surveyls_numberformat"), None),
    },
    "groups": {"gid": None, "sid": None, "group_order": None, "randomization_group": 20, "grelevance": 65535},
    "group_l10ns": {"id": None, "gid": None, "group_name": 65535, "description": None, "language": 20},
    "questions": {
        **dict.fromkeys(("qid", "parent_qid", "sid", "gid", "question_order", "scale_id"), None),
        **dict.fromkeys(("same_default", "same_script"), None),
        **{"type": 1, "title": 20, "other": 1, "mandatory": 1, "encrypted": 1, "relevance": 65535},
    },
    "question_l10ns": {"id": None, "qid": None, "question": None, "help": None, "language": 20},
    "question_attributes": {"qid": None, "attribute": 50, "value": None, "language": 20},
    "answers": {**dict.fromkeys(("aid", "qid", "sortorder", "assessment_value", "scale_id"), None), "code": 5},
    "answer_l10ns": {"id": None, "aid": None, "answer": None, "language": 20},
    "defaultvalues": {"dvid": None, "qid": None, "scale_id": None, "sqid": None, "specialtype": 20},
    "defaultvalue_l10ns": {"id": None, "dvid": None, "language": 20, "defaultvalue": 65535},
}
COLUMNS["subquestions"] = COLUMNS["questions"]

# Attributes by type of question; the import turns random_order of lists into what newer releases call it.
ATTRIBUTES = {
    "F": {"random_order", "hidden"},
    "L": {"random_order", "hidden", "other_replace_text"},
    "!": {"random_order", "hidden", "other_replace_text"},
    "M": {"random_order", "hidden", "other_replace_text", "exclude_all_others"},
    "N": {"num_value_int_only", "min_num_value_n", "max_num_value_n", "hidden"},
    "S": {"hidden"},
    "T": {"hidden"},
    "D": {"hidden"},
    "*": {"equation", "hidden"},
    "X": set(),
}
PER_LANGUAGE = {"other_replace_text"}
TERM = r'(?:!is_empty\(\w+\.NAOK\)|!?\(\w+\.NAOK == "\w+"(?: or \w+\.NAOK == "\w+")*\))'


def part(files: SurveyFiles, ending: str) -> bytes:
    return next(text for name, text in files.files.items() if name.endswith(ending) and "NOTES" not in name)


def tables(files: SurveyFiles) -> dict[str, list[Row]]:
    root = ET.fromstring(part(files, ".lss"))
    return {
        table.tag: [{cell.tag: cell.text or "" for cell in row} for row in table.iterfind("rows/row")] for table in root
    }


def lines(files: SurveyFiles) -> list[Row]:
    text = part(files, ".txt").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter="\t"))


@pytest.fixture(scope="module", params=NAMES)
def exported(request: pytest.FixtureRequest, instruments: dict[str, Instrument]) -> SurveyFiles:
    return limesurvey.export(instruments[request.param])


def test_every_cell_fits_a_column_of_its_table(exported: SurveyFiles) -> None:
    for table, rows in tables(exported).items():
        for row in rows:
            assert set(row) <= set(COLUMNS[table]), table
            limits = {column: COLUMNS[table][column] for column in row}
            assert [column for column, limit in limits.items() if limit and len(row[column]) > limit] == []


def test_an_attribute_is_one_of_its_type_and_given_once(exported: SurveyFiles) -> None:
    found = tables(exported)
    types = {row["qid"]: row["type"] for row in found["questions"]}
    given = Counter((row["qid"], row["attribute"], row["language"]) for row in found["question_attributes"])
    assert set(given.values()) == {1}
    assert all(name in ATTRIBUTES[types[qid]] for qid, name, _ in given)
    assert {name for _, name, language in given if language} <= PER_LANGUAGE
    languages = exported.column_map.languages
    rows = [row for row in lines(exported) if row["class"] == "Q"]
    columns = set().union(*ATTRIBUTES.values()) & set(rows[0])
    of_text = Counter(
        (row["name"], name, row["language"] if name in PER_LANGUAGE else "")
        for row in rows
        for name in columns
        if row[name]
    )
    titles = {row["qid"]: row["title"] for row in found["questions"]}
    assert of_text == Counter({(titles[qid], name, language): 1 for qid, name, language in given})
    assert all(row["language"] == languages[0] for row in rows for name in columns - PER_LANGUAGE if row[name])


def test_conditions_name_questions_that_come_before(exported: SurveyFiles) -> None:
    found = tables(exported)
    parents = {row["qid"]: row for row in found["questions"]}
    rows_of = {group["gid"]: [q for q in found["questions"] if q["gid"] == group["gid"]] for group in found["groups"]}
    known: dict[str, set[str]] = {}
    for group in found["groups"]:
        _holds(group["grelevance"], known)
        for question in rows_of[group["gid"]]:
            _holds(question["relevance"], known)
            if question["type"] == "M":
                for row in found["subquestions"]:
                    if row["parent_qid"] == question["qid"]:
                        known[f"{parents[question['qid']]['title']}_{row['title']}"] = {"Y"}
            else:
                known[question["title"]] = {row["code"] for row in found["answers"] if row["qid"] == question["qid"]}


def _holds(relevance: str, known: dict[str, set[str]]) -> None:
    """The condition is written as we write conditions, and each answer in it is one of its question."""
    assert relevance == "1" or re.fullmatch(rf"{TERM}(?: and {TERM})*", relevance), relevance
    assert all(code in known for code in re.findall(r"(\w+)\.NAOK", relevance)), relevance
    assert all(answer in known[code] for code, answer in re.findall(r'(\w+)\.NAOK == "(\w+)"', relevance)), relevance


def test_a_default_is_an_answer_of_its_question(exported: SurveyFiles) -> None:
    found = tables(exported)
    codes = {(row["qid"], row["code"]) for row in found["answers"]}
    texts = {(row["dvid"], row["language"]): row["defaultvalue"] for row in found.get("defaultvalue_l10ns", [])}
    for row in found.get("defaultvalues", []):
        for language in exported.column_map.languages:
            assert (row["qid"], texts[row["dvid"], language]) in codes


def _reworded(instrument: Instrument, key: str, text: str) -> Instrument:
    wordings = {
        language: dataclasses.replace(
            wording, strings={**wording.strings, key: dataclasses.replace(wording.strings[key], text=text)}
        )
        for language, wording in instrument.wordings.items()
    }
    return dataclasses.replace(instrument, wordings=wordings)


def test_a_title_is_cut_where_the_table_would_refuse_it(sample: Instrument) -> None:
    files = limesurvey.export(_reworded(sample, "survey.title", "Trust & “use” " * 20))
    titles = [row["surveyls_title"] for row in tables(files)["surveys_languagesettings"]]
    assert all(len(title) <= 200 and title.endswith("…") and "Trust &amp; " in title for title in titles)
    assert not any(re.search(r"&(?!amp;)", title) for title in titles)
    assert "title_cut" in {note.code for note in files.notes}
    assert "title_cut" not in {note.code for note in limesurvey.export(sample).notes}


def test_random_groups_with_long_names_keep_apart(sample: Instrument) -> None:
    long = "pages_in_random_order_"
    names = [f"{long}{'a' if position % 2 else 'b'}" for position, _ in enumerate(sample.pages)]
    pages = tuple(dataclasses.replace(page, random_group=name) for page, name in zip(sample.pages, names, strict=True))
    groups = tables(limesurvey.export(dataclasses.replace(sample, pages=pages)))["groups"]
    written = [group["randomization_group"] for group in groups][: len(names)]
    assert max(map(len, written)) <= 20
    assert len(set(zip(names, written, strict=True))) == len(set(written)) == 2


def test_braces_in_the_wording_are_a_caution(sample: Instrument) -> None:
    files = limesurvey.export(_reworded(sample, "survey.welcome", "Dear {name}"))
    (note,) = [note for note in files.notes if note.code == "braces"]
    assert note.level == "caution"
    assert "survey.welcome (en)" in note.text
    for harmless in ("Dear { name }", "Dear } name"):
        notes = limesurvey.export(_reworded(sample, "survey.welcome", harmless)).notes
        assert "braces" not in {note.code for note in notes}
