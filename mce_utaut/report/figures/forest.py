"""Forest plot: estimates with intervals as dots and lines on one axis, grouped, with the numbers beside them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from mce_utaut.report.figures.frame import Frame, Mark
from mce_utaut.report.svg import Drawing, marker_shape, text_width, wrap

_ROW, _GROUP, _GAP, _AXIS = 24, 24, 10, 40


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


def draw_forest(frame: Frame, groups: tuple[Group, ...], axis: Axis) -> Drawing:
    """The forest plot. Rows without an estimate keep their text, so that an absence is seen."""
    wide = frame.width >= 500
    size = 12.5 if wide else 11.5
    low, high, ticks = _ticks(groups, axis)
    rows = [row for group in groups for row in group.rows]
    label_width = min(max((text_width(r.mark.label, size) for r in rows), default=40) + 24, 0.3 * frame.width)
    drawn = [r for r in rows if r.estimate is not None]
    right = max((text_width(r.text, size) for r in drawn), default=80) + 8
    x0, x1 = label_width + 10, frame.width - right - 10
    place = _scale(low, high, x0, x1)
    drawing = Drawing(frame.name, frame.width, 0, frame.title, frame.description)
    height = sum(_GROUP + _ROW * len(g.rows) + _GAP for g in groups)
    for tick in ticks:
        css = "line-zero" if tick == axis.zero else "line-grid"
        drawing.line(place(tick), 2, place(tick), height + 4, css)
    if axis.zero is not None and axis.zero not in ticks and low <= axis.zero <= high:
        drawing.line(place(axis.zero), 2, place(axis.zero), height + 4, "line-zero")
    y = 0.0
    for group in groups:
        y = _group(drawing, group, y, place, (x0, x1), size, label_width)
    for tick in ticks:
        drawing.text(place(tick), height + 20, axis.tick(tick), "t m", anchor="middle")
    drawing.text((x0 + x1) / 2, height + 36, axis.label, "t m", anchor="middle")
    drawing.height = height + _AXIS + 2
    return drawing


def _group(
    drawing: Drawing,
    group: Group,
    y: float,
    place: Callable[[float], float],
    ends: tuple[float, float],
    size: float,
    label_width: float,
) -> float:
    drawing.rect(0, y + 1, drawing.width, _GROUP - 5, "band")
    label = wrap(group.label, size, drawing.width - 12, 1, bold=True)
    reference = group.reference_text
    if reference and text_width(group.label, size, bold=True) + text_width(reference, size) + 20 < drawing.width:
        drawing.text(drawing.width - 6, y + 15, reference, "t m", anchor="end")
    drawing.lines(6, y + 15, label, "t b", 14)
    y += _GROUP
    if group.reference is not None:
        x = place(group.reference)
        drawing.line(x, y - 2, x, y + _ROW * len(group.rows) - 2, "line-reference")
    for row in group.rows:
        middle = y + _ROW / 2 - 2
        marker_shape(drawing, row.mark.shape, 9, middle, 4.2, row.mark.css + (" hollow" if row.hollow else ""))
        drawing.lines(20, middle + 4, wrap(row.mark.label, size, label_width - 18, 1), "t", 14)
        if row.estimate is None:
            room = drawing.width - ends[0] - 4
            drawing.text(drawing.width - 4, middle + 4, wrap(row.text, size, room, 1)[0], "t m i halo", anchor="end")
        else:
            _interval(drawing, row, middle, place, ends)
            drawing.text(drawing.width - 4, middle + 4, row.text, "t n", anchor="end")
        y += _ROW
    return y + _GAP


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
