"""Missing answers by item and pattern: a figure per role with the kinds of missing answers as its data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mce_utaut.report.figures.missingness import Gaps, draw_missingness
from mce_utaut.report.page import Figure, Page, short
from mce_utaut.report.sections.further import by_role
from mce_utaut.report.table import Cell, Column, Table, row
from mce_utaut.study.result import RoleResult

KINDS = ("cannot_judge", "no_answer", "not_shown", "unknown_blank")


def missingness_figures(page: Page) -> list[Figure]:
    """One figure for each role in which an item of the model is missing (section ``screening``)."""
    return [
        _figure(page, role, found)
        for role, found in by_role(page, "screening")
        if any(each["missing"] for each in found.get("missing_items") or ())
    ]


def _figure(page: Page, role: RoleResult, found: Mapping[str, Any]) -> Figure:
    words, numbers = page.words, page.numbers
    items = found["missing_items"]
    patterns = [each for each in found.get("missing_patterns") or () if each["missing"] is not None]
    rest = next((each for each in found.get("missing_patterns") or () if each["missing"] is None), None)
    gaps = Gaps(
        tuple((short(each["item"], 12), each["share"], numbers.percent(each["share"])) for each in items),
        tuple((frozenset(short(name, 12) for name in each["items"]), numbers.integer(each["n"])) for each in patterns),
        words.text("missingness.people"), words.text("missingness.share"),
    )  # fmt: skip
    caption = words("missingness.caption")
    if rest is not None:
        caption += " " + words(
            "missingness.rest", people=numbers.integer(rest["n"]), patterns=numbers.integer(rest["patterns"])
        )
    columns = (
        Column(words("items.item"), align="text", name="item"), Column("n"),
        Column(words("items.missing"), name="missing"), Column("%", name="share"),
        *(Column(words(f"missingness.kinds.{kind}"), name=kind) for kind in KINDS),
    )  # fmt: skip
    rows = [
        row(short(each["item"], 20), [
            Cell(numbers.integer(each["n"]), each["n"]), Cell(numbers.integer(each["missing"]), each["missing"]),
            Cell(numbers.number(100 * each["share"], 1), each["share"]),
            *(page.hidden() if each[kind] is None else Cell(numbers.integer(each[kind]), each[kind]) for kind in KINDS),
        ])
        for each in items
    ]  # fmt: skip
    title = words.text("missingness.title", role=role.title)
    some_hidden = any(each[kind] is None for each in items for kind in KINDS)
    notes = (words("suppressed.note", limit=page.result.disclosure_limit),) if some_hidden else ()
    data = page.data(Table(f"missingness_{page.slug(role.role)}", title, columns, tuple(rows), notes))
    text = "; ".join(f"{code} {said}" for code, _, said in gaps.items)
    return page.figure(
        f"missingness-{page.slug(role.role)}", title, caption, words.text("missingness.text", items=text),
        lambda frame: draw_missingness(frame, gaps), data=data, width=620.0,
    )  # fmt: skip
