"""The natural unit of each parameter: what a change of it is worth when variables have unit variance."""

from __future__ import annotations

import numpy as np

from mce_utaut.sem.discrepancy import Objective


def natural_units(objective: Objective, t: np.ndarray) -> np.ndarray:
    """The size (n_free,) that a change of each parameter has when variables have unit variance."""
    table = objective.table
    deviations = []
    for implied in objective.implied(t):
        variance = np.abs(implied.C.diagonal())
        deviations.append(np.sqrt(np.where(variance > 0, variance, 1.0)))
    units = np.ones(len(table.free_rows))
    for group, sd in zip(objective.groups, deviations, strict=True):
        path, symmetric, intercept = group.path, group.symmetric, group.intercept
        units[group.x_start + path.at] = sd[path.rows] / sd[path.cols]
        units[group.x_start + symmetric.at] = sd[symmetric.rows] * sd[symmetric.cols]
        units[group.x_start + intercept.at] = sd[intercept.rows]
    return units[np.argmax(table.K != 0, axis=0)] if table.is_constrained else units
