"""What the SEM library and the import say, which is English, in the language of the study where it has a sentence for
it: notes, and refusals of what cannot be estimated."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from mce_utaut.errors import Problem, UserMistake
from mce_utaut.notes import Note
from mce_utaut.study.fitting import Fitted
from mce_utaut.study.sentences import Sentences

_OWN = "en"  # the language of the library
_GROUP = "group "  # how the library begins the place of a problem of one group


def told(notes: Iterable[Note], say: Sentences) -> tuple[Note, ...]:
    """``notes`` in the study's language: by code, and by the rule among their values where a code has several
    sentences. A note without a sentence there stays as it is, in its own language."""
    return tuple(_told(note, say) for note in notes)


def refused(error: BaseException, say: Sentences) -> str:
    """Why something could not be estimated, on one line in the study's language. What has no sentence there is quoted
    as English."""
    if say.language == _OWN or not isinstance(error, UserMistake):
        return _quoted(str(error), say)
    return " ".join(_problem(each, error.__cause__, say) for each in error.problems)


def in_words(fitted: Fitted, say: Sentences) -> Fitted:
    """A model that was tried, with its notes and its refusal in the study's language."""
    refusal = "" if fitted.error is None else refused(fitted.error, say)
    return replace(fitted, record=replace(fitted.record, notes=told(fitted.record.notes, say), refusal=refusal))


def _told(note: Note, say: Sentences) -> Note:
    if note.language == say.language:
        return note
    values = dict(note.values)
    rule = f"_{values['rule']}" if "rule" in values else ""
    key = f"library_note.{note.code}{rule}"
    return replace(note, text=say(key, **values), language=say.language) if say.has(key) else note


def _problem(problem: Problem, cause: BaseException | None, say: Sentences) -> str:
    key = f"library_refusal.{problem.code}"
    if not say.has(key):
        return _quoted(str(problem), say)
    reason = "" if cause is None else refused(cause, say)
    text = say(key, **dict(problem.values), reason=reason)
    if not problem.where.startswith(_GROUP):
        return text
    return say("library_refusal.group", group=problem.where.removeprefix(_GROUP), text=text)


def _quoted(text: str, say: Sentences) -> str:
    return say("library_refusal.english", text=" ".join(text.split()))
