"""The headings of answers to a Microsoft form: the question, or the statement of a Likert block.

How the heading of a statement looks is known from memory only, so that headings with the question in front
are read as well; so are numbers in front, and the number that Excel appends to a heading that repeats.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from mce_utaut.instrument.model import Instrument
from mce_utaut.survey.column_map import build
from mce_utaut.survey.contract import Column, ColumnMap
from mce_utaut.survey.fields import Field
from mce_utaut.survey.matching import Layout
from mce_utaut.survey.worded import code_of, labels_of, stem, text_of

_NUMBERED = re.compile(r"\d+(?:\.\d+)?[.)]?\s+(?P<rest>.+)")
_REPEATED = re.compile(r"(?P<first>.*\D)\s?[2-9]\d?")
_SILENT = re.compile(
    r"(points|feedback|puntos|comentarios|punti|punkte|pontos)\s*[-–:].*|total points|quiz feedback", re.I
)


def column_map(instrument: Instrument, languages: Sequence[str]) -> ColumnMap:
    """The columns of answers to the forms of ``instrument``. Cells are labels, never codes."""
    return build("msforms", instrument, languages, lambda field: _columns(instrument, languages, field))


def _columns(instrument: Instrument, languages: Sequence[str], field: Field) -> Iterable[Column]:
    texts = {language: text_of(instrument, field, language) for language in languages}
    labels = labels_of(instrument, field, languages)
    yield Column(field.name, code_of(field), field.question.code, {}, labels, texts)


def readings(heading: str) -> Iterable[str]:
    """The heading; without a number in front; without the number that tells repeated headings apart."""
    yield heading
    numbered = _NUMBERED.fullmatch(heading)
    if numbered:
        yield numbered["rest"]
    repeated = _REPEATED.fullmatch(heading)
    if repeated:
        yield repeated["first"].strip()


def layout(instrument: Instrument) -> Layout:
    """How the headings of ``instrument`` may be written besides ``Column.texts``."""
    items = {item.code: question for question, item in instrument.items()}

    def wordings(column: Column, language: str) -> Iterable[str]:
        if column.field in items and language in instrument.wordings:
            asked, text = stem(instrument, items[column.field], language), column.texts.get(language, "")
            yield f"{asked} [{text}]"
            yield f"{asked}.{text}"
            yield f"{asked} {text}"

    return Layout(wordings=wordings, readings=readings, silent=lambda heading: bool(_SILENT.fullmatch(heading)))
