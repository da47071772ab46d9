"""Flow of numbers: one line per role from the answers received to those analysed, stops where people left."""

from __future__ import annotations

from dataclasses import dataclass

from mce_utaut.report.figures.frame import Frame, Mark
from mce_utaut.report.svg import Drawing, marker_shape, text_width, wrap

_HEAD, _BOX, _TEXT, _LEADING = 30, 34, 12.5, 16


@dataclass(frozen=True, slots=True)
class Stop:
    """A step: what happened, and per role a text: how many left (None where the role has no such step), or,
    in a ``box``, how many there are."""

    text: str
    values: tuple[str | None, ...]
    box: bool = False


@dataclass(frozen=True, slots=True)
class Flow:
    """Roles, and the steps in order; the first and the last are boxes."""

    roles: tuple[Mark, ...]
    steps: tuple[Stop, ...]


def draw_flow(frame: Frame, flow: Flow) -> Drawing:
    """The flow chart: text at the left (above each row where narrow; lines stop short of it), one column per role."""
    wide = frame.width >= 500
    label_width = 0.36 * frame.width if wide else frame.width - 8
    left = label_width + 14 if wide else 0
    step = (frame.width - left) / len(flow.roles)
    centres = [left + (i + 0.5) * step for i in range(len(flow.roles))]
    drawing = Drawing(frame.name, frame.width, 0, frame.title, frame.description)
    drawing.arrow_head("end", "arrow-soft")
    for centre, role in zip(centres, flow.roles):
        label = wrap(role.label, _TEXT, step - 22, 1, bold=True)
        marker_shape(drawing, role.shape, centre - step / 2 + 10, 12, 5, role.css)
        drawing.lines(centre - step / 2 + 20, 16, label, "t b", _LEADING)
    labels: list[tuple[float, float, list[str]]] = []
    y = float(_HEAD) if wide else _HEAD + 12.0
    for number, step_ in enumerate(flow.steps):
        if step_.box:
            if number:
                y = _arrows(drawing, centres, y, wide, _end_of([step_.text], bold=True))
            y = _box_row(drawing, y, step_, centres, label_width, wide)
            continue
        lines = wrap(step_.text, _TEXT, label_width - (8 if wide else 30), 3)
        height = max(30, _LEADING * len(lines) + 12)
        text_top = y + (height - _LEADING * len(lines)) / 2 + 12 if wide else y + 16
        labels.append((0 if wide else 4, text_top, lines))
        middle = y + height / 2 if wide else text_top + _LEADING * len(lines) + 2
        height += 0 if wide else 22
        below, end = text_top + _LEADING * (len(lines) - 1) + 5, _end_of(lines)
        for centre, removed in zip(centres, step_.values):
            top = y if wide or centre > end else below
            _leave(drawing, centre, top, middle, y + height, removed)
        y += height
    for x, text_top, lines in labels:
        drawing.lines(x, text_top, lines, "t" if wide else "t halo", _LEADING)
    drawing.height = y + 4
    return drawing


def _end_of(lines: list[str], bold: bool = False) -> float:
    """Where a label above a row ends, with room for the line of a role beside it."""
    return 4 + max(text_width(line, _TEXT, bold=bold) for line in lines) + 6


def _arrows(drawing: Drawing, centres: list[float], y: float, wide: bool, end: float) -> float:
    """The arrows into a box; where narrow its label stands between, up to ``end``."""
    for centre in centres:
        start = y if wide or centre > end else y + 21
        drawing.path(f"M{centre:.1f} {start:.1f}V{y + (14 if wide else 36):.1f}", "line-soft", marker="end")
    return y + (16 if wide else 14)


def _box_row(drawing: Drawing, y: float, row: Stop, centres: list[float], label: float, wide: bool) -> float:
    if wide:
        lines = wrap(row.text, _TEXT, label - 8, 2, bold=True)
        drawing.lines(0, y + _BOX / 2 + 5 - (len(lines) - 1) * _LEADING / 2, lines, "t b", _LEADING)
    else:
        drawing.text(4, y + 2, wrap(row.text, _TEXT, drawing.width, 1, bold=True)[0], "t b halo")
        y += 24
    for centre, value in zip(centres, row.values):
        drawing.rect(centre - 46, y, 92, _BOX, "box", radius=4)
        drawing.text(centre, y + _BOX / 2 + 5, value or "—", "t b", anchor="middle")
    return y + _BOX


def _leave(drawing: Drawing, x: float, top: float, middle: float, bottom: float, removed: str | None) -> None:
    drawing.line(x, top, x, bottom, "line-soft")
    if removed is None:
        return
    if removed == "0":
        drawing.text(x + 9, middle + 4, removed, "t m")
        return
    drawing.ellipse(x, middle, 3, 3, "dot")
    drawing.line(x, middle, x + 16, middle, "line-soft")
    drawing.text(x + 20, middle + 4, removed, "t")
