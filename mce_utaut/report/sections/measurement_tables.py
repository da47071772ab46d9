"""The tables of the measurement section: items, scales, loadings."""

from __future__ import annotations

from markupsafe import Markup

from mce_utaut.report.fits import estimate_of, model_fit, parameters
from mce_utaut.report.page import Page, short
from mce_utaut.report.table import Cell, Column, Row, Table, group_row, missing_cell, row
from mce_utaut.study.result import Interval, ItemStatistics, RoleResult, ScaleStatistics


def scales_table(page: Page, role: RoleResult) -> Table | None:
    """Score, reliability and convergent validity of every scale."""
    if not role.scales:
        return None
    words = page.words
    interval = words("ci")
    score, omega, alpha = words("scales.score"), words("scales.omega"), words("scales.alpha")
    columns = (
        Column(words("scales.construct"), align="text", name="construct"),
        Column(words("scales.k"), name="items"),
        Column("n", name="n scored"),
        Column("M", name="mean", spanner=score),
        Column(interval, name="interval", spanner=score),
        Column(words("scales.sd"), name="sd", spanner=score),
        Column("ω", name="estimate", spanner=omega),
        Column(interval, name="interval", spanner=omega),
        Column("α", name="estimate", spanner=alpha),
        Column(interval, name="interval", spanner=alpha),
        Column("CR"),
        Column("AVE"),
    )
    notes = [words("scales.note")]
    notes += [_alpha_note(page, s) for s in role.scales if s.alpha_note]
    rows = tuple(_scale_row(page, scale) for scale in role.scales)
    return page.table(Table(
        f"scales_{page.slug(role.role)}", words("scales.title", role=role.title), columns, rows,
        tuple(dict.fromkeys(notes)),
    ))  # fmt: skip


def _alpha_note(page: Page, scale: ScaleStatistics) -> str | Markup:
    """What has to be said of an alpha, in the report's language."""
    if scale.alpha.estimate is not None and scale.alpha.estimate < 0:
        return page.words("scales.negative_alpha")
    return page.words("scales.two_items") if len(scale.items) == 2 else short(scale.alpha_note, 400)


def _scale_row(page: Page, scale: ScaleStatistics) -> Row:
    numbers = page.numbers
    return row(f"{scale.construct} · {page.label(scale.construct)}", [
        Cell(numbers.integer(len(scale.items)), len(scale.items)),
        Cell(numbers.integer(scale.n_scored), scale.n_scored),
        Cell(numbers.number(scale.mean.estimate), scale.mean.estimate), _ends(page, scale.mean, False),
        Cell(numbers.number(scale.sd), scale.sd),
        Cell(numbers.bounded(scale.omega.estimate), scale.omega.estimate), _ends(page, scale.omega, True),
        Cell(numbers.bounded(scale.alpha.estimate), scale.alpha.estimate), _ends(page, scale.alpha, True),
        Cell(numbers.bounded(scale.cr), scale.cr), Cell(numbers.bounded(scale.ave), scale.ave),
    ])  # fmt: skip


def _ends(page: Page, value: Interval, bounded: bool) -> Cell:
    text = page.numbers.range(value, 2, bounded=bounded)
    if value.lower is None or value.upper is None:
        return Cell(text, None)
    return Cell(text, f"[{value.lower!r}, {value.upper!r}]")


def items_table(page: Page, role: RoleResult) -> Table | None:
    """Every item with its wording and its distribution."""
    if not role.items:
        return None
    words = page.words
    columns = (
        Column(words("items.item"), align="text", name="item"),
        Column(words("items.wording"), align="text", name="wording"),
        Column("n"),
        Column(words("items.missing"), name="missing"),
        Column(words("items.cannot_judge"), name="cannot judge"),
        Column("M", name="mean"),
        Column(words("scales.sd"), name="sd"),
        Column(words("items.skewness"), name="skewness"),
        Column(words("items.kurtosis"), name="kurtosis"),
        Column(words("items.floor"), name="floor"),
        Column(words("items.ceiling"), name="ceiling"),
        Column(words("items.item_rest"), name="item-rest r"),
    )
    rows: list[Row] = []
    for construct in role.constructs:
        members = [item for item in role.items if item.construct == construct.id]
        if members:
            rows.append(group_row(f"{construct.id} · {short(construct.label, 80)}"))
            rows += [_item_row(page, item) for item in members]
    known = {construct.id for construct in role.constructs}
    rows += [_item_row(page, item) for item in role.items if item.construct not in known]
    notes = [words("items.note"), words("suppressed.note", limit=page.result.disclosure_limit)]
    if any(not item.anchor for item in role.items):
        notes.insert(1, words("items.specific_note"))
    return page.table(Table(
        f"items_{page.slug(role.role)}", words("items.title", role=role.title), columns, tuple(rows),
        tuple(notes), language=page.result.language,
    ))  # fmt: skip


def _item_row(page: Page, item: ItemStatistics) -> Row:
    numbers = page.numbers
    people = item.n + item.missing
    judged = item.cannot_judge
    cannot = judged / people if people and judged is not None else None
    ends = [
        page.hidden() if share is None and item.n else Cell(numbers.percent(share), share)
        for share in (item.floor, item.ceiling)
    ]
    return row(short(item.item, 20) + ("" if item.anchor else "*"), [
        Cell(short(item.text, 12000), item.text),
        Cell(numbers.integer(item.n), item.n), Cell(numbers.integer(item.missing), item.missing),
        page.hidden() if judged is None else Cell(numbers.percent(cannot), cannot),
        Cell(numbers.number(item.mean, digits_of(item)), item.mean),
        Cell(numbers.number(item.sd, digits_of(item)), item.sd), Cell(numbers.number(item.skewness), item.skewness),
        Cell(numbers.number(item.kurtosis), item.kurtosis), *ends,
        Cell(numbers.bounded(item.item_rest), item.item_rest),
    ])  # fmt: skip


def digits_of(item: ItemStatistics) -> int:
    """The decimals of an item's mean: one where it is stored so, because some of its counts are hidden."""
    return 1 if None in item.counts and item.skewness is None else 2


def loadings_table(page: Page, role: RoleResult) -> Table | None:
    """Loadings of the primary measurement model."""
    model = model_fit(page.result, role, "cfa") or model_fit(page.result, role, "structural")
    if model is None or model.fit is None:
        return None
    found = [p for p in parameters(model.fit) if p["op"] == "=~"]
    if not found:
        return None
    words, numbers = page.words, page.numbers
    interval = words("ci")
    columns = (
        Column(words("loadings.indicator"), align="text", name="indicator"),
        Column(words("paths.b"), name="loading", spanner=words("paths.unstandardised")),
        Column(words("paths.se"), name="se", spanner=words("paths.unstandardised")),
        Column("λ", name="loading", spanner=words("paths.standardised")),
        Column(interval, name="interval", spanner=words("paths.standardised")),
    )
    rows: list[Row] = []
    for factor in dict.fromkeys(p["lhs"] for p in found):
        rows.append(group_row(f"{factor} · {page.label(factor)}"))
        for parameter in (p for p in found if p["lhs"] == factor):
            standard = estimate_of(parameter)
            fixed = parameter.get("se") is None
            rows.append(row(short(parameter["rhs"], 30), [
                Cell(numbers.number(parameter["est"]), parameter["est"]),
                missing_cell() if fixed else Cell(numbers.small(parameter["se"]), parameter["se"]),
                Cell(numbers.bounded(standard.estimate), standard.estimate), _ends(page, standard, True),
            ]))  # fmt: skip
    return page.table(Table(
        f"loadings_{page.slug(role.role)}", words("loadings.title", role=role.title), columns, tuple(rows),
        (words("loadings.note", model=model.name, n=numbers.integer(model.n)),),
    ))  # fmt: skip
