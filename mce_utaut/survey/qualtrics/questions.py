"""One question of a .qsf."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mce_utaut.instrument.model import CANNOT_JUDGE_CODE
from mce_utaut.survey.contract import OTHER
from mce_utaut.survey.qualtrics.form import TEXT, FormQuestion

_SELECTORS = {
    TEXT: ("DB", "TB", None),
    "array": ("Matrix", "Likert", "SingleAnswer"),
    "choice": ("MC", "SAVR", "TX"),
    "multi": ("MC", "MAVR", "TX"),
    "integer": ("TE", "SL", None),
    "number": ("TE", "SL", None),
    "text": ("TE", "SL", None),
    "date": ("TE", "SL", None),
    "long_text": ("TE", "ESTB", None),
}
_FORCE = {
    "none": {"ForceResponse": "OFF", "ForceResponseType": "ON"},
    "soft": {"ForceResponse": "RequestResponse", "ForceResponseType": "RequestResponse"},
    "hard": {"ForceResponse": "ON", "ForceResponseType": "ON"},
}
LANGUAGES = {"es": "ES-ES"}  # where Qualtrics' code is not ours in upper case
Json = dict[str, Any]


def language_code(language: str) -> str:
    """Qualtrics' code of a language."""
    return LANGUAGES.get(language, language.upper())


def payload(qid: str, question: FormQuestion, languages: Sequence[str], display: Json | None) -> Json:
    """The payload of ``question``: answers are numbered by place, and their recode values are ours."""
    kind, selector, sub = _SELECTORS[question.kind]
    if question.is_dropdown:
        selector = "DL"
    base = languages[0]
    found: Json = {
        "QuestionText": question.texts[base],
        "DefaultChoices": False,
        "DataExportTag": question.tag,
        "QuestionID": qid,
        "QuestionType": kind,
        "Selector": selector,
        "DataVisibility": {"Private": False, "Hidden": False},
        "Configuration": {"QuestionDescriptionOption": "UseText"},
        "QuestionDescription": question.texts[base][:100],
        "Validation": {"Settings": _validation(question)},
        "Language": {language_code(language): _translated(question, language) for language in languages[1:]} or [],
        "NextChoiceId": len(question.rows or question.choices) + 1,
        "NextAnswerId": len(question.choices) + 1,
    }
    if sub:
        found["SubSelector"] = sub
    found |= _answers(question, base)
    if question.choices:
        found["RecodeValues"] = {str(place): choice.number for place, choice in enumerate(question.choices, 1)}
    if question.rows is not None:
        found["ChoiceDataExportTags"] = {str(place): code for place, code in enumerate(question.rows, 1)}
    if question.random_rows or question.random_choices:
        found["Randomization"] = {"Advanced": None, "TotalRandSubset": "", "Type": "All"}
    if display is not None:
        found["DisplayLogic"] = display
    return found


def _answers(question: FormQuestion, language: str) -> Json:
    """Choices in order; in a matrix the rows are its choices and the scale its answers."""
    shown = {str(place): _choice(question, place - 1, language) for place in range(1, len(question.choices) + 1)}
    if question.rows is None:
        return {"Choices": shown, "ChoiceOrder": list(shown)} if shown else {}
    rows = {str(place): {"Display": texts[language]} for place, texts in enumerate(question.rows.values(), 1)}
    return {"Choices": rows, "ChoiceOrder": list(rows), "Answers": shown, "AnswerOrder": list(shown)}


def _choice(question: FormQuestion, index: int, language: str) -> Json:
    choice = question.choices[index]
    found: Json = {"Display": choice.texts[language]}
    if choice.code == OTHER:
        found["TextEntry"] = "true"
    if choice.code == CANNOT_JUDGE_CODE and question.kind == "multi":
        found["ExclusiveAnswer"] = True
    return found


def _translated(question: FormQuestion, language: str) -> Json:
    found = _answers(question, language)
    shown = {
        key: {place: {"Display": one["Display"]} for place, one in found[key].items()}
        for key in ("Choices", "Answers")
        if key in found
    }
    return {"QuestionText": question.texts[language], **shown}


def _validation(question: FormQuestion) -> Json:
    found: Json = {**_FORCE[question.required], "Type": "None"}
    if question.kind in ("integer", "number"):
        bounds = {
            "Min": "" if question.minimum is None else f"{question.minimum:g}",
            "Max": "" if question.maximum is None else f"{question.maximum:g}",
            "NumDecimals": "0" if question.kind == "integer" else "",
        }
        found |= {"Type": "ContentType", "ContentType": "ValidNumber", "ValidNumber": bounds}
    return found
