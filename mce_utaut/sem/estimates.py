"""The parameter estimates of a ``Fit`` as rows: estimate, standard error, z, p, interval, standardised values."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mce_utaut.sem.bootstrap_intervals import BootstrapIntervals
from mce_utaut.sem.effects import defined_parameters
from mce_utaut.sem.fit import Fit
from mce_utaut.sem.reference import reference_of
from mce_utaut.sem.standardise import standardised

NAN = float("nan")


class Estimate(NamedTuple):
    """One parameter, fixed, free or defined (``op`` ":=", ``group`` 0): nan where a value is undefined.

    ``free`` is 0 for fixed rows; equal numbers are tied. ``se`` is nan for fixed rows. ``z`` is the estimate over its
    standard error; p-value and limits (at the level of the fit's options) are those of the options' ``reference``.
    """

    lhs: str
    op: str
    rhs: str
    group: int
    label: str
    free: int
    est: float
    se: float
    z: float
    pvalue: float
    ci_lower: float
    ci_upper: float
    std_lv: float
    std_all: float
    std_all_se: float
    std_all_ci_lower: float
    std_all_ci_upper: float


def parameter_estimates(fit: Fit, bootstrap: BootstrapIntervals | None = None) -> list[Estimate]:
    """One ``Estimate`` per row of the table, then one per defined parameter.

    With ``bootstrap`` the standard errors and limits (raw and standardised) are those of the replicates.
    """
    table = fit.table
    values, errors = defined_parameters(table, fit.t, fit.vcov_t)
    est = np.concatenate([fit.estimates, values])
    se = np.concatenate([fit.standard_errors, errors])
    std = standardised(table, fit.objective.groups, fit.t, fit.vcov_t, fit.implied)
    std_se = std.all_se
    reference = reference_of(fit.options, fit.samples)
    quantile = reference.quantile(fit.options.level)
    if bootstrap is None:
        limits = est - quantile * se, est + quantile * se
        std_limits = std.all - quantile * std_se, std.all + quantile * std_se
    else:
        se, std_se = bootstrap.se, bootstrap.std_se
        limits, std_limits = (bootstrap.lower, bootstrap.upper), (bootstrap.std_lower, bootstrap.std_upper)
    heads = [(row.lhs, row.op, row.rhs, row.group, row.label, row.free) for row in table.rows]
    heads += [(d.name, ":=", d.text, 0, d.name, 0) for d in table.definitions]
    with np.errstate(all="ignore"):
        z = np.where(se > 0, est / se, NAN)
    numbers = np.array([est, se, z, reference.pvalue(z), *limits, std.lv, std.all, std_se, *std_limits])
    return [Estimate(*head, *row) for head, row in zip(heads, numbers.T.tolist(), strict=True)]
