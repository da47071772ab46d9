"""Regression of scale scores beside the structural model (section ``regression``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from mce_utaut.report.page import Page, short
from mce_utaut.report.sections.path_rows import path_cells_with_error, path_columns
from mce_utaut.report.table import Cell, Column, Row, Table, group_row, row, text_cell
from mce_utaut.study.method_choice import LEAST_CLUSTERS
from mce_utaut.study.result import Interval, RoleResult

_PLAIN = "hc3"


@dataclass(frozen=True, slots=True)
class RoleRegression:
    """A role's regressions, how far its universities differ, or why there is none."""

    title: str
    reason: str
    table: Table | None
    clusters: Markup | None


def regressions(page: Page) -> list[RoleRegression]:
    """The regressions of every role; empty where the study ran none."""
    found = page.result.sections.get("regression", {}).get("roles", {})
    return [_role(page, role, found[role.role]) for role in page.result.roles if role.role in found]


def allowing_for_universities(analyses: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Those of a role's regressions that allow for people of one university being alike, refused ones too."""
    return [each for each in analyses if each["analysis"] != _PLAIN]


def _role(page: Page, role: RoleResult, found: Mapping[str, Any]) -> RoleRegression:
    table = _table(page, role, found) if found["rows"] else None
    clusters = _clusters(page, found["clusters"]) if found.get("clusters") else None
    return RoleRegression(role.title, found.get("reason", ""), table, clusters)


def _table(page: Page, role: RoleResult, found: Mapping[str, Any]) -> Table:
    words = page.words
    columns = (
        Column(words("points.predictor"), align="text", name="predictor"),
        *path_columns(page, errors=True), Column(words("paths.p"), name="p"), Column("VIF"),
    )  # fmt: skip
    rows: list[Row] = []
    for analysis in found["analyses"]:
        rows.append(group_row(_heading(page, analysis)))
        if analysis["refusal"]:
            head, why = words("regression.not_run"), short(analysis["refusal"], 400)
            rows.append(Row((text_cell(head), text_cell(why)), spread=True))
        rows += [_row(page, each) for each in found["rows"] if each["analysis"] == analysis["analysis"]]
    return page.table(Table(
        f"regression_{page.slug(role.role)}", words("regression.title", role=role.title), columns, tuple(rows),
        (words("regression.note"), short(page.result.sections["regression"].get("note", ""), 600)),
    ))  # fmt: skip


def _heading(page: Page, analysis: Mapping[str, Any]) -> str:
    numbers = page.numbers
    if analysis["refusal"]:
        return short(analysis["title"], 120)
    return page.words.text(
        "regression.analysis", title=short(analysis["title"], 120), n=numbers.integer(analysis["n"]),
        r2=numbers.bounded(analysis["r2"]), adjusted=numbers.bounded(analysis["r2_adjusted"]),
    )  # fmt: skip


def _row(page: Page, found: Mapping[str, Any]) -> Row:
    numbers = page.numbers
    raw = Interval(found["estimate"], found["lower"], found["upper"])
    beta = Interval(found["beta"], found["beta_lower"], found["beta_upper"])
    return row(
        f"{found['predictor']} · {page.label(found['predictor'])}",
        [
            *path_cells_with_error(page, raw, found["se"], beta),
            Cell(numbers.p(found["p"]), found["p"]),
            Cell(numbers.number(found["vif"]), found["vif"]),
        ],
    )


def _clusters(page: Page, found: Mapping[str, Any]) -> Markup:
    """How far universities differ; an intraclass correlation of a few universities is no finding."""
    numbers, known = page.numbers, found["universities"]
    if known < LEAST_CLUSTERS:
        return page.words("regression.few_clusters", n=known, universities=numbers.integer(known), least=LEAST_CLUSTERS)
    icc = Interval(found["icc"], found["icc_lower"], found["icc_upper"])
    return page.words(
        "regression.clusters", universities=numbers.integer(found["universities"]),
        icc=numbers.estimate(icc, 2, bounded=True), effect=numbers.number(found["design_effect"]),
    )  # fmt: skip
