"""Rows of text from an SPSS file (.sav, .zsav): names of variables as headings, codes as cells.

Value labels are left aside: the codes say the same without the limits that SPSS sets to labels. Codes declared as
missing stay codes. The foreign reader is written in C and can be brought down by a damaged file, so that it works in
a process of its own (``spss_reader.py``).
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from mce_utaut.errors import FileProblem, Problem
from mce_utaut.survey.limits import MOST_COLUMNS, MOST_ROWS, MOST_SHEET_CELLS

MAGIC = (b"$FL2", b"$FL3")
_READER = Path(__file__).with_name("spss_reader.py")
_LONGEST = 300  # seconds


def read_sav(content: bytes, name: str, head: int | None = None) -> tuple[list[list[str]], list[int]]:
    """The variables' names and the rows of cells (the first ``head`` of both together, if given), and their numbers;
    the names are row 1. Numbers in their shortest form, dates as ISO 8601, nothing where a value is missing.

    Raises ``FileProblem`` where the file is damaged or too large.
    """
    limits = [MOST_COLUMNS, MOST_SHEET_CELLS, MOST_ROWS if head is None else head - 1]
    command = [sys.executable, "-I", str(_READER), *map(str, limits)]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=_LONGEST, check=False)
        answer = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        raise _damaged(name, "its reader gave up") from None
    if "error" in answer:
        raise _damaged(name, answer["error"])
    if "too_large" in answer:
        what = f"has {answer['too_large']}: it is no file of responses."
        raise FileProblem(Problem(what, "Export the responses as CSV.", name))
    rows = answer["rows"]
    if head is None and len(rows) > MOST_ROWS + 1:
        raise FileProblem(Problem(f"has more than {MOST_ROWS} rows.", "Export the responses as CSV.", name))
    kept = [index for index, row in enumerate(rows[:head]) if any(row)]
    return [rows[index] for index in kept], [index + 1 for index in kept]


def _damaged(name: str, reason: str) -> FileProblem:
    return FileProblem(Problem(f"is a damaged SPSS file ({reason}).", "Export the responses again, or as CSV.", name))
