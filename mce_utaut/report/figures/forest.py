"""Forest plot: estimates with intervals as dots and lines on one axis, grouped, with the numbers beside them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from mce_utaut.report.figures.frame import Frame, Mark
from mce_utaut.report.svg import Drawing, marker_shape, text_width, wrap

_ROW, _GROUP, _GAP, _AXIS, _STACK = 24, 24, 10, 40, 14


@dataclass(frozen=True, slots=True)
class Estimate:
    """One row: whose it is, the numbers (None where there is nothing to draw) and their text. ``hollow``
    marks another method than that of the filled markers."""

    mark: Mark
    estimate: float | None
    lower: float | None
    upper: float | None
    text: str
    hollow: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under one heading; ``reference`` is a value drawn as a dashed line through the rows."""

    label: str
    rows: tuple[Estimate, ...]
    reference: float | None = None
    reference_text: str = ""


@dataclass(frozen=True, slots=True)
class Axis:
    """The horizontal axis: its label, the range it must cover, a marked value (None: none), and how a tick
    reads. ``fixed`` keeps the range from growing with the data."""

    label: str
    low: float
    high: float
    zero: float | None
    tick: Callable[[float], str]
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the plot stands; ``stacked`` rows have label and numbers above their interval."""

    place: Callable[[float], float]
    x0: float
    x1: float
    label: float
    size: float
    stacked: bool

    @property
    def row(self) -> float:
        """The height of a row."""
        return _ROW + _STACK if self.stacked else _ROW


def draw_forest(frame: Frame, groups: tuple[Group, ...], axis: Axis) -> Drawing:
    """The forest plot. Rows without an estimate keep their text, so that an absence is seen."""
    low, high, ticks = _ticks(groups, axis)
    layout = _layout(frame.width, groups, low, high)
    drawing = Drawing(frame.name, frame.width, 0, frame.title, frame.description)
    height = sum(_GROUP + layout.row * len(g.rows) + _GAP for g in groups)
    marked = [] if axis.zero is None or not low <= axis.zero <= high else [axis.zero]
    for tick in dict.fromkeys([*ticks, *marked]):
        css = "line-zero" if tick == axis.zero else "line-grid"
        drawing.line(layout.place(tick), 2, layout.place(tick), height + 4, css)
    y = 0.0
    for group in groups:
        y = _group(drawing, group, y, layout)
    for tick in _labelled(ticks, axis, layout):
        half = text_width(axis.tick(tick), layout.size) / 2
        x = min(max(layout.place(tick), half), frame.width - half)
        drawing.text(x, height + 20, axis.tick(tick), "t m", anchor="middle")
    lines = wrap(axis.label, layout.size, frame.width - 8, 2)
    half = max(text_width(line, layout.size) for line in lines) / 2
    centre = min(max((layout.x0 + layout.x1) / 2, half), frame.width - half)
    drawing.lines(centre, height + 36, lines, "t m", 14, anchor="middle")
    drawing.height = height + _AXIS + 2 + 14 * (len(lines) - 1)
    return drawing


def _labelled(ticks: list[float], axis: Axis, layout: _Layout) -> list[float]:
    """The ticks that get a label: all, or every second or third so that labels stay apart."""
    widest = max(text_width(axis.tick(tick), layout.size) for tick in ticks) + 6
    apart = (layout.x1 - layout.x0) / max(len(ticks) - 1, 1)
    every = next((k for k in (1, 2, 3, 4) if k * apart >= widest), 5)
    start = ticks.index(axis.zero) % every if axis.zero in ticks else 0
    return ticks[start::every]


def _layout(width: float, groups: tuple[Group, ...], low: float, high: float) -> _Layout:
    wide = width >= 500
    size = 12.5 if wide else 11.5
    rows = [row for group in groups for row in group.rows]
    wanted = max((text_width(row.mark.label, size) for row in rows), default=40.0) + 24
    label = min(wanted, 0.42 * width)
    right = max((text_width(row.text, size) for row in rows if row.estimate is not None), default=80.0) + 8
    stacked = not wide and width - label - right - 20 < 0.42 * width
    label = width if stacked else label
    x0, x1 = (12.0, width - 12.0) if stacked else (label + 10, width - right - 10)
    return _Layout(_scale(low, high, x0, x1), x0, x1, label - right if stacked else label, size, stacked)


def _group(drawing: Drawing, group: Group, y: float, layout: _Layout) -> float:
    drawing.rect(0, y + 1, drawing.width, _GROUP - 5, "band")
    room = drawing.width - 12
    if group.reference_text:
        room -= text_width(group.reference_text, layout.size) + 12
        drawing.text(drawing.width - 6, y + 15, group.reference_text, "t m", anchor="end")
    drawing.lines(6, y + 15, wrap(group.label, layout.size, room, 1, bold=True), "t b", 14)
    y += _GROUP
    if group.reference is not None:
        x = layout.place(group.reference)
        drawing.line(x, y - 2, x, y + layout.row * len(group.rows) - 2, "line-reference")
    for row in group.rows:
        _row(drawing, row, y, layout)
        y += layout.row
    return y + _GAP


def _row(drawing: Drawing, row: Estimate, y: float, layout: _Layout) -> None:
    text_y = y + _ROW / 2 - 2
    middle = text_y + _STACK if layout.stacked else text_y
    halo = " halo" if layout.stacked else ""
    hollow = " hollow" if row.hollow else ""
    marker_shape(drawing, row.mark.shape, 9, text_y, 4.2, row.mark.css + hollow)
    label = wrap(row.mark.label, layout.size, layout.label - 18, 1)
    drawing.lines(20, text_y + 4, label, f"t{halo}", 14)
    if row.estimate is None:
        room = drawing.width - 34 - max((text_width(line, layout.size) for line in label), default=0.0)
        text = wrap(row.text, layout.size, room, 1)
        wide = max((text_width(line, layout.size) for line in text), default=0.0)
        drawing.rect(drawing.width - 6 - wide, text_y - 8, wide + 4, 16, "paper")
        drawing.lines(drawing.width - 4, text_y + 4, text, "t m i", 14, anchor="end")
        return
    _interval(drawing, row, middle, layout.place, (layout.x0, layout.x1))
    drawing.text(drawing.width - 4, text_y + 4, row.text, f"t n{halo}", anchor="end")


def _interval(
    drawing: Drawing, row: Estimate, y: float, place: Callable[[float], float], ends: tuple[float, float]
) -> None:
    if row.lower is not None and row.upper is not None:
        left, right = max(place(row.lower), ends[0]), min(place(row.upper), ends[1])
        drawing.line(left, y, right, y, f"interval {row.mark.css}")
    x = min(max(place(row.estimate or 0.0), ends[0]), ends[1])
    marker_shape(drawing, row.mark.shape, x, y, 5.2, row.mark.css + (" hollow" if row.hollow else " edge"))


def _scale(low: float, high: float, x0: float, x1: float) -> Callable[[float], float]:
    return lambda value: x0 + (value - low) / (high - low) * (x1 - x0)


def _ticks(groups: tuple[Group, ...], axis: Axis) -> tuple[float, float, list[float]]:
    values = [axis.low, axis.high]
    if not axis.fixed:
        for group in groups:
            values += [v for r in group.rows for v in (r.estimate, r.lower, r.upper) if v is not None]
            values += [group.reference] if group.reference is not None else []
    low, high = min(values), max(values)
    step = _step((high - low) / 5)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    ticks = [round(i * step, 10) for i in range(first, last + 1)]
    return ticks[0], ticks[-1], ticks


def _step(rough: float) -> float:
    power = 10.0 ** math.floor(math.log10(max(rough, 1e-9)))
    return next(power * m for m in (1, 2, 5, 10) if power * m >= rough * (1 - 1e-9))
