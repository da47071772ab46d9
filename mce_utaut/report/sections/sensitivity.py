"""Would other choices change the result? Each path under every analysis that was run."""

from __future__ import annotations

import re

from mce_utaut.report.figures.forest import Axis, Estimate, Group, draw_forest
from mce_utaut.report.figures.frame import Mark
from mce_utaut.report.fits import PRIMARY
from mce_utaut.report.page import Figure, Page, short
from mce_utaut.report.table import Cell, Column, Table, row
from mce_utaut.study.result import PathEstimate, RoleResult


def sensitivity_figures(page: Page) -> list[Figure]:
    """One figure per role with more than one analysis of the primary model."""
    return [figure for role in page.result.roles if (figure := _figure(page, role)) is not None]


def analysis_label(page: Page, analysis: str) -> str:
    """The name of an analysis for people."""
    name = analysis.removeprefix("sensitivity:").strip()
    key = "analysis." + re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_")
    return page.words.text(key) if page.words.has(key) else short(name, 80)


def _figure(page: Page, role: RoleResult) -> Figure | None:
    paths = [p for p in role.paths if p.model in (page.result.primary_model, "")]
    analyses = dict.fromkeys(p.analysis for p in paths)
    if len(analyses) < 2 or PRIMARY not in analyses:
        return None
    words, numbers, mark = page.words, page.numbers, page.mark(role.role)
    groups, rows = [], []
    for key in dict.fromkeys((p.predictor, p.outcome) for p in paths):
        found = {p.analysis: p for p in paths if (p.predictor, p.outcome) == key}
        label = f"{key[0]} → {key[1]} · {page.label(key[0])}"
        drawn = [_estimate(page, mark, analysis, found.get(analysis)) for analysis in analyses]
        groups.append(Group(label, tuple(drawn)))
        for analysis, path in found.items():
            s = path.standardised
            exact = None if s.lower is None or s.upper is None else f"[{s.lower!r}, {s.upper!r}]"
            rows.append(
                row(
                    f"{short(key[0], 30)} → {short(key[1], 30)}",
                    [
                        Cell(analysis_label(page, analysis), analysis),
                        Cell(numbers.integer(path.n), path.n),
                        Cell(numbers.bounded(s.estimate), s.estimate),
                        Cell(numbers.range(s, bounded=True), exact),
                    ],
                )
            )
    columns = (
        Column(words("paths.path"), align="text", name="path"),
        Column(words("sensitivity.analysis"), align="text", name="analysis"),
        Column("n"),
        Column(words("forest.estimate"), name="estimate"),
        Column(words("ci", level=95), name="interval"),
    )
    title = words.text("sensitivity.title", role=role.title)
    data = page.data(Table(f"sensitivity_{page.slug(role.role)}", title, columns, tuple(rows)))
    axis = Axis(words.text("forest.axis"), -0.2, 0.6, 0.0, lambda v: numbers.bounded(v, 1))
    text = " ".join(f"{g.label}: " + "; ".join(f"{r.mark.label} {r.text}" for r in g.rows) + "." for g in groups)
    return page.figure(
        f"sensitivity-{page.slug(role.role)}", title, words("sensitivity.caption"), text,
        lambda frame: draw_forest(frame, tuple(groups), axis), data=data,
    )  # fmt: skip


def _estimate(page: Page, mark: Mark, analysis: str, path: PathEstimate | None) -> Estimate:
    named = Mark(analysis_label(page, analysis), mark.css, mark.shape)
    if path is None or path.standardised.estimate is None:
        return Estimate(named, None, None, None, page.words.text("forest.absent"))
    s = path.standardised
    text = page.numbers.estimate(s, 2, bounded=True)
    return Estimate(named, s.estimate, s.lower, s.upper, text, hollow=analysis != PRIMARY)
