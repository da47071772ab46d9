"""What drives intention: path diagrams, paths by role, fit and what it does not say, hypotheses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from mce_utaut.notes import Note
from mce_utaut.report.figures.forest import Axis, Estimate, Group, draw_forest
from mce_utaut.report.figures.path_diagram import Edge, Node, draw_path_diagram
from mce_utaut.report.fits import EQUIVALENT, explained, latent_names, model_fit, primary_paths
from mce_utaut.report.page import Figure, Page, by_sentence, short
from mce_utaut.report.sections.cutoffs import cutoff_sentences, cutoffs_table
from mce_utaut.report.sections.fit_table import fit_sentences, fit_table, local_fit_table
from mce_utaut.report.sections.further import indirect_table, universities_table
from mce_utaut.report.sections.hypotheses import hypothesis_lines, hypothesis_table
from mce_utaut.report.sections.models import about_models, differences_table, models_table
from mce_utaut.report.sections.moderation import moderation
from mce_utaut.report.sections.path_rows import path_cells_with_error, path_columns, standardised_cells
from mce_utaut.report.sections.pilots import cells_table, tests_table
from mce_utaut.report.sections.points import importance_maps, points_figure
from mce_utaut.report.sections.regression import regressions
from mce_utaut.report.sections.small_samples import small_samples
from mce_utaut.report.sections.waves import waves
from mce_utaut.report.table import Cell, Column, Table, missing_cell, row
from mce_utaut.study.result import PathEstimate, RoleResult


@dataclass(frozen=True, slots=True)
class RoleDrivers:
    """What the section shows of one role."""

    role: RoleResult
    css: str
    slug: str
    method: str
    diagram: Figure | None
    paths: Table | None
    absent: Markup | None
    notes: list[Note]


def build(page: Page) -> Mapping[str, Any]:
    """Per role its diagram and paths; then roles side by side, fit and hypotheses."""
    blocks = [_block(page, role) for role in page.result.roles]
    forest = _forest(page)
    return {
        "blocks": blocks,
        "forest": forest,
        "points": points_figure(page),
        "maps": importance_maps(page),
        "fits": fit_table(page),
        "cutoffs": cutoffs_table(page),
        "cutoff_sentences": cutoff_sentences(page),
        "local_fit": local_fit_table(page),
        "models": models_table(page),
        "about_models": about_models(page),
        "differences": differences_table(page),
        "indirect": indirect_table(page),
        "moderation": moderation(page),
        "regressions": regressions(page),
        "universities": universities_table(page),
        "pilot_cells": cells_table(page),
        "pilot_tests": tests_table(page),
        "small_samples": small_samples(page),
        "fit_sentences": fit_sentences(page),
        "equivalence": _equivalence(page),
        "waves": waves(page),
        "hypotheses": hypothesis_table(page),
        "hypothesis_lines": hypothesis_lines(page),
    }


def _block(page: Page, role: RoleResult) -> RoleDrivers:
    paths = primary_paths(page.result, role)
    table = _paths_table(page, role, paths)
    diagram = _diagram(page, role, paths, table) if role.method.kind in ("sem", "regression") else None
    absent = None
    if diagram is None:
        absent = page.words("drivers.no_diagram")
    model = model_fit(page.result, role, "structural")
    notes = [n for n in (model.notes if model else ()) if n.level != "info" and n.code != EQUIVALENT]
    return RoleDrivers(
        role, page.mark(role.role).css, page.slug(role.role), page.words.text(f"method.{role.method.kind}"),
        diagram, table, absent, notes,
    )  # fmt: skip


def _equivalence(page: Page) -> list[tuple[str, str]]:
    """(role, the sentence that fit says nothing about the paths) where a model is equivalent to its CFA."""
    roles = page.result.roles
    found = [(short(r.title, 60), n.text) for r in roles for m in r.models for n in m.notes if n.code == EQUIVALENT]
    return by_sentence(dict.fromkeys(found))


def _diagram(page: Page, role: RoleResult, paths: tuple[PathEstimate, ...], see: Table | None) -> Figure | None:
    if not paths:
        return None
    words, numbers = page.words, page.numbers
    model = model_fit(page.result, role, "structural")
    fit = model.fit if model is not None and role.method.kind == "sem" else None
    latent = latent_names(fit) if fit else frozenset()
    names = dict.fromkeys([*(p.predictor for p in paths), *(p.outcome for p in paths)])
    nodes = []
    for name in names:
        share = explained(fit, name) if fit else None
        note = f"R² = {numbers.bounded(share)}" if share is not None else ""
        nodes.append(Node(short(name, 12), page.label(name), name in latent, note))
    edges = [
        Edge(
            short(p.predictor, 12), short(p.outcome, 12), numbers.estimate(p.standardised, 2, bounded=True),
            abs(p.standardised.estimate or 0.0), _excludes_zero(p),
        )
        for p in paths
    ]  # fmt: skip
    text = "; ".join(f"{page.label(p.predictor)} → {page.label(p.outcome)} {e.text}" for p, e in zip(paths, edges))
    return page.figure(
        f"paths-{page.slug(role.role)}", page.about("diagram.title", role=role.title).unescape(),
        words("diagram.caption" if fit else "diagram.caption_observed"), words.text("diagram.text", paths=text),
        lambda frame: draw_path_diagram(frame, nodes, edges), see=see,
    )  # fmt: skip


def _excludes_zero(path: PathEstimate) -> bool:
    lower, upper = path.standardised.lower, path.standardised.upper
    return lower is not None and upper is not None and (lower > 0 or upper < 0)


def _paths_table(page: Page, role: RoleResult, paths: tuple[PathEstimate, ...]) -> Table | None:
    if not paths:
        return None
    words, numbers = page.words, page.numbers
    rank = role.method.kind == "correlation"
    sized = any(p.f2 is not None for p in paths)
    standard = words("paths.rank")
    columns = [
        Column(words("paths.path"), align="text", name="path"),
        *([Column("ρ", name="estimate", spanner=standard), Column(words("ci"), name="interval", spanner=standard)]
          if rank else path_columns(page, errors=True)),
        Column(words("paths.p"), name="p"),
        *([Column("f²", name="f2")] if sized else []),
    ]  # fmt: skip
    rows = []
    for p in paths:
        beta = p.standardised
        cells = standardised_cells(page, beta) if rank else path_cells_with_error(page, p.estimate, p.se, beta)
        cells.append(Cell(numbers.p(p.p), p.p))
        if sized:
            cells.append(missing_cell() if p.f2 is None else Cell(numbers.small(p.f2), p.f2))
        rows.append(row(f"{short(p.predictor, 30)} → {short(p.outcome, 30)}", cells))
    notes = [words(f"paths.note_{role.method.kind}", n=numbers.integer(paths[0].n), model=paths[0].model)]
    notes += [words("paths.note_f2")] if sized else []
    title = words("paths.title", role=role.title)
    return page.table(Table(
        f"paths_{page.slug(role.role)}", title, tuple(columns), tuple(rows), tuple(notes)
    ))  # fmt: skip


def _forest(page: Page) -> Figure | None:
    roles = page.result.roles
    by_role = {role.role: primary_paths(page.result, role) for role in roles}
    keys = dict.fromkeys((p.predictor, p.outcome) for paths in by_role.values() for p in paths)
    if not keys:
        return None
    words, numbers = page.words, page.numbers
    groups = []
    for predictor, outcome in keys:
        rows = []
        for role in roles:
            found = next((p for p in by_role[role.role] if (p.predictor, p.outcome) == (predictor, outcome)), None)
            mark = page.mark(role.role)
            if found is None or found.standardised.estimate is None:
                rows.append(Estimate(mark, None, None, None, words.text("forest.absent")))
                continue
            s = found.standardised
            text = numbers.estimate(s, 2, bounded=True)
            rows.append(Estimate(mark, s.estimate, s.lower, s.upper, text, hollow=found.method != "sem"))
        groups.append(Group(f"{predictor} → {outcome} · {page.label(predictor)}", tuple(rows)))
    axis = Axis(words.text("forest.axis"), -0.2, 0.6, 0.0, lambda v: numbers.bounded(v, 1))
    text = " ".join(f"{g.label}: " + "; ".join(f"{r.mark.label} {r.text}" for r in g.rows) + "." for g in groups)
    title = words.text("forest.title" if len(roles) > 1 else "forest.title_one")
    return page.figure(
        "forest", title, words("forest.caption"), text,
        lambda frame: draw_forest(frame, tuple(groups), axis), data=page.data(_forest_data(page, by_role, title)),
    )  # fmt: skip


def _forest_data(page: Page, by_role: Mapping[str, tuple[PathEstimate, ...]], title: str) -> Table:
    words, numbers = page.words, page.numbers
    columns = (
        Column(words("paths.path"), align="text", name="path"),
        Column(words("role"), align="text", name="role"),
        Column(words("method.head"), align="text", name="method"),
        Column("n"),
        Column(words("forest.estimate"), name="estimate"),
        Column(words("ci"), name="interval"),
        Column(words("paths.p"), name="p"),
    )
    rows = []
    for role in page.result.roles:
        for p in by_role[role.role]:
            s = p.standardised
            rows.append(row(f"{short(p.predictor, 30)} → {short(p.outcome, 30)}", [
                Cell(short(role.title, 60), role.role), Cell(words(f"method.short.{p.method}"), p.method),
                Cell(numbers.integer(p.n), p.n), Cell(numbers.bounded(s.estimate), s.estimate),
                Cell(numbers.range(s, bounded=True), page.exact(s)), Cell(numbers.p(p.p), p.p),
            ]))  # fmt: skip
    return Table("paths_by_role", title, columns, tuple(rows))
