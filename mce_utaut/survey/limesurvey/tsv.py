"""A ``Survey`` as LimeSurvey's tab-separated .txt.

UTF-8 with byte order mark and an unquoted header, or LimeSurvey guesses another encoding or imports an
empty survey; group ids so that the languages of a group are not taken for different groups. Attributes that
hold for all languages stand in the first one only: LimeSurvey keeps one for each time that it reads one.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping

from mce_utaut.survey.limesurvey.form import LimeQuestion, Survey

_COLUMNS = (
    "class",
    "type/scale",
    "name",
    "relevance",
    "text",
    "help",
    "language",
    "validation",
    "mandatory",
    "other",
    "default",
    "same_default",
    "same_script",
    "random_group",
)
Row = dict[str, str]


def write(survey: Survey) -> bytes:
    """The .txt file of ``survey``: one block of groups, questions and answers for each language."""
    rows = list(_rows(survey))
    columns = list(dict.fromkeys([*_COLUMNS, *(column for row in rows for column in row)]))
    stream = io.StringIO(newline="")
    stream.write("\t".join(columns) + "\n")
    writer = csv.writer(stream, delimiter="\t", quoting=csv.QUOTE_MINIMAL, lineterminator="\n")
    writer.writerows([row.get(column, "") for column in columns] for row in rows)
    return stream.getvalue().encode("utf-8-sig")


def _rows(survey: Survey) -> Iterator[Row]:
    for name, value in survey.settings.items():
        if name != "gsid":
            yield {"class": "S", "name": name, "text": value}
    for language, texts in survey.texts.items():
        for name, value in texts.items():
            yield {"class": "SL", "name": name, "text": value, "language": language}
    for language in survey.languages:
        for order, group in enumerate(survey.groups, start=1):
            yield {
                "class": "G",
                "type/scale": f"G{order}",
                "name": group.titles[language],
                "relevance": group.relevance,
                "text": group.descriptions[language],
                "language": language,
                "random_group": group.random_group,
            }
            for question in group.questions:
                attributes = question.attributes if language == survey.languages[0] else {}
                yield from _question(question, language, attributes)


def _question(question: LimeQuestion, language: str, attributes: Mapping[str, str]) -> Iterator[Row]:
    yield {
        "class": "Q",
        "type/scale": question.type,
        "name": question.code,
        "relevance": question.relevance,
        "text": question.texts[language],
        "help": question.helps[language],
        "language": language,
        "mandatory": question.mandatory,
        "other": question.other,
        "default": question.default,
        "same_default": "1",
        **attributes,
        **{name: texts[language] for name, texts in question.local_attributes.items()},
    }
    for kind, choices in (("SQ", question.subquestions), ("A", question.answers)):
        for choice in choices:
            yield {
                "class": kind,
                "type/scale": "0",
                "name": choice.code,
                "text": choice.texts[language],
                "language": language,
                **({"relevance": "1"} if kind == "SQ" else {}),
            }
