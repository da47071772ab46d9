"""The study's own sentences: one YAML per language in ``text/``, looked up by dotted key, with numbers
written as that language writes them.

A sentence holds ``{name}`` for a value. A key with ``one`` and ``other`` is chosen by the value ``n``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from mce_utaut import own_text
from mce_utaut.own_text import Entry

MINUS = "−"
_FOLDER = "text"


class Sentences:
    """The sentences of one language. Calling it with a key and values gives plain text."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._entries = entries(language)
        self.numbers = numerals(language)

    def __call__(self, key: str, /, **values: object) -> str:
        """The sentence of ``key`` with ``values`` filled in. Raises ``KeyError`` for an unknown key."""
        entry = self._entries[key]
        if not isinstance(entry, str):
            entry = entry["one" if values.get("n") == 1 else "other"]
        return entry.format(**values)

    def has(self, key: str) -> bool:
        """Whether the key exists."""
        return key in self._entries

    def listed(self, words: tuple[str, ...] | list[str]) -> str:
        """``a, b and c``."""
        if len(words) < 2:
            return "".join(words)
        return f"{', '.join(words[:-1])} {self('and')} {words[-1]}"


@dataclass(frozen=True, slots=True)
class Numerals:
    """How a language writes numbers inside a sentence."""

    decimal: str
    keep_zero: bool
    between: str

    def plain(self, value: float, digits: int = 2) -> str:
        """``value`` with ``digits`` decimals; a value that rounds to zero has no sign."""
        text = f"{abs(value):.{digits}f}"
        negative = value < 0 and any(figure in "123456789" for figure in text)
        return (MINUS if negative else "") + text.replace(".", self.decimal)

    def bounded(self, value: float, digits: int = 2) -> str:
        """A value that cannot exceed 1 in absolute size: English drops its leading zero."""
        text = self.plain(value, digits)
        if self.keep_zero:
            return text
        return text.replace(f"0{self.decimal}", self.decimal, 1) if abs(value) < 1 else text

    def range(self, lower: float | None, upper: float | None, digits: int = 2, bounded: bool = False) -> str:
        """``[.31, .58]``; nothing where an end is undefined."""
        if lower is None or upper is None or not (math.isfinite(lower) and math.isfinite(upper)):
            return ""
        show = self.bounded if bounded else self.plain
        # An end just below zero keeps its sign, or the interval would seem to hold what it does not.
        ends = [show(end, digits) for end in (lower, upper)]
        ends = [
            text if end >= 0 or text.startswith(MINUS) else MINUS + text
            for end, text in zip((lower, upper), ends, strict=True)
        ]
        return f"[{ends[0]}{self.between}{ends[1]}]"

    def percent(self, share: float) -> str:
        """A share of 1 as a whole percentage."""
        return f"{self.plain(100 * share, 0)}%"

    def level(self, confidence: float) -> str:
        """A confidence level in per cent, without the sign and as exact as it was given: ``95``, ``97.5``."""
        return f"{100 * confidence:.4g}".replace(".", self.decimal)


_WITH_COMMA = Numerals(decimal=",", keep_zero=True, between="; ")  # as all languages of the consortium but English
_NUMERALS = {"en": Numerals(decimal=".", keep_zero=False, between=", ")}


def numerals(language: str) -> Numerals:
    """How a language writes numbers inside a sentence."""
    return _NUMERALS.get(language, _WITH_COMMA)


def inside(label: str, language: str) -> str:
    """A label as it stands inside a sentence: small, but for abbreviations and the nouns of German."""
    small = len(label) > 1 and label[1].islower() and not language.startswith("de")
    return label[0].lower() + label[1:] if small else label


def entries(language: str) -> Mapping[str, Entry]:
    """Every sentence of a language by dotted key; a mapping of exactly ``one`` and ``other`` stays whole. Raises
    ``UsageError`` for a language that there is not, or that lacks sentences."""
    return own_text.entries(__package__, _FOLDER, language)


def languages() -> tuple[str, ...]:
    """The languages in which a study can be told, English first."""
    return own_text.languages(__package__, _FOLDER)
