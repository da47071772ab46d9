"""Responses from the sheet for data entry."""

from __future__ import annotations

import numpy as np

from mce_utaut.errors import FileProblem
from mce_utaut.instrument.model import Instrument
from mce_utaut.responses.model import Responses
from mce_utaut.survey.arrivals import Arrivals
from mce_utaut.survey.building import build
from mce_utaut.survey.coding import Habits
from mce_utaut.survey.contract import ReadOptions
from mce_utaut.survey.fields import fields
from mce_utaut.survey.matching import match, without_empty
from mce_utaut.survey.paper.columns import FORM, LANGUAGE, LAYOUT, column_map
from mce_utaut.survey.spelling import unguard
from mce_utaut.survey.tables import Table, read_table
from mce_utaut.survey.worded import constant

_HEAD = 5


def recognises(content: bytes, name: str, head: Table | None) -> bool:
    """Whether the first two headings are those of the sheet."""
    try:
        headings = (head or read_table(content, name, head=_HEAD)).headings
    except FileProblem:
        return False
    return [heading.strip().casefold() for heading in headings[:2]] == [FORM, LANGUAGE]


def read(instrument: Instrument, content: bytes, name: str, options: ReadOptions) -> Responses:
    """The responses in the sheet; see ``mce_utaut.survey.paper.read``."""
    table = read_table(content, name, delimiter=options.delimiter, encoding=options.encoding)
    known = options.column_map or column_map(instrument, instrument.languages)
    wanted = fields(instrument)
    matched = without_empty(match(table.headings, known, instrument, LAYOUT, options, name), table.columns)
    meta = {kind: table.columns[index] for kind, index in matched.meta.items()}
    arrivals = Arrivals(
        submitted=constant(True, table.n),
        language=np.array([cell.strip().casefold() for cell in meta[LANGUAGE]], object) if LANGUAGE in meta else None,
        keys=_keys(table, meta.get(FORM)),
    )
    habits = Habits(language=options.language, clean=unguard)
    return build(instrument, table, matched, wanted, known, arrivals, habits, options)


def _keys(table: Table, numbers: np.ndarray | None) -> np.ndarray | None:
    """The number of each form; a form that is entered twice is kept once."""
    if numbers is None:
        return None
    keys = [f"form{cell.strip()}" if cell.strip() else f"row{row}" for cell, row in zip(numbers, table.numbers)]
    return np.array(keys, dtype=object)
