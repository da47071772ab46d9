"""``Instrument``: what is asked, of whom, in which order and in which languages.

The objects are frozen and complete: a loader (``instrument.load``) has resolved every reference
and raised ``InstrumentError`` for every problem, so that a room that gets an ``Instrument`` never
checks it again.

Codes are what survey tools see (letters and digits only); names are what data and reports show.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

QuestionType = Literal[
    "array",  # several items answered on one scale
    "choice",  # one option of a scale
    "multi",  # any number of options of a scale
    "integer",
    "number",
    "text",  # one line
    "long_text",
    "date",
    "info",  # text only, no answer
]
ScaleKind = Literal["ordinal", "nominal"]
ConstructKind = Literal["latent", "observed", "index"]
ItemKind = Literal["anchor", "specific", "attention", "single"]
Required = Literal["none", "soft", "hard"]
Status = Literal["source", "draft", "reviewed", "back_translated", "approved"]
Purpose = Literal[
    "", "consent", "hei", "pilot", "wave", "link_code", "adopter", "moderator", "open", "demographic", "use"
]

CANNOT_JUDGE_CODE = "99"


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a scale: ``code`` (1-5 letters or digits), readable ``name``, and ``value`` for
    scoring (a number for ordinal scales: the code where it is a number, else the position from 1;
    None on nominal scales)."""

    code: str
    name: str
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Scale:
    """A set of answers. ``options`` are in display order and exclude "cannot judge"; where a question
    or item offers that, its code is ``CANNOT_JUDGE_CODE`` and its label has the wording key
    ``scale.<id>.99``."""

    id: str
    kind: ScaleKind
    options: tuple[Option, ...]
    cannot_judge: bool = False

    def by_code(self, code: str) -> Option | None:
        """The option with this code (case ignored), or None."""
        wanted = code.casefold()
        return next((option for option in self.options if option.code.casefold() == wanted), None)

    def by_name(self, name: str) -> Option | None:
        """The option with this name, or None."""
        return next((option for option in self.options if option.name == name), None)


@dataclass(frozen=True, slots=True)
class Condition:
    """Shown only where the answer to ``question`` (its code) is among the option codes ``among``."""

    question: str
    among: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """A row of an array. ``expected`` is the option code that an attention item asks for; ``reverse``
    items are scored maximum + minimum - answer; ``cannot_judge`` says whether the item offers it."""

    code: str
    kind: ItemKind
    construct: str | None = None
    expected: str | None = None
    reverse: bool = False
    cannot_judge: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a page. ``scale`` is a scale id for array, choice and multi, else None; ``items``
    only for arrays. ``other`` adds a free-text "other" option (stored as ``<name>_other``).
    ``construct`` is set where a single question measures a construct (USE3). ``from_link`` questions
    are filled by a link parameter where the tool has them, else asked. ``personal`` answers are
    dropped on import unless asked for. ``minimum``/``maximum`` bound integer and number answers."""

    code: str
    name: str
    type: QuestionType
    scale: str | None = None
    items: tuple[Item, ...] = ()
    construct: str | None = None
    required: Required = "none"
    condition: Condition | None = None
    other: bool = False
    minimum: float | None = None
    maximum: float | None = None
    random_items: bool = False
    random_options: bool = False
    from_link: bool = False
    personal: bool = False
    purpose: Purpose = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page (LimeSurvey: group). Pages with the same ``random_group`` are shown in random order among
    themselves. ``condition`` applies to the whole page."""

    id: str
    questions: tuple[Question, ...]
    random_group: str | None = None
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class Construct:
    """Something measured. ``items`` are all codes that measure it (items of arrays, or one question);
    ``anchors`` those with the same content in every role; ``rogers`` marks a diffusion attribute."""

    id: str
    kind: ConstructKind
    items: tuple[str, ...]
    anchors: tuple[str, ...]
    rogers: bool = False

    @property
    def scored(self) -> tuple[str, ...]:
        """The items that its scale score is made of: the anchors, or all items where it has none."""
        return self.anchors or self.items


@dataclass(frozen=True, slots=True)
class Text:
    """One string of the questionnaire in one language, with its review status. ``stale`` is True where
    the source string changed after it was translated."""

    text: str
    status: Status
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Wording:
    """All strings of one language, by flat key:

    ``survey.title|description|welcome|end|declined`` ·
    ``page.<id>.title|text`` · ``question.<code>.text|help|other`` · ``item.<code>`` ·
    ``scale.<id>.<option code>`` (also ``.99``) · ``construct.<id>.label|definition``.

    Parameters (``[[months]]``) are already filled in; ``parameters`` are their values in this language.
    """

    language: str
    strings: Mapping[str, Text]
    parameters: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, key: str) -> str:
        return self.strings[key].text

    def get(self, key: str, default: str = "") -> str:
        """The text of ``key``, or ``default`` where the questionnaire has none."""
        found = self.strings.get(key)
        return default if found is None else found.text

    def unapproved(self) -> tuple[str, ...]:
        """The keys whose wording is neither approved nor (for the source language) source, or is stale."""
        return tuple(
            key for key, text in self.strings.items() if text.stale or text.status not in ("approved", "source")
        )


@dataclass(frozen=True, slots=True)
class Instrument:
    """A questionnaire. ``role`` is ``student``, ``professor``, ``manager`` or any other word;
    ``kind`` tells a survey of respondents from a template filled by a project partner. ``consent``
    is the condition without which nothing after the consent page is shown. ``digest`` is the
    sha256 (hex) of structure and wordings: it travels with every export."""

    id: str
    version: str
    role: str
    kind: Literal["survey", "template"]
    source_language: str
    scales: Mapping[str, Scale]
    constructs: Mapping[str, Construct]
    pages: tuple[Page, ...]
    wordings: Mapping[str, Wording]
    digest: str
    consent: Condition | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    license: str = ""
    credit: str = ""

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages with a complete wording, source language first."""
        rest = sorted(language for language in self.wordings if language != self.source_language)
        return (self.source_language, *rest)

    def questions(self) -> Iterator[Question]:
        """Every question in order."""
        for page in self.pages:
            yield from page.questions

    def question(self, code: str) -> Question:
        """The question with this code. Raises ``KeyError`` where there is none."""
        for question in self.questions():
            if question.code == code:
                return question
        raise KeyError(code)

    def page_of(self, code: str) -> Page:
        """The page of the question with this code. Raises ``KeyError`` where there is none."""
        for page in self.pages:
            if any(question.code == code for question in page.questions):
                return page
        raise KeyError(code)

    def items(self) -> Iterator[tuple[Question, Item]]:
        """Every item of every array, with its question, in order."""
        for question in self.questions():
            for item in question.items:
                yield question, item
