"""Where else to search from, when the search from the start values fails or ends where F is suspiciously high."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from mce_utaut.sem.discrepancy import Objective
from mce_utaut.sem.information import loose_parameters
from mce_utaut.sem.ml import MaximumLikelihood
from mce_utaut.sem.moments import SampleMoments
from mce_utaut.sem.optimise import Solution, minimise, quasi_newton
from mce_utaut.sem.starts import even_start, other_starts, start_values
from mce_utaut.sem.tests_of_fit import moment_count

_POOR = 0.15  # an RMSEA above which a minimum may be one of several
_QUICK = 100  # steps


def other_places(
    objective: Objective, samples: Sequence[SampleMoments], start: np.ndarray
) -> Iterator[np.ndarray]:
    """Further places (n_free,) to search from, those where F is defined."""
    plain = start_values(objective.table, samples, regressions=False)
    if np.isfinite(objective.value(plain)) and not np.array_equal(plain, start):
        yield plain
        start = plain
    even = even_start(objective.table, samples, start)
    if np.isfinite(objective.value(even)) and not objective.table.ordered:
        yield quasi_newton(objective, even)
    for other in other_starts(objective.table, samples, start):
        if np.isfinite(objective.value(other)):
            yield other


def lower_of_others(
    objective: Objective, samples: Sequence[SampleMoments], start: np.ndarray, solution: Solution
) -> Solution:
    """The lowest of an ML minimum that fits poorly and of those reached from other starts; else the minimum itself."""
    df = moment_count(objective) - objective.table.n_free
    total = sum(sample.n for sample in samples)
    if not isinstance(objective.parts[0], MaximumLikelihood) or not objective.table.latent:
        return solution
    if solution.value <= df * (_POOR**2 + 1 / total):
        return solution
    for other in other_starts(objective.table, samples, start):
        if np.isfinite(objective.value(other)):
            again = minimise(objective, other, _QUICK, rescue=False)
            lower = again.converged and again.value < solution.value - 1e-6
            if lower and not loose_parameters(objective, again.t):
                solution = again
    return solution
