"""Whether a model is identified at all, whatever the data: judged where no parameter has a special value.

A model is locally identified where the information about its parameters is regular (Rothenberg 1971, doi
10.2307/1913267). An information that is singular at an estimate may be so for these data alone; one that is
singular at points drawn at random is so everywhere, but for a set of measure zero.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mce_utaut.sem.discrepancy import Objective
from mce_utaut.sem.information import loose_parameters
from mce_utaut.sem.ml import MaximumLikelihood, maximum_likelihood
from mce_utaut.sem.units import natural_units

_DRAWS = 3


def never_identified(objective: Objective, start: np.ndarray) -> bool:
    """Whether the expected information is singular at ``start`` (n_free,) and wherever it was looked at around it.

    Incomplete data are judged by the information of complete ones, of which they have no more. False where no place
    with a covariance matrix that is positive definite was found.
    """
    parts = objective.parts
    if not objective.table.ordered and not isinstance(parts[0], MaximumLikelihood):
        objective = replace(objective, parts=tuple(maximum_likelihood(part.sample) for part in parts))
    if not loose_parameters(objective, start):
        return False
    rng, units, looked = np.random.default_rng(1), natural_units(objective, start), 0
    for reach in (0.2, 0.2, 0.2, 0.1, 0.1, 0.1, 0.05, 0.05, 0.05):
        place = start + reach * units * rng.uniform(-1.0, 1.0, start.size)
        if not np.isfinite(objective.value(place)):
            continue
        if not loose_parameters(objective, place):
            return False
        looked += 1
        if looked == _DRAWS:
            break
    return looked > 0
