"""The tables of a pilot plan, and of respondents joined to pilots, as CSV."""

from __future__ import annotations

from collections.abc import Iterator

from mce_utaut.pilots.descriptors import PilotDescriptors
from mce_utaut.pilots.joining import Joined
from mce_utaut.pilots.results import PilotPlan
from mce_utaut.responses.standard_elements import STANDARD_ELEMENTS
from mce_utaut.survey.delimited import write_rows
from mce_utaut.survey.spelling import guard

Row = list[str]


def tables(found: PilotPlan) -> dict[str, bytes]:
    """The CSV files of a plan by name; an empty cell is "not reported"."""
    return {
        "pilots.csv": write_rows(_pilots(found)),
        "coverage.csv": write_rows(_coverage(found)),
        "suggestion.csv": write_rows(_suggestion(found)),
        "sampling_frame.csv": write_rows(_frame(found)),
        "completeness.csv": write_rows(_completeness(found)),
    }


def joined_table(joined: Joined) -> bytes:
    """One row a respondent: key, university, wave, pilot id as given, how it matched, the descriptors."""
    names = [each.name for each in PilotDescriptors.__dataclass_fields__.values() if each.name not in _OWN]
    rows = [["respondent", "role", "hei", "wave", "pilot_id", "match", *names]]
    for each in joined.respondents:
        values = each.pilot.values() if each.pilot is not None else {}
        given = [each.key, joined.role, each.hei or "", each.wave or ""]
        pilot_id = each.pilot.pilot_id if each.pilot is not None else each.pilot_id or ""
        rows.append([*map(guard, given), guard(pilot_id), each.match, *(_cell(values.get(name)) for name in names)])
    return write_rows(rows)


_OWN = ("pilot_id", "hei", "title")


def _pilots(found: PilotPlan) -> Iterator[Row]:
    names = list(PilotDescriptors.__dataclass_fields__)
    yield [*names, "selected", "mandatory_given"]
    for proposal, complete in zip(found.proposals, found.completeness):
        selected = str(int(proposal.pilot_id in found.selected)) if found.selected else ""
        yield [*map(_cell, proposal.coded.values().values()), selected, str(complete.given)]


def _coverage(found: PilotPlan) -> Iterator[Row]:
    """1 covered, 0 not, empty not reported."""
    yield ["dimension", "facet", "option", "pilots", *map(guard, found.coverage.pilots)]
    for row in found.coverage.rows:
        marks = [
            "1" if pilot in row.covered_by else ("" if pilot in row.not_reported else "0")
            for pilot in found.coverage.pilots
        ]
        option = row.option
        yield [str(option.dimension), option.facet, option.option, str(len(row.covered_by)), *marks]


def _suggestion(found: PilotPlan) -> Iterator[Row]:
    yield ["step", "pilot_id", "hei", "first_of_hei", "n_added", "options_added"]
    for number, step in enumerate(found.suggestion.steps, start=1):
        added = "; ".join(map(str, step.adds))
        yield [
            str(number),
            guard(step.pilot_id),
            guard(step.hei),
            str(int(step.first_of_hei)),
            str(len(step.adds)),
            added,
        ]


def _frame(found: PilotPlan) -> Iterator[Row]:
    yield ["hei", "role", "pilots", "reachable_most", "reachable_least", "not_reported", "rate", "expected"]
    rates = {role.role: role.rate for role in found.frame.roles}
    for hei in found.frame.heis:
        for role, reach in hei.reach.items():
            numbers = [str(reach.most), str(reach.least), str(reach.blank), _cell(rates[role])]
            yield [guard(hei.hei), role, str(len(hei.pilots)), *numbers, ""]
    for role in found.frame.roles:
        numbers = [str(role.reach.most), str(role.reach.least), str(role.reach.blank), _cell(role.rate)]
        yield ["total", role.role, str(len(found.chosen)), *numbers, str(role.expected)]


def _completeness(found: PilotPlan) -> Iterator[Row]:
    codes = [e.code for e in STANDARD_ELEMENTS if any(e.code in row.states for row in found.completeness)]
    yield ["pilot_id", "title", *codes, "mandatory_given", "share"]
    for proposal, row in zip(found.proposals, found.completeness):
        states = [row.states.get(code, "") for code in codes]
        yield [guard(proposal.pilot_id), guard(row.title), *states, str(row.given), _cell(row.share)]


def _cell(value: str | float | int | None) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return guard(value)
    return str(int(value)) if float(value).is_integer() else repr(float(value))
