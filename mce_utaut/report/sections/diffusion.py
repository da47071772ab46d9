"""Diffusion: Rogers' attributes and the adopter categories beside his shares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mce_utaut.report.figures.adopter_curve import draw_adopter_curve
from mce_utaut.report.figures.forest import Axis, Estimate, Group, draw_forest
from mce_utaut.report.figures.frame import Frame
from mce_utaut.report.page import Figure, Page, by_sentence, short
from mce_utaut.report.sections.measurement import interval_cells, profile
from mce_utaut.report.svg import Drawing
from mce_utaut.report.table import Cell, Column, Table, row
from mce_utaut.study.result import Count, Interval, RoleResult

# Shares of innovators, early adopters, early majority, late majority, laggards (Rogers 2003)
ROGERS = (0.025, 0.135, 0.34, 0.34, 0.16)
LEAST_FOR_COLUMNS = 500  # px


def build(page: Page) -> Mapping[str, Any]:
    """The attributes' profile and the adopter figure; each None where it was not asked."""
    section = page.result.sections.get("diffusion", {})
    attributes = _attributes(page, section["attributes"]) if section.get("attributes") else None
    tests = section.get("adopter_tests", {})
    return {
        "attributes": attributes or profile(page, rogers=True),
        "adopters": _adopters(page),
        "tests": by_sentence((_tested(page, r, tests[r.role]), tests[r.role]["sentence"])
                             for r in page.result.roles if r.role in tests),
        "note": section.get("note") or page.words("diffusion.self"),
    }


def _tested(page: Page, role: RoleResult, test: Mapping[str, Any]) -> str:
    """``Students (n = 363, p < .001)``; p has two digits where the study rounded it to protect cells."""
    told = [f"n = {page.numbers.integer(test['n'])}"] if test.get("n") is not None else []
    if (p := test.get("p")) is not None:
        rounded = test.get("statistic") is None
        told.append(page.numbers.p_equals(p, 2 if rounded else 3))
    return f"{short(role.title, 60)} ({', '.join(told)})" if told else short(role.title, 60)


def _attributes(page: Page, found: Mapping[str, Any]) -> Figure:
    """Rogers' attributes on 0-100 with their correlation with intention."""
    words, numbers, roles = page.words, page.numbers, page.result.roles
    labels = {each["attribute"]: each["label"] for rows in found.values() for each in rows}
    groups, rows = [], []
    for attribute, label in labels.items():
        drawn = []
        for role in roles:
            each = next((e for e in found.get(role.role, ()) if e["attribute"] == attribute), None)
            mark = page.mark(role.role)
            if each is None or each["mean"] is None:
                drawn.append(Estimate(mark, None, None, None, words.text("not_available")))
                continue
            mean = Interval(each["mean"], each["lower"], each["upper"])
            rho = Interval(each["rho"], each["rho_lower"], each["rho_upper"])
            drawn.append(Estimate(mark, mean.estimate, mean.lower, mean.upper, numbers.estimate(mean, 0)))
            rows.append(row(short(label, 80), [
                Cell(short(role.title, 60), role.role), Cell(numbers.integer(each["n"]), each["n"]),
                *interval_cells(page, mean, 1), *interval_cells(page, rho, 2, bounded=True),
            ]))  # fmt: skip
        groups.append(Group(short(label, 90), tuple(drawn)))
    interval = words("ci")
    columns = (
        Column(words("attributes.attribute"), align="text", name="attribute"),
        Column(words("role"), align="text", name="role"), Column("n"), Column(words("scales.mean_100"), name="mean"),
        Column(interval, name="interval"), Column("ρ", name="rho", spanner=page.about("attributes.with_intention")),
        Column(interval, name="interval", spanner=page.about("attributes.with_intention")),
    )  # fmt: skip
    title = words.text("attributes.title")
    data = page.data(Table("attributes", title, columns, tuple(rows), (page.about("attributes.note"),)))
    axis = Axis(words.text("scales.axis_100"), 0.0, 100.0, 50.0, lambda v: numbers.integer(v), True)
    text = " ".join(f"{g.label}: " + "; ".join(f"{r.mark.label} {r.text}" for r in g.rows) + "." for g in groups)
    return page.figure(
        "attributes", title, words("attributes.caption"), text,
        lambda frame: draw_forest(frame, tuple(groups), axis), data=data,
    )  # fmt: skip


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
        title = short(role.title, 40)
        columns += [Column("n", spanner=title), Column("%", spanner=title),
                    Column(words("ci"), name="interval", spanner=title)]  # fmt: skip
    for i, share in enumerate(ROGERS):
        own = short(asked[0].adopters.rows[i].label, 110)  # type: ignore[union-attr]
        name = words.text(f"adopters.names.{i}")
        label = name if own.casefold() == name.casefold() else words.text("adopters.label", name=name, text=own)
        drawn = tuple(_estimate(page, role, i, intervals) for role in asked)
        groups.append(Group(label, drawn, share, words.text("adopters.rogers", share=numbers.percent(share, 1))))
        cells = [Cell(numbers.number(100 * share, 1), share)]
        for role in asked:
            cells += _cells(page, role.adopters.rows[i], _ends(intervals, role, i))  # type: ignore[union-attr]
        rows.append(row(label, cells))
    hidden = any(c.n is None for role in asked for c in role.adopters.rows)  # type: ignore[union-attr]
    notes = (words("suppressed.note", limit=page.result.disclosure_limit),) if hidden else ()
    title = words.text("adopters.title")
    data = page.data(Table("adopters", title, tuple(columns), tuple(rows), notes))
    names = tuple(words.text(f"adopters.names.{i}") for i in range(len(ROGERS)))

    def draw(frame: Frame) -> Drawing:
        if frame.width >= LEAST_FOR_COLUMNS:
            return draw_adopter_curve(frame, tuple(groups), names, axis.label, axis.tick)
        return draw_forest(frame, tuple(groups), axis)

    axis = Axis(words.text("adopters.axis"), 0.0, 0.4, 0.0, lambda v: numbers.percent(v))
    text = " ".join(
        f"{g.label} ({g.reference_text}): " + "; ".join(f"{r.mark.label} {r.text}" for r in g.rows) + "."
        for g in groups
    )
    return page.figure(
        "adopters", title, words("adopters.caption") + (" " + words("adopters.no_marker") if hidden else ""), text,
        draw, data=data,
    )  # fmt: skip


def _estimate(page: Page, role: RoleResult, i: int, intervals: Mapping[str, Any]) -> Estimate:
    count: Count = role.adopters.rows[i]  # type: ignore[union-attr]
    mark = page.mark(role.role)
    if count.share is None:
        return Estimate(mark, None, None, None, page.words.text("adopters.hidden"))
    ends = _ends(intervals, role, i)
    lower, upper = ends.lower, ends.upper
    text = page.numbers.percent(count.share)
    if lower is not None and upper is not None:
        text += f" [{page.numbers.integer(100 * lower)}{page.numbers.between}{page.numbers.integer(100 * upper)}]"
    return Estimate(mark, count.share, lower, upper, text)


def _ends(intervals: Mapping[str, Any], role: RoleResult, i: int) -> Interval:
    found = (intervals.get(role.role) or [None] * len(ROGERS))[i]
    return Interval(None, found["lower"], found["upper"]) if found else Interval(None, None, None)


def _cells(page: Page, count: Count, ends: Interval) -> list[Cell]:
    if count.n is None:
        return [page.hidden(), page.hidden(), page.hidden()]
    share = None if count.share is None else 100 * count.share
    percent = Interval(None, *(None if end is None else 100 * end for end in (ends.lower, ends.upper)))
    return [
        Cell(page.numbers.integer(count.n), count.n), Cell(page.numbers.number(share, 1), count.share),
        Cell(page.numbers.range(percent, 1), page.exact(ends)),
    ]  # fmt: skip
