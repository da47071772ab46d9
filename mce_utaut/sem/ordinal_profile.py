"""A smaller minimisation for ordered data: thresholds that fit exactly are left out and filled in after.

With a diagonal weight, a free threshold that is tied to nothing meets its sample value whatever the other
parameters are, tau = s / d + mu. Neither it nor its statistic then takes part in the minimum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mce_utaut.sem.discrepancy import Objective
from mce_utaut.sem.matrices import group_matrices, implied_moments
from mce_utaut.sem.wls import WeightedLeastSquares


def without_exact_thresholds(objective: Objective) -> tuple[Objective, np.ndarray]:
    """The objective over the remaining parameters, and which of the parameters (n_free,) those are."""
    table = objective.table
    loose = _own_thresholds(objective)
    columns = table.K[loose].any(axis=0)
    stays = np.ones(len(table.free_rows), dtype=bool)
    stays[loose] = False
    smaller = replace(
        table,
        free_rows=table.free_rows[stays],
        K=table.K[np.ix_(stays, ~columns)],
        k0=table.k0[stays],
    )
    taken = {
        (table.rows[i].group, table.rows[i].lhs, int(table.rows[i].rhs[1:]) - 1)
        for i in table.free_rows[loose]
    }
    parts, groups = [], []
    for g, (group, part) in enumerate(zip(objective.groups, objective.parts, strict=True)):
        parts.append(_without_statistics(part, {(v, k) for label, v, k in taken if label == g + 1}, table.observed))
        fresh = group_matrices(smaller, g)
        groups.append(replace(fresh, A0=group.A0, S0=group.S0, m0=group.m0))
    return Objective(smaller, tuple(groups), tuple(parts), objective.weights), ~columns


def fill_thresholds(
    objective: Objective, t: np.ndarray, statistics: Sequence[np.ndarray] | None = None
) -> np.ndarray:
    """The parameters (..., n_free) with the thresholds left out set where they fit exactly.

    ``statistics`` (..., at least the thresholds) of every group stand in for those of the objective.
    """
    table = objective.table
    statistics = [part.statistics for part in objective.parts] if statistics is None else statistics
    x, own, filled = table.expand(t), _own_thresholds(objective), t.copy()
    implied = [implied_moments(group, x) for group in objective.groups]
    columns = np.argmax(table.K[own] != 0, axis=1)
    index = {name: i for i, name in enumerate(table.observed)}
    rows = [table.rows[i] for i in table.free_rows[own]]
    cells = np.array([(r.group - 1, index[r.lhs], int(r.rhs[1:]) - 1) for r in rows], dtype=int).reshape(-1, 3)
    for g, (part, here) in enumerate(zip(objective.parts, implied, strict=True)):
        layout, mine = part.layout, cells[:, 0] == g
        at = np.full(here.thresholds.shape[-2:], -1)
        cut = np.flatnonzero(layout.threshold >= 0)
        at[layout.variable[cut], layout.threshold[cut]] = cut
        v = cells[mine, 1]
        value = statistics[g][..., at[v, cells[mine, 2]]]
        filled[..., columns[mine]] = value / here.scale[..., v] + here.mean[..., v]
    return filled


def _own_thresholds(objective: Objective) -> np.ndarray:
    """The free rows (places among ``free_rows``) that are thresholds of their own, under a diagonal weight."""
    table = objective.table
    if any(part.weight.ndim != 1 for part in objective.parts):
        return np.zeros(0, dtype=int)
    is_threshold = np.array([table.rows[i].op == "|" for i in table.free_rows], dtype=bool)
    single = (table.K != 0).sum(axis=1) == 1
    unshared = (table.K != 0).sum(axis=0) == 1
    unit = (table.K @ unshared.astype(float) == 1.0) & (table.k0 == 0.0)
    return np.flatnonzero(is_threshold & single & unit)


def _without_statistics(
    part: WeightedLeastSquares, taken: set[tuple[str, int]], observed: tuple[str, ...]
) -> WeightedLeastSquares:
    layout = part.layout
    first = np.array(
        [(observed[v], int(k)) not in taken for v, k in zip(layout.variable, layout.threshold, strict=True)],
        dtype=bool,
    )
    kept = np.concatenate([first, np.ones(part.statistics.size - first.size, dtype=bool)])
    smaller = replace(layout, variable=layout.variable[first], threshold=layout.threshold[first])
    return replace(
        part,
        layout=smaller,
        statistics=part.statistics[kept],
        gamma=part.gamma[np.ix_(kept, kept)],
        weight=part.weight[kept],
    )
