"""The minimum of a model's discrepancy, found from its start values or from elsewhere, or why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mce_utaut.errors import NotConverged, NotEstimable, Problem
from mce_utaut.sem.discrepancy import Objective
from mce_utaut.sem.fiml import FullInformation
from mce_utaut.sem.fiml_search import search_incomplete
from mce_utaut.sem.identification import never_identified
from mce_utaut.sem.identification_remedies import remedy_for
from mce_utaut.sem.information import loose_parameters
from mce_utaut.sem.ml import MaximumLikelihood, maximum_likelihood
from mce_utaut.sem.moments import SampleMoments
from mce_utaut.sem.optimise import MAX_STEPS, Solution, minimise
from mce_utaut.sem.ordinal_fit import minimise_ordinal
from mce_utaut.sem.places import lower_of_others, other_places
from mce_utaut.sem.table import ParameterTable

# One sentence per dependence; where more are loose the first ones are enough to act on.
_SHOWN = 3
# An unfinished search is said to have run off along parameters that are this nearly tied where it stopped.
_NEARLY = 1e-6


def search(objective: Objective, samples: Sequence[SampleMoments], start: np.ndarray) -> Solution:
    """The minimum of F, searched from ``start`` (n_free,).

    Raises NotEstimable where parameters cannot be told apart, NotConverged where the search did not end.
    """
    if never_identified(objective, start):
        raise NotEstimable(about_loose(objective.table, loose_parameters(objective, start), at_start=True))
    solution, loose = _searched(objective, samples, start)
    if loose:
        raise NotEstimable(about_loose(objective.table, loose, at_start=bool(loose_parameters(objective, start))))
    if not solution.converged:
        loose = loose_parameters(objective, solution.t, _NEARLY)
        if loose:
            raise NotEstimable(about_loose(objective.table, loose, at_start=False))
        what = (
            f"The optimiser did not reach a minimum in {solution.iterations} steps "
            f"(largest gradient {solution.gradient:.2g})."
        )
        remedy = "Check the model, rescale the variables, or give start values."
        raise NotConverged(Problem(what, remedy, code="not_converged", values=(("n", solution.iterations),)))
    return solution


def about_loose(table: ParameterTable, loose: Sequence[tuple[str, ...]], at_start: bool) -> list[Problem]:
    """What to say of parameters that are loose where the search ended: where none was at the start, the model may be
    identified, and the data lead to no minimum inside it (Rindskopf 1984, doi 10.1177/0049124184013001004)."""
    if at_start:
        code, what = "not_identified", "the model is not identified: {} cannot be told apart from the data."
    else:
        code = "no_minimum"
        what = "no proper minimum was found: the search ends where {} cannot be told apart from these data."
    return [
        Problem(what.format(_listed(names)), remedy_for(table, names), code=code, values=(("names", _listed(names)),))
        for names in loose[:_SHOWN]
    ]


def _searched(
    objective: Objective, samples: Sequence[SampleMoments], start: np.ndarray
) -> tuple[Solution, list[tuple[str, ...]]]:
    """The minimum and the parameters that are loose there; where the first search fails, the best of several."""
    if isinstance(objective.parts[0], FullInformation):
        return search_incomplete(objective, samples, start)
    solution = _minimise(objective, start)
    loose = loose_parameters(objective, solution.t)
    if solution.converged and not loose:
        return lower_of_others(objective, samples, start, solution), loose
    for other in other_places(objective, samples, start):
        found = solution.converged and not loose  # then only a quick look for a lower one
        again = _minimise(objective, other, 100 if found else MAX_STEPS, rescue=not found)
        better = again.value < solution.value - 1e-9 or not solution.converged
        if again.converged and (better or loose) and not loose_parameters(objective, again.t):
            solution, loose = again, []
    return solution, loose


def _minimise(
    objective: Objective, start: np.ndarray, max_steps: int = MAX_STEPS, rescue: bool = True
) -> Solution:
    """The minimum of F; least squares, which have further minima in small samples, end in the lower of those reached
    from ``start`` and from where ML ends."""
    if objective.table.ordered:
        return minimise_ordinal(objective, start)
    if isinstance(objective.parts[0], MaximumLikelihood):
        return minimise(objective, start, max_steps, rescue=rescue)
    near = minimise(replace(objective, parts=tuple(maximum_likelihood(part.sample) for part in objective.parts)), start)
    likely = near.t if near.converged and np.isfinite(objective.value(near.t)) else start
    found = minimise(objective, likely, max_steps, rescue=rescue)
    if likely is start:
        return found
    other = minimise(objective, start, max_steps, rescue=rescue)
    return other if (other.converged, -other.value) > (found.converged, -found.value + 1e-9) else found


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
