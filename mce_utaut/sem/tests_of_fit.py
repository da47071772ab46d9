"""The model's chi-square against the saturated model: standard, and scaled for data that are not normal.

Satorra & Bentler (1994) ``satorra.bentler``; Yuan & Bentler (2000) as in Mplus ``yuan.bentler.mplus`` (Asparouhov &
Muthén 2005); Satorra & Bentler (1994) ``mean.var.adjusted``; Asparouhov & Muthén (2010) ``scaled.shifted``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import chdtrc

from mce_utaut.sem.discrepancy import Objective
from mce_utaut.sem.information import inverse_information, score_product, unit_information

NAN = float("nan")


@dataclass(frozen=True, slots=True)
class TestOfFit:
    """A chi-square with its degrees of freedom; the scaled fields are nan where no robust test was asked for.

    ``trace`` is tr(U Gamma), the df that the scaled RMSEA uses; ``shift`` belongs to the scaled and shifted
    statistic; ``factor_h0`` and ``factor_h1`` are the scaling factors of the two log-likelihoods
    (yuan.bentler.mplus only; that of h0 divides by the free rows before ties, as lavaan does).
    """

    __test__ = False

    name: str
    chisq: float
    df: int
    scaled: float = NAN
    df_scaled: float = NAN
    factor: float = NAN
    shift: float = NAN
    trace: float = NAN
    factor_h0: float = NAN
    factor_h1: float = NAN

    @property
    def pvalue(self) -> float:
        """P(chi-square >= chisq); nan for df = 0."""
        return chisq_pvalue(self.chisq, self.df)

    @property
    def pvalue_scaled(self) -> float:
        """The p-value of the scaled statistic."""
        return chisq_pvalue(self.scaled, self.df_scaled)

    @property
    def is_scaled(self) -> bool:
        """Whether a robust test was computed."""
        return self.name != "standard"


def chisq_pvalue(statistic: float, df: float) -> float:
    """The upper tail probability of a chi-square; nan for df = 0 or a nan statistic."""
    return float(chdtrc(df, statistic)) if df > 0 and np.isfinite(statistic) else NAN


def moment_count(objective: Objective) -> int:
    """The number of sample moments that the model has to explain (those of fixed exogenous variables left out)."""
    table = objective.table
    p, k = len(table.observed), len(table.fixed_exogenous)
    count = p * (p + 1) // 2 - k * (k + 1) // 2 + ((p - k) if table.meanstructure else 0)
    if table.ordered:
        cuts = sum(row.op == "|" and row.group == 1 for row in table.rows)
        count += cuts - 2 * len(table.ordered)
    return count * len(table.groups)


def test_of_fit(
    objective: Objective, t: np.ndarray, name: str, information: str, multiplier: float
) -> TestOfFit:
    """The test called ``name`` at the estimate; ``multiplier`` times F is the chi-square."""
    df = moment_count(objective) - objective.table.n_free
    chisq = max(multiplier * objective.value(t), 0.0)
    if name == "standard":
        return TestOfFit(name, chisq, df)
    if df == 0:
        return TestOfFit(name, chisq, df, scaled=chisq, df_scaled=0)
    if name == "yuan.bentler.mplus":
        test = _yuan_bentler(objective, t, chisq, df, information)
    else:
        test = _satorra_bentler(objective, t, name, chisq, df, information.startswith("observed"))
    # fewer clusters than moments can make a trace negative: no statistic can be had from it
    return test if test.factor > 0 else replace(test, scaled=NAN, factor=NAN, trace=NAN)


test_of_fit.__test__ = False  # type: ignore[attr-defined]


def exogenous_columns(objective: Objective) -> np.ndarray:
    """The indices of the fixed exogenous variables among the observed ones."""
    table = objective.table
    return np.array([table.observed.index(name) for name in table.fixed_exogenous], dtype=int)


def _yuan_bentler(objective: Objective, t: np.ndarray, chisq: float, df: int, information: str) -> TestOfFit:
    exogenous, means = exogenous_columns(objective), objective.table.meanstructure
    trace_h1 = sum(part.saturated_trace(means, exogenous) for part in objective.parts)
    A = unit_information(objective, t, information)
    trace_h0 = float((inverse_information(A) * score_product(objective, t)).sum())
    trace = trace_h1 - trace_h0
    factor = trace / df
    return TestOfFit(
        "yuan.bentler.mplus",
        chisq,
        df,
        scaled=chisq / factor,
        df_scaled=df,
        factor=factor,
        trace=trace,
        factor_h0=trace_h0 / max(len(objective.table.free_rows), 1),
        factor_h1=trace_h1 / moment_count(objective),
    )


def _satorra_bentler(
    objective: Objective, t: np.ndarray, name: str, chisq: float, df: int, observed: bool
) -> TestOfFit:
    second = name != "satorra.bentler"
    q = len(objective.table.free_rows)
    B, C = np.zeros((q, q)), np.zeros((q, q))
    trace = trace_squared = 0.0
    exogenous = exogenous_columns(objective)
    for group, part, weight, (implied, derivatives) in zip(
        objective.groups,
        objective.parts,
        objective.by_cases().weights,
        objective.implied_and_derivatives(t),
        strict=True,
    ):
        here = slice(group.x_start, group.x_stop)
        if observed:
            products = part.observed_gamma_products(group, implied, derivatives, exogenous)
        else:
            products = part.gamma_products(group, implied, derivatives, exogenous, second)
        B[here, here] = weight * products.middle
        trace += products.trace
        if second:
            C[here, here] = weight * products.outer
            trace_squared += products.trace_squared
    K = objective.table.K
    inverse = inverse_information(unit_information(objective, t, "observed.h1" if observed else "expected"))
    M = inverse @ (K.T @ B @ K)
    trace -= float(np.trace(M))
    if not second:
        factor = trace / df
        return TestOfFit(name, chisq, df, scaled=chisq / factor, df_scaled=df, factor=factor, trace=trace)
    trace_squared += float(-2 * (inverse * (K.T @ C @ K)).sum() + (M * M.T).sum())
    return second_moment_test(name, chisq, df, trace, trace_squared)


def second_moment_test(name: str, chisq: float, df: int, trace: float, trace_squared: float) -> TestOfFit:
    """``mean.var.adjusted`` or ``scaled.shifted`` from tr(U Gamma) and tr((U Gamma)^2)."""
    if name == "mean.var.adjusted":
        df_scaled = trace**2 / trace_squared
        factor = trace / df_scaled
        return TestOfFit(
            name, chisq, df, scaled=chisq / factor, df_scaled=df_scaled, factor=factor, trace=trace
        )
    a = np.sqrt(df / trace_squared)
    shift = df - a * trace
    return TestOfFit(
        name, chisq, df, scaled=chisq * a + shift, df_scaled=df, factor=1 / a, shift=float(shift), trace=trace
    )
