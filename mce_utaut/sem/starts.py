"""Where a search starts: the start values of all groups, and other places where the search from them fails."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from mce_utaut.sem.group_starts import GroupStarts
from mce_utaut.sem.moments import SampleMoments
from mce_utaut.sem.table import Parameter, ParameterTable


def start_values(
    table: ParameterTable, samples: Sequence[SampleMoments], regressions: bool = True
) -> np.ndarray:
    """Start values ``t`` (n_free,) of the estimated parameters; the user's own start values win.

    Without ``regressions`` these start at 0, and what they explain is left to the disturbances.
    """
    per_group = [GroupStarts(table, group, sample, regressions) for group, sample in enumerate(samples)]
    x = np.array([_start_of(table, per_group, i) for i in table.free_rows])
    return reduced(table, x)


def without_covariances(table: ParameterTable, t: np.ndarray) -> np.ndarray:
    """The start values with every covariance and regression set to 0: an admissible place to start from."""
    x = table.expand(t)
    for at, i in enumerate(table.free_rows):
        row = table.rows[i]
        if row.op == "~" or (row.op == "~~" and row.lhs != row.rhs):
            x[at] = 0.0
    return reduced(table, x)


def other_starts(
    table: ParameterTable, samples: Sequence[SampleMoments], t: np.ndarray
) -> Iterator[np.ndarray]:
    """Further places to start from where the search from ``t`` fails: weaker factors, with loadings nought or by sign.

    The user's own start values stay.
    """
    for loading, share in ((0.0, 0.05), (0.7, 0.3), (0.7, 0.02), (0.0, -0.05)):
        x = table.expand(t).copy()
        for at, i in enumerate(table.free_rows):
            row = table.rows[i]
            if not np.isnan(row.start):
                continue
            sample = samples[row.group - 1]
            x[at] = _other_value(table, row, sample, loading, share, x[at])
        yield reduced(table, x)


def even_start(table: ParameterTable, samples: Sequence[SampleMoments], t: np.ndarray) -> np.ndarray:
    """A start (n_free,) with loadings alike and positive, and factors with 0.3 of their first indicator's variance."""
    x = table.expand(t).copy()
    for at, i in enumerate(table.free_rows):
        row = table.rows[i]
        own = row.op == "=~" or (row.op == "~~" and row.lhs == row.rhs and row.lhs in table.latent)
        if own and np.isnan(row.start):
            x[at] = abs(_other_value(table, row, samples[row.group - 1], 1.0, 0.3, x[at]))
    return reduced(table, x)


def _other_value(
    table: ParameterTable, row: Parameter, sample: SampleMoments, loading: float, share: float, value: float
) -> float:
    first = next(
        (r.rhs for r in table.rows if r.op == "=~" and r.lhs == row.lhs and r.group == row.group), ""
    )
    names, S = sample.names, sample.covariance
    if row.op == "=~":
        if row.rhs not in names or first not in names:
            return loading
        i, marker = names.index(row.rhs), names.index(first)
        return loading * np.copysign(np.sqrt(S[i, i] / S[marker, marker]), S[i, marker])
    if row.op == "~":
        return 0.0
    if row.op == "~~" and row.lhs == row.rhs and row.lhs in table.latent:
        return share * (S[names.index(first), names.index(first)] if first in names else 1.0)
    if row.op == "~~" and row.lhs != row.rhs and not {row.lhs, row.rhs} <= set(table.exogenous):
        return 0.0
    return value


def reduced(table: ParameterTable, x: np.ndarray) -> np.ndarray:
    """The estimated parameters (n_free,) that come nearest to free rows ``x`` (q,)."""
    if not table.n_free:
        return np.zeros(0)
    if not table.is_constrained:
        return x
    return np.linalg.lstsq(table.K, x - table.k0, rcond=None)[0]


def _start_of(table: ParameterTable, per_group: Sequence[GroupStarts], i: int) -> float:
    row = table.rows[i]
    if row.start == row.start:
        return row.start
    return per_group[row.group - 1].value(row.lhs, row.op, row.rhs)
