"""The columns that KoboToolbox and ODK Central write for our form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from mce_utaut.instrument.model import CANNOT_JUDGE_CODE, Instrument
from mce_utaut.survey.column_map import build, labels_to_codes
from mce_utaut.survey.contract import OTHER, Column, ColumnMap
from mce_utaut.survey.fields import Field
from mce_utaut.survey.matching import Layout

DIGEST_NAME = "instrument_digest"
OTHER_CHOICE = "other"
SEPARATORS = ("/", "-")

META = {
    "_id": "id",
    "_uuid": "uuid",
    "_submission_time": "submission_time",
    "_validation_status": "validation",
    "start": "start",
    "end": "end",
    DIGEST_NAME: "digest",
    "KEY": "uuid",
    "SubmissionDate": "submission_time",
    "ReviewState": "review",
}
_PERSONAL = re.compile(
    r"_submitted_by|_uuid|_id|username|deviceid|phonenumber|start|end|_submission_time|_geolocation|_?.*_(latitude|"
    r"longitude|altitude|precision)|(meta[-/])?audit|submitterid|submittername|key|(meta[-/])?instanceid|"
    r"submissiondate|simserial|subscriberid|email",
    re.IGNORECASE,
)
_SILENT = re.compile(
    r"_notes|_status|_tags|_index|__version__|_parent_.*|_submission_.*|attachments(present|expected)|status|edits|"
    r"formversion|(meta[-/])?instancename|__system.*|(.*[/-])?(welcome_text|declined_text|end_text|info_\w+|text_\w+)",
    re.IGNORECASE,
)


def column_map(instrument: Instrument, languages: Sequence[str]) -> ColumnMap:
    """The columns of responses to the form of ``instrument``."""
    return build("xlsform", instrument, languages, lambda field: _columns(instrument, languages, field))


def name_of(field: Field) -> str:
    """The name of a field in the form."""
    if field.item is not None:
        return field.item.code
    return f"{field.question.code}_other" if field.other_of is not None else field.question.code


def choices(field: Field) -> dict[str, str]:
    """The names of a field's choices, to our option codes."""
    if field.scale is None:
        return {}
    values = {option.code: option.code for option in field.scale.options}
    if field.cannot_judge:
        values[CANNOT_JUDGE_CODE] = CANNOT_JUDGE_CODE
    if field.question.other:
        values[other_choice(field)] = OTHER
    return values


def other_choice(field: Field) -> str:
    """The name of the "other" choice: ``other``, or a longer one where an option has that code."""
    assert field.scale is not None
    return OTHER_CHOICE if field.scale.by_code(OTHER_CHOICE) is None else f"{OTHER_CHOICE}_choice"


def _columns(instrument: Instrument, languages: Sequence[str], field: Field) -> Iterable[Column]:
    question = field.question
    wordings = {language: instrument.wordings[language] for language in languages}
    if field.item is not None:
        texts = {language: wording[f"item.{field.item.code}"] for language, wording in wordings.items()}
    elif field.other_of is not None:
        key = f"question.{question.code}.other"
        texts = {language: wording.get(key) for language, wording in wordings.items()}
    else:
        key = f"question.{question.code}.text"
        texts = {language: wording.get(key) for language, wording in wordings.items()}
    labels = labels_to_codes(instrument, field, languages) if field.scale else {}
    if question.other and field.other_of is None:
        for language, wording in wordings.items():
            labels[language].setdefault(wording.get(f"question.{question.code}.other"), OTHER)
    yield Column(field.name, name_of(field), question.code, choices(field), labels, texts)
    if field.kind != "multi":
        return
    for name, code in choices(field).items():
        split_texts = {
            language: f"{texts[language]}/{label}"
            for language in languages
            for label, target in labels[language].items()
            if target == code
        }
        yield Column(
            field.name,
            f"{name_of(field)}/{name}",
            question.code,
            {"1": code, "0": "", "TRUE": code, "FALSE": ""},
            texts=split_texts,
            option=code,
        )


def _readings(heading: str) -> Iterable[str]:
    """The heading, and what remains of it when group names in front are taken away one by one."""
    yield heading
    for separator in SEPARATORS:
        rest = heading
        while separator in rest:
            _, _, rest = rest.partition(separator)
            yield rest.strip()


LAYOUT = Layout(
    readings=_readings,
    meta=META,
    personal=lambda heading: bool(_PERSONAL.fullmatch(heading.strip())),
    silent=lambda heading: bool(_SILENT.fullmatch(heading.strip())),
)
