"""The columns of plain files: item codes and question names, with what is known of each respondent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mce_utaut.instrument.model import CANNOT_JUDGE_CODE, Instrument
from mce_utaut.responses.model import META_COLUMNS
from mce_utaut.survey.column_map import build, labels_to_codes
from mce_utaut.survey.contract import OTHER, OTHER_NAME, Column, ColumnMap
from mce_utaut.survey.fields import Field, fields
from mce_utaut.survey.matching import Layout

KEY = "respondent"
NO_ANSWER = "meta.no_answer"  # fields that were shown and left blank
NOT_SHOWN = "meta.not_shown"  # fields that were not shown
BARE = ("hei", "wave", "pilot_id", "link_code", "language", "submitted", "duration_s")

META = {
    KEY: KEY,
    NO_ANSWER: NO_ANSWER,
    NOT_SHOWN: NOT_SHOWN,
    **{f"meta.{name}": name for name in META_COLUMNS},
    **{name: name for name in BARE},
}


def column_map(instrument: Instrument, languages: Sequence[str]) -> ColumnMap:
    """The columns of plain files of ``instrument``."""
    return build("plain", instrument, languages, lambda field: _columns(instrument, languages, field))


def _columns(instrument: Instrument, languages: Sequence[str], field: Field) -> Iterable[Column]:
    question = field.question
    key = f"item.{field.item.code}" if field.item is not None else f"question.{question.code}.text"
    texts = {language: instrument.wordings[language].get(key) for language in languages}
    if field.other_of is not None:
        texts = {}
    labels = labels_to_codes(instrument, field, languages) if field.scale else {}
    if question.other and field.other_of is None:
        for language in languages:
            labels[language].setdefault(instrument.wordings[language].get(f"question.{question.code}.other"), OTHER)
    yield Column(field.name, field.name, question.code, answers(field), labels, texts)


def column_codes(instrument: Instrument) -> dict[str, str]:
    """Code -> column, for questions whose column has the question's name and for constructs that one of them
    measures: what models may call it."""
    own = {field.question.code: field.name for field in fields(instrument) if not (field.item or field.other_of)}
    measured = {
        name: own[construct.items[0]]
        for name, construct in instrument.constructs.items()
        if len(construct.items) == 1 and construct.items[0] in own
    }
    return {code: column for code, column in {**measured, **own}.items() if code != column}


def answers(field: Field) -> dict[str, str]:
    """What a plain file may hold for each option: its code, or its name where that is no other's code."""
    if field.scale is None:
        return {}
    values = {option.code: option.code for option in field.scale.options}
    by_code = {code.casefold(): code for code in values}
    for option in field.scale.options:
        if by_code.get(option.name.casefold(), option.code) == option.code:
            values.setdefault(option.name, option.code)
    if field.cannot_judge:
        values[CANNOT_JUDGE_CODE] = CANNOT_JUDGE_CODE
    if field.question.other and field.other_of is None:
        values[OTHER] = OTHER
        if OTHER_NAME not in {value.casefold() for value in values}:
            values[OTHER_NAME] = OTHER
    return values


def _codes(column: Column) -> Iterable[str]:
    """The code of the question, which is unique where it has one column."""
    if column.field.endswith("_other"):
        yield f"{column.question}_other"
    elif not column.field.startswith(column.question):
        yield column.question


LAYOUT = Layout(codes=_codes, meta=META, personal=lambda heading: heading.startswith("personal."))
