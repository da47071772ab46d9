"""Least squares with heteroscedasticity-consistent standard errors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import stats

_COLLINEAR = 1e-12  # share of a predictor's variance that the others do not give, below which it is rounding


@dataclass(frozen=True, slots=True, eq=False)
class LinearFit:
    """A least-squares fit with k ``names`` (predictors in order; intercept and controls are not reported).

    ``estimate``, ``se``, ``df``, ``lower``, ``upper`` and ``p`` are (k,); ``covariance`` is (k, k); ``kind`` is
    "HC3" or "CR2". ``rows`` (n given,) marks the rows used, ``n`` of them. ``r2_controls`` is the R² of the
    controls alone (0 without any).
    """

    names: tuple[str, ...]
    kind: str
    n: int
    rows: np.ndarray
    estimate: np.ndarray
    se: np.ndarray
    df: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    p: np.ndarray
    covariance: np.ndarray
    r2: float
    r2_adjusted: float
    r2_controls: float


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """The rows and columns of a regression: outcome ``y`` (n,), ``x`` (n, 1 + k + c) with the intercept first
    and the c columns of controls last, and the rows used of those given."""

    names: tuple[str, ...]
    y: np.ndarray
    x: np.ndarray
    rows: np.ndarray

    @property
    def k(self) -> int:
        """The number of predictors."""
        return len(self.names)


def design(outcome: np.ndarray, predictors: Mapping[str, np.ndarray], controls: np.ndarray | None = None) -> Design:
    """The design of ``outcome`` (n,) on ``predictors`` (each (n,)) and ``controls`` (n, c), complete rows
    only. Raises ``ValueError`` where columns are collinear, rows no more than columns, or the outcome does not
    vary."""
    columns = [np.ones(len(outcome)), *(np.asarray(each, dtype=float) for each in predictors.values())]
    x = np.column_stack(columns if controls is None else [*columns, controls])
    rows = ~np.isnan(np.column_stack([outcome, x])).any(axis=1)
    y, x = np.asarray(outcome, dtype=float)[rows], x[rows]
    if len(y) <= x.shape[1]:
        raise ValueError("there are no more rows than terms")
    if np.linalg.matrix_rank(x) < x.shape[1]:
        raise ValueError("the predictors are collinear")
    if np.ptp(y) == 0:
        raise ValueError("the outcome does not vary")
    return Design(tuple(predictors), y, x, rows)


def hc3(
    outcome: np.ndarray,
    predictors: Mapping[str, np.ndarray],
    controls: np.ndarray | None = None,
    level: float = 0.95,
) -> LinearFit:
    """The least-squares fit with HC3 standard errors and t intervals on n - columns degrees of freedom.

    HC3 (MacKinnon & White 1985, doi:10.1016/0304-4076(85)90158-7) divides each squared residual by
    (1 - leverage)²; Long & Ervin 2000 (doi:10.1080/00031305.2000.10474549) recommend it under n = 250.
    Computed by statsmodels; checked against R's ``sandwich::vcovHC``. Raises ``ValueError`` as ``design`` does,
    and where a row has leverage 1 (it alone decides a coefficient).
    """
    from statsmodels.regression.linear_model import OLS

    given = design(outcome, predictors, controls)
    if leverages(given.x).max() > 1 - 1e-10:
        raise ValueError("a single row decides one of the coefficients")
    covariance = OLS(given.y, given.x).fit(cov_type="HC3").cov_params()
    df = np.full(given.k, float(len(given.y) - given.x.shape[1]))
    return linear_fit(given, "HC3", covariance, df, level)


def linear_fit(given: Design, kind: str, covariance: np.ndarray, df: np.ndarray, level: float) -> LinearFit:
    """The fit of a design whose coefficients have the ``covariance`` (columns, columns), with t intervals
    on ``df`` (k,)."""
    coefficients = np.linalg.lstsq(given.x, given.y, rcond=None)[0]
    own = slice(1, 1 + given.k)
    estimate, inner = coefficients[own], covariance[own, own]
    se = np.sqrt(np.diag(inner))
    half = stats.t.isf((1 - level) / 2, df) * se
    r2 = r_squared(given.y, given.x)
    free = len(given.y) - given.x.shape[1]
    controls = np.delete(given.x, np.arange(1, 1 + given.k), axis=1)
    return LinearFit(
        names=given.names,
        kind=kind,
        n=len(given.y),
        rows=given.rows,
        estimate=estimate,
        se=se,
        df=df,
        lower=estimate - half,
        upper=estimate + half,
        p=2 * stats.t.sf(np.abs(estimate / se), df),
        covariance=inner,
        r2=r2,
        r2_adjusted=1 - (1 - r2) * (len(given.y) - 1) / free,
        r2_controls=r_squared(given.y, controls) if controls.shape[1] > 1 else 0.0,
    )


def r_squared(y: np.ndarray, x: np.ndarray) -> float:
    """1 - residual over total sum of squares about the mean, NaN where ``y`` does not vary; ``x`` (n, columns) holds
    the intercept."""
    if np.ptp(y) == 0:
        return float("nan")
    residual = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    return float(1 - residual @ residual / np.sum((y - y.mean()) ** 2))


def leverages(x: np.ndarray) -> np.ndarray:
    """The diagonal of the hat matrix of ``x`` (n, columns), shape (n,)."""
    q, _ = np.linalg.qr(x)
    return np.sum(q**2, axis=1)


def variance_inflation(predictors: Mapping[str, np.ndarray]) -> dict[str, float]:
    """Per predictor 1 / (1 - R²) of its regression on the others over complete rows (Belsley, Kuh & Welsch
    1980); 1 for one predictor alone, infinite where the others give it exactly, NaN where it does not vary."""
    x = np.column_stack(list(predictors.values()))
    x = x[~np.isnan(x).any(axis=1)]
    found = {}
    for i, name in enumerate(predictors):
        others = np.column_stack([np.ones(len(x)), np.delete(x, i, axis=1)])
        left = 1 - r_squared(x[:, i], others) if x.shape[1] > 1 else 1.0
        found[name] = float("inf") if left < _COLLINEAR else 1 / left
    return found


def in_standard_deviations(values: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """``values`` (n,) in standard deviations (divisor n - 1) from their mean over ``rows`` (n,), bool. Raises
    ``ValueError`` where they do not vary there."""
    spread = values[rows].std(ddof=1)
    if not spread:
        raise ValueError("the values do not vary")
    return (values - values[rows].mean()) / spread
