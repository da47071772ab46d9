"""The Advanced Format of Qualtrics: tags in double brackets, one language, no logic."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mce_utaut.instrument.model import Instrument
from mce_utaut.survey.qualtrics.columns import DIGEST_FIELD
from mce_utaut.survey.qualtrics.form import TEXT, Block, FormQuestion

_KINDS = {
    TEXT: "DB",
    "array": "Matrix",
    "choice": "MC:SingleAnswer:Vertical",
    "multi": "MC:MultipleAnswer:Vertical",
    "integer": "TE:SingleLine",
    "number": "TE:SingleLine",
    "text": "TE:SingleLine",
    "date": "TE:SingleLine",
    "long_text": "TE:Essay",
}


def write(instrument: Instrument, language: str, blocks: Sequence[Block]) -> bytes:
    """The .txt of one language (UTF-8, LF)."""
    lines = ["[[AdvancedFormat]]", "", f"[[ED:{DIGEST_FIELD}:{instrument.digest}]]", ""]
    for block in blocks:
        lines += [f"[[Block:{block.name}]]", ""]
        for question in block.questions:
            lines += [*_question(question, language), ""]
    return "\n".join(lines).encode()


def _question(question: FormQuestion, language: str) -> Iterator[str]:
    kind = _KINDS[question.kind]
    if question.is_dropdown:
        kind = "MC:Dropdown"
    yield f"[[Question:{kind}]]"
    yield f"[[ID:{question.tag}]]"
    yield question.texts[language] or "&nbsp;"
    answers = [(choice.number, choice.texts[language]) for choice in question.choices]
    if question.rows is not None:
        yield "[[AdvancedChoices]]"
        for position, texts in enumerate(question.rows.values(), start=1):
            yield f"[[Choice:{position}]]"
            yield _line(texts[language])
        yield "[[AdvancedAnswers]]"
        for number, text in answers:
            yield f"[[Answer:{number}]]"
            yield _line(text)
    elif answers:
        yield "[[AdvancedChoices]]"
        for number, text in answers:
            yield f"[[Choice:{number}]]"
            yield _line(text)


def _line(label: str) -> str:
    """A label, in which a line break would begin another choice."""
    return label.replace("<br>", " ")
