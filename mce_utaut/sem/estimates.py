"""The parameter estimates of a ``Fit`` as rows: estimate, standard error, z, p, interval, standardised values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from mce_utaut.sem.effects import defined_parameters
from mce_utaut.sem.fit import Fit
from mce_utaut.sem.standardise import standardised

NAN = float("nan")


@dataclass(frozen=True, slots=True)
class Estimate:
    """One parameter, fixed, free or defined (``op`` ":=", ``group`` 0): nan where a value is undefined.

    ``free`` is 0 for fixed rows; equal numbers are tied. ``se`` is nan for fixed rows. The limits are
    normal-theory limits at the level of the fit's options.
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


def parameter_estimates(fit: Fit) -> list[Estimate]:
    """One ``Estimate`` per row of the table, then one per defined parameter."""
    table = fit.table
    values, errors = defined_parameters(table, fit.t, fit.vcov_t)
    est = np.concatenate([fit.estimates, values])
    se = np.concatenate([fit.standard_errors, errors])
    std = standardised(table, fit.objective.groups, fit.t, fit.vcov_t)
    quantile = float(ndtri((1 + fit.options.level) / 2))
    heads = [(row.lhs, row.op, row.rhs, row.group, row.label, row.free) for row in table.rows]
    heads += [(d.name, ":=", d.text, 0, d.name, 0) for d in table.definitions]
    out = []
    for i, head in enumerate(heads):
        z = est[i] / se[i] if se[i] > 0 else NAN
        spread = quantile * std.all_se[i]
        out.append(
            Estimate(
                *head,
                est=float(est[i]),
                se=float(se[i]),
                z=float(z),
                pvalue=float(2 * ndtr(-abs(z))),
                ci_lower=float(est[i] - quantile * se[i]),
                ci_upper=float(est[i] + quantile * se[i]),
                std_lv=float(std.lv[i]),
                std_all=float(std.all[i]),
                std_all_se=float(std.all_se[i]),
                std_all_ci_lower=float(std.all[i] - spread),
                std_all_ci_upper=float(std.all[i] + spread),
            )
        )
    return out
