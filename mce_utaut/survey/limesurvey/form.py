"""A questionnaire as LimeSurvey sees it: groups, questions, subquestions, answers, per language.

The .lss and the .txt writer print the same ``Survey``. Texts are HTML, and ``{}`` are evaluated by
ExpressionScript: ``markup`` encodes both away.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mce_utaut.instrument.model import CANNOT_JUDGE_CODE, Condition, Instrument, Question
from mce_utaut.survey import exporting
from mce_utaut.survey.fields import offers_cannot_judge
from mce_utaut.survey.limesurvey.columns import DECLINED_CODE, DIGEST_CODE

_TYPES = {
    "array": "F",
    "choice": "L",
    "multi": "M",
    "integer": "N",
    "number": "N",
    "text": "S",
    "long_text": "T",
    "date": "D",
    "info": "X",
}
_MANDATORY = {"none": "N", "soft": "S", "hard": "Y"}
_LONG_LIST = 12  # more options than these are a dropdown
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NEUTRAL_WAVE = "single"  # a survey that is neither the first nor the second of two
_DECIMAL_POINT = ("en",)
TITLE_LIMIT = 200  # characters of a survey's title, as HTML, that the database keeps
_RANDOM_GROUP_LIMIT = 20

Texts = Mapping[str, str]  # language -> HTML


@dataclass(frozen=True, slots=True)
class Choice:
    """A subquestion or an answer option."""

    code: str
    texts: Texts


@dataclass(frozen=True, slots=True)
class LimeQuestion:
    """A question; ``attributes`` hold for all languages, ``local_attributes`` per language; ``default`` is
    the code of the answer that stands where nobody gives one."""

    type: str
    code: str
    texts: Texts
    helps: Texts
    mandatory: str = "N"
    other: str = "N"
    relevance: str = "1"
    attributes: Mapping[str, str] = field(default_factory=dict)
    local_attributes: Mapping[str, Texts] = field(default_factory=dict)
    subquestions: tuple[Choice, ...] = ()
    answers: tuple[Choice, ...] = ()
    default: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A page."""

    titles: Texts
    descriptions: Texts
    questions: tuple[LimeQuestion, ...]
    relevance: str = "1"
    random_group: str = ""


@dataclass(frozen=True, slots=True)
class Survey:
    """The whole form. ``settings`` hold for all languages, ``texts`` per language."""

    id: int
    languages: tuple[str, ...]
    settings: Mapping[str, str]
    texts: Mapping[str, Mapping[str, str]]
    groups: tuple[Group, ...]


def markup(text: str) -> str:
    """``text`` as HTML in which neither HTML nor ExpressionScript reads anything."""
    text = _CONTROL.sub("", text).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").strip()
    text = html.escape(text, quote=False).replace('"', "&quot;")
    return text.replace("{", "&#123;").replace("}", "&#125;").replace("\n", "<br />")


def survey_of(instrument: Instrument, languages: Sequence[str], survey_id: int, draft: bool) -> Survey:
    """The form of ``instrument`` with all ``languages`` in it, the first being the base language."""
    return Survey(
        id=survey_id,
        languages=tuple(languages),
        settings=_settings(languages, survey_id),
        texts={language: _survey_texts(instrument, language, draft) for language in languages},
        groups=tuple(_groups(instrument, languages)),
    )


def _settings(languages: Sequence[str], survey_id: int) -> dict[str, str]:
    return {
        "sid": str(survey_id),
        "gsid": "1",
        "language": languages[0],
        "additional_languages": " ".join(languages[1:]),
        "format": "G",
        "anonymized": "Y",
        "datestamp": "N",
        "ipaddr": "N",
        "refurl": "N",
        "savetimings": "Y",
        "allowsave": "N",
        "allowprev": "Y",
        "showwelcome": "Y",
        "showprogress": "Y",
        "shownoanswer": "N",
        "showqnumcode": "X",
        "showxquestions": "N",
        "listpublic": "N",
        "template": "fruity_twentythree",
    }


def _survey_texts(instrument: Instrument, language: str, draft: bool) -> dict[str, str]:
    wording = instrument.wordings[language]
    return {
        "surveyls_title": exporting.fitting(exporting.title(instrument, language, draft), TITLE_LIMIT, markup),
        "surveyls_description": markup(wording.get("survey.description")),
        "surveyls_welcometext": markup(wording.get("survey.welcome")),
        "surveyls_endtext": markup(wording.get("survey.end")),
        "surveyls_policy_notice": "",
        "surveyls_dateformat": "6",
        "surveyls_numberformat": "0" if language in _DECIMAL_POINT else "1",
    }


def _random_groups(instrument: Instrument) -> dict[str | None, str]:
    """What LimeSurvey calls each random group of pages: its name, or all by number where one is too long."""
    names = list(dict.fromkeys(page.random_group for page in instrument.pages if page.random_group))
    short = all(len(name) <= _RANDOM_GROUP_LIMIT for name in names)
    return {None: "", **{name: name if short else f"random{n}" for n, name in enumerate(names, start=1)}}


def _texts(instrument: Instrument, languages: Sequence[str], key: str) -> dict[str, str]:
    return {language: markup(instrument.wordings[language].get(key)) for language in languages}


def _groups(instrument: Instrument, languages: Sequence[str]) -> list[Group]:
    groups = []
    random_groups = _random_groups(instrument)
    gate = ""  # the relevance of everything after the consent question
    for page in instrument.pages:
        page_gate = gate
        questions = []
        for question in page.questions:
            relevance = _all("" if gate == page_gate else gate, _relevance(instrument, question.condition))
            questions.append(_question(instrument, languages, question, relevance))
            if instrument.consent and question.code == instrument.consent.question:
                gate = _relevance(instrument, instrument.consent)
        if not groups:
            questions.append(_digest(instrument, languages))
        groups.append(
            Group(
                titles=_group_titles(instrument, languages, page.id),
                descriptions=_texts(instrument, languages, f"page.{page.id}.text"),
                questions=tuple(questions),
                relevance=_all(page_gate, _relevance(instrument, page.condition)) or "1",
                random_group=random_groups[page.random_group],
            )
        )
    declined = _declined(instrument, languages)
    return [*groups, declined] if declined else groups


def _group_titles(instrument: Instrument, languages: Sequence[str], page_id: str) -> dict[str, str]:
    """A group must have a title: that of the survey where the page has none."""
    titles = {}
    for language in languages:
        wording = instrument.wordings[language]
        text = wording.get(f"page.{page_id}.title") or wording.get("survey.title", instrument.id)
        titles[language] = markup(text).replace("<br />", " ")
    return titles


def _declined(instrument: Instrument, languages: Sequence[str]) -> Group | None:
    """The page for those who do not take part."""
    texts = _texts(instrument, languages, "survey.declined")
    if not instrument.consent or not any(texts.values()):
        return None
    asked = instrument.consent.question
    refused = f"!is_empty({asked}.NAOK) and !{_relevance(instrument, instrument.consent)}"
    text = LimeQuestion("X", DECLINED_CODE, texts, dict.fromkeys(languages, ""))
    page = instrument.page_of(asked)
    return Group(_group_titles(instrument, languages, page.id), dict.fromkeys(languages, ""), (text,), refused)


def _digest(instrument: Instrument, languages: Sequence[str]) -> LimeQuestion:
    """A hidden question that puts the digest of the questionnaire into every response."""
    return LimeQuestion(
        "*",
        DIGEST_CODE,
        dict.fromkeys(languages, instrument.digest),
        dict.fromkeys(languages, ""),
        attributes={"equation": instrument.digest, "hidden": "1"},
    )


def _relevance(instrument: Instrument, condition: Condition | None) -> str:
    """The condition in ExpressionScript, in parentheses; "" for none."""
    if condition is None:
        return ""
    asked = instrument.question(condition.question)
    if asked.type == "multi":
        terms = [f'{asked.code}_{code}.NAOK == "Y"' for code in condition.among]
    else:
        terms = [f'{asked.code}.NAOK == "{code}"' for code in condition.among]
    return f"({' or '.join(terms)})"


def _all(*relevances: str) -> str:
    return " and ".join(relevance for relevance in relevances if relevance)


def _question(instrument: Instrument, languages: Sequence[str], question: Question, relevance: str) -> LimeQuestion:
    scale = instrument.scales[question.scale] if question.scale else None
    options: list[Choice] = []
    if scale is not None:
        codes = [option.code for option in scale.options]
        if offers_cannot_judge(instrument, question):
            codes.append(CANNOT_JUDGE_CODE)
        options = [Choice(code, _texts(instrument, languages, f"scale.{scale.id}.{code}")) for code in codes]
    rows = [Choice(item.code, _texts(instrument, languages, f"item.{item.code}")) for item in question.items]
    kind = _TYPES[question.type]
    if question.type == "choice" and len(options) > _LONG_LIST:
        kind = "!"
    if question.type == "multi":
        rows, options = options, []
    local = {}
    if question.other:
        local["other_replace_text"] = _texts(instrument, languages, f"question.{question.code}.other")
    return LimeQuestion(
        type=kind,
        code=question.code,
        texts=_texts(instrument, languages, f"question.{question.code}.text"),
        helps=_texts(instrument, languages, f"question.{question.code}.help"),
        mandatory="N" if question.from_link or question.type == "info" else _MANDATORY[question.required],
        other="Y" if question.other else "N",
        relevance=relevance or "1",
        attributes=_attributes(instrument, question),
        local_attributes=local,
        subquestions=tuple(rows),
        answers=tuple(options),
        default=default_answer(instrument, question),
    )


def default_answer(instrument: Instrument, question: Question) -> str:
    """The answer of a hidden question that is neutral where the link does not give it, or ""."""
    if not question.from_link or question.purpose != "wave" or not question.scale:
        return ""
    options = instrument.scales[question.scale].options
    return next((option.code for option in options if option.name == _NEUTRAL_WAVE), "")


def _attributes(instrument: Instrument, question: Question) -> dict[str, str]:
    attributes = {}
    if question.random_items or (question.random_options and question.type in ("choice", "multi")):
        attributes["random_order"] = "1"
    if question.type == "integer":
        attributes["num_value_int_only"] = "1"
    if question.minimum is not None:
        attributes["min_num_value_n"] = f"{question.minimum:g}"
    if question.maximum is not None:
        attributes["max_num_value_n"] = f"{question.maximum:g}"
    if question.from_link:
        attributes["hidden"] = "1"
    if question.type == "multi" and offers_cannot_judge(instrument, question):
        attributes["exclude_all_others"] = CANNOT_JUDGE_CODE
    return attributes
