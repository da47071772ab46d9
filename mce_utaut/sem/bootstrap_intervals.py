"""Standard errors and intervals from bootstrap replicates: percentile, bias-corrected, and BCa.

Quantiles are interpolated on the normal scale, as in lavaan and boot (Davison & Hinkley 1997, eq. 5.8); BCa is Efron
(1987, doi 10.2307/2289144), its acceleration from the estimator's empirical influence values: of maximum likelihood
from the scores of the rows, with ordered variables from the estimates without each row (the jackknife).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import ndtr, ndtri

from mce_utaut.errors import NotEstimable, UsageError
from mce_utaut.sem.bootstrap import without_each
from mce_utaut.sem.effects import defined_jacobian, defined_values
from mce_utaut.sem.fit import Fit
from mce_utaut.sem.information import inverse_information
from mce_utaut.sem.options import BootstrapInterval
from mce_utaut.sem.resampling import Replicates
from mce_utaut.sem.standardise import standardised_jacobian, standardised_values

_LEAST = 20  # replicates: fewer have no tails to speak of

STEP = 1e-5  # of a standard deviation's square, for derivatives by exogenous moments


@dataclass(frozen=True, slots=True)
class BootstrapIntervals:
    """Per row of the table, then per defined parameter (r,): nan for fixed rows.

    ``se, lower, upper`` of the estimates, ``std_se, std_lower, std_upper`` of the fully standardised ones; ``used``
    replicates of ``asked``, of which ``improper`` had a negative variance.
    """

    se: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    std_se: np.ndarray
    std_lower: np.ndarray
    std_upper: np.ndarray
    used: int
    asked: int
    improper: int


def bootstrap_intervals(
    fit: Fit, replicates: Replicates, kind: BootstrapInterval = "perc"
) -> BootstrapIntervals:
    """The intervals at the level of the fit's options; raises UsageError for fewer than 20
    replicates, NotEstimable where fewer converged."""
    used = replicates.converged
    if len(used) < _LEAST:
        raise UsageError(f"{len(used)} bootstrap replicates are too few; ask for {_LEAST}, better 1000 or more.")
    if used.sum() < _LEAST:
        raise NotEstimable(
            f"Only {used.sum()} of {len(used)} bootstrap samples could be fitted. Check the model."
        )
    point = fit.table.row_values(fit.x)
    point = np.concatenate([point, np.real(defined_values(fit.table, point))])
    std_point = standardised_values(fit.table, fit.objective.groups, fit.t, "all")
    pulls = _accelerations(fit) if kind == "bca" else (np.zeros(len(point)), np.zeros(len(point)))
    raw = _intervals(point, replicates.values[used], kind, pulls[0], fit.options.level)
    std = _intervals(std_point, replicates.std_all[used], kind, pulls[1], fit.options.level)
    return BootstrapIntervals(*raw, *std, int(used.sum()), len(used), int(replicates.improper[used].sum()))


def normal_quantile(values: np.ndarray, probability: float) -> float:
    """The quantile of ``values`` (R,) interpolated on the normal scale between order statistics of (R + 1) p."""
    ordered = np.sort(values)
    count = len(ordered)
    rank = (count + 1) * probability
    k = int(np.floor(rank + 1e-10))
    if k <= 0:
        return float(ordered[0])
    if k >= count:
        return float(ordered[-1])
    if abs(rank - k) < 1e-10:
        return float(ordered[k - 1])
    low, high = ndtri(k / (count + 1)), ndtri((k + 1) / (count + 1))
    share = (ndtri(probability) - low) / (high - low)
    return float(ordered[k - 1] + share * (ordered[k] - ordered[k - 1]))


def _intervals(
    point: np.ndarray, values: np.ndarray, kind: str, acceleration: np.ndarray, level: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    se, lower, upper = (np.full(len(point), np.nan) for _ in range(3))
    for i in range(len(point)):
        column = values[:, i]
        column = column[np.isfinite(column)]
        if len(column) < _LEAST or np.ptp(column) <= 1e-12 * max(abs(column[0]), 1e-300):
            continue
        se[i] = column.std(ddof=1)
        tails = np.array([(1 - level) / 2, (1 + level) / 2])
        if kind != "perc":
            tails = _corrected(tails, (column < point[i]).mean(), acceleration[i])
        lower[i], upper[i] = (normal_quantile(column, p) for p in tails)
    return se, lower, upper


def _corrected(tails: np.ndarray, below: float, acceleration: float) -> np.ndarray:
    bias = ndtri(np.clip(below, 1e-10, 1 - 1e-10))
    shifted = bias + ndtri(tails)
    return ndtr(bias + shifted / (1 - acceleration * shifted))


def _accelerations(fit: Fit) -> tuple[np.ndarray, np.ndarray]:
    """Acceleration (r,) of raw and standardised parameters: sum l^3 / (6 (sum l^2)^1.5), l influence values."""
    if fit.table.ordered:
        return _jackknifed(fit)
    K, t = fit.table.K, fit.t
    scores = []
    for group, part, (implied, derivatives) in zip(
        fit.objective.groups, fit.objective.parts, fit.objective.implied_and_derivatives(t), strict=True
    ):
        wide = np.zeros((part.sample.n, len(fit.table.free_rows)))
        wide[:, group.x_start : group.x_stop] = part.scores(group, implied, derivatives)
        scores.append(wide @ K)
    bread = inverse_information(0.5 * fit.objective.gradient_and_hessian(t, "observed")[1])
    influence = np.concatenate(scores) @ bread
    raw = np.zeros((len(fit.table.rows), len(t)))
    raw[fit.table.free_rows] = K
    if fit.table.definitions:
        raw = np.concatenate([raw, defined_jacobian(fit.table, fit.table.row_values(fit.x), raw)])
    std = influence @ standardised_jacobian(fit.table, fit.objective.groups, t).T
    return _skew(influence @ raw.T), _skew(std + _by_exogenous(fit))


def _by_exogenous(fit: Fit) -> np.ndarray:
    """What a row's share in the moments of fixed exogenous variables, which standardised values rest on, adds to its
    influence (n, r), groups one after the other."""
    table, groups = fit.table, fit.objective.groups
    exogenous = [i for i, row in enumerate(table.rows) if row.exo]
    at = [table.observed.index(name) for name in table.fixed_exogenous]
    found = []
    for g, sample in enumerate(fit.samples):
        pull = np.zeros((sample.n, len(table.rows) + len(table.definitions)))
        for k, i in enumerate(at):
            for j in at[: k + 1]:
                x, y = (sample.data[:, column] - sample.mean[column] for column in (i, j))
                step = STEP * np.sqrt(sample.covariance[i, i] * sample.covariance[j, j])
                S0 = np.repeat(groups[g].S0[None], 2, axis=0)
                S0[:, i, j] += (step, -step)
                S0[:, j, i] = S0[:, i, j]
                moved = [*groups[:g], replace(groups[g], S0=S0), *groups[g + 1 :]]
                up, down = standardised_values(table, moved, np.repeat(fit.t[None], 2, axis=0), "all")
                with np.errstate(invalid="ignore"):  # what is not defined
                    pull += np.outer(x * y - sample.covariance[i, j], (up - down) / (2 * step))
        pull[:, exogenous] = 0.0
        found.append(pull * fit.total / sample.n)
    return np.concatenate(found)


def _jackknifed(fit: Fit) -> tuple[np.ndarray, np.ndarray]:
    """The accelerations from leaving out each row; rows that the model cannot do without count for nothing."""
    found: list[list[tuple[np.ndarray, np.ndarray]]] = [[] for _ in fit.samples]
    for g, part in without_each(fit):
        found[g].append((part.values, part.std_all))
    influence = []
    for parts in found:
        influence.append([_pulls(np.concatenate(values)) for values in zip(*parts, strict=True)])
    raw, std = (np.concatenate(pulls) for pulls in zip(*influence, strict=True))
    return _skew(raw), _skew(std)


def _pulls(values: np.ndarray) -> np.ndarray:
    """How far the estimates (n, r) without each row lie below their mean, over n / (n - 1); 0 where undefined."""
    seen = np.isfinite(values)
    mean = np.where(seen, values, 0.0).sum(axis=0) / np.maximum(seen.sum(axis=0), 1)
    return np.where(seen, mean - values, 0.0) * (1 - 1 / len(values))


def _skew(values: np.ndarray) -> np.ndarray:
    squares = (values**2).sum(axis=0)
    return np.where(squares > 0, (values**3).sum(axis=0) / (6 * np.maximum(squares, 1e-150) ** 1.5), 0.0)
