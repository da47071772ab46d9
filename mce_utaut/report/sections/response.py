"""Response: from invited to analysed with rates, by university, and early against late respondents."""

from __future__ import annotations

from mce_utaut.report.page import Page, short
from mce_utaut.report.sections.further import by_role, note
from mce_utaut.report.table import Cell, Column, Row, Table, group_row, missing_cell, row
from mce_utaut.study.result import Interval


def rates_table(page: Page) -> Table | None:
    """Every role's numbers from invited to analysed, and those of its universities where they may be shown."""
    words, numbers = page.words, page.numbers
    columns = (
        Column(words("response.step"), align="text", name="step"), Column("n"),
        Column(words("response.rate"), name="rate"),
    )  # fmt: skip
    rows: list[Row] = []
    for role, found in by_role(page, "response"):
        rows.append(group_row(short(role.title, 60)))
        for step in found["steps"]:
            head = words(f"response.steps.{step['step']}")
            rows.append(row(head, [Cell(numbers.integer(step["n"]), step["n"]), _rate(page, step["rate"])]))
        for each in found["universities"]:
            n = page.hidden() if each["n"] is None else Cell(numbers.integer(each["n"]), each["n"])
            asked = numbers.integer(each["invited"])
            head = words("response.of", university=short(each["university"], 60), invited=asked)
            rows.append(row(head, [n, _rate(page, each["rate"])]))
    if not rows:
        return None
    notes = tuple(text for text in (note(page, "response"),) if text)
    return page.table(Table("response", words("response.title"), columns, tuple(rows), notes))


def early_late_table(page: Page) -> Table | None:
    """The first against the last third to answer, by role and scale score."""
    words, numbers = page.words, page.numbers
    columns = (
        Column(words("scales.construct"), align="text", name="construct"),
        Column(words("response.early"), name="mean early"), Column(words("response.late"), name="mean late"),
        Column("g"), Column(words("ci"), name="interval"), Column(words("moderation.p_holm"), name="p holm"),
        Column(words("differences.equivalent"), align="text", name="equivalent"),
    )  # fmt: skip
    rows: list[Row] = []
    notes = []
    for role, found in by_role(page, "response"):
        notes.append(f"{short(role.title, 60)}: {short(found['early_late_sentence'], 300)}")
        if found["early_late"]:
            rows.append(group_row(short(role.title, 60)))
        for each in found["early_late"]:
            g = Interval(each["g"], each["g_lower"], each["g_upper"])
            rows.append(row(f"{each['construct']} · {page.label(each['construct'])}", [
                Cell(numbers.number(each["mean_early"]), each["mean_early"]),
                Cell(numbers.number(each["mean_late"]), each["mean_late"]),
                Cell(numbers.number(g.estimate), g.estimate), Cell(numbers.range(g), page.exact(g)),
                Cell(numbers.p(each["p_holm"]), each["p_holm"]),
                Cell(words(f"differences.shown_{str(each['equivalent']).lower()}"), each["equivalent"]),
            ]))  # fmt: skip
    if not rows:
        return None
    return page.table(Table("early_late", words("response.early_late_title"), columns, tuple(rows), tuple(notes)))


def _rate(page: Page, rate: float | None) -> Cell:
    return missing_cell() if rate is None else Cell(page.numbers.percent(rate), rate)
