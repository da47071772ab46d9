"""The answers to open questions, by pseudonym: what coders read."""

from __future__ import annotations

from dataclasses import dataclass

from mce_utaut.instrument.model import Instrument, Question
from mce_utaut.responses.model import Responses
from mce_utaut.responses.pseudonyms import pseudonym


@dataclass(frozen=True, slots=True)
class OpenAnswer:
    """What a respondent wrote in reply to an open question; ``asked`` is the question's text in the language of
    the answer, where the questionnaire has it."""

    respondent: str
    role: str
    question: str
    asked: str
    answer: str
    language: str


def open_questions(instrument: Instrument) -> tuple[Question, ...]:
    """The open questions of a questionnaire."""
    return tuple(question for question in instrument.questions() if question.purpose == "open")


def open_answers(role: str, responses: Responses, instrument: Instrument, secret: bytes = b"") -> list[OpenAnswer]:
    """Every answer to an open question, by question and pseudonym, so that their order tells nothing of when
    somebody answered."""
    found = []
    for question in open_questions(instrument):
        if question.name not in responses.data:
            continue
        for key, text in responses.data[question.name].items():
            if text is None or text != text or not str(text).strip():
                continue
            language = responses.meta.at[key, "language"]
            spoken = str(language) if language in instrument.wordings else instrument.source_language
            asked = instrument.wordings[spoken].get(f"question.{question.code}.text")
            name = pseudonym(role, str(key), secret)
            said = "" if language is None or language != language else str(language)
            found.append(OpenAnswer(name, role, question.code, asked, str(text).strip(), said))
    return sorted(found, key=lambda each: (each.question, each.respondent))
