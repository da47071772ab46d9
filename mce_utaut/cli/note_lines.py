"""The notes of a result as lines for the terminal: first those on which rows were analysed, then all others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

_ON_ROWS = frozenset({"rows_of_fit", "several_waves", "listwise", "rows_left_out"})


def notes_on_rows(notes: Sequence[Mapping[str, Any]]) -> Iterable[str]:
    """The lines on which rows were analysed: whoever reads a number must have met them."""
    return (_line(note) for note in notes if note["code"] in _ON_ROWS)


def other_notes(notes: Sequence[Mapping[str, Any]]) -> Iterable[str]:
    """The lines of all other notes."""
    return (_line(note) for note in notes if note["code"] not in _ON_ROWS)


def _line(note: Mapping[str, Any]) -> str:
    where = note.get("where")
    return f"note: {note['text']}" + (f" ({where})" if where and where not in note["text"] else "")
