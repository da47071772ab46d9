"""The headings of answers in Moodle: ``(PE1) statement`` in Feedback, ``Q08_PEQ->statement`` in Questionnaire."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from mce_utaut.instrument.model import Instrument
from mce_utaut.survey.column_map import build
from mce_utaut.survey.contract import Column, ColumnMap
from mce_utaut.survey.fields import Field
from mce_utaut.survey.matching import Layout
from mce_utaut.survey.worded import code_of, labels_of, one_line, options_of, text_of

FEEDBACK = re.compile(r"\(\s*(?P<label>[A-Za-z]\w*)\s*\)\s*(?P<text>.*)", re.DOTALL)
QUESTIONNAIRE = re.compile(r"Q\d+_(?P<name>.+?)(?:\s*->\s*(?P<row>.+))?", re.DOTALL)
_LABELLED = re.compile(r"(?P<label>[A-Za-z]\w*)(?:\s*[:.–-]\s+|\s+\()(?P<text>.+?)\)?", re.DOTALL)


def label(text: str) -> str:
    """``text`` in one line without the signs that separate options in Moodle: ``|`` becomes ``/``."""
    text = one_line(text).replace("|", "/")
    for sign in ("####", ">>>>>", "<<<<<"):
        while sign in text:
            text = text.replace(sign, sign[:3])
    return text


def column_map(instrument: Instrument, languages: Sequence[str]) -> ColumnMap:
    """The columns of answers to ``instrument``. Cells are labels, never codes; Questionnaire has a column for
    each option of a multi question."""
    return build("moodle", instrument, languages, lambda field: _columns(instrument, languages, field))


def _columns(instrument: Instrument, languages: Sequence[str], field: Field) -> Iterable[Column]:
    texts = {language: text_of(instrument, field, language) for language in languages}
    code = field.question.code
    yield Column(field.name, code_of(field), code, {}, labels_of(instrument, field, languages, label), texts)
    if field.kind != "multi":
        return
    shown = {language: options_of(instrument, field.question, language, label) for language in languages}
    for option in shown[languages[0]]:
        ticked = {language: f"{code}->{shown[language][option]}" for language in languages}
        yield Column(field.name, f"{code}->{option}", code, {"1": option, "0": ""}, {}, ticked, option)


def readings(heading: str) -> Iterable[str]:
    """The heading; the label in front of it and what follows; name and row of a Questionnaire heading."""
    yield heading
    questionnaire = QUESTIONNAIRE.fullmatch(heading)
    if questionnaire:
        name, row = questionnaire["name"].strip(), questionnaire["row"]
        yield f"{name}->{row.strip()}" if row else name
        if row:
            yield row.strip()
        return
    labelled = FEEDBACK.fullmatch(heading) or _LABELLED.fullmatch(heading)
    if labelled:
        yield labelled["label"]
        yield labelled["text"]


LAYOUT = Layout(readings=readings)
