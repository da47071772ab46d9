"""A questionnaire in one language as a flat list of what respondents see, for tools without languages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from mce_utaut.instrument.model import Condition, Instrument, Item, Question
from mce_utaut.survey.worded import one_line, options_of, stem

EntryKind = Literal["page", "text", "grid", "choice", "multi", "integer", "number", "date", "line", "paragraph"]
_KINDS: dict[str, EntryKind] = {
    "array": "grid",
    "choice": "choice",
    "multi": "multi",
    "integer": "integer",
    "number": "number",
    "date": "date",
    "text": "line",
    "long_text": "paragraph",
    "info": "text",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A row of a grid or an answer: our code and the words."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Entry:
    """Something on the form. ``code`` is the question's code (``<CODE>_other`` for the text of "other"), or
    the id of the page; ``title`` one line; ``body`` a longer text with line ends (of a page, or the help);
    ``conditions`` all that must hold for it to be shown, the page's and the consent included."""

    kind: EntryKind
    code: str
    title: str
    body: str = ""
    rows: tuple[Choice, ...] = ()
    options: tuple[Choice, ...] = ()
    required: bool = False
    question: Question | None = None
    conditions: tuple[Condition, ...] = ()

    @property
    def is_other(self) -> bool:
        """Whether it asks for the text of "other"."""
        return self.question is not None and self.code != self.question.code


def outline(instrument: Instrument, language: str) -> tuple[Entry, ...]:
    """All pages and questions of ``instrument`` in ``language``, in order."""
    return tuple(_pages(instrument, language))


def item_of(entry: Entry, code: str) -> Item:
    """The item behind a row of a grid."""
    assert entry.question is not None
    return next(item for item in entry.question.items if item.code == code)


def _pages(instrument: Instrument, language: str) -> Iterator[Entry]:
    wording = instrument.wordings[language]
    agreed: tuple[Condition, ...] = ()
    for page in instrument.pages:
        own = (*agreed, *_list(page.condition))
        title = one_line(wording.get(f"page.{page.id}.title"))
        yield Entry("page", page.id, title, wording.get(f"page.{page.id}.text").strip(), conditions=own)
        for question in page.questions:
            conditions = (*agreed, *_list(page.condition), *_list(question.condition))
            yield from _question(instrument, question, language, conditions)
            if instrument.consent and question.code == instrument.consent.question:
                agreed = (instrument.consent,)


def _list(condition: Condition | None) -> tuple[Condition, ...]:
    return () if condition is None else (condition,)


def _question(
    instrument: Instrument, question: Question, language: str, conditions: tuple[Condition, ...]
) -> Iterator[Entry]:
    wording = instrument.wordings[language]
    if question.type == "info":
        text = wording.get(f"question.{question.code}.text").strip()
        yield Entry("text", question.code, "", text, question=question, conditions=conditions)
        return
    title = stem(instrument, question, language)
    yield Entry(
        _KINDS[question.type],
        question.code,
        title,
        wording.get(f"question.{question.code}.help").strip(),
        tuple(Choice(item.code, one_line(wording[f"item.{item.code}"])) for item in question.items),
        tuple(Choice(code, label) for code, label in options_of(instrument, question, language).items()),
        question.required == "hard",
        question,
        conditions,
    )
    if question.other:
        other = one_line(wording.get(f"question.{question.code}.other"))
        yield Entry("line", f"{question.code}_other", f"{title} – {other}", question=question, conditions=conditions)
