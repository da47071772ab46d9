"""Paper: a page to print for each language, and a workbook for entering the answers, which reads back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mce_utaut.instrument.model import Instrument
from mce_utaut.responses.model import Responses
from mce_utaut.survey import exporting
from mce_utaut.survey.contract import ExportOptions, ReadOptions, SurveyFiles
from mce_utaut.survey.paper import columns, entry_sheet, printed, remarks

if TYPE_CHECKING:
    from mce_utaut.survey.tables import Table

ID = "paper"
TITLE = "paper, and a sheet for data entry"

_MANUAL = """
Open the .html of the language in a browser and print it (A4, margins as set, background graphics on). Write a
number on each form that comes back. Enter one form a row in the .xlsx: the number under “form”, then the small
codes that are printed beside the boxes; the cells offer them in a list and refuse others. Questions with several
answers have a column for each box: 1 where it is ticked. Leave a cell empty where nothing was ticked, or where
two boxes were. No names of persons in the sheet.
The import reads the sheet as it is. Check a sample of the forms against the sheet, or enter them twice and compare.
"""


def export(instrument: Instrument, languages: Sequence[str] = (), options: ExportOptions | None = None) -> SurveyFiles:
    """A page to print for each of ``languages``, the workbook for data entry, and the column map.

    Raises ``UsageError`` for an unknown language and ``UserMistake`` for unapproved wording where that is
    required.
    """
    options = options or ExportOptions()
    languages = exporting.chosen_languages(instrument, languages)
    notes = list(exporting.draft_notes(instrument, languages, options))
    column_map = columns.column_map(instrument, languages)
    files = {
        exporting.file_name(instrument, ID, f"{language}.html", column_map.draft): printed.write(
            instrument, language, column_map.draft
        )
        for language in languages
    }
    name = exporting.file_name(instrument, ID, "entry.xlsx", column_map.draft)
    files[name] = entry_sheet.write(instrument, column_map)
    notes += remarks.notes(instrument, languages)
    return exporting.survey_files(instrument, column_map, files, notes, _MANUAL)


def recognises(content: bytes, name: str, head: Table | None = None) -> bool:
    """Whether ``content`` is the sheet for data entry."""
    from mce_utaut.survey.paper import reading  # reads with pandas

    return reading.recognises(content, name, head)


def read(instrument: Instrument, content: bytes, name: str, options: ReadOptions | None = None) -> Responses:
    """The responses in the sheet for data entry (XLSX, or a CSV made of it).

    Raises ``FileProblem`` for a file that cannot be read and ``ImportProblem`` for headings or answers
    that are not understood, all of them at once.
    """
    from mce_utaut.survey.paper import reading  # reads with pandas

    return reading.read(instrument, content, name, options or ReadOptions())
