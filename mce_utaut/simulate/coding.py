"""Coders who read the simulated open answers: what they would write into ``codes.csv``."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

import numpy as np

from mce_utaut.simulate.population import CODE, Coding
from mce_utaut.simulate.streams import Streams

HEAD = (
    *("respondent", "role", "source", "question", "construct", "theme", "sign", "coder"),
    *("quote", "cleared", "language"),
)
_FORMULA_STARTS = ("=", "+", "-", "@")
Answer = tuple[str, str, str, str, str]  # role, pseudonym, question code, text, language


def coded_answers(coding: Coding, seed: int, answers: Iterable[Answer]) -> bytes:
    """The codes of open answers as CSV (UTF-8, LF). The first coder reads all, each other coder the share
    ``double`` of them; a code is missed with the chance ``slip``. The first answer with a text of ``quoted`` is
    quoted and cleared. A text in which a coder finds nothing is coded "none"."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(HEAD)
    waiting = set(coding.quoted)
    for role, respondent, question, text, language in answers:
        rng = Streams((seed,)).of(f"{role} {respondent} {question} coding")
        for place, coder in enumerate(coding.coders):
            reads = not place or rng.random() < coding.double
            slips = rng.random(len(coding.texts.get(text, ()))) < coding.slip
            if not reads:
                continue
            for construct, theme, sign in _codes(text, coding, slips):
                cleared = not place and text in waiting
                waiting -= {text} if cleared else set()
                quote = (_safe(text), "yes") if cleared else ("", "")
                row = (respondent, role, "open question", question, construct, theme, sign, coder, *quote, language)
                writer.writerow(row)
    return stream.getvalue().encode("utf-8")


def _codes(text: str, coding: Coding, slips: np.ndarray) -> Iterator[tuple[str, str, str]]:
    """Construct, theme and sign of each code that a coder finds in a text."""
    found = [code for code, slip in zip(coding.texts.get(text, ()), slips, strict=True) if not slip]
    if not found:
        yield "none", "", ""
    for code in found:
        parts = CODE.fullmatch(code)
        if parts is not None:
            construct, sign, theme = parts.groups()
            yield construct, theme, sign


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
