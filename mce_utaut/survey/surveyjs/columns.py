"""The keys of a SurveyJS result, as headings: ``PEQ.PE1`` for the row PE1 of the matrix PEQ."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mce_utaut.instrument.model import CANNOT_JUDGE_CODE, Instrument, Question
from mce_utaut.survey.column_map import build, labels_to_codes
from mce_utaut.survey.contract import OTHER, Column, ColumnMap
from mce_utaut.survey.fields import Field, offers_cannot_judge
from mce_utaut.survey.matching import Layout

DIGEST_KEY = "instrument_digest"
LANGUAGE_KEY = "instrument_language"
COMMENT = "-Comment"  # SurveyJS' ending of the key that holds the text of "other"
OTHER_VALUE = "other"

META = {
    DIGEST_KEY: "digest",
    LANGUAGE_KEY: "language",
    "response_id": "id",
    "duration_seconds": "duration",
    "submitted": "submitted",
}
_SILENT = frozenset(("instrument_id", "order_seed"))
_PERSONAL = frozenset(("ip", "ipaddress", "email", "userid", "username", "createdat", "happenedat", "postid"))


def codes_of(instrument: Instrument, question: Question) -> list[str]:
    """Our codes of the answers that ``question`` shows, "cannot judge" last, without "other"."""
    assert question.scale is not None
    codes = [option.code for option in instrument.scales[question.scale].options]
    return [*codes, CANNOT_JUDGE_CODE] if offers_cannot_judge(instrument, question) else codes


def column_map(instrument: Instrument, languages: Sequence[str]) -> ColumnMap:
    """The columns of responses to the form of ``instrument``."""
    return build("surveyjs", instrument, languages, lambda field: _columns(instrument, languages, field))


def _columns(instrument: Instrument, languages: Sequence[str], field: Field) -> Iterable[Column]:
    code = field.question.code
    if field.other_of is not None:
        yield Column(field.name, f"{code}{COMMENT}", code)
        return
    heading = code if field.item is None else f"{code}.{field.item.code}"
    key = f"question.{code}.text" if field.item is None else f"item.{field.item.code}"
    texts = {language: instrument.wordings[language].get(key) for language in languages}
    if field.scale is None:
        yield Column(field.name, heading, code, texts=texts)
        return
    values = {one: one for one in codes_of(instrument, field.question)}
    if field.question.other:
        values[OTHER_VALUE] = OTHER
    yield Column(field.name, heading, code, values, labels_to_codes(instrument, field, languages), texts)


def is_personal(heading: str) -> bool:
    """Whether a key that the host page may have added identifies a person or the moment of the answers."""
    return heading.strip().casefold() in _PERSONAL


LAYOUT = Layout(meta=META, personal=is_personal, silent=lambda heading: heading.strip() in _SILENT)
