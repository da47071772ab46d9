"""Rows of text from an SPSS file (.sav, .zsav): names of variables as headings, codes as cells.

Value labels are left aside: the codes say the same without the limits that SPSS sets to labels. Codes declared
as missing stay codes.
"""

from __future__ import annotations

import io
from typing import Any

from mce_utaut.errors import FileProblem, Problem
from mce_utaut.survey.limits import MOST_COLUMNS, MOST_ROWS, MOST_SHEET_CELLS

MAGIC = (b"$FL2", b"$FL3")


def read_sav(content: bytes, name: str, head: int | None = None) -> tuple[list[list[str]], list[int]]:
    """The variables' names and the rows of cells (the first ``head`` of both together, if given), and their numbers;
    the names are row 1. Numbers in their shortest form, dates as ISO 8601, nothing where a value is missing.

    Raises ``FileProblem`` where the file is damaged or too large.
    """
    meta = _read(content, name, metadataonly=True)[1]
    width = len(meta.column_names)
    if width > MOST_COLUMNS or max(meta.number_rows or 0, 0) * width > MOST_SHEET_CELLS:
        what = f"has {width} variables and {meta.number_rows} rows: it is no file of responses."
        raise FileProblem(Problem(what, "Export the responses as CSV.", name))
    # The number of rows in the header may be wrong or not known: one row more than allowed shows it.
    most = min(MOST_ROWS, MOST_SHEET_CELLS // max(width, 1)) if head is None else head - 1
    frame = _read(content, name, row_limit=most + 1, user_missing=True)[0]
    if head is None and len(frame) > most:
        raise FileProblem(Problem(f"has more than {most} rows.", "Export the responses as CSV.", name))
    columns = [[_text(value) for value in frame[column].tolist()] for column in frame.columns]
    rows = [list(meta.column_names), *(list(row) for row in zip(*columns, strict=True))][:head]
    kept = [index for index, row in enumerate(rows) if any(row)]
    return [rows[index] for index in kept], [index + 1 for index in kept]


def _read(content: bytes, name: str, **options: Any) -> tuple[Any, Any]:
    import pyreadstat  # slow to import: only where there is such a file

    try:
        return pyreadstat.read_sav(io.BytesIO(content), **options)
    except Exception as error:  # whatever a damaged file sets off in the foreign reader
        what = f"is a damaged SPSS file ({str(error)[:200] or type(error).__name__})."
        raise FileProblem(Problem(what, "Export the responses again, or as CSV.", name)) from None


def _text(value: object) -> str:
    if value is None or value != value:  # NaN and NaT
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return value.isoformat(sep=" ") if hasattr(value, "hour") else str(value)
