"""Bootstrap of cases: samples drawn with replacement, estimated in batches of bounded memory; the Bollen-Stine test.

Each chunk of replicates has a generator of its own, spawned from the seed: the result does not depend on the number of
processes. What a sample is made of is told by ``batch_ml`` (complete data), ``batch_fiml`` (incomplete data) and
``resampling_ordinal`` (ordered variables).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor

import numpy as np
from scipy.linalg import sqrtm

from mce_utaut.errors import UsageError
from mce_utaut.sem.batch_fiml import IncompleteRows
from mce_utaut.sem.batch_ml import CompleteRows
from mce_utaut.sem.batch_search import DONE
from mce_utaut.sem.fit import Fit
from mce_utaut.sem.resampling import CLOSE, BatchResampler, Replicates, Resampler, inverse_at
from mce_utaut.sem.resampling_ordinal import ordinal_resampler

CHUNK_BYTES = 16_000_000


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
    10.1177/0049124192021002004). ``progress`` is called with replicates done and asked for. A sample that cannot be
    fitted, or lacks what an estimate needs (a category, a pair seen together), has not converged. Raises UsageError for
    GLS and ULS of continuous data, clusters and data of which only moments are known, and for Bollen-Stine of anything
    but ML of complete data.
    """
    _check(fit, replicates, bollen_stine)
    resampler = resampler_of(fit, rotated=bollen_stine)
    sizes = _chunks(resampler, replicates)
    seeds = np.random.SeedSequence(seed).spawn(len(sizes))
    parts, done = [], 0
    for part in _run(resampler, sizes, seeds, processes):
        parts.append(part)
        done += len(part.t)
        if progress is not None:
            progress(done, replicates)
    return Replicates(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in Replicates.__slots__)
    )


def resampler_of(fit: Fit, *, rotated: bool = False) -> Resampler:
    """What estimates the fit's model from samples of its rows, or of rows ``rotated`` to the implied moments."""
    if fit.table.ordered:
        return ordinal_resampler(fit)
    incomplete = fit.inference.discrepancy == "FIML"
    kind, rows = ("observed", IncompleteRows) if incomplete else ("expected", CompleteRows)
    data = [_rotated(fit, g) if rotated else sample.data for g, sample in enumerate(fit.samples)]
    return BatchResampler(
        table=fit.table,
        groups=fit.objective.groups,
        rows=tuple(rows(own) for own in data),
        sizes=tuple(len(own) for own in data),
        weights=fit.objective.weights,
        start=fit.t,
        inverse=inverse_at(fit.objective, fit.t, kind),
        multiplier=float("nan") if incomplete else fit.multiplier,
        done=CLOSE if incomplete else DONE,
    )


def bollen_stine_pvalue(fit: Fit, replicates: Replicates) -> float:
    """The share of converged Bollen-Stine replicates whose chi-square reaches that of the fit."""
    return float((replicates.chisq[replicates.converged] >= fit.test.chisq).mean())


def _check(fit: Fit, replicates: int, bollen_stine: bool) -> None:
    if replicates < 1:
        raise UsageError(f"bootstrap is {replicates}; ask for at least 1 replicate, better 1000 or more.")
    supported = fit.table.ordered or fit.inference.discrepancy in ("ML", "FIML")
    if not supported or fit.options.likelihood != "normal":
        raise UsageError("The bootstrap is supported for maximum likelihood and for ordered variables only.")
    if bollen_stine and fit.inference.discrepancy != "ML":
        raise UsageError("The Bollen-Stine test is supported for maximum likelihood on complete data only.")
    if any(sample.data is None for sample in fit.samples):
        raise UsageError("The bootstrap needs the raw data, not only covariances.")
    if fit.table.nonlinear:
        raise UsageError("The bootstrap knows no nonlinear constraints; ask for Monte Carlo intervals of :=.")
    if fit.options.cluster:
        raise UsageError("The bootstrap does not resample clusters; use the cluster-robust standard errors.")


def _rotated(fit: Fit, g: int) -> np.ndarray:
    """Data of group ``g`` with exactly the implied moments."""
    sample, implied = fit.samples[g], fit.implied[g]
    root = np.real(sqrtm(implied.covariance)) @ np.linalg.inv(np.real(sqrtm(sample.covariance)))
    centre = sample.mean if implied.mean is None else implied.mean
    return (sample.data - sample.mean) @ root.T + centre


def without_each(fit: Fit) -> Iterator[tuple[int, Replicates]]:
    """The estimates without each of the rows in turn: the group, and some of its rows' replicates, in their order."""
    resampler = resampler_of(fit)
    for g, n in enumerate(resampler.sizes):
        start = 0
        for size in _chunks(resampler, n):
            counts = [np.ones((size, own), dtype=int) for own in resampler.sizes]
            counts[g][np.arange(size), start + np.arange(size)] = 0
            start += size
            yield g, resampler.estimates(counts)


def _chunks(resampler: Resampler, replicates: int) -> list[int]:
    """How many replicates each chunk holds, so that its arrays stay within CHUNK_BYTES."""
    chunk = max(1, int(CHUNK_BYTES / 8 / resampler.entries()))
    full, rest = divmod(replicates, chunk)
    return [chunk] * full + ([rest] if rest else [])


def _run(
    resampler: Resampler, sizes: list[int], seeds: list[np.random.SeedSequence], processes: int
) -> Iterator[Replicates]:
    if processes <= 1 or len(sizes) == 1:
        for size, seed in zip(sizes, seeds, strict=True):
            yield _replicates(resampler, size, seed)
        return
    with ProcessPoolExecutor(processes, initializer=_HERE.update, initargs=({"resampler": resampler},)) as pool:
        yield from pool.map(_replicates_here, sizes, seeds)


_HERE: dict[str, Resampler] = {}


def _replicates_here(size: int, seed: np.random.SeedSequence) -> Replicates:
    return _replicates(_HERE["resampler"], size, seed)


def _replicates(resampler: Resampler, size: int, seed: np.random.SeedSequence) -> Replicates:
    rng = np.random.default_rng(seed)
    return resampler.estimates([_drawn(rng, size, n) for n in resampler.sizes])


def _drawn(rng: np.random.Generator, size: int, n: int) -> np.ndarray:
    """How often each of n rows is drawn (size, n) by ``size`` samples of n with replacement."""
    drawn = rng.integers(0, n, (size, n)) + n * np.arange(size)[:, None]
    return np.bincount(drawn.ravel(), minlength=size * n).reshape(size, n)
