"""A ``Survey`` as .lss, LimeSurvey's XML of survey structures.

Ids in the file are references only. Every language must stand in ``<languages>``, subquestions in a
table of their own, and orders must be given, or the import loses or refuses parts of the survey.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Mapping

from mce_utaut.survey.limesurvey.form import LimeQuestion, Survey

_DB_VERSION = "620"
_TABLES = (
    "answers",
    "answer_l10ns",
    "defaultvalues",
    "defaultvalue_l10ns",
    "groups",
    "group_l10ns",
    "questions",
    "subquestions",
    "question_l10ns",
    "question_attributes",
    "surveys",
    "surveys_languagesettings",
)
Row = dict[str, str]


def write(survey: Survey) -> bytes:
    """The .lss file of ``survey``."""
    tables = _Tables(survey)
    document = ET.Element("document")
    ET.SubElement(document, "LimeSurveyDocType").text = "Survey"
    ET.SubElement(document, "DBVersion").text = _DB_VERSION
    languages = ET.SubElement(document, "languages")
    for language in survey.languages:
        ET.SubElement(languages, "language").text = language
    for name in _TABLES:
        rows = tables.rows[name]
        if not rows:
            continue
        table = ET.SubElement(document, name)
        names = ET.SubElement(table, "fields")
        for field in dict.fromkeys(field for row in rows for field in row):
            ET.SubElement(names, "fieldname").text = field
        body = ET.SubElement(table, "rows")
        for row in rows:
            element = ET.SubElement(body, "row")
            for field, text in row.items():
                ET.SubElement(element, field).text = text
    ET.indent(document, " ")
    return ET.tostring(document, encoding="UTF-8", xml_declaration=True) + b"\n"


class _Tables:
    """The rows of all tables."""

    def __init__(self, survey: Survey) -> None:
        self.rows: dict[str, list[Row]] = defaultdict(list)
        self.survey = survey
        self.last_question = 0
        self.last_answer = 0
        self.rows["surveys"].append(dict(survey.settings))
        for language, texts in survey.texts.items():
            row = {"surveyls_survey_id": str(survey.id), "surveyls_language": language, **texts}
            self.rows["surveys_languagesettings"].append(row)
        for order, group in enumerate(survey.groups, start=1):
            gid = str(order)
            self.rows["groups"].append(
                {
                    "gid": gid,
                    "sid": str(survey.id),
                    "group_order": gid,
                    "randomization_group": group.random_group,
                    "grelevance": group.relevance,
                }
            )
            for language in survey.languages:
                self._add(
                    "group_l10ns",
                    {
                        "gid": gid,
                        "group_name": group.titles[language],
                        "description": group.descriptions[language],
                        "language": language,
                    },
                )
            for position, question in enumerate(group.questions, start=1):
                self._question(question, gid, str(position))

    def _add(self, table: str, row: Row) -> None:
        self.rows[table].append({"id": str(len(self.rows[table]) + 1), **row})

    def _question(self, question: LimeQuestion, gid: str, order: str) -> None:
        qid = self._question_row("questions", "0", gid, question.type, question.code, order, question)
        self._texts(qid, question.texts, question.helps)
        for position, choice in enumerate(question.subquestions, start=1):
            sub = self._question_row("subquestions", qid, gid, question.type, choice.code, str(position), None)
            self._texts(sub, choice.texts, dict.fromkeys(choice.texts, ""))
        for position, choice in enumerate(question.answers, start=1):
            self.last_answer += 1
            aid = str(self.last_answer)
            self.rows["answers"].append(
                {
                    "aid": aid,
                    "qid": qid,
                    "code": choice.code,
                    "sortorder": str(position),
                    "assessment_value": "0",
                    "scale_id": "0",
                }
            )
            for language in self.survey.languages:
                self._add("answer_l10ns", {"aid": aid, "answer": choice.texts[language], "language": language})
        if question.default:
            self._default(qid, question.default)
        for name, value in question.attributes.items():
            self._attribute(qid, name, value, "")
        for name, texts in question.local_attributes.items():
            for language, value in texts.items():
                self._attribute(qid, name, value, language)

    def _question_row(
        self, table: str, parent: str, gid: str, kind: str, code: str, order: str, question: LimeQuestion | None
    ) -> str:
        self.last_question += 1
        qid = str(self.last_question)
        self.rows[table].append(
            {
                "qid": qid,
                "parent_qid": parent,
                "sid": str(self.survey.id),
                "gid": gid,
                "type": kind,
                "title": code,
                "other": question.other if question else "N",
                "mandatory": question.mandatory if question else "N",
                "encrypted": "N",
                "question_order": order,
                "scale_id": "0",
                "same_default": "0",
                "relevance": question.relevance if question else "1",
                "same_script": "0",
            }
        )
        return qid

    def _texts(self, qid: str, texts: Mapping[str, str], helps: Mapping[str, str]) -> None:
        for language in self.survey.languages:
            self._add(
                "question_l10ns",
                {"qid": qid, "question": texts[language], "help": helps[language], "language": language},
            )

    def _default(self, qid: str, code: str) -> None:
        dvid = str(len(self.rows["defaultvalues"]) + 1)
        row = {"dvid": dvid, "qid": qid, "scale_id": "0", "sqid": "0", "specialtype": ""}
        self.rows["defaultvalues"].append(row)
        for language in self.survey.languages:
            self._add("defaultvalue_l10ns", {"dvid": dvid, "language": language, "defaultvalue": code})

    def _attribute(self, qid: str, name: str, value: str, language: str) -> None:
        self.rows["question_attributes"].append({"qid": qid, "attribute": name, "value": value, "language": language})
