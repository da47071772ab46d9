"""The columns of a LimeSurvey response export, in all of its heading styles."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence

from mce_utaut.instrument.model import CANNOT_JUDGE_CODE, Instrument, Scale
from mce_utaut.survey.column_map import build, labels_to_codes
from mce_utaut.survey.contract import OTHER, Column, ColumnMap
from mce_utaut.survey.fields import Field, offers_cannot_judge
from mce_utaut.survey.limesurvey import headings
from mce_utaut.survey.matching import Layout
from mce_utaut.survey.spelling import normal

DIGEST_CODE = "MCEDIGEST"  # the hidden question that holds the digest of the questionnaire
DECLINED_CODE = "MCEDECLINED"  # the text for those who do not take part

OTHER_WORDS = ("Other", "Altro", "Sonstiges", "Otro", "Altres", "Outro", "Anders", "Kita", "Άλλο")
YES_WORDS = ("Yes", "Sì", "Ja", "Sí", "Sim", "Taip", "Ναι")
NO_WORDS = ("No", "Nein", "Não", "Nee", "Ne", "Όχι")

_CODE_AND_TEXT = re.compile(r"([A-Za-z]\w*(?:\[\w+\])?)\. ")
_TIMING = re.compile(r"groupTime\d+|\w+Time|(Group|Question) time: .*", re.IGNORECASE)
META = headings.by_heading(
    ("id", "submitdate", "lastpage", "startlanguage", "seed", "startdate", "datestamp", "interviewtime")
) | {DIGEST_CODE: "digest"}
_PERSONAL = headings.folded(
    (
        *headings.ADDRESSES,
        *(heading for heading, kind in META.items() if kind in headings.PERSONAL_KINDS),
        "ipaddr",
        "refurl",
        "token",
        "access code",
        "firstname",
        "first name",
        "lastname",
        "last name",
        "email",
        "email address",
    )
)


def column_map(instrument: Instrument, languages: Sequence[str]) -> ColumnMap:
    """The columns that LimeSurvey writes for ``instrument``."""
    return build("limesurvey", instrument, languages, lambda field: _columns(instrument, languages, field))


def _columns(instrument: Instrument, languages: Sequence[str], field: Field) -> Iterable[Column]:
    question = field.question
    stems = {code: instrument.wordings[code].get(f"question.{question.code}.text") for code in languages}
    if field.other_of is not None:
        key = f"question.{question.code}.other"
        texts = {code: f"{stems[code]} [{instrument.wordings[code].get(key, 'Other')}]" for code in languages}
        yield Column(field.name, f"{question.code}[other]", question.code, texts=texts)
        return
    if field.scale is None:
        yield Column(field.name, question.code, question.code, texts=stems)
    elif field.kind == "multi":
        yield from _ticks(instrument, languages, field, field.scale, stems)
    else:
        yield _choice(instrument, languages, field, field.scale, stems)


def _ticks(
    instrument: Instrument, languages: Sequence[str], field: Field, scale: Scale, stems: Mapping[str, str | None]
) -> Iterable[Column]:
    """A column for every option of a question with several answers."""
    question = field.question
    codes = [option.code for option in scale.options]
    if field.cannot_judge:
        codes.append(CANNOT_JUDGE_CODE)
    for code in codes:
        texts = {
            language: f"{stems[language]} [{instrument.wordings[language][f'scale.{scale.id}.{code}']}]"
            for language in languages
        }
        words = {word: code for word in YES_WORDS} | {word: "" for word in NO_WORDS}
        yield Column(
            field.name,
            f"{question.code}[{code}]",
            question.code,
            {"Y": code, "N": ""},
            {languages[0]: words},
            texts,
            code,
        )


def _choice(
    instrument: Instrument, languages: Sequence[str], field: Field, scale: Scale, stems: Mapping[str, str | None]
) -> Column:
    """The column of a question, or of an item of a matrix, with one answer of a scale."""
    question = field.question
    labels = labels_to_codes(instrument, field, languages)
    values = {option.code: option.code for option in scale.options}
    if offers_cannot_judge(instrument, question):
        values[CANNOT_JUDGE_CODE] = CANNOT_JUDGE_CODE
        for language in languages:
            label = instrument.wordings[language].get(f"scale.{scale.id}.{CANNOT_JUDGE_CODE}")
            labels[language].setdefault(label, CANNOT_JUDGE_CODE)
    if question.other:
        values["-oth-"] = OTHER
        for language in languages:
            own = instrument.wordings[language].get(f"question.{question.code}.other", "Other")
            for word in (own, *OTHER_WORDS):
                labels[language].setdefault(word, OTHER)
    if field.item is not None:
        texts = {
            language: f"{stems[language]} [{instrument.wordings[language][f'item.{field.item.code}']}]"
            for language in languages
        }
        heading = f"{question.code}[{field.item.code}]"
    else:
        texts, heading = stems, question.code
    return Column(field.name, heading, question.code, values, labels, texts)


def _codes(column: Column) -> Iterable[str]:
    """The heading with ExpressionScript codes: ``PE_PE1`` for ``PE[PE1]``."""
    yield column.heading.replace("[", "_").replace("]", "")


def _wordings(column: Column, language: str) -> Iterable[str]:
    """Headings of "other" columns, whose label is LimeSurvey's own unless it was replaced."""
    if column.heading.endswith("[other]"):
        stem = column.texts.get(language, "").rpartition(" [")[0]
        for word in OTHER_WORDS:
            yield f"{stem} [{word}]"


def _readings(heading: str) -> Iterable[str]:
    """The heading, and the code in front of it ("code and text" headings)."""
    code = _CODE_AND_TEXT.match(heading)
    if code:
        yield code[1]
    yield heading


def is_personal(heading: str) -> bool:
    """Whether a column of this heading identifies a person or the moment of the answers."""
    folded = normal(heading).casefold()
    return folded in _PERSONAL or folded.startswith("attribute_")


def _silent(heading: str) -> bool:
    return bool(_TIMING.fullmatch(heading.strip())) or heading.strip() == DECLINED_CODE


LAYOUT = Layout(_codes, _wordings, _readings, META, is_personal, _silent)


def abbreviates(heading: str, text: str) -> bool:
    """Whether ``heading`` is LimeSurvey's abbreviation of the heading ``text``: of question and item each
    the first 15 characters and ``.. ``, or all of it where that is short."""
    pattern = re.compile(r"(?P<stem>.*?)(?: \[(?P<part>.*)\])?", re.DOTALL)
    short, full = pattern.fullmatch(heading), pattern.fullmatch(text)
    assert short and full
    if (short["part"] is None) != (full["part"] is None):
        return False
    return _cut(short["stem"], full["stem"]) and (short["part"] is None or _cut(short["part"], full["part"]))


def _cut(short: str, full: str) -> bool:
    """Whether ``short`` is the beginning that is left of ``full``, whose entities may have been cut."""
    short, full = short.rstrip(), full.strip()
    if not short.endswith(".."):
        return normal(short) == normal(full)
    short = short.removesuffix("..")
    return full.startswith(short) or html.escape(full, quote=False).startswith(short)
