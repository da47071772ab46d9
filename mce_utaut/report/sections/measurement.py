"""How well it was measured: answers to each item, scales, discriminant validity, and what is weak about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from mce_utaut.report.figures.forest import Axis, Estimate, Group, draw_forest
from mce_utaut.report.figures.heatmap import Square, draw_heatmap
from mce_utaut.report.fits import model_fit
from mce_utaut.report.page import Figure, Page, short
from mce_utaut.report.sections.further import common_method_table, factorability_table
from mce_utaut.report.sections.likert import likert_figure
from mce_utaut.report.sections.measurement_tables import items_table, loadings_table, scales_table
from mce_utaut.report.sections.method_checks import marker_tables, method_checks
from mce_utaut.report.table import Cell, Column, Table, missing_cell, row
from mce_utaut.study.method_choice import LEAST_FOR_REGRESSION
from mce_utaut.study.result import DiscriminantValidity, Interval, RoleResult, ScaleStatistics

STRICT_HTMT, RELIABILITY_GUIDE, AVE_GUIDE, ITEM_REST_GUIDE = 0.85, 0.70, 0.50, 0.30


@dataclass(frozen=True, slots=True)
class RoleMeasurement:
    """What the section shows of one role."""

    role: RoleResult
    css: str
    slug: str
    likert: Figure | None
    scales: Table | None
    weak: list[Markup]
    discriminant: Figure | None
    findings: tuple[str, ...]
    absent: Markup | None
    loadings: Table | None
    items: Table | None


def build(page: Page) -> Mapping[str, Any]:
    """The profile of all roles, then one block per role."""
    return {
        "profile": profile(page),
        "blocks": [_block(page, role) for role in page.result.roles],
        "factorability": factorability_table(page),
        "common_method": common_method_table(page),
        "least_for_method": LEAST_FOR_REGRESSION,
        "method_checks": method_checks(page),
        "markers": marker_tables(page),
    }


def _block(page: Page, role: RoleResult) -> RoleMeasurement:
    likert = likert_figure(page, role)
    scales = scales_table(page, role)
    weak = _weaknesses(page, role)
    figure = _heatmap(page, role, role.discriminant) if role.discriminant else None
    absent = None
    if role.discriminant is None:
        absent = page.words("measurement.no_model", role=role.title, reason=_why_no_model(page, role))
    return RoleMeasurement(
        role, page.mark(role.role).css, page.slug(role.role), likert, scales, weak, figure,
        role.discriminant.findings if role.discriminant else (), absent, loadings_table(page, role),
        items_table(page, role),
    )  # fmt: skip


def _why_no_model(page: Page, role: RoleResult) -> str:
    if role.method.kind != "sem":
        return role.method.reason
    model = model_fit(page.result, role, "cfa")
    return (model.refusal if model is not None else "") or page.words.text("measurement.unusable")


def profile(page: Page, *, rogers: bool = False) -> Figure | None:
    """Mean of every construct on 0-100 with its interval, roles side by side."""
    roles = page.result.roles
    names = dict.fromkeys(
        scale.construct for role in roles for scale in role.scales
        if _is_rogers(page, role, scale.construct) == rogers
    )  # fmt: skip
    if not names:
        return None
    stem = "attributes" if rogers else "profile"
    groups = []
    columns = [Column(page.words("scales.construct"), align="text")]
    for role in roles:
        title = short(role.title, 40)
        columns += [Column(page.words("scales.mean_100"), name="mean", spanner=title),
                    Column(page.words("ci"), name="interval", spanner=title)]  # fmt: skip
    table_rows = []
    for name in names:
        rows, cells = [], []
        for role in roles:
            value = _pomp(role, name)
            rows.append(_estimate(page, role, value))
            cells += interval_cells(page, value, 1)
        label = f"{name} · {page.label(name)}"
        groups.append(Group(label, tuple(rows)))
        table_rows.append(row(label, cells))
    axis = Axis(page.words.text("scales.axis_100"), 0.0, 100.0, 50.0, lambda v: page.numbers.integer(v), True)
    one = "_one" if len(roles) == 1 and not rogers else ""
    title = page.words.text(f"{stem}.title{one}")
    data = page.data(Table(stem, title, tuple(columns), tuple(table_rows)))
    text = " ".join(f"{g.label}: " + "; ".join(f"{r.mark.label} {r.text}" for r in g.rows) + "." for g in groups)
    return page.figure(
        stem, title, page.words(f"{stem}.caption{one}"), text,
        lambda frame: draw_forest(frame, tuple(groups), axis), data=data,
    )  # fmt: skip


def interval_cells(page: Page, value: Interval | None, digits: int, *, bounded: bool = False) -> list[Cell]:
    """Estimate and interval as two cells."""
    if value is None or value.estimate is None:
        return [missing_cell(), missing_cell()]
    numbers = page.numbers
    point = numbers.bounded(value.estimate, digits) if bounded else numbers.number(value.estimate, digits)
    ends = numbers.range(value, digits, bounded=bounded)
    exact = None if value.lower is None or value.upper is None else f"[{value.lower!r}, {value.upper!r}]"
    return [Cell(point, value.estimate), Cell(ends, exact)]


def _is_rogers(page: Page, role: RoleResult, name: str) -> bool:
    construct = page.construct(role, name)
    return construct is not None and construct.rogers


def _pomp(role: RoleResult, name: str) -> Interval | None:
    found = next((scale for scale in role.scales if scale.construct == name), None)
    return found.pomp if found is not None and found.pomp.estimate is not None else None


def _estimate(page: Page, role: RoleResult, value: Interval | None) -> Estimate:
    mark = page.mark(role.role)
    if value is None:
        return Estimate(mark, None, None, None, page.words.text("not_available"))
    return Estimate(mark, value.estimate, value.lower, value.upper, page.numbers.estimate(value, 0))


def _weaknesses(page: Page, role: RoleResult) -> list[Markup]:
    """Sentences for scales and items that fall short of the usual guides."""
    reliability = [(s.construct, _reliability(s)) for s in role.scales]
    extracted = [(s.construct, s.ave) for s in role.scales]
    rest = [(short(i.item, 20), i.item_rest) for i in role.items if i.anchor]
    checks = (
        ("weak_reliability", reliability, RELIABILITY_GUIDE),
        ("weak_ave", extracted, AVE_GUIDE),
        ("weak_items", rest, ITEM_REST_GUIDE),
    )
    out = []
    for key, values, guide in checks:
        names = [_below(page, name, value, guide) for name, value in values if value is not None and value < guide]
        if names:
            out.append(page.words(f"measurement.{key}", names=", ".join(names)))
    return out


def _reliability(scale: ScaleStatistics) -> float | None:
    return scale.alpha.estimate if scale.omega.estimate is None else scale.omega.estimate


def _below(page: Page, name: str, value: float, guide: float) -> str:
    """``FC (.48)``, with as many digits as show that the value is below the guide."""
    digits = 2 if page.numbers.bounded(value) != page.numbers.bounded(guide) else 3
    return f"{name} ({page.numbers.bounded(value, digits)})"


def _heatmap(page: Page, role: RoleResult, found: DiscriminantValidity) -> Figure:
    words, numbers = page.words, page.numbers
    names = found.htmt.names
    k = len(names)
    above = {(a, b): interval for a, b, interval in found.correlations}
    above |= {(b, a): interval for a, b, interval in found.correlations}
    values: list[list[float | None]] = [[None] * k for _ in range(k)]
    texts = [["—"] * k for _ in range(k)]
    marked = set()
    for i in range(k):
        for j in range(k):
            if i == j:
                root = _at(found.fornell_larcker.names, found.fornell_larcker.values, names[i], names[i])
                texts[i][j] = numbers.bounded(root) if root is not None else "–"
            elif j < i:
                values[i][j] = found.htmt.values[i][j]
                texts[i][j] = numbers.bounded(values[i][j])
            else:
                interval = above.get((names[i], names[j]))
                values[i][j] = interval.estimate if interval else None
                texts[i][j] = numbers.bounded(values[i][j])
            value = values[i][j]
            if i != j and value is not None and abs(value) >= STRICT_HTMT:
                marked.add((i, j))
    square = Square(
        tuple(short(name, 12) for name in names),
        tuple(map(tuple, texts)),
        tuple(map(tuple, values)),
        frozenset(marked),
    )  # fmt: skip
    title = words.text("heatmap.title", role=role.title)
    data = page.data(_pairs(page, role, found, title))
    return page.figure(
        f"discriminant-{page.slug(role.role)}", title, words("heatmap.caption"), _pairs_text(page, found),
        lambda frame: draw_heatmap(frame, square), data=data, width=520.0,
    )  # fmt: skip


def _at(names: tuple[str, ...], values: tuple[tuple[float | None, ...], ...], a: str, b: str) -> float | None:
    return values[names.index(a)][names.index(b)] if a in names and b in names else None


def _pairs(page: Page, role: RoleResult, found: DiscriminantValidity, title: str) -> Table:
    words, numbers = page.words, page.numbers
    interval_head = words("ci")
    ratios = {frozenset((a, b)): interval for a, b, interval in found.htmt_intervals}
    columns = (
        Column(words("heatmap.pair"), align="text", name="pair"),
        Column("HTMT"),
        Column(interval_head, name="HTMT interval"),
        Column(words("heatmap.correlation"), name="latent correlation"),
        Column(interval_head, name="interval"),
    )
    rows = []
    for a, b, interval in found.correlations:
        ratio = ratios.get(frozenset((a, b)))
        htmt = _at(found.htmt.names, found.htmt.values, a, b)
        if htmt is None:
            htmt = _at(found.htmt.names, found.htmt.values, b, a)
        cells = [Cell(numbers.bounded(htmt), htmt)]
        cells += [interval_cells(page, ratio, 2, bounded=True)[1]] if ratio else [missing_cell()]
        rows.append(row(f"{a} – {b}", [*cells, *interval_cells(page, interval, 2, bounded=True)]))
    return Table(f"discriminant_{page.slug(role.role)}", title, columns, tuple(rows))


def _pairs_text(page: Page, found: DiscriminantValidity) -> str:
    numbers = page.numbers
    parts = [f"{a}–{b} {numbers.estimate(interval, 2, bounded=True)}" for a, b, interval in found.correlations]
    return page.words.text("heatmap.text", pairs="; ".join(parts))
