"""The options that tell how files of responses are read: shared by ``import``, ``score`` and ``fit``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import click

_READING = (
    click.option("--tool", default=None, help="What wrote the files, where it is not seen from their content."),
    click.option("--columns", "column_map", default=None, metavar="FILE", help="The ….columns.json of the export."),
    click.option("--hei", default=None, help="University (code or name) of every row that does not say."),
    click.option("--wave", default=None, help="Wave of rows that do not say: pre, post or single, its code or label."),
    click.option("--pilot", default=None, help="Pilot of every row that does not say."),
    click.option("--rename", "renames", multiple=True, metavar='"HEADING=FIELD"', help="A heading that was changed."),
    click.option("--absent", default=None, metavar="A,B", help="Items and questions that were not fielded."),
    click.option("--delimiter", default=None, help="Of CSV files, where it is not seen."),
    click.option("--encoding", default=None, help="Of CSV files, where it is not UTF-8."),
)


def reading_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """``function`` with the options of reading responses."""
    for option in reversed(_READING):
        function = option(function)
    return function


def renames_of(values: Mapping[str, Any]) -> dict[str, str]:
    """Heading -> our field, as ``--rename`` gave them. Raises ``UsageError`` where one has no ``=``."""
    from mce_utaut.errors import UsageError

    found = {}
    for rename in values.get("renames", ()):
        heading, equals, field = rename.rpartition("=")
        if not equals:
            raise UsageError(f'--rename "{rename}" has no =; write "heading in the file=our field".')
        found[heading.strip()] = field.strip()
    return found


def absent_of(values: Mapping[str, Any]) -> tuple[str, ...]:
    """The fields that ``--absent`` names."""
    return tuple(part.strip() for part in (values.get("absent") or "").split(",") if part.strip())


def dropped_of(given: Sequence[str]) -> dict[str, str]:
    """Respondent's key -> why, as ``--drop`` gave them. Raises ``UsageError`` where one has no reason."""
    from mce_utaut.errors import UsageError

    found = {}
    for drop in given:
        key, _, why = drop.partition("=")
        if not key.strip() or not why.strip():
            raise UsageError(f'--drop "{drop}" has no reason; write "key of the respondent=why", it is logged.')
        found[key.strip()] = why.strip()
    return found
