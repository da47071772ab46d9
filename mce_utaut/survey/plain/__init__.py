"""Plain CSV and XLSX with our own codes and names as headings: for data entered by hand, for data that
come from elsewhere, and for handing responses on to other programs and reading them back unchanged.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mce_utaut.instrument.model import Instrument
from mce_utaut.responses.model import Responses
from mce_utaut.survey import exporting
from mce_utaut.survey.contract import ExportOptions, ReadOptions, SurveyFiles
from mce_utaut.survey.plain import columns, template

if TYPE_CHECKING:
    from mce_utaut.survey.tables import Table

ID = "plain"
TITLE = "plain CSV or XLSX"

_MANUAL = """
Enter one respondent a row, with codes, names or labels as answers (the sheet "codes" of the .xlsx lists
them). Leave a cell empty where there is no answer; "cannot judge" is 99. The first column holds a key of
your choice for each respondent; names of persons do not belong there.
"""


def export(instrument: Instrument, languages: Sequence[str] = (), options: ExportOptions | None = None) -> SurveyFiles:
    """An empty sheet for data entry as .csv and .xlsx (with a sheet of the codes), and the column map.

    Raises ``UsageError`` for an unknown language and ``UserMistake`` for unapproved wording where that is
    required.
    """
    options = options or ExportOptions()
    languages = exporting.chosen_languages(instrument, languages)
    notes = list(exporting.draft_notes(instrument, languages, options))
    column_map = columns.column_map(instrument, languages)
    files = {
        exporting.file_name(instrument, ID, "csv", column_map.draft): template.empty_csv(column_map),
        exporting.file_name(instrument, ID, "xlsx", column_map.draft): template.empty_xlsx(column_map),
    }
    notes += template.notes(instrument)
    return exporting.survey_files(instrument, column_map, files, notes, _MANUAL)


def recognises(content: bytes, name: str, head: Table | None = None) -> bool:
    """Whether ``content`` is a file with the headings that ``write`` and ``export`` write. Files from
    elsewhere with our codes as headings are read as well, but look like nothing in particular."""
    from mce_utaut.survey.plain import reading  # reads with pandas

    return reading.recognises(content, name, head)


def read(
    instrument: Instrument,
    content: bytes,
    name: str,
    options: ReadOptions | None = None,
    sidecar: bytes | None = None,
) -> Responses:
    """The responses in a CSV or XLSX whose headings are our codes, names or wording. ``sidecar`` is the
    JSON that ``write`` put beside it: with it everything is as it was written.

    Raises ``FileProblem`` for a file that cannot be read and ``ImportProblem`` for headings or answers
    that are not understood, all of them at once.
    """
    from mce_utaut.survey.plain import reading  # reads with pandas

    return reading.read(instrument, content, name, options or ReadOptions(), sidecar)


def write(instrument: Instrument, responses: Responses, stem: str | None = None) -> dict[str, bytes]:
    """The files of ``responses``: ``<stem>.csv`` (answers, missing kinds and what is known of each
    respondent) and ``<stem>.sidecar.json`` (files read, rows left out, notes)."""
    from mce_utaut.survey.plain import writing  # writes with pandas

    return writing.write(instrument, responses, stem or f"{instrument.id}.responses")
