"""Responses from the workbook of answers to a Microsoft form.

Headings of the metadata are in the language of whoever made the form, so everything before the first known
question is told by its place and its cells.
"""

from __future__ import annotations

from collections.abc import Sequence
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
from mce_utaut.survey.matching import Matched, match, without_empty
from mce_utaut.survey.moments import durations, is_iso, is_stamp
from mce_utaut.survey.msforms.columns import column_map, layout, readings
from mce_utaut.survey.spelling import dense, normal
from mce_utaut.survey.tables import Table, read_table
from mce_utaut.survey.worded import constant, row_languages, without_leading_unknown

_HEAD = 5
_SEPARATOR = ";"


def recognises(content: bytes, name: str, head: Table | None) -> bool:
    """Whether the file begins with a number and two times (no other tool's does), or with their English
    headings."""
    try:
        table = head or read_table(content, name, head=_HEAD)
    except FileProblem:
        return False
    if len(table.headings) < 4:
        return False
    folded = [normal(heading).casefold() for heading in table.headings[:3]]
    if folded == ["id", "start time", "completion time"]:
        return True
    number, *times = table.columns[:3]
    return bool(table.n) and all(cell.isdigit() for cell in number) and all(_is_time(column) for column in times)


def _is_time(column: np.ndarray) -> bool:
    return all(is_stamp(cell) or is_iso(cell) for cell in column)


def read(instrument: Instrument, content: bytes, name: str, options: ReadOptions) -> Responses:
    """The responses in a workbook of answers; see ``mce_utaut.survey.msforms.read``."""
    table = read_table(content, name, delimiter=options.delimiter, encoding=options.encoding)
    known = options.column_map or column_map(instrument, instrument.languages)
    wanted = fields(instrument)
    leading = _leading(table.headings, known, options)
    placed: dict[int, Column | str] = {index: f"leading {index}" for index in leading}
    matched = match(table.headings, known, instrument, layout(instrument), options, name, placed=placed)
    matched = without_leading_unknown(without_empty(matched, table.columns))
    matched = replace(matched, meta={}, personal=(*leading, *matched.personal))
    table = _without_last_separator(table, matched, {field.name for field in wanted if field.kind == "multi"})
    habits = Habits(separators=_SEPARATOR, language=options.language)
    return build(instrument, table, matched, wanted, known, _arrivals(table, matched, leading), habits, options)


def _leading(headings: Sequence[str], known: ColumnMap, options: ReadOptions) -> tuple[int, ...]:
    """The columns before the first one whose heading is the wording of a question."""
    texts = {dense(text) for column in known.columns for text in column.texts.values()}
    texts |= {dense(heading) for heading in options.rename}
    for index, heading in enumerate(headings):
        if any(dense(reading) in texts for reading in readings(normal(heading))):
            return tuple(range(index))
    return ()


def _arrivals(table: Table, matched: Matched, leading: Sequence[int]) -> Arrivals:
    """The first column is the number, the first two columns of times are the start and the end."""
    times = [index for index in leading[1:] if any(table.columns[index]) and _is_time(table.columns[index])]
    duration = identity = None
    if len(times) >= 2:
        start, end = table.columns[times[0]], table.columns[times[1]]
        duration = durations(start, end)
        identity = np.array(
            [f"{number}:{when}" if number and when else "" for number, when in zip(table.columns[0], start)],
            dtype=object,
        )
    return Arrivals(
        submitted=constant(True, table.n),
        language=row_languages(table.columns, table.headings, matched),
        duration=duration,
        identity=identity,
    )


def _without_last_separator(table: Table, matched: Matched, several: set[str]) -> Table:
    """The table without the ``;`` that ends every cell of a question with several answers."""
    columns = list(table.columns)
    for index, column in matched.answers:
        if column.field in several:
            cells = [cell.rstrip().removesuffix(_SEPARATOR) for cell in columns[index]]
            columns[index] = np.array(cells, dtype=object).reshape(table.n)
    return replace(table, columns=tuple(columns))
