"""Responses from Moodle's Feedback and Questionnaire activities."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mce_utaut.errors import FileProblem
from mce_utaut.instrument.model import Instrument
from mce_utaut.responses.model import Responses
from mce_utaut.survey.arrivals import Arrivals
from mce_utaut.survey.building import build
from mce_utaut.survey.coding import Habits
from mce_utaut.survey.contract import Column, ColumnMap, ReadOptions
from mce_utaut.survey.fields import fields
from mce_utaut.survey.matching import match, without_empty
from mce_utaut.survey.moodle.columns import FEEDBACK, LAYOUT, QUESTIONNAIRE, column_map, readings
from mce_utaut.survey.spelling import dense, normal
from mce_utaut.survey.tables import Table, read_table
from mce_utaut.survey.worded import constant, row_languages, without_leading_unknown

_HEAD = 5
_SEPARATORS = ("\n", "   ", ";", ",")  # line ends in Feedback, which newer releases write as three blanks
_MOST_LEADING = 16  # columns of metadata


def recognises(content: bytes, name: str, head: Table | None) -> bool:
    """Whether most headings after the metadata are ``(label) question`` or ``Q01_name``."""
    try:
        table = head or read_table(content, name, head=_HEAD)
    except FileProblem:
        return False
    ours = [_is_ours(heading) for heading in table.headings]
    return sum(ours) >= 2 and sum(ours) + _MOST_LEADING >= len(ours) and sum(ours) * 2 >= len(ours) - ours.index(True)


def _is_ours(heading: str) -> bool:
    spelled = normal(heading)
    return bool(FEEDBACK.fullmatch(spelled) or QUESTIONNAIRE.fullmatch(spelled))


def read(instrument: Instrument, content: bytes, name: str, options: ReadOptions) -> Responses:
    """The responses in a file of answers; see ``mce_utaut.survey.moodle.read``."""
    table = read_table(content, name, delimiter=options.delimiter, encoding=options.encoding)
    known = options.column_map or column_map(instrument, instrument.languages)
    wanted = fields(instrument)
    leading = _leading(table, known, options)
    placed: dict[int, Column | str] = {index: f"leading {index}" for index in leading}
    matched = match(table.headings, known, instrument, LAYOUT, options, name, placed=placed)
    matched = without_leading_unknown(without_empty(matched, table.columns))
    matched = replace(matched, meta={}, personal=(*leading, *matched.personal))
    arrivals = Arrivals(
        submitted=_submitted(table, leading), language=row_languages(table.columns, table.headings, matched)
    )
    habits = Habits(separators=_SEPARATORS, language=options.language, entities=True)
    return build(instrument, table, matched, wanted, known, arrivals, habits, options)


def _leading(table: Table, known: ColumnMap, options: ReadOptions) -> tuple[int, ...]:
    """The columns before the first one of a question: names, groups, addresses, dates in any language."""
    texts = {dense(text) for column in known.columns for text in column.texts.values()}
    texts |= {dense(heading) for heading in options.rename}
    for index, heading in enumerate(table.headings):
        if _is_ours(heading) or any(dense(reading) in texts for reading in readings(normal(heading))):
            return tuple(range(index))
    return ()


def _submitted(table: Table, leading: tuple[int, ...]) -> np.ndarray:
    """Whether each answer (n,) was sent: Questionnaire may tell in a column of y and n, else all were."""
    for index in leading:
        cells = {cell.strip().casefold() for cell in table.columns[index]}
        if cells and cells <= {"y", "n"}:
            return np.array([cell.strip().casefold() == "y" for cell in table.columns[index]], dtype=object)
    return constant(True, table.n)
