"""Where else to search from, when the search from the start values fails."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from mce_utaut.sem.discrepancy import Objective
from mce_utaut.sem.moments import SampleMoments
from mce_utaut.sem.optimise import quasi_newton
from mce_utaut.sem.starts import even_start, other_starts, start_values


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
