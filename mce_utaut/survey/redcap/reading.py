"""Responses from REDCap: raw data and labels."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from mce_utaut.errors import FileProblem
from mce_utaut.instrument.model import Instrument
from mce_utaut.responses.model import Responses
from mce_utaut.survey.arrivals import Arrivals, combined_digests
from mce_utaut.survey.building import build
from mce_utaut.survey.coding import Habits
from mce_utaut.survey.contract import ReadOptions
from mce_utaut.survey.fields import fields
from mce_utaut.survey.matching import Matched, match, without_empty
from mce_utaut.survey.redcap.columns import COMPLETE, LAYOUT, RECORD, TIMESTAMP, column_map, form_name
from mce_utaut.survey.tables import Table, read_table

_LABELS = frozenset(("survey identifier", "survey timestamp", "complete?", "event name", "repeat instance"))
_DONE = {"2": True, "complete": True, "1": False, "unverified": False, "0": False, "incomplete": False}
_HEAD = 5


def recognises(content: bytes, name: str, head: Table | None) -> bool:
    """Whether the headings hold what REDCap adds to the fields of a project."""
    try:
        headings = (head or read_table(content, name, head=_HEAD)).headings
    except FileProblem:
        return False
    first, folded = headings[0].strip().casefold(), {heading.strip().casefold() for heading in headings}
    if first == RECORD:
        return any(heading.endswith("_complete") or heading.startswith("redcap_") for heading in folded)
    if any(one.startswith("redcap_") for one in folded):
        return True
    return first.endswith("id") and bool(folded & _LABELS)


def read(instrument: Instrument, content: bytes, name: str, options: ReadOptions) -> Responses:
    """The responses in an export; see ``mce_utaut.survey.redcap.read``."""
    table = read_table(content, name, delimiter=options.delimiter, encoding=options.encoding)
    known = options.column_map or column_map(instrument, instrument.languages)
    wanted = fields(instrument)
    matched = match(table.headings, known, instrument, LAYOUT, options, name)
    matched = without_empty(matched, table.columns)
    arrivals, digest = _arrivals(table, matched, instrument)
    habits = Habits(language=options.language)
    return build(instrument, table, matched, wanted, known, arrivals, habits, options, digest=digest)


def _arrivals(table: Table, matched: Matched, instrument: Instrument) -> tuple[Arrivals, str | None]:
    """What the export tells of each record besides its answers."""
    meta = {kind: table.columns[index] for kind, index in matched.meta.items()}
    times = [index for index, heading in enumerate(table.headings) if TIMESTAMP.fullmatch(heading.strip())]
    time = table.columns[times[-1]] if times else None
    states = [index for index, heading in enumerate(table.headings) if COMPLETE.fullmatch(heading.strip())]
    own = [index for index in states if table.headings[index].strip() == f"{form_name(instrument)}_complete"]
    submitted = None
    if states:
        done = [_DONE.get(cell.strip().casefold()) for cell in table.columns[(own or states)[-1]]]
        submitted = np.array(done, dtype=object)
    elif time is not None:
        submitted = np.array([bool(cell) and not cell.startswith("[") for cell in time], dtype=object)
    arrivals = Arrivals(submitted=submitted, language=meta.get("language"), identity=_identity(meta, time))
    return arrivals, combined_digests(meta.get("digest"))


def _identity(meta: Mapping[str, np.ndarray], time: np.ndarray | None) -> np.ndarray | None:
    """What tells a respondent from those of other projects, who have the same record numbers: the record
    with the moment at which it was sent."""
    if "record" not in meta or time is None:
        return None
    parts = [meta[kind] for kind in ("record", "event", "repeat") if kind in meta]
    return np.array(
        [":".join((*keys, when)) if when and not when.startswith("[") else "" for *keys, when in zip(*parts, time)],
        dtype=object,
    )
