"""Filled-in templates, one ``Record`` each: what an answer is, and that a blank is not a "no"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mce_utaut.instrument.model import Condition, Instrument, Question
from mce_utaut.responses.model import Responses

Answer = str | float | tuple[str, ...] | None
OTHER = "other"  # the option name of a free-text "other"


@dataclass(frozen=True, slots=True)
class Record:
    """One filled-in template. ``answers`` holds per field the option's name or the text (str), the number
    (float), the options of a multi question (tuple of names), or None where nothing is reported.
    ``not_asked`` are the fields that its other answers ruled out. ``file`` and ``row`` tell where it
    stands (row as a spreadsheet numbers it)."""

    key: str
    answers: Mapping[str, Answer]
    not_asked: frozenset[str] = frozenset()
    file: str = ""
    row: int | None = None

    def text(self, name: str) -> str | None:
        """The option name or text of a field, or None."""
        value = self.answers.get(name)
        return value if isinstance(value, str) else None

    def named(self, name: str) -> str | None:
        """As ``text``, but what was written where "other" was chosen and specified."""
        value = self.text(name)
        return (self.text(f"{name}_other") or OTHER) if value == OTHER else value

    def number(self, name: str) -> float | None:
        """The number of a field, or None."""
        value = self.answers.get(name)
        return value if isinstance(value, float) else None

    def options(self, name: str) -> tuple[str, ...] | None:
        """The options chosen in a field of any closed kind, or None where nothing is reported."""
        value = self.answers.get(name)
        return (value,) if isinstance(value, str) else (value if isinstance(value, tuple) else None)

    def reports(self, name: str) -> bool:
        """Whether anything is reported in a field."""
        return self.answers.get(name) is not None

    @property
    def where(self) -> str:
        """The place of the record in its file, for messages."""
        return f"row {self.row}" if self.row is not None else self.key


def records(instrument: Instrument, responses: Responses) -> tuple[Record, ...]:
    """The responses to a template as records, in their order."""
    rows = responses.data.to_dict("index")
    places = {
        key: (responses.sources[source].name if responses.sources else "", int(row))
        for key, source, row in zip(responses.meta.index, responses.meta["source"], responses.meta["source_row"])
    }
    return tuple(
        make_record(instrument, str(key), {str(name): value for name, value in row.items()}, *places[key])
        for key, row in rows.items()
    )


def make_record(
    instrument: Instrument, key: str, values: Mapping[str, object], file: str = "", row: int | None = None
) -> Record:
    """The record of one row of answers by field name: option names (joined by ``|`` in a multi question),
    numbers, texts; None or NaN where there is no answer."""
    multi = {question.name for question in instrument.questions() if question.type == "multi"}
    answers = {name: _answer(value, name in multi) for name, value in values.items()}
    return Record(key, answers, frozenset(_not_asked(instrument, answers)), file, row)


def _answer(value: object, multi: bool) -> Answer:
    if value is None or value != value:  # NaN
        return None
    if isinstance(value, (int, float)):
        return float(value)
    text = str(value).strip()
    if multi:
        return tuple(part for part in text.split("|") if part) or None
    return text or None


def _not_asked(instrument: Instrument, answers: Mapping[str, Answer]) -> Iterable[str]:
    for page in instrument.pages:
        for question in page.questions:
            conditions = [each for each in (page.condition, question.condition) if each is not None]
            if not all(_holds(instrument, condition, answers) for condition in conditions):
                yield question.name


def _holds(instrument: Instrument, condition: Condition, answers: Mapping[str, Answer]) -> bool:
    asked: Question = instrument.question(condition.question)
    options = instrument.scales[asked.scale or ""].options
    wanted = {option.name for option in options if option.code in condition.among}
    given = answers.get(asked.name)
    return bool(wanted & set(given if isinstance(given, tuple) else (given,)))
