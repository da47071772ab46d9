"""The headings of answers to a Google form: ``title``, and ``title [row]`` for the rows of a grid."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from mce_utaut.instrument.model import Instrument
from mce_utaut.survey.column_map import build
from mce_utaut.survey.contract import Column, ColumnMap
from mce_utaut.survey.fields import Field
from mce_utaut.survey.matching import Layout
from mce_utaut.survey.worded import code_of, labels_of, stem, text_of

TIMESTAMPS = (  # "Informazioni cronologiche" was seen in a file, the others are from memory
    "Timestamp",
    "Informazioni cronologiche",
    "Marca temporal",
    "Marca de temps",
    "Zeitstempel",
    "Horodateur",
    "Carimbo de data/hora",
    "Tijdstempel",
    "Laiko žyma",
    "Χρονική σήμανση",
)
_PERSONAL = re.compile(r"e-?mail( address)?|username|.*\be-?mail\b.*|.*\bcorreo\b.*|nome utente", re.IGNORECASE)
_SCORE = re.compile(r"score|punteggio|puntuación|puntuació|punktzahl|pontuação", re.IGNORECASE)


def heading(instrument: Instrument, field: Field, language: str) -> str:
    """The heading of a field's column."""
    text = text_of(instrument, field, language)
    return text if field.item is None else f"{stem(instrument, field.question, language)} [{text}]"


def column_map(instrument: Instrument, languages: Sequence[str]) -> ColumnMap:
    """The columns of answers to the forms of ``instrument``. Cells are labels, never codes."""
    return build("googleforms", instrument, languages, lambda field: _columns(instrument, languages, field))


def _columns(instrument: Instrument, languages: Sequence[str], field: Field) -> Iterable[Column]:
    texts = {language: heading(instrument, field, language) for language in languages}
    labels = labels_of(instrument, field, languages)
    yield Column(field.name, code_of(field), field.question.code, {}, labels, texts)


LAYOUT = Layout(
    meta={text: "timestamp" for text in TIMESTAMPS},
    personal=lambda heading: bool(_PERSONAL.fullmatch(heading)),
    silent=lambda heading: bool(_SCORE.fullmatch(heading)),
)
