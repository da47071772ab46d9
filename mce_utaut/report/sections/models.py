"""The named models side by side: the same paths under each of them, and tests of those nested in another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from mce_utaut.report.fits import PRIMARY, explained
from mce_utaut.report.page import Page, short
from mce_utaut.report.table import Cell, Column, Row, Table, group_row, missing_cell, row
from mce_utaut.study.result import ModelFit, PathEstimate, RoleResult


def models_table(page: Page) -> Table | None:
    """Standardised paths and R² under every model of the main analysis; None where there is only one."""
    words = page.words
    names = dict.fromkeys(m.name for role in page.result.roles for m in _structural(role))
    if len(names) < 2:
        return None
    columns = [Column(words("paths.path"), align="text", name="path")]
    for name in names:
        columns += [
            Column("β", name="estimate", spanner=short(name, 40)),
            Column(words("ci"), name="interval", spanner=short(name, 40)),
        ]
    rows: list[Row] = []
    for role in page.result.roles:
        models = {m.name: m for m in _structural(role)}
        if len(models) < 2:
            continue
        rows.append(group_row(short(role.title, 60)))
        rows += _path_rows(page, role, names)
        rows += _explained_rows(page, role, models, names)
    return page.table(Table("models", words("models.title"), tuple(columns), tuple(rows), (words("models.note"),)))


def about_models(page: Page) -> list[Markup]:
    """What distinguishes the shipped models, for those that were run."""
    names = dict.fromkeys(m.name for role in page.result.roles for m in _structural(role))
    return [page.words(key) for name in names if page.words.has(key := f"models.about.{name}")]


def _structural(role: RoleResult) -> list[ModelFit]:
    return [m for m in role.models if m.variant == "structural" and m.analysis == PRIMARY and m.fit is not None]


def _path_rows(page: Page, role: RoleResult, names: Mapping[str, None]) -> list[Row]:
    found: dict[tuple[str, str], dict[str, PathEstimate]] = {}
    for path in role.paths:
        if path.analysis == PRIMARY and path.model in names:
            found.setdefault((path.predictor, path.outcome), {})[path.model] = path
    rows = []
    for (predictor, outcome), by_model in found.items():
        cells = [cell for name in names for cell in _path_cells(page, by_model.get(name))]
        rows.append(row(f"{short(predictor, 30)} → {short(outcome, 30)}", cells))
    return rows


def _path_cells(page: Page, path: PathEstimate | None) -> list[Cell]:
    if path is None:
        return [missing_cell(), missing_cell()]
    numbers, s = page.numbers, path.standardised
    exact = None if s.lower is None or s.upper is None else f"[{s.lower!r}, {s.upper!r}]"
    return [Cell(numbers.bounded(s.estimate), s.estimate), Cell(numbers.range(s, bounded=True), exact)]


def _explained_rows(
    page: Page, role: RoleResult, models: Mapping[str, ModelFit], names: Mapping[str, None]
) -> list[Row]:
    outcomes = dict.fromkeys(p.outcome for p in role.paths if p.analysis == PRIMARY)
    rows = []
    for outcome in outcomes:
        cells: list[Cell] = []
        for name in names:
            fit = models[name].fit if name in models else None
            value = explained(fit, outcome) if fit and _predicts(role, name, outcome) else None
            cells += [Cell(page.numbers.bounded(value), value), Cell("", None)]
        rows.append(row(page.words("models.explained", outcome=short(outcome, 30)), cells))
    return rows


def _predicts(role: RoleResult, model: str, outcome: str) -> bool:
    return any(p.model == model and p.outcome == outcome and p.analysis == PRIMARY for p in role.paths)


def differences_table(page: Page) -> Table | None:
    """Tests of a model against one that holds its paths and more; None where the study holds none."""
    words = page.words
    section: Mapping[str, Any] = page.result.sections.get("model_comparison", {}).get("roles", {})
    columns = (
        Column(words("models.comparison"), align="text", name="comparison"),
        Column(words("models.paths"), align="text", name="paths left out"),
        Column("Δχ²", name="chisq difference"),
        Column("Δdf", name="df difference"),
        Column(words("paths.p"), name="p"),
    )
    rows: list[Row] = []
    for role in page.result.roles:
        found = section.get(role.role, {}).get("differences") or ()
        if found:
            rows.append(group_row(short(role.title, 60)))
            rows += [_difference(page, each) for each in found]
    if not rows:
        return None
    note = words("models.differences_note")
    return page.table(Table("model_differences", words("models.differences_title"), columns, tuple(rows), (note,)))


def _difference(page: Page, found: Mapping[str, Any]) -> Row:
    numbers = page.numbers
    paths = ", ".join(_arrow(path) for path in found.get("paths", ()))
    head = page.words.text("models.within", model=short(found["model"], 40), within=short(found["within"], 40))
    return row(
        head,
        [
            Cell(paths, paths),
            Cell(numbers.number(found["chisq_diff"]), found["chisq_diff"]),
            Cell(numbers.integer(found["df_diff"]), found["df_diff"]),
            Cell(numbers.p(found["pvalue"]), found["pvalue"]),
        ],
    )


def _arrow(path: str) -> str:
    outcome, _, predictor = path.partition(" ~ ")
    return f"{predictor} → {outcome}" if predictor else path
