"""Bootstrap of complete-data ML: resampled moments, estimates in batches of bounded memory, the Bollen-Stine test.

The moments of resampled data come from one product of counts (R, n) with the n by p(p+1)/2 table of cross products, so
that no resampled data set is ever built. Each chunk of replicates has a generator of its own, spawned from the seed:
the result does not depend on the number of processes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from scipy.linalg import sqrtm

from mce_utaut.errors import UsageError
from mce_utaut.sem.bootstrap_ml import BatchMoments, BatchSolution, fit_batch, with_exogenous
from mce_utaut.sem.discrepancy import Objective
from mce_utaut.sem.effects import defined_values
from mce_utaut.sem.fit import Fit
from mce_utaut.sem.information import inverse_information
from mce_utaut.sem.matrices import GroupMatrices, implied_moments
from mce_utaut.sem.ml import maximum_likelihood
from mce_utaut.sem.moments import SampleMoments
from mce_utaut.sem.optimise import minimise
from mce_utaut.sem.standardise import standardised_values
from mce_utaut.sem.table import ParameterTable
from mce_utaut.sem.vech import vech_indices

CHUNK_BYTES = 16_000_000


@dataclass(frozen=True, slots=True)
class Replicates:
    """What bootstrap samples gave: all arrays have one entry, or row, per replicate (R).

    ``t`` (R, n_free); ``values`` (R, r) of every row of the table and then every defined parameter; ``std_all`` (R, r)
    the same standardised; ``chisq`` (R,); ``converged`` (R,); ``improper`` (R,), a negative variance.
    """

    t: np.ndarray
    values: np.ndarray
    std_all: np.ndarray
    chisq: np.ndarray
    converged: np.ndarray
    improper: np.ndarray


@dataclass(frozen=True, slots=True)
class _Job:
    """All that a process needs: data and cross products per group, and the model."""

    table: ParameterTable
    groups: tuple[GroupMatrices, ...]
    data: tuple[np.ndarray, ...]
    weights: np.ndarray
    start: np.ndarray
    inverse: np.ndarray
    multiplier: float


def bootstrap(
    fit: Fit,
    replicates: int,
    seed: int,
    *,
    bollen_stine: bool = False,
    processes: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Replicates:
    """The estimates of ``replicates`` samples drawn with replacement, within groups.

    With ``bollen_stine`` the data are first rotated so that the model holds exactly (Bollen & Stine 1992, doi
    10.1177/0049124192021002004). ``progress`` is called with replicates done and asked for. Raises UsageError for
    fits that are not complete-data ML on raw data.
    """
    _check(fit, replicates)
    data = tuple(sample.data for sample in fit.samples)
    if bollen_stine:
        data = tuple(_rotated(fit, g) for g in range(len(data)))
    inverse = inverse_information(fit.objective.gradient_and_hessian(fit.t, "expected")[1])
    job = _Job(fit.table, fit.objective.groups, data, fit.objective.weights, fit.t, inverse, fit.multiplier)
    sizes = _chunks(job, replicates)
    seeds = np.random.SeedSequence(seed).spawn(len(sizes))
    parts, done = [], 0
    for part in _run(job, sizes, seeds, processes):
        parts.append(part)
        done += len(part.t)
        if progress is not None:
            progress(done, replicates)
    return Replicates(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in Replicates.__slots__)
    )


def bollen_stine_pvalue(fit: Fit, replicates: Replicates) -> float:
    """The share of converged Bollen-Stine replicates whose chi-square reaches that of the fit."""
    return float((replicates.chisq[replicates.converged] >= fit.test.chisq).mean())


def _check(fit: Fit, replicates: int) -> None:
    if replicates < 1:
        raise UsageError(f"bootstrap is {replicates}; ask for at least 1 replicate, better 1000 or more.")
    if fit.inference.discrepancy != "ML" or fit.options.likelihood != "normal":
        raise UsageError("The bootstrap is supported for maximum likelihood on complete data only.")
    if any(sample.data is None for sample in fit.samples):
        raise UsageError("The bootstrap needs the raw data, not only covariances.")
    if fit.options.cluster:
        raise UsageError("The bootstrap does not resample clusters; use the cluster-robust standard errors.")


def _rotated(fit: Fit, g: int) -> np.ndarray:
    """Data of group ``g`` with exactly the implied moments."""
    sample, implied = fit.samples[g], fit.implied[g]
    root = np.real(sqrtm(implied.covariance)) @ np.linalg.inv(np.real(sqrtm(sample.covariance)))
    centre = sample.mean if implied.mean is None else implied.mean
    return (sample.data - sample.mean) @ root.T + centre


def _chunks(job: _Job, replicates: int) -> list[int]:
    """How many replicates each chunk holds, so that its arrays stay within CHUNK_BYTES."""
    q = job.table.n_free
    size = sum(
        2 * len(data) + 6 * data.shape[1] ** 2 + 6 * len(group.variables) ** 2 + 2 * len(job.table.rows)
        for data, group in zip(job.data, job.groups, strict=True)
    )
    chunk = max(1, int(CHUNK_BYTES / 8 / (size + 30 * q)))
    full, rest = divmod(replicates, chunk)
    return [chunk] * full + ([rest] if rest else [])


def _run(
    job: _Job, sizes: list[int], seeds: list[np.random.SeedSequence], processes: int
) -> Iterator[Replicates]:
    if processes <= 1 or len(sizes) == 1:
        tables = [_cross_products(data) for data in job.data]
        for size, seed in zip(sizes, seeds, strict=True):
            yield _replicate(job, tables, size, seed)
        return
    with ProcessPoolExecutor(processes, initializer=_prepare, initargs=(job,)) as pool:
        yield from pool.map(_replicate_here, sizes, seeds)


_HERE: dict[str, tuple] = {}


def _prepare(job: _Job) -> None:
    _HERE["job"] = (job, [_cross_products(data) for data in job.data])


def _replicate_here(size: int, seed: np.random.SeedSequence) -> Replicates:
    return _replicate(*_HERE["job"], size, seed)


def _cross_products(data: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The centre (p,) taken off the data, and the table (n, p + p*) of centred values and their products."""
    centre = data.mean(axis=0)
    centred = data - centre
    rows, columns = vech_indices(data.shape[1])
    return centre, np.concatenate([centred, centred[:, rows] * centred[:, columns]], axis=1)


def _resampled(rng: np.random.Generator, size: int, centre: np.ndarray, table: np.ndarray) -> BatchMoments:
    """The moments of ``size`` samples drawn with replacement."""
    n, p = len(table), len(centre)
    drawn = rng.integers(0, n, (size, n)) + n * np.arange(size)[:, None]
    counts = np.bincount(drawn.ravel(), minlength=size * n).reshape(size, n)
    moments = counts.astype(float) @ table / n
    mean = moments[:, :p]
    rows, columns = vech_indices(p)
    covariance = np.empty((size, p, p))
    covariance[:, rows, columns] = covariance[:, columns, rows] = moments[:, p:]
    return BatchMoments(mean + centre, covariance - mean[:, :, None] * mean[:, None, :])


def _replicate(
    job: _Job, tables: list[tuple[np.ndarray, np.ndarray]], size: int, seed: np.random.SeedSequence
) -> Replicates:
    rng = np.random.default_rng(seed)
    moments = [_resampled(rng, size, centre, table) for centre, table in tables]
    solution = fit_batch(job.table, job.groups, moments, job.weights, job.start, job.inverse)
    solution = _rescued(job, moments, solution)
    t = np.where(solution.converged[:, None], solution.t, np.nan)
    groups = with_exogenous(job.table, job.groups, moments)
    x = job.table.expand(t)
    values = job.table.row_values(x)
    values = np.concatenate([values, defined_values(job.table, values)], axis=-1)
    with np.errstate(all="ignore"):
        variances = [np.diagonal(implied_moments(group, x).S, axis1=1, axis2=2) for group in groups]
        std_all = standardised_values(job.table, groups, t, "all")
    improper = np.any([(variance < -1e-8).any(axis=1) for variance in variances], axis=0)
    return Replicates(t, values, std_all, job.multiplier * solution.value, solution.converged, improper)


def _rescued(job: _Job, moments: list[BatchMoments], solution: BatchSolution) -> BatchSolution:
    """The solution with the replicates that the batch gave up on fitted one by one, with full Newton steps."""
    for r in np.flatnonzero(~solution.converged):
        groups = with_exogenous(job.table, job.groups, [sample.take(slice(r, r + 1)) for sample in moments])
        groups = tuple(
            replace(group, S0=group.S0.reshape(group.S0.shape[-2:]), m0=group.m0.reshape(-1))
            for group in groups
        )
        parts = tuple(
            maximum_likelihood(
                SampleMoments(job.table.observed, len(data), sample.mean[r], sample.covariance[r])
            )
            for data, sample in zip(job.data, moments, strict=True)
        )
        found = minimise(
            Objective(job.table, groups, parts, job.weights), job.start, max_steps=150, rescue=False
        )
        solution.t[r], solution.value[r], solution.converged[r] = found.t, found.value, found.converged
    return solution
