"""What a preview shows of one language: pages, questions and rows with their words, codes and conditions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mce_utaut.instrument.model import CANNOT_JUDGE_CODE, Condition, Instrument, Item, Question, Status
from mce_utaut.survey.contract import OTHER
from mce_utaut.survey.outline import Entry, outline
from mce_utaut.survey.worded import one_line, stem

STATUS_WORDS: dict[Status, str] = {
    "source": "source",
    "draft": "draft",
    "reviewed": "reviewed",
    "back_translated": "back-translated",
    "approved": "approved",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """Words with what is known of them: ``status`` in words ("" where the string does not exist), ``stale``
    where the source has changed since."""

    text: str
    status: str = ""
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to tick: our ``code`` ("" for "other") and the label."""

    code: str
    label: Mark


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table of answers; ``answers`` has one place an answer of the table, False where this row
    does not offer it."""

    code: str
    text: Mark
    offered: tuple[bool, ...]
    about: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One question (or text) of a page. ``about`` are remarks for the reader of the preview, in English."""

    kind: str
    code: str
    text: Mark
    help: Mark
    required: str
    answers: tuple[Answer, ...] = ()
    rows: tuple[Row, ...] = ()
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of the questionnaire."""

    id: str
    title: Mark
    text: Mark
    blocks: tuple[Block, ...]
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Version:
    """The questionnaire in one language: ``unapproved`` and ``stale`` count its strings."""

    language: str
    name: str
    title: Mark
    description: Mark
    welcome: Mark
    end: Mark
    declined: Mark
    sheets: tuple[Sheet, ...]
    strings: int
    unapproved: int
    stale: int


def version(instrument: Instrument, language: str, name: str) -> Version:
    """The questionnaire in ``language``, whose name is ``name``."""
    words = _Words(instrument, language)
    strings = instrument.wordings[language]
    entries: dict[str, list[Entry]] = {page.id: [] for page in instrument.pages}
    current = instrument.pages[0].id
    for entry in outline(instrument, language):
        if entry.kind == "page":
            current = entry.code
        elif not entry.is_other:
            entries[current].append(entry)
    return Version(
        language,
        name,
        *(words[f"survey.{part}"] for part in ("title", "description", "welcome", "end", "declined")),
        tuple(
            Sheet(
                page.id,
                words[f"page.{page.id}.title"],
                words[f"page.{page.id}.text"],
                tuple(_block(words, entry) for entry in entries[page.id]),
                tuple(_about_page(words, page.condition, page.random_group)),
            )
            for page in instrument.pages
        ),
        len(strings.strings),
        len(strings.unapproved()),
        sum(1 for text in strings.strings.values() if text.stale),
    )


class _Words:
    """The strings of one language by key, with their marks; absent ones are empty."""

    def __init__(self, instrument: Instrument, language: str) -> None:
        self.instrument = instrument
        self.language = language
        self.strings = instrument.wordings[language].strings

    def __getitem__(self, key: str) -> Mark:
        text = self.strings.get(key)
        return Mark("") if text is None else Mark(text.text.strip(), STATUS_WORDS[text.status], text.stale)

    def label(self, question: Question, code: str) -> Mark:
        """The label of an answer of ``question``."""
        return self[f"question.{question.code}.other" if code == OTHER else f"scale.{question.scale}.{code}"]


def _block(words: _Words, entry: Entry) -> Block:
    question = entry.question
    assert question is not None
    codes = [option.code for option in entry.options]
    return Block(
        entry.kind,
        question.code,
        words[f"question.{question.code}.text"],
        words[f"question.{question.code}.help"],
        question.required,
        tuple(Answer("" if code == OTHER else code, words.label(question, code)) for code in codes),
        tuple(_row(words, question, item, codes) for item in question.items),
        tuple(_about(words, question)),
    )


def _row(words: _Words, question: Question, item: Item, codes: Sequence[str]) -> Row:
    about = ""
    if item.kind == "attention":
        about = f"Attention item: the expected answer is “{words.label(question, item.expected or '').text}”."
    elif item.reverse:
        about = "Reversed for scoring."
    offered = tuple(code != CANNOT_JUDGE_CODE or item.cannot_judge for code in codes)
    return Row(item.code, words[f"item.{item.code}"], offered, about)


def _about_page(words: _Words, condition: Condition | None, group: str | None) -> list[str]:
    found = [in_words(words.instrument, words.language, condition)] if condition else []
    if group:
        others = [page.id for page in words.instrument.pages if page.random_group == group]
        found.append(f"Comes in random order with the other pages of its group ({', '.join(others)}).")
    return found


def _about(words: _Words, question: Question) -> list[str]:
    found = []
    if question.condition:
        found.append(in_words(words.instrument, words.language, question.condition))
    consent = words.instrument.consent
    if consent and consent.question == question.code:
        agreed = " or ".join(f"“{words.label(question, code).text}”" for code in consent.among)
        found.append(f"Anything but {agreed} ends the questionnaire here.")
    if question.from_link:
        found.append("Filled in by the link where the survey tool can; else asked.")
    if question.random_items:
        found.append("The rows come in random order.")
    if question.random_options:
        found.append("The answers come in random order.")
    bounds = (("from", question.minimum), ("to", question.maximum))
    written = [f"{word} {value:g}" for word, value in bounds if value is not None]
    if written:
        found.append(f"A number {' '.join(written)}.")
    if question.personal:
        found.append("Personal data: dropped on import unless asked for.")
    return found


def in_words(instrument: Instrument, language: str, condition: Condition) -> str:
    """The condition as an English sentence that quotes question and answers in ``language``."""
    asked = instrument.question(condition.question)
    scale = f"scale.{asked.scale}"
    wording = instrument.wordings[language]
    answers = " or ".join(f"“{one_line(wording.get(f'{scale}.{code}', code))}”" for code in condition.among)
    held = "one of the answers to" if asked.type == "multi" else "the answer to"
    return f"Shown only where {held} “{stem(instrument, asked, language)}” ({asked.code}) is {answers}."
