"""The estimates of samples drawn from the rows of a fit's data, many at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from mce_utaut.sem.batch_search import DONE, BatchSample, BatchSolution, fit_batch, with_exogenous
from mce_utaut.sem.discrepancy import Objective
from mce_utaut.sem.effects import defined_values
from mce_utaut.sem.information import inverse_information
from mce_utaut.sem.matrices import GroupMatrices, implied_moments
from mce_utaut.sem.optimise import minimise
from mce_utaut.sem.positive_definite import is_positive_definite
from mce_utaut.sem.proper import TOLERANCE
from mce_utaut.sem.standardise import standardised_values
from mce_utaut.sem.table import ParameterTable

CLOSE = 1e-13  # where a search ends, of a discrepancy that is flat along some parameters


@dataclass(frozen=True, slots=True)
class Replicates:
    """What samples gave: all arrays have one entry, or row, per replicate (R).

    ``t`` (R, n_free); ``values`` (R, r) of every row of the table and then every defined parameter; ``std_all`` (R, r)
    the same standardised; ``chisq`` (R,), nan where it needs a saturated model; ``converged`` (R,); ``improper`` (R,),
    a negative variance.
    """

    t: np.ndarray
    values: np.ndarray
    std_all: np.ndarray
    chisq: np.ndarray
    converged: np.ndarray
    improper: np.ndarray


class Rows(Protocol):
    """The rows of one group, to be resampled."""

    def entries(self) -> int:
        """How many numbers one sample needs."""
        ...

    def resampled(self, counts: np.ndarray) -> BatchSample:
        """The samples in which row i stands ``counts[r, i]`` times (R, n)."""
        ...


class Resampler(Protocol):
    """What estimates a model from samples of rows; ``sizes`` are the numbers of rows of each group."""

    sizes: tuple[int, ...]

    def entries(self) -> int:
        """How many numbers one replicate needs."""
        ...

    def estimates(self, counts: Sequence[np.ndarray]) -> Replicates:
        """The estimates of samples in which row i of group g stands ``counts[g][r, i]`` times."""
        ...


@dataclass(frozen=True, slots=True)
class BatchResampler:
    """Samples of each group's ``rows`` (``sizes`` of them), fitted at once from the whole data's ``start`` (n_free,).

    ``inverse`` (n_free, n_free) is the inverse Hessian there; ``multiplier`` times F is the chi-square; ``done`` ends a
    search. Where that leaves parameters out, ``finish`` makes the estimates of the ``whole`` table and groups.
    """

    table: ParameterTable
    groups: tuple[GroupMatrices, ...]
    rows: tuple[Rows, ...]
    sizes: tuple[int, ...]
    weights: np.ndarray
    start: np.ndarray
    inverse: np.ndarray
    multiplier: float
    done: float = DONE
    whole: tuple[ParameterTable, tuple[GroupMatrices, ...]] | None = None
    finish: Callable[[np.ndarray, Sequence[BatchSample]], np.ndarray] | None = None

    def entries(self) -> int:
        """How many numbers one replicate needs."""
        own = sum(one.entries() for one in self.rows) + sum(6 * len(group.variables) ** 2 for group in self.groups)
        return own + 2 * len(self.table.rows) * len(self.groups) + 30 * self.table.n_free

    def estimates(self, counts: Sequence[np.ndarray]) -> Replicates:
        """The estimates of samples in which row i of group g stands ``counts[g][r, i]`` times."""
        samples = [one.resampled(own) for one, own in zip(self.rows, counts, strict=True)]
        solution = fit_batch(self.table, self.groups, samples, self.weights, self.start, self.inverse, self.done)
        solution = self._rescued(samples, solution)
        groups = with_exogenous(self.table, self.groups, samples)
        t, table = np.where(solution.converged[:, None], solution.t, np.nan), self.table
        if self.whole is not None and self.finish is not None:
            (table, groups), t = self.whole, self.finish(t, samples)
        return replicates_at(table, groups, t, self.multiplier * solution.value, solution.converged)

    def _rescued(self, samples: Sequence[BatchSample], solution: BatchSolution) -> BatchSolution:
        """The solution with the replicates that the batch gave up on fitted one by one, with full Newton steps."""
        usable = np.all([sample.usable for sample in samples], axis=0)
        for r in np.flatnonzero(usable & ~solution.converged):
            groups = with_exogenous(self.table, self.groups, [sample.take(slice(r, r + 1)) for sample in samples])
            groups = tuple(
                replace(group, S0=group.S0.reshape(group.S0.shape[-2:]), m0=group.m0.reshape(-1)) for group in groups
            )
            parts = tuple(sample.single(r, self.table.observed) for sample in samples)
            objective = Objective(self.table, groups, parts, self.weights)
            found = minimise(objective, self.start, max_steps=150, rescue=False)
            solution.t[r], solution.value[r], solution.converged[r] = found.t, found.value, found.converged
        return solution


def inverse_at(objective: Objective, t: np.ndarray, kind: str = "observed") -> np.ndarray:
    """The inverse Hessian (n_free, n_free) at ``t``: the expected one where the observed is not positive definite."""
    H = objective.gradient_and_hessian(t, kind)[1]
    if kind == "observed" and not is_positive_definite(H):
        H = objective.gradient_and_hessian(t, "expected")[1]
    return inverse_information(H)


def replicates_at(
    table: ParameterTable, groups: Sequence[GroupMatrices], t: np.ndarray, chisq: np.ndarray, converged: np.ndarray
) -> Replicates:
    """All that is told of replicates with estimates ``t`` (R, n_free), nan where not converged."""
    x = table.expand(t)
    values = table.row_values(x)
    values = np.concatenate([values, defined_values(table, values)], axis=-1)
    with np.errstate(all="ignore"):
        variances = [np.diagonal(implied_moments(group, x).S, axis1=1, axis2=2) for group in groups]
        std_all = standardised_values(table, groups, t, "all")
    improper = np.any([(variance < -TOLERANCE).any(axis=1) for variance in variances], axis=0)
    return Replicates(t, values, std_all, chisq, converged, improper)
