"""The baseline model's test under FIML: with all variables independent it has a closed form.

Each variable's mean and variance are those of its observed rows. The scaling of yuan.bentler.mplus needs only
tr(B0 A0^-1), where A0 is diagonal: n_j / (n v_j) for a mean and n_j / (2 n v_j^2) for a variance. Exogenous
variables that are fixed have no parameters, and their likelihood is the same in both models.
"""

from __future__ import annotations

import numpy as np

from mce_utaut.sem.discrepancy import Objective
from mce_utaut.sem.fiml import FullInformation
from mce_utaut.sem.gamma import sum_within_clusters
from mce_utaut.sem.incomplete import available_moments
from mce_utaut.sem.options import Inference
from mce_utaut.sem.tests_of_fit import TestOfFit, exogenous_columns, moment_count


def fiml_baseline(objective: Objective, inference: Inference) -> TestOfFit:
    """The test of the baseline ``objective``, whose variables are independent but for fixed exogenous ones."""
    exogenous, means = exogenous_columns(objective), objective.table.meanstructure
    df = moment_count(objective) - objective.table.n_free
    chisq = sum(_distance(part, exogenous) for part in objective.parts)
    if inference.test == "standard" or df == 0:
        scaled = {} if inference.test == "standard" else {"scaled": chisq, "df_scaled": 0}
        return TestOfFit(inference.test, chisq, df, **scaled)
    trace_h1 = sum(part.saturated_trace(means, exogenous) for part in objective.parts)
    trace_h0 = sum(_independent_trace(part, exogenous) for part in objective.parts)
    trace = trace_h1 - trace_h0
    factor = trace / df
    return TestOfFit(
        inference.test,
        chisq,
        df,
        scaled=chisq / factor,
        df_scaled=df,
        factor=factor,
        trace=trace,
        factor_h0=trace_h0 / objective.table.n_free,
        factor_h1=trace_h1 / moment_count(objective),
    )


def _distance(part: FullInformation, exogenous: np.ndarray) -> float:
    """Twice the log-likelihood ratio of the saturated and the independence model."""
    own = available_moments(part.sample)
    seen = (~np.isnan(part.sample.data)).sum(axis=0)
    free = np.setdiff1d(np.arange(len(seen)), exogenous)
    loglik = -0.5 * float(seen[free] @ (np.log(2 * np.pi * np.diag(own.covariance)[free]) + 1.0))
    if len(exogenous):
        loglik += part.log_likelihood(part.covariance, None, exogenous)
    return max(2.0 * (part.saturated_loglik - loglik), 0.0)


def _independent_trace(part: FullInformation, exogenous: np.ndarray) -> float:
    """tr(B0 A0^-1) over the means and variances of the variables that are not exogenous."""
    own = available_moments(part.sample)
    free = np.setdiff1d(np.arange(len(own.mean)), exogenous)
    variance = np.diag(own.covariance)[free]
    away = part.sample.data[:, free] - own.mean[free]
    seen = (~np.isnan(away)).sum(axis=0)
    z = np.nan_to_num(away) / np.sqrt(variance)
    by_variance = np.where(np.isnan(away), 0.0, z * z - 1.0) / np.sqrt(2.0)
    scores, factor = np.hstack([z, by_variance]), 1.0
    if part.sample.clusters is not None:
        scores, factor = sum_within_clusters(scores, part.sample.clusters)
    return float(((scores**2).sum(axis=0) / np.tile(seen, 2)).sum() * factor)
