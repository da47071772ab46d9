"""Slopes along a moderator: one panel a predictor, its slope as a line with an interval band over the moderator."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mce_utaut.report.figures.frame import Frame, Mark
from mce_utaut.report.svg import Drawing, marker_shape, number, wrap

_PANEL, _HEAD, _FOOT, _LEFT = 150.0, 22.0, 26.0, 38.0


@dataclass(frozen=True, slots=True)
class Panel:
    """A predictor: its label, the curve as (value, slope, lower, upper), and the points where the slope is told."""

    label: str
    curve: tuple[tuple[float, float, float, float], ...]
    points: tuple[tuple[float, float], ...]


def draw_slopes(
    frame: Frame, mark: Mark, panels: Sequence[Panel], moderator: str, tick: Callable[[float], str]
) -> Drawing:
    """The panels, two beside each other where there is room, on one vertical scale that holds zero."""
    columns = 2 if frame.width >= 500 and len(panels) > 1 else 1
    rows = -(-len(panels) // columns)
    drawing = Drawing(frame.name, frame.width, rows * (_HEAD + _PANEL + _FOOT) + 22, frame.title, frame.description)
    values = [0.0] + [v for panel in panels for _, _, low, high in panel.curve for v in (low, high)]
    low, high = min(values), max(values)
    pad = 0.05 * (high - low or 1.0)
    width = (frame.width - 12 * (columns - 1)) / columns
    for index, panel in enumerate(panels):
        left = (index % columns) * (width + 12)
        top = (index // columns) * (_HEAD + _PANEL + _FOOT)
        _panel(drawing, panel, mark, (left, top, width), (low - pad, high + pad), tick)
    below = wrap(moderator, 12, frame.width - 20, 1)
    drawing.lines(frame.width / 2, drawing.height - 6, below, "t m", 14, anchor="middle")
    return drawing


def _panel(
    drawing: Drawing, panel: Panel, mark: Mark, box: tuple[float, float, float], ends: tuple[float, float],
    tick: Callable[[float], str],
) -> None:  # fmt: skip
    left, top, width = box
    x0, x1, y0, y1 = left + _LEFT, left + width - 10, top + _HEAD, top + _HEAD + _PANEL
    first, last = panel.curve[0][0], panel.curve[-1][0]

    def across(value: float) -> float:
        return x0 + (value - first) / ((last - first) or 1.0) * (x1 - x0)

    def up(value: float) -> float:
        return y1 - (value - ends[0]) / (ends[1] - ends[0]) * (y1 - y0)

    drawing.rect(left, top + 1, width, _HEAD - 4, "band")
    drawing.lines(left + 6, top + 14, wrap(panel.label, 12.5, width - 12, 1, bold=True), "t b", 14)
    for value in _ticks(*ends):
        drawing.line(x0, up(value), x1, up(value), "line-zero" if value == 0 else "line-grid")
        drawing.text(x0 - 5, up(value) + 4, tick(value), "t m s", anchor="end")
    upper = [(across(v), up(high)) for v, _, _, high in panel.curve]
    lower = [(across(v), up(low)) for v, _, low, _ in reversed(panel.curve)]
    drawing.polygon([*upper, *lower], f"{mark.css} slope-band")
    line = " L".join(f"{number(across(v))} {number(up(s))}" for v, s, _, _ in panel.curve)
    drawing.path(f"M{line}", f"{mark.css} slope-line")
    for value, slope in panel.points:
        if first <= value <= last:
            marker_shape(drawing, mark.shape, across(value), up(slope), 4.0, f"{mark.css} edge")
    for value, anchor in ((first, "start"), ((first + last) / 2, "middle"), (last, "end")):
        drawing.text(across(value), y1 + 16, tick(value), "t m s", anchor=anchor)


def _ticks(low: float, high: float) -> list[float]:
    """Three to six round values within ``low``..``high``, zero among them where it lies there."""
    for step in (0.05, 0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 50.0, 100.0):
        if (high - low) / step <= 6:
            break
    start = int(-(-low // step))
    return [round(i * step, 10) for i in range(start, int(high // step) + 1)]
