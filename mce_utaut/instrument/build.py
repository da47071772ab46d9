"""An ``Instrument`` from files that have passed every check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from mce_utaut.instrument.digest import digest_of
from mce_utaut.instrument.model import (
    Condition,
    Construct,
    Instrument,
    Item,
    Option,
    Page,
    Question,
    Scale,
)
from mce_utaut.instrument.shape import ConditionShape, ItemShape, QuestionShape, ScaleShape, StructureShape
from mce_utaut.instrument.structure import questions
from mce_utaut.instrument.wording import WordingFile, build_wording, parameters_of


def build(structure: StructureShape, wordings: Sequence[WordingFile]) -> Instrument:
    """The instrument of a structure and its wordings, which must be free of problems."""
    scales = {str(name): _scale(name, shape) for name, shape in structure.scales.items()}
    asked = {question.code: question for _, question in questions(structure)}
    source = next(file for file in wordings if file.shape.language == structure.source_language)
    pages = tuple(
        Page(
            id=str(page.id),
            questions=tuple(_question(question, scales, asked) for question in page.questions),
            random_group=page.random_group,
            condition=_condition(page.condition, scales, asked),
        )
        for page in structure.pages
    )
    draft = Instrument(
        id=structure.id,
        version=structure.version,
        role=structure.role,
        kind=structure.kind,
        source_language=structure.source_language,
        scales=scales,
        constructs=_constructs(structure),
        pages=pages,
        wordings={
            file.shape.language: build_wording(file, source, parameters_of(file, structure.parameters))
            for file in wordings
        },
        digest="",
        consent=_condition(structure.consent, scales, asked),
        parameters=dict(structure.parameters),
        license=structure.license,
        credit=structure.credit,
    )
    return replace(draft, digest=digest_of(draft))


def _scale(name: str, shape: ScaleShape) -> Scale:
    by_code = all(option.code.isdigit() for option in shape.options)
    options = []
    for position, option in enumerate(shape.options, start=1):
        value = None
        if shape.kind == "ordinal":
            value = float(option.code) if by_code else float(position)
        options.append(Option(option.code, option.name, value))
    return Scale(name, shape.kind, tuple(options), shape.cannot_judge)


def _code(scale: Scale | None, written: str) -> str:
    """The option code as the scale writes it (a reference may differ in capitals)."""
    option = scale.by_code(written) if scale is not None else None
    return option.code if option is not None else written


def _condition(
    shape: ConditionShape | None, scales: Mapping[str, Scale], asked: Mapping[str, QuestionShape]
) -> Condition | None:
    if shape is None:
        return None
    scale = scales.get(asked[shape.question].scale or "")
    return Condition(shape.question, tuple(_code(scale, code) for code in shape.among))


def _question(shape: QuestionShape, scales: Mapping[str, Scale], asked: Mapping[str, QuestionShape]) -> Question:
    scale = scales.get(shape.scale or "")
    return Question(
        code=shape.code,
        name=shape.name or shape.code.lower(),
        type=shape.type,
        scale=shape.scale,
        items=tuple(_item(item, scale) for item in shape.items),
        construct=shape.measures,
        required=shape.required,
        condition=_condition(shape.condition, scales, asked),
        other=shape.other,
        minimum=shape.minimum,
        maximum=shape.maximum,
        random_items=shape.random_items,
        random_options=shape.random_options,
        from_link=shape.from_link,
        personal=shape.personal,
        purpose=shape.purpose,
    )


def _item(shape: ItemShape, scale: Scale | None) -> Item:
    offered = scale is not None and scale.cannot_judge and shape.kind != "attention"
    return Item(
        code=shape.code,
        kind=shape.kind,
        construct=shape.measures,
        expected=None if shape.expected is None else _code(scale, shape.expected),
        reverse=shape.reverse,
        cannot_judge=offered if shape.cannot_judge is None else shape.cannot_judge,
    )


def _constructs(structure: StructureShape) -> dict[str, Construct]:
    measuring: dict[str, list[str]] = {name: [] for name in structure.constructs}
    anchors: dict[str, list[str]] = {name: [] for name in structure.constructs}
    for _, question in questions(structure):
        if question.measures is not None:
            measuring[question.measures].append(question.code)
        for item in question.items:
            if item.measures is not None:
                measuring[item.measures].append(item.code)
                if item.kind == "anchor":
                    anchors[item.measures].append(item.code)
    return {
        name: Construct(name, shape.kind, tuple(measuring[name]), tuple(anchors[name]), shape.rogers)
        for name, shape in structure.constructs.items()
    }
