"""Responses from EUSurvey's results: XLSX with headings in row 4, wide surveys over several sheets, or XML."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mce_utaut.errors import FileProblem
from mce_utaut.instrument.model import Instrument
from mce_utaut.responses.model import Responses
from mce_utaut.survey.arrivals import Arrivals
from mce_utaut.survey.building import build
from mce_utaut.survey.coding import Habits
from mce_utaut.survey.contract import ReadOptions
from mce_utaut.survey.eusurvey import results_xml
from mce_utaut.survey.eusurvey.columns import LAYOUT, column_map
from mce_utaut.survey.fields import fields
from mce_utaut.survey.matching import Matched, match, without_empty
from mce_utaut.survey.tables import Grid, Table, form_of, read_grid, table_of
from mce_utaut.survey.worded import constant, row_languages

_FIRST = "alias"
_HEADING_ROW = 4
_MOST_SHEETS = 64
_HEAD = 5


def recognises(content: bytes, name: str, head: Table | None) -> bool:
    """Whether it is the XML of results, or the first cell says "Alias" and the second row is the date of an
    export."""
    if form_of(content) == "xml":
        return results_xml.is_results(content)
    if head is not None:
        return head.headings[0].strip().casefold() == _FIRST and len(head.headings) <= 2
    try:
        grid = read_grid(content, name, head=_HEAD)
    except FileProblem:
        return False
    return _is_results(grid)


def _is_results(grid: Grid) -> bool:
    return len(grid.rows) > 2 and grid.rows[0][0].strip().casefold() == _FIRST and len(grid.rows[0]) <= 2


def read(instrument: Instrument, content: bytes, name: str, options: ReadOptions) -> Responses:
    """The responses in an export of results; see ``mce_utaut.survey.eusurvey.read``."""
    table = _table(content, name, options)
    known = options.column_map or column_map(instrument, instrument.languages)
    wanted = fields(instrument)
    matched = without_empty(match(table.headings, known, instrument, LAYOUT, options, name), table.columns)
    matched = _without_trailing_unknown(matched)
    meta = {kind: table.columns[index] for kind, index in matched.meta.items()}
    language = row_languages(table.columns, table.headings, matched)
    if "language" in meta:
        language = np.array([cell.strip().casefold()[:2] for cell in meta["language"]], dtype=object)
    arrivals = Arrivals(submitted=constant(True, table.n), language=language, identity=meta.get("id"))
    habits = Habits(separators=results_xml.SEPARATOR, language=options.language)
    return build(instrument, table, matched, wanted, known, arrivals, habits, options)


def _table(content: bytes, name: str, options: ReadOptions) -> Table:
    """The XML, or the first sheet with the sheets on which a wide survey goes on beside it."""
    if form_of(content) == "xml":
        return table_of(results_xml.read_grid(content, name), content, name, "xml")
    grids = [read_grid(content, name, delimiter=options.delimiter, encoding=options.encoding)]
    if form_of(content) == "xlsx":
        for number in range(1, _MOST_SHEETS):
            try:
                grids.append(read_grid(content, name, sheet=f"Content{number}"))
            except FileProblem:
                break
    parts = [_part(grid) for grid in grids]
    numbers = sorted({number for part in parts for number in part})
    widths = [max((len(row) for row in part.values()), default=0) for part in parts]
    rows = [
        [cell for part, width in zip(parts, widths) for cell in _padded(part.get(number, ()), width)]
        for number in numbers
    ]
    return table_of(Grid(rows, numbers), content, name, form_of(content))


def _part(grid: Grid) -> dict[int, list[str]]:
    """The rows of a sheet by number, from its headings on."""
    first = _HEADING_ROW if _is_results(grid) else (grid.numbers[0] if grid.rows else 0)
    return {number: list(row) for number, row in zip(grid.numbers, grid.rows) if number >= first}


def _padded(row: list[str] | tuple[str, ...], width: int) -> list[str]:
    return [*row, *([""] * (width - len(row)))]


def _without_trailing_unknown(matched: Matched) -> Matched:
    """Unknown columns behind the last answer are what EUSurvey tells of the respondent, in the language of
    its pages: dropped as personal."""
    last = max(index for index, _ in matched.answers)
    trailing = tuple(index for index in matched.unknown if index > last)
    rest = tuple(index for index in matched.unknown if index < last)
    return replace(matched, personal=(*matched.personal, *trailing), unknown=rest)
