"""The coded answers and the written inferences that a study names, read and checked against its questionnaires."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, ClassVar, Literal

from annotated_types import MinLen

from mce_utaut.errors import Problem, StudyError
from mce_utaut.files import ReadFile
from mce_utaut.instrument.model import Instrument
from mce_utaut.responses.model import Responses
from mce_utaut.responses.pseudonyms import fingerprint, pseudonym
from mce_utaut.study.checked_yaml import load_yaml, position, read_checked
from mce_utaut.study.config import STRICT
from mce_utaut.study.texts import construct_infos
from mce_utaut.triangulation.answers import OpenAnswer, open_answers
from mce_utaut.triangulation.codes import OUTSIDE, Code, CodeBook
from mce_utaut.triangulation.coding_sheet import BookEntry

EXTERNAL = "external"  # stakeholders who were interviewed and got no questionnaire
Judgement = Literal["confirm", "expand", "discord"]


@dataclass(frozen=True, slots=True)
class Inference:
    """What a person concludes from numbers and themes side by side: they say the same (``confirm``), the themes
    tell more (``expand``), or they do not fit together (``discord``). ``language`` is that of the text ("": not
    said)."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    judgement: Judgement
    text: Annotated[str, MinLen(1)]
    language: str = ""


@dataclass(frozen=True, slots=True)
class Inferences:
    """The inferences of a study by role and construct, and the language of those that do not say theirs."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    inferences: Mapping[str, Mapping[str, Inference]] = field(default_factory=dict)
    language: str = ""


@dataclass(frozen=True, slots=True)
class CodedAnswers:
    """The codes that a study counts, and the inferences by role and construct."""

    codes: tuple[Code, ...]
    inferences: Mapping[str, Mapping[str, Inference]] = field(default_factory=dict)


def code_book(
    instruments: Mapping[str, Instrument], responses: Mapping[str, Responses] | None, secret: bytes
) -> CodeBook:
    """What codes of this study may say: the constructs of each role (of all roles for people from outside), and the
    pseudonyms of all who answered."""
    constructs = {role: tuple(instrument.constructs) for role, instrument in instruments.items()}
    every = tuple(dict.fromkeys(name for names in constructs.values() for name in names))
    known = None
    if responses is not None:
        known = {
            role: {pseudonym(role, str(key), secret) for key in each.data.index} for role, each in responses.items()
        }
    return CodeBook(constructs | {EXTERNAL: every}, known, "" if known is None else fingerprint(secret))


def book_entries(instruments: Mapping[str, Instrument], language: str) -> list[BookEntry]:
    """The code book: every latent construct of every role."""
    return [
        BookEntry(role, each.id, each.label, each.definition)
        for role, instrument in instruments.items()
        for each in construct_infos(instrument, language)
        if each.kind == "latent"
    ]


def answers_to_code(
    instruments: Mapping[str, Instrument], responses: Mapping[str, Responses], secret: bytes
) -> list[OpenAnswer]:
    """Every open answer of the study, role by role."""
    return [
        answer for role, each in responses.items() for answer in open_answers(role, each, instruments[role], secret)
    ]


def parse_inferences(found: ReadFile, book: CodeBook) -> Mapping[str, Mapping[str, Inference]]:
    """The inferences of a YAML file. Raises ``StudyError`` with every problem."""
    form = read_checked(found.content, found.name, Inferences)
    tree = load_yaml(found.content, found.name)
    problems = []
    for role, by_construct in form.inferences.items():
        known = book.constructs.get(role)
        if known is None:
            what, remedy = f"role {role!r} is not in the study.", f"Write one of {', '.join(book.constructs)}."
            problems.append(_problem(found.name, tree, ("inferences", role), what, remedy))
            continue
        for construct in by_construct:
            if construct not in (*known, OUTSIDE):
                what = f"{construct!r} is not a construct of the role {role}."
                remedy = f"Write one of {', '.join((*known, OUTSIDE))}."
                problems.append(_problem(found.name, tree, ("inferences", role, construct), what, remedy))
    if problems:
        raise StudyError(problems)
    return {
        role: {name: replace(each, language=each.language or form.language) for name, each in by_construct.items()}
        for role, by_construct in form.inferences.items()
    }


def _problem(name: str, tree: Any, path: tuple[str, ...], what: str, remedy: str) -> Problem:
    place = position(tree, path, key=True)
    return Problem(what, remedy, file=name, line=place.line, column=place.column, where=".".join(path))
