"""SurveyJS: the model with all languages, and a page of our own that fields it without a network or a
library; responses from the results of both.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from mce_utaut.instrument.model import Instrument
from mce_utaut.responses.model import Responses
from mce_utaut.survey import exporting
from mce_utaut.survey.contract import ExportOptions, ReadOptions, SurveyFiles
from mce_utaut.survey.surveyjs import columns, model, page, remarks

if TYPE_CHECKING:
    from mce_utaut.survey.tables import Table

ID = "surveyjs"
TITLE = "SurveyJS, and a page for any web server"

_MANUAL = """
The .html is a whole survey in one file: put it on any web server (or open it from disk). It needs no network
and stores nothing. At the end respondents save their answers as a file or copy them, and hand them to you; or
the page sends them (POST, JSON) to the https address that you give in its own address: ?post=https://...
(a server other than the page's own has to allow that: CORS, with the header Content-Type). Respondents see
from the first page on where their answers go; where sending fails they are asked to save the file.
Other parameters: lang=it, seed=1 (a fixed random order), and the codes of the questions filled by the link.
A respondent who does not consent leaves no answers.

The .json is the model for a page of your own with SurveyJS (tested with survey-core 3.1.1): new Model(json);
store model.data in onComplete.

The import reads one result in a file, an array of results, or one result on each line.
"""


def export(instrument: Instrument, languages: Sequence[str] = (), options: ExportOptions | None = None) -> SurveyFiles:
    """The model and the page with all ``languages``, and the column map.

    Raises ``UsageError`` for an unknown language and ``UserMistake`` for unapproved wording where that is
    required.
    """
    options = options or ExportOptions()
    languages = exporting.chosen_languages(instrument, languages)
    notes = list(exporting.draft_notes(instrument, languages, options))
    column_map = columns.column_map(instrument, languages)
    built = model.build(instrument, languages, column_map.draft)
    files = {
        exporting.file_name(instrument, ID, "json", column_map.draft): _json(built),
        exporting.file_name(instrument, ID, "html", column_map.draft): page.write(instrument, languages, built),
    }
    notes += remarks.notes(instrument)
    return exporting.survey_files(instrument, column_map, files, notes, _MANUAL)


def _json(document: object) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def recognises(content: bytes, name: str, head: Table | None = None) -> bool:
    """Whether ``content`` is a result of SurveyJS or of our page, or several of them."""
    from mce_utaut.survey.surveyjs import reading  # reads with pandas

    return reading.recognises(content, name, head)


def read(instrument: Instrument, content: bytes, name: str, options: ReadOptions | None = None) -> Responses:
    """The responses in one result, an array of results, or one result on each line.

    Raises ``FileProblem`` for a file that is no such JSON and ``ImportProblem`` for keys or answers that are
    not understood, all of them at once.
    """
    from mce_utaut.survey.surveyjs import reading  # reads with pandas

    return reading.read(instrument, content, name, options or ReadOptions())
