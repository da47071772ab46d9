"""What fitting ordered data needs besides the discrepancy: the minimisation, the baseline test, indices."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mce_utaut.sem.discrepancy import Objective
from mce_utaut.sem.matrices import Implied
from mce_utaut.sem.optimise import Solution, minimise
from mce_utaut.sem.ordinal_implied import StatisticsLayout
from mce_utaut.sem.ordinal_profile import fill_thresholds, without_exact_thresholds
from mce_utaut.sem.tests_of_fit import TestOfFit, second_moment_test
from mce_utaut.sem.wls import WeightedLeastSquares


def minimise_ordinal(objective: Objective, start: np.ndarray) -> Solution:
    """The minimum of F from ``start`` (n_free,), thresholds that fit exactly being solved for."""
    smaller, stays = without_exact_thresholds(objective)
    if stays.all():
        return minimise(objective, start)
    found = minimise(smaller, start[stays])
    t = start.copy()
    t[stays] = found.t
    return replace(found, t=fill_thresholds(objective, t))


def ordinal_baseline(objective: Objective, name: str) -> TestOfFit:
    """The test of the baseline model: free thresholds, means and variances, no covariances.

    Those among exogenous variables stay free. The rest fits exactly, so that F and the traces of the robust
    tests come from the block of fixed covariances: s'Ws, tr(W Gamma) and tr((W Gamma)^2), with W the
    inverse of the block of Gamma under full weighting.
    """
    exogenous = objective.table.exogenous
    chisq = trace = squared = 0.0
    df = 0
    for part in objective.parts:
        names = np.isin(part.sample.names, exogenous)
        layout, lead = part.layout, part.statistics.size - part.layout.i.size
        fixed = lead + np.flatnonzero(~(names[layout.i] & names[layout.j]))
        s, gamma = part.statistics[fixed], part.gamma[np.ix_(fixed, fixed)]
        df += fixed.size
        if part.weight.ndim == 2:
            chisq += (part.sample.n - 1) * float(s @ np.linalg.solve(gamma, s))
            trace, squared = trace + fixed.size, squared + fixed.size
            continue
        w = part.weight[fixed]
        chisq += (part.sample.n - 1) * float(w @ (s * s))
        trace += float(w @ np.diag(gamma))
        squared += float(w @ (gamma * gamma) @ w)
    if name == "standard":
        return TestOfFit(name, chisq, df)
    if df == 0:
        return TestOfFit(name, chisq, df, scaled=chisq, df_scaled=0)
    if name == "satorra.bentler":
        factor = trace / df
        return TestOfFit(name, chisq, df, scaled=chisq / factor, df_scaled=df, factor=factor, trace=trace)
    return second_moment_test(name, chisq, df, trace, squared)


def ordinal_residual_indices(
    part: WeightedLeastSquares, implied: Implied
) -> dict[str, tuple[float, int]]:
    """The residual indices of one group, each as a sum of squares and what it is divided by.

    ``_nomean`` versions take covariances (on the sample's scale: correlations) only; the others thresholds too,
    but neither means nor variances of continuous variables, nor slopes on given ones. As in lavaan 0.6-14.
    """
    away = part.ordinal_residuals(implied)
    layout, S = part.layout, part.sample.ordinal.covariance
    sd = np.sqrt(np.diag(S))
    first, given = layout.variable.size, part.sample.ordinal.given.size
    cuts = layout.threshold >= 0
    pairs = sd[layout.i] * sd[layout.j]
    raw_first, raw_cross = away[:first], away[away.size - pairs.size :]
    p, count = sd.size - given, pairs.size
    cross = raw_cross / pairs
    lead, thresholds = (raw_first[cuts] ** 2).sum(), int(cuts.sum())
    correlation = _correlations(S, layout) - _correlations(scaled_covariance(implied), layout)
    strict = (correlation**2).sum()
    triangle = p * (p + 1) // 2 + given
    raw, standard = (raw_cross**2).sum(), (cross**2).sum()
    return {
        "rmr_nomean": (raw, triangle),
        "rmr": (raw + lead, triangle + thresholds),
        "srmr_bentler_nomean": (standard, triangle),
        "srmr_bentler": (standard + lead, triangle + thresholds),
        "crmr_nomean": (strict, count),
        "crmr": (strict + lead, count + thresholds),
    }


def ordinal_gfi(part: WeightedLeastSquares, implied: Implied) -> float:
    """1 - e'We / s'Ws of one group."""
    away, s = part.ordinal_residuals(implied), part.statistics
    return float(1.0 - (away @ part.weigh(away)) / (s @ part.weigh(s)))


def scaled_covariance(implied: Implied) -> np.ndarray:
    """The implied covariances (p, p) of latent responses on the sample's scale, and of continuous variables."""
    return implied.covariance * np.outer(implied.scale, implied.scale)


def _correlations(S: np.ndarray, layout: StatisticsLayout) -> np.ndarray:
    """The correlations of the layout's pairs (P,)."""
    sd = np.sqrt(np.diag(S))
    return S[layout.i, layout.j] / (sd[layout.i] * sd[layout.j])
