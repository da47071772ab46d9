"""Tables of a Word document after the APA manual: horizontal rules only, the head repeated on every page."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import pairwise

from mce_utaut.report.blocks import Grid, GridCell, GridRow
from mce_utaut.report.word.text import attribute, paragraph, runs, text_of
from mce_utaut.report.word.widths import SHORT, SIZES, SMALLEST, Layout

_FIRST_ROWS = 3  # that stay with the head
_LAST_ROWS = 3  # that stay with the note, which else could have a page for itself
_STRONG, _FINE = 8, 4  # eighths of a point
_STYLES = {**dict(zip(SIZES, ("TableText", "TableTextSmall"), strict=True)), SMALLEST: "TableTextSmallest"}


def table_xml(grid: Grid, plan: Layout, anchors: Collection[str]) -> str:
    """The ``w:tbl`` of ``grid``."""
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in plan.widths)
    together = len(grid.body) <= SHORT  # not torn apart by a page break
    rows = [
        _row(row, plan, anchors, head=True, first=i == 0, last=i == len(grid.head) - 1, keep=True)
        for i, row in enumerate(grid.head)
    ]
    held = _held(grid.body)
    for i, row in enumerate(grid.body):
        last = i == len(grid.body) - 1
        ends = i < _FIRST_ROWS or i >= len(grid.body) - _LAST_ROWS
        keep = bool(grid.notes) if last else together or held[i] or ends
        rows.append(_row(row, plan, anchors, head=False, first=False, last=last, keep=keep))
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(plan.widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        f'<w:tblCellMar><w:left w:w="{plan.gap // 2}" w:type="dxa"/><w:right w:w="{plan.gap // 2}" w:type="dxa"/>'
        '</w:tblCellMar>'
        f'<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" '
        f'w:noVBand="1"/><w:tblCaption w:val={attribute(text_of(grid.title))}/></w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _held(body: Sequence[GridRow]) -> list[bool]:
    """Which rows stay with the next: a group's heading and its rows but the last, as its heading is not repeated; of a
    long group the first and the last rows."""
    starts = [*(i for i, row in enumerate(body) if row.group), len(body)]
    held = [False] * len(body)
    for start, end in pairwise(starts):
        for i in range(start, end - 1):
            held[i] = end - start <= SHORT or i < start + _FIRST_ROWS or i >= end - _LAST_ROWS
    return held


def _row(
    row: GridRow, plan: Layout, anchors: Collection[str], *, head: bool, first: bool, last: bool, keep: bool
) -> str:
    cells, at = [], 0
    for cell in row.cells:
        width = sum(plan.widths[at : at + cell.span])
        edges = ("top", _STRONG) if first else None, ("bottom", _FINE if head else _STRONG) if last else None
        borders = "".join(f'<w:{e[0]} w:val="single" w:sz="{e[1]}" w:space="0" w:color="auto"/>' for e in edges if e)
        span = f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else ""
        edge = f"<w:tcBorders>{borders}</w:tcBorders>" if borders else ""
        stand = '<w:vAlign w:val="bottom"/>' if head else ""
        properties = f'<w:tcW w:w="{width}" w:type="dxa"/>{span}{edge}{stand}'
        cells.append(f"<w:tc><w:tcPr>{properties}</w:tcPr>{_text(row, cell, plan, anchors, head, keep)}</w:tc>")
        at += cell.span
    repeated = "<w:tblHeader/>" if head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{''.join(cells)}</w:tr>"


def _text(row: GridRow, cell: GridCell, plan: Layout, anchors: Collection[str], head: bool, keep: bool) -> str:
    """The cell's paragraph. The rule below a spanner belongs to the paragraph: so neighbours stay apart."""
    if row.spanner and cell.runs:
        rule = '<w:pBdr><w:bottom w:val="single" w:sz="4" w:space="1" w:color="auto"/></w:pBdr><w:jc w:val="center"/>'
    else:
        rule = '<w:jc w:val="right"/>' if cell.number else ""
    pieces = (
        cell.runs
        if not cell.number or head
        else tuple(replace(piece, text=piece.text.replace(" ", "\u00a0")) for piece in cell.runs)
    )
    style = _STYLES[plan.size]
    return paragraph(runs(pieces, anchors, bold=row.group), style, keep=keep, properties=rule)
