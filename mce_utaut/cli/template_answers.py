"""Files of answers to a shipped template, as records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mce_utaut.instrument.model import Instrument
    from mce_utaut.responses.model import Responses
    from mce_utaut.responses.records import Record

_ROWS_SHOWN = 8


def read_records(
    template: str, paths: tuple[str, ...], values: dict[str, Any]
) -> tuple[Instrument, tuple[Record, ...], list[str]]:
    """The template, the records in the files ``paths``, and what was left out, as lines. ``values`` are the
    options of ``import`` that hold. Raises ``ImportProblem`` where no row answers the template, or the files have more
    columns of something else than of it."""
    from mce_utaut.cli import questionnaire as questionnaires
    from mce_utaut.cli.import_command import read
    from mce_utaut.errors import ImportProblem, Problem
    from mce_utaut.responses.records import records

    instrument = questionnaires.load(template)
    found = read(instrument, paths, values)
    if found.n == 0:
        remedy = "Check that they were exported from this template."
        names = ", ".join(source.name for source in found.sources)
        raise ImportProblem(Problem(f"no row answers a question of {template}.", remedy, names))
    there, strange = _columns(found)
    if strange > there:
        what = f"{there} of its columns are questions of {template}, {strange} are not: it answers something else."
        names = ", ".join(source.name for source in found.sources)
        raise ImportProblem(Problem(what, f"Name the file of answers to {template}.", names))
    return instrument, records(instrument, found), list(_arrived(found))


def _columns(found: Responses) -> tuple[int, int]:
    """How many fields of the template some file has a column of, and how many columns are of no field."""
    there = int((found.missing != "not_shown").any().sum())
    return there, sum(len(source.unknown_columns) for source in found.sources)


def _arrived(found: Responses) -> Iterator[str]:
    from mce_utaut.cli.import_command import REASONS

    left_out = defaultdict(list)
    for each in found.exclusions:
        left_out[each.source, each.reason].append(each.source_row)
    for index, source in enumerate(found.sources):
        yield f"{source.name} ({source.tool}): {source.rows_kept} of {source.rows_read} rows"
        for (where, reason), rows in left_out.items():
            if where == index:
                shown = ", ".join(map(str, rows[:_ROWS_SHOWN])) + (", …" if len(rows) > _ROWS_SHOWN else "")
                yield f"  left out: {len(rows)} ({REASONS.get(reason, reason)}), row {shown}"
    for note in found.notes:
        yield f"note: {note.text}"
