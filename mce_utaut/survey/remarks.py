"""What is said about the columns of a file that was read."""

from __future__ import annotations

from collections.abc import Sequence

from mce_utaut.instrument.model import Instrument
from mce_utaut.notes import Note
from mce_utaut.responses.model import Source
from mce_utaut.survey.contract import ColumnMap
from mce_utaut.survey.fields import Field

_MOST_ABSENT = 6
_MOST_UNKNOWN = 10


def remarks(
    instrument: Instrument, absent: Sequence[str], source: Source, wanted: Sequence[Field], column_map: ColumnMap
) -> list[Note]:
    """Notes on a file whose answers are of another version, or of a draft that was approved since, has columns that
    were left out, or lacks the fields ``absent``. ``column_map`` is that of the export."""
    notes = []
    if source.instrument_digest is not None and source.instrument_digest != instrument.digest:
        notes.append(
            Note(
                "other_version",
                f"{source.name} was collected with another version of {instrument.id}: its answers are read "
                "with today's, so check that no item changed in between.",
                "caution",
                source.name,
                values=(("file", source.name), ("instrument", instrument.id)),
            )
        )
    exported = [instrument.wordings[each] for each in column_map.languages if each in instrument.wordings]
    if column_map.draft and not any(wording.unapproved() for wording in exported):
        text = (
            f"{source.name} answers a form that was exported as a draft; the wording of {instrument.id} is approved "
            "now, so it was approved after that export."
        )
        told = (("file", source.name), ("instrument", instrument.id))
        notes.append(Note("approved_since", text, "caution", source.name, values=told))
    if source.unknown_columns:
        named = _some([f"“{heading[:40]}”" for heading in source.unknown_columns], _MOST_UNKNOWN)
        text = f"{source.name} has columns that are not of this questionnaire and were left out: {named}."
        shown = ", ".join(f"“{heading[:40]}”" for heading in source.unknown_columns[:_MOST_UNKNOWN])
        told = (("file", source.name), ("n", len(source.unknown_columns)), ("columns", shown))
        notes.append(Note("unknown_columns", text, "info", source.name, values=told))
    by_name = {field.name: field for field in wanted}
    lacking = [name for name in absent if by_name[name].other_of is None and not by_name[name].question.personal]
    if lacking:
        named = _some(lacking, _MOST_ABSENT)
        count = f"{len(lacking)} fields ({named})" if len(lacking) > _MOST_ABSENT else named
        text = f"{source.name} has no column for {count}: they count as not shown."
        values = (("file", source.name), ("n", len(lacking)), ("fields", ", ".join(lacking[:_MOST_ABSENT])))
        notes.append(Note("absent_fields", text, "caution", source.name, values=values))
    return notes


def _some(names: Sequence[str], most: int) -> str:
    rest = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + rest
