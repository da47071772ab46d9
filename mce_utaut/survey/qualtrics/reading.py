"""Responses from Qualtrics: one, two or three rows of headings, numbers or choice texts."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from mce_utaut.errors import FileProblem
from mce_utaut.instrument.model import Instrument
from mce_utaut.notes import Note
from mce_utaut.responses.model import Responses
from mce_utaut.survey.arrivals import Arrivals, combined_digests
from mce_utaut.survey.building import build
from mce_utaut.survey.coding import Habits
from mce_utaut.survey.contract import Column, ColumnMap, ReadOptions
from mce_utaut.survey.fields import fields
from mce_utaut.survey.matching import Matched, match, without_empty
from mce_utaut.survey.qualtrics.columns import LAYOUT, LINK_PREFIX, META, column_map, is_personal
from mce_utaut.survey.quantities import moment, number, seconds_between
from mce_utaut.survey.spelling import dense, normal
from mce_utaut.survey.tables import Grid, Table, form_of, read_grid, table_of

_HEAD = 5
_OLD = re.compile(r"V\d+")  # headings of metadata in the oldest exports
_IMPORT_ID = re.compile(r"""^\s*\{\s*['"]ImportId['"]\s*:\s*['"]([^'"]+)['"]""")
_KNOWN = frozenset(heading.casefold() for heading in META) | {"ipaddress", "distributionchannel", "responseset"}
_CUT = 90  # Qualtrics cuts long texts of questions at about 100 characters
_UNSEEN = "-99"  # what Qualtrics writes, if asked to, for a question that was seen and not answered
_NORMAL = frozenset(("", "0", "16", "ip address", "offline"))
_STATUS = {
    "1": "preview",
    "survey preview": "preview",
    "2": "test",
    "survey test": "test",
    "4": "imported",
    "imported": "imported",
    "8": "spam",
    "spam": "spam",
    "9": "preview or spam",
    "12": "imported or spam",
    "17": "offline preview",
    "offline survey preview": "offline preview",
    "32": "preview",
    "36": "imported",
}
_TRUE = frozenset(("1", "true"))
_FALSE = frozenset(("0", "false"))


@dataclass(frozen=True, slots=True)
class _Heads:
    """The rows of headings: names, question texts ("" where there is no such row), ImportIds."""

    names: tuple[str, ...]
    texts: tuple[str, ...]
    ids: tuple[str, ...]
    rows: int


def recognises(content: bytes, name: str, head: Table | None) -> bool:
    """Whether there is a row of ImportIds, or three and more of the headings that Qualtrics adds."""
    try:
        if head is None:
            head = table_of(read_grid(content, name, head=_HEAD), content, name, "csv")
    except FileProblem:
        return False
    first = [column[:3] for column in head.columns]
    if any(_IMPORT_ID.match(cell) for cells in first for cell in cells):
        return True
    if _known(head.headings) >= 3:
        return True
    return (
        any(_OLD.fullmatch(name) for name in head.headings)
        and _known([column[0] for column in first if len(column)]) >= 3
    )


def _known(headings: Sequence[str]) -> int:
    return len({heading.strip().casefold() for heading in headings} & _KNOWN)


def read(instrument: Instrument, content: bytes, name: str, options: ReadOptions) -> Responses:
    """The responses in an export; see ``mce_utaut.survey.qualtrics.read``."""
    grid = read_grid(content, name, delimiter=options.delimiter, encoding=options.encoding)
    heads = _heads(grid)
    body = Grid([list(heads.names), *grid.rows[heads.rows :]], [1, *grid.numbers[heads.rows :]])
    table = table_of(body, content, name, form_of(content))
    known = options.column_map or column_map(instrument, instrument.languages)
    wanted = fields(instrument)
    table = _linked(table, [field.question.code for field in wanted if field.question.from_link])
    matched = match(table.headings, known, instrument, LAYOUT, options, name, placed=_placed(table, heads, known))
    matched = without_empty(matched, table.columns)
    table, missing = _seen(table, matched)
    arrivals, digest, notes = _arrivals(table, matched, missing, instrument.languages)
    habits = Habits(separators=",", language=options.language)
    return build(instrument, table, matched, wanted, known, arrivals, habits, options, notes=notes, digest=digest)


def _heads(grid: Grid) -> _Heads:
    rows = [list(row) for row in grid.rows[:3]]
    ids: dict[int, str] = {}
    count = 1
    for place, row in enumerate(rows[1:], start=1):
        found = {index: match[1] for index, cell in enumerate(row) if (match := _import_id(cell))}
        if found:
            ids, count = found, place + 1
            break
    if count == 1 and len(rows) > 1 and not _is_data(rows[0], rows[1]):
        count = 2
    width = len(rows[0])
    texts = (rows[1] if count > 1 and not (ids and count == 2) else []) + [""] * width
    names = [
        texts[index].replace(" ", "") if _OLD.fullmatch(name) and texts[index] else name
        for index, name in enumerate(rows[0])
    ]
    return _Heads(tuple(names), tuple(texts[:width]), tuple(ids.get(index, "") for index in range(width)), count)


def _import_id(cell: str) -> re.Match[str] | None:
    """The ImportId in a cell: JSON, which older exports wrote with single quotes."""
    found = _IMPORT_ID.match(cell)
    if found or not cell.startswith("{"):
        return found
    try:
        document = json.loads(cell)
    except ValueError:
        return None
    text = document.get("ImportId") if isinstance(document, dict) else None
    return re.match("(.*)", text) if isinstance(text, str) else None


def _is_data(names: Sequence[str], row: Sequence[str]) -> bool:
    """Whether the second row is an answer already: its metadata are times and numbers, not words."""
    told = []
    for name, cell in zip(names, row):
        kind = META.get(name.strip())
        if cell and kind in ("start", "end", "recorded"):
            told.append(moment(cell) is not None)
        elif cell and kind in ("progress", "duration", "finished"):
            told.append(number(cell) is not None or cell.casefold() in _TRUE | _FALSE)
        elif _OLD.fullmatch(name.strip()):
            told.append(cell.strip().casefold() not in _KNOWN)
    return bool(told) and all(told)


def _placed(table: Table, heads: _Heads, known: ColumnMap) -> dict[int, Column | str]:
    """The columns whose names say nothing to us (questions may be renamed in Qualtrics): metadata by their
    ImportId, answers by the question's text in the second row, of which Qualtrics cuts the stem."""
    own = {normal(heading).casefold() for column in known.columns for heading in _spelled(column)}
    meta = {heading.casefold(): kind for heading, kind in META.items()}
    found: dict[int, Column | str] = {}
    for index, name in enumerate(table.headings):
        spelled = normal(name).casefold()
        if (
            spelled in own
            or spelled in meta
            or is_personal(name)
            or any(r.casefold() in own for r in LAYOUT.readings(name))
        ):
            continue
        kind = meta.get(heads.ids[index].casefold())
        if kind and kind not in found.values():
            found[index] = kind
        elif heads.texts[index] and not LAYOUT.silent(name):
            whole = [
                column for column in known.columns if dense(heads.texts[index]) in map(dense, column.texts.values())
            ]
            columns = whole or [column for column in known.columns if _begins(column, heads.texts[index])]
            if len({(column.field, column.option) for column in columns}) == 1:
                found[index] = columns[0]
    return found


def _spelled(column: Column) -> list[str]:
    return [column.heading, *([] if column.option else [column.field]), *LAYOUT.codes(column)]


def _begins(column: Column, text: str) -> bool:
    """Whether ``text`` is the column's in any language, but for what Qualtrics cuts: the end of a long text,
    or of the question's before the statement."""
    given = dense(text)
    for full in column.texts.values():
        if len(text) >= _CUT and dense(full).startswith(given.rstrip(".…")):
            return True
        stem, dash, part = full.partition(" - ")
        if dash and given.endswith(f"-{dense(part)}"):
            begun = given.removesuffix(f"-{dense(part)}").rstrip(".…")
            if begun and dense(stem).startswith(begun):
                return True
    return False


def _linked(table: Table, codes: Sequence[str]) -> Table:
    """The table with what the link carried put where the question was not asked; the columns that held it
    lose their heading, so that nobody looks for a field in them."""
    places = {heading.strip().casefold(): index for index, heading in enumerate(table.headings)}
    columns, headings = list(table.columns), list(table.headings)
    for code in dict.fromkeys(codes):
        carried = places.get(f"{LINK_PREFIX}{code}".casefold())
        if carried is None:
            continue
        asked = places.get(code.casefold())
        if asked is None:
            headings[carried] = code
        else:
            columns[asked] = np.where(columns[asked] == "", columns[carried], columns[asked])
            headings[carried] = ""
    return replace(table, headings=tuple(headings), columns=tuple(columns))


def _seen(table: Table, matched: Matched) -> tuple[Table, dict[str, np.ndarray]]:
    """The table without the cells -99 ("seen but unanswered"), and what they tell of each blank. In a file
    without any of them nothing is told."""
    used = any((table.columns[index] == _UNSEEN).any() for index, column in matched.answers if column.values)
    if not used:
        return table, {}
    columns = list(table.columns)
    seen: dict[str, np.ndarray] = {}
    for index, column in matched.answers:
        skipped = columns[index] == _UNSEEN
        seen[column.field] = seen.get(column.field, np.zeros(table.n, dtype=bool)) | skipped
        columns[index] = np.where(skipped, "", columns[index]).astype(object)
    missing = {name: np.where(skipped, "no_answer", "not_shown").astype(object) for name, skipped in seen.items()}
    return replace(table, columns=tuple(columns)), missing


def _arrivals(
    table: Table, matched: Matched, missing: Mapping[str, np.ndarray], languages: Sequence[str]
) -> tuple[Arrivals, str | None, list[Note]]:
    """What the export tells of each response besides its answers."""
    meta = {kind: table.columns[index] for kind, index in matched.meta.items()}
    notes = []
    rejected = None
    if "status" in meta:
        states = [cell.strip().casefold() for cell in meta["status"]]
        rejected = np.array([f"test_row:status {_STATUS[one]}" if one in _STATUS else "" for one in states], object)
        strange = sorted(
            {cell for cell, one in zip(meta["status"], states) if one not in _STATUS and one not in _NORMAL}
        )
        if strange:
            text = f"{table.name} has a Status that is not known ({', '.join(strange[:5])}): these rows were kept."
            notes.append(Note("unknown_status", text, "caution", table.name))
    arrivals = Arrivals(
        submitted=_submitted(meta, table.n),
        language=_languages(meta["language"], languages) if "language" in meta else None,
        duration=_durations(meta),
        identity=meta.get("id"),
        rejected=rejected,
        missing=missing,
    )
    return arrivals, combined_digests(meta.get("digest")), notes


def _submitted(meta: Mapping[str, np.ndarray], n: int) -> np.ndarray | None:
    """Whether each response was finished; where its word is in another language, whether it came to
    100 %."""
    if "finished" not in meta and "progress" not in meta:
        return None
    found = np.full(n, None, dtype=object)
    blank = np.full(n, "", dtype=object)
    for row, (finished, progress) in enumerate(zip(meta.get("finished", blank), meta.get("progress", blank))):
        word = finished.strip().casefold()
        if word in _TRUE | _FALSE:
            found[row] = word in _TRUE
        elif (share := number(progress)) is not None:
            found[row] = share >= 100
    return found


def _languages(cells: np.ndarray, languages: Sequence[str]) -> np.ndarray:
    """Our codes of the languages: ``ES-ES`` is es unless the questionnaire knows better."""
    known = {language.casefold(): language for language in languages}
    folded = [cell.strip().casefold() for cell in cells]
    return np.array([known.get(cell, known.get(cell.split("-")[0], cell)) for cell in folded], dtype=object)


def _durations(meta: Mapping[str, np.ndarray]) -> np.ndarray | None:
    if "duration" in meta:
        seconds = [number(cell) for cell in meta["duration"]]
        return np.array([np.nan if value is None else value for value in seconds], dtype=float)
    if "start" in meta and "end" in meta:
        return seconds_between(meta["start"], meta["end"])
    return None
