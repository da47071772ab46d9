"""What the questionnaire says, in the study's language: labels of options, items, constructs, scales."""

from __future__ import annotations

from mce_utaut.instrument.model import (
    CANNOT_JUDGE_CODE,
    Instrument,
    Item,
    Question,
    Scale,
    Wording,
)
from mce_utaut.study.result import ConstructInfo


def wording_for(instrument: Instrument, language: str) -> Wording:
    """The wording in ``language``, or in the source language where there is none."""
    return instrument.wordings.get(language) or instrument.wordings[instrument.source_language]


def option_labels(instrument: Instrument, question: Question | None, language: str) -> dict[str, str]:
    """Option name -> label of a question's scale in display order ("other" last); empty without a scale."""
    if question is None or question.scale is None:
        return {}
    wording = wording_for(instrument, language)
    scale = instrument.scales[question.scale]
    labels = {option.name: wording.get(f"scale.{scale.id}.{option.code}", option.name) for option in scale.options}
    return labels


def question_text(instrument: Instrument, question: Question | None, language: str) -> str:
    """The text of a question, "" without one."""
    if question is None:
        return ""
    return wording_for(instrument, language).get(f"question.{question.code}.text")


def construct_infos(instrument: Instrument, language: str) -> tuple[ConstructInfo, ...]:
    """The constructs of a questionnaire with their labels and definitions."""
    wording = wording_for(instrument, language)
    return tuple(
        ConstructInfo(
            id=construct.id,
            label=wording.get(f"construct.{construct.id}.label", construct.id),
            definition=wording.get(f"construct.{construct.id}.definition"),
            kind=construct.kind,
            items=construct.items,
            anchors=construct.anchors,
            rogers=construct.rogers,
        )
        for construct in instrument.constructs.values()
    )


def agreement_labels(instrument: Instrument, language: str) -> tuple[tuple[float, str], ...]:
    """Value and label of every point of the scale on which most items of latent constructs are answered,
    and then nothing for "cannot judge" (code 99 has no value)."""
    uses: dict[str, int] = {}
    for question, item in instrument.items():
        construct = instrument.constructs.get(item.construct or "")
        if construct is not None and construct.kind == "latent" and question.scale:
            uses[question.scale] = uses.get(question.scale, 0) + 1
    if not uses:
        return ()
    scale = instrument.scales[max(uses, key=lambda key: uses[key])]
    wording = wording_for(instrument, language)
    return tuple(
        (option.value, wording.get(f"scale.{scale.id}.{option.code}", option.name))
        for option in scale.options
        if option.value is not None and option.code != CANNOT_JUDGE_CODE
    )


def place_of(instrument: Instrument, code: str) -> tuple[Question, Item | None]:
    """The question that holds the item ``code`` with that item, or the question of that code with None.
    Raises ``KeyError`` where the questionnaire has neither."""
    for question, item in instrument.items():
        if item.code == code:
            return question, item
    return instrument.question(code), None


def column_of(instrument: Instrument, code: str) -> str:
    """The column of ``Responses.data`` that holds the answers to the item or question ``code``."""
    question, item = place_of(instrument, code)
    return question.name if item is None else item.code


def scale_of(instrument: Instrument, code: str) -> Scale | None:
    """The scale on which the item or question ``code`` is answered, or None."""
    question, _ = place_of(instrument, code)
    return instrument.scales[question.scale] if question.scale else None


def offers_cannot_judge(instrument: Instrument, code: str) -> bool:
    """Whether somebody who cannot judge the item ``code`` may say so."""
    _, item = place_of(instrument, code)
    return item is not None and item.cannot_judge
