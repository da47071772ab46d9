"""The exported .lss and .txt hold what LimeSurvey needs (docs/survey-tools.md, "LimeSurvey")."""

from __future__ import annotations

import csv
import io
import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from mce_utaut.errors import UserMistake
from mce_utaut.instrument.model import Instrument
from mce_utaut.survey import limesurvey
from mce_utaut.survey.contract import ExportOptions, SurveyFiles
from mce_utaut.survey.limesurvey.form import markup

NAMES = ("utaut_mini", "sample", "mce_student", "mce_manager")


@pytest.fixture(params=NAMES)
def instrument(request: pytest.FixtureRequest, instruments: dict[str, Instrument]) -> Instrument:
    return instruments[request.param]


def part(files: SurveyFiles, ending: str) -> bytes:
    return next(content for name, content in files.files.items() if name.endswith(ending))


def lss(instrument: Instrument, **options: int) -> ET.Element:
    return ET.fromstring(part(limesurvey.export(instrument, (), ExportOptions(**options)), ".lss"))


def rows(root: ET.Element, table: str) -> list[dict[str, str]]:
    return [{cell.tag: cell.text or "" for cell in row} for row in root.iterfind(f"{table}/rows/row")]


def tsv(instrument: Instrument) -> list[dict[str, str]]:
    content = part(limesurvey.export(instrument), "limesurvey.DRAFT.txt")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter="\t"))


def test_document_type_version_and_every_language(instrument: Instrument) -> None:
    root = lss(instrument)
    assert root.tag == "document"
    assert root.findtext("LimeSurveyDocType") == "Survey"
    assert root.findtext("DBVersion") == "620"
    assert [one.text for one in root.iterfind("languages/language")] == list(instrument.languages)
    settings = rows(root, "surveys_languagesettings")
    assert [row["surveyls_language"] for row in settings] == list(instrument.languages)
    assert all(row["surveyls_title"] for row in settings)
    (survey,) = rows(root, "surveys")
    assert survey["language"] == instrument.source_language
    assert survey["additional_languages"].split(" ") == list(instrument.languages[1:])


def test_every_row_refers_to_rows_that_are_there(instrument: Instrument) -> None:
    root = lss(instrument)
    groups = {row["gid"] for row in rows(root, "groups")}
    questions = {row["qid"] for row in rows(root, "questions")}
    subquestions = {row["qid"] for row in rows(root, "subquestions")}
    assert not questions & subquestions
    assert {row["gid"] for row in rows(root, "questions")} == groups
    assert all(row["parent_qid"] == "0" for row in rows(root, "questions"))
    assert {row["parent_qid"] for row in rows(root, "subquestions")} <= questions
    assert {row["qid"] for row in rows(root, "answers")} <= questions
    assert {row["qid"] for row in rows(root, "question_attributes")} <= questions
    languages = list(instrument.languages)
    for table, key, ids in (
        ("group_l10ns", "gid", groups),
        ("question_l10ns", "qid", questions | subquestions),
        ("answer_l10ns", "aid", {row["aid"] for row in rows(root, "answers")}),
    ):
        found = [(row[key], row["language"]) for row in rows(root, table)]
        assert len(found) == len(set(found))
        assert set(found) == {(one, language) for one in ids for language in languages}


def test_orders_are_given(instrument: Instrument) -> None:
    root = lss(instrument)
    assert [row["group_order"] for row in rows(root, "groups")] == [
        str(number) for number in range(1, len(rows(root, "groups")) + 1)
    ]
    assert all(row["question_order"].isdigit() for row in rows(root, "questions") + rows(root, "subquestions"))
    assert all(row["sortorder"].isdigit() for row in rows(root, "answers"))


def test_codes_survive_the_import(instrument: Instrument) -> None:
    root = lss(instrument)
    codes = [row["title"] for row in rows(root, "questions")]
    assert len({code.casefold() for code in codes}) == len(codes)
    assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9]{0,19}", code) for code in codes)
    for table, key, pattern in (
        ("subquestions", "title", r"[A-Za-z0-9]{1,20}"),
        ("answers", "code", r"[A-Za-z0-9]{1,5}"),
    ):
        seen = [(row.get("parent_qid") or row["qid"], row[key].casefold()) for row in rows(root, table)]
        assert len(seen) == len(set(seen))
        assert all(re.fullmatch(pattern, row[key]) for row in rows(root, table))


def test_types_mandatory_and_attributes(sample: Instrument) -> None:
    root = lss(sample)
    questions = {row["title"]: row for row in rows(root, "questions")}
    assert {code: row["type"] for code, row in questions.items()} == {
        "INTRO": "X",
        "CONSENT": "L",
        "HEI": "L",
        "MCEDIGEST": "*",
        "PEQ": "F",
        "BIQ": "F",
        "USE1": "N",
        "USE2": "N",
        "USE3": "L",
        "USE4": "D",
        "SUP": "M",
        "O1": "T",
        "AGE": "L",
        "GENDER": "L",
        "LINK": "S",
        "MAIL": "S",
        "TUTORS": "N",
        "MCEDECLINED": "X",
    }
    assert questions["CONSENT"]["mandatory"] == "Y"
    assert questions["PEQ"]["mandatory"] == "S"
    assert questions["O1"]["mandatory"] == "N"
    assert questions["GENDER"]["other"] == "Y"
    attributes: dict[str, dict[str, str]] = {}
    by_id = {row["qid"]: row["title"] for row in questions.values()}
    for row in rows(root, "question_attributes"):
        attributes.setdefault(by_id[row["qid"]], {})[row["attribute"] + row["language"]] = row["value"]
    assert attributes["PEQ"] == {"random_order": "1"}
    assert attributes["USE1"] == {"num_value_int_only": "1", "min_num_value_n": "0", "max_num_value_n": "50"}
    assert attributes["USE2"] == {"min_num_value_n": "0.5", "max_num_value_n": "60"}
    assert attributes["HEI"]["hidden"] == "1"
    assert attributes["MCEDIGEST"] == {"equation": sample.digest, "hidden": "1"}
    assert attributes["SUP"]["random_order"] == "1"
    assert set(attributes["GENDER"]) == {"other_replace_texten", "other_replace_textit"}


def test_consent_and_conditions_become_relevance(sample: Instrument) -> None:
    root = lss(sample)
    groups = rows(root, "groups")
    assert [group["grelevance"] for group in groups] == [
        "1",
        *(['(CONSENT.NAOK == "Y")'] * 4),
        '(CONSENT.NAOK == "Y") and (SUP_TUT.NAOK == "Y")',
        '!is_empty(CONSENT.NAOK) and !(CONSENT.NAOK == "Y")',
    ]
    assert groups[1]["randomization_group"] == "predictors"
    relevance = {row["title"]: row["relevance"] for row in rows(root, "questions")}
    assert relevance["CONSENT"] == "1"
    assert relevance["HEI"] == '(CONSENT.NAOK == "Y")'  # after the consent, on the same page
    assert relevance["USE4"] == '(USE3.NAOK == "2" or USE3.NAOK == "3" or USE3.NAOK == "4")'


def test_cannot_judge_is_a_column_of_its_array_and_no_answer_is_off(sample: Instrument) -> None:
    root = lss(sample)
    peq = next(row["qid"] for row in rows(root, "questions") if row["title"] == "PEQ")
    answers = [row for row in rows(root, "answers") if row["qid"] == peq]
    assert [row["code"] for row in answers] == ["1", "2", "3", "4", "5", "6", "7", "99"]
    labels = {row["language"]: row["answer"] for row in rows(root, "answer_l10ns") if row["aid"] == answers[-1]["aid"]}
    assert labels == {language: markup(sample.wordings[language]["scale.agree7.99"]) for language in ("en", "it")}
    assert rows(root, "surveys")[0]["shownoanswer"] == "N"
    notes = {note.code for note in limesurvey.export(sample).notes}
    assert {"cannot_judge_everywhere", "link_parameters", "draft_wording"} <= notes


def test_nobody_is_traced(instrument: Instrument) -> None:
    (survey,) = rows(lss(instrument), "surveys")
    settings = {key: survey[key] for key in ("anonymized", "ipaddr", "refurl", "datestamp", "savetimings")}
    assert settings == {"anonymized": "Y", "ipaddr": "N", "refurl": "N", "datestamp": "N", "savetimings": "Y"}


def test_survey_number_is_the_one_asked_for(sample: Instrument) -> None:
    assert rows(lss(sample, survey_id=654321), "surveys")[0]["sid"] == "654321"


def test_text_file_is_written_so_that_it_is_understood(instrument: Instrument) -> None:
    files = limesurvey.export(instrument)
    name = next(name for name in files.files if name.endswith(".txt") and "NOTES" not in name)
    content = files.files[name]
    assert content.startswith(b"\xef\xbb\xbfclass\t")  # byte order mark, header unquoted
    assert b"\r" not in content
    for row in tsv(instrument):
        assert row["class"] in ("S", "SL", "G", "Q", "SQ", "A")
        assert row["mandatory"] in ("", "Y", "N", "S")
        if row["class"] not in ("S",):
            assert row["language"] in instrument.languages
        if row["class"] in ("G", "Q", "SQ", "A", "SL"):
            assert not re.search(r"[{}\t\r\n]", row["text"])
            assert not (row["text"].startswith('"') and row["text"].endswith('"'))


def test_text_file_has_the_same_survey_as_the_xml(instrument: Instrument) -> None:
    root, table = lss(instrument), tsv(instrument)
    for language in instrument.languages:
        block = [row for row in table if row["language"] == language]
        kinds = [row["class"] for row in block]
        assert kinds.count("G") == len(rows(root, "groups"))
        assert kinds.count("Q") == len(rows(root, "questions"))
        assert kinds.count("SQ") == len(rows(root, "subquestions"))
        assert kinds.count("A") == len(rows(root, "answers"))
        texts = [row["question"] for row in rows(root, "question_l10ns") if row["language"] == language]
        assert [row["text"] for row in block if row["class"] in ("Q", "SQ")] == texts
        assert [row["name"] for row in block if row["class"] == "Q"] == [
            row["title"] for row in rows(root, "questions")
        ]
        assert [row["relevance"] for row in block if row["class"] == "Q"] == [
            row["relevance"] for row in rows(root, "questions")
        ]
    ids = [row["type/scale"] for row in table if row["class"] == "G"]
    count = len(rows(root, "groups"))
    assert ids == ids[:count] * len(instrument.languages)  # the same id in all languages
    assert len(set(ids)) == count
    settings = {row["name"]: row["text"] for row in table if row["class"] == "S"}
    assert settings["additional_languages"] == " ".join(instrument.languages[1:])


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ('say "yes"', "say &quot;yes&quot;"),
        ("{word} {1+1}", "&#123;word&#125; &#123;1+1&#125;"),
        ("one\ntwo\r\nthree", "one<br />two<br />three"),
        ("tab\there\x07", "tab here"),
        ("]]>", "]]&gt;"),
    ],
)
def test_texts_are_encoded(text: str, html: str) -> None:
    assert markup(text) == html


def test_draft_is_marked_and_refused_on_request(mini: Instrument) -> None:
    files = limesurvey.export(mini)
    assert "utaut_mini.limesurvey.DRAFT.lss" in files.files
    assert files.column_map.draft
    titles = rows(ET.fromstring(part(files, ".lss")), "surveys_languagesettings")
    assert all(row["surveyls_title"].startswith("DRAFT") for row in titles)
    assert "DRAFT" in files.files["utaut_mini.limesurvey.NOTES.txt"].decode()
    english = limesurvey.export(mini, ("en",), ExportOptions(require_approved=True))
    assert "utaut_mini.limesurvey.lss" in english.files
    with pytest.raises(UserMistake, match=r"utaut_mini, it: \d+ of \d+ strings are not approved"):
        limesurvey.export(mini, (), ExportOptions(require_approved=True))


def test_the_link_example_is_in_a_language_of_the_form_and_lists_the_codes(instruments) -> None:  # type: ignore[no-untyped-def]
    student = instruments["mce_student"]
    exported = limesurvey.export(student, ["it"])
    notes = {note.code: note for note in exported.notes}
    text = notes["link_parameters"].text
    assert "?newtest=Y&lang=it&HEI=YOUR-HEI&PILOT=YOUR-PILOT&WAVEQ=SING " in text
    assert "HEI takes FERN, KTU, " in text
    assert "WAVEQ takes SING, PRE, POST." in text
    assert "PILOT takes any text." in text and "leave out what you do not know" in text
    assert "quota" in notes["end_after_refusal"].text and "CONSENT" in notes["end_after_refusal"].text
    assert notes["link_needed"].level == "caution"
    assert "HEI" in notes["link_needed"].text
    assert "the answer is SING" in notes["link_default"].text


def test_the_wave_is_single_where_the_link_does_not_say(instruments) -> None:  # type: ignore[no-untyped-def]
    import csv
    import io
    import xml.etree.ElementTree as ET

    exported = limesurvey.export(instruments["mce_student"], ["en", "it"])
    files = {name.rpartition(".")[2]: content for name, content in exported.files.items() if "columns" not in name}
    root = ET.fromstring(files["lss"])
    (default,) = root.findall("defaultvalues/rows/row")
    codes = {row.findtext("qid"): row.findtext("title") for row in root.findall("questions/rows/row")}
    assert codes[default.findtext("qid")] == "WAVEQ"
    texts = root.findall("defaultvalue_l10ns/rows/row")
    assert [(row.findtext("language"), row.findtext("defaultvalue")) for row in texts] == [
        ("en", "SING"),
        ("it", "SING"),
    ]
    assert {row.findtext("dvid") for row in texts} == {default.findtext("dvid")}
    survey = next(content for name, content in exported.files.items() if name.endswith(".txt") and "NOTES" not in name)
    rows = csv.DictReader(io.StringIO(survey.decode("utf-8-sig")), delimiter="\t")
    given = [(row["name"], row["language"], row["default"]) for row in rows if row["default"]]
    assert given == [("WAVEQ", "en", "SING"), ("WAVEQ", "it", "SING")]


def test_particulars_that_were_left_to_the_invitation_are_named(instruments) -> None:  # type: ignore[no-untyped-def]
    professor = instruments["mce_professor"]
    (note,) = [each for each in limesurvey.export(professor).notes if each.code == "left_to_the_invitation"]
    listed = ", ".join(limesurvey.export(professor).column_map.languages)
    assert note.text.startswith(f"controller, contact, recipients, ethics only point to the invitation ({listed}):")
    told = dict.fromkeys(professor.wordings["en"].parameters, "Jane Doe, jane@example.org")
    filled = replace(professor, wordings={"en": replace(professor.wordings["en"], parameters=told)})
    assert "left_to_the_invitation" not in {each.code for each in limesurvey.export(filled).notes}
