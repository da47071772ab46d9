"""The columns of the sheet for data entry: codes, and one column for each box of a multi question."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mce_utaut.instrument.model import CANNOT_JUDGE_CODE, Instrument
from mce_utaut.survey.column_map import build
from mce_utaut.survey.contract import OTHER, Column, ColumnMap
from mce_utaut.survey.fields import Field
from mce_utaut.survey.matching import Layout
from mce_utaut.survey.worded import code_of, labels_of, options_of, text_of

FORM = "form"
LANGUAGE = "language"
OTHER_CODE = "other"
BOX = "_box"  # behind the heading of the box "other" of a multi question, whose text has ``<CODE>_other``


def printed_code(code: str, among: Iterable[str]) -> str:
    """What stands beside a box on paper and is entered: our code; for "other" the word ``other`` (or a longer
    one where an option of the question, whose codes are ``among``, has that code)."""
    if code != OTHER:
        return code
    return f"{OTHER_CODE}_choice" if OTHER_CODE in {one.casefold() for one in among} else OTHER_CODE


def codes(instrument: Instrument, field: Field) -> dict[str, str]:
    """The codes to enter for ``field``, to our option codes."""
    if field.scale is None or field.other_of is not None:
        return {}
    offered = options_of(instrument, field.question, instrument.source_language)
    return {printed_code(code, offered): code for code in offered if code != CANNOT_JUDGE_CODE or field.cannot_judge}


def column_map(instrument: Instrument, languages: Sequence[str]) -> ColumnMap:
    """The columns of the sheet for ``instrument``."""
    return build("paper", instrument, languages, lambda field: _columns(instrument, languages, field))


def _columns(instrument: Instrument, languages: Sequence[str], field: Field) -> Iterable[Column]:
    texts = {language: text_of(instrument, field, language) for language in languages}
    name, code = code_of(field), field.question.code
    if field.kind != "multi":
        labels = labels_of(instrument, field, languages)
        yield Column(field.name, name, code, codes(instrument, field), labels, texts)
        return
    shown = {language: options_of(instrument, field.question, language) for language in languages}
    for entered, target in codes(instrument, field).items():
        ticked = {language: f"{texts[language]} [{shown[language][target]}]" for language in languages}
        heading = f"{name}_{entered}{BOX if target == OTHER else ''}"
        yield Column(field.name, heading, code, {"1": target, "x": target, "0": ""}, {}, ticked, target)


LAYOUT = Layout(meta={FORM: FORM, LANGUAGE: LANGUAGE})
