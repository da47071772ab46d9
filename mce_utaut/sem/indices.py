"""Fit indices as scalar formulas, named and computed as lavaan does.

``chisq`` and ``df`` are those of the model, ``base_chisq`` and ``base_df`` of the baseline model, ``n`` is what the
chi-square was multiplied with, ``groups`` the number of groups, ``factor`` a scaling factor (1: none).
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp, isfinite, sqrt

from scipy.optimize import brentq
from scipy.special import chdtri, chndtr

NAN = float("nan")


def cfi(
    chisq: float, df: float, base_chisq: float, base_df: float, factor: float = 1.0, base_factor: float = 1.0
) -> float:
    """Comparative fit index (Bentler 1990, doi 10.1037/0033-2909.107.2.238).

    With scaling factors it is the robust one (Brosseau-Liard & Savalei 2014, doi 10.1080/00273171.2014.933697).
    """
    if df <= 0:
        factor = base_factor = 1.0
    top = max(chisq - factor * df, 0.0)
    bottom = max(top, base_chisq - base_factor * base_df, 0.0)
    return 1.0 if bottom < 1.5e-8 and top < 1.5e-8 else 1.0 - top / bottom


def tli(
    chisq: float, df: float, base_chisq: float, base_df: float, factor: float = 1.0, base_factor: float = 1.0
) -> float:
    """Tucker-Lewis index (1973), also called NNFI."""
    if df <= 0:
        return 1.0
    bottom = (base_chisq - base_factor * base_df) * df
    return 1.0 - (chisq - factor * df) * base_df / bottom if bottom else 1.0


def nfi(chisq: float, df: float, base_chisq: float, base_df: float) -> float:
    """Normed fit index (Bentler & Bonett 1980)."""
    if df > base_df or base_chisq == 0:
        return NAN
    return (base_chisq - chisq) / base_chisq


def rfi(chisq: float, df: float, base_chisq: float, base_df: float) -> float:
    """Relative fit index (Bollen 1986)."""
    if df > base_df:
        return NAN
    if df <= 0:
        return 1.0
    top = base_chisq / base_df - chisq / df
    return 1.0 if top < 0 else top / (base_chisq / base_df)


def pnfi(chisq: float, df: float, base_chisq: float, base_df: float) -> float:
    """Parsimony normed fit index (James, Mulaik & Brett 1982)."""
    return df / base_df * (base_chisq - chisq) / base_chisq if base_df > 0 and base_chisq > 0 else NAN


def ifi(chisq: float, df: float, base_chisq: float, base_df: float) -> float:
    """Incremental fit index (Bollen 1989)."""
    bottom = base_chisq - df
    if bottom < 0:
        return 1.0
    return (base_chisq - chisq) / bottom if bottom else NAN


def rni(
    chisq: float, df: float, base_chisq: float, base_df: float, factor: float = 1.0, base_factor: float = 1.0
) -> float:
    """Relative noncentrality index (McDonald & Marsh 1990)."""
    if df <= 0:
        factor = base_factor = 1.0
    bottom = base_chisq - base_factor * base_df
    return 1.0 - (chisq - factor * df) / bottom if bottom else NAN


def rmsea(chisq: float, df: float, n: float, groups: int = 1, factor: float = 1.0) -> float:
    """Root mean square error of approximation (Steiger & Lind 1980); 0 for df = 0, nan where no statistic is known."""
    if not (isfinite(chisq) and isfinite(df)):
        return NAN
    return sqrt(max(chisq / n / df - factor / n, 0.0)) * sqrt(groups) if df > 0 else 0.0


def rmsea_interval(
    chisq: float, df: float, n: float, groups: int = 1, factor: float = 1.0, level: float = 0.90
) -> tuple[float, float]:
    """Limits of the RMSEA from the noncentral chi-square; (0, 0), as lavaan has it, for df < 1 and for a negative
    statistic, which a negative scaling factor gives (robust indices with first-order information)."""
    if not (isfinite(chisq) and isfinite(df)):
        return NAN, NAN
    upper, lower = (1 + level) / 2, (1 - level) / 2
    if df < 1 or chisq < 0:
        return 0.0, 0.0

    def limit(target: float, reach: float) -> float:
        if chndtr(chisq, df, 0.0) < target:
            return 0.0
        while chndtr(chisq, df, reach) > target:
            reach *= 2
        ncp = brentq(lambda value: chndtr(chisq, df, value) - target, 0.0, reach, xtol=1e-10, rtol=1e-13)
        return sqrt(factor * ncp / (n * df)) * sqrt(groups)

    return limit(upper, max(chisq, 1.0)), limit(lower, max(n, 4 * chisq))


def rmsea_pvalue(
    chisq: float, df: float, n: float, groups: int = 1, factor: float = 1.0, h0: float = 0.05
) -> float:
    """P-value of close fit: RMSEA <= ``h0`` (Browne & Cudeck 1992)."""
    if not df > 0 or not isfinite(chisq) or factor <= 0:
        return NAN
    return float(1 - chndtr(chisq, df, n * df / factor * h0**2 / groups))


def rmsea_notclose_pvalue(
    chisq: float, df: float, n: float, groups: int = 1, factor: float = 1.0, h0: float = 0.08
) -> float:
    """P-value of not-close fit: RMSEA >= ``h0``."""
    if not df > 0 or not isfinite(chisq) or factor <= 0:
        return NAN
    return float(chndtr(chisq, df, n * df / factor * h0**2 / groups))


def mfi(chisq: float, df: float, n: float) -> float:
    """McDonald's (1989) measure of centrality."""
    return exp(-0.5 * (chisq - df) / n)


def ecvi(chisq: float, parameters: int, n: float) -> float:
    """Expected cross-validation index (Browne & Cudeck 1993)."""
    return chisq / n + 2 * parameters / n


def hoelter(chisq: float, df: float, n: float, alpha: float) -> float:
    """Hoelter's (1983) critical N."""
    if df <= 0 or chisq <= 0:
        return NAN
    return float(chdtri(df, alpha)) / (chisq / n) + 1


INCREMENTAL: dict[str, Callable[[float, float, float, float], float]] = {
    "cfi": cfi,
    "tli": tli,
    "nnfi": tli,
    "rfi": rfi,
    "nfi": nfi,
    "pnfi": pnfi,
    "ifi": ifi,
    "rni": rni,
}
