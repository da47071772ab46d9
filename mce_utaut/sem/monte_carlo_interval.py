"""Monte Carlo intervals of defined parameters (``:=``) from the estimates' covariance.

Preacher & Selig (2012, doi 10.1080/19312458.2012.679848): the estimates are drawn from their normal distribution, the
defined parameters computed of each draw; the limits are quantiles. It needs no refits, so it also serves FIML.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mce_utaut.errors import NotEstimable, Problem, UsageError
from mce_utaut.sem.effects import defined_values
from mce_utaut.sem.fit import Fit

BATCH = 20_000


@dataclass(frozen=True, slots=True)
class MonteCarloInterval:
    """The interval of one defined parameter: its estimate and limits, of the draws where it is defined (nan: none)."""

    name: str
    est: float
    ci_lower: float
    ci_upper: float


def monte_carlo_intervals(fit: Fit, rng: np.random.Generator, draws: int = 20_000) -> list[MonteCarloInterval]:
    """The Monte Carlo interval of every defined parameter, at the level of the fit's options.

    Raises UsageError where the model defines none, draws are few or t is the reference, NotEstimable without standard
    errors.
    """
    table = fit.table
    if not table.definitions:
        raise UsageError("The model defines no parameters (:=) to give intervals for.")
    if draws < 1000:
        raise UsageError(f"Monte Carlo intervals need at least 1000 draws, not {draws}.")
    if fit.options.reference != "z":
        raise UsageError("Monte Carlo intervals draw from the normal distribution; reference=t does not go with them.")
    if fit.vcov_t is None:
        what = "Monte Carlo intervals need the covariance of the estimates, which this fit does not have."
        raise NotEstimable(Problem(what, code="no_standard_errors"))
    values, vectors = np.linalg.eigh(fit.vcov_t)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    parts = []
    for start in range(0, draws, BATCH):
        t = fit.t + rng.standard_normal((min(BATCH, draws - start), len(fit.t))) @ root.T
        parts.append(defined_values(table, table.row_values(table.expand(t))))
    drawn = np.concatenate(parts)
    est = defined_values(table, table.row_values(fit.x))
    tail = (1 - fit.options.level) / 2
    found = []
    for k, definition in enumerate(table.definitions):
        defined = drawn[np.isfinite(drawn[:, k]), k]
        limits = np.quantile(defined, (tail, 1 - tail)) if defined.size else (np.nan, np.nan)
        found.append(MonteCarloInterval(definition.name, float(est[k]), float(limits[0]), float(limits[1])))
    return found
