"""Defined parameters (``:=``): values and delta-method standard errors."""

from __future__ import annotations

import numpy as np

from mce_utaut.sem.expressions import evaluate
from mce_utaut.sem.table import ParameterTable


def defined_values(table: ParameterTable, row_values: np.ndarray) -> np.ndarray:
    """The defined parameters (..., d) from the values of all rows (..., rows); a label stands for its first row."""
    if not table.definitions:
        return np.zeros((*row_values.shape[:-1], 0), dtype=row_values.dtype)
    known: dict[str, np.ndarray] = {}
    for i, row in enumerate(table.rows):
        if row.label and row.label not in known:
            known[row.label] = row_values[..., i]
    out = []
    for definition in table.definitions:
        value = np.broadcast_to(evaluate(definition.expression, known), row_values.shape[:-1])
        known[definition.name] = value
        out.append(value)
    return np.stack(out, axis=-1)


def defined_parameters(
    table: ParameterTable, t: np.ndarray, vcov_t: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    """Values (d,) and standard errors (d,) of the defined parameters (nan without ``vcov_t``)."""
    if not table.definitions:
        return np.zeros(0), np.zeros(0)
    values = np.real(defined_values(table, table.row_values(table.expand(t))))
    if vcov_t is None or not len(t):
        return values, np.full(values.shape, np.nan)
    rows = table.row_values(table.expand(t))
    by_t = np.zeros((len(rows), len(t)))
    by_t[table.free_rows] = table.K
    jacobian = defined_jacobian(table, rows, by_t)
    return values, np.sqrt(((jacobian @ vcov_t) * jacobian).sum(axis=1))


def defined_jacobian(table: ParameterTable, row_values: np.ndarray, by_t: np.ndarray) -> np.ndarray:
    """The derivatives (d, n) of the defined parameters, from the values (rows,) and derivatives (rows, n) of rows."""
    steps = row_values + 1j * 1e-30 * by_t.T
    return np.imag(defined_values(table, steps)).T / 1e-30
