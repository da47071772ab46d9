"""REDCap: the data dictionary (one file a language); responses from raw and label exports.

No REDCap could be run while this was written: what is known of the formats comes from real dictionaries
and from files of others, and NOTES.txt says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mce_utaut.instrument.model import Instrument
from mce_utaut.responses.model import Responses
from mce_utaut.survey import exporting
from mce_utaut.survey.contract import ExportOptions, ReadOptions, SurveyFiles
from mce_utaut.survey.redcap import columns, dictionary, remarks

if TYPE_CHECKING:
    from mce_utaut.survey.tables import Table

ID = "redcap"
TITLE = "REDCap"

_MANUAL = """
Take the .csv of your language (one project holds one language, unless you translate it with REDCap's
Multi-Language Management): Project Setup, Dictionary, Upload a Data Dictionary, on a project without other
instruments. Then enable the form as a survey and choose "One section per page".
This could not be tried on a REDCap when this program was written: look at every question once, answer the
survey once, and export that answer, before anybody else answers.

When you export the answers take "CSV / Microsoft Excel (raw data)"; "(labels)" is read as well.
Leave the delimiter at comma, semicolon or tab.
"""


def export(instrument: Instrument, languages: Sequence[str] = (), options: ExportOptions | None = None) -> SurveyFiles:
    """A data dictionary for each of ``languages``, and the column map.

    Raises ``UsageError`` for an unknown language and ``UserMistake`` for unapproved wording where that is
    required, or where two codes become one name in lower case.
    """
    options = options or ExportOptions()
    languages = exporting.chosen_languages(instrument, languages)
    notes = list(exporting.draft_notes(instrument, languages, options))
    columns.refuse_collisions(instrument)
    column_map = columns.column_map(instrument, languages)
    files = {
        exporting.file_name(instrument, ID, f"{language}.csv", column_map.draft): dictionary.write(instrument, language)
        for language in languages
    }
    notes += remarks.notes(instrument, languages)
    return exporting.survey_files(instrument, column_map, files, notes, _MANUAL)


def recognises(content: bytes, name: str, head: Table | None = None) -> bool:
    """Whether ``content`` is an export of REDCap records."""
    from mce_utaut.survey.redcap import reading  # reads with pandas

    return reading.recognises(content, name, head)


def read(instrument: Instrument, content: bytes, name: str, options: ReadOptions | None = None) -> Responses:
    """The responses in an export of raw data or of labels. Comma, semicolon and tab are found
    out; the delimiters ``|`` and ``^`` have to be named.

    Raises ``FileProblem`` for a file that cannot be read and ``ImportProblem`` for headings or answers
    that are not understood, all of them at once.
    """
    from mce_utaut.survey.redcap import reading  # reads with pandas

    return reading.read(instrument, content, name, options or ReadOptions())
