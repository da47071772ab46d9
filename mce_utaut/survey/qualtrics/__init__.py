"""Qualtrics: a survey as Advanced Format .txt (one file a language) and as .qsf; responses from its CSV,
TSV and XLSX exports.

No Qualtrics could be run while this was written: what is known of the formats comes from real exports
and from files of others, and NOTES.txt says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mce_utaut.instrument.model import Instrument
from mce_utaut.responses.model import Responses
from mce_utaut.survey import exporting
from mce_utaut.survey.contract import ExportOptions, ReadOptions, SurveyFiles
from mce_utaut.survey.qualtrics import columns, form, qsf, remarks, txt

if TYPE_CHECKING:
    from mce_utaut.survey.tables import Table

ID = "qualtrics"
TITLE = "Qualtrics"

_MANUAL = """
Two ways in, take one:
1. The .qsf holds everything, with all languages: Survey, Tools, Import/Export, Import survey.
2. The .txt (one for each language) holds wording and codes only: Tools, Import/Export, Import survey.
Neither could be tried on a Qualtrics when this program was written. After the import look at every
question once, answer the survey once in preview, and export that answer, before anybody else answers.

Before fielding switch on "Anonymize responses" under Survey options, Security: by default Qualtrics keeps
IP address and location. (The import drops them in any case.)

When you export the answers take CSV, "Use numeric values"; "Use choice text" is read as well.
"""


def export(instrument: Instrument, languages: Sequence[str] = (), options: ExportOptions | None = None) -> SurveyFiles:
    """The .qsf with all ``languages``, one .txt for each, and the column map.

    Raises ``UsageError`` for an unknown language and ``UserMistake`` for unapproved wording where that is
    required.
    """
    options = options or ExportOptions()
    languages = exporting.chosen_languages(instrument, languages)
    notes = list(exporting.draft_notes(instrument, languages, options))
    column_map = columns.column_map(instrument, languages)
    blocks = form.blocks_of(instrument, languages)
    draft = column_map.draft
    files = {
        exporting.file_name(instrument, ID, "qsf", draft): qsf.write(instrument, languages, blocks, draft),
        **{
            exporting.file_name(instrument, ID, f"{language}.txt", draft): txt.write(instrument, language, blocks)
            for language in languages
        },
    }
    notes += remarks.notes(instrument, languages)
    return exporting.survey_files(instrument, column_map, files, notes, _MANUAL)


def recognises(content: bytes, name: str, head: Table | None = None) -> bool:
    """Whether ``content`` is a response export of Qualtrics."""
    from mce_utaut.survey.qualtrics import reading  # reads with pandas

    return reading.recognises(content, name, head)


def read(instrument: Instrument, content: bytes, name: str, options: ReadOptions | None = None) -> Responses:
    """The responses in an export with one, two or three rows of headings, numbers or choice texts, CSV, TSV
    or XLSX.

    Raises ``FileProblem`` for a file that cannot be read and ``ImportProblem`` for headings or answers
    that are not understood, all of them at once.
    """
    from mce_utaut.survey.qualtrics import reading  # reads with pandas

    return reading.read(instrument, content, name, options or ReadOptions())
