"""Diverging bars of the answers to each item: disagreement left, agreement right of the middle category."""

from __future__ import annotations

from dataclasses import dataclass

from mce_utaut.report.figures.frame import Frame
from mce_utaut.report.svg import Drawing, text_width, wrap

_BAR, _SIZE, _LEADING = 20.0, 12.0, 14.5


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a bar: its share of the answers, its text, and its category (None: neighbouring categories
    shown together because one of them is too small to show alone)."""

    share: float
    text: str
    category: int | None


@dataclass(frozen=True, slots=True)
class LikertItem:
    """One item: code and text; ``segments`` from left to right, of which ``left`` (a share) lies left of
    the middle (None: not shown, with the reason in ``hidden``); share and text of "cannot judge"; n,
    missing, mean as text."""

    code: str
    text: str
    segments: tuple[Segment, ...] | None
    left: float
    hidden: str
    cannot_judge: float
    cannot_judge_text: str
    n: str
    missing: str
    mean: str


@dataclass(frozen=True, slots=True)
class LikertWords:
    """The words of the figure: the categories of the scale in order, and column heads."""

    categories: tuple[str, ...]
    cannot_judge: str
    n: str
    missing: str
    mean: str


@dataclass(frozen=True, slots=True)
class _Layout:
    label: float
    x0: float
    x1: float
    zero: float
    unit: float
    columns: tuple[float, ...]
    wide: bool


def draw_likert(
    frame: Frame,
    groups: tuple[tuple[str, tuple[LikertItem, ...]], ...],
    words: LikertWords,
    reach: tuple[float, float],
) -> Drawing:
    """The bars under the heading of each construct. ``reach`` is the largest share left and right of the
    middle over all roles, so that bars of different figures have one scale."""
    drawing = Drawing(frame.name, frame.width, 0, frame.title, frame.description)
    drawing.hatching("cj", "hatch")
    layout = _layout(frame.width, reach)
    colours = category_classes(len(words.categories))
    y = _legend(drawing, words, colours)
    y = _heads(drawing, words, layout, y)
    first = y
    marks: list[tuple[float, float]] = []
    for label, items in groups:
        drawing.rect(0, y + 2, frame.width, 20, "band")
        drawing.lines(6, y + 16, wrap(label, 12.5, frame.width - 12, 1, bold=True), "t b", 14)
        top = y + 22
        y = top + 4
        for item in items:
            y = _item(drawing, item, layout, colours, y)
        marks.append((top, y))
        y += 4
    for top, bottom in marks:
        drawing.line(layout.zero, top, layout.zero, bottom, "line-zero")
    drawing.height = max(y, first) + 2
    return drawing


def category_classes(k: int) -> list[tuple[str, str]]:
    """(colour class, class of text on it) per category of a scale with ``k`` points, in order."""
    half = k // 2
    stops = [max(1, min(5, int(5 * i / half + 0.5))) for i in range(1, half + 1)] if half else []
    left = [(f"n{s}", f"on-n{s}") for s in reversed(stops)]
    middle = [("mid", "on-mid")] if k % 2 else []
    return [*left, *middle, *((f"p{s}", f"on-p{s}") for s in stops)]


def _layout(width: float, reach: tuple[float, float]) -> _Layout:
    wide = width >= 500
    label = 0.32 * width if wide else 0.0
    columns = (
        (width - 108, width - 70, width - 34, width - 2)
        if wide
        else (width - 100, width - 66, width - 30, width - 1)
    )
    x0, x1 = label + (6 if wide else 2), columns[0] - (48 if wide else 36)
    total = max(reach[0] + reach[1], 0.01)
    unit = (x1 - x0) / total
    return _Layout(label, x0, x1, x0 + reach[0] * unit, unit, columns, wide)


def _legend(drawing: Drawing, words: LikertWords, colours: list[tuple[str, str]]) -> float:
    entries = [*words.categories, words.cannot_judge]
    per_row = len(entries) if drawing.width >= 500 else 4 if len(entries) <= 8 else 3
    cell = drawing.width / per_row
    y, deepest = 0.0, 1
    for index, label in enumerate(entries):
        place = index % per_row
        if index and place == 0:
            y += 18 + 13 * deepest
            deepest = 1
        x = place * cell
        if index < len(colours):
            drawing.rect(x, y + 2, cell - 6, 9, colours[index][0])
        else:
            drawing.filled(x, y + 2, cell - 6, 9, "cj", "hatched")
        lines = wrap(label, 11, cell - 6, 3)
        deepest = max(deepest, len(lines))
        drawing.lines(x, y + 23, lines, "t m s", 13)
    return y + 18 + 13 * deepest


def _heads(drawing: Drawing, words: LikertWords, layout: _Layout, y: float) -> float:
    heads = (words.cannot_judge, words.mean, words.n, words.missing)
    if layout.wide:
        drawing.lines(layout.columns[0], y + 24, wrap(heads[0], 11, 54, 2)[:2], "t m s", 12, anchor="end")
    else:
        drawing.text(layout.columns[0], y + 24, "?", "t m s", anchor="end")
    for x, head in zip(layout.columns[1:], heads[1:]):
        drawing.text(x, y + 24, wrap(head, 11, 40, 1)[0], "t m s", anchor="end")
    return y + (40 if layout.wide else 30)


def _item(
    drawing: Drawing, item: LikertItem, layout: _Layout, colours: list[tuple[str, str]], y: float
) -> float:
    indent = text_width(item.code, _SIZE, bold=True) + 6
    if layout.wide:
        lines = _label_lines(item.text, indent, layout.label, 3)
        height = max(_BAR + 8, _LEADING * len(lines) + 6)
        base = y + (height - _LEADING * len(lines)) / 2 + 10
        bar = y + (height - _BAR) / 2
    else:
        lines = _label_lines(item.text, indent, drawing.width - 2, 2)
        base = y + 12
        bar = y + _LEADING * len(lines) + 5
        height = _LEADING * len(lines) + _BAR + 14
    drawing.text(0, base, item.code, "t12 b")
    for index, line in enumerate(lines):
        drawing.text(indent if index == 0 else 0, base + index * _LEADING, line, "t12")
    middle = bar + _BAR / 2 + 4
    if item.segments is None:
        drawing.lines(layout.x0, middle, wrap(item.hidden, 11, layout.x1 - layout.x0, 1), "t m s i", 12)
    else:
        _segments(drawing, item, layout, colours, bar)
    _hatched(drawing, item, layout, bar, middle)
    for x, text in zip(layout.columns[1:], (item.mean, item.n, item.missing)):
        drawing.text(x, middle, text, "t n s", anchor="end")
    return y + height


def _label_lines(text: str, indent: float, width: float, lines: int) -> list[str]:
    first = wrap(text, _SIZE, width - indent, 1)
    if not first or not first[0].endswith("…"):
        return first or [""]
    head = first[0][:-1].rsplit(" ", 1)[0] if " " in first[0] else first[0][:-1]
    rest = " ".join(text[: 60 * lines + 400].split())[len(head) :].strip()
    return [head, *wrap(rest, _SIZE, width, lines - 1)]


def _segments(
    drawing: Drawing, item: LikertItem, layout: _Layout, colours: list[tuple[str, str]], y: float
) -> None:
    x = layout.zero - item.left * layout.unit
    for segment in item.segments or ():
        width = segment.share * layout.unit
        if width <= 0:
            continue
        fill, ink = ("merged", "") if segment.category is None else colours[segment.category]
        drawing.rect(x + 0.4, y, max(width - 0.8, 0.3), _BAR, fill)
        if width >= text_width(segment.text, 11) + 4:
            drawing.text(
                x + width / 2, y + _BAR / 2 + 4, segment.text, f"t n s {ink}".strip(), anchor="middle"
            )
        x += width


def _hatched(drawing: Drawing, item: LikertItem, layout: _Layout, y: float, middle: float) -> None:
    right = layout.columns[0]
    room = 40.0 if layout.wide else 28.0
    width = min(item.cannot_judge * layout.unit, room)
    if width > 0.5:
        drawing.filled(right - room, y, width, _BAR, "cj", "hatched")
    drawing.text(right, middle, item.cannot_judge_text, "t n s halo", anchor="end")
