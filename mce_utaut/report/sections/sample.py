"""Who answered: from the answers received to those analysed, and who these people are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from mce_utaut.report.figures.flow import Flow, Stop, draw_flow
from mce_utaut.report.fits import model_fit
from mce_utaut.report.page import Figure, Page, short
from mce_utaut.report.sections.further import missing_table, note, screening_table
from mce_utaut.report.sections.missingness import missingness_figures
from mce_utaut.report.sections.response import early_late_table, rates_table
from mce_utaut.report.table import Cell, Column, Row, Table, group_row, missing_cell, row
from mce_utaut.study.result import Count, CountTable, FlowStep, RoleResult

# The steps in the order in which they happen; the first and those of ROWS_OF_ALL are counts of people.
ORDER = (
    *("received", "unusable", "duplicate", "no_consent", "dropped", "other_wave", "not_submitted", "failed_attention"),
)
COMPLETE = "complete"
UNIVERSITY = "hei"


def build(page: Page) -> Mapping[str, Any]:
    """The flow of numbers and the composition of the sample."""
    shared, own = _variables(page.result.roles)
    return {
        "flow": _flow(page),
        "composition": _composition(page, shared, "composition") if shared else None,
        "own": _composition(page, own, "composition_own") if own else None,
        "rates": rates_table(page),
        "early_late": early_late_table(page),
        "screening": screening_table(page),
        "missingness": missingness_figures(page),
        "missing": missing_table(page),
        "screening_note": note(page, "screening"),
    }


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the flow: its label, and per role the number to print (None: the role has no such step)."""

    label: str
    values: tuple[int | None, ...]
    people: bool


def _lines(page: Page) -> list[_Line]:
    """Invited (where the study says it), received, who left, analysed, and complete on the items of the model."""
    roles = page.result.roles
    codes = dict.fromkeys(step.code for role in roles for step in role.flow[1:] if step.code != COMPLETE)
    ordered = sorted(codes, key=lambda code: ORDER.index(code) if code in ORDER else len(ORDER))
    asked = page.result.sections.get("response", {}).get("roles", {})
    invited = tuple(asked.get(role.role, {}).get("invited") for role in roles)
    lines = [_Line(page.words.text("flow.invited"), invited, True)] if any(invited) else []
    lines.append(_Line(page.words.text("flow.received"), tuple(role.flow[0].n for role in roles), True))
    for code in ordered:
        removed = tuple(step.removed if (step := _step(role, code)) else None for role in roles)
        lines.append(_Line(_label(page, code), removed, False))
    lines.append(_Line(page.words.text("flow.analysed"), tuple(role.n for role in roles), True))
    if any(_step(role, COMPLETE) for role in roles):
        removed = tuple(step.removed if (step := _step(role, COMPLETE)) else None for role in roles)
        lines.append(_Line(page.words.text("flow.incomplete"), removed, False))
        complete = tuple(step.n if (step := _step(role, COMPLETE)) else None for role in roles)
        lines.append(_Line(page.words.text("flow.complete"), complete, True))
    return lines


def _step(role: RoleResult, code: str) -> FlowStep | None:
    return next((step for step in role.flow[1:] if step.code == code), None)


def _label(page: Page, code: str) -> str:
    key = f"flow.{code}"
    return page.words.text(key) if page.words.has(key) else short(code.replace("_", " "), 80)


def _flow(page: Page) -> Figure | None:
    words, numbers, roles = page.words, page.numbers, page.result.roles
    if not roles or not all(role.flow for role in roles):
        return None
    lines = _lines(page)
    steps = tuple(
        Stop(line.label, tuple(_drawn(page, line, value) for value in line.values), line.people) for line in lines
    )
    flow = Flow(tuple(page.mark(role.role) for role in roles), steps)
    description = " ".join(
        words.text(
            "sample.flow_text", role=role.title, start=numbers.integer(role.flow[0].n), end=numbers.integer(role.n)
        )
        for role in roles
    )
    columns = (
        Column(words("sample.step"), align="text", name="step"),
        *(Column(short(role.title, 60), name=role.role) for role in roles),
    )
    rows = tuple(row(line.label, [_cell(page, line, value) for value in line.values]) for line in lines)
    data = page.data(Table("flow", words("sample.flow_title"), columns, rows, sortable=False))
    return page.figure(
        "flow", words.text("sample.flow_title"), _caption(page), description,
        lambda frame: draw_flow(frame, flow), data=data,
    )  # fmt: skip


def _caption(page: Page) -> Markup:
    """How to read the figure, and which answers the models use."""
    models = (model_fit(page.result, role, "structural") for role in page.result.roles)
    rules = dict.fromkeys(str(model.fit.get("missing")) for model in models if model is not None and model.fit)
    said = [page.words(f"sample.flow_models.{rule}") for rule in rules if page.words.has(f"sample.flow_models.{rule}")]
    return Markup(" ").join([page.words("sample.flow_caption"), *said])


def _drawn(page: Page, line: _Line, value: int | None) -> str | None:
    if value is None:
        return None
    text = page.numbers.integer(value)
    return f"n = {text}" if line.people else f"−{text}" if value else "0"


def _cell(page: Page, line: _Line, value: int | None) -> Cell:
    if value is None:
        return missing_cell()
    return Cell(page.numbers.integer(value if line.people else -value), value if line.people else -value)


def _variables(roles: tuple[RoleResult, ...]) -> tuple[dict[str, str], dict[str, str]]:
    """(variable, title) of what several roles were asked, and of what one role alone was asked."""
    titles: dict[str, str] = {}
    asked: dict[str, int] = {}
    for role in roles:
        for table in role.composition:
            titles.setdefault(table.variable, table.title)
            asked[table.variable] = asked.get(table.variable, 0) + 1
    least = min(2, len(roles))
    shared = {name: title for name, title in titles.items() if asked[name] >= least}
    return shared, {name: title for name, title in titles.items() if asked[name] < least}


def _composition(page: Page, variables: Mapping[str, str], name: str) -> Table:
    """One table: variables as groups of rows, roles as columns."""
    words = page.words
    roles = [role for role in page.result.roles if any(t.variable in variables for t in role.composition)]
    columns = [Column(words("sample.characteristic"), align="text")]
    for role in roles:
        columns += [
            Column(words("sample.n"), name="n", spanner=short(role.title, 40)),
            Column("%", name="share", spanner=short(role.title, 40)),
        ]
    rows: list[Row] = []
    hidden = left_out = False
    for variable, title in variables.items():
        tables = [next((t for t in role.composition if t.variable == variable), None) for role in roles]
        rows.append(group_row(short(title, 120)))
        labels = dict.fromkeys(count.label for table in tables if table for count in table.rows)
        if variable == UNIVERSITY:
            empty = [label for label in labels if all(_nobody(table, label) for table in tables)]
            left_out = left_out or bool(empty)
            labels = {label: None for label in labels if label not in empty}
        for label in labels:
            cells = [cell for table in tables for cell in _cells(page, table, label)]
            hidden = hidden or any(cell == page.hidden() for cell in cells)
            rows.append(row(short(label, 120), cells))
        if any(table and table.n_missing for table in tables):
            cells = [cell for table in tables for cell in _missing(page, table)]
            rows.append(row(words("sample.no_university" if variable == UNIVERSITY else "sample.no_answer"), cells))
    notes = [words("sample.composition_note")]
    if left_out:
        notes.append(words("sample.empty_universities"))
    if hidden:
        notes.append(words("suppressed.note", limit=page.result.disclosure_limit))
    return page.table(Table(name, words(f"sample.{name}_title"), tuple(columns), tuple(rows), tuple(notes)))


def _nobody(table: CountTable | None, label: str) -> bool:
    """Whether a role has nobody under ``label`` (a hidden count is somebody)."""
    return all(count.n == 0 for count in table.rows if count.label == label) if table else True


def _cells(page: Page, table: CountTable | None, label: str) -> tuple[Cell, Cell]:
    found: Count | None = next((c for c in table.rows if c.label == label), None) if table else None
    if found is None:
        return missing_cell(), missing_cell()
    if found.n is None:
        return page.hidden(), page.hidden()
    return Cell(page.numbers.integer(found.n), found.n), Cell(_share(page, found.share), found.share)


def _share(page: Page, share: float | None) -> str:
    return page.numbers.number(None if share is None else 100 * share, 1)


def _missing(page: Page, table: CountTable | None) -> tuple[Cell, Cell]:
    if table is None:
        return missing_cell(), missing_cell()
    if table.n_missing is None:
        return page.hidden(), Cell("", None)
    return Cell(page.numbers.integer(table.n_missing), table.n_missing), Cell("", None)
