"""Where each text stands, in a line that tells a translator what it is for."""

from __future__ import annotations

from mce_utaut.instrument.model import CANNOT_JUDGE_CODE, Instrument, Question
from mce_utaut.instrument.wording import described

_SURVEY = {
    "survey.title": "title of the questionnaire",
    "survey.description": "one line about the questionnaire",
    "survey.welcome": "before the first page",
    "survey.end": "after the last page",
    "survey.declined": "shown instead of the questions to people who do not consent",
}
_TYPES = {
    "array": "introduces the rows below it",
    "choice": "question, one answer",
    "multi": "question, any number of answers",
    "integer": "question, a whole number",
    "number": "question, a number",
    "text": "question, a few words",
    "long_text": "question, free text",
    "date": "question, a date",
    "info": "text without an answer",
}


def contexts(instrument: Instrument) -> dict[str, str]:
    """The place of every text of the source language, by key."""
    wording = instrument.wordings[instrument.source_language]
    found = {key: _SURVEY.get(key, described(key)) for key in wording.strings}
    for number, page in enumerate(instrument.pages, start=1):
        where = f"page {number}"
        found[f"page.{page.id}.title"] = f"{where}: heading of the page"
        found[f"page.{page.id}.text"] = f"{where}: under the heading"
        for question in page.questions:
            found |= _question(instrument, question, where)
    for scale in instrument.scales.values():
        users = [question.code for question in instrument.questions() if question.scale == scale.id]
        used = f"used by {', '.join(users)}" if users else "not used"
        labels = [*(option.code for option in scale.options), CANNOT_JUDGE_CODE]
        for place, code in enumerate(labels, start=1):
            what = "“cannot judge”" if code == CANNOT_JUDGE_CODE else f"answer {place} of {len(scale.options)}"
            found[f"scale.{scale.id}.{code}"] = f"{what} on the scale {scale.id}, {used}"
    for name in instrument.constructs:
        found[f"construct.{name}.label"] = f"name of what {name} measures, in reports"
        found[f"construct.{name}.definition"] = f"definition of {name}, in reports"
    return {key: text for key, text in found.items() if key in wording.strings}


def _question(instrument: Instrument, question: Question, where: str) -> dict[str, str]:
    stem = instrument.wordings[instrument.source_language].get(f"question.{question.code}.text")
    short = stem if len(stem) <= 80 else f"{stem[:79].rstrip()}…"
    scale = f" (scale {question.scale})" if question.scale else ""
    found = {
        f"question.{question.code}.text": f"{where}: {_TYPES[question.type]}{scale}",
        f"question.{question.code}.help": f"{where}: help below “{short}”",
        f"question.{question.code}.other": f"{where}: the answer “other” of “{short}”",
    }
    for item in question.items:
        kind = "; asks for a given answer, to see whether people read" if item.kind == "attention" else ""
        found[f"item.{item.code}"] = f"{where}: row under “{short}”{scale}{kind}"
    return found
