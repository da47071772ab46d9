"""Would other choices change the result? Each path under every analysis that was run."""

from __future__ import annotations

import re
from collections.abc import Mapping

from markupsafe import Markup

from mce_utaut.report.figures.forest import Axis, Estimate, Group, draw_forest
from mce_utaut.report.figures.frame import Mark
from mce_utaut.report.fits import PRIMARY, model_fit
from mce_utaut.report.page import Figure, Page, short
from mce_utaut.report.table import Cell, Column, Row, Table, row
from mce_utaut.study.method_choice import LEAST_FOR_SEM
from mce_utaut.study.result import Interval, PathEstimate, RoleResult
from mce_utaut.study.structure import ML_COMPLETE


def sensitivity_figures(page: Page) -> list[Figure]:
    """One figure per role with more than one analysis of the primary model."""
    return [figure for role in page.result.roles if (figure := _figure(page, role)) is not None]


def complete_answers(page: Page) -> list[Markup]:
    """Per role whose model uses incomplete answers too, why no analysis of the complete ones stands beside."""
    told = []
    for role in page.result.roles:
        main = model_fit(page.result, role, "structural")
        ran = any(path.analysis == ML_COMPLETE for path in role.paths)
        if main is None or not main.fit or main.fit.get("missing") != "fiml" or ran:
            continue
        screened = page.result.sections.get("screening", {}).get("roles", {}).get(role.role, {})
        n = (screened.get("mardia") or {}).get("n")
        if n is not None and n < LEAST_FOR_SEM:
            told.append(page.words("sensitivity.no_complete", role=short(role.title, 60), n=n, least=LEAST_FOR_SEM))
    return told


def analysis_label(page: Page, analysis: str) -> str:
    """The name of an analysis for people."""
    name = analysis.removeprefix("sensitivity:").strip()
    key = "analysis." + re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_")
    return page.words.text(key) if page.words.has(key) else short(name, 80)


def _figure(page: Page, role: RoleResult) -> Figure | None:
    paths = [p for p in role.paths if p.model in (page.result.primary_model, "")]
    analyses = dict.fromkeys(p.analysis for p in paths)
    by_scores = _regressions(page, role)
    if PRIMARY not in analyses or len(analyses) + len(by_scores) < 2:
        return None
    words, numbers, mark = page.words, page.numbers, page.mark(role.role)
    groups, rows = [], []
    for key in dict.fromkeys((p.predictor, p.outcome) for p in paths):
        found = {p.analysis: p for p in paths if (p.predictor, p.outcome) == key}
        label = f"{key[0]} → {key[1]} · {page.label(key[0])}"
        drawn = [_estimate(page, mark, analysis, found.get(analysis)) for analysis in analyses]
        scored = [(title, rows_of[key]) for title, rows_of in by_scores.items() if key in rows_of]
        drawn += [_drawn(page, Mark(title, mark.css, mark.shape), s, hollow=True) for title, (_, s) in scored]
        groups.append(Group(label, tuple(drawn)))
        listed = [(analysis_label(page, a), p.n, p.standardised) for a, p in found.items()]
        listed += [(title, n, s) for title, (n, s) in scored]
        rows += [_row(page, key, title, n, s) for title, n, s in listed]
    columns = (
        Column(words("paths.path"), align="text", name="path"),
        Column(words("sensitivity.analysis"), align="text", name="analysis"),
        Column("n"),
        Column(words("forest.estimate"), name="estimate"),
        Column(words("ci"), name="interval"),
    )
    title = words.text("sensitivity.title", role=role.title)
    data = page.data(Table(f"sensitivity_{page.slug(role.role)}", title, columns, tuple(rows)))
    axis = Axis(words.text("forest.axis"), -0.2, 0.6, 0.0, lambda v: numbers.bounded(v, 1))
    text = " ".join(f"{g.label}: " + "; ".join(f"{r.mark.label} {r.text}" for r in g.rows) + "." for g in groups)
    return page.figure(
        f"sensitivity-{page.slug(role.role)}", title, words("sensitivity.caption"), text,
        lambda frame: draw_forest(frame, tuple(groups), axis), data=data,
    )  # fmt: skip


def _row(page: Page, key: tuple[str, str], title: str, n: int, s: Interval) -> Row:
    numbers = page.numbers
    cells = [
        Cell(title, title),
        Cell(numbers.integer(n), n),
        Cell(numbers.bounded(s.estimate), s.estimate),
        Cell(numbers.range(s, bounded=True), page.exact(s)),
    ]
    return row(f"{short(key[0], 30)} → {short(key[1], 30)}", cells)


def _regressions(page: Page, role: RoleResult) -> dict[str, dict[tuple[str, str], tuple[int, Interval]]]:
    """Standardised coefficients of the regressions of scale scores: title -> path -> (n, estimate)."""
    section = page.result.sections.get("regression", {})
    found = section.get("roles", {}).get(role.role, {})
    titles = {each["analysis"]: short(each["title"], 60) for each in found.get("analyses", ())}
    out: dict[str, dict[tuple[str, str], tuple[int, Interval]]] = {}
    for each in found.get("rows", ()):
        value = Interval(each["beta"], each["beta_lower"], each["beta_upper"])
        title = _title(page, each["analysis"], titles)
        out.setdefault(title, {})[each["predictor"], section["outcome"]] = (each["n"], value)
    return out


def _title(page: Page, analysis: str, titles: Mapping[str, str]) -> str:
    key = f"sensitivity.scores.{analysis}"
    if page.words.has(key):
        return page.words.text(key)
    return page.words.text("sensitivity.regression", title=titles.get(analysis, analysis))


def _estimate(page: Page, mark: Mark, analysis: str, path: PathEstimate | None) -> Estimate:
    named = Mark(analysis_label(page, analysis), mark.css, mark.shape)
    return _drawn(page, named, path.standardised if path else None, hollow=analysis != PRIMARY)


def _drawn(page: Page, mark: Mark, s: Interval | None, *, hollow: bool) -> Estimate:
    if s is None or s.estimate is None:
        return Estimate(mark, None, None, None, page.words.text("forest.absent"))
    return Estimate(mark, s.estimate, s.lower, s.upper, page.numbers.estimate(s, 2, bounded=True), hollow=hollow)
