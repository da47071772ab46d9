"""Responses from KoboToolbox (CSV, XLSX; names or labels) and ODK Central (CSV)."""

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
from mce_utaut.survey.quantities import seconds_between
from mce_utaut.survey.tables import Table, read_table
from mce_utaut.survey.xlsform.columns import LAYOUT, column_map

_KOBO = frozenset(("_id", "_uuid", "_submission_time", "_index"))
_CENTRAL = frozenset(("submissiondate", "key", "submitterid"))
_REFUSED = frozenset(("validation_status_not_approved", "not approved", "rejected"))


def recognises(content: bytes, name: str, head: Table | None) -> bool:
    """Whether the headings hold the columns that Kobo or Central add."""
    try:
        table = head or read_table(content, name, head=5)
    except FileProblem:
        return False
    headings = {heading.strip().casefold() for heading in table.headings}
    return len(headings & _KOBO) >= 3 or headings >= _CENTRAL


def read(instrument: Instrument, content: bytes, name: str, options: ReadOptions) -> Responses:
    """The responses in an export; see ``mce_utaut.survey.xlsform.read``."""
    table = read_table(content, name, delimiter=options.delimiter, encoding=options.encoding)
    known = options.column_map or column_map(instrument, instrument.languages)
    wanted = fields(instrument)
    matched = match(table.headings, known, instrument, LAYOUT, options, name)
    matched = without_empty(matched, table.columns)
    arrivals, digest = _arrivals(table, matched)
    habits = Habits(separators=" ", language=options.language)
    return build(instrument, table, matched, wanted, known, arrivals, habits, options, digest=digest)


def _arrivals(table: Table, matched: Matched) -> tuple[Arrivals, str | None]:
    """What the export tells of each response besides its answers. Only submitted responses arrive."""
    meta: Mapping[str, np.ndarray] = {kind: table.columns[index] for kind, index in matched.meta.items()}
    duration = None
    if "start" in meta and "end" in meta:
        duration = seconds_between(meta["start"], meta["end"])
    rejected = None
    states = [meta[kind] for kind in ("validation", "review") if kind in meta]
    if states:
        refused = [any(cell.strip().casefold() in _REFUSED for cell in cells) for cells in zip(*states)]
        rejected = np.where(refused, "test_row:rejected by its reviewer", "").astype(object)
    arrivals = Arrivals(
        submitted=np.full(table.n, True, dtype=object),
        duration=duration,
        identity=meta.get("uuid"),
        rejected=rejected,
    )
    return arrivals, combined_digests(meta.get("digest"))
