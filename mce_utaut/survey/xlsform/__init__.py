"""XLSForm for KoboToolbox and ODK; responses from Kobo's and ODK Central's exports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mce_utaut.instrument.model import Instrument
from mce_utaut.responses.model import Responses
from mce_utaut.survey import exporting
from mce_utaut.survey.contract import ExportOptions, ReadOptions, SurveyFiles
from mce_utaut.survey.xlsform import columns, form

if TYPE_CHECKING:
    from mce_utaut.survey.tables import Table

ID = "xlsform"
TITLE = "XLSForm (KoboToolbox, ODK)"

_MANUAL = """
KoboToolbox: New, Upload an XLSForm. ODK Central: Create a new form, upload the .xlsx.
When you export from KoboToolbox choose "XML values and headers"; from ODK Central take the CSV.
"""


def export(instrument: Instrument, languages: Sequence[str] = (), options: ExportOptions | None = None) -> SurveyFiles:
    """The XLSForm with all ``languages`` in it, and the column map.

    Raises ``UsageError`` for an unknown language and ``UserMistake`` for unapproved wording where that is
    required.
    """
    options = options or ExportOptions()
    languages = exporting.chosen_languages(instrument, languages)
    notes = list(exporting.draft_notes(instrument, languages, options))
    column_map = columns.column_map(instrument, languages)
    files = {
        exporting.file_name(instrument, ID, "xlsx", column_map.draft): form.write(
            instrument, languages, column_map.draft
        )
    }
    notes += form.notes(instrument)
    return exporting.survey_files(instrument, column_map, files, notes, _MANUAL)


def recognises(content: bytes, name: str, head: Table | None = None) -> bool:
    """Whether ``content`` is a response export of KoboToolbox or ODK Central."""
    from mce_utaut.survey.xlsform import reading  # reads with pandas

    return reading.recognises(content, name, head)


def read(instrument: Instrument, content: bytes, name: str, options: ReadOptions | None = None) -> Responses:
    """The responses in a CSV or XLSX export of KoboToolbox (names or labels, with or without group names)
    or a CSV (or its zip) of ODK Central.

    Raises ``FileProblem`` for a file that cannot be read and ``ImportProblem`` for headings or answers
    that are not understood, all of them at once.
    """
    from mce_utaut.survey.xlsform import reading  # reads with pandas

    return reading.read(instrument, content, name, options or ReadOptions())
