"""Microsoft Forms: a Word document a language, for "quick import" and for people to copy from; responses
from the workbook of the answers.

No Microsoft tenant was at hand while this was written: what is known of the workbook comes from real files
and documentation, what of quick import is not known at all, and NOTES.txt says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mce_utaut.instrument.model import Instrument
from mce_utaut.responses.model import Responses
from mce_utaut.survey import exporting
from mce_utaut.survey.contract import ExportOptions, ReadOptions, SurveyFiles
from mce_utaut.survey.msforms import columns, document, remarks

if TYPE_CHECKING:
    from mce_utaut.survey.tables import Table

ID = "msforms"
TITLE = "Microsoft Forms"

_MANUAL = """
Take the .docx of your language. Either: forms.office.com, Quick import, upload it, and compare every question
with the document, since what quick import recognises is Microsoft's secret and was not tried. Or: build the form
by hand, copying question by question. The list below says for each number which kind of question it is; take
over titles, statements and options letter by letter, since the answers know nothing but these words.
Settings: “Anyone can respond”, or else “Record name” off. Answer the form once and read that answer with the
import before anybody else answers.

Download the answers with Responses, Open in Excel. Columns that somebody adds on the right are left out.

"""


def export(instrument: Instrument, languages: Sequence[str] = (), options: ExportOptions | None = None) -> SurveyFiles:
    """A document for each of ``languages``, and the column map.

    Raises ``UsageError`` for an unknown language and ``UserMistake`` for unapproved wording where that is
    required.
    """
    options = options or ExportOptions()
    languages = exporting.chosen_languages(instrument, languages)
    notes = list(exporting.draft_notes(instrument, languages, options))
    column_map = columns.column_map(instrument, languages)
    files = {
        exporting.file_name(instrument, ID, f"{language}.docx", column_map.draft): document.write(
            instrument, language, column_map.draft
        )
        for language in languages
    }
    notes += remarks.notes(instrument, languages)
    manual = _MANUAL + "\n".join(remarks.kinds(instrument, languages[0]))
    return exporting.survey_files(instrument, column_map, files, notes, manual)


def recognises(content: bytes, name: str, head: Table | None = None) -> bool:
    """Whether ``content`` is a workbook of answers: a number, two times and who it was come first."""
    from mce_utaut.survey.msforms import reading  # reads with pandas

    return reading.recognises(content, name, head)


def read(instrument: Instrument, content: bytes, name: str, options: ReadOptions | None = None) -> Responses:
    """The responses in the workbook of answers (or in a CSV made of it), headings and answers in any of the
    languages.

    Raises ``FileProblem`` for a file that cannot be read and ``ImportProblem`` for headings or answers
    that are not understood, all of them at once.
    """
    from mce_utaut.survey.msforms import reading  # reads with pandas

    return reading.read(instrument, content, name, options or ReadOptions())
