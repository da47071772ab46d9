"""Hypotheses beside a model: reading ``<model>.hypotheses.yaml`` (its keys: models/README.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal

from annotated_types import MinLen

from mce_utaut.errors import Problem, StudyError
from mce_utaut.study.checked_yaml import load_yaml, position, read_checked
from mce_utaut.study.config import STRICT
from mce_utaut.study.model_text import ModelText


@dataclass(frozen=True, slots=True)
class Requires:
    """What the data must have before a hypothesis can be tested."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    waves: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A claim about one path: ``path`` is ``outcome ~ predictor``, ``label`` its label in the model,
    ``role`` "all" or the roles it is made for, ``claim`` a sentence per language. With a ``moderator`` the claim is
    that the path is ``stronger`` in a group of it, or at its ``low`` or ``high`` values."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    id: Annotated[str, MinLen(1)]
    path: Annotated[str, MinLen(1)]
    expected: Literal["positive", "negative", "zero"]
    claim: Annotated[Mapping[str, str], MinLen(1)]
    label: str = ""
    role: Literal["all"] | tuple[str, ...] = "all"
    source: str = ""
    moderators: str = ""
    moderator: str = ""
    stronger: str = ""
    requires: Requires = field(default_factory=Requires)

    @property
    def outcome(self) -> str:
        """The variable that the path ends in."""
        return self.path.split("~")[0].strip()

    @property
    def predictor(self) -> str:
        """The variable that the path starts from."""
        return self.path.split("~")[-1].strip()

    def claimed(self, language: str) -> str:
        """The claim in ``language``, else in English, else in whatever language there is."""
        return self.claim.get(language) or self.claim.get("en") or next(iter(self.claim.values()))

    def concerns(self, role: str) -> bool:
        """Whether the hypothesis is made for ``role``."""
        return self.role == "all" or role in self.role


@dataclass(frozen=True, slots=True)
class _File:
    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    model: Annotated[str, MinLen(1)]
    hypotheses: Annotated[tuple[Hypothesis, ...], MinLen(1)]


def parse_hypotheses(content: bytes | str, name: str, model: ModelText) -> tuple[Hypothesis, ...]:
    """The hypotheses of a file about ``model``, in order. Raises ``StudyError`` with every problem: what
    the file may not say, an id twice, a path or label that the model does not have."""
    file = read_checked(content, name, _File)
    tree = load_yaml(content, name)
    problems: list[Problem] = []

    def say(index: int, key: str, what: str, remedy: str) -> None:
        place = position(tree, ("hypotheses", index, key))
        where = file.hypotheses[index].id
        problems.append(Problem(what, remedy, name, place.line, place.column, where))

    known = {(path.outcome, path.predictor): path.label for path in model.paths}
    listed = ", ".join(f"{outcome} ~ {predictor}" for outcome, predictor in known)
    seen: set[str] = set()
    for index, each in enumerate(file.hypotheses):
        if each.id in seen:
            say(
                index,
                "id",
                f"the hypothesis {each.id} stands here a second time.",
                "Give it an id of its own.",
            )
        seen.add(each.id)
        if bool(each.moderator) != bool(each.stronger):
            key = "moderator" if each.moderator else "stronger"
            remedy = "Write stronger: low, high or the name of a group, beside moderator."
            say(index, key, f"{each.id} needs both moderator and stronger.", remedy)
        elif each.moderator and each.expected == "zero":
            say(index, "expected", "a path expected to be zero has no stronger side.", "Write positive or negative.")
        ends = (each.outcome, each.predictor)
        if each.path.count("~") != 1 or ends not in known:
            say(index, "path", f"the model has no path {each.path}.", f"Its paths are {listed or 'none'}.")
        elif each.label and each.label != known[ends]:
            have = known[ends] or "no label"
            say(
                index,
                "label",
                f"{each.path} is labelled {have} in the model, not {each.label}.",
                "Make them agree.",
            )
    if problems:
        raise StudyError(problems)
    return file.hypotheses
