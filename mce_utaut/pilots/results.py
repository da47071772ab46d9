"""Everything that proposals tell, as one value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mce_utaut.errors import Problem, UsageError
from mce_utaut.notes import Note
from mce_utaut.pilots.checking import check_pilots, pilot_key
from mce_utaut.pilots.coverage import Coverage, Proposal, Suggestion, coverage, suggest
from mce_utaut.pilots.descriptors import FormatCuts, cells, describe
from mce_utaut.pilots.frame import Ladder, SamplingFrame, sampling_frame
from mce_utaut.pilots.template import ELEMENT_RULES
from mce_utaut.responses.records import Record
from mce_utaut.responses.standard_elements import Completeness, completeness


@dataclass(frozen=True, slots=True)
class PilotPlan:
    """Proposals and the selection among them. ``chosen`` are the selected proposals, or all where nothing is
    selected (``selected`` is empty then); coverage, cells and the sampling frame are of the chosen,
    completeness and the suggestion of all."""

    proposals: tuple[Proposal, ...]
    selected: tuple[str, ...]
    chosen: tuple[Proposal, ...]
    coverage: Coverage
    suggestion: Suggestion
    frame: SamplingFrame
    cells: Mapping[str, Mapping[str, int]]
    completeness: tuple[Completeness, ...]
    notes: tuple[Note, ...]


def plan(
    records: Sequence[Record],
    selected: Sequence[str],
    ladder: Ladder,
    rates: Mapping[str, float] | None = None,
    cuts: FormatCuts | None = None,
) -> PilotPlan:
    """What ``records`` (proposals) and the ``selected`` among them (ids) cover and reach.

    Raises ``ImportProblem`` with every contradiction in the proposals, ``UsageError`` for ids that none has.
    """
    notes = check_pilots(records, cuts)
    proposals = tuple(Proposal(record, describe(record, cuts)) for record in records)
    names = _selected(proposals, selected)
    chosen = tuple(p for p in proposals if p.pilot_id in names) if names else proposals
    return PilotPlan(
        proposals=proposals,
        selected=names,
        chosen=chosen,
        coverage=coverage(chosen),
        suggestion=suggest(proposals, names),
        frame=sampling_frame(chosen, ladder, rates),
        cells=cells([proposal.coded for proposal in chosen]),
        completeness=tuple(completeness(record, ELEMENT_RULES) for record in records),
        notes=notes,
    )


def _selected(proposals: Sequence[Proposal], selected: Sequence[str]) -> tuple[str, ...]:
    known = {pilot_key(proposal.pilot_id): proposal.pilot_id for proposal in proposals}
    unknown = [name for name in selected if pilot_key(name) not in known]
    if unknown:
        shown = ", ".join(known.values())
        raise UsageError(
            [
                Problem(f"no proposal has the id {name!r}.", f"There are {shown}.", where="--selected")
                for name in unknown
            ]
        )
    return tuple(dict.fromkeys(known[pilot_key(name)] for name in selected))
