"""Adopter categories in their order: Rogers' shares as steps, each role's shares as markers with intervals."""

from __future__ import annotations

import math
from collections.abc import Callable

from mce_utaut.report.figures.forest import Estimate, Group
from mce_utaut.report.figures.frame import Frame
from mce_utaut.report.svg import Drawing, marker_shape, text_width, wrap

_LEFT, _TOP, _HEIGHT, _KEY = 46.0, 30.0, 230.0, 24.0


def draw_adopter_curve(
    frame: Frame, groups: tuple[Group, ...], names: tuple[str, ...], label: str, tick: Callable[[float], str]
) -> Drawing:
    """The curve. ``groups`` are the categories, earliest first, each with Rogers' share as ``reference`` and one
    row a role (an estimate of None is hidden); ``names`` stand below the columns. Made for wide pages."""
    drawing = Drawing(frame.name, frame.width, 0, frame.title, frame.description)
    rows = [row for group in groups for row in group.rows]
    values = [group.reference or 0.0 for group in groups]
    values += [v for row in rows for v in (row.estimate, row.upper) if v is not None]
    high = math.ceil(10 * max(values) - 1e-9) / 10
    top, bottom = _KEY + _TOP, _KEY + _TOP + _HEIGHT
    step = (frame.width - _LEFT - 4) / len(groups)

    def up(value: float) -> float:
        return bottom - value / high * (bottom - top)

    _key(drawing, [row for row in groups[0].rows])
    drawing.text(0, _KEY + 16, label, "t m s")
    for index, group in enumerate(groups):
        x, y = _LEFT + index * step, up(group.reference or 0.0)
        drawing.rect(x + 1, y, step - 2, bottom - y, "band")
        drawing.line(x + 1, y, x + step - 1, y, "line-reference")
    for tenth in range(round(10 * high) + 1):
        drawing.line(_LEFT, up(tenth / 10), frame.width - 4, up(tenth / 10), "line-grid")
        drawing.text(_LEFT - 6, up(tenth / 10) + 4, tick(tenth / 10), "t m s", anchor="end")
    deepest = 1
    for index, (group, name) in enumerate(zip(groups, names, strict=True)):
        x = _LEFT + index * step
        _markers(drawing, group.rows, x, step, up)
        lines = [*wrap(name, 12.5, step - 8, 2, bold=True), *wrap(group.reference_text, 11, step - 8, 1)]
        deepest = max(deepest, len(lines))
        for number, line in enumerate(lines):
            css = "t m s" if number == len(lines) - 1 else "t b"
            drawing.text(x + step / 2, bottom + 20 + 16 * number, line, css, anchor="middle")
    drawing.height = bottom + 12 + 16 * deepest
    return drawing


def _key(drawing: Drawing, rows: list[Estimate]) -> None:
    x, room = _LEFT, (drawing.width - _LEFT) / max(len(rows), 1)
    for row in rows:
        marker_shape(drawing, row.mark.shape, x + 6, 10, 5, row.mark.css)
        label = wrap(row.mark.label, 12.5, room - 30, 1)
        drawing.lines(x + 17, 14, label, "t", 14)
        x += 30 + max((text_width(line, 12.5) for line in label), default=0.0)


def _markers(
    drawing: Drawing, rows: tuple[Estimate, ...], left: float, step: float, up: Callable[[float], float]
) -> None:
    apart = step / (len(rows) + 1)
    for place, row in enumerate(rows, start=1):
        if row.estimate is None:
            continue
        x, y, share = left + place * apart, up(row.estimate), row.text.split(" ")[0]
        if row.lower is not None and row.upper is not None:
            drawing.line(x, up(row.lower), x, up(row.upper), f"interval {row.mark.css}")
        marker_shape(drawing, row.mark.shape, x, y, 5.2, f"{row.mark.css} edge")
        if text_width(share, 11) + 4 <= apart:
            highest = min(y - 6, up(row.upper) if row.upper is not None else y)
            drawing.text(x, highest - 5, share, "t n s halo", anchor="middle")
