"""Descriptors of pilots, read from the table that the command ``pilots`` writes; joined by pilot id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mce_utaut.errors import ImportProblem, Problem
from mce_utaut.files import ReadFile
from mce_utaut.survey.tables import read_table

_MISSING = ("", "na")


@dataclass(frozen=True, slots=True)
class PilotTable:
    """Descriptors by pilot: ``values[descriptor][pilot]``, pilots folded (no case, no blanks)."""

    values: Mapping[str, Mapping[str, str]]


def read_pilots(file: ReadFile, descriptors: Sequence[str]) -> PilotTable:
    """The ``descriptors`` of a table with the column ``pilot_id`` (``pilots.csv`` of the command ``pilots``). Raises
    ``ImportProblem`` for a missing column or a pilot that stands twice."""
    table = read_table(file.content, file.name)
    columns = {heading.strip(): cells for heading, cells in zip(table.headings, table.columns, strict=True)}
    lacking = [name for name in ("pilot_id", *descriptors) if name not in columns]
    remedy = "Give the pilots.csv that `python -m mce_utaut pilots` writes, and name its columns."
    problems = [Problem(f"has no column {name}.", remedy, file.name) for name in lacking]
    ids = [fold(str(cell)) for cell in columns.get("pilot_id", ())]
    problems += [
        Problem(f"the pilot {name!r} stands twice.", "Keep one row a pilot.", file.name)
        for name in sorted({name for name in ids if ids.count(name) > 1})
    ]
    if problems:
        raise ImportProblem(problems)
    return PilotTable(
        {
            name: {
                pilot: str(cell).strip()
                for pilot, cell in zip(ids, columns[name], strict=True)
                if str(cell).strip().casefold() not in _MISSING
            }
            for name in descriptors
        }
    )


def fold(pilot: str) -> str:
    """A pilot id without case and blanks."""
    return "".join(pilot.split()).casefold()
