"""A covariance matrix and means from CSV files: sample statistics in place of raw data."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mce_utaut.errors import ImportProblem, Problem
from mce_utaut.survey.tables import read_grid


def read_covariance(content: bytes, name: str) -> tuple[tuple[str, ...], np.ndarray]:
    """The names (p,) and the covariance matrix (p, p) of a CSV whose first row holds the names.

    Each row may start with its name. The lower triangle is enough. Raises ``ImportProblem`` where the
    matrix is not square, not symmetric, or holds what is no number.
    """
    rows = [[cell.strip() for cell in row] for row in read_grid(content, name).rows]
    names = tuple(cell for cell in rows[0] if cell) if rows else ()
    body = rows[1:]
    if len(body) != len(names):
        what = f"has {len(names)} names and {len(body)} rows; a covariance matrix is square."
        raise ImportProblem(Problem(what, "Write the names in the first row and a row for each below.", name))
    p = len(names)
    matrix = np.full((p, p), np.nan)
    for i, row in enumerate(body):
        cells = row[1:] if row and row[0] == names[i] else row
        for j, cell in enumerate(cells[:p]):
            if cell:
                matrix[i, j] = _number(cell, name, names[i], names[j])
    lower = np.tril(np.ones((p, p), dtype=bool))
    matrix = np.where(np.isnan(matrix), matrix.T, matrix)
    if np.isnan(matrix[lower]).any():
        i, j = next((i, j) for i in range(p) for j in range(i + 1) if np.isnan(matrix[i, j]))
        raise ImportProblem(Problem(f"the covariance of {names[i]} and {names[j]} is empty.", "Fill it in.", name))
    if not np.allclose(matrix, matrix.T, rtol=1e-6, atol=1e-12):
        i, j = np.argwhere(~np.isclose(matrix, matrix.T, rtol=1e-6, atol=1e-12))[0]
        what = f"is not symmetric at {names[i]} and {names[j]}."
        raise ImportProblem(Problem(what, "Either correct it or leave the upper triangle empty.", name))
    return names, (matrix + matrix.T) / 2


def read_means(content: bytes, name: str, names: Sequence[str]) -> np.ndarray:
    """The means (p,) in the order of ``names``, from a CSV with a row of names and a row of numbers."""
    rows = [[cell.strip() for cell in row] for row in read_grid(content, name).rows]
    if len(rows) != 2:
        raise ImportProblem(Problem("needs two rows: names, and the means below them.", "", name))
    given = dict(zip(rows[0], rows[1]))
    absent = [wanted for wanted in names if wanted not in given]
    if absent:
        raise ImportProblem(Problem(f"has no mean for {', '.join(absent)}.", "Add it.", name))
    return np.array([_number(given[wanted], name, wanted) for wanted in names])


def _number(text: str, file: str, *where: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = np.nan
    if not np.isfinite(value):
        remedy = "Write numbers with a decimal point."
        raise ImportProblem(Problem(f"{text!r} is not a number.", remedy, file, where=" and ".join(where)))
    return value
