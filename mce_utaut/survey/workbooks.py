"""Rows of text from XLSX bytes, and XLSX bytes of text cells.

A workbook is a zip of XML made by somebody else: sizes are checked before anything is unpacked, a
document type (the door of entity attacks) is refused, and reading stops where a sheet gets too large.
"""

from __future__ import annotations

import datetime
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Mapping, Sequence

from mce_utaut.errors import FileProblem, Problem
from mce_utaut.survey.limits import (
    LONGEST_CELL,
    MOST_BLANK_ROWS,
    MOST_COLUMNS,
    MOST_INFLATION,
    MOST_PART,
    MOST_PARTS,
    MOST_ROWS,
    MOST_SHEET_CELLS,
    MOST_UNPACKED,
)

_ROOT = re.compile(rb"<[A-Za-z_]")
_PROLOG = 1 << 16
_CHUNK = 1 << 20
_CELLS = (b"<c ", b"<c>", b":c ", b":c>")


def single_csv(content: bytes, name: str) -> bytes | None:
    """The one CSV in a zip archive, or None where the zip is a workbook. Raises ``FileProblem`` for a
    damaged or hostile archive, and for one that holds neither."""
    with _archive(content, name) as archive:
        names = [entry for entry in archive.namelist() if not entry.endswith("/")]
        if "[Content_Types].xml" in names and any(entry.startswith("xl/") for entry in names):
            return None
        if "mimetype" in names:
            raise FileProblem(Problem("is an OpenDocument file.", "Save it as .xlsx or CSV.", name))
        tables = [entry for entry in names if entry.casefold().endswith(".csv")]
        if len(tables) == 1:
            return _part(archive, tables[0], name)
        held = ", ".join(sorted(names)[:6]) or "nothing"
        raise FileProblem(
            Problem(f"is a zip archive with {held}, not a workbook.", "Unpack it and name one file.", name)
        )


def read_sheet(
    content: bytes, name: str, sheet: str | None = None, head: int | None = None
) -> tuple[list[list[str]], list[int]]:
    """The rows of cells that are not empty, and their numbers, of ``sheet`` or of the first sheet with
    cells. Formula cells give the formula's text, numbers their shortest form (4.0 -> "4").

    Raises ``FileProblem`` where the workbook is damaged, hostile, too large or has no such sheet.
    """
    import openpyxl  # costs 0.2 s: only where a workbook is read or written

    with _archive(content, name) as archive:
        for entry in archive.namelist():
            if entry.endswith((".xml", ".rels")):
                _refuse_document_type(archive, entry, name)
            if entry.startswith("xl/worksheets/"):
                _refuse_wide_rows(archive, entry, name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
            return _cells(book, name, sheet, head)
        except FileProblem:
            raise
        except Exception as error:  # a damaged part can fail anywhere in the foreign reader
            what = f"is a damaged workbook ({type(error).__name__})."
            raise FileProblem(Problem(what, "Save or download it again.", name)) from error


def write_sheets(sheets: Mapping[str, Sequence[Sequence[str]]]) -> bytes:
    """XLSX bytes with one sheet of text cells for each entry; nothing in it is a formula. Equal input
    gives equal bytes."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    book.properties.created = book.properties.modified = datetime.datetime(2000, 1, 1)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append([_cell(sheet, text) for text in row])
    stream = io.BytesIO()
    book.save(stream)
    return timeless(stream.getvalue())


def _cell(sheet: object, text: str) -> object:
    """A text cell: openpyxl takes text that begins with ``=`` for a formula unless told otherwise."""
    if not text.startswith("="):
        return text or None
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    return cell


def timeless(content: bytes) -> bytes:
    """The archive with fixed dates, so that equal sheets give equal bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename == "docProps/core.xml":
                data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2000-01-01T00:00:00Z", data)
            fixed = zipfile.ZipInfo(entry.filename, (2000, 1, 1, 0, 0, 0))
            fixed.compress_type = zipfile.ZIP_DEFLATED
            fixed.external_attr = 0o600 << 16
            new.writestr(fixed, data)
    return stream.getvalue()


def _archive(content: bytes, name: str) -> zipfile.ZipFile:
    """The opened archive, its declared sizes within bounds (zipfile unpacks no more than is declared)."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise FileProblem(
            Problem(f"is a truncated or damaged workbook ({error}).", "Save or download it again.", name)
        ) from None
    unpacked = 0
    if len(archive.infolist()) > MOST_PARTS:
        what = f"is an archive of more than {MOST_PARTS} parts: it is not a file of responses."
        raise FileProblem(Problem(what, "Export the responses as CSV.", name))
    for entry in archive.infolist():
        unpacked += entry.file_size
        is_sheet = entry.filename.startswith("xl/worksheets/") or entry.filename.casefold().endswith(".csv")
        if entry.flag_bits & 0x1:
            raise FileProblem(Problem("has a password.", "Save it without.", name))
        if not is_sheet and entry.file_size > MOST_PART:
            raise _bomb(name, entry.file_size)
    if unpacked > MOST_UNPACKED or (unpacked > 1 << 26 and unpacked > MOST_INFLATION * len(content)):
        raise _bomb(name, unpacked)
    return archive


def _bomb(name: str, size: int) -> FileProblem:
    return FileProblem(
        Problem(
            f"would unpack to {size >> 20} MiB: it is not a file of responses.",
            "Export the responses as CSV.",
            name,
        )
    )


def _part(archive: zipfile.ZipFile, entry: str, name: str) -> bytes:
    try:
        return archive.read(entry)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise FileProblem(Problem(f"is a damaged archive ({entry}: {error}).", "Download it again.", name)) from None


def _refuse_document_type(archive: zipfile.ZipFile, entry: str, name: str) -> None:
    """A document type can only stand before the root element."""
    try:
        with archive.open(entry) as part:
            start = part.read(_PROLOG).replace(b"\0", b"")  # UTF-16 hides nothing this way
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise FileProblem(
            Problem(f"is a damaged workbook ({entry}: {error}).", "Save or download it again.", name)
        ) from None
    root = _ROOT.search(start)
    if b"<!DOCTYPE" in start or b"<!ENTITY" in start or (start and root is None):
        raise FileProblem(
            Problem(f"holds XML that no spreadsheet program writes ({entry}).", "Save it as .xlsx again.", name)
        )


def _refuse_wide_rows(archive: zipfile.ZipFile, entry: str, name: str) -> None:
    """The foreign reader builds a row before anybody can count its cells: they are counted here, as bytes."""
    cells = 0
    try:
        with archive.open(entry) as part:
            while chunk := part.read(_CHUNK):
                for place, piece in enumerate(chunk.split(b"row>")):  # with and without a prefix
                    cells = (0 if place else cells) + sum(map(piece.count, _CELLS))
                    if cells > 2 * MOST_COLUMNS:
                        raise _too_wide(name, cells)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        what = f"is a damaged workbook ({entry}: {error})."
        raise FileProblem(Problem(what, "Save or download it again.", name)) from None


def _too_wide(name: str, cells: int) -> FileProblem:
    what = f"has a row of more than {min(cells, 2 * MOST_COLUMNS)} cells: this is no file of responses."
    return FileProblem(Problem(what, "Export the responses as CSV.", name))


def _cells(book: object, name: str, wanted: str | None, head: int | None) -> tuple[list[list[str]], list[int]]:
    sheets = list(book.worksheets)  # type: ignore[attr-defined]
    if wanted is not None:
        sheets = [sheet for sheet in sheets if sheet.title == wanted]
        if not sheets:
            raise FileProblem(Problem(f"has no sheet named {wanted!r}.", "", name))
    for sheet in sheets:
        sheet.reset_dimensions()
        rows: list[list[str]] = []
        numbers: list[int] = []
        cells = blank = 0
        for number, row in enumerate(sheet.iter_rows(), start=1):
            cells += len(row) + 1
            if len(row) > MOST_COLUMNS or number > MOST_ROWS or cells > MOST_SHEET_CELLS:
                what = f"has a sheet of more than {max(len(row), 1)} columns and {number} rows"
                raise FileProblem(
                    Problem(f"{what}: this is no file of responses.", "Export the responses as CSV.", name)
                )
            texts = [_text(cell) for cell in row]
            while texts and not texts[-1]:
                texts.pop()
            blank = 0 if texts else blank + 1
            if blank > MOST_BLANK_ROWS:
                what = f"has more than {MOST_BLANK_ROWS} blank rows below each other."
                raise FileProblem(Problem(what, "Delete them, or export the responses as CSV.", name))
            if texts:
                rows.append(texts)
                numbers.append(number)
                if head is not None and len(rows) >= head:
                    break
        if rows:
            return rows, numbers
    return [], []


def _text(cell: object) -> str:
    """A cell's answer as text."""
    value = cell.value  # type: ignore[attr-defined]
    if value is None:
        return ""
    if cell.data_type == "f":  # type: ignore[attr-defined]
        formula = str(getattr(value, "text", value))
        # An answer "=SUM(A1)" that a tool wrote as a formula comes with one sign too many.
        return formula[1:] if formula.startswith("==") else formula
    if isinstance(value, str):
        text = value.replace("_x000D_", "")
        if len(text) > LONGEST_CELL:
            raise FileProblem(Problem(f"a cell has more than {LONGEST_CELL} characters."))
        return text
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time(0) else value.isoformat(" ")
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return str(value.total_seconds())
    return str(value)
