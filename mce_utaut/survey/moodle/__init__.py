"""Moodle: the XML of a Feedback activity, one file a language; responses from Feedback, and from the
Questionnaire plugin where its questions were named by our codes.

The formats of the XML and of Feedback's answers were read in Moodle's source and not tried; NOTES.txt says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mce_utaut.instrument.model import Instrument
from mce_utaut.responses.model import Responses
from mce_utaut.survey import exporting
from mce_utaut.survey.contract import ExportOptions, ReadOptions, SurveyFiles
from mce_utaut.survey.moodle import columns, feedback, remarks

if TYPE_CHECKING:
    from mce_utaut.survey.tables import Table

ID = "moodle"
TITLE = "Moodle (Feedback)"

_MANUAL = """
Make a Feedback activity for each language: “Record user names” Anonymous, “Auto number questions” No. Under
Templates (or Questions), Import questions, give the .xml of the language; it replaces the questions that are
there. Answer it once and read that answer with the import before anybody else answers.

Download the answers under Responses, as CSV or Excel.

The Questionnaire plugin cannot import questions. Where you build them there by hand, give each question our code
as its name (Q08_PEQ->statement is how its answers are read), and export the choices as text, not as numbers.
"""


def export(instrument: Instrument, languages: Sequence[str] = (), options: ExportOptions | None = None) -> SurveyFiles:
    """A Feedback XML for each of ``languages``, and the column map.

    Raises ``UsageError`` for an unknown language and ``UserMistake`` for unapproved wording where that is
    required.
    """
    options = options or ExportOptions()
    languages = exporting.chosen_languages(instrument, languages)
    notes = list(exporting.draft_notes(instrument, languages, options))
    column_map = columns.column_map(instrument, languages)
    files = {
        exporting.file_name(instrument, ID, f"{language}.xml", column_map.draft): feedback.write(
            instrument, language, column_map.draft
        )
        for language in languages
    }
    notes += remarks.notes(instrument, languages)
    return exporting.survey_files(instrument, column_map, files, notes, _MANUAL)


def recognises(content: bytes, name: str, head: Table | None = None) -> bool:
    """Whether ``content`` holds answers to a Feedback (headings ``(label) question``) or a Questionnaire
    (headings ``Q01_name``)."""
    from mce_utaut.survey.moodle import reading  # reads with pandas

    return reading.recognises(content, name, head)


def read(instrument: Instrument, content: bytes, name: str, options: ReadOptions | None = None) -> Responses:
    """The responses in a CSV or XLSX of answers, headings and answers in any of the languages.

    Raises ``FileProblem`` for a file that cannot be read and ``ImportProblem`` for headings or answers
    that are not understood, all of them at once.
    """
    from mce_utaut.survey.moodle import reading  # reads with pandas

    return reading.read(instrument, content, name, options or ReadOptions())
