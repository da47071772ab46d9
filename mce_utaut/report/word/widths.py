"""How wide the columns of a printed table are, and on which page it fits."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mce_utaut.report.blocks import Grid, GridCell
from mce_utaut.report.svg import text_width
from mce_utaut.report.word.text import text_of

PORTRAIT, LANDSCAPE = 9412, 14004  # twips (1/1440 inch) between the margins of an A4 page
SIZES = (17, 15)  # half points: the usual size of table text, and the smaller one for wide tables
SMALLEST = 14  # half points: of a short table that else would have a turned page for itself
SHORT = 14  # rows
_GAP, _LEAST_GAP = 130, 100  # twips within a cell, left and right together; the second with the smallest text
_TWIPS_PER_POINT = 20
_WIDER_FACE = 1.13  # where Arial is missing, the face in its place may be this much wider
_WIDE_SIGNS = str.maketrans(dict.fromkeys("<>=≤≥±−", "m"))
_UNBROKEN = 16  # characters of a text that should stay on one line
_LONG_LINE = 3400  # a line of running text
_LONGEST_LINE = 6800  # a column of running text need not be wider
_ROOMY = 2100  # nor should it be narrower
_NARROWEST = 1500  # or so with the smallest text
_BREAKS = re.compile(r"[ \n/→-]+")


@dataclass(frozen=True, slots=True)
class Layout:
    """Column widths in twips, the text size in half points, and whether the page must be turned."""

    widths: tuple[int, ...]
    size: int
    turned: bool

    @property
    def gap(self) -> int:
        """Twips within a cell, left and right together."""
        return _LEAST_GAP if self.size == SMALLEST else _GAP


def layout(grid: Grid) -> Layout:
    """The layout that needs the least: upright before turned, usual text before small, and the smallest only to
    keep a short table upright."""
    for size in (*SIZES, *[SMALLEST] * (len(grid.body) <= SHORT)):
        least, wanted = _needs(grid, size)
        if sum(least) <= PORTRAIT:
            return Layout(_share(least, wanted, PORTRAIT), size, False)
    for size in SIZES:  # the usual text only where no line breaks: long texts are better read in few lines
        least, wanted = _needs(grid, size)
        if sum(wanted if size > SIZES[-1] else least) <= LANDSCAPE:
            return Layout(_share(least, wanted, LANDSCAPE), size, True)
    scale = LANDSCAPE / sum(least)
    return Layout(tuple(int(width * scale) for width in least), SIZES[-1], True)


def _share(least: list[int], wanted: list[int], room: int) -> tuple[int, ...]:
    """Every column as wide as it wants where there is room, else its least and a part of the rest."""
    spare, more = room - sum(least), sum(wanted) - sum(least)
    part = 1.0 if more <= spare else spare / more
    return tuple(int(low + part * (high - low)) for low, high in zip(least, wanted, strict=True))


def _needs(grid: Grid, size: int) -> tuple[list[int], list[int]]:
    """Per column the width of its longest word (numbers do not break) and of its longest line."""
    least, wanted = [0] * grid.columns, [0] * grid.columns
    for rows, is_head in ((grid.head, True), (grid.body, False)):
        for row in rows:
            at = 0
            for cell in row.cells:
                if cell.span == 1:
                    word, line = _cell_needs(cell, size, is_head=is_head)
                    least[at], wanted[at] = max(least[at], word), max(wanted[at], line)
                at += cell.span
    _widen_for_spanners(grid, size, least, wanted)
    return least, wanted


def _widen_for_spanners(grid: Grid, size: int, least: list[int], wanted: list[int]) -> None:
    for row in grid.head:
        at = 0
        for cell in row.cells:
            if cell.span > 1:
                word, _ = _cell_needs(cell, size, is_head=True)
                columns = range(at, min(at + cell.span, len(least)))
                lacking = word - sum(least[i] for i in columns)
                if lacking > 0:
                    for i in columns:
                        least[i] += lacking // len(columns) + 1
                        wanted[i] = max(wanted[i], least[i])
            at += cell.span


def _cell_needs(cell: GridCell, size: int, *, is_head: bool) -> tuple[int, int]:
    gap, roomy = (_LEAST_GAP, _NARROWEST) if size == SMALLEST else (_GAP, _ROOMY)
    text = text_of(cell.runs)
    line = max((_width(each, size) for each in text.split("\n")), default=0)
    if not is_head and (cell.number or len(text) <= _UNBROKEN):
        return line + gap, line + gap
    word = max((_width(each, size) for each in _BREAKS.split(text)), default=0)
    word, kept = min(word, _LONG_LINE), min(line, _LONGEST_LINE)
    return max(word, roomy if line >= _LONG_LINE and not is_head else 0) + gap, kept + gap


def _width(text: str, size: int) -> int:
    return int(text_width(text.translate(_WIDE_SIGNS), size / 2) * _WIDER_FACE * _TWIPS_PER_POINT) + 1
