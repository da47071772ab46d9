"""Square table of correlations as tinted cells: HTMT below the diagonal, latent correlations above it."""

from __future__ import annotations

from dataclasses import dataclass

from mce_utaut.report.figures.frame import Frame
from mce_utaut.report.svg import Drawing, text_width

STEPS = 10


@dataclass(frozen=True, slots=True)
class Square:
    """``texts`` and ``values`` are k x k (None: empty cell); ``marked`` cells get an outline."""

    names: tuple[str, ...]
    texts: tuple[tuple[str, ...], ...]
    values: tuple[tuple[float | None, ...], ...]
    marked: frozenset[tuple[int, int]]


def draw_heatmap(frame: Frame, square: Square) -> Drawing:
    """The heat map; the diagonal is not tinted."""
    k = len(square.names)
    label = max(text_width(name, 12.5, bold=True) for name in square.names) + 12
    cell = min(62.0, (frame.width - label - 2) / k)
    high = min(cell, 38.0)
    top = 24.0
    drawing = Drawing(frame.name, label + cell * k + 2, top + high * k + 4, frame.title, frame.description)
    for j, name in enumerate(square.names):
        drawing.text(label + (j + 0.5) * cell, 16, name, "t b", anchor="middle")
        drawing.text(label - 10, top + (j + 0.5) * high + 4, name, "t b", anchor="end")
    size_class = "t n" if cell >= 36 else "t n s"
    for i in range(k):
        for j in range(k):
            x, y, value = label + j * cell, top + i * high, square.values[i][j]
            if i != j and value is not None:
                drawing.rect(x + 0.5, y + 0.5, cell - 1, high - 1, f"heat heat-{_step(value)}")
            text = square.texts[i][j]
            css = f"{size_class} m i" if i == j else size_class
            drawing.text(x + cell / 2, y + high / 2 + 4, text, css, anchor="middle")
    for i, j in sorted(square.marked):
        drawing.rect(label + j * cell + 2, top + i * high + 2, cell - 4, high - 4, "heat-mark")
    return drawing


def _step(value: float) -> int:
    return max(0, min(STEPS, round(abs(value) * STEPS)))
