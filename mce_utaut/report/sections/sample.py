"""Who answered: from the answers received to those analysed, and who these people are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mce_utaut.report.figures.flow import Flow, Stop, draw_flow
from mce_utaut.report.page import Figure, Page, short
from mce_utaut.report.table import Cell, Column, Row, Table, group_row, missing_cell, row
from mce_utaut.study.result import Count, CountTable, FlowStep, RoleResult


def build(page: Page) -> Mapping[str, Any]:
    """The flow of numbers and the composition of the sample."""
    return {"flow": _flow(page), "composition": _composition(page)}


def _codes(roles: tuple[RoleResult, ...]) -> list[tuple[str, str]]:
    """(code, sentence) of every step after the first, in the order in which they happen."""
    steps: dict[str, str] = {}
    for role in roles:
        for step in role.flow[1:]:
            steps.setdefault(step.code, step.text)
    return list(steps.items())


def _step(role: RoleResult, code: str) -> FlowStep | None:
    return next((step for step in role.flow[1:] if step.code == code), None)


def _flow(page: Page) -> Figure | None:
    words, numbers = page.words, page.numbers
    roles = tuple(role for role in page.result.roles if role.flow)
    if not roles:
        return None
    codes = _codes(roles)
    stops = tuple(
        Stop(short(text, 200), tuple(_removed(page, _step(role, code)) for role in roles))
        for code, text in codes
    )
    start = tuple(f"n = {numbers.integer(role.flow[0].n)}" for role in roles)
    end = tuple(f"n = {numbers.integer(role.flow[-1].n)}" for role in roles)
    flow = Flow(
        tuple(page.mark(role.role) for role in roles), short(roles[0].flow[0].text, 80), start, stops,
        words.text("sample.flow_end"), end,
    )  # fmt: skip
    description = " ".join(
        words.text(
            "sample.flow_text", role=role.title, start=numbers.integer(role.flow[0].n),
            end=numbers.integer(role.flow[-1].n),
        )
        for role in roles
    )  # fmt: skip
    columns = (
        Column(words("sample.step"), align="text"),
        *(Column(short(role.title, 60), name=f"{role.role}") for role in roles),
    )
    rows = [row(short(roles[0].flow[0].text, 300), [_n(page, role.flow[0].n) for role in roles])]
    for code, text in codes:
        rows.append(row(short(text, 300), [_left(page, _step(role, code)) for role in roles]))
    rows.append(row(words("sample.flow_end"), [_n(page, role.flow[-1].n) for role in roles]))
    data = page.data(Table("flow", words("sample.flow_title"), columns, tuple(rows)))
    return page.figure(
        "flow", words.text("sample.flow_title"), words("sample.flow_caption"), description,
        lambda frame: draw_flow(frame, flow), data=data,
    )  # fmt: skip


def _removed(page: Page, step: FlowStep | None) -> str | None:
    if step is None:
        return None
    return f"−{page.numbers.integer(step.removed)}" if step.removed else "0"


def _n(page: Page, n: int) -> Cell:
    return Cell(page.numbers.integer(n), n)


def _left(page: Page, step: FlowStep | None) -> Cell:
    if step is None:
        return missing_cell()
    return Cell(_removed(page, step) or "0", -step.removed)


def _composition(page: Page) -> Table | None:
    """One table: variables as groups of rows, roles as columns."""
    words, roles = page.words, page.result.roles
    variables: dict[str, str] = {}
    for role in roles:
        for table in role.composition:
            variables.setdefault(table.variable, table.title)
    if not variables:
        return None
    columns = [Column(words("sample.characteristic"), align="text")]
    for role in roles:
        columns += [
            Column(words("sample.n"), name="n", spanner=short(role.title, 40)),
            Column("%", name="share", spanner=short(role.title, 40)),
        ]
    rows: list[Row] = []
    hidden = False
    for variable, title in variables.items():
        tables = [next((t for t in role.composition if t.variable == variable), None) for role in roles]
        rows.append(group_row(short(title, 120)))
        labels = dict.fromkeys(count.label for table in tables if table for count in table.rows)
        for label in labels:
            cells = [cell for table in tables for cell in _cells(page, table, label)]
            hidden = hidden or any(cell == page.hidden() for cell in cells)
            rows.append(row(short(label, 120), cells))
        if any(table and table.n_missing for table in tables):
            cells = [cell for table in tables for cell in _missing(page, table)]
            rows.append(row(words("sample.no_answer"), cells))
    notes = [words("sample.composition_note")]
    if hidden:
        notes.append(words("suppressed.note", limit=page.result.disclosure_limit))
    return page.table(
        Table("composition", words("sample.composition_title"), tuple(columns), tuple(rows), tuple(notes))
    )


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
