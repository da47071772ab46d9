"""Which items are missing together: items as rows, the most frequent patterns as columns."""

from __future__ import annotations

from dataclasses import dataclass

from mce_utaut.report.figures.frame import Frame
from mce_utaut.report.svg import Drawing, text_width, wrap

_ROW, _LEAST, _MOST, _HEAD = 17.0, 30.0, 44.0, 104.0
_SCALE = 0.2  # the share that fills the room of the bars, unless an item misses more


@dataclass(frozen=True, slots=True)
class Gaps:
    """``items`` (code, share missing, that share as text) in order; ``patterns`` (items missing together, how many
    people as text), most frequent first; ``people`` and ``share`` head the two sides."""

    items: tuple[tuple[str, float, str], ...]
    patterns: tuple[tuple[frozenset[str], str], ...]
    people: str
    share: str


def draw_missingness(frame: Frame, gaps: Gaps) -> Drawing:
    """The matrix with a bar of the share missing beside it. As many patterns as there is room for are drawn."""
    drawing = Drawing(frame.name, frame.width, 0, frame.title, frame.description)
    label = max((text_width(code, 11.5, bold=True) for code, _, _ in gaps.items), default=20.0) + 12
    right = 150.0 if frame.width >= 500 else 78.0
    room = frame.width - label - right - 10
    shown = gaps.patterns[: max(1, int(room // _LEAST))]
    cell = min(room / max(len(shown), 1), _MOST)
    block = min(max(cell * len(shown), _HEAD), room)
    top, bars = 56.0, label + block + 16
    drawing.lines(label, 13, wrap(gaps.people, 11, block, 2), "t m s", 13)
    drawing.lines(bars, 13, wrap(gaps.share, 11, frame.width - bars, 2), "t m s", 13)
    for column, (_, people) in enumerate(shown):
        drawing.text(label + (column + 0.5) * cell, top - 8, people, "t n s", anchor="middle")
    text = max((text_width(said, 11) for _, _, said in gaps.items), default=30.0)
    unit = (frame.width - bars - text - 8) / max(max((share for _, share, _ in gaps.items), default=0.0), _SCALE)
    for line, (code, share, said) in enumerate(gaps.items):
        y = top + line * _ROW
        drawing.text(0, y + 12, code, "t b s")
        for column, (missing, _) in enumerate(shown):
            css = "gap" if code in missing else "given"
            drawing.rect(label + column * cell + 1, y + 1, cell - 2, _ROW - 2, css)
        width = share * unit
        drawing.rect(bars, y + 3, max(width, 0.5), _ROW - 6, "gap")
        drawing.text(bars + width + 5, y + 12, said, "t n s")
    drawing.height = top + len(gaps.items) * _ROW + 4
    return drawing
