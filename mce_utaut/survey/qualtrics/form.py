"""A questionnaire as Qualtrics sees it: blocks of questions with numbered answers, per language.

The .txt and the .qsf writer print the same blocks. Texts are HTML in which ``${`` pipes in other answers
and ``[[`` begins a tag of the .txt: ``markup`` encodes all of it away.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mce_utaut.instrument.model import CANNOT_JUDGE_CODE, Condition, Instrument, Page, Question, Required
from mce_utaut.survey.contract import OTHER
from mce_utaut.survey.qualtrics.columns import numbers, shown_text

Texts = Mapping[str, str]  # language -> HTML
TEXT = "info"  # the kind of a question without answer
_LONG_LIST = 12  # more answers than these are a dropdown


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer: ``number`` is its recode value, ``code`` ours (``OTHER`` for free text)."""

    number: str
    code: str
    texts: Texts


@dataclass(frozen=True, slots=True)
class FormQuestion:
    """A question with its tag; ``kind`` is our type of question, or ``TEXT``. ``rows`` hold the items of an
    array by code."""

    tag: str
    kind: str
    texts: Texts
    choices: tuple[Choice, ...] = ()
    rows: Mapping[str, Texts] | None = None
    required: Required = "none"
    condition: Condition | None = None
    minimum: float | None = None
    maximum: float | None = None
    random_rows: bool = False
    random_choices: bool = False
    from_link: bool = False

    @property
    def is_dropdown(self) -> bool:
        """Whether the answers are a list to open; a free "other" needs them all in sight."""
        many = self.kind == "choice" and len(self.choices) > _LONG_LIST
        return many and all(choice.code != OTHER for choice in self.choices)


@dataclass(frozen=True, slots=True)
class Block:
    """The questions of a page, or of its part after the consent question. ``stops`` tells that the survey
    ends after it for those who do not consent."""

    name: str
    questions: tuple[FormQuestion, ...]
    condition: Condition | None = None
    random_group: str | None = None
    stops: bool = False


def markup(text: str) -> str:
    """``text`` as one line of HTML that shows it as it is."""
    text = html.escape(text.replace("\r\n", "\n").strip(), quote=False).replace("$", "&#36;")
    return text.replace("[[", "&#91;&#91;").replace("]]", "&#93;&#93;").replace("\n", "<br>").replace("\t", " ")


def blocks_of(instrument: Instrument, languages: Sequence[str]) -> tuple[Block, ...]:
    """The blocks of ``instrument``. The page with the consent question is cut after it, so that nothing
    else is shown before consent."""
    blocks: list[Block] = []
    for number, page in enumerate(instrument.pages):
        questions = _texts_of_page(instrument, languages, page, first=number == 0)
        part = 1
        for question in page.questions:
            questions.append(_question(instrument, languages, question))
            if instrument.consent and question.code == instrument.consent.question:
                blocks.append(Block(page.id, tuple(questions), page.condition, stops=True))
                questions, part = [], 2
        if questions:
            name = page.id if part == 1 else f"{page.id} {part}"
            blocks.append(Block(name, tuple(questions), page.condition, page.random_group))
    return tuple(blocks)


def declined(instrument: Instrument, languages: Sequence[str]) -> FormQuestion | None:
    """The text for those who do not take part."""
    texts = _texts(instrument, languages, "survey.declined")
    return FormQuestion("declined_text", TEXT, texts) if instrument.consent and any(texts.values()) else None


def _texts(instrument: Instrument, languages: Sequence[str], key: str) -> dict[str, str]:
    return {language: markup(instrument.wordings[language].get(key)) for language in languages}


def _texts_of_page(instrument: Instrument, languages: Sequence[str], page: Page, first: bool) -> list[FormQuestion]:
    """The welcome on the first page, and the title and text of the page."""
    found = []
    if first and any(_texts(instrument, languages, "survey.welcome").values()):
        found.append(FormQuestion("welcome_text", TEXT, _texts(instrument, languages, "survey.welcome")))
    titles = _texts(instrument, languages, f"page.{page.id}.title")
    bodies = _texts(instrument, languages, f"page.{page.id}.text")
    strong = {language: f"<strong>{text}</strong>" if text else "" for language, text in titles.items()}
    joined = {
        language: "<br><br>".join(part for part in (strong[language], bodies[language]) if part)
        for language in languages
    }
    if any(joined.values()):
        found.append(FormQuestion(f"text_{page.id}", TEXT, joined))
    return found


def _question(instrument: Instrument, languages: Sequence[str], question: Question) -> FormQuestion:
    shown = {language: markup(shown_text(question, instrument.wordings[language])) for language in languages}
    choices = tuple(
        Choice(number, code, _texts(instrument, languages, _label_key(question, code)))
        for number, code in numbers(instrument, question).items()
    )
    fixed = any(choice.code in (OTHER, CANNOT_JUDGE_CODE) for choice in choices)
    return FormQuestion(
        tag=question.code,
        kind=TEXT if question.type == "info" else question.type,
        texts=shown,
        choices=choices,
        rows={item.code: _texts(instrument, languages, f"item.{item.code}") for item in question.items} or None,
        required=question.required,
        condition=question.condition,
        minimum=question.minimum,
        maximum=question.maximum,
        random_rows=question.random_items,
        random_choices=question.random_options and not fixed,
        from_link=question.from_link,
    )


def _label_key(question: Question, code: str) -> str:
    return f"question.{question.code}.other" if code == OTHER else f"scale.{question.scale}.{code}"
