"""EUSurvey: a sheet to copy from, as workbook and as page; responses from the XLSX or XML of the results.

EUSurvey takes no form that another program could write. What is known of its results was read in its source
code, not seen, and NOTES.txt says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mce_utaut.instrument.model import Instrument
from mce_utaut.responses.model import Responses
from mce_utaut.survey import exporting
from mce_utaut.survey.contract import ExportOptions, ReadOptions, SurveyFiles
from mce_utaut.survey.eusurvey import columns, remarks, sheet

if TYPE_CHECKING:
    from mce_utaut.survey.tables import Table

ID = "eusurvey"
TITLE = "EUSurvey (to copy by hand)"

_MANUAL = """
EUSurvey imports only files that it wrote itself: build the survey in its editor, copying element by element from
the .xlsx (a sheet for each language) or the .html. Type the shortname of each question, matrix row and answer
into “Identifier” of the element: they are what the answers are known by. Enter the first language, then add the
others under Translations. Answer the survey once and read that answer with the import before anybody else does.

Results, Export, XML (its answers point to the questions, whatever the language), or XLSX with “show shortnames”;
leave user names and invitation numbers out, and do not split multiple choice questions into columns.
"""


def export(instrument: Instrument, languages: Sequence[str] = (), options: ExportOptions | None = None) -> SurveyFiles:
    """The sheet to copy from as one workbook and as a page for each of ``languages``, and the column map.

    Raises ``UsageError`` for an unknown language and ``UserMistake`` for unapproved wording where that is
    required.
    """
    options = options or ExportOptions()
    languages = exporting.chosen_languages(instrument, languages)
    notes = list(exporting.draft_notes(instrument, languages, options))
    column_map = columns.column_map(instrument, languages)
    draft = column_map.draft
    tables = {language: sheet.rows(instrument, language, draft) for language in languages}
    files = {exporting.file_name(instrument, ID, "xlsx", draft): sheet.workbook(tables)}
    for language, rows in tables.items():
        files[exporting.file_name(instrument, ID, f"{language}.html", draft)] = sheet.page(language, rows)
    notes += remarks.notes(instrument, languages)
    return exporting.survey_files(instrument, column_map, files, notes, _MANUAL)


def recognises(content: bytes, name: str, head: Table | None = None) -> bool:
    """Whether ``content`` is an export of results: XML of this kind, or a sheet that begins with the alias."""
    from mce_utaut.survey.eusurvey import reading  # reads with pandas

    return reading.recognises(content, name, head)


def read(instrument: Instrument, content: bytes, name: str, options: ReadOptions | None = None) -> Responses:
    """The responses in results as XLSX, with or without shortnames, or XML, in any of the languages.

    Raises ``FileProblem`` for a file that cannot be read and ``ImportProblem`` for headings or answers
    that are not understood, all of them at once.
    """
    from mce_utaut.survey.eusurvey import reading  # reads with pandas

    return reading.read(instrument, content, name, options or ReadOptions())
