"""Notes of the SEM library, which are English, in the language of the study where it has their sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from mce_utaut.notes import Note
from mce_utaut.study.sentences import Sentences


def told(notes: Iterable[Note], say: Sentences) -> tuple[Note, ...]:
    """``notes`` in the study's language: by code, and by the rule among their values where a code has several
    sentences. A note without a sentence there stays as it is, in its own language."""
    return tuple(_told(note, say) for note in notes)


def _told(note: Note, say: Sentences) -> Note:
    values = dict(note.values)
    rule = f"_{values['rule']}" if "rule" in values else ""
    key = f"library_note.{note.code}{rule}"
    return replace(note, text=say(key, **values), language=say.language) if say.has(key) else note
