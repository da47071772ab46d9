"""The headings of results: ``question``, ``matrix: row``, each with `` (shortname)`` where that is ticked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from mce_utaut.instrument.model import Instrument
from mce_utaut.survey.column_map import build
from mce_utaut.survey.contract import OTHER, Column, ColumnMap
from mce_utaut.survey.fields import Field
from mce_utaut.survey.matching import Layout
from mce_utaut.survey.worded import code_of, labels_of, stem, text_of

OTHER_SHORTNAME = "other"
_SHORTNAME = re.compile(r"(?P<text>.*)\s\((?P<name>\w+)\)", re.DOTALL)
META = {"Contribution Id": "id", "Languages": "language", "Language": "language"}
_PERSONAL = frozenset(
    ("invitation number", "contribution id", "user name", "creation date", "last update", "total score")
)


def shortname(code: str) -> str:
    """The shortname of an answer."""
    return OTHER_SHORTNAME if code == OTHER else code


def column_map(instrument: Instrument, languages: Sequence[str]) -> ColumnMap:
    """The columns of results of ``instrument``. Cells are labels, with the shortname behind them where that
    is ticked."""
    return build("eusurvey", instrument, languages, lambda field: _columns(instrument, languages, field))


def _columns(instrument: Instrument, languages: Sequence[str], field: Field) -> Iterable[Column]:
    texts = {}
    for language in languages:
        text = text_of(instrument, field, language)
        before = "" if field.item is None else f"{stem(instrument, field.question, language)}: "
        texts[language] = f"{before}{text}"
    labels = labels_of(instrument, field, languages)
    for codes in labels.values():
        for label, targets in list(codes.items()):
            for code in targets.split(" "):
                codes.setdefault(f"{label} {shortname(code)}", code)
                codes.setdefault(f"{label} ({shortname(code)})", code)
    yield Column(field.name, code_of(field), field.question.code, {}, labels, texts)


def readings(heading: str) -> Iterable[str]:
    """The shortname behind a heading, and the heading with and without it."""
    found = _SHORTNAME.fullmatch(heading)
    if found:
        yield found["name"]
    yield heading
    if found:
        yield found["text"]


LAYOUT = Layout(readings=readings, meta=META, personal=lambda heading: heading.strip().casefold() in _PERSONAL)
