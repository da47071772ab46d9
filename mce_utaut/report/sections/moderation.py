"""Moderators: whether paths differ between groups or along a number; figures of the slopes; verdicts in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from mce_utaut.report.figures.slopes import Panel, draw_slopes
from mce_utaut.report.page import Figure, Page, short
from mce_utaut.report.sections.further import by_role, note
from mce_utaut.report.table import Cell, Column, Row, Table, group_row, row, text_cell
from mce_utaut.study.result import Interval, RoleResult


@dataclass(frozen=True, slots=True)
class RoleModeration:
    """A role's tests as a table (None where the study names no moderator of it), its figures, and its verdicts, each
    sentence once with the claims, (id, claim), that it is about."""

    title: str
    table: Table | None
    figures: tuple[Figure, ...]
    verdicts: tuple[tuple[tuple[tuple[str, str], ...], str], ...]


def moderation(page: Page) -> Mapping[str, Any]:
    """The note and every role's part; ``tested`` is false where the study names no moderator, and ``roles`` then only
    hold the hypotheses about some."""
    roles = [_role(page, role, found) for role, found in by_role(page, "moderation")]
    tested = any(each.table is not None for each in roles)
    return {"note": note(page, "moderation") if tested else "", "roles": roles, "tested": tested}


def _role(page: Page, role: RoleResult, found: Mapping[str, Any]) -> RoleModeration:
    table = _table(page, role, found) if found["moderators"] else None
    drawn = [_figure(page, role, each, i) for i, each in enumerate(found["moderators"], start=1)]
    figures = tuple(figure for figure in drawn if figure is not None)
    about: dict[str, list[tuple[str, str]]] = {}
    for verdict in found["verdicts"]:
        claim = short(verdict["id"], 20), short(verdict["claim"], 300)
        about.setdefault(short(verdict["sentence"], 500), []).append(claim)
    verdicts = tuple((tuple(claims), sentence) for sentence, claims in about.items())
    return RoleModeration(role.title, table, figures, verdicts)


def _table(page: Page, role: RoleResult, found: Mapping[str, Any]) -> Table:
    words = page.words
    interval = words("ci")
    raw, standard = words("paths.unstandardised"), words("paths.standardised")
    columns = (
        Column(words("moderation.test"), align="text", name="test"),
        Column(words("moderation.change"), name="estimate", spanner=raw),
        Column(interval, name="interval", spanner=raw),
        Column(words("moderation.change"), name="estimate", spanner=standard),
        Column(interval, name="interval", spanner=standard),
        Column(words("paths.p"), name="p"), Column(words("moderation.p_holm"), name="p holm"),
    )  # fmt: skip
    rows: list[Row] = []
    for each in found["moderators"]:
        rows.append(group_row(_heading(page, each)))
        rows += [_size(page, group) for group in each["groups"]]
        if each["refusal"]:
            rows.append(_told(words("regression.not_run"), short(each["refusal"], 400)))
        if each["omnibus"]:
            rows.append(_told(words("moderation.all_paths"), _omnibus(page, each)))
        rows += [_difference(page, d) for d in each["differences"]]
        for interaction in each["interactions"]:
            rows += _interaction(page, interaction)
    title = page.about("moderation.title", role=role.title)
    notes = (words("moderation.table_note"),)
    return page.table(Table(f"moderation_{page.slug(role.role)}", title, columns, tuple(rows), notes))


def _told(head: str | Markup, text: str | Markup) -> Row:
    return Row((text_cell(head), text_cell(text)), spread=True)


def _heading(page: Page, found: Mapping[str, Any]) -> str:
    kind = found["kind"] or "none"
    return f"{short(found['title'], 110)} ({page.words.text(f'moderation.kind.{kind}')})"


def _size(page: Page, group: Mapping[str, Any]) -> Row:
    n = page.hidden().text if group["n"] is None else page.numbers.integer(group["n"])
    said = f" ({short(group['reason'], 80)})" if group["reason"] else ""
    return _told(short(group["label"], 80), Markup("n = {}{}").format(n, said))


def _omnibus(page: Page, found: Mapping[str, Any]) -> Markup:
    test, numbers = found["omnibus"], page.numbers
    return page.words(
        "differences.omnibus", chisq=numbers.number(test["chisq_diff"]), df=numbers.integer(test["df_diff"]),
        p=numbers.p_equals(test["pvalue"]),
    )  # fmt: skip


def _difference(page: Page, found: Mapping[str, Any]) -> Row:
    pair = f"{short(found['group_label'], 40)} − {short(found['reference_label'], 40)}"
    return row(f"{found['predictor']} → {found['outcome']}: {pair}", _cells(page, found))


def _interaction(page: Page, found: Mapping[str, Any]) -> list[Row]:
    head = f"{found['predictor']} → {found['outcome']}"
    if found["refusal"]:
        return [_told(head, short(found["refusal"], 400))]
    where = short(found["region"]["sentence"], 300)
    return [row(head, _cells(page, found)), _told(page.words("moderation.where"), where)]


def _cells(page: Page, found: Mapping[str, Any]) -> list[Cell]:
    numbers = page.numbers
    raw = Interval(found["estimate"], found["lower"], found["upper"])
    beta = Interval(found["standardised"], found["standardised_lower"], found["standardised_upper"])
    return [
        Cell(numbers.number(raw.estimate), raw.estimate), Cell(numbers.range(raw), page.exact(raw)),
        Cell(numbers.bounded(beta.estimate), beta.estimate),
        Cell(numbers.range(beta, bounded=True), page.exact(beta)), Cell(numbers.p(found["p"]), found["p"]),
        Cell(numbers.p(found["p_holm"]), found["p_holm"]),
    ]  # fmt: skip


def _figure(page: Page, role: RoleResult, found: Mapping[str, Any], index: int) -> Figure | None:
    drawn = [each for each in found["interactions"] if each["curve"]]
    if not drawn:
        return None
    words, numbers = page.words, page.numbers
    title = words.text("moderation.figure", moderator=short(found["title"], 80), role=role.title)
    panels = [
        Panel(
            f"{each['predictor']} · {page.label(each['predictor'])}",
            tuple((c["value"], c["estimate"], c["lower"], c["upper"]) for c in each["curve"]),
            tuple((s["value"], s["estimate"]) for s in each["slopes"]),
        )
        for each in drawn
    ]  # fmt: skip
    name = f"slopes-{page.slug(role.role)}-{index}"
    text = " ".join(f"{each['predictor']}: {each['region']['sentence']}" for each in drawn)
    mark = page.mark(role.role)
    return page.figure(
        name, title, page.about("moderation.caption"), text,
        lambda frame: draw_slopes(frame, mark, panels, short(found["title"], 90), lambda v: numbers.number(v, 1)),
        data=page.data(_slopes(page, name, title, drawn)),
    )  # fmt: skip


def _slopes(page: Page, name: str, title: str, drawn: list[Mapping[str, Any]]) -> Table:
    words, numbers = page.words, page.numbers
    columns = (
        Column(words("points.predictor"), align="text", name="predictor"),
        Column(words("moderation.value"), name="value"),
        Column(words("moderation.label"), align="text", name="label"), Column(words("moderation.slope"), name="slope"),
        Column(words("ci"), name="interval"), Column(words("paths.p"), name="p"),
    )  # fmt: skip
    rows = []
    for each in drawn:
        for slope in each["slopes"]:
            value = Interval(slope["estimate"], slope["lower"], slope["upper"])
            rows.append(row(each["predictor"], [
                Cell(numbers.number(slope["value"]), slope["value"]), text_cell(short(slope["label"], 60) or "—"),
                Cell(numbers.number(value.estimate), value.estimate), Cell(numbers.range(value), page.exact(value)),
                Cell(numbers.p(slope["p"]), slope["p"]),
            ]))  # fmt: skip
    return Table(name.replace("-", "_"), title, columns, tuple(rows))
