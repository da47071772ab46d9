"""A pilot plan as text for the terminal and for files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from mce_utaut.pilots.coverage import CoverageRow
from mce_utaut.pilots.descriptors import PilotDescriptors
from mce_utaut.pilots.joining import Joined
from mce_utaut.pilots.results import PilotPlan
from mce_utaut.responses.standard_elements import PROGRAMME_MANDATORY, STANDARD_ELEMENTS, Completeness

DIMENSIONS = {
    1: "#1 Stakeholder involvement",
    2: "#2 Collaboration",
    3: "#3 Origin",
    4: "#4 Funding",
    5: "#5 Delivery",
    6: "#6 Assessment",
    7: "#7 Technology of the credential",
    8: "#8 Qualification framework",
    0: "Size",
}
PILOTS_PER_DESCRIPTOR = 10  # method rule G7
_SHOWN = {"1": "yes", "0": "no", "": "not reported"}


def plan_text(found: PilotPlan) -> str:
    """The whole of a plan as lines."""
    return "\n".join(
        [
            *_head(found),
            *_coverage(found),
            *_suggestion(found),
            *_cells(found),
            *_frame(found),
            *_incomplete(found),
            *(f"note: {note.text}" for note in found.notes),
        ]
    )


def _head(found: PilotPlan) -> Iterator[str]:
    heis = len({proposal.coded.hei for proposal in found.proposals})
    yield f"{_count(len(found.proposals), 'proposal')} of {_count(heis, 'university', 'universities')}."
    if not found.selected:
        yield "Nothing is selected (--selected A,B): what follows is of all proposals."
        return
    yield f"Selected: {', '.join(found.selected)}. What follows is of these."
    without = {p.coded.hei for p in found.proposals} - {p.coded.hei for p in found.chosen}
    if without:
        yield f"Universities without a selected pilot: {', '.join(sorted(without))}."


def _coverage(found: PilotPlan) -> Iterator[str]:
    """The matrix, its columns numbered where ids would not fit."""
    pilots = found.coverage.pilots
    yield ""
    yield "Coverage: × covered, · not, ? not reported"
    for number, pilot in enumerate(pilots, start=1):
        yield f"  {number:>3} {pilot}"
    yield f"{'':<44}{'pilots':>6}  " + "".join(f"{number:>3}" for number in range(1, len(pilots) + 1))
    dimension = None
    for row in found.coverage.rows:
        if row.option.dimension != dimension:
            dimension = row.option.dimension
            yield DIMENSIONS[dimension]
        marks = "".join(f"{_mark(row, pilot):>3}" for pilot in pilots)
        gap = "" if row.covered_by else "   <- not covered"
        yield f"  {row.option!s:<42}{len(row.covered_by):>6}  {marks}{gap}"
    covered = len(found.coverage.rows) - len(found.coverage.uncovered)
    yield f"{covered} of {len(found.coverage.rows)} options are covered."


def _mark(row: CoverageRow, pilot: str) -> str:
    return "×" if pilot in row.covered_by else ("?" if pilot in row.not_reported else "·")


def _suggestion(found: PilotPlan) -> Iterator[str]:
    yield ""
    if found.suggestion.steps:
        after = f"after {', '.join(found.suggestion.start)}" if found.suggestion.start else "from nothing"
        yield f"Proposals that fill most gaps, {after} (each adds to those before it):"
    else:
        yield "No further proposal would fill a gap."
    for number, step in enumerate(found.suggestion.steps, start=1):
        first = f", the first of {step.hei}" if step.first_of_hei else ""
        adds = f"adds {_count(len(step.adds), 'option')}: {_listed(step.adds)}" if step.adds else "adds no option"
        yield f"  {number}. {step.pilot_id}{first}: {adds}"
    if found.suggestion.beyond_reach:
        yield f"No proposal says that it covers: {_listed(found.suggestion.beyond_reach)}."


def _cells(found: PilotPlan) -> Iterator[str]:
    yield ""
    yield "Pilots per value of each descriptor (a contrast is as good as its smaller cell):"
    for name, counts in found.cells.items():
        values = ", ".join(f"{_SHOWN.get(value, value)} {n}" for value, n in counts.items())
        yield f"  {name:<16}{values}"
    most = len(found.chosen) // PILOTS_PER_DESCRIPTOR
    said = f"at most {_count(most, 'descriptor')}" if most else "no descriptor"
    yield (
        f"In a model, {_count(len(found.chosen), 'pilot')} can carry {said} (one for every {PILOTS_PER_DESCRIPTOR} "
        "pilots); the others are described only."
    )


def _frame(found: PilotPlan) -> Iterator[str]:
    yield ""
    heads = ("learners", "professors", "managers")
    yield f"{'Persons that can be reached':<34}{'pilots':>7}" + "".join(f"{head:>13}" for head in heads)
    for hei in found.frame.heis:
        cells = [_reach(reach.most, reach.least, reach.blank) for reach in hei.reach.values()]
        yield f"  {hei.hei[:31]:<32}{len(hei.pilots):>7}" + "".join(f"{cell:>13}" for cell in cells)
    totals = [_reach(role.reach.most, role.reach.least, role.reach.blank) for role in found.frame.roles]
    yield f"  {'all':<32}{len(found.chosen):>7}" + "".join(f"{total:>13}" for total in totals)
    yield "  (two numbers: professors and managers of a university's pilots may be the same persons; ? some do not say)"
    yield "Expected answers, at assumed response rates (--rate ROLE=SHARE):"
    for role in found.frame.roles:
        low = f"{role.expected_least} to " if role.expected_least != role.expected else ""
        allows = role.allows if role.allows == role.allows_least else f"{role.allows_least} to {role.allows}"
        line = f"  {role.role:<10}{role.rate:>5.0%}  {low + str(role.expected):>12} answers: {allows}"
        if role.next_at is not None and role.persons_for_next is not None:
            line += f"; more from {role.next_at} answers ({role.persons_for_next} persons) on"
        yield line + "."


def _reach(most: int, least: int, blank: int) -> str:
    return (str(most) if most == least else f"{least}-{most}") + ("?" if blank else "")


def _incomplete(found: PilotPlan) -> Iterator[str]:
    most = len(PROGRAMME_MANDATORY)
    short = [row for row in found.completeness if row.given < most]
    yield ""
    yield (
        f"Standard elements: {len(found.completeness) - len(short)} of {_count(len(found.completeness), 'proposal')} "
        f"give all {most} that a programme must have."
    )
    for proposal, row in zip(found.proposals, found.completeness):
        if row.given < most:
            yield f"  {proposal.pilot_id}: {_lacking(row)}"


def _lacking(row: Completeness) -> str:
    titles = {element.code: element.title for element in STANDARD_ELEMENTS}
    said = {"no": "none", "not_reported": "not reported"}
    return ", ".join(
        f"{titles[code]} ({said[row.states[code]]})" for code in PROGRAMME_MANDATORY if row.states[code] != "given"
    )


def portfolio_text(found: PilotPlan) -> str:
    """One sheet per university: each of its proposals with its coded descriptors."""
    lines = []
    for hei in sorted({proposal.coded.hei for proposal in found.proposals}):
        lines += ["", hei, "=" * len(hei)]
        for proposal, complete in zip(found.proposals, found.completeness):
            if proposal.coded.hei == hei:
                lines += _sheet(proposal.coded, proposal.pilot_id in found.selected, complete)
    return "\n".join(lines).lstrip("\n")


def _sheet(coded: PilotDescriptors, selected: bool, complete: Completeness) -> Iterator[str]:
    yield ""
    yield f"{coded.pilot_id}  {coded.title}" + ("  (selected)" if selected else "")
    for name, value in coded.values().items():
        if name not in ("pilot_id", "hei", "title"):
            shown = "not reported" if value is None else (f"{value:g}" if isinstance(value, float) else str(value))
            yield f"  {name:<18}{shown}"
    lacking = _lacking(complete)
    yield f"  {'elements':<18}{complete.given} of {len(PROGRAMME_MANDATORY)}" + (
        f"; lacking: {lacking}" if lacking else ""
    )


def joined_text(joined: Joined, shown: Callable[[Sequence[int]], Sequence[int | None]]) -> str:
    """How many respondents were joined to pilots, and which were not; ``shown`` hides small counts (None)."""
    matched, none, blank = joined.count("matched"), joined.count("none"), joined.count("blank")
    lines = [
        "",
        f"{joined.instrument_id}: {_count(len(joined.respondents), 'respondent')}, {matched} with a pilot, "
        f"{none} without one (“none”), {blank} that do not say, {joined.count('unmatched')} with an unknown id.",
    ]
    counts = dict(sorted(joined.by_pilot.items()))
    cells = zip(counts, shown(list(counts.values())), strict=True)
    lines += [f"  {pilot}: {'not shown, too few persons' if n is None else n}" for pilot, n in cells]
    lines += [f"  note: {note.text}" for note in joined.notes]
    return "\n".join(lines)


def _listed(options: Sequence[object]) -> str:
    return ", ".join(map(str, options))


def _count(n: int, noun: str, plural: str = "") -> str:
    return f"{n} {noun if n == 1 else plural or noun + 's'}"
