"""Which options of the dimensions the pilots cover, and which proposals would fill the gaps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from mce_utaut.pilots.descriptors import PilotDescriptors, involvement, stacking
from mce_utaut.responses.records import Record

SYNCHRONOUS_FROM = 50.0  # per cent of the activities


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal and its descriptors."""

    record: Record
    coded: PilotDescriptors

    @property
    def pilot_id(self) -> str:
        """The pilot's id."""
        return self.coded.pilot_id


Found = frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Facet:
    """A question of a dimension (1 to 8; 0 is size) and its options. ``of`` gives the options that a
    proposal covers, or None where it does not report."""

    dimension: int
    name: str
    options: tuple[str, ...]
    of: Callable[[Proposal], Found]


def _coded(descriptor: str, words: Mapping[int, str] | None = None) -> Callable[[Proposal], Found]:
    """The value of a descriptor, in ``words`` where it is 0 or 1."""

    def of(proposal: Proposal) -> Found:
        value = getattr(proposal.coded, descriptor)
        return None if value is None else frozenset((words[value] if words else str(value),))

    return of


def _chosen(field: str) -> Callable[[Proposal], Found]:
    def of(proposal: Proposal) -> Found:
        options = proposal.record.options(field)
        return None if options is None else frozenset(options)

    return of


def _scope(proposal: Proposal) -> Found:
    scope = proposal.record.text("univ_collaboration_scope")
    if scope == "both":
        return frozenset(("national", "international"))
    return None if scope is None else frozenset((scope,))


def _timing(proposal: Proposal) -> Found:
    rate = proposal.coded.d5_sync
    return None if rate is None else frozenset(("synchronous" if rate >= SYNCHRONOUS_FROM else "asynchronous",))


def _length(proposal: Proposal) -> Found:
    weeks = proposal.coded.duration_weeks
    if weeks is None:
        return None
    return frozenset(("up_to_4_weeks" if weeks <= 4 else ("5_to_13_weeks" if weeks <= 13 else "over_13_weeks"),))


FACETS = (
    Facet(1, "involvement", ("none", "indirect", "direct"), lambda proposal: involvement(proposal.record)),
    Facet(1, "phase", ("design", "implementation"), _chosen("engagement_phase")),
    Facet(
        1,
        "stakeholders",
        ("faculty", "companies", "industry_reps", "students", "policymakers", "professional_association"),
        _chosen("engagement_stakeholders"),
    ),
    Facet(2, "collaboration", ("none", "national", "international"), _scope),
    Facet(3, "origin", ("from_scratch", "modularised", "hybrid"), _coded("d3_origin")),
    Facet(4, "funding", ("none", "institutional", "national", "international"), _chosen("funding_level")),
    Facet(4, "price", ("free", "paid"), _coded("d4_free", {1: "free", 0: "paid"})),
    Facet(
        4,
        "incentive",
        ("none", "additional_pay", "reduced_load", "professional_development", "governance_recognition"),
        _chosen("professor_incentive"),
    ),
    Facet(5, "format", ("online", "blended", "onsite"), _coded("d5_format")),
    Facet(5, "timing", ("synchronous", "asynchronous"), _timing),
    Facet(5, "flexibility", ("none", "pace", "order", "assessment_choice", "customisation"), _chosen("flexibility")),
    Facet(6, "security", ("none", "partial", "full"), _coded("d6_secure")),
    Facet(6, "setting", ("online", "offline", "mixed"), _coded("d6_setting")),
    Facet(7, "credential", ("none", "badge", "verifiable"), _coded("d7_digital")),
    Facet(8, "stacking", ("independent", "stackable", "recognised"), lambda proposal: stacking(proposal.record)),
    Facet(8, "framework", ("yes", "no"), _coded("d8_framework", {1: "yes", 0: "no"})),
    Facet(8, "quality", ("none", "internal", "external", "both"), _coded("d8_qa")),
    Facet(8, "eqf", ("4", "5", "6", "7", "8"), _coded("eqf")),
    Facet(0, "duration", ("up_to_4_weeks", "5_to_13_weeks", "over_13_weeks"), _length),
)


@dataclass(frozen=True, slots=True, order=True)
class CoveredOption:
    """One option of a facet."""

    dimension: int
    facet: str
    option: str

    def __str__(self) -> str:
        return f"{self.facet}: {self.option}"


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """Which pilots cover an option, and which do not report on it (by id)."""

    option: CoveredOption
    covered_by: tuple[str, ...]
    not_reported: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """The matrix of options and pilots. ``pilots`` are the ids, in order, of the columns."""

    pilots: tuple[str, ...]
    rows: tuple[CoverageRow, ...]

    @property
    def uncovered(self) -> tuple[CoveredOption, ...]:
        """The options that no pilot covers."""
        return tuple(row.option for row in self.rows if not row.covered_by)


@dataclass(frozen=True, slots=True)
class Step:
    """One proposal to take, what it adds to those taken before, and whether its university had none."""

    pilot_id: str
    hei: str
    adds: tuple[CoveredOption, ...]
    first_of_hei: bool


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Proposals to add, best first, and the options that no proposal at all covers."""

    start: tuple[str, ...]
    steps: tuple[Step, ...]
    beyond_reach: tuple[CoveredOption, ...]


def coverage(proposals: Sequence[Proposal]) -> Coverage:
    """The coverage matrix of ``proposals``."""
    rows = []
    for facet in FACETS:
        found = {proposal.pilot_id: facet.of(proposal) for proposal in proposals}
        blank = tuple(pilot for pilot, options in found.items() if options is None)
        for option in facet.options:
            covering = tuple(pilot for pilot, options in found.items() if options and option in options)
            rows.append(CoverageRow(CoveredOption(facet.dimension, facet.name, option), covering, blank))
    return Coverage(tuple(proposal.pilot_id for proposal in proposals), tuple(rows))


def suggest(proposals: Sequence[Proposal], selected: Sequence[str]) -> Suggestion:
    """Which proposals to add to ``selected`` (ids) until every option that some proposal covers is covered
    and every university that proposes has a pilot.

    Greedy set cover: each step takes the proposal that adds most options; of equals one whose university
    has no pilot yet, then the first in the list. Greedy is short, not always shortest (Chvatal 1979,
    doi 10.1287/moor.4.3.233: at most 1 + ln(options) times the shortest).
    """
    matrix = coverage(proposals)
    covers = {pilot: {row.option for row in matrix.rows if pilot in row.covered_by} for pilot in matrix.pilots}
    order = {option.option: index for index, option in enumerate(matrix.rows)}
    hei = {proposal.pilot_id: proposal.coded.hei for proposal in proposals}
    done = {option for pilot in selected for option in covers[pilot]}
    present = {hei[pilot] for pilot in selected}
    left = [pilot for pilot in matrix.pilots if pilot not in selected]
    steps = []
    while left:
        best = max(left, key=lambda pilot: (len(covers[pilot] - done), hei[pilot] not in present))
        if not covers[best] - done:
            best = next((pilot for pilot in left if hei[pilot] not in present), "")
            if not best:
                break
        adds = tuple(sorted(covers[best] - done, key=order.__getitem__))
        steps.append(Step(best, hei[best], adds, hei[best] not in present))
        done |= covers[best]
        present.add(hei[best])
        left.remove(best)
    return Suggestion(tuple(selected), tuple(steps), matrix.uncovered)
