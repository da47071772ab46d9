"""Run as a program by ``spss.py``: an SPSS file on the standard input to JSON on the standard output.

    python spss_reader.py MOST_COLUMNS MOST_CELLS MOST_ROWS

Prints ``{"rows": [names, cells...]}`` with at most one row of cells more than MOST_ROWS, ``{"too_large": what}`` or
``{"error": reason}``. It imports nothing of this package.
"""

import io
import json
import sys


def read(content: bytes, columns: int, cells: int, rows: int) -> dict[str, object]:
    """What is printed for ``content``."""
    import pyreadstat

    try:
        meta = pyreadstat.read_sav(io.BytesIO(content), metadataonly=True)[1]
        width, height = len(meta.column_names), max(meta.number_rows or 0, 0)
        if width > columns or width * height > cells:
            return {"too_large": f"{width} variables and {height} rows"}
        # The number of rows in the header may be wrong or not known.
        most = min(rows, cells // max(width, 1)) + 1
        frame = pyreadstat.read_sav(io.BytesIO(content), row_limit=most, user_missing=True)[0]
        texts = [[text_of(value) for value in frame[name].tolist()] for name in frame.columns]
    except Exception as error:  # whatever a damaged file sets off in the foreign reader
        return {"error": str(error)[:200] or type(error).__name__}
    return {"rows": [list(meta.column_names), *(list(row) for row in zip(*texts, strict=True))]}


def text_of(value: object) -> str:
    """The shortest text of a value; "" where it is missing."""
    if value is None or value != value:  # NaN and NaT
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return value.isoformat(sep=" ") if hasattr(value, "hour") else str(value)


if __name__ == "__main__":
    print(json.dumps(read(sys.stdin.buffer.read(), *map(int, sys.argv[1:4]))))
