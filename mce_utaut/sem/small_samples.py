"""Chi-squares corrected for small samples, from (N - G) F under maximum likelihood."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from mce_utaut.errors import UsageError
from mce_utaut.sem.fit import Fit
from mce_utaut.sem.tests_of_fit import chisq_pvalue


@dataclass(frozen=True, slots=True)
class CorrectedTest:
    """A corrected chi-square: its factor, statistic, df and p-value."""

    factor: float
    chisq: float
    df: int
    pvalue: float


def swain_factor(variables: int, df: int, n: int) -> float:
    """Swain's (1975) factor, for (n - 1) F, as in Herzog & Boomsma (2009, doi 10.1080/10705510802561279)."""
    p = variables
    k = (sqrt(1 + 4 * p * (p + 1) - 8 * df) - 1) / 2
    return 1 - (p * (2 * p**2 + 3 * p - 1) - k * (2 * k**2 + 3 * k - 1)) / (12 * df * (n - 1))


def bartlett_factor(variables: int, factors: int, n: int) -> float:
    """Bartlett's (1950) factor for ``factors`` latent variables, for (n - 1) F."""
    return 1 - (4 * factors + 2 * variables + 5) / (6 * (n - 1))


def small_sample_tests(fit: Fit) -> dict[str, CorrectedTest]:
    """The ``swain`` and ``bartlett`` corrections of a single-group ML fit with df > 0; raises UsageError elsewhere."""
    if fit.inference.discrepancy != "ML" or len(fit.samples) > 1 or fit.test.df < 1:
        raise UsageError("Small-sample corrections are for one group, maximum likelihood on complete data, and df > 0.")
    p, n, df = len(fit.table.observed), fit.total, fit.test.df
    statistic = fit.test.chisq / fit.multiplier * (n - 1)
    factors = {"swain": swain_factor(p, df, n), "bartlett": bartlett_factor(p, len(fit.table.latent), n)}
    return {
        name: CorrectedTest(factor, factor * statistic, df, chisq_pvalue(factor * statistic, df))
        for name, factor in factors.items()
    }
