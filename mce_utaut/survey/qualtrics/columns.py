"""The columns that Qualtrics writes for our form, and the numbers that it knows answers by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from mce_utaut.instrument.model import CANNOT_JUDGE_CODE, Instrument, Question, Wording
from mce_utaut.survey.column_map import build, labels_to_codes
from mce_utaut.survey.contract import OTHER, Column, ColumnMap
from mce_utaut.survey.fields import Field, offers_cannot_judge
from mce_utaut.survey.matching import Layout

DIGEST_FIELD = "instrument_digest"
DATE_HINT = " (YYYY-MM-DD)"
LINK_PREFIX = "link_"  # embedded data filled by the link: link_HEI for the question HEI

# Headings of the first row, of older exports too, and the ImportIds of the third row.
META = {
    "StartDate": "start",
    "EndDate": "end",
    "RecordedDate": "recorded",
    "Status": "status",
    "Progress": "progress",
    "Duration (in seconds)": "duration",
    "Duration": "duration",
    "Q_TotalDuration": "duration",
    "Finished": "finished",
    "ResponseId": "id",
    "_recordId": "id",
    "UserLanguage": "language",
    "Q_Language": "language",
    DIGEST_FIELD: "digest",
}
_PERSONAL = frozenset(
    (
        "startdate",
        "enddate",
        "recordeddate",
        "responseid",
        "_recordid",
        "responseset",
        "ipaddress",
        "name",
        "emailaddress",
        "recipientlastname",
        "recipientfirstname",
        "recipientemail",
        "externalreference",
        "externaldatareference",
        "locationlatitude",
        "locationlongitude",
        "locationaccuracy",
        "q_url",
        "q_useragent",
        "contactid",
    )
)
_SILENT = re.compile(
    r".*_DO(_\w+)?|.* - (Parent )?Topics( \w+)?|.* - Sentiment.*|Q_\w+|SC\d+|DistributionChannel|"
    r".*_(First Click|Last Click|Page Submit|Click Count)|(welcome|declined)_text|text_\w+",
    re.IGNORECASE,
)
_OTHER_TEXT = re.compile(r"(.+)_\d+_TEXT", re.IGNORECASE)


def numbers(instrument: Instrument, question: Question) -> dict[str, str]:
    """The number ("recode value") of each answer of ``question``, in order, to our option code (``OTHER``
    for "other").

    Qualtrics knows answers by numbers only: where all codes of the scale are whole numbers they are
    taken, else the answers are counted from 1. "Cannot judge" is 99 always.
    """
    scale = instrument.scales[question.scale] if question.scale else None
    if scale is None:
        return {}
    codes = [option.code for option in scale.options]
    if not all(code.isdecimal() and str(int(code)) == code for code in codes):
        found = {str(position): code for position, code in enumerate(codes, start=1)}
    else:
        found = {code: code for code in codes}
    if question.other:
        free = max(int(number) for number in found) + 1
        found[str(free + (str(free) == CANNOT_JUDGE_CODE))] = OTHER
    if offers_cannot_judge(instrument, question):
        found[CANNOT_JUDGE_CODE] = CANNOT_JUDGE_CODE
    return found


def shown_text(question: Question, wording: Wording) -> str:
    """The text of ``question`` with all that Qualtrics has no other place for: its help, a date's form."""
    hint = DATE_HINT if question.type == "date" else ""
    explained = wording.get(f"question.{question.code}.help")
    text = wording.get(f"question.{question.code}.text") + hint
    return f"{text}\n\n{explained}" if explained else text


def column_map(instrument: Instrument, languages: Sequence[str]) -> ColumnMap:
    """The columns of responses to the form of ``instrument``."""
    return build("qualtrics", instrument, languages, lambda field: _columns(instrument, languages, field))


def _columns(instrument: Instrument, languages: Sequence[str], field: Field) -> Iterable[Column]:
    question = field.question
    wordings = {language: instrument.wordings[language] for language in languages}
    stems = {language: shown_text(question, wording) for language, wording in wordings.items()}
    if field.other_of is not None:
        label = f"question.{question.code}.other"
        texts = {language: f"{stems[language]} - {wordings[language][label]} - Text" for language in languages}
        yield Column(field.name, f"{question.code}_TEXT", question.code, texts=texts)
        return
    if field.scale is None:
        yield Column(field.name, question.code, question.code, texts=stems)
        return
    by_number = numbers(instrument, question)
    values = dict(by_number)
    for code in by_number.values():
        if code != OTHER:
            values.setdefault(code, code)  # what a link carries
    labels = labels_to_codes(instrument, field, languages)
    for language, wording in wordings.items():
        if CANNOT_JUDGE_CODE in by_number:
            labels[language].setdefault(wording[f"scale.{field.scale.id}.{CANNOT_JUDGE_CODE}"], CANNOT_JUDGE_CODE)
        if question.other:
            labels[language].setdefault(wording[f"question.{question.code}.other"], OTHER)
    if field.item is not None:
        position = question.items.index(field.item) + 1
        texts = {code: f"{stems[code]} - {wordings[code][f'item.{field.item.code}']}" for code in languages}
        yield Column(field.name, f"{question.code}_{position}", question.code, values, labels, texts)
        return
    yield Column(field.name, question.code, question.code, values, labels, stems)
    if field.kind == "multi":
        for position, (number, code) in enumerate(by_number.items(), start=1):
            ticked = {"1": code, number: code, "TRUE": code, "0": "", "FALSE": ""}
            own = {
                language: {label: target for label, target in labels[language].items() if target == code}
                for language in languages
            }
            texts = {language: f"{stems[language]} - {next(iter(own[language]), '')}" for language in languages}
            yield Column(field.name, f"{question.code}_{position}", question.code, ticked, own, texts, code)


def _codes(column: Column) -> Iterable[str]:
    """Headings with statement tags (``PEQ_PE1``), and of the text of "other"."""
    if column.option:
        return
    if column.heading.endswith("_TEXT"):
        yield f"{column.question}_other"
        return
    if column.heading == column.question:
        yield f"{column.question}_TEXT"
    else:
        yield f"{column.question}_{column.field}"


def _readings(heading: str) -> Iterable[str]:
    """The heading, and that of an "other" text without the number of its choice."""
    yield heading
    text = _OTHER_TEXT.fullmatch(heading)
    if text:
        yield f"{text[1]}_TEXT"


def is_personal(heading: str) -> bool:
    """Whether a column of this heading identifies a person or the moment of the answers."""
    return heading.strip().casefold() in _PERSONAL


LAYOUT = Layout(
    codes=_codes,
    readings=_readings,
    meta=META,
    personal=is_personal,
    silent=lambda heading: bool(_SILENT.fullmatch(heading.strip())),
)
