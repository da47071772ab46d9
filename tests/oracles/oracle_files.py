"""What R wrote, for the tests: ``oracle`` reads a JSON of this folder, ``columns`` a data set of ``data/``."""

from __future__ import annotations

import csv
import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent


def oracle(name: str) -> Any:
    """What ``<name>.R`` wrote into ``<name>.json``."""
    return json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))


@cache
def columns(name: str) -> dict[str, np.ndarray]:
    """The columns (n,) of ``data/<name>.csv``: numbers with nan for NA, or words where one cell is no number."""
    with (HERE / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        heads, *rows = csv.reader(file)
    return {head: _column([row[at] for row in rows]) for at, head in enumerate(heads)}


def _column(cells: list[str]) -> np.ndarray:
    try:
        return np.array([np.nan if cell in ("NA", "") else float(cell) for cell in cells])
    except ValueError:
        return np.array(cells)
