"""Responses from LimeSurvey's exports: CSV and XLSX in every heading and answer style, and JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

import numpy as np

from mce_utaut.errors import FileProblem, ImportProblem, Problem
from mce_utaut.instrument.model import Instrument
from mce_utaut.responses.model import Responses
from mce_utaut.survey import tables
from mce_utaut.survey.arrivals import Arrivals, combined_digests
from mce_utaut.survey.building import build
from mce_utaut.survey.coding import Habits
from mce_utaut.survey.contract import Column, ColumnMap, ReadOptions
from mce_utaut.survey.fields import fields
from mce_utaut.survey.limesurvey.columns import LAYOUT, META, abbreviates, column_map, is_personal
from mce_utaut.survey.limesurvey.headings import PERSONAL_KINDS, is_seconds, told_by_cells
from mce_utaut.survey.matching import Matched, match, without_empty
from mce_utaut.survey.quantities import number, seconds_between
from mce_utaut.survey.spelling import dense, normal, unmask
from mce_utaut.survey.tables import Table

_NO_DATE = "1980-01-01"  # what LimeSurvey writes for a submitted response whose date is not kept
_SHORTENED = re.compile(r"\.\. (?:\]|$| \[)")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_HEAD = 60
_ROW = re.compile(r"[A-Za-z][A-Za-z0-9]*\[[A-Za-z0-9]+\]$")  # a row of an array, as only LimeSurvey heads it
_LEAST_ROWS = 3  # that tell LimeSurvey where no metadata were exported
_META = {normal(heading).casefold(): kind for heading, kind in META.items()}


def recognises(content: bytes, name: str, head: Table | None) -> bool:
    """Whether the headings are LimeSurvey's, in one of the languages known or by what stands below."""
    try:
        table = head or _table(content, name, ReadOptions(), head=_HEAD)
    except FileProblem:
        return False
    first = [_kind(heading) for heading in table.headings[:6]]
    if {"id", "submitdate"} <= set(first) or {"submitdate", "startlanguage"} <= set(first):
        return True
    rows = sum(_ROW.match(_before_text(heading)) is not None for heading in table.headings)
    return rows >= _LEAST_ROWS or bool(_by_content(table))


def _before_text(heading: str) -> str:
    """The heading, or the code before the text of a "code and text" heading."""
    spelled = normal(heading)
    return next(iter(LAYOUT.readings(spelled)))


def read(instrument: Instrument, content: bytes, name: str, options: ReadOptions) -> Responses:
    """The responses in an export of ``instrument``; see ``mce_utaut.survey.limesurvey.read``."""
    table = _table(content, name, options)
    known = options.column_map or column_map(instrument, instrument.languages)
    wanted = fields(instrument)
    placed = _metadata_by_position(table, known) | _digest(table)
    placed |= _abbreviated(table, known, options)
    matched = match(table.headings, known, instrument, LAYOUT, options, name, placed=placed)
    matched = _without_metadata(without_empty(matched, table.columns), table)
    arrivals, digest = _arrivals(table, matched)
    habits = Habits(language=options.language, clean=unmask, text_is_other=True)
    return build(instrument, table, matched, wanted, known, arrivals, habits, options, digest=digest)


def _table(content: bytes, name: str, options: ReadOptions, head: int | None = None) -> Table:
    if tables.form_of(content) == "json":
        return _table_of_json(content, name)
    return tables.read_table(content, name, delimiter=options.delimiter, encoding=options.encoding, head=head)


def _table_of_json(content: bytes, name: str) -> Table:
    """The table of ``{"responses": [{heading: answer}]}``."""
    try:
        document = json.loads(content.decode("utf-8-sig"))
        responses = document["responses"]
        if not responses or not all(isinstance(response, dict) for response in responses):
            raise ValueError
    except (ValueError, KeyError, TypeError, RecursionError):
        what = "is no JSON export of LimeSurvey responses."
        raise FileProblem(Problem(what, "Export the responses as CSV.", name)) from None
    headings = list(dict.fromkeys(heading for response in responses for heading in response))
    rows = [[_json_text(response.get(heading)) for heading in headings] for response in responses]
    grid = tables.Grid([headings, *rows], range(1, len(rows) + 2))
    return tables.table_of(grid, content, name, "json")


def _json_text(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)


def _kind(heading: str) -> str:
    """The metadata that ``heading`` is known to be, or ""."""
    return _META.get(_before_text(heading).casefold(), "")


def _by_content(table: Table) -> dict[str, int]:
    """The positions of id, submitdate, lastpage and startlanguage among the first columns, told by the
    cells where the headings are not known; empty where one of them is not found."""
    found = told_by_cells([_kind(heading) for heading in table.headings[:6]], table.columns)
    return found if {"id", "submitdate", "lastpage", "startlanguage"} <= set(found) else {}


def _metadata_by_position(table: Table, known: ColumnMap) -> dict[int, Column | str]:
    """Metadata whose translated headings are not known: among the columns before the first answer."""
    ours = {normal(column.heading).casefold() for column in known.columns}
    ours |= {dense(text) for column in known.columns for text in column.texts.values()}
    kinds: list[str] = []
    for heading in table.headings:
        spelled = _before_text(heading)
        if spelled.casefold() in ours or dense(heading) in ours:
            break
        kinds.append(_kind(heading) or ("personal" if is_personal(spelled) else ""))
    if len(kinds) == len(table.headings):  # abbreviated or foreign headings: no answer was recognised
        kinds = kinds[:6]
    found = told_by_cells(kinds, table.columns)
    return {index: kind for kind, index in found.items() if kind != "personal" and not kinds[index]}


def _digest(table: Table) -> dict[int, Column | str]:
    """The column of the hidden question with the digest, whose wording is the digest itself."""
    for index, column in enumerate(table.columns):
        if _DIGEST.fullmatch(next(filter(None, column), "")):
            return {index: "digest"}
    return {}


def _abbreviated(table: Table, known: ColumnMap, options: ReadOptions) -> dict[int, Column | str]:
    """The columns of an export with abbreviated headings, which are not unique: told by their order,
    which only the column map of the export warrants."""
    if sum(bool(_SHORTENED.search(heading)) for heading in table.headings) < 2:
        return {}
    placed = next(filter(None, (_aligned(table, known, language) for language in known.languages)), None)
    if placed is not None and options.column_map is not None:
        return placed
    what = "which do not tell all items apart" if placed else "in an order that is not that of the questionnaire"
    raise ImportProblem(
        Problem(
            f"has abbreviated headings, {what}.",
            "Export again with question codes as headings, or give the column map of the export "
            "(--columns) to take the columns in its order.",
            table.name,
        )
    )


def _aligned(table: Table, known: ColumnMap, language: str) -> dict[int, Column | str] | None:
    """The columns of the map in their order, each heading abbreviating its text; columns between them
    hold texts (empty) or the digest. None where the order does not fit."""
    placed: dict[int, Column | str] = {}
    position = 0
    for column in known.columns:
        spelled = [column.texts.get(language, ""), *LAYOUT.wordings(column, language)]
        while position < len(table.headings) and not _abbreviates_any(table.headings[position], spelled):
            if placed and any(cell and not _DIGEST.fullmatch(cell) for cell in table.columns[position]):
                return None
            position += 1
        if position == len(table.headings):
            return None
        placed[position] = column
        position += 1
    return placed


def _abbreviates_any(heading: str, spelled: Sequence[str]) -> bool:
    return any(abbreviates(heading, text) for text in spelled)


def _without_metadata(matched: Matched, table: Table) -> Matched:
    """``matched`` without metadata in a language that we do not know among the unknown columns: what
    stands before the first answer is dropped as personal, times after the last answer are not questions
    (the first of them is the total); a seed or date that was told by its cells is personal too."""
    first = min(index for index, _ in matched.answers)
    last = max(index for index, _ in matched.answers)
    meta = dict(matched.meta)
    personal = [*matched.personal, *(index for index in matched.unknown if index < first)]
    personal += [meta[kind] for kind in PERSONAL_KINDS if kind in meta and meta[kind] not in personal]
    unknown = [index for index in matched.unknown if index >= first]
    times = [index for index in unknown if index > last and is_seconds(table.columns[index])]
    parts = [index for index in times if ": " in table.headings[index]]  # "Group time: title"
    if "interviewtime" not in meta and parts and (total := min(parts) - 1) in times:
        meta["interviewtime"] = total
        parts.append(total)
    if "interviewtime" in meta:
        unknown = [index for index in unknown if index not in parts]
    return Matched(matched.answers, meta, tuple(sorted(personal)), tuple(unknown), matched.absent)


def _arrivals(table: Table, matched: Matched) -> tuple[Arrivals, str | None]:
    """What the export tells of each response besides its answers."""
    meta = {kind: table.columns[index] for kind, index in matched.meta.items()}
    submitted = language = duration = identity = None
    if "submitdate" in meta:
        submitted = np.array([bool(cell) for cell in meta["submitdate"]], dtype=object)
    if "startlanguage" in meta:
        language = meta["startlanguage"]
    if "interviewtime" in meta and any(meta["interviewtime"]):
        seconds = [number(cell) for cell in meta["interviewtime"]]
        duration = np.array([np.nan if value is None else value for value in seconds], dtype=float)
    elif "startdate" in meta and ("datestamp" in meta or "submitdate" in meta):
        ends = meta.get("datestamp", meta.get("submitdate"))
        ends = np.array(["" if cell.startswith(_NO_DATE) else cell for cell in ends], dtype=object)
        duration = seconds_between(meta["startdate"], ends)
    if "id" in meta and "seed" in meta:
        identity = np.array(
            [f"{response}:{seed}" if seed else "" for response, seed in zip(meta["id"], meta["seed"])], dtype=object
        )
    return (
        Arrivals(submitted=submitted, language=language, duration=duration, identity=identity),
        combined_digests(meta.get("digest")),
    )
