"""What a translator's file changes in a language: the new texts and states, and all that is worth a word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from mce_utaut.errors import FileProblem, InstrumentError, Problem
from mce_utaut.instrument.fitting import near
from mce_utaut.instrument.load import check_instrument
from mce_utaut.instrument.reading import TextFile
from mce_utaut.instrument.wording import PARAMETER_USE, source_hash
from mce_utaut.notes import Note
from mce_utaut.translations.entries import MISSING, PARAMETER, STALE, STATUSES, Entry, Translation, collect
from mce_utaut.translations.writing import Change, wording_text

_STATES = (*STATUSES, STALE, MISSING, "")


@dataclass(frozen=True, slots=True)
class Merged:
    """The wording file with a translator's work in it (``text``; the same as before where nothing changed),
    ``changed`` keys, keys still ``missing`` and ``stale``, and ``notes``. A file with missing texts is not yet a
    language of the questionnaire."""

    language: str
    text: str
    changed: tuple[str, ...]
    missing: tuple[str, ...]
    stale: tuple[str, ...]
    notes: tuple[Note, ...] = field(default=())


def merge(structure: TextFile, wordings: Sequence[TextFile], given: Translation) -> Merged:
    """The wording of ``given.language`` with ``given`` in it.

    A text counts as changed where it differs from what the translator was given; where the wording file has
    moved on too, its own text stays and the other is told in a note. Texts are never deleted. Raises
    ``FileProblem`` for a file of another questionnaire or with odd states and keys, ``InstrumentError`` where
    the new wording would not be accepted by ``check``.
    """
    now = collect(structure, wordings, given.language)
    changes, notes = changes_of(now, given)
    base = next((text for text in wordings if _language(text) == given.language), None)
    text = wording_text(now, base, changes)
    _check_result(structure, wordings, now, text, changes)
    after = collect(structure, [*(one for one in wordings if one is not base), TextFile("", text)], given.language)
    notes += _lost_parameters(after)
    return Merged(
        given.language,
        text,
        tuple(changes),
        tuple(entry.key for entry in after.entries if entry.status == MISSING),
        tuple(entry.key for entry in after.entries if entry.status == STALE),
        tuple(notes),
    )


def changes_of(now: Translation, given: Translation) -> tuple[dict[str, Change], list[Note]]:
    """The changes that ``given`` makes to the texts as they are ``now``, by key, and all that is worth a word.
    Raises ``FileProblem`` for a file of other texts or with odd states and keys."""
    _check_head(now, given)
    known = {entry.key: entry for entry in now.entries}
    _check_rows(known, given)
    notes: list[Note] = []
    changes: dict[str, Change] = {}
    for row in given.entries:
        if row.key not in known:
            match = near(row.key, known)
            hint = f" Did you mean {match}?" if match else ""
            text = f"is not asked in {now.instrument_id}; left out.{hint}"
            notes.append(Note("unknown_key", text, "caution", row.key))
            continue
        change = _change(known[row.key], row, notes)
        if change is not None:
            changes[row.key] = change
        if row.comment:
            notes.append(Note("comment", f"comment: {row.comment}", "info", row.key))
    found = {row.key for row in given.entries}
    absent = [key for key in known if key not in found]
    notes += [Note("not_in_file", "is not in the file; kept as it is.", "info", key) for key in absent]
    return changes, notes


def _language(text: TextFile) -> str:
    from mce_utaut.translations.entries import wording_file

    return wording_file(text).shape.language


def _check_head(now: Translation, given: Translation) -> None:
    if given.instrument_id != now.instrument_id:
        what = f"is a translation of {given.instrument_id}, not of {now.instrument_id}."
        raise FileProblem(Problem(what, "Name the questionnaire that it belongs to.", given.name))
    if given.source_language != now.source_language:
        what = f"was translated from {given.source_language}; the questionnaire's source is {now.source_language}."
        raise FileProblem(Problem(what, "Export it again.", given.name))


def _check_rows(known: dict[str, Entry], given: Translation) -> None:
    problems = []
    times = Counter(row.key for row in given.entries)
    for row in given.entries:
        where = f"{row.place}, {row.key}"
        if times[row.key] > 1 and row.key:
            problems.append(Problem("stands more than once.", "Keep one row.", given.name, where=where))
        if row.key in known and row.status not in _STATES:
            what = f"the status {row.status!r} is not known."
            problems.append(Problem(what, f"Write {', '.join(STATUSES)}.", given.name, where=where))
        if not row.key and row.text:
            problems.append(Problem("has a translation but no key.", "Restore the key.", given.name, where=row.place))
    if problems:
        raise FileProblem(problems)


def _change(now: Entry, row: Entry, notes: list[Note]) -> Change | None:
    """What ``row`` changes of the text as it is ``now``, with a note where somebody should know."""

    def note(code: str, text: str) -> None:
        notes.append(Note(code, text, "caution", now.key))

    if not row.text:
        if now.text and (row.was or now.was) == now.was and row.status != MISSING:
            note("emptied", "the translation was emptied; the text there was is kept.")
        return None
    was = row.was or now.was
    new_text = source_hash(row.text) != was and row.text != now.text
    moved = now.was != was and row.text != now.text
    shown = row.status or now.status
    if not new_text and (moved or shown in (now.status, STALE, MISSING)):
        return None
    if new_text and moved:
        note("conflict", f"was changed here as well; kept as it is. The file has: {row.text}")
        return None
    status = shown
    if new_text and shown in (now.status, STALE, MISSING):
        status = "draft"
        if now.status not in ("draft", STALE, MISSING):
            note("draft_again", f"was changed while its status was {now.status}: it is a draft again.")
    if row.source and source_hash(row.source) != source_hash(now.source):
        note("source_changed", "the source has changed since the file was written: the translation is stale.")
    return Change(row.text, status, source_hash(row.source or now.source))


def _check_result(
    structure: TextFile, wordings: Sequence[TextFile], now: Translation, text: str, changes: dict[str, Change]
) -> None:
    """Raises ``InstrumentError`` where the wording would be refused for anything but missing texts."""
    blanks = {
        entry.key: Change(f"({entry.key})", "draft", source_hash(entry.source))
        for entry in now.entries
        if not entry.text and entry.key not in changes
    }
    name = f"translation into {now.language}"
    full = TextFile(name, wording_text(now, TextFile(name, text), blanks) if blanks else text)
    source = [one for one in wordings if _language(one) == now.source_language]
    problems = check_instrument(structure, [*source, full]).problems
    if problems:
        raise InstrumentError([Problem(one.what, one.remedy, one.file, where=one.where) for one in problems])


def _lost_parameters(after: Translation) -> list[Note]:
    notes = []
    for entry in after.entries:
        if entry.status != MISSING and not entry.key.startswith(PARAMETER):
            lost = sorted(set(PARAMETER_USE.findall(entry.source)) - set(PARAMETER_USE.findall(entry.text)))
            if lost:
                names = ", ".join(f"[[{name}]]" for name in lost)
                notes.append(Note("lost_parameter", f"the translation has lost {names}.", "caution", entry.key))
    return notes
