"""The Likert figures: what people answered to each item, with one scale for all roles."""

from __future__ import annotations

import math

from mce_utaut.report.figures.likert import LikertItem, LikertWords, Reach, Segment, draw_likert
from mce_utaut.report.page import Figure, Page, short
from mce_utaut.report.sections.measurement_tables import digits_of
from mce_utaut.report.table import Cell, Column, Row, Table, group_row, row
from mce_utaut.study.result import ItemStatistics, RoleResult

_MOST_OF_A_PART = 4  # items


def likert_figure(page: Page, role: RoleResult) -> Figure | None:
    """The figure of a role's items on the agreement scale, sorted by construct, then by mean."""
    values = tuple(value for value, _ in role.scale_labels)
    items = [item for item in role.items if item.values == values and item.n]
    if len(values) < 2 or all(segments_of(page, item)[0] is None for item in items):
        return None
    groups = []
    for construct in role.constructs:
        members = sorted(
            (item for item in items if item.construct == construct.id), key=lambda item: -(item.mean or 0.0)
        )
        if members:
            groups.append((f"{construct.id} · {short(construct.label, 70)}", members))
    words = LikertWords(
        tuple(short(label, 60) for _, label in role.scale_labels),
        page.words.text("likert.cannot_judge") if _any_cannot_judge(page) else "", "n",
        page.words.text("likert.missing"), page.words.text("likert.mean"),
    )  # fmt: skip
    drawn = tuple(
        (label, _description(page, part), tuple(_item(page, item) for item in part))
        for label, members in groups for part in _parts(members)
    )
    reach = _reach(page)
    title = page.words.text("likert.title", role=role.title)
    return page.figure(
        f"likert-{page.slug(role.role)}", title, page.words("likert.caption"), "",
        lambda frame: draw_likert(frame, drawn, words, reach), data=page.data(_data(page, role, groups, title)),
        width=860.0,
    )  # fmt: skip


def _parts(members: list[ItemStatistics]) -> list[list[ItemStatistics]]:
    """``members`` in parts of nearly equal size that a printed page can end between."""
    size = math.ceil(len(members) / math.ceil(len(members) / _MOST_OF_A_PART))
    return [members[at : at + size] for at in range(0, len(members), size)]


def _any_cannot_judge(page: Page) -> bool:
    return any(item.cannot_judge != 0 for role in page.result.roles for item in role.items)


def _reach(page: Page) -> Reach:
    left, right, cannot = 0.05, 0.05, 0.05
    for role in page.result.roles:
        for item in role.items:
            segments, before = segments_of(page, item)
            if segments:
                left = max(left, before)
                right = max(right, sum(s.share for s in segments) - before)
                cannot = max(cannot, _cannot_judge(item))
    return Reach(left, right, cannot)


def _cannot_judge(item: ItemStatistics) -> float:
    """The share of those who could not judge; 0 where the count is hidden or nobody was asked."""
    return (item.cannot_judge or 0) / (item.n + item.missing) if item.n + item.missing else 0.0


def _item(page: Page, item: ItemStatistics) -> LikertItem:
    segments, left = segments_of(page, item)
    share = _cannot_judge(item)
    numbers = page.numbers
    return LikertItem(
        short(item.item, 12), short(item.text, 400), segments, left, page.words.text("likert.hidden"), share,
        _cannot_judge_text(page, item), numbers.integer(item.n),
        numbers.integer(item.missing), numbers.number(item.mean, digits_of(item)),
    )  # fmt: skip


def _cannot_judge_text(page: Page, item: ItemStatistics) -> str:
    if item.cannot_judge is None:
        return page.words.text("suppressed.mark")
    return page.numbers.percent(_cannot_judge(item)) if item.cannot_judge else "0"


def segments_of(page: Page, item: ItemStatistics) -> tuple[tuple[Segment, ...] | None, float]:
    """The pieces of an item's bar and the share of them left of the middle. Categories that may not be shown
    alone are joined with their neighbours; None where not even a side may be shown."""
    counts, n, k = item.counts, item.n, len(item.counts)
    if not n or k < 2:
        return None, 0.0
    half = k // 2
    sides = item.sides if k % 2 else None
    if sides is None:
        if any(count is None for count in counts):
            return None, 0.0
        middle = counts[half] or 0 if k % 2 else 0
        below = sum(count or 0 for count in counts[:half])
        segments = [_segment(page, count or 0, n, index) for index, count in enumerate(counts)]
        return tuple(segments), (below + middle / 2) / n
    below, middle, above = sides
    left_side = _side(page, counts, 0, half, below, n)
    right_side = _side(page, counts, k - half, k, above, n)
    rest = n - sum(side or 0 for side in sides)
    if middle is not None:
        if below is None or above is None:
            return None, 0.0
        return (*left_side, _segment(page, middle, n, half), *right_side), (below + middle / 2) / n
    joined = Segment(rest / n, page.numbers.percent(rest / n), None)
    if below is None and above is not None:
        return (joined, *right_side), rest / n
    if above is None and below is not None:
        return (*left_side, joined), below / n
    return None, 0.0


def _side(
    page: Page, counts: tuple[int | None, ...], start: int, stop: int, total: int | None, n: int
) -> list[Segment]:
    if total is None:
        return []
    rest = total - sum(count or 0 for count in counts[start:stop])
    out: list[Segment] = []
    for index in range(start, stop):
        count = counts[index]
        if count is not None:
            out.append(_segment(page, count, n, index))
        elif rest:
            out.append(Segment(rest / n, page.numbers.percent(rest / n), None))
            rest = 0
    return out


def _segment(page: Page, count: int, n: int, category: int) -> Segment:
    return Segment(count / n, page.numbers.percent(count / n), category)


def _description(page: Page, members: list[ItemStatistics]) -> str:
    means = ", ".join(f"{short(i.item, 12)} {page.numbers.number(i.mean, digits_of(i))}" for i in members)
    return page.words.text("likert.text", means=means)


def _data(page: Page, role: RoleResult, groups: list[tuple[str, list[ItemStatistics]]], title: str) -> Table:
    numbers = page.numbers
    columns = (
        Column(page.words("items.item"), align="text", name="item"),
        *(Column(short(label, 60)) for _, label in role.scale_labels),
        Column(page.words("likert.cannot_judge")),
        Column(page.words("likert.missing")),
        Column("n"),
    )
    rows: list[Row] = []
    hidden = False
    for label, members in groups:
        rows.append(group_row(label))
        for item in members:
            hidden = hidden or None in (*item.counts, item.cannot_judge)
            judged = item.cannot_judge
            cells = [page.hidden() if c is None else Cell(numbers.integer(c), c) for c in item.counts]
            rows.append(row(short(item.item, 20), [
                *cells,
                page.hidden() if judged is None else Cell(numbers.integer(judged), judged),
                Cell(numbers.integer(item.missing), item.missing), Cell(numbers.integer(item.n), item.n),
            ]))  # fmt: skip
    notes = (page.words("suppressed.note", limit=page.result.disclosure_limit),) if hidden else ()
    return Table(f"likert_{page.slug(role.role)}", title, columns, tuple(rows), notes)
