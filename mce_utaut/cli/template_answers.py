"""Files of answers to a shipped template, as records."""

from __future__ import annotations

from typing import Any


def read_records(
    template: str, paths: tuple[str, ...], values: dict[str, Any]
) -> tuple[Any, tuple[Any, ...], list[str]]:
    """The template, the records in the files ``paths``, and what was left out, as lines. ``values`` are the
    options of ``import`` that hold."""
    from mce_utaut.cli import questionnaire as questionnaires
    from mce_utaut.cli.import_command import REASONS, read
    from mce_utaut.responses.records import records

    instrument = questionnaires.load(template)
    found = read(instrument, paths, values)
    lines = [
        f"{source.name} ({source.tool}): {source.rows_kept} of {source.rows_read} rows" for source in found.sources
    ]
    for each in found.exclusions:
        reason = REASONS.get(each.reason, each.reason)
        lines.append(f"  left out: {found.sources[each.source].name}, row {each.source_row} ({reason})")
    for source in found.sources:
        if source.unknown_columns:
            lines.append(f"  columns not of this template: {', '.join(source.unknown_columns)}")
    lines += [f"note: {note.text}" for note in found.notes]
    return instrument, records(instrument, found), lines
