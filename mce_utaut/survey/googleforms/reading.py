"""Responses from the answers to Google forms."""

from __future__ import annotations

from dataclasses import replace

from mce_utaut.errors import FileProblem
from mce_utaut.instrument.model import Instrument
from mce_utaut.responses.model import Responses
from mce_utaut.survey.arrivals import Arrivals
from mce_utaut.survey.building import build
from mce_utaut.survey.coding import Habits
from mce_utaut.survey.contract import Column, ReadOptions
from mce_utaut.survey.fields import fields
from mce_utaut.survey.googleforms.columns import LAYOUT, TIMESTAMPS, column_map
from mce_utaut.survey.matching import match, without_empty
from mce_utaut.survey.moments import is_iso, is_stamp
from mce_utaut.survey.spelling import normal
from mce_utaut.survey.tables import Table, read_table
from mce_utaut.survey.worded import constant, row_languages, without_leading_unknown

_HEAD = 5
_SEPARATORS = ",;"  # a sheet has ", " between the options of a checkbox question, the form's own CSV ";"
_TIMES = frozenset(normal(text).casefold() for text in TIMESTAMPS)


def recognises(content: bytes, name: str, head: Table | None) -> bool:
    """Whether the first column has the heading of the time column in a known language, or holds nothing
    but dates with hours as Google writes them."""
    try:
        table = head or read_table(content, name, head=_HEAD)
    except FileProblem:
        return False
    if normal(table.headings[0]).casefold() in _TIMES:
        return True
    return bool(table.n) and all(_is_time(cell, table.form) for cell in table.columns[0])


def _is_time(cell: str, form: str) -> bool:
    return is_stamp(cell) and (form == "xlsx" or not is_iso(cell))


def read(instrument: Instrument, content: bytes, name: str, options: ReadOptions) -> Responses:
    """The responses in a file of answers; see ``mce_utaut.survey.googleforms.read``."""
    table = read_table(content, name, delimiter=options.delimiter, encoding=options.encoding)
    known = options.column_map or column_map(instrument, instrument.languages)
    wanted = fields(instrument)
    placed = _timestamp(table)
    matched = match(table.headings, known, instrument, LAYOUT, options, name, placed=placed)
    matched = without_leading_unknown(without_empty(matched, table.columns))
    times = tuple(index for index in matched.meta.values() if index not in matched.personal)
    matched = replace(matched, personal=(*times, *matched.personal))
    arrivals = Arrivals(
        submitted=constant(True, table.n),
        language=row_languages(table.columns, table.headings, matched),
    )
    habits = Habits(separators=_SEPARATORS, language=options.language)
    return build(instrument, table, matched, wanted, known, arrivals, habits, options)


def _timestamp(table: Table) -> dict[int, Column | str]:
    """The first column where its cells tell that it is the time, whatever its heading."""
    if table.n and all(is_stamp(cell) or is_iso(cell) for cell in table.columns[0] if cell) and any(table.columns[0]):
        return {0: "timestamp"}
    return {}
