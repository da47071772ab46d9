"""Pilots: the intention by how pilots are designed, with pilots as the unit."""

from __future__ import annotations

from mce_utaut.report.page import Page, short
from mce_utaut.report.sections.further import by_role, note
from mce_utaut.report.table import Cell, Column, Row, Table, group_row, missing_cell, row, text_cell


def cells_table(page: Page) -> Table | None:
    """Every value of every descriptor: pilots, respondents, mean of the pilots' means."""
    words, numbers = page.words, page.numbers
    columns = (
        Column(words("pilots.value"), align="text", name="value"), Column(words("pilots.pilots"), name="pilots"),
        Column("n"), Column(words("pilots.mean"), name="mean"),
    )  # fmt: skip
    rows: list[Row] = []
    for role, found in by_role(page, "pilots"):
        if found["cells"]:
            rows.append(group_row(words("pilots.role", role=role.title, n=page.numbers.integer(found["pilots"]))))
        for each in found["cells"]:
            n = page.hidden() if each["n"] is None else Cell(numbers.integer(each["n"]), each["n"])
            mean = missing_cell() if each["mean"] is None else Cell(numbers.number(each["mean"]), each["mean"])
            pilots = Cell(numbers.integer(each["pilots"]), each["pilots"])
            rows.append(row(f"{short(each['descriptor'], 30)}: {short(each['value'], 40)}", [pilots, n, mean]))
    if not rows:
        return None
    outcome = page.label(page.result.sections["pilots"]["outcome"])
    title = words("pilots.title", outcome=outcome)
    return page.table(Table("pilots", title, columns, tuple(rows), (note(page, "pilots"),)))


def tests_table(page: Page) -> Table | None:
    """Contrasts and slopes with their permutation tests, and what was refused."""
    words, numbers = page.words, page.numbers
    columns = (
        Column(words("pilots.test"), align="text", name="test"), Column(words("pilots.pilots"), name="pilots"),
        Column(words("pilots.difference"), name="difference"), Column(words("paths.p"), name="p"),
        Column(words("moderation.p_holm"), name="p holm"),
    )  # fmt: skip
    rows: list[Row] = []
    for role, found in by_role(page, "pilots"):
        rows.append(group_row(short(role.title, 60)))
        for each in found["contrasts"]:
            head = f"{short(each['descriptor'], 30)}: {short(each['value'], 30)} − {short(each['reference'], 30)}"
            pilots = f"{each['pilots']} − {each['pilots_reference']}"
            rows.append(row(head, [
                text_cell(pilots), Cell(numbers.number(each["difference"]), each["difference"]),
                Cell(numbers.p(each["p"]), each["p"]), Cell(numbers.p(each["p_holm"]), each["p_holm"]),
            ]))  # fmt: skip
        for each in found["slopes"]:
            rows.append(row(words("pilots.slope", descriptor=short(each["descriptor"], 30)), [
                Cell(numbers.integer(each["pilots"]), each["pilots"]),
                Cell(numbers.small(each["slope"]), each["slope"]),
                Cell(numbers.p(each["p"]), each["p"]), Cell(numbers.p(each["p_holm"]), each["p_holm"]),
            ]))  # fmt: skip
        for each in found["refusals"]:
            head = short(each["descriptor"], 30) or words("regression.not_run")
            rows.append(Row((text_cell(head), text_cell(short(each["reason"], 300))), spread=True))
    if not rows:
        return None
    return page.table(Table("pilot_tests", words("pilots.tests_title"), columns, tuple(rows)))
