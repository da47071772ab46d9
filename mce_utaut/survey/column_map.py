"""Column maps: built from an instrument, written to JSON beside every export, read back on import."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict

from mce_utaut.errors import FileProblem, Problem
from mce_utaut.instrument.model import Instrument
from mce_utaut.survey.contract import Column, ColumnMap
from mce_utaut.survey.fields import Field, fields, option_labels

FORMAT = "mce-utaut column map 1"


def build(
    tool: str,
    instrument: Instrument,
    languages: Sequence[str],
    columns_of: Callable[[Field], Iterable[Column]],
) -> ColumnMap:
    """The map of ``tool``'s export: ``columns_of`` gives the columns that the tool writes for a field."""
    return ColumnMap(
        tool=tool,
        instrument_id=instrument.id,
        instrument_version=instrument.version,
        instrument_digest=instrument.digest,
        languages=tuple(languages),
        columns=tuple(column for field in fields(instrument) for column in columns_of(field)),
        draft=any(instrument.wordings[language].unapproved() for language in languages),
    )


def labels_to_codes(instrument: Instrument, field: Field, languages: Sequence[str]) -> dict[str, dict[str, str]]:
    """``Column.labels`` of ``field``: per language the label to the option code. A label that two options
    share gets both codes, so that an importer can refuse it instead of guessing."""
    found: dict[str, dict[str, str]] = {}
    for language in languages:
        codes: dict[str, str] = {}
        for code, label in option_labels(instrument, field, language).items():
            codes[label] = f"{codes[label]} {code}" if label in codes else code
        found[language] = codes
    return found


def to_json(column_map: ColumnMap) -> bytes:
    """The map as JSON bytes (UTF-8), the same bytes for the same map."""
    text = json.dumps({"format": FORMAT, **asdict(column_map)}, ensure_ascii=False, indent=1)
    return (text + "\n").encode()


def recognises(content: bytes) -> bool:
    """Whether ``content`` is a column map."""
    return f'"{FORMAT}"'.encode() in content[:200]


def from_json(content: bytes, name: str) -> ColumnMap:
    """The map in ``content``. Raises ``FileProblem`` where it is none."""
    try:
        document = json.loads(content)
        if document.pop("format") != FORMAT:
            raise ValueError
        columns = tuple(Column(**column) for column in document.pop("columns"))
        column_map = ColumnMap(**{**document, "columns": columns, "languages": tuple(document["languages"])})
        if not all(_sound(column) for column in columns):
            raise ValueError
        return column_map
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise FileProblem(Problem("is no column map.", "Name the .columns.json that the export wrote.", name)) from None


def _sound(column: Column) -> bool:
    texts = (column.field, column.heading, column.question, column.option)
    flat = (column.values, column.texts)
    return (
        all(isinstance(text, str) for text in texts)
        and all(_text_to_text(mapping) for mapping in flat)
        and isinstance(column.labels, Mapping)
        and all(_text_to_text(mapping) for mapping in column.labels.values())
    )


def _text_to_text(mapping: object) -> bool:
    return isinstance(mapping, Mapping) and all(
        isinstance(key, str) and isinstance(value, str) for key, value in mapping.items()
    )
