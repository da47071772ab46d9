"""The estimates of many samples at once: quasi-Newton steps with a leading batch axis.

Every replicate starts at the estimate of the full sample, with that sample's inverse Hessian, and learns its own by
limited-memory BFGS: a gradient costs an eighth of a Hessian. Finished replicates leave the batch; steps are halved
where F would rise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol, Self

import numpy as np

from mce_utaut.sem.discrepancy import GroupDiscrepancy
from mce_utaut.sem.matrices import GroupMatrices, Implied, implied_moments
from mce_utaut.sem.table import ParameterTable

DONE = 1e-11
MAX_STEPS = 60
PAIRS = 12


class BatchSample(Protocol):
    """Many samples (R) of one group, seen by their discrepancy from a model."""

    usable: np.ndarray
    """Which of the samples have what an estimate needs (R,)."""

    def take(self, rows: np.ndarray | slice) -> Self:
        """Some of the samples."""
        ...

    def discrepancy(self, implied: Implied) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
        """F but for ``constants`` (R,), inf where it is not defined, dF/dSigma (R, p, p) and dF/dmu (R, p), or None."""
        ...

    def constants(self) -> np.ndarray:
        """What is to be taken off to have F (R,)."""
        ...

    def exogenous_moments(self, columns: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
        """The means (R, k) and covariances (R, k, k) of the columns of fixed exogenous variables."""
        ...

    def single(self, r: int, names: tuple[str, ...]) -> GroupDiscrepancy:
        """The discrepancy of one of the samples."""
        ...


@dataclass(frozen=True, slots=True)
class BatchSolution:
    """Estimates ``t`` (R, n_free), F (R,), and which replicates converged (R,)."""

    t: np.ndarray
    value: np.ndarray
    converged: np.ndarray


def with_exogenous(
    table: ParameterTable, groups: Sequence[GroupMatrices], samples: Sequence[BatchSample]
) -> tuple[GroupMatrices, ...]:
    """The groups' matrices with the moments of fixed exogenous variables of each sample (a batch axis on S0, m0)."""
    fixed = [table.observed.index(name) for name in table.fixed_exogenous]
    if not fixed:
        return tuple(groups)
    out = []
    for group, sample in zip(groups, samples, strict=True):
        mean, covariance = sample.exogenous_moments(fixed)
        S0 = np.repeat(group.S0[None], len(mean), axis=0)
        m0 = np.repeat(group.m0[None], len(mean), axis=0)
        S0[np.ix_(np.arange(len(S0)), fixed, fixed)] = covariance
        if table.meanstructure:
            m0[:, fixed] = mean
        out.append(replace(group, S0=S0, m0=m0))
    return tuple(out)


def fit_batch(
    table: ParameterTable,
    groups: Sequence[GroupMatrices],
    samples: Sequence[BatchSample],
    weights: np.ndarray,
    start: np.ndarray,
    inverse: np.ndarray,
    done: float = DONE,
) -> BatchSolution:
    """The estimates of every sample of a batch, started at ``start`` (n_free,).

    ``inverse`` (n_free, n_free) is the inverse Hessian of the full sample's F at its estimate. A search ends where the
    decrement g' H^-1 g is below ``done``.
    """
    usable = np.all([sample.usable for sample in samples], axis=0)
    constant = sum(weight * sample.constants() for weight, sample in zip(weights, samples, strict=True))
    count = len(usable)
    problem = _Batch(table, with_exogenous(table, groups, samples), samples, weights)
    t = np.repeat(start[None], count, axis=0)
    value, converged = np.full(count, np.inf), np.zeros(count, dtype=bool)
    alive = np.flatnonzero(usable)
    memory = _Memory(inverse, [])
    if not alive.size:
        return BatchSolution(t, value, converged)
    if alive.size < count:
        problem = problem.take(alive)
    with np.errstate(all="ignore"):
        F, g = problem.value_and_gradient(t[alive])
        for _ in range(MAX_STEPS):
            step = -memory.times(g)
            decrement = -(g * step).sum(axis=1)
            there = np.abs(decrement) < done
            t[alive[there]] += step[there]
            value[alive[there]], converged[alive[there]] = F[there], True
            keep = ~there & (decrement > 0)
            if not keep.any():
                break
            if not keep.all():
                alive, step, F, g, decrement = alive[keep], step[keep], F[keep], g[keep], decrement[keep]
                problem, memory = problem.take(keep), memory.take(keep)
            moved, F, slope = _advance(problem, t[alive], step, F, decrement)
            memory = memory.extended(moved - t[alive], slope - g)
            t[alive], g = moved, slope
    return BatchSolution(t, value - constant, converged)


@dataclass(frozen=True, slots=True)
class _Memory:
    """A limited-memory BFGS inverse Hessian per replicate: one start matrix, then pairs of steps (R, n_free)."""

    start: np.ndarray
    pairs: list[tuple[np.ndarray, np.ndarray, np.ndarray]]

    def times(self, g: np.ndarray) -> np.ndarray:
        """The inverse Hessians times ``g`` (R, n_free)."""
        q, pulls = g, []
        for step, change, scale in reversed(self.pairs):
            pull = scale * (step * q).sum(axis=1)
            q = q - pull[:, None] * change
            pulls.append(pull)
        r = q @ self.start
        for (step, change, scale), pull in zip(self.pairs, reversed(pulls), strict=True):
            r = r + (pull - scale * (change * r).sum(axis=1))[:, None] * step
        return r

    def extended(self, step: np.ndarray, change: np.ndarray) -> _Memory:
        """The memory with one more pair; pairs of no positive curvature count for nothing."""
        product = (step * change).sum(axis=1)
        scale = np.where(product > 0, 1.0 / product, 0.0)
        return _Memory(self.start, [*self.pairs[-(PAIRS - 1) :], (step, change, scale)])

    def take(self, keep: np.ndarray) -> _Memory:
        """The memory of some of the replicates."""
        return _Memory(self.start, [(s[keep], y[keep], scale[keep]) for s, y, scale in self.pairs])


def _advance(
    problem: _Batch, t: np.ndarray, step: np.ndarray, F: np.ndarray, decrement: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The next points, halving the steps of replicates whose F would rise."""
    length = np.ones(len(t))
    trial = t + step
    value, g = problem.value_and_gradient(trial)
    for _ in range(12):
        bad = ~(
            value <= F + 1e-10 * (1 + np.abs(F)) - 1e-4 * length * np.where(decrement > 1e-6, decrement, 0)
        )
        if not bad.any():
            break
        length[bad] *= 0.5
        trial[bad] = t[bad] + length[bad, None] * step[bad]
        value[bad], g[bad] = problem.take(bad).value_and_gradient(trial[bad])
    return trial, value, g


@dataclass(frozen=True, slots=True)
class _Batch:
    """The samples still worked on; F here leaves out the constants of each sample."""

    table: ParameterTable
    groups: tuple[GroupMatrices, ...]
    samples: Sequence[BatchSample]
    weights: np.ndarray

    def take(self, keep: np.ndarray | slice) -> _Batch:
        groups = self.groups
        if groups[0].S0.ndim == 3:
            groups = tuple(replace(group, S0=group.S0[keep], m0=group.m0[keep]) for group in groups)
        return replace(self, groups=groups, samples=[sample.take(keep) for sample in self.samples])

    def implied(self, t: np.ndarray) -> list[Implied]:
        x = self.table.expand(t)
        return [implied_moments(group, x) for group in self.groups]

    def value_and_gradient(self, t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """F but for constants (R,), inf where not positive definite, and its gradient (R, n_free)."""
        value = np.zeros(len(t))
        gradient = np.zeros((len(t), len(self.table.free_rows)))
        for group, sample, weight, implied in zip(
            self.groups, self.samples, self.weights, self.implied(t), strict=True
        ):
            F, G, by_mean = sample.discrepancy(implied)
            value += weight * F
            gradient[:, group.x_start : group.x_stop] = weight * _gradient(group, implied, G, by_mean)
        return value, gradient @ self.table.K if self.table.is_constrained else gradient


def _gradient(
    group: GroupMatrices, implied: Implied, G: np.ndarray, by_mean: np.ndarray | None
) -> np.ndarray:
    """dF / dx (R, q) from dF/dSigma (R, p, p) and dF/dmu (R, p), by way of the model matrices."""
    out = np.zeros((len(G), group.q))
    E = implied.E[:, : group.p]
    EG = np.swapaxes(E, -1, -2) @ G
    by_path = 2 * (EG @ implied.C[:, : group.p])
    by_symmetric = EG @ E
    if by_mean is not None:
        by_intercept = (np.swapaxes(E, -1, -2) @ by_mean[..., None])[..., 0]
        by_path = by_path + by_intercept[:, :, None] * implied.all_means[:, None, :]
        out[:, group.intercept.at] = by_intercept[:, group.intercept.rows]
    out[:, group.path.at] = by_path[:, group.path.rows, group.path.cols]
    factor = np.where(group.symmetric.rows == group.symmetric.cols, 1.0, 2.0)
    out[:, group.symmetric.at] = factor * by_symmetric[:, group.symmetric.rows, group.symmetric.cols]
    return out


def inverses_of(Sigma: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Inverse (R, p, p), log determinant (R,) and which matrices are positive definite (R,)."""
    sound = np.isfinite(Sigma).all(axis=(1, 2))
    Sigma = np.where(sound[:, None, None], Sigma, np.eye(Sigma.shape[-1]))
    try:
        factor = np.linalg.cholesky(Sigma)
        regular = sound
    except np.linalg.LinAlgError:
        smallest = np.linalg.eigvalsh(Sigma)[:, 0]
        regular = sound & (smallest > 1e-12 * np.trace(Sigma, axis1=1, axis2=2))
        Sigma = np.where(regular[:, None, None], Sigma, np.eye(Sigma.shape[-1]))
        factor = np.linalg.cholesky(Sigma)
    log_determinant = 2 * np.log(np.diagonal(factor, axis1=1, axis2=2)).sum(axis=1)
    return np.linalg.inv(Sigma), log_determinant, regular
