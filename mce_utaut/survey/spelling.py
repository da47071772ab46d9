"""How two spellings of the same heading, label or cell are recognised as one."""

from __future__ import annotations

import functools
import html
import re
import unicodedata

_BLANKS = re.compile(r"\s+")
_GUARDED = re.compile(r"'*[=+\-@\t\r]")


@functools.lru_cache(maxsize=1 << 14)  # the labels of a scale are compared for each of its items
def normal(text: str) -> str:
    """``text`` composed (NFC), HTML entities decoded, every run of blanks, no-break spaces and line ends
    one blank, none at the ends."""
    if "&" in text:
        text = html.unescape(text)
    return _BLANKS.sub(" ", unicodedata.normalize("NFC", text)).strip()


@functools.lru_cache(maxsize=1 << 14)
def dense(text: str) -> str:
    """``normal(text)`` without any blank and case: the loosest comparison, for texts whose line breaks a
    tool drops."""
    return normal(text).replace(" ", "").casefold()


def guard(text: str) -> str:
    """``text`` with a leading ``'`` where a spreadsheet would take it for a formula.

    Text that begins with ``'`` before such a sign gets one more, so that ``unguard`` gives back what was
    there."""
    return f"'{text}" if _GUARDED.match(text) else text


def unguard(text: str) -> str:
    """The text that ``guard`` was given."""
    return text[1:] if text.startswith("'") and _GUARDED.match(text) else text


def unmask(text: str) -> str:
    """``text`` without the ``'`` that survey tools put before ``=``."""
    return text[1:] if text.startswith("'=") else text
