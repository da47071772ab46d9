"""The file of ``plan --json`` as a study names it: read, the size that concerns a role, its power in words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from mce_utaut.errors import Problem, StudyError
from mce_utaut.files import ReadFile
from mce_utaut.planning.power import SizePower
from mce_utaut.study.config import STRICT
from mce_utaut.study.sentences import Sentences


@dataclass(frozen=True, slots=True)
class RolePower:
    """What was simulated of one role: share of missing answers, ICC, and every size."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    missing: float
    icc: float
    sizes: tuple[SizePower, ...]


@dataclass(frozen=True, slots=True)
class PowerFile:
    """What ``plan --json`` writes."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    samples: int
    seed: int
    roles: Mapping[str, RolePower]


def read_power(file: ReadFile, roles: Collection[str]) -> PowerFile:
    """The simulated power in ``file``. Raises ``StudyError`` where it is not what ``plan --json`` writes, or is of none
    of the study's ``roles``."""
    from pydantic import TypeAdapter, ValidationError

    try:
        found = TypeAdapter(PowerFile).validate_json(file.content)
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors()[0]["loc"])
        remedy = "Give the file that `python -m mce_utaut plan --json` writes, unchanged."
        raise StudyError(Problem("is not what `plan` writes.", remedy, file=file.name, where=place)) from None
    if not set(found.roles) & set(roles):
        what = f"holds no role of the study, only {', '.join(found.roles) or 'none'}."
        raise StudyError(Problem(what, f"Simulate {', '.join(roles)}.", file=file.name))
    return found


def size_for(found: RolePower, respondents: int) -> SizePower | None:
    """The largest size simulated up to ``respondents``, else the smallest; None where there is none."""
    sizes = sorted(found.sizes, key=lambda size: size.n)
    return next((size for size in reversed(sizes) if size.n <= respondents), sizes[0] if sizes else None)


def power_sentence(size: SizePower, outcome: str, labels: Mapping[str, str], say: Sentences) -> str:
    """The power of every path to ``outcome`` at one size, in words."""
    show = say.numbers.bounded
    told = [
        say("planning.path", name=labels.get(p.predictor, p.predictor), power=show(p.power), planted=show(p.planted))
        for p in size.paths
        if p.outcome == outcome
    ]
    if not told:
        return say("planning.nothing", size=size.n)
    return say("planning.power", size=size.n, samples=size.samples, paths=say.listed(told))
