"""``Table``: the headings and text cells of a file of responses, whatever spreadsheet format it has.

Everything is read as text: codes such as ``NA`` stay what they are. What a file says of itself (its
name, its declared sizes) is not believed; its size in memory and the time to read it are bounded.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mce_utaut.errors import FileProblem, Problem
from mce_utaut.survey import delimited, spss, workbooks
from mce_utaut.survey.limits import MOST_CELLS, MOST_COLUMNS

_MAGIC = (
    (b"\xd0\xcf\x11\xe0", "is an old .xls workbook or one with a password.", "Save it as .xlsx without a password."),
    (b"%PDF", "is a PDF.", "Export the responses as CSV or XLSX."),
    (b"\x1f\x8b", "is a gzip archive.", "Unpack it first."),
    (b"Rar!", "is a RAR archive.", "Unpack it first."),
    (b"7z\xbc\xaf", "is a 7z archive.", "Unpack it first."),
    (b"\x89PNG", "is a picture.", "Export the responses as CSV or XLSX."),
)


_XML = (b"<?xml", b"<results", b"<!doctype", b"<html")


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of text cells as they stand in a file (of unequal length); ``numbers`` are the rows' numbers
    as a spreadsheet counts them (the first row of the file is 1). Rows without any text are left out."""

    rows: Sequence[Sequence[str]]
    numbers: Sequence[int]


@dataclass(frozen=True, slots=True)
class Table:
    """Headings and text cells: ``columns[j]`` is an object array (n,) of str under ``headings[j]``;
    ``numbers`` (n,) holds the row numbers of the file. ``form`` is "csv", "xlsx", "sav", "json" or "xml"."""

    name: str
    sha256: str
    form: str
    headings: tuple[str, ...]
    columns: tuple[np.ndarray, ...]
    numbers: np.ndarray

    @property
    def n(self) -> int:
        """The number of rows below the headings."""
        return len(self.numbers)


def form_of(content: bytes) -> str:
    """What ``content`` is, by its first bytes: "xlsx" (any zip), "sav" (SPSS), "json", "xml" (also HTML), or "csv"
    (any other text)."""
    if content.startswith(spss.MAGIC):
        return "sav"
    if content.startswith(b"PK\x03\x04"):
        return "xlsx"
    start = content[:200].removeprefix(b"\xef\xbb\xbf").lstrip()
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):  # UTF-16
        start = content[2:400].replace(b"\0", b"").lstrip()
    if start[:1] in (b"{", b"["):
        return "json"
    return "xml" if start.lower().startswith(_XML) else "csv"


def read_grid(
    content: bytes,
    name: str,
    *,
    delimiter: str | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    head: int | None = None,
) -> Grid:
    """The cells of a CSV, XLSX or SPSS file (or of the one CSV in a zip); only the first ``head`` rows if given.

    Raises ``FileProblem`` where the file is empty, of another kind, damaged, or too large.
    """
    if not content.strip():
        raise FileProblem(Problem("is empty.", "Export the responses again.", name))
    for magic, what, remedy in _MAGIC:
        if content.startswith(magic):
            raise FileProblem(Problem(what, remedy, name))
    form = form_of(content)
    if form == "sav":
        rows, numbers = spss.read_sav(content, name, head)
        return Grid(rows, numbers)
    if form == "xml":
        what = "is XML or a web page, not a table of responses."
        raise FileProblem(Problem(what, "Export the responses as CSV or XLSX.", name))
    if form == "xlsx":
        inside = workbooks.single_csv(content, name)
        if inside is None:
            rows, numbers = workbooks.read_sheet(content, name, sheet, head)
            return Grid(rows, numbers)
        content = inside
    rows, numbers = delimited.read_rows(content, name, delimiter, encoding, head)
    return Grid(rows, numbers)


def read_table(
    content: bytes,
    name: str,
    *,
    delimiter: str | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    head: int | None = None,
) -> Table:
    """The table of a file whose first row holds the headings. Raises ``FileProblem`` as ``read_grid``,
    and where a row has more cells than there are headings or the file ends inside a row."""
    grid = read_grid(content, name, delimiter=delimiter, encoding=encoding, sheet=sheet, head=head)
    return table_of(grid, content, name, form_of(content))


def table_of(grid: Grid, content: bytes, name: str, form: str) -> Table:
    """The table of ``grid``, its first row being the headings. Raises ``FileProblem`` where rows do not
    fit the headings."""
    if not grid.rows:
        raise FileProblem(Problem("has no rows.", "Export the responses again.", name))
    headings = list(grid.rows[0])
    rows, numbers = grid.rows[1:], grid.numbers[1:]
    while headings and not headings[-1].strip() and all(len(row) < len(headings) or not row[-1] for row in rows):
        headings.pop()
        rows = [row[: len(headings)] for row in rows]
    width = len(headings)
    if width > MOST_COLUMNS or width * len(rows) > MOST_CELLS:
        raise FileProblem(
            Problem(f"has {width} columns and {len(rows)} rows.", "This cannot be a file of responses.", name)
        )
    rows = _fitted(rows, numbers, width, name, form)
    again = [number for number, row in zip(numbers, rows) if list(row) == headings]
    if again and width > 1:
        what = f"the headings stand in row {', '.join(map(str, again[:5]))} again: two files were pasted together."
        raise FileProblem(Problem(what, "Delete that row, or give the files one by one.", name))
    cells = np.array(rows, dtype=object).reshape(len(rows), width)
    return Table(
        name=name,
        sha256=hashlib.sha256(content).hexdigest(),
        form=form,
        headings=tuple(headings),
        columns=tuple(np.ascontiguousarray(cells[:, index]) for index in range(width)),
        numbers=np.asarray(numbers, dtype=np.int64),
    )


def _fitted(
    rows: Sequence[Sequence[str]], numbers: Sequence[int], width: int, name: str, form: str
) -> Sequence[Sequence[str]]:
    """``rows`` all of ``width`` cells: blank ends cut, missing ends (which spreadsheets leave out) filled."""
    odd = [index for index, row in enumerate(rows) if len(row) != width]
    if not odd:
        return rows
    if form == "csv" and len(rows[odd[0]]) < width and odd == [len(rows) - 1]:
        raise FileProblem(
            Problem(
                f"the last row has {len(rows[-1])} of {width} cells: the file ends in the middle of a row.",
                "Export or download it again.",
                name,
                where=f"row {numbers[-1]}",
            )
        )
    fitted = list(rows)
    problems = []
    for index in odd:
        row = list(rows[index])
        if any(cell.strip() for cell in row[width:]):
            problems.append(index)
        fitted[index] = row[:width] + [""] * (width - len(row))
    if problems:
        where = ", ".join(str(numbers[index]) for index in problems[:10])
        more = f" and {len(problems) - 10} more" if len(problems) > 10 else ""
        raise FileProblem(
            Problem(
                f"has more cells than the {width} headings.",
                "Either the delimiter is another one (say which with --delimiter) or answers with the "
                "delimiter in them were not quoted.",
                name,
                where=f"rows {where}{more}",
            )
        )
    return fitted
