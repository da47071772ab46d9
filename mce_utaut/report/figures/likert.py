"""Diverging bars of the answers to each item: disagreement left, agreement right of the middle category."""

from __future__ import annotations

from dataclasses import dataclass

from mce_utaut.report.figures.frame import Frame
from mce_utaut.report.svg import Drawing, text_width, wrap

_BAR, _SIZE, _LEADING = 20.0, 12.0, 14.5
_MOST_LINES = 8  # of a text that is as long as `page.short` lets it be


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
    """The words of the figure: the categories of the scale in order, and column heads. ``cannot_judge`` is
    empty where no item offers that answer; nothing is drawn for it then."""

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
    hatched: float
    columns: tuple[float, ...]
    wide: bool
    judged: bool


@dataclass(frozen=True, slots=True)
class Reach:
    """The largest shares over all roles: left and right of the middle, and of "cannot judge". With them the
    bars of different figures have one scale."""

    left: float
    right: float
    cannot_judge: float


def draw_likert(
    frame: Frame, groups: tuple[tuple[str, str, tuple[LikertItem, ...]], ...], words: LikertWords, reach: Reach
) -> list[Drawing]:
    """The key, then the bars of each group of items (heading, text alternative, items): drawings to be stacked, so
    that a printed page can end between them. A group with the heading of the one before continues it."""
    layout = _layout(frame.width, reach, bool(words.cannot_judge))
    colours = category_classes(len(words.categories))
    key = _piece(frame, 0, frame.title, ", ".join((*words.categories, words.cannot_judge)))
    key.height = _heads(key, words, layout, _legend(key, words, colours))
    pieces = [key]
    before = ""
    for number, (label, description, items) in enumerate(groups, start=1):
        drawing = _piece(frame, number, f"{frame.title} · {label}", description)
        y = 0.0
        if label != before:
            drawing.rect(0, 2, frame.width, 20, "band")
            drawing.lines(6, 16, wrap(label, 12.5, frame.width - 12, 1, bold=True), "t b", 14)
            y = 26.0
        before = label
        for item in items:
            y = _item(drawing, item, layout, colours, y)
        drawing.height = y + 4
        pieces.append(drawing)
    return pieces


def _piece(frame: Frame, number: int, title: str, description: str) -> Drawing:
    drawing = Drawing(f"{frame.name}-{number}", frame.width, 0, title, description)
    drawing.hatching("cj", "hatch")
    return drawing


def category_classes(k: int) -> list[tuple[str, str]]:
    """(colour class, class of text on it) per category of a scale with ``k`` points, in order."""
    half = k // 2
    stops = [max(1, min(5, int(5 * i / half + 0.5))) for i in range(1, half + 1)] if half else []
    left = [(f"n{s}", f"on-n{s}") for s in reversed(stops)]
    middle = [("mid", "on-mid")] if k % 2 else []
    return [*left, *middle, *((f"p{s}", f"on-p{s}") for s in stops)]


def _layout(width: float, reach: Reach, judged: bool) -> _Layout:
    wide = width >= 500
    label = 0.31 * width if wide else 0.0
    ends = (150.0, 104.0, 62.0, 2.0) if wide else (72.0, 36.0, 1.0)
    columns = tuple(width - end for end in ends)
    room, text = (46.0, 42.0) if wide else (22.0, 38.0)
    x0, x1 = label + (6 if wide else 1), columns[0] - (room + text if judged else -30.0 if wide else 0.0)
    unit = (x1 - x0) / max(reach.left + reach.right, 0.01)
    hatched = min(unit, room / max(reach.cannot_judge, 0.01))
    return _Layout(label, x0, x1, x0 + reach.left * unit, unit, hatched, columns, wide, judged)


def _legend(drawing: Drawing, words: LikertWords, colours: list[tuple[str, str]]) -> float:
    entries = [*words.categories, *([words.cannot_judge] if words.cannot_judge else [])]
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
        lines = wrap(label, 11, cell - 6, _MOST_LINES)
        deepest = max(deepest, len(lines))
        drawing.lines(x, y + 23, lines, "t m s", 13)
    return y + 18 + 13 * deepest


def _heads(drawing: Drawing, words: LikertWords, layout: _Layout, y: float) -> float:
    heads = (words.cannot_judge, words.mean, words.n, words.missing)
    for x, head in zip(layout.columns, heads):
        if not head:
            continue
        room = 84 if head == words.cannot_judge and layout.wide else 40 if head == words.n else 58
        lines = wrap(head, 11, room, 2)
        drawing.lines(x, y + 32 - 12 * len(lines), lines, "t m s", 12, anchor="end")
    return y + 26


def _item(drawing: Drawing, item: LikertItem, layout: _Layout, colours: list[tuple[str, str]], y: float) -> float:
    indent = text_width(item.code, _SIZE, bold=True) + 6
    if layout.wide:
        lines = _label_lines(item.text, indent, layout.label, _MOST_LINES)
        height = max(_BAR + 8, _LEADING * len(lines) + 6)
        base = y + (height - _LEADING * len(lines)) / 2 + 10
        bar = y + (height - _BAR) / 2
    else:
        lines = _label_lines(item.text, indent, drawing.width - 2, _MOST_LINES)
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
    if layout.judged:
        drawing.text(layout.columns[0], middle, item.cannot_judge_text, "t n s", anchor="end")
    if layout.judged and item.cannot_judge > 0:
        width = item.cannot_judge * layout.hatched
        drawing.filled(layout.x1 + 6, bar, width, _BAR, "cj", "hatched")
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


def _segments(drawing: Drawing, item: LikertItem, layout: _Layout, colours: list[tuple[str, str]], y: float) -> None:
    drawing.line(layout.zero, y - 5, layout.zero, y + _BAR + 5, "line-zero")
    x = layout.zero - item.left * layout.unit
    for segment in item.segments or ():
        width = segment.share * layout.unit
        if width <= 0:
            continue
        fill, ink = ("merged", "") if segment.category is None else colours[segment.category]
        drawing.rect(x + 0.4, y, max(width - 0.8, 0.3), _BAR, fill)
        if width >= text_width(segment.text, 11) + 4:
            drawing.text(x + width / 2, y + _BAR / 2 + 4, segment.text, f"t n s {ink}".strip(), anchor="middle")
        x += width
