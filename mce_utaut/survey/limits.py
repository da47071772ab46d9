"""How large a file of responses may be. A file beyond these is a mistake or an attack, and is refused."""

from __future__ import annotations

MOST_COLUMNS = 4096
MOST_ROWS = 1_048_576  # rows of a spreadsheet
MOST_CELLS = 100_000_000
LONGEST_CELL = 131_072  # characters; a longer one is a quote that was never closed
MOST_SHEET_CELLS = 20_000_000  # cells of an XLSX sheet, which are slow to read
MOST_BLANK_ROWS = 20_000  # blank rows of a sheet below each other
MOST_UNPACKED = 1 << 30  # bytes of all parts of a zip together
MOST_PART = 1 << 28  # bytes of a part other than a sheet
MOST_PARTS = 2000  # parts of a zip
MOST_INFLATION = 200  # unpacked to packed size, beyond 64 MiB
