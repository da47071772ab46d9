"""Effects in points of the answer scale, and where a role stands on what matters most to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mce_utaut.report.figures.forest import Axis, Estimate, Group, draw_forest
from mce_utaut.report.figures.importance_map import MapWords, Ranges, Spot, draw_importance_map, ranges
from mce_utaut.report.page import Figure, Page, short
from mce_utaut.report.table import Cell, Column, Table, row
from mce_utaut.study.result import Interval, RoleResult


@dataclass(frozen=True, slots=True)
class RoleMap:
    """The map of a role and what it says in a sentence."""

    figure: Figure
    sentence: str


def points_figure(page: Page) -> Figure | None:
    """What one point more of each predictor goes with, roles side by side (section ``raw_points``)."""
    section = page.result.sections.get("raw_points")
    if not section:
        return None
    words, numbers = page.words, page.numbers
    by_role: dict[str, Mapping[str, Any]] = dict(section["roles"])
    predictors = dict.fromkeys(each["predictor"] for found in by_role.values() for each in found["rows"])
    groups, rows = [], []
    for predictor in predictors:
        drawn = []
        for role in page.result.roles:
            mark = page.mark(role.role)
            found = _row_of(by_role.get(role.role), predictor)
            if found is None:
                drawn.append(Estimate(mark, None, None, None, words.text("forest.absent")))
                continue
            value = Interval(found["points"], found["lower"], found["upper"])
            method = by_role[role.role]["method"]
            drawn.append(
                Estimate(mark, value.estimate, value.lower, value.upper, numbers.estimate(value), method != "sem")
            )
            rows.append(row(f"{predictor} · {page.label(predictor)}", [
                Cell(short(role.title, 60), role.role), Cell(words(f"method.short.{method}"), method),
                Cell(numbers.integer(by_role[role.role]["n"]), by_role[role.role]["n"]),
                Cell(numbers.number(value.estimate), value.estimate), Cell(numbers.range(value), page.exact(value)),
            ]))  # fmt: skip
        groups.append(Group(f"{predictor} · {page.label(predictor)}", tuple(drawn)))
    columns = (
        Column(words("points.predictor"), align="text", name="predictor"),
        Column(words("role"), align="text", name="role"),
        Column(words("method.head"), align="text", name="method"), Column("n"),
        Column(words("points.points"), name="points"), Column(words("ci"), name="interval"),
    )  # fmt: skip
    title = words.text("points.title", outcome=page.label(section["outcome"]))
    data = page.data(Table("raw_points", title, columns, tuple(rows)))
    axis = Axis(words.text("points.axis"), -0.2, 0.6, 0.0, lambda v: numbers.number(v, 1))
    text = " ".join(each["sentence"] for found in by_role.values() for each in found["rows"])
    return page.figure(
        "points", title, section["note"], text, lambda frame: draw_forest(frame, tuple(groups), axis), data=data
    )


def _row_of(found: Mapping[str, Any] | None, predictor: str) -> Mapping[str, Any] | None:
    rows = found["rows"] if found else ()
    return next((each for each in rows if each["predictor"] == predictor and each["points"] is not None), None)


def importance_maps(page: Page) -> list[RoleMap]:
    """One map per role of section ``importance_performance``."""
    section = page.result.sections.get("importance_performance") or {}
    found = section.get("roles", {})
    roles = [role for role in page.result.roles if role.role in found]
    spots = {role.role: _spots(found[role.role]) for role in roles}
    axes = ranges(list(spots.values()))
    return [
        RoleMap(
            _map(page, role, found[role.role], spots[role.role], axes, section["note"]), found[role.role]["sentence"]
        )
        for role in roles
    ]


def _spots(found: Mapping[str, Any]) -> tuple[Spot, ...]:
    return tuple(
        Spot(
            short(each["construct"], 12), each["importance"], (each["importance_lower"], each["importance_upper"]),
            each["performance"], (each["performance_lower"], each["performance_upper"]),
        )
        for each in found["rows"]
    )  # fmt: skip


def _map(
    page: Page, role: RoleResult, found: Mapping[str, Any], spots: tuple[Spot, ...], axes: Ranges, note: str
) -> Figure:
    words, numbers = page.words, page.numbers
    rows = []
    for each in found["rows"]:
        importance = Interval(each["importance"], each["importance_lower"], each["importance_upper"])
        performance = Interval(each["performance"], each["performance_lower"], each["performance_upper"])
        rows.append(row(f"{each['construct']} · {page.label(each['construct'])}", [
            Cell(numbers.number(importance.estimate), importance.estimate),
            Cell(numbers.range(importance), page.exact(importance)),
            Cell(numbers.number(performance.estimate, 1), performance.estimate),
            Cell(numbers.range(performance, 1), page.exact(performance)),
        ]))  # fmt: skip
    interval = words("ci")
    columns = (
        Column(words("points.predictor"), align="text", name="predictor"),
        Column(words("points.importance"), name="importance"), Column(interval, name="importance interval"),
        Column(words("points.performance"), name="performance"), Column(interval, name="performance interval"),
    )  # fmt: skip
    title = words.text("points.map_title", role=role.title)
    data = page.data(Table(f"importance_{page.slug(role.role)}", title, columns, tuple(rows)))
    labels = MapWords(
        words.text("points.importance_axis"), words.text("points.performance_axis"), words.text("points.first"),
        lambda v: numbers.number(v, 1),
    )  # fmt: skip
    low, high = axes.performance
    caption = f"{note} {words.text('points.cut_axis', low=low, high=high)}" if high - low < 100 else note
    means = (found["mean_importance"], found["mean_performance"])
    text = "; ".join(f"{s.label} {numbers.number(s.importance)}, {numbers.integer(s.performance)}" for s in spots)
    return page.figure(
        f"importance-{page.slug(role.role)}", title, caption, text,
        lambda frame: draw_importance_map(frame, page.mark(role.role), spots, means, axes, labels),
        data=data, width=560.0,
    )  # fmt: skip
