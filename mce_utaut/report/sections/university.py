"""One university beside all others together: only in a report that was asked for by that university."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mce_utaut.report.page import Page, short
from mce_utaut.report.sections.further import by_role
from mce_utaut.report.table import Cell, Column, Row, Table, group_row, row, text_cell
from mce_utaut.study.result import Interval


def build(page: Page) -> Mapping[str, Any]:
    """The table of scales by role, and the sentences of roles of which nothing may be shown."""
    found = page.result.sections["university"]
    refusals = [f"{short(role.title, 60)}: {each['refusal']}" for role, each in by_role(page, "university")
                if each["refusal"]]  # fmt: skip
    return {"label": short(found["label"], 120), "note": short(found["note"], 800), "table_": _table(page),
            "refusals": refusals}  # fmt: skip


def _table(page: Page) -> Table | None:
    words, numbers = page.words, page.numbers
    columns = (
        Column(words("scales.construct"), align="text", name="construct"),
        Column("n", spanner=words("university.here")), Column("M", name="mean", spanner=words("university.here")),
        Column("n", spanner=words("university.others")), Column("M", name="mean", spanner=words("university.others")),
        Column(words("university.difference"), name="difference"),
        Column(words("ci"), name="interval"),
        Column(words("university.reading"), align="text", name="reading"),
    )  # fmt: skip
    rows: list[Row] = []
    for role, found in by_role(page, "university"):
        if not found["rows"]:
            continue
        counts = {"n": numbers.integer(found["n"]), "others": numbers.integer(found["n_others"])}
        rows.append(group_row(words.text("university.group", role=short(role.title, 60), **counts)))
        for each in found["rows"]:
            ends = Interval(each["difference"], each["lower"], each["upper"])
            rows.append(row(f"{each['construct']} · {page.label(each['construct'])}", [
                *(Cell(numbers.integer(each[key]), each[key]) for key in ("n", "mean", "n_others", "mean_others")),
                Cell(numbers.number(ends.estimate, 0), ends.estimate),
                Cell(numbers.range(ends, 0), page.exact(ends)),
                text_cell(words(f"university.verdicts.{each['verdict']}")),
            ]))  # fmt: skip
    if not rows:
        return None
    notes = (words("university.tip"),)
    return page.table(Table("university", words("university.caption"), columns, tuple(rows), notes))
