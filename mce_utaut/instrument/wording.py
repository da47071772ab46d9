"""The strings of one language: flat keys, source hashes, and what may be wrong with a text.

A wording file's sections become the flat keys of ``model.Wording``: ``items: {PE1: ...}`` is
``item.PE1``, ``questions: {AGE: {text: ...}}`` is ``question.AGE.text``.
"""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mce_utaut.instrument.findings import Findings
from mce_utaut.instrument.fitting import near
from mce_utaut.instrument.model import Status, Text, Wording
from mce_utaut.instrument.reading import MarkedDict, Place
from mce_utaut.instrument.shape import WordingShape

PARAMETER_USE = re.compile(r"\[\[\s*([^\[\]]*?)\s*\]\]")
_ONE_LEVEL = {"survey": "survey", "items": "item"}
_TWO_LEVELS = {"pages": "page", "questions": "question", "scales": "scale", "constructs": "construct"}
_MARKUP = re.compile(r"<\s*[/!]?\s*[A-Za-z]|javascript:|&(#\d+|#x[0-9A-Fa-f]+|[A-Za-z]{2,8});", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class String:
    """One string as written, without surrounding blanks, with the places of its key and its text."""

    key: str
    text: str
    key_at: Place
    at: Place


@dataclass(frozen=True, slots=True)
class WordingFile:
    """A wording file that fits its shape. ``written`` are the keys it writes, also those whose value had
    a problem."""

    name: str
    shape: WordingShape
    strings: Mapping[str, String]
    written: frozenset[str]


def source_hash(text: str) -> str:
    """The first 8 hex digits of the sha256 of a source-language string as written in its file
    (parameters not filled in, surrounding blanks removed)."""
    return hashlib.sha256(text.strip().encode("utf-8")).hexdigest()[:8]


def normalised(text: str) -> str:
    """The text as importers compare it: NFC, entities resolved, blanks collapsed, case folded."""
    plain = html.unescape(unicodedata.normalize("NFC", text))
    return unicodedata.normalize("NFC", " ".join(plain.split()).casefold())


def flat_entries(root: MarkedDict) -> Iterator[tuple[str, object, Place, Place]]:
    """Flat key, value, place of the key and place of the value of every string of a wording file's tree,
    whatever the value is."""
    for section, mapping in root.items():
        if not isinstance(mapping, MarkedDict):
            continue
        if section in _ONE_LEVEL:
            for key, value in mapping.items():
                yield f"{_ONE_LEVEL[section]}.{key}", value, mapping.key_at[key], mapping.value_at[key]
        elif section in _TWO_LEVELS:
            for owner, entry in mapping.items():
                if isinstance(entry, MarkedDict):
                    for key, value in entry.items():
                        flat = f"{_TWO_LEVELS[section]}.{owner}.{key}"
                        yield flat, value, entry.key_at[key], entry.value_at[key]


def flat_strings(root: MarkedDict) -> dict[str, String]:
    """Every string of a wording file's tree by flat key."""
    return {
        key: String(key, str(value).strip(), key_at, at)
        for key, value, key_at, at in flat_entries(root)
        if isinstance(value, str)
    }


def section_of(key: str) -> tuple[str, str]:
    """The section of the file and the place in it (``PE1: "..."``) where a flat key is written."""
    kind, rest = key.split(".", 1)
    section = next(section for section, word in (_ONE_LEVEL | _TWO_LEVELS).items() if word == kind)
    owner, _, last = rest.rpartition(".")
    if kind == "scale":
        return section, f'{owner}: {{"{last}": "..."}}'
    return section, f'{owner}: {{{last}: "..."}}' if owner else f'{last}: "..."'


def described(key: str) -> str:
    """A flat key in words: ``item PE1``, ``scale agree7, label 99``."""
    kind, rest = key.split(".", 1)
    owner, _, last = rest.rpartition(".")
    if kind == "scale":
        return f"scale {owner}, label {last}"
    return f"{kind} {owner}, {last}" if owner else f"{kind} {last}"


def parameters_of(file: WordingFile, structure_parameters: Mapping[str, str]) -> dict[str, str]:
    """The parameters of one language: those of the structure file, and the worded ones of the file."""
    return {**structure_parameters, **file.shape.parameters}


def fill(text: str, parameters: Mapping[str, str]) -> str:
    """The text with every known ``[[parameter]]`` replaced."""
    return PARAMETER_USE.sub(lambda found: parameters.get(found.group(1), found.group(0)), text)


def build_wording(file: WordingFile, source: WordingFile, parameters: Mapping[str, str]) -> Wording:
    """The ``Wording`` of a file that has been checked, in the order of the source language."""
    strings = {}
    for key in source.strings:
        written = file.strings[key]
        status = status_of(file, key, source.shape.language)
        strings[key] = Text(fill(written.text, parameters), status, is_stale(file, key, source))
    return Wording(file.shape.language, strings, dict(parameters))


def status_of(file: WordingFile, key: str, source_language: str) -> Status:
    """The status of a string: its own, else the file's, else source or draft."""
    review = file.shape.review.get(key)
    if review is not None and review.status is not None:
        return review.status
    return file.shape.status or ("source" if file.shape.language == source_language else "draft")


def is_stale(file: WordingFile, key: str, source: WordingFile) -> bool:
    """True where the source string has changed since it was translated."""
    review = file.shape.review.get(key)
    if file is source or review is None or review.source is None or key not in source.strings:
        return False
    return review.source != source_hash(source.strings[key].text)


def check_text(string: String, parameters: Mapping[str, str], found: Findings) -> None:
    """Adds what is wrong or doubtful inside one text: parameters, braces, markup, lost characters."""
    where = described(string.key)
    for name in PARAMETER_USE.findall(string.text):
        if name not in parameters:
            match = near(name, parameters)
            remedy = f"Did you mean `[[{match}]]`?" if match else "Define it under `parameters:` in the structure file."
            found.problem(string.at, where, f"the parameter `[[{name}]]` is not defined.", remedy)
    rest = PARAMETER_USE.sub("", string.text)
    if "[[" in rest or "]]" in rest:
        what = "`[[` and `]]` do not pair up."
        found.problem(string.at, where, what, "Write a parameter as [[months]], or use single brackets.")
    if "${" in rest:
        found.warn("expression", string.at, where, "`${` is an expression in XLSForm; it will be shown as text.")
    if rest.count("{") != rest.count("}"):
        found.warn("braces", string.at, where, "`{` and `}` do not pair up; braces are expressions in survey tools.")
    meant = next((name for name in parameters if "{" + name + "}" in rest), None)
    if meant is not None:
        found.warn(
            "braces",
            string.at,
            where,
            f"`{{{meant}}}` is shown as it is; a parameter is written [[{meant}]].",
        )
    if _MARKUP.search(rest):
        text = "The text looks like HTML or a script; wordings are plain text and are shown as they are."
        found.warn("markup", string.at, where, text)
    if "\ufffd" in rest:
        what = "the text holds the sign U+FFFD: a letter was lost in a wrong encoding."
        found.problem(string.at, where, what, "Write the letter again.")
