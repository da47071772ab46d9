"""What is to be translated: every text of the source language with its place and the translation there is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mce_utaut.errors import InstrumentError, Problem, UsageError
from mce_utaut.instrument.fitting import fit
from mce_utaut.instrument.load import load_instrument
from mce_utaut.instrument.model import Instrument
from mce_utaut.instrument.reading import TextFile, read_tree
from mce_utaut.instrument.shape import WordingShape
from mce_utaut.instrument.wording import WordingFile, flat_entries, flat_strings, is_stale, source_hash, status_of
from mce_utaut.translations.context import contexts

STATUSES = ("draft", "reviewed", "back_translated", "approved")
STALE = "stale"  # shown instead of the status where the source has changed since
MISSING = "missing"  # shown where there is no translation
PARAMETER = "parameter."
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?\Z")


@dataclass(frozen=True, slots=True)
class Entry:
    """One text. ``source`` and ``text`` (the translation) are as written, parameters not filled in; ``status``
    is one of ``STATUSES``, ``STALE``, ``MISSING`` or "" (a file that does not say); ``was`` is the hash of the
    translation when the file was written, "" where a file does not say; ``place`` is its place in a file."""

    key: str
    context: str
    source: str
    text: str = ""
    status: str = MISSING
    comment: str = ""
    was: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Translation:
    """All texts of a questionnaire with their translation into ``language``; ``name`` is the file's."""

    instrument_id: str
    source_language: str
    language: str
    entries: tuple[Entry, ...]
    name: str = ""


def collect(structure: TextFile, wordings: Sequence[TextFile], language: str) -> Translation:
    """Every text of the questionnaire with its translation into ``language``, in the order of the source
    language. Raises as ``translations.export``."""
    if not LANGUAGE.match(language):
        raise UsageError(Problem(f"{language!r} is no language code.", "Write e.g. lt, or pt-BR."))
    instrument, source, target = split(structure, wordings, language)
    places = contexts(instrument)
    entries = [_entry(key, places[key], string.text, source, target) for key, string in source.strings.items()]
    for name, value in source.shape.parameters.items():
        text = target.shape.parameters.get(name, "").strip() if target else ""
        place = f"stands wherever a text says [[{name}]]"
        status = (target.shape.status or "draft") if target and text else MISSING
        entries.append(Entry(PARAMETER + name, place, value.strip(), text, status, was=source_hash(text)))
    return Translation(instrument.id, instrument.source_language, language, tuple(entries))


def split(
    structure: TextFile, wordings: Sequence[TextFile], language: str
) -> tuple[Instrument, WordingFile, WordingFile | None]:
    """The questionnaire in its source language alone, that wording file, and the one of ``language`` (None where
    there is none; it may lack texts). Raises ``InstrumentError``."""
    files = [(text, wording_file(text)) for text in wordings]
    head = read_tree(structure).root or {}
    of_source = [(text, file) for text, file in files if file.shape.language == str(head.get("source_language"))]
    instrument = load_instrument(structure, [text for text, _ in of_source])
    if language == instrument.source_language:
        raise UsageError(Problem(f"{language} is the source language of {instrument.id}: it is not translated."))
    target = next((file for _, file in files if file.shape.language == language), None)
    return instrument, of_source[0][1], target


def wording_file(text: TextFile) -> WordingFile:
    """A wording file as its shape and strings, not checked against a structure. Raises ``InstrumentError``."""
    tree = read_tree(text)
    if tree.root is None or tree.problems:
        raise InstrumentError(tree.problems or Problem("is empty.", "Write the wording, or delete it.", text.name))
    written = frozenset(key for key, _, _, _ in flat_entries(tree.root))
    fitted = fit(text.name, tree.root, WordingShape)
    if fitted.shape is None or fitted.problems:
        raise InstrumentError(fitted.problems)
    return WordingFile(text.name, fitted.shape, flat_strings(tree.root), written)


def _entry(key: str, place: str, source_text: str, source: WordingFile, target: WordingFile | None) -> Entry:
    string = target.strings.get(key) if target else None
    if target is None or string is None or not string.text:
        return Entry(key, place, source_text, was=source_hash(""))
    stale = is_stale(target, key, source)
    status = STALE if stale else status_of(target, key, source.shape.language)
    return Entry(key, place, source_text, string.text, status, was=source_hash(string.text))
