"""The shape of structure and wording files: which keys there are and what each may hold.

These models validate the tree of ``reading`` and make the JSON Schema for editors. Every object keeps
the places of its keys, for the checks that come after (``at``).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    PrivateAttr,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from mce_utaut.instrument.model import (
    ConstructKind,
    ItemKind,
    Purpose,
    QuestionType,
    Required,
    ScaleKind,
    Status,
)
from mce_utaut.instrument.reading import MarkedDict, Place, Plain

CODE = r"^[A-Za-z][A-Za-z0-9]{0,19}$"
OPTION_CODE = r"^[A-Za-z0-9]{1,5}$"
NAME = r"^[A-Za-z][A-Za-z0-9_]{0,39}$"
OPTION_NAME = r"^[A-Za-z0-9][A-Za-z0-9_]{0,39}$"
LANGUAGE = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
SOURCE_HASH = r"^[0-9a-f]{8}$"
PARAMETER = r"^[a-z][a-z0-9_]{0,39}$"

PATTERN_MEANINGS = {
    CODE: "a code: 1 to 20 letters or digits, beginning with a letter (no _ - . or accents)",
    OPTION_CODE: "an option code: 1 to 5 letters or digits (no sign, no decimal point)",
    NAME: "a name: 1 to 40 letters, digits or _, beginning with a letter",
    OPTION_NAME: "an option name: 1 to 40 letters, digits or _, beginning with a letter or digit",
    LANGUAGE: "a language code such as `it` or `pt-BR`",
    SOURCE_HASH: "a source hash: 8 digits 0-9 or a-f",
    PARAMETER: "a parameter name: lower-case letters, digits or _",
}

_NULL = ("", "~", "null", "Null", "NULL")


def is_null(value: object) -> bool:
    """True where an unquoted value means "nothing" in YAML."""
    return isinstance(value, Plain) and value in _NULL


def _text(value: Any) -> Any:
    if is_null(value):
        raise PydanticCustomError("no_value", "has no value.")
    if isinstance(value, str) and not value.strip():
        raise PydanticCustomError("no_value", "is an empty text.")
    return value


def _matching(pattern: str) -> BeforeValidator:
    compiled = re.compile(pattern)

    def check(value: Any) -> Any:
        value = _text(value)
        if isinstance(value, str) and not compiled.fullmatch(value):
            said = _said(value, PATTERN_MEANINGS[pattern]) | {"example": _example(value, compiled)}
            raise PydanticCustomError("no_match", "{value} is not {meaning}.", said)
        return value

    return BeforeValidator(check)


def _example(value: str, pattern: re.Pattern[str]) -> str:
    """What the author may have meant, as the pattern wants it; "" where that cannot be said."""
    if pattern.pattern == OPTION_CODE:
        return ""  # -99 is not 99, nor 1.5 15
    ascii_only = unicodedata.normalize("NFKD", value).encode("ascii", "ignore").decode()
    words = re.findall(r"[A-Za-z0-9]+", ascii_only)
    tries = ("_".join(words), "-".join(words), "".join(words), "_".join(words).lower())
    return next((word for word in tries if word and pattern.fullmatch(word)), "")


def _flag(value: Any) -> Any:
    if isinstance(value, Plain) and value in ("true", "True", "TRUE", "false", "False", "FALSE"):
        return value.lower() == "true"
    if isinstance(value, str) and not is_null(value):
        raise PydanticCustomError("no_flag", "{value} is neither true nor false.", _said(value, ""))
    return value


def _number(value: Any) -> Any:
    if isinstance(value, Plain) and re.fullmatch(r"[-+]?\d{1,15}(\.\d{1,15})?", value):
        return float(value)
    if isinstance(value, str) and not is_null(value):
        raise PydanticCustomError("no_number", "{value} is not a number.", _said(value, ""))
    return value


def _said(value: str, meaning: str) -> dict[str, str]:
    shown = value if len(value) <= 40 else value[:37] + "..."
    return {"value": f"`{shown}`", "meaning": meaning}


def _schema(pattern: str | None, *types: str) -> WithJsonSchema:
    schema: dict[str, Any] = {"type": ["string", *types] if types else "string", "minLength": 1}
    return WithJsonSchema(schema if pattern is None else schema | {"pattern": pattern})


Text = Annotated[str, BeforeValidator(_text), _schema(None)]
Label = Annotated[str, BeforeValidator(_text), _schema(None, "number")]
Code = Annotated[str, _matching(CODE), _schema(CODE)]
OptionCode = Annotated[str, _matching(OPTION_CODE), _schema(OPTION_CODE, "integer")]
Name = Annotated[str, _matching(NAME), _schema(NAME)]
OptionName = Annotated[str, _matching(OPTION_NAME), _schema(OPTION_NAME, "integer")]
Language = Annotated[str, _matching(LANGUAGE), _schema(LANGUAGE)]
SourceHash = Annotated[str, _matching(SOURCE_HASH), _schema(SOURCE_HASH, "integer")]
ParameterName = Annotated[str, _matching(PARAMETER), _schema(PARAMETER)]
Flag = Annotated[bool, BeforeValidator(_flag)]
Number = Annotated[float, BeforeValidator(_number)]


class Marked(BaseModel):
    """A part of a file that knows where it stands."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    _marks: MarkedDict | None = PrivateAttr(None)

    @model_validator(mode="wrap")
    @classmethod
    def _keep_places(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        made = handler(data)
        if isinstance(data, MarkedDict):
            made._marks = data
        return made

    def at(self, key: str | None = None, index: int | str | None = None) -> Place | None:
        """The place of the value of ``key`` (or of its entry ``index``), or of the whole part."""
        if self._marks is None:
            return None
        if key is None or key not in self._marks:
            return self._marks.at
        if index is not None:
            return self._marks[key].value_at[index]
        return self._marks.value_at[key]

    def lost(self, key: str) -> bool:
        """True where the value of ``key``, or an entry of it, was taken out because it does not fit."""
        if self._marks is None:
            return False
        return key in self._marks.lost or getattr(self._marks.get(key), "lost", False) is True

    def key_at(self, key: str) -> Place | None:
        """The place of ``key`` itself, or of the whole part where the key is not written."""
        if self._marks is None:
            return None
        return self._marks.key_at.get(key, self._marks.at)


class OptionShape(Marked):
    """One answer of a scale."""

    code: OptionCode = Field(description="What survey tools see: 1-5 letters or digits, not 99.")
    name: OptionName = Field(description="What data and reports show, e.g. strongly_agree.")


class ScaleShape(Marked):
    """A set of answers, in the order shown."""

    kind: ScaleKind = Field(description="ordinal: the options have an order; nominal: they have none.")
    options: list[OptionShape] = Field(min_length=1, description="The answers in display order.")
    cannot_judge: Flag = Field(False, description='Offer "cannot judge" (code 99), counted as missing.')


class ConstructShape(Marked):
    """Something that items or a question measure."""

    kind: ConstructKind = Field(
        description="latent: a factor of several items; observed: one question as it is; index: a sum."
    )
    rogers: Flag = Field(False, description="An attribute of Rogers' diffusion theory.")


class ConditionShape(Marked):
    """Shown only after certain answers to an earlier question."""

    question: Code = Field(description="The code of an earlier choice or multi question.")
    among: list[OptionCode] = Field(min_length=1, description="Option codes of that question's scale.")


class ItemShape(Marked):
    """A row of an array."""

    code: Code = Field(description="Unique in the whole questionnaire, e.g. PE1.")
    measures: Name | None = Field(None, alias="construct", description="The construct that the item measures.")
    kind: ItemKind = Field(
        "single",
        description="anchor: same content in every role; specific: this role only; attention: asks for a"
        " given answer; single: stands alone.",
    )
    expected: OptionCode | None = Field(None, description="Attention items: the option code asked for.")
    reverse: Flag = Field(False, description="Scored maximum + minimum - answer.")
    cannot_judge: Flag | None = Field(None, description='Offer "cannot judge"; default: what the scale offers.')


class QuestionShape(Marked):
    """A question of a page."""

    code: Code = Field(description="Unique in the whole questionnaire, e.g. AGE.")
    name: Name | None = Field(None, description="The column in data and reports; default: the code in lower case.")
    type: QuestionType = Field(description="How it is answered.")
    scale: Name | None = Field(None, description="array, choice, multi: the scale's id.")
    items: list[ItemShape] = Field(default_factory=list, description="array: its rows.")
    measures: Name | None = Field(
        None, alias="construct", description="Where one question measures a construct (USE3)."
    )
    required: Required = Field("none", description="soft: a reminder that can be passed; hard: must be answered.")
    condition: ConditionShape | None = Field(None, description="Shown only after certain answers.")
    other: Flag = Field(False, description='choice, multi: add a free-text "other" option.')
    minimum: Number | None = Field(None, description="integer, number: smallest answer.")
    maximum: Number | None = Field(None, description="integer, number: largest answer.")
    random_items: Flag = Field(False, description="array: rows in random order.")
    random_options: Flag = Field(False, description="choice, multi: options in random order.")
    from_link: Flag = Field(False, description="Filled by a link parameter where the tool has them, else asked.")
    personal: Flag = Field(False, description="Personal data: dropped on import unless asked for.")
    purpose: Purpose = Field("", description="What the answer serves; data are read by it.")


class PageShape(Marked):
    """A page of the questionnaire."""

    id: Name = Field(description="Unique among the pages.")
    random_group: Name | None = Field(None, description="Pages of one group are shown in random order.")
    condition: ConditionShape | None = Field(None, description="For the whole page.")
    questions: list[QuestionShape] = Field(default_factory=list, description="In order.")


class StructureShape(Marked):
    """The structure of a questionnaire: what is asked, in which order, on which scale."""

    id: Name = Field(description="The file's name without .yaml.")
    version: Label = Field(description='E.g. "1.0.0"; raise it with every change after fielding.')
    role: Name = Field(description="student, professor, manager, or any other word.")
    kind: Literal["survey", "template"] = Field(
        "survey", description="survey: answered by respondents; template: filled in by a partner."
    )
    source_language: Language = Field(description="The language that the others are translated from.")
    license: Text = Field("", description="Licence of the wording, e.g. CC-BY-SA-4.0.")
    credit: Text = Field("", description="Who is to be credited.")
    parameters: dict[ParameterName, Label] = Field(
        default_factory=dict, description="[[months]] in a wording becomes the value of months."
    )
    consent: ConditionShape | None = Field(
        None, description="Without one of these answers nothing after the consent page is shown."
    )
    scales: dict[Name, ScaleShape] = Field(default_factory=dict, description="Scales by id.")
    constructs: dict[Name, ConstructShape] = Field(default_factory=dict, description="Constructs by id.")
    pages: list[PageShape] = Field(min_length=1, description="Pages in order.")


class SurveyText(Marked):
    """The texts of the questionnaire as a whole."""

    title: Text | None = Field(None, description="Required in the source language.")
    description: Text | None = None
    welcome: Text | None = Field(None, description="Shown before the first page.")
    end: Text | None = Field(None, description="Shown after the last page.")
    declined: Text | None = Field(None, description="Shown to people who do not consent.")


class PageText(Marked):
    """The texts of a page."""

    title: Text | None = None
    text: Text | None = None


class QuestionText(Marked):
    """The texts of a question."""

    text: Text | None = Field(None, description="The question itself; for an array, its stem.")
    help: Text | None = None
    other: Text | None = Field(None, description='Label of the "other" option.')


class ConstructText(Marked):
    """The texts of a construct, for reports."""

    label: Text | None = None
    definition: Text | None = None


class ReviewShape(Marked):
    """What is known of one string beyond the file's status."""

    status: Status | None = Field(None, description="Status of this string.")
    source: SourceHash | None = Field(
        None,
        description="First 8 hex digits of the sha256 of the source-language string when it was translated.",
    )


class WordingShape(Marked):
    """The wording of a questionnaire in one language."""

    instrument: Name = Field(description="The id of the structure file.")
    language: Language = Field(description="E.g. it, pt, ca.")
    status: Status | None = Field(
        None, description="Of every string without a review of its own; default: source or draft."
    )
    parameters: dict[ParameterName, Text] = Field(
        default_factory=dict, description="Parameters whose value is worded: [[contact]] in this language."
    )
    survey: SurveyText = Field(default_factory=SurveyText, description="Title, welcome, end.")
    pages: dict[str, PageText] = Field(default_factory=dict, description="Texts by page id.")
    questions: dict[str, QuestionText] = Field(default_factory=dict, description="Texts by question code.")
    items: dict[str, Text] = Field(default_factory=dict, description="Texts by item code.")
    scales: dict[str, dict[str, Label]] = Field(
        default_factory=dict, description='Labels by scale id and option code ("99": cannot judge).'
    )
    constructs: dict[str, ConstructText] = Field(default_factory=dict, description="Texts by construct id.")
    review: dict[str, ReviewShape] = Field(
        default_factory=dict, description="Exceptions to the status, by string (item.PE1)."
    )
