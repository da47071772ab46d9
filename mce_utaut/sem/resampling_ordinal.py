"""The estimates of samples drawn from ordered data: in batches where correlations alone are searched, else singly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from mce_utaut.errors import NotEstimable
from mce_utaut.sem.batch_ordinal import OrderedRows
from mce_utaut.sem.batch_search import BatchSample
from mce_utaut.sem.conditional_moments import conditional_moments
from mce_utaut.sem.discrepancy import Objective, objective_of
from mce_utaut.sem.estimators import DISCREPANCIES
from mce_utaut.sem.fit import Fit
from mce_utaut.sem.matrices import group_matrices
from mce_utaut.sem.moments import SampleMoments
from mce_utaut.sem.ordinal_fit import minimise_ordinal
from mce_utaut.sem.ordinal_implied import has_constant_scales
from mce_utaut.sem.ordinal_moments import ordinal_moments
from mce_utaut.sem.ordinal_profile import fill_thresholds, without_exact_thresholds
from mce_utaut.sem.resampling import CLOSE, BatchResampler, Replicates, Resampler, inverse_at, replicates_at


def ordinal_resampler(fit: Fit) -> Resampler:
    """What estimates the model of a fit to ordered data from samples of its rows."""
    smaller, stays = without_exact_thresholds(fit.objective)
    levels = _levels(fit)
    if not _in_batches(fit, smaller):
        return SingleResampler(fit, levels, tuple(sample.n for sample in fit.samples))
    rows = []
    for sample, part, group in zip(fit.samples, smaller.parts, fit.objective.groups, strict=True):
        rows.append(OrderedRows(sample.data, levels, part.statistics, part, group.theta))
    t = fit.t[stays]
    return BatchResampler(
        table=smaller.table,
        groups=smaller.groups,
        rows=tuple(rows),
        sizes=tuple(sample.n for sample in fit.samples),
        weights=smaller.weights,
        start=t,
        inverse=inverse_at(smaller, t),
        multiplier=fit.multiplier,
        done=CLOSE,
        whole=(fit.table, fit.objective.groups),
        finish=partial(_with_thresholds, fit.objective, stays),
    )


def _with_thresholds(
    objective: Objective, stays: np.ndarray, t: np.ndarray, samples: Sequence[BatchSample]
) -> np.ndarray:
    whole = np.zeros((len(t), stays.size))
    whole[:, stays] = t
    return fill_thresholds(objective, whole, [sample.thresholds for sample in samples])


def _in_batches(fit: Fit, smaller: Objective) -> bool:
    """Whether the search sees nothing but correlations of ordered variables, at scales that no parameter moves."""
    table = fit.table
    if table.conditional or len(table.ordered) != len(table.observed):
        return False
    for group, part, implied in zip(fit.objective.groups, smaller.parts, fit.implied, strict=True):
        scales = not group.scale.at.size and (group.theta or has_constant_scales(group, implied))
        if part.weight.ndim != 1 or part.layout.variable.size or not part.layout.i.size or not scales:
            return False
    return True


def _levels(fit: Fit) -> list[np.ndarray]:
    """The sorted answers of each observed variable over all groups; none of one that is not ordered."""
    data = np.concatenate([sample.data for sample in fit.samples])
    levels = []
    for name, column in zip(fit.table.observed, data.T, strict=True):
        levels.append(np.unique(column[np.isfinite(column)]) if name in fit.table.ordered else np.empty(0))
    return levels


@dataclass(frozen=True, slots=True)
class SingleResampler:
    """Samples of a fit's rows whose statistics are computed one by one; ``levels`` are the answers of each variable."""

    fit: Fit
    levels: Sequence[np.ndarray]
    sizes: tuple[int, ...]

    def entries(self) -> int:
        """How many numbers one replicate needs."""
        return max(sample.ordinal.gamma.size for sample in self.fit.samples) + sum(self.sizes)

    def estimates(self, counts: Sequence[np.ndarray]) -> Replicates:
        """The estimates of samples in which row i of group g stands ``counts[g][r, i]`` times."""
        found = [self._one([own[r] for own in counts]) for r in range(len(counts[0]))]
        return Replicates(*(np.concatenate([getattr(one, name) for one in found]) for name in Replicates.__slots__))

    def _one(self, counts: Sequence[np.ndarray]) -> Replicates:
        fit = self.fit
        table, groups, none = fit.table, fit.objective.groups, np.full((1, len(fit.t)), np.nan)
        try:
            samples = [self._sample(sample, own) for sample, own in zip(fit.samples, counts, strict=True)]
            parts = [DISCREPANCIES[fit.inference.discrepancy](sample, fit.options) for sample in samples]
        except NotEstimable:
            return replicates_at(table, groups, none, np.full(1, np.nan), np.zeros(1, dtype=bool))
        table = table.with_exogenous([replace(one, covariance=one.unbiased_covariance) for one in samples])
        groups = tuple(group_matrices(table, g) for g in range(len(samples)))
        found = minimise_ordinal(objective_of(table, groups, parts, True), fit.t)
        t = found.t[None] if found.converged else none
        return replicates_at(table, groups, t, np.array([fit.multiplier * found.value]), np.array([found.converged]))

    def _sample(self, sample: SampleMoments, counts: np.ndarray) -> SampleMoments:
        rows = sample.data[np.repeat(np.arange(len(counts)), counts)]
        names, table = sample.names, self.fit.table
        is_ordered = np.isin(names, table.ordered)
        if table.conditional:
            given = np.isin(names, table.fixed_exogenous)
            found = conditional_moments(rows, is_ordered, given, names, self.levels)
        else:
            found = ordinal_moments(rows, is_ordered, names, self.levels)
        return SampleMoments(names, found.n, found.mean, found.marginal_covariance, ordinal=found)
