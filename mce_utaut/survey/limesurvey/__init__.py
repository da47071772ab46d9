"""LimeSurvey: the questionnaire as .lss and .txt; responses as CSV, XLSX and JSON.

The facts about its formats were found out on LimeSurvey 6.4.2 (docs/survey-tools.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mce_utaut.instrument.model import Instrument
from mce_utaut.responses.model import Responses
from mce_utaut.survey import exporting
from mce_utaut.survey.contract import ExportOptions, ReadOptions, SurveyFiles
from mce_utaut.survey.limesurvey import by_hand, columns, form, lss, tsv

if TYPE_CHECKING:
    from mce_utaut.survey.tables import Table

ID = "limesurvey"
TITLE = "LimeSurvey"

_MANUAL = """
Import the .lss file: Surveys, Create a new survey, Import. (The .txt file holds the same for people who
edit it in a spreadsheet; after importing it compare the numbers of groups and questions with the .lss.)
Answer it once yourself, then activate the survey: before that nobody's answers are kept.
When you export the responses choose: CSV, heading "question code", answers "answer codes", all responses,
and tick the timing columns, so that the time taken is known without anybody's date and hour.
"""


def export(instrument: Instrument, languages: Sequence[str] = (), options: ExportOptions | None = None) -> SurveyFiles:
    """The survey as .lss and .txt with all ``languages`` in each, and the column map.

    Raises ``UsageError`` for an unknown language and ``UserMistake`` for unapproved wording where that is
    required.
    """
    options = options or ExportOptions()
    languages = exporting.chosen_languages(instrument, languages)
    notes = list(exporting.draft_notes(instrument, languages, options))
    column_map = columns.column_map(instrument, languages)
    survey = form.survey_of(instrument, languages, options.survey_id, column_map.draft)
    notes += by_hand.notes(instrument, languages, column_map.draft)
    files = {
        exporting.file_name(instrument, ID, "lss", column_map.draft): lss.write(survey),
        exporting.file_name(instrument, ID, "txt", column_map.draft): tsv.write(survey),
    }
    return exporting.survey_files(instrument, column_map, files, notes, _MANUAL)


def recognises(content: bytes, name: str, head: Table | None = None) -> bool:
    """Whether ``content`` is an export of LimeSurvey responses."""
    from mce_utaut.survey.limesurvey import reading  # reads with pandas

    return reading.recognises(content, name, head)


def read(instrument: Instrument, content: bytes, name: str, options: ReadOptions | None = None) -> Responses:
    """The responses in a CSV, XLSX or JSON export, whatever its headings and answers (codes or words).

    Raises ``FileProblem`` for a file that cannot be read and ``ImportProblem`` for headings or answers
    that are not understood, all of them at once.
    """
    from mce_utaut.survey.limesurvey import reading  # reads with pandas

    return reading.read(instrument, content, name, options or ReadOptions())
