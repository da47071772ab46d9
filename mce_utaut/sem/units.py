"""The natural unit of each parameter: what a change of it is worth when variables have unit variance."""

from __future__ import annotations

import numpy as np

from mce_utaut.sem.discrepancy import Objective


def natural_units(objective: Objective, t: np.ndarray) -> np.ndarray:
    """The size (n_free,) that a change of each parameter has when variables have unit variance."""
    table = objective.table
    deviations = []
    for implied in objective.implied(t):
        variance = np.abs(np.diag(implied.C))
        deviations.append(np.sqrt(np.where(variance > 0, variance, 1.0)))
    index = {name: i for i, name in enumerate(objective.groups[0].variables)}
    units = np.ones(len(table.free_rows))
    for at, i in enumerate(table.free_rows):
        row = table.rows[i]
        sd = deviations[row.group - 1]
        if row.op == "=~":
            units[at] = sd[index[row.rhs]] / sd[index[row.lhs]]
        elif row.op == "~":
            units[at] = sd[index[row.lhs]] / sd[index[row.rhs]]
        elif row.op == "~~":
            units[at] = sd[index[row.lhs]] * sd[index[row.rhs]]
        elif row.op == "~1":
            units[at] = sd[index[row.lhs]]
    return units[np.argmax(table.K != 0, axis=0)]
