"""Differences between roles with intervals: paths, latent means, scale means; each as figure and table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mce_utaut.report.figures.forest import Axis, Estimate, Group, draw_forest
from mce_utaut.report.figures.frame import Mark
from mce_utaut.report.page import Figure, Page, short
from mce_utaut.report.table import Cell, Column, Table, missing_cell, row, text_cell
from mce_utaut.study.result import Interval


@dataclass(frozen=True, slots=True)
class Difference:
    """``group`` minus ``reference`` in ``what``; ``equivalent`` is None where that was not tested."""

    what: str
    group: str
    reference: str
    value: Interval
    p: float | None
    equivalent: bool | None = None


def path_differences(page: Page, rows: Sequence[Mapping[str, Any]]) -> Figure | None:
    """Unstandardised paths, p by Holm."""
    found = [
        Difference(
            f"{d['predictor']} → {d['outcome']}", d["group"], d["reference"],
            Interval(d["difference"], d["ci_lower"], d["ci_upper"]), d["p_holm"],
        )
        for d in rows
    ]  # fmt: skip
    return _figure(page, "path_differences", found)


def mean_differences(page: Page, rows: Sequence[Mapping[str, Any]]) -> Figure | None:
    """Latent means in pooled standard deviations."""
    found = [
        Difference(
            f"{d['factor']} · {page.label(d['factor'])}", d["group"], d["reference"],
            Interval(d["d"], d["d_ci_lower"], d["d_ci_upper"]), d["pvalue"], d.get("equivalent"),
        )
        for d in rows
    ]  # fmt: skip
    return _figure(page, "mean_differences", found)


def mimic_differences(page: Page, rows: Sequence[Mapping[str, Any]]) -> Figure | None:
    """Latent means by a model of all roles together with the role as a predictor."""
    found = [
        Difference(
            f"{d['factor']} · {page.label(d['factor'])}", d["group"], d["reference"],
            Interval(d["d"], d["d_lower"], d["d_upper"]), d["p"], d.get("equivalent"),
        )
        for d in rows
        if not d.get("refusal")
    ]  # fmt: skip
    return _figure(page, "mimic_differences", found)


def score_differences(page: Page, rows: Sequence[Mapping[str, Any]]) -> Figure | None:
    """Means of scale scores as Hedges' g, p by Holm."""
    found = [
        Difference(
            f"{d['construct']} · {page.label(d['construct'])}", d["group"], d["reference"],
            Interval(d["g"], d["g_lower"], d["g_upper"]), d["p_holm"], d.get("equivalent"),
        )
        for d in rows
    ]  # fmt: skip
    return _figure(page, "score_differences", found)


def role_title(page: Page, label: str) -> str:
    """The title of the role that a group stands for, or the group's own label."""
    return next((role.title for role in page.result.roles if role.role == label), short(label, 60))


def _figure(page: Page, name: str, found: Sequence[Difference]) -> Figure | None:
    if not found:
        return None
    words, numbers = page.words, page.numbers
    groups: dict[str, list[Estimate]] = {}
    for each in found:
        mark = Mark(_pair(page, each), *_look(page, each.group))
        value = each.value
        drawn = Estimate(mark, value.estimate, value.lower, value.upper, numbers.estimate(value))
        groups.setdefault(each.what, []).append(drawn)
    title = words.text(f"differences.{name}.title")
    data = page.data(_table(page, name, title, found))
    forest = tuple(Group(label, tuple(rows)) for label, rows in groups.items())
    axis = Axis(words.text(f"differences.{name}.axis"), -0.4, 0.4, 0.0, lambda v: numbers.number(v, 1))
    text = " ".join(f"{g.label}: " + "; ".join(f"{r.mark.label} {r.text}" for r in g.rows) + "." for g in forest)
    return page.figure(
        name.replace("_", "-"), title, words(f"differences.{name}.caption"), text,
        lambda frame: draw_forest(frame, forest, axis), data=data,
    )  # fmt: skip


def _pair(page: Page, each: Difference) -> str:
    return f"{role_title(page, each.group)} − {role_title(page, each.reference)}"


def _look(page: Page, group: str) -> tuple[str, str]:
    mark = next((page.mark(role.role) for role in page.result.roles if role.role == group), None)
    return (mark.css, mark.shape) if mark else ("r1", "circle")


def _table(page: Page, name: str, title: str, found: Sequence[Difference]) -> Table:
    words, numbers = page.words, page.numbers
    tested = any(each.equivalent is not None for each in found)
    columns = [
        Column(words(f"differences.{name}.what"), align="text", name="what"),
        Column(words("differences.pair"), align="text", name="groups"),
        Column(words("differences.difference"), name="difference"),
        Column(words("ci"), name="interval"),
        Column(words(f"differences.{name}.p"), name="p"),
    ]
    columns += [Column(words("differences.equivalent"), align="text", name="equivalent")] if tested else []
    rows = []
    for each in found:
        cells = [
            text_cell(_pair(page, each)), Cell(numbers.number(each.value.estimate), each.value.estimate),
            Cell(numbers.range(each.value), page.exact(each.value)), Cell(numbers.p(each.p), each.p),
        ]  # fmt: skip
        if tested and each.equivalent is None:
            cells.append(missing_cell())
        elif tested:
            cells.append(Cell(words(f"differences.shown_{str(each.equivalent).lower()}"), each.equivalent))
        rows.append(row(each.what, cells))
    return Table(name, title, tuple(columns), tuple(rows))
