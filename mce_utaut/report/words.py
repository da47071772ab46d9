"""The report's own text: one YAML per language in ``wording/``, looked up by dotted key.

A sentence may hold ``{name}`` for a value and ``{t.omega}`` for a technical term, which links to its
definition at the first use in a section. A key with ``one`` and ``other`` is chosen by the value ``n``.
Values are escaped; the wording itself is trusted text without markup.
"""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup, escape

from mce_utaut import own_text
from mce_utaut.own_text import Entry
from mce_utaut.study.sentences import numerals

_FOLDER = "wording"


class Words:
    """The wording of one language. Calling it gives markup, ``text`` gives plain text (figures, CSV). ``{level}``
    stands for the study's ``confidence`` in per cent where a call gives no other."""

    def __init__(self, language: str, confidence: float = 0.95) -> None:
        self.language = language
        self._level = numerals(language).level(confidence)
        self._entries = entries(language)
        self._defined_here: set[str] = set()

    def __call__(self, key: str, /, **values: object) -> Markup:
        """The wording of ``key`` as markup, ``values`` escaped. Raises ``KeyError`` for an unknown key."""
        return Markup(escape(self._template(key, values))).format(**self._filled(values), t=_Terms(self, linked=True))

    def text(self, key: str, /, **values: object) -> str:
        """The wording of ``key`` as plain text."""
        return self._template(key, values).format(**self._filled(values), t=_Terms(self, linked=False))

    def has(self, key: str) -> bool:
        """Whether the key exists."""
        return key in self._entries

    def begin_section(self) -> None:
        """Makes the next use of each term link to its definition again."""
        self._defined_here.clear()

    def term(self, name: str) -> Markup:
        """A technical term, linked to its definition at the first use in a section."""
        label = self.text(f"terms.{name}.label")
        if name in self._defined_here:
            return escape(label)
        self._defined_here.add(name)
        definition = self.text(f"terms.{name}.definition")
        return Markup('<a class="term" href="#term-{}" title="{}">{}</a>').format(name, definition, label)

    def glossary(self) -> list[tuple[str, str, str]]:
        """(name, label, definition) of every term, by label."""
        names = [key.split(".")[1] for key in self._entries if key.startswith("terms.") and key.endswith(".label")]
        rows = [(n, self.text(f"terms.{n}.label"), self.text(f"terms.{n}.definition")) for n in names]
        return sorted(rows, key=lambda row: row[1].casefold())

    def _filled(self, values: Mapping[str, object]) -> Mapping[str, object]:
        return {"level": self._level, **values}

    def _template(self, key: str, values: Mapping[str, object]) -> str:
        entry = self._entries[key]
        if isinstance(entry, str):
            return entry
        return entry["one" if values.get("n") in (1, "1") else "other"]


class _Terms:
    def __init__(self, words: Words, *, linked: bool) -> None:
        self._words, self._linked = words, linked

    def __getattr__(self, name: str) -> str:
        return self._words.term(name) if self._linked else self._words.text(f"terms.{name}.label")


def entries(language: str) -> Mapping[str, Entry]:
    """Every entry of a language by dotted key; a mapping of exactly ``one`` and ``other`` stays whole. Raises
    ``UsageError`` for a language that there is not, or that lacks sentences."""
    return own_text.entries(__package__, _FOLDER, language)


def languages() -> tuple[str, ...]:
    """The languages in which the report can be written, English first."""
    return own_text.languages(__package__, _FOLDER)
