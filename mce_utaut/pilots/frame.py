"""The sampling frame: whom the pilots reach, how many will answer, and which models that allows."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mce_utaut.pilots.coverage import Proposal
from mce_utaut.pilots.template import REACHED

# Assumptions to be replaced by what a university knows of its own surveys; no source stands behind them.
DEFAULT_RATES: Mapping[str, float] = {"student": 0.3, "professor": 0.5, "manager": 0.5}


@dataclass(frozen=True, slots=True)
class Ladder:
    """From how many complete answers in a role on which analysis is done (method rule G1)."""

    inference: int
    regression: int
    sem: int
    everything: int

    def allows(self, n: int) -> str:
        """The analysis that ``n`` complete answers allow, in words."""
        if n < self.inference:
            return "frequencies only"
        if n < self.regression:
            return "means with intervals, rank correlations"
        if n < self.sem:
            return "regression of scale scores on two predictors"
        if n < self.everything:
            return "structural equation model, with caution"
        return "structural equation model"

    def next_step(self, n: int) -> int | None:
        """The number of answers from which more is possible than with ``n``, or None."""
        return next(
            (least for least in (self.inference, self.regression, self.sem, self.everything) if n < least), None
        )


@dataclass(frozen=True, slots=True)
class Reach:
    """How many persons of a role the pilots reach: ``most`` adds the pilots up, ``least`` takes the largest
    pilot of each university, for the persons may be the same. ``blank`` pilots do not say."""

    most: int
    least: int
    blank: int


@dataclass(frozen=True, slots=True)
class HeiFrame:
    """The reach of one university's pilots, by role."""

    hei: str
    pilots: tuple[str, ...]
    reach: Mapping[str, Reach]


@dataclass(frozen=True, slots=True)
class RoleFrame:
    """A role's whole reach, the answers expected at ``rate`` (whole persons, rounded down) from the most
    and from the least persons, what they allow, and the persons needed for the next step."""

    role: str
    reach: Reach
    rate: float
    expected: int
    expected_least: int
    allows: str
    allows_least: str
    next_at: int | None
    persons_for_next: int | None


@dataclass(frozen=True, slots=True)
class SamplingFrame:
    """The reach of pilots by university and by role."""

    heis: tuple[HeiFrame, ...]
    roles: tuple[RoleFrame, ...]


def sampling_frame(
    proposals: Sequence[Proposal], ladder: Ladder, rates: Mapping[str, float] | None = None
) -> SamplingFrame:
    """The sampling frame of ``proposals``. ``rates`` are the assumed response rates by role (0 to 1).

    Learners are added up over pilots. Professors and managers of several pilots of a university may be the
    same persons, so that their number lies between ``least`` and ``most``.
    """
    rates = {**DEFAULT_RATES, **(rates or {})}
    names = sorted({proposal.coded.hei for proposal in proposals})
    heis = tuple(_hei_frame(name, [p for p in proposals if p.coded.hei == name]) for name in names)
    return SamplingFrame(heis, tuple(_role_frame(role, heis, rates[role], ladder) for role in REACHED))


def _hei_frame(hei: str, proposals: Sequence[Proposal]) -> HeiFrame:
    reach = {}
    for role, field in REACHED.items():
        numbers = [proposal.record.number(field) for proposal in proposals]
        told = [int(number) for number in numbers if number is not None]
        least = sum(told) if role == "student" else max(told, default=0)
        reach[role] = Reach(sum(told), least, len(numbers) - len(told))
    return HeiFrame(hei, tuple(proposal.pilot_id for proposal in proposals), reach)


def _role_frame(role: str, heis: Sequence[HeiFrame], rate: float, ladder: Ladder) -> RoleFrame:
    own = [hei.reach[role] for hei in heis]
    reach = Reach(sum(r.most for r in own), sum(r.least for r in own), sum(r.blank for r in own))
    expected, least = _answers(reach.most, rate), _answers(reach.least, rate)
    next_at = ladder.next_step(expected)
    persons = math.ceil(round(next_at / rate, 9)) if next_at is not None and rate > 0 else None
    return RoleFrame(
        role, reach, rate, expected, least, ladder.allows(expected), ladder.allows(least), next_at, persons
    )


def _answers(persons: int, rate: float) -> int:
    return math.floor(round(persons * rate, 9))
