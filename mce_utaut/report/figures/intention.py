"""A dot with its interval on a bar from 0 to 100."""

from __future__ import annotations

from mce_utaut.report.figures.frame import Frame, Mark
from mce_utaut.report.svg import Drawing, marker_shape
from mce_utaut.study.result import Interval


def draw_intention(frame: Frame, mark: Mark, value: Interval, low_text: str, high_text: str) -> Drawing:
    """The bar: same length and ends for every role, so that cards can be compared by eye."""
    drawing = Drawing(frame.name, frame.width, 46, frame.title, frame.description)
    x0, x1, y = 0.0, frame.width, 14.0
    span = x1 - x0
    drawing.rect(x0, y - 4, span, 8, "track", radius=4)
    for share in (0.25, 0.5, 0.75):
        drawing.line(x0 + share * span, y - 4, x0 + share * span, y + 4, "line-paper")
    drawing.line(x0 + span / 2, y + 4, x0 + span / 2, y + 9, "line-soft")
    drawing.text(x0, 38, low_text, "t m s")
    drawing.text(x0 + span / 2, 38, "50", "t m s", anchor="middle")
    drawing.text(x1, 38, high_text, "t m s", anchor="end")
    if value.estimate is None:
        return drawing
    if value.lower is not None and value.upper is not None:
        left, right = (x0 + max(0.0, min(100.0, v)) / 100 * span for v in (value.lower, value.upper))
        drawing.rect(left, y - 4, right - left, 8, f"interval-bar {mark.css}")
    x = x0 + max(0.0, min(100.0, value.estimate)) / 100 * span
    marker_shape(drawing, mark.shape, x, y, 7.5, f"{mark.css} edge")
    return drawing
