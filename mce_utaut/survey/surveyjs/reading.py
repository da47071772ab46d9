"""Responses from SurveyJS results: one object, an array of them, or one on each line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from mce_utaut.errors import FileProblem, ImportProblem, Problem
from mce_utaut.instrument.model import Instrument
from mce_utaut.responses.model import Responses
from mce_utaut.survey.arrivals import Arrivals, combined_digests
from mce_utaut.survey.building import build
from mce_utaut.survey.coding import Habits
from mce_utaut.survey.contract import ColumnMap, ReadOptions
from mce_utaut.survey.delimited import decode
from mce_utaut.survey.fields import fields
from mce_utaut.survey.limits import MOST_CELLS, MOST_COLUMNS, MOST_ROWS
from mce_utaut.survey.matching import Matched, match, without_empty
from mce_utaut.survey.quantities import number
from mce_utaut.survey.spelling import normal
from mce_utaut.survey.surveyjs.columns import DIGEST_KEY, LAYOUT, META, column_map
from mce_utaut.survey.tables import Grid, Table, table_of

_FOREIGN = frozenset(("responses", "pages", "elements", "requests", "format"))  # keys of other kinds of files
_SEPARATOR = "|"
Record = Mapping[str, Any]


def recognises(content: bytes, name: str, head: Table | None) -> bool:
    """Whether ``content`` is JSON whose objects hold our digest, or answers grouped by matrix."""
    if head is not None:
        return False
    try:
        records = _records(content, name)
        cells = [_cells(record, name) for record in records[:20]]
    except FileProblem:
        return False
    if any(_FOREIGN & set(record) for record in records):
        return False
    return any(DIGEST_KEY in record for record in records) or any("." in key for record in cells for key in record)


def read(instrument: Instrument, content: bytes, name: str, options: ReadOptions) -> Responses:
    """The responses in one or several results; see ``mce_utaut.survey.surveyjs.read``."""
    known = options.column_map or column_map(instrument, instrument.languages)
    wanted = fields(instrument)
    table = _table(content, name, known, options)
    matched = match(table.headings, known, instrument, LAYOUT, options, name)
    matched = without_empty(matched, table.columns)
    habits = Habits(separators=_SEPARATOR, language=options.language)
    arrivals, digest = _arrivals(table, matched)
    return build(instrument, table, matched, wanted, known, arrivals, habits, options, digest=digest)


def _records(content: bytes, name: str) -> list[Record]:
    """The results. Raises ``FileProblem`` where the content is no JSON, or JSON of another kind."""
    text = decode(content, name)
    try:
        try:
            found = json.loads(text)
        except ValueError:
            lines = [line for line in text.splitlines() if line.strip()]
            if len(lines) < 2:
                raise
            found = [json.loads(line) for line in lines]
    except (ValueError, RecursionError):
        raise _refused(name, "is no JSON, nor a line of JSON for each response.") from None
    records = found if isinstance(found, list) else [found]
    if not records or not all(isinstance(record, dict) for record in records):
        raise _refused(name, "holds no results: expected one object for each response.")
    if len(records) > MOST_ROWS:
        raise _refused(name, f"has more than {MOST_ROWS} responses.")
    return records


def _refused(name: str, what: str) -> FileProblem:
    return FileProblem(Problem(what, "Export the results of the survey as JSON again.", name))


def _cells(record: Record, name: str) -> dict[str, str]:
    """The cells of a result by heading: rows of a matrix as ``matrix.row``, several answers joined."""
    found: dict[str, str] = {}
    for key, answer in record.items():
        if isinstance(answer, dict):
            for row, given in answer.items():
                found[f"{key}.{row}"] = _scalar(given, name, f"{key}.{row}")
        elif isinstance(answer, list):
            found[key] = _SEPARATOR.join(_scalar(one, name, key) for one in answer)
        else:
            found[key] = _scalar(answer, name, key)
    return found


def _scalar(answer: object, name: str, where: str) -> str:
    if isinstance(answer, str):
        return answer
    if answer is None:
        return ""
    if isinstance(answer, bool):
        return "true" if answer else "false"
    if isinstance(answer, (int, float)):
        return repr(answer)
    what = "holds a nested answer, which no question of ours has."
    raise FileProblem(Problem(what, "Is it the result of this questionnaire?", name, where=where))


def _table(content: bytes, name: str, known: ColumnMap, options: ReadOptions) -> Table:
    """The results as a table that has a column for every key that SurveyJS may leave out: a question that
    nobody answered has no key in any result."""
    cells = [_cells(record, name) for record in _records(content, name)]
    headings = list(dict.fromkeys(heading for record in cells for heading in record))
    there = {normal(heading).casefold() for heading in headings}
    targets = {target.casefold() for target in options.rename.values()}
    lacking = []
    for column in known.columns:
        spelled = {normal(one).casefold() for one in (column.heading, column.field)}
        if not spelled & there and column.field.casefold() not in targets:
            lacking.append(column.heading)
    if len(lacking) == len(known.columns) and not there & {key.casefold() for key in META}:
        first = ", ".join(f"“{heading[:40]}”" for heading in headings[:4])
        what = f"no key is known ({first}); expected {known.columns[0].heading} and others."
        raise ImportProblem(Problem(what, "The results seem to belong to another questionnaire.", name))
    headings += lacking
    if len(headings) > MOST_COLUMNS or len(headings) * len(cells) > MOST_CELLS:
        raise _refused(name, f"has {len(headings)} keys in {len(cells)} responses.")
    rows = [[record.get(heading, "") for heading in headings] for record in cells]
    return table_of(Grid([headings, *rows], range(1, len(rows) + 2)), content, name, "json")


def _arrivals(table: Table, matched: Matched) -> tuple[Arrivals, str | None]:
    """What the results tell of each response besides its answers: all of it is optional."""
    meta = {kind: table.columns[index] for kind, index in matched.meta.items()}
    submitted = duration = None
    if "submitted" in meta:
        submitted = np.array([{"true": True, "false": False}.get(cell) for cell in meta["submitted"]], dtype=object)
    if "duration" in meta:
        seconds = [number(cell) for cell in meta["duration"]]
        duration = np.array([np.nan if value is None else value for value in seconds], dtype=float)
    arrivals = Arrivals(submitted, meta.get("language"), duration, meta.get("id"))
    return arrivals, combined_digests(meta.get("digest"))
