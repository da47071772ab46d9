"""Paths of a role too small for a structural model: rank correlations, or a regression of scale scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mce_utaut.scoring.correlation import spearman
from mce_utaut.study.model_text import Path
from mce_utaut.study.numbers import NOTHING, defined, from_scoring, interval
from mce_utaut.study.result import PathEstimate


@dataclass(frozen=True, slots=True, eq=False)
class LinearFit:
    """A least-squares fit with k terms (the intercept first): ``names``, ``estimate`` (k,), ``se`` (k,),
    ``lower`` and ``upper`` (k,), ``p`` (k,), residual degrees of freedom, R² and its adjusted form."""

    names: tuple[str, ...]
    n: int
    df: float
    estimate: np.ndarray
    se: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    p: np.ndarray
    r2: float
    r2_adjusted: float


def hc3_regression(outcome: np.ndarray, predictors: Mapping[str, np.ndarray], level: float = 0.95) -> LinearFit:
    """The regression of ``outcome`` (n,) on ``predictors`` (each (n,)) with HC3 standard errors and t
    intervals; rows with a NaN are left out.

    HC3 (MacKinnon & White 1985, doi:10.1016/0304-4076(85)90158-7) divides each squared residual by
    (1 - leverage)²; Long & Ervin 2000 (doi:10.1080/00031305.2000.10474549) recommend it under n = 250.
    Computed by statsmodels. Raises ``ValueError`` where the predictors are collinear or there are no more
    rows than terms.
    """
    import statsmodels.api as sm

    columns = np.column_stack([np.ones_like(outcome), *predictors.values()])
    rows = ~np.isnan(np.column_stack([outcome, columns])).any(axis=1)
    y, x = outcome[rows], columns[rows]
    if len(y) <= x.shape[1] or np.linalg.matrix_rank(x) < x.shape[1]:
        raise ValueError("the predictors are collinear, or there are too few rows")
    fit = sm.OLS(y, x).fit(cov_type="HC3", use_t=True)
    limits = fit.conf_int(1 - level)
    return LinearFit(
        names=("", *predictors),
        n=len(y),
        df=float(fit.df_resid),
        estimate=fit.params,
        se=fit.bse,
        lower=limits[:, 0],
        upper=limits[:, 1],
        p=fit.pvalues,
        r2=float(fit.rsquared),
        r2_adjusted=float(fit.rsquared_adj),
    )


def standardised(values: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """``values`` (n,) in standard deviations from the mean of ``rows`` (n,), bool."""
    return (values - values[rows].mean()) / values[rows].std(ddof=1)


def rank_paths(
    paths: Sequence[Path], scores: Mapping[str, np.ndarray], role: str, model: str, level: float
) -> tuple[PathEstimate, ...]:
    """Spearman's correlation with its interval for each path whose two ends have scores."""
    found = []
    for path in paths:
        if path.outcome not in scores or path.predictor not in scores:
            continue
        rank = spearman(scores[path.predictor], scores[path.outcome], level)
        found.append(
            PathEstimate(
                role=role,
                model=model,
                analysis="primary",
                outcome=path.outcome,
                predictor=path.predictor,
                label=path.label,
                method="correlation",
                n=rank.n,
                estimate=NOTHING,
                standardised=from_scoring(rank.rho),
                se=None,
                p=defined(rank.p),
            )
        )
    return tuple(found)


def regression_paths(
    paths: Sequence[Path], scores: Mapping[str, np.ndarray], role: str, model: str, level: float
) -> tuple[PathEstimate, ...]:
    """The regression of one outcome's scale score on those of the predictors of ``paths`` (which share
    their outcome), unstandardised and standardised; empty where it cannot be computed."""
    if not paths or any(name not in scores for path in paths for name in (path.outcome, path.predictor)):
        return ()
    outcome = scores[paths[0].outcome]
    predictors = {path.predictor: scores[path.predictor] for path in paths}
    rows = ~np.isnan(np.column_stack([outcome, *predictors.values()])).any(axis=1)
    try:
        raw = hc3_regression(outcome, predictors, level)
        z = {name: standardised(values, rows) for name, values in predictors.items()}
        beta = hc3_regression(standardised(outcome, rows), z, level)
    except ValueError:
        return ()
    return tuple(
        PathEstimate(
            role=role,
            model=model,
            analysis="primary",
            outcome=path.outcome,
            predictor=path.predictor,
            label=path.label,
            method="regression",
            n=raw.n,
            estimate=interval(raw.estimate[i], raw.lower[i], raw.upper[i], level, "t, HC3"),
            standardised=interval(beta.estimate[i], beta.lower[i], beta.upper[i], level, "t, HC3"),
            se=defined(raw.se[i]),
            p=defined(raw.p[i]),
        )
        for i, path in enumerate(paths, start=1)
    )
