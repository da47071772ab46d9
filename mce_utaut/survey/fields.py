"""The columns that responses of an instrument have, one ``Field`` each, in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from mce_utaut.instrument.model import CANNOT_JUDGE_CODE, Instrument, Item, Question, Scale

FieldKind = Literal["ordinal", "option", "multi", "integer", "number", "date", "text"]


@dataclass(frozen=True, slots=True)
class Field:
    """One column of ``Responses``: ``name`` as there, ``kind`` how its answers are coded ("ordinal": a
    number, for items and questions that measure a construct; "option": an option's name).
    ``other_of`` names the field whose "other" this text belongs to."""

    name: str
    kind: FieldKind
    question: Question
    item: Item | None = None
    scale: Scale | None = None
    other_of: str | None = None

    @property
    def cannot_judge(self) -> bool:
        """Whether "cannot judge" is offered."""
        if self.item is not None:
            return self.item.cannot_judge
        return self.scale is not None and self.scale.cannot_judge


def fields(instrument: Instrument) -> tuple[Field, ...]:
    """Every column that responses of ``instrument`` have, in the order of the questionnaire."""
    return tuple(field for question in instrument.questions() for field in _of(instrument, question))


def _of(instrument: Instrument, question: Question) -> Iterator[Field]:
    scale = instrument.scales[question.scale] if question.scale else None
    if question.type == "info":
        return
    if question.type == "array":
        for item in question.items:
            yield Field(item.code, "ordinal", question, item, scale)
        return
    if question.type == "choice":
        yield Field(question.name, "ordinal" if question.construct else "option", question, None, scale)
    elif question.type == "multi":
        yield Field(question.name, "multi", question, None, scale)
    elif question.type in ("integer", "number"):
        yield Field(question.name, question.type, question)  # type: ignore[arg-type]
    else:
        yield Field(question.name, "date" if question.type == "date" else "text", question)
    if question.other:
        yield Field(f"{question.name}_other", "text", question, other_of=question.name)


def option_labels(instrument: Instrument, field: Field, language: str) -> dict[str, str]:
    """The label of each option code of ``field`` in ``language``, "cannot judge" (code 99) included where
    it is offered; empty for fields without a scale."""
    if field.scale is None:
        return {}
    wording = instrument.wordings[language]
    codes = [option.code for option in field.scale.options]
    if field.cannot_judge:
        codes.append(CANNOT_JUDGE_CODE)
    return {code: wording[f"scale.{field.scale.id}.{code}"] for code in codes}


def offers_cannot_judge(instrument: Instrument, question: Question) -> bool:
    """Whether any row of ``question`` offers "cannot judge"."""
    if question.type == "array":
        return any(item.cannot_judge for item in question.items)
    return question.scale is not None and instrument.scales[question.scale].cannot_judge
