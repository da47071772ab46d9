"""The variables of archive files: one a column of numbers or text, with its labels in every language."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from mce_utaut.errors import Problem, UsageError
from mce_utaut.instrument.model import CANNOT_JUDGE_CODE, Condition, Instrument, Scale, Wording
from mce_utaut.survey.contract import OTHER, OTHER_NAME
from mce_utaut.survey.fields import Field, fields

CANNOT_JUDGE, NO_ANSWER, NOT_SHOWN = 99.0, -98.0, -97.0
MISSING: Mapping[str, float] = {"cannot_judge": CANNOT_JUDGE, "no_answer": NO_ANSWER, "not_shown": NOT_SHOWN}
MISSING_WORDS = {NO_ANSWER: "no answer", NOT_SHOWN: "not shown"}
LEAST = 5  # respondents who share what others may know of them
LONGEST_NAME = 32  # Stata; SPSS takes 64 bytes
# Words that SPSS or Stata keep for themselves, in lower case.
_RESERVED_SPSS = ("all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with")
_RESERVED_STATA = ("byte", "double", "float", "if", "in", "int", "long", "str", "strl", "using", "with")
_RESERVED = frozenset({*_RESERVED_SPSS, *_RESERVED_STATA})
_POSITIONS = [number for number in range(1, 1100) if not 90 <= number <= 99]
_OTHER_NUMBER = 90.0

Measure = Literal["nominal", "ordinal", "scale"]
Kind = Literal["numeric", "text"]


@dataclass(frozen=True, slots=True)
class Value:
    """One answer: its ``number`` in the files, our ``code``, and the label of each language."""

    number: float
    code: str
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Variable:
    """One column. ``name`` is fit for SPSS and Stata; ``source`` is the column of ``Responses`` that it comes
    from ("data" or "meta", the name there); ``option`` is the option (by name) that a 0/1 variable of a multi
    question ticks. ``stems`` and ``labels`` hold, per language, the text of the question above an item and the
    item's or question's own. ``missing`` are the codes of missing that may occur."""

    name: str
    source: tuple[Literal["data", "meta"], str]
    kind: Kind
    measure: Measure
    labels: Mapping[str, str]
    stems: Mapping[str, str] = field(default_factory=dict)
    values: tuple[Value, ...] = ()
    missing: tuple[float, ...] = ()
    option: str | None = None
    page: str = ""
    question: str = ""
    construct: str = ""
    conditions: tuple[Condition, ...] = ()
    reverse: bool = False
    expected: str = ""


_META: Sequence[tuple[str, Kind, Measure, str]] = (
    ("role", "text", "nominal", "Role of the respondent"),
    ("hei", "text", "nominal", "University"),
    ("wave", "text", "nominal", "Wave: pre, post or single"),
    ("pilot_id", "text", "nominal", "Pilot"),
    ("language", "text", "nominal", "Language of the respondent"),
    ("submitted", "numeric", "nominal", "Whether the response was submitted"),
    ("attention_failed", "numeric", "scale", "Attention items failed"),
    ("duration_s", "numeric", "scale", "Duration in seconds"),
)


def variables(instrument: Instrument, *, with_text: bool = False) -> tuple[Variable, ...]:
    """The variables of ``instrument`` in the order of the questionnaire, after those on each respondent.
    Questions marked as personal are never among them, free text only ``with_text``."""
    taken: set[str] = {"respondent"}
    found = []
    for name, kind, measure, label in _META:
        values = ()
        if name == "submitted":
            values = (Value(0.0, "0", {"en": "no"}), Value(1.0, "1", {"en": "yes"}))
        own = legal(f"meta_{name}", taken)
        found.append(Variable(own, ("meta", name), kind, measure, {"en": label}, values=values))
    for one in kept_fields(instrument, with_text):
        found += _of(instrument, one, taken)
    return tuple(found)


def without(chosen: Sequence[Variable], left_out: Sequence[str]) -> tuple[Variable, ...]:
    """``chosen`` but for the variables whose own name, or whose question's name, is in ``left_out``. Raises
    ``UsageError`` for a name that none has."""
    names = {name for one in chosen for name in (one.name, one.source[1])}
    unknown = [name for name in left_out if name not in names]
    if unknown:
        near = difflib.get_close_matches(unknown[0], names, n=1)
        remedy = f"Did you mean {near[0]}?" if near else "The codebook lists the variables."
        raise UsageError(Problem(f"there is no variable {unknown[0]} to leave out.", remedy))
    return tuple(one for one in chosen if not {one.name, one.source[1]} & set(left_out))


def kept_fields(instrument: Instrument, with_text: bool) -> tuple[Field, ...]:
    """The columns of responses that go into an archive."""
    return tuple(one for one in fields(instrument) if _kept(one, with_text))


def _kept(one: Field, with_text: bool) -> bool:
    if one.question.personal or one.question.purpose == "link_code":
        return False
    return with_text or one.kind != "text"


def legal(name: str, taken: set[str]) -> str:
    """``name`` as SPSS and Stata take it (letters, digits, ``_``; at most 32), unlike any in ``taken`` ignoring
    case; it is added there."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^A-Za-z0-9_]", "_", plain)
    if not plain[:1].isalpha():
        plain = f"v{plain}"
    if plain.casefold() in _RESERVED:
        plain += "_"
    plain = plain[:LONGEST_NAME]
    chosen, number = plain, 2
    while chosen.casefold() in taken:
        ending = f"_{number}"
        chosen, number = plain[: LONGEST_NAME - len(ending)] + ending, number + 1
    taken.add(chosen.casefold())
    return chosen


def numbers(scale: Scale, ordinal: bool, other: bool) -> dict[str, float]:
    """The number of each option, by its name ("other" included where asked): the scored value on ordinal
    variables, the code where all codes are numbers, else the position."""
    if ordinal:
        return {option.name: float(option.value or 0) for option in scale.options}
    codes = [option.code for option in scale.options]
    if all(code.isdecimal() for code in codes) and not {float(code) for code in codes} & {_OTHER_NUMBER}:
        given = {option.name: float(option.code) for option in scale.options}
    else:
        given = {option.name: float(number) for option, number in zip(scale.options, _POSITIONS)}
    return {**given, OTHER_NAME: _OTHER_NUMBER} if other else given


def _of(instrument: Instrument, one: Field, taken: set[str]) -> Iterator[Variable]:
    question, item = one.question, one.item
    texts = {language: wording.get(f"question.{question.code}.text") for language, wording in _wordings(instrument)}
    labels, stems = texts, {}
    if item is not None:
        labels = {language: wording[f"item.{item.code}"] for language, wording in _wordings(instrument)}
        stems = texts
    elif one.other_of is not None:
        labels = _option_labels(instrument, one, OTHER)
        stems = texts
    page = instrument.page_of(question.code)
    numeric = one.kind not in ("text", "date")
    common = {
        "kind": "numeric" if numeric else "text",
        "page": page.id,
        "question": question.code,
        "conditions": tuple(each for each in (page.condition, question.condition) if each is not None),
        "missing": _missing(one) if numeric else (),
    }
    if one.kind == "multi" and one.scale is not None:
        for name in [option.name for option in one.scale.options] + [OTHER_NAME] * question.other:
            code = next((option.code for option in one.scale.options if option.name == name), OTHER)
            chosen = Value(1.0, "other" if code == OTHER else code, {"en": "chosen"})
            values = (Value(0.0, "", {"en": "not chosen"}), chosen, *_missing_values(instrument, one))
            yield Variable(
                legal(f"{one.name}_{name}", taken),
                ("data", one.name),
                measure="nominal",
                labels=_option_labels(instrument, one, code),
                stems=texts,
                values=values,
                option=name,
                **common,
            )
        return
    measure: Measure = {"ordinal": "ordinal", "integer": "scale", "number": "scale"}.get(one.kind, "nominal")
    if one.scale is not None and one.scale.kind == "nominal":
        measure = "nominal"
    yield Variable(
        legal(one.name, taken),
        ("data", one.name),
        measure=measure,
        labels=labels,
        stems=stems,
        values=(*_values(instrument, one), *(_missing_values(instrument, one) if numeric else ())),
        construct=(item.construct if item else question.construct) or "",
        reverse=item is not None and item.reverse,
        expected=(item.expected or "") if item else "",
        **common,
    )


def _wordings(instrument: Instrument) -> list[tuple[str, Wording]]:
    return [(language, instrument.wordings[language]) for language in instrument.languages]


def _option_labels(instrument: Instrument, one: Field, code: str) -> dict[str, str]:
    question = one.question
    key = f"question.{question.code}.other" if code == OTHER else f"scale.{question.scale}.{code}"
    return {language: wording.get(key) for language, wording in _wordings(instrument)}


def _values(instrument: Instrument, one: Field) -> Iterator[Value]:
    if one.scale is None:
        return
    codes = {option.name: option.code for option in one.scale.options}
    ordinal = one.kind == "ordinal"
    for name, number in numbers(one.scale, ordinal, one.question.other and not ordinal).items():
        code = codes.get(name, OTHER)
        yield Value(number, "other" if code == OTHER else code, _option_labels(instrument, one, code))


def _missing(one: Field) -> tuple[float, ...]:
    return (CANNOT_JUDGE, NO_ANSWER, NOT_SHOWN) if one.cannot_judge else (NO_ANSWER, NOT_SHOWN)


def _missing_values(instrument: Instrument, one: Field) -> tuple[Value, ...]:
    found = []
    if one.cannot_judge:
        labels = _option_labels(instrument, one, CANNOT_JUDGE_CODE)
        found.append(Value(CANNOT_JUDGE, CANNOT_JUDGE_CODE, labels))
    found += [Value(number, "", {"en": words}) for number, words in MISSING_WORDS.items()]
    return tuple(found)
