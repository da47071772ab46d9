"""Google Forms: an Apps Script and a batchUpdate for the Forms API, one of each a language; responses from
the CSV (or the workbook) of the answers.

Nothing here could be run at Google while it was written: NOTES.txt says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mce_utaut.instrument.model import Instrument
from mce_utaut.responses.model import Responses
from mce_utaut.survey import exporting
from mce_utaut.survey.contract import ExportOptions, ReadOptions, SurveyFiles
from mce_utaut.survey.googleforms import api, columns, form, remarks, script

if TYPE_CHECKING:
    from mce_utaut.survey.tables import Table

ID = "googleforms"
TITLE = "Google Forms"

_MANUAL = """
Take the .gs of your language: open script.google.com, New project, paste the file in place of what is there,
Run createForm, allow it. The log shows the address of the new form, which is in your Google Drive.
The .json of the language is for programmers: the body of forms.batchUpdate for a form that forms.create made.
Forms made through the API since July 2026 are not published: publish the form (“Publish” in its editor, or
forms.setPublishSettings), or nobody can answer.
In the settings of the form leave “Collect email addresses” off. Answer the form once and read that answer with
the import before anybody else answers.

Download the answers from the linked sheet (File, Download, CSV), or from the form (Responses, Download
responses). Do not change titles, rows or options once the form is out: the answers know nothing but these words.
"""


def export(instrument: Instrument, languages: Sequence[str] = (), options: ExportOptions | None = None) -> SurveyFiles:
    """A script and an API request for each of ``languages``, and the column map.

    Raises ``UsageError`` for an unknown language and ``UserMistake`` for unapproved wording where that is
    required.
    """
    options = options or ExportOptions()
    languages = exporting.chosen_languages(instrument, languages)
    notes = list(exporting.draft_notes(instrument, languages, options))
    column_map = columns.column_map(instrument, languages)
    files = {}
    for language in languages:
        built = form.build(instrument, language, column_map.draft)
        name = exporting.file_name(instrument, ID, language, column_map.draft)
        files[f"{name}.gs"] = script.write(built)
        files[f"{name}.batchUpdate.json"] = api.write(built)
    notes += remarks.notes(instrument, languages)
    return exporting.survey_files(instrument, column_map, files, notes, _MANUAL)


def recognises(content: bytes, name: str, head: Table | None = None) -> bool:
    """Whether ``content`` is a file of answers to a Google form: its first column says when each was sent."""
    from mce_utaut.survey.googleforms import reading  # reads with pandas

    return reading.recognises(content, name, head)


def read(instrument: Instrument, content: bytes, name: str, options: ReadOptions | None = None) -> Responses:
    """The responses in a CSV or XLSX of answers, headings and answers in any of the languages.

    Raises ``FileProblem`` for a file that cannot be read and ``ImportProblem`` for headings or answers
    that are not understood, all of them at once.
    """
    from mce_utaut.survey.googleforms import reading  # reads with pandas

    return reading.read(instrument, content, name, options or ReadOptions())
