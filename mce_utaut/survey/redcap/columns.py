"""The fields that REDCap has for our questionnaire, and the headings of its exports."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from mce_utaut.errors import Problem, UserMistake
from mce_utaut.instrument.model import CANNOT_JUDGE_CODE, Instrument
from mce_utaut.survey.column_map import build
from mce_utaut.survey.contract import OTHER, Column, ColumnMap
from mce_utaut.survey.fields import Field, fields, offers_cannot_judge
from mce_utaut.survey.matching import Layout

RECORD = "record_id"
DIGEST_NAME = "instrument_digest"
LANGUAGE_NAME = "instrument_language"
OTHER_CHOICE = "other"
BAR = "/"  # written for "|", which separates choices

META = {
    RECORD: "record",
    "Record ID": "record",
    "redcap_event_name": "event",
    "Event Name": "event",
    "redcap_repeat_instrument": "repeat_instrument",
    "Repeat Instrument": "repeat_instrument",
    "redcap_repeat_instance": "repeat",
    "Repeat Instance": "repeat",
    DIGEST_NAME: "digest",
    LANGUAGE_NAME: "language",
}
COMPLETE = re.compile(r"\w+_complete|Complete\?", re.IGNORECASE)
TIMESTAMP = re.compile(r"\w+_timestamp|Survey Timestamp", re.IGNORECASE)
_PERSONAL = frozenset(
    (
        RECORD,
        "record id",
        "redcap_survey_identifier",
        "survey identifier",
        "redcap_data_access_group",
        "data access group",
    )
)
_LABELS = {"Digest of the questionnaire": "digest", "Language of the questionnaire": "language"}


def form_name(instrument: Instrument) -> str:
    """The name of the form: the questionnaire's id in lower case, of letters, digits and ``_``."""
    return re.sub(r"[^a-z0-9_]+", "_", instrument.id.lower())


def name_of(field: Field) -> str:
    """The name of a field in the project: our code in lower case."""
    if field.item is not None:
        return field.item.code.lower()
    return f"{field.question.code.lower()}_other" if field.other_of is not None else field.question.code.lower()


def refuse_collisions(instrument: Instrument) -> None:
    """Raises ``UserMistake`` where two fields would have one name, or a name that REDCap or we need."""
    taken: dict[str, list[str]] = defaultdict(list)
    for field in fields(instrument):
        taken[name_of(field)].append(field.name)
    form = form_name(instrument)
    reserved = {RECORD, DIGEST_NAME, LANGUAGE_NAME, f"{form}_complete", f"{form}_timestamp"}
    problems = [
        Problem(
            f"{' and '.join(names)} would be {name} in REDCap.",
            "REDCap writes names in lower case: give one of them another code.",
            where=instrument.id,
        )
        for name, names in taken.items()
        if len(names) > 1 or name in reserved
    ]
    if problems:
        raise UserMistake(problems)


def choices(instrument: Instrument, field: Field) -> dict[str, str]:
    """The codes of a field's choices in REDCap, to ours. All rows of a matrix have the same."""
    if field.scale is None:
        return {}
    found = {option.code: option.code for option in field.scale.options}
    if field.question.other:
        clash = field.scale.by_code(OTHER_CHOICE) is not None
        found[f"{OTHER_CHOICE}_choice" if clash else OTHER_CHOICE] = OTHER
    if offers_cannot_judge(instrument, field.question):
        found[CANNOT_JUDGE_CODE] = CANNOT_JUDGE_CODE
    return found


def label(instrument: Instrument, field: Field, code: str, language: str) -> str:
    """The label of a choice: one line without ``|``."""
    key = f"question.{field.question.code}.other" if code == OTHER else f"scale.{field.question.scale}.{code}"
    return " ".join(instrument.wordings[language].get(key).split()).replace("|", BAR)


def text_of(instrument: Instrument, field: Field, language: str) -> str:
    """The label of a field."""
    wording = instrument.wordings[language]
    if field.item is not None:
        return wording[f"item.{field.item.code}"]
    if field.other_of is not None:
        return wording[f"question.{field.question.code}.other"]
    return wording[f"question.{field.question.code}.text"]


def column_map(instrument: Instrument, languages: Sequence[str]) -> ColumnMap:
    """The columns of responses to the form of ``instrument``."""
    return build("redcap", instrument, languages, lambda field: _columns(instrument, languages, field))


def _columns(instrument: Instrument, languages: Sequence[str], field: Field) -> Iterable[Column]:
    name, code = name_of(field), field.question.code
    texts = {language: text_of(instrument, field, language) for language in languages}
    values = choices(instrument, field)
    if field.kind == "multi":
        for choice, target in values.items():
            labels = {language: label(instrument, field, target, language) for language in languages}
            headings = {language: f"{texts[language]} (choice={labels[language]})" for language in languages}
            ticked = {"1": target, "Checked": target, "0": "", "Unchecked": ""}
            yield Column(field.name, f"{name}___{choice.lower()}", code, ticked, {}, headings, target)
        return
    labels_of = {language: _labels(instrument, field, values.values(), language) for language in languages}
    yield Column(field.name, name, code, values, labels_of if values else {}, texts)


def _labels(instrument: Instrument, field: Field, codes: Iterable[str], language: str) -> dict[str, str]:
    """Labels to codes; a label that two choices share has both."""
    found: dict[str, str] = {}
    for code in codes:
        shown = label(instrument, field, code, language)
        found[shown] = f"{found[shown]} {code}" if shown in found else code
    return found


def is_personal(heading: str) -> bool:
    """Whether a column of this heading identifies a person or the moment of the answers."""
    return heading.strip().casefold() in _PERSONAL or bool(TIMESTAMP.fullmatch(heading.strip()))


LAYOUT = Layout(
    meta={**META, **_LABELS},
    personal=is_personal,
    silent=lambda heading: bool(COMPLETE.fullmatch(heading.strip())),
)
DIGEST_LABEL, LANGUAGE_LABEL = _LABELS
