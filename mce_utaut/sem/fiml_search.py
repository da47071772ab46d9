"""The minimum under FIML: ML from the saturated moments says where to look, since a step of it costs a fraction.

Where the first search fails, all other places are searched by ML, and FIML starts from the proper minima found there.
Only where there are none does it start from those places itself, and only where that fails, too, does a quasi-Newton
method go on from where it ended. A search that has not ended after ``STEPS`` steps goes to infinity, or along a valley
that only this leaves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from mce_utaut.sem.discrepancy import Objective
from mce_utaut.sem.information import loose_parameters
from mce_utaut.sem.ml import maximum_likelihood
from mce_utaut.sem.moments import SampleMoments
from mce_utaut.sem.optimise import Solution, minimise, quasi_newton
from mce_utaut.sem.places import other_places

STEPS = 100

_End = tuple[Objective, Solution]


def search_incomplete(
    objective: Objective, samples: Sequence[SampleMoments], start: np.ndarray
) -> tuple[Solution, list[tuple[str, ...]]]:
    """The minimum and the parameters that are loose there; where the first search fails, the lowest proper one."""
    complete = replace(objective, parts=tuple(maximum_likelihood(part.sample) for part in objective.parts))
    near = minimise(complete, start, STEPS)
    begin = near.t if near.converged and np.isfinite(objective.value(near.t)) else start
    first = minimise(objective, begin, STEPS)
    loose = loose_parameters(objective, first.t)
    if first.converged and not loose:
        return first, loose
    found = _proper(_ends(objective, _minima(complete, other_places(complete, samples, start))))
    if not found:
        ends = list(_ends(objective, other_places(objective, samples, start)))
        found = _proper(ends) or _rescued(ends)
    if found:
        return min((solution for _, solution in found), key=lambda solution: solution.value), []
    return first, loose


def _minima(objective: Objective, places: Iterable[np.ndarray]) -> list[np.ndarray]:
    """The proper minima (n_free,) that searches from the places end in, each once."""
    found: list[Solution] = []
    for _, solution in _proper(_ends(objective, places)):
        if all(abs(solution.value - other.value) > 1e-8 for other in found):
            found.append(solution)
    return [solution.t for solution in found]


def _ends(objective: Objective, places: Iterable[np.ndarray]) -> Iterator[_End]:
    """Where short searches from the places end."""
    for t in places:
        if np.isfinite(objective.value(t)):
            yield objective, minimise(objective, t, STEPS, rescue=False)


def _proper(ends: Iterable[_End]) -> list[_End]:
    """The ends that are minima at which no parameter is loose."""
    return [(at, one) for at, one in ends if one.converged and not loose_parameters(at, one.t)]


def _rescued(ends: Iterable[_End]) -> list[_End]:
    """The first of the ends that the quasi-Newton method leads to a proper minimum, if any."""
    for objective, end in ends:
        found = _proper(_ends(objective, [quasi_newton(objective, end.t)]))
        if found:
            return found
    return []
