"""Monte Carlo power of a planned study: bias, coverage and power of every path at several sizes (rule P1).

Muthén & Muthén 2002 (doi:10.1207/S15328007SEM0904_8). At each size the analysis that a role of this size gets: from
the structural model (MLR, FIML where answers are missing) over a regression on two predictors to rank correlations.
Estimates are compared with the value that the same analysis gives in a very large sample of the same answers: seven
categories and scale scores make paths smaller than the planted ones, which is attenuation, not bias of a sample.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from mce_utaut.errors import MceError
from mce_utaut.planning.samples import Planned, draw_sample, scale_scores
from mce_utaut.regression.linear import hc3, in_standard_deviations
from mce_utaut.scoring.correlation import spearman
from mce_utaut.sem.estimates import parameter_estimates
from mce_utaut.sem.fit import fit_model
from mce_utaut.sem.options import FitOptions

Method = Literal["sem", "regression", "correlation"]
Estimates = dict[tuple[str, str], tuple[float, float, float, float]]  # path -> estimate, se, lower, upper
LARGE = 50_000


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From how many respondents a role gets each analysis."""

    correlation: int
    regression: int
    sem: int

    def method(self, n: int) -> Method:
        """The analysis of ``n`` respondents."""
        if n >= self.sem:
            return "sem"
        return "regression" if n >= self.regression else "correlation"


@dataclass(frozen=True, slots=True)
class PathPower:
    """One path at one size, over the usable samples: ``target`` is its value in a very large sample, ``planted`` that
    of the population; ``bias`` = mean - target, ``bias_share`` of the target (None below .05); ``sd`` of the
    estimates beside ``mean_se``; ``coverage`` and ``power`` (share of intervals that hold the target, that exclude 0)
    with Monte Carlo standard errors. ``mean_se`` is None for rank correlations."""

    outcome: str
    predictor: str
    planted: float
    target: float
    mean: float
    bias: float
    bias_share: float | None
    sd: float
    mean_se: float | None
    coverage: float
    coverage_se: float
    power: float
    power_se: float


@dataclass(frozen=True, slots=True)
class SizePower:
    """All paths at ``n`` respondents: ``usable`` of ``samples`` gave a proper, converged solution."""

    n: int
    method: Method
    samples: int
    usable: int
    paths: tuple[PathPower, ...]


def plan_power(
    planned: Planned,
    sizes: Sequence[int],
    samples: int,
    seed: int,
    thresholds: Thresholds,
    predictors: Sequence[str],
    level: float = 0.95,
    tell: Callable[[int], None] | None = None,
) -> tuple[SizePower, ...]:
    """The power at each of ``sizes``, from ``samples`` samples each; ``predictors`` are those of the regression. The
    same seed gives the same numbers, whatever other sizes there are. ``tell`` is called with each size before it
    begins."""
    large: dict[Method, Estimates] = {}
    found = []
    for n in sizes:
        if tell is not None:
            tell(n)
        method = thresholds.method(n)
        if method not in large:
            rng = np.random.default_rng([seed, 0])
            complete = replace(planned, missing=0.0, icc=0.0)  # ten universities would move the target
            target = analyse(planned, draw_sample(complete, LARGE, rng), method, predictors, level)
            large[method] = target or {}
        rng = np.random.default_rng([seed, n])
        drawn = (analyse(planned, draw_sample(planned, n, rng), method, predictors, level) for _ in range(samples))
        usable = [each for each in drawn if each]
        paths = tuple(
            _path(planned, path, target, [each[path] for each in usable])
            for path, (target, *_) in large[method].items()
            if len(usable) > 1
        )
        found.append(SizePower(n, method, samples, len(usable), paths))
    return tuple(found)


def analyse(
    planned: Planned, sample: dict[str, np.ndarray], method: Method, predictors: Sequence[str], level: float
) -> Estimates | None:
    """Standardised estimates of one sample by ``method``; None where there is no proper solution."""
    if method == "sem":
        return _structural(planned, sample, level)
    scores = scale_scores(planned, sample)
    if method == "correlation":
        found: Estimates = {}
        for outcome, predictor in planned.paths:
            rho = spearman(scores[predictor], scores[outcome], level).rho
            if not math.isfinite(rho.lower):
                return None
            found[outcome, predictor] = (rho.estimate, math.nan, rho.lower, rho.upper)
        return found
    return _regression(planned, scores, predictors, level)


def _structural(planned: Planned, sample: dict[str, np.ndarray], level: float) -> Estimates | None:
    incomplete = any(np.isnan(values).any() for values in sample.values())
    options = FitOptions(estimator="MLR", missing="fiml" if incomplete else "listwise", level=level)
    try:
        fit = fit_model(planned.text, sample, options)
    except MceError:
        return None
    if not (fit.converged and fit.proper):
        return None
    rows = {(row.lhs, row.rhs): row for row in parameter_estimates(fit) if row.op == "~"}
    found = {
        path: (rows[path].std_all, rows[path].std_all_se, rows[path].std_all_ci_lower, rows[path].std_all_ci_upper)
        for path in planned.paths
    }
    return found if all(math.isfinite(value) for each in found.values() for value in each) else None


def _regression(
    planned: Planned, scores: dict[str, np.ndarray], predictors: Sequence[str], level: float
) -> Estimates | None:
    """Each outcome on the predictors named, in standard deviations, HC3."""
    found: Estimates = {}
    for outcome in dict.fromkeys(outcome for outcome, _ in planned.paths):
        named = [name for end, name in planned.paths if end == outcome and name in predictors]
        rows = ~np.isnan(np.column_stack([scores[name] for name in (outcome, *named)])).any(axis=1)
        try:
            z = {name: in_standard_deviations(scores[name], rows) for name in named}
            fit = hc3(in_standard_deviations(scores[outcome], rows), z, level=level)
        except ValueError:
            return None
        for i, name in enumerate(fit.names):
            found[outcome, name] = (float(fit.estimate[i]), float(fit.se[i]), float(fit.lower[i]), float(fit.upper[i]))
    return found


def _path(
    planned: Planned, path: tuple[str, str], target: float, drawn: Sequence[tuple[float, float, float, float]]
) -> PathPower:
    values = np.array(drawn)
    estimate, se, lower, upper = values.T
    count = len(values)
    held = float(np.mean((lower <= target) & (target <= upper)))
    power = float(np.mean((lower > 0) | (upper < 0)))
    bias = float(estimate.mean() - target)
    return PathPower(
        outcome=path[0],
        predictor=path[1],
        planted=planned.planted(*path),
        target=target,
        mean=float(estimate.mean()),
        bias=bias,
        bias_share=bias / target if abs(target) >= 0.05 else None,
        sd=float(estimate.std(ddof=1)),
        mean_se=None if np.isnan(se).any() else float(se.mean()),
        coverage=held,
        coverage_se=math.sqrt(held * (1 - held) / count),
        power=power,
        power_se=math.sqrt(power * (1 - power) / count),
    )
