"""Responses from plain CSV and XLSX."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from mce_utaut.errors import FileProblem
from mce_utaut.instrument.model import Instrument
from mce_utaut.responses.model import Responses
from mce_utaut.responses.pseudonyms import digest, kept_already, link_key
from mce_utaut.survey.arrivals import Arrivals
from mce_utaut.survey.building import build
from mce_utaut.survey.coding import Habits
from mce_utaut.survey.contract import ReadOptions
from mce_utaut.survey.fields import fields
from mce_utaut.survey.matching import match, without_empty
from mce_utaut.survey.plain.columns import KEY, LAYOUT, NO_ANSWER, NOT_SHOWN, column_map
from mce_utaut.survey.plain.sidecar import Sidecar, parse
from mce_utaut.survey.quantities import number
from mce_utaut.survey.spelling import unguard
from mce_utaut.survey.tables import Table, read_table

_BLANKS = frozenset(("NA", "NaN", "nan", "."))  # what R, Python, SPSS and Stata write where nothing is
_TRUE = frozenset(("true", "1", "yes", "y"))
_FALSE = frozenset(("false", "0", "no", "n"))
_TEXTS = ("role", "hei", "wave", "pilot_id", "link_code", "language")
_HEAD = 5
_SETTLED = ("no_hei", "no_wave")  # notes that an option of today may settle
_OF_THE_READING = (*_SETTLED, "given_filled_in")


def recognises(content: bytes, name: str, head: Table | None) -> bool:
    """Whether the first heading is ``respondent``."""
    try:
        table = head or read_table(content, name, head=_HEAD)
    except FileProblem:
        return False
    return table.headings[0].strip() == KEY


def read(instrument: Instrument, content: bytes, name: str, options: ReadOptions, sidecar: bytes | None) -> Responses:
    """The responses in a plain file; see ``mce_utaut.survey.plain.read``."""
    table = read_table(content, name, delimiter=options.delimiter, encoding=options.encoding)
    beside = parse(sidecar, name) if sidecar is not None else None
    known = options.column_map or column_map(instrument, instrument.languages)
    wanted = fields(instrument)
    matched = without_empty(match(table.headings, known, instrument, LAYOUT, options, name), table.columns)
    meta = {kind: table.columns[index] for kind, index in matched.meta.items()}
    told = beside is not None and beside.belongs_to(table.sha256)
    habits = Habits(_BLANKS, language=options.language, clean=unguard)
    responses = build(
        instrument,
        table,
        matched,
        wanted,
        known,
        _arrivals(table, meta, [field.name for field in wanted], told, options.secret),
        habits,
        options,
        digest=beside.instrument_digest if beside else None,
    )
    return _as_written(responses, beside) if told and beside else responses


def _as_written(responses: Responses, beside: Sidecar) -> Responses:
    """The responses with the sources, exclusions and notes that they had when they were written."""
    notes = tuple(note for note in beside.notes if note.code not in _SETTLED)
    notes += tuple(note for note in responses.notes if note.code in _OF_THE_READING)
    if beside.instrument_digest != responses.instrument_digest:
        notes += tuple(note for note in responses.notes if note.code == "other_version")
    return replace(responses, sources=beside.sources, exclusions=beside.exclusions, notes=notes)


def _arrivals(table: Table, meta: Mapping[str, np.ndarray], names: list[str], told: bool, secret: bytes) -> Arrivals:
    given: dict[str, np.ndarray] = {}
    for kind in _TEXTS:
        if kind in meta:
            given[kind] = np.array([unguard(cell) or None for cell in meta[kind]], dtype=object)
    if "link_code" in given:
        given["link_code"] = np.array([_kept(code, secret) for code in given["link_code"]], dtype=object)
    for kind in ("submitted", "consent"):
        if kind in meta:
            given[kind] = np.array([truth(cell) for cell in meta[kind]], dtype=object)
    for kind in ("attention_failed", "attention_asked", *(("source", "source_row") if told else ())):
        if kind in meta:
            given[kind] = np.array([int(number(cell) or 0) for cell in meta[kind]], dtype=np.int64)
    if "duration_s" in meta:
        seconds = [number(cell) for cell in meta["duration_s"]]
        given["duration_s"] = np.array([np.nan if value is None else value for value in seconds], dtype=float)
    rejected = None
    if "consent" in given:
        refused = [value is False for value in given["consent"]]
        rejected = np.where(refused, "no_consent", "").astype(object)
    return Arrivals(
        submitted=given.get("submitted"),
        keys=_keys(table, meta.get(KEY), secret),
        rejected=rejected,
        given=given,
        missing=_missing(table.n, meta, names),
    )


def _kept(code: str | None, secret: bytes) -> str | None:
    """A link code as it is kept, whether the file holds it so or as it was typed."""
    return code if code is None or kept_already(code) else link_key(code, secret)


def _keys(table: Table, cells: np.ndarray | None, secret: bytes) -> np.ndarray | None:
    """The file's own keys; an address is no key that may be kept."""
    if cells is None:
        return None
    keys = [unguard(cell).strip() or f"row{number_}" for cell, number_ in zip(cells, table.numbers)]
    return np.array([f"r{digest(key, secret, 15)}" if "@" in key else key for key in keys], dtype=object)


def _missing(n: int, meta: Mapping[str, np.ndarray], names: list[str]) -> dict[str, np.ndarray]:
    """The kinds of missing that the file itself lists, by field."""
    if NO_ANSWER not in meta and NOT_SHOWN not in meta:
        return {}
    kinds = {name: np.full(n, "unknown_blank", dtype=object) for name in names}
    for heading, kind in ((NO_ANSWER, "no_answer"), (NOT_SHOWN, "not_shown")):
        for row, cell in enumerate(meta.get(heading, ())):
            for name in cell.split():
                if name in kinds:
                    kinds[name][row] = kind
    return kinds


def truth(cell: str) -> bool | None:
    """What a cell says of whether something is so; None where it does not say."""
    folded = cell.strip().casefold()
    return True if folded in _TRUE else (False if folded in _FALSE else None)
