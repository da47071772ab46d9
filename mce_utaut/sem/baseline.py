"""The baseline (independence) model: no covariances but those among exogenous variables, as in lavaan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mce_utaut.sem.discrepancy import Objective
from mce_utaut.sem.matrices import group_matrices
from mce_utaut.sem.moments import SampleMoments
from mce_utaut.sem.table import Parameter, ParameterTable, solve_constraints
from mce_utaut.sem.tests_of_fit import TestOfFit


def baseline_table(table: ParameterTable) -> ParameterTable:
    """The parameter table of the baseline model of a model for continuous variables."""
    exogenous, fixed = table.exogenous, table.fixed_exogenous
    rows: list[Parameter] = []
    for group in range(1, len(table.groups) + 1):
        keys = [(name, "~~", name) for name in table.observed]
        keys += [(a, "~~", b) for i, a in enumerate(exogenous) for b in exogenous[i + 1 :]]
        keys += [(name, "~1", "") for name in table.observed] if table.meanstructure else []
        for lhs, op, rhs in keys:
            exo = lhs in fixed
            rows.append(Parameter(lhs, op, rhs, group, free=int(not exo), exo=exo))
    numbered, free_rows, K, k0 = solve_constraints(rows, (), ())
    return replace(
        table,
        rows=tuple(numbered),
        latent=(),
        definitions=(),
        free_rows=free_rows,
        K=K,
        k0=k0,
        parameterization="delta",
    )


def baseline_objective(objective: Objective, samples: Sequence[SampleMoments]) -> Objective:
    """The objective of the baseline model over the same discrepancies."""
    table = baseline_table(objective.table).with_exogenous(samples)
    groups = tuple(group_matrices(table, g) for g in range(len(table.groups)))
    return Objective(table, groups, objective.parts, objective.weights)


def independence_test(objective: Objective, samples: Sequence[SampleMoments], multiplier: float) -> TestOfFit:
    """The standard test of the baseline model under ML on complete data, in closed form.

    F_g = sum over the other variables of log s_jj + log|S_xx| of the exogenous ones - log|S|.
    """
    table = objective.table
    names = table.observed
    x = np.array([names.index(name) for name in table.exogenous], dtype=int)
    others = np.delete(np.arange(len(names)), x) if len(x) else np.arange(len(names))
    values = []
    for sample, part in zip(samples, objective.parts, strict=True):
        S = sample.covariance
        value = np.log(S.diagonal()[others]).sum() - part.log_determinant
        values.append(value + (np.linalg.slogdet(S[np.ix_(x, x)])[1] if len(x) else 0.0))
    count = len(others) * (len(others) - 1) // 2 + len(others) * len(x)
    return TestOfFit(
        "standard", max(float(multiplier * (objective.weights @ values)), 0.0), count * len(samples)
    )


def baseline_start(table: ParameterTable, samples: Sequence[SampleMoments]) -> np.ndarray:
    """The sample moments as start values (n_free,): the solution itself under ML."""
    values = []
    for i in table.free_rows:
        row = table.rows[i]
        sample = samples[row.group - 1]
        at = sample.names.index(row.lhs)
        if row.op == "~1":
            values.append(sample.mean[at])
        else:
            values.append(sample.covariance[at, sample.names.index(row.rhs)])
    return np.array(values)
