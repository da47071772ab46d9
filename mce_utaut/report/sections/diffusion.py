"""Diffusion: Rogers' attributes and the adopter categories beside his shares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mce_utaut.report.figures.forest import Axis, Estimate, Group, draw_forest
from mce_utaut.report.page import Figure, Page, short
from mce_utaut.report.sections.measurement import profile
from mce_utaut.report.table import Cell, Column, Table, row
from mce_utaut.study.result import Count, RoleResult

# Shares of innovators, early adopters, early majority, late majority, laggards (Rogers 2003)
ROGERS = (0.025, 0.135, 0.34, 0.34, 0.16)


def build(page: Page) -> Mapping[str, Any]:
    """The attributes' profile and the adopter figure; each None where it was not asked."""
    return {"attributes": profile(page, rogers=True), "adopters": _adopters(page)}


def _adopters(page: Page) -> Figure | None:
    words, numbers = page.words, page.numbers
    asked = [role for role in page.result.roles if role.adopters and len(role.adopters.rows) == len(ROGERS)]
    if not asked:
        return None
    intervals = page.result.sections.get("diffusion", {}).get("adopters", {})
    groups, rows = [], []
    columns = [
        Column(words("adopters.category"), align="text", name="category"),
        Column("Rogers", name="Rogers"),
    ]
    for role in asked:
        columns += [Column("n", spanner=short(role.title, 40)), Column("%", spanner=short(role.title, 40))]
    for i, share in enumerate(ROGERS):
        own = short(asked[0].adopters.rows[i].label, 110)  # type: ignore[union-attr]
        name = words.text(f"adopters.names.{i}")
        label = name if own.casefold() == name.casefold() else words.text("adopters.label", name=name, text=own)
        drawn = tuple(_estimate(page, role, i, intervals) for role in asked)
        groups.append(Group(label, drawn, share, words.text("adopters.rogers", share=numbers.percent(share, 1))))
        cells = [Cell(numbers.number(100 * share, 1), share)]
        for role in asked:
            cells += _cells(page, role.adopters.rows[i])  # type: ignore[union-attr]
        rows.append(row(label, cells))
    hidden = any(c.n is None for role in asked for c in role.adopters.rows)  # type: ignore[union-attr]
    notes = (words("suppressed.note", limit=page.result.disclosure_limit),) if hidden else ()
    title = words.text("adopters.title")
    data = page.data(Table("adopters", title, tuple(columns), tuple(rows), notes))
    axis = Axis(words.text("adopters.axis"), 0.0, 0.4, 0.0, lambda v: numbers.percent(v))
    text = " ".join(
        f"{g.label} ({g.reference_text}): " + "; ".join(f"{r.mark.label} {r.text}" for r in g.rows) + "."
        for g in groups
    )
    return page.figure(
        "adopters", title, words("adopters.caption"), text,
        lambda frame: draw_forest(frame, tuple(groups), axis), data=data,
    )  # fmt: skip


def _estimate(page: Page, role: RoleResult, i: int, intervals: Mapping[str, Any]) -> Estimate:
    count: Count = role.adopters.rows[i]  # type: ignore[union-attr]
    mark = page.mark(role.role)
    if count.share is None:
        return Estimate(mark, None, None, None, page.words.text("adopters.hidden"))
    ends = (intervals.get(role.role) or [None] * len(ROGERS))[i]
    lower, upper = (ends["lower"], ends["upper"]) if ends else (None, None)
    text = page.numbers.percent(count.share)
    if lower is not None and upper is not None:
        text += f" [{page.numbers.integer(100 * lower)}{page.numbers.between}{page.numbers.integer(100 * upper)}]"
    return Estimate(mark, count.share, lower, upper, text)


def _cells(page: Page, count: Count) -> list[Cell]:
    if count.n is None:
        return [page.hidden(), page.hidden()]
    share = None if count.share is None else 100 * count.share
    return [Cell(page.numbers.integer(count.n), count.n), Cell(page.numbers.number(share, 1), count.share)]
