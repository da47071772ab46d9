"""``Table``: what a report table holds before it is drawn, and its CSV twin.

A cell knows its printed text and its value at full precision: the page shows the one, the CSV the other.
"""

from __future__ import annotations

import base64
import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from markupsafe import Markup

Align = Literal["text", "number"]
LEAST_TO_SORT = 6
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True, slots=True)
class Cell:
    """A printed text and the value behind it (text, number or None); ``tint`` (0 to 1) shades the cell."""

    text: str | Markup
    value: str | float | int | bool | None = None
    tint: float | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head as printed, its name in the CSV (the head where empty), and its alignment."""

    head: str | Markup
    name: str = ""
    align: Align = "number"
    spanner: str | Markup = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row: first cell is the row's head. A ``group`` row holds one text that spans the table; in a
    ``spread`` row the second cell spans the rest."""

    cells: tuple[Cell, ...]
    group: bool = False
    spread: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with number, caption and notes. ``name`` is the stem of its CSV file and its anchor; ``sortable``
    is whether another order of the rows (within their group) keeps its meaning."""

    name: str
    caption: str | Markup
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str | Markup, ...] = ()
    number: int = 0
    sortable: bool = True
    language: str = field(default="")

    @property
    def spanners(self) -> list[tuple[str, int]]:
        """(text, columns spanned) of the upper head row, or an empty list where no column has one."""
        if not any(column.spanner for column in self.columns):
            return []
        spans: list[tuple[str, int]] = []
        for column in self.columns:
            if spans and spans[-1][0] == column.spanner:
                spans[-1] = (column.spanner, spans[-1][1] + 1)
            else:
                spans.append((column.spanner, 1))
        return spans

    @property
    def sorts(self) -> bool:
        """Whether the page offers to sort it: a short table is read faster than sorted."""
        single = [row for row in self.rows if not row.group]
        return self.sortable and len(single) >= LEAST_TO_SORT and not any(row.spread for row in single)

    def csv(self) -> bytes:
        """The table as CSV (UTF-8 with BOM, comma, CRLF); group rows become a first column. Text that a
        spreadsheet would run as a formula gets an apostrophe in front."""
        grouped = any(row.group for row in self.rows)
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        heads = [_csv_head(column) for column in self.columns]
        writer.writerow(["group", *heads] if grouped else heads)
        group = ""
        for row in self.rows:
            if row.group:
                group = str(_value(row.cells[0]))
                continue
            values = [_safe(_value(cell)) for cell in row.cells]
            values += [""] * (len(self.columns) - len(values))
            writer.writerow([_safe(group), *values] if grouped else values)
        return "﻿".encode() + out.getvalue().encode("utf-8", "replace")

    def data_uri(self) -> str:
        """The CSV as a data: address."""
        return "data:text/csv;charset=utf-8;base64," + base64.b64encode(self.csv()).decode("ascii")


def _csv_head(column: Column) -> str:
    name = column.name or _plain(column.head)
    return _safe(f"{_plain(column.spanner)}: {name}" if column.spanner else name)


def _value(cell: Cell) -> str | float | int | bool:
    return "" if cell.value is None else cell.value


def _plain(text: str | Markup) -> str:
    return text.striptags() if isinstance(text, Markup) else text


def _safe(value: object) -> object:
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value


def text_cell(text: str | Markup) -> Cell:
    """A cell whose value is its text."""
    return Cell(text, _plain(text))


def missing_cell() -> Cell:
    """A cell for what is undefined or was not asked: an em dash, empty in the CSV."""
    return Cell("—", None)


def group_row(text: str | Markup) -> Row:
    """A row that heads the rows below it."""
    return Row((text_cell(text),), group=True)


def row(head: str | Markup, cells: Sequence[Cell]) -> Row:
    """A row with its head."""
    return Row((text_cell(head), *cells))
