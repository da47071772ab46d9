"""Dynamic fit-index cut-offs: what CFI, RMSEA and SRMR would be if this very model were a little wrong.

McNeish & Wolf (2021, 2022): samples of the same size are drawn from the model and from the populations of
``misspecification``, the model is fitted to all, and the cut-off is what 95 % of the misspecified samples miss while
95 % of the true ones reach it; else 90 %, else there is none. Sample covariances are drawn from the Wishart
distribution, so that the cost does not grow with n, and fitted in batches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from mce_utaut.errors import Problem, UsageError
from mce_utaut.sem.batch_ml import BatchMoments
from mce_utaut.sem.batch_search import fit_batch
from mce_utaut.sem.default_rules import ModelSettings
from mce_utaut.sem.defaults import build_table
from mce_utaut.sem.fit import Fit, Prepared, fit_table
from mce_utaut.sem.information import inverse_information
from mce_utaut.sem.matrices import implied_moments
from mce_utaut.sem.misspecification import Population, populations
from mce_utaut.sem.moments import SampleMoments
from mce_utaut.sem.options import FitOptions, Inference
from mce_utaut.sem.variables import classify

NAN = float("nan")
_PLAIN = Inference("ML", "none", "standard", "expected", True)
PAIRS = ((0.95, 0.05), (0.90, 0.10))
BATCH = 250


@dataclass(frozen=True, slots=True)
class IndexCutoff:
    """The cut-off of one index at one level: nan where no value separates; ``share`` of misspecified samples it
    rejects and of true samples it accepts (0.95 or 0.90).
    """

    value: float
    share: float


@dataclass(frozen=True, slots=True)
class LevelCutoffs:
    """The cut-offs of one level of misspecification, what was added, and how many replicates were used."""

    level: int
    added: tuple[str, ...]
    cfi: IndexCutoff
    rmsea: IndexCutoff
    srmr: IndexCutoff
    replicates: int


@dataclass(frozen=True, slots=True)
class DynamicCutoffs:
    """Cut-offs per level, and the quantiles (5 %, 50 %, 95 %) of each index where the model is true."""

    levels: tuple[LevelCutoffs, ...]
    true_cfi: tuple[float, float, float]
    true_rmsea: tuple[float, float, float]
    true_srmr: tuple[float, float, float]
    replicates: int


@dataclass(frozen=True, slots=True)
class SimulatedIndices:
    """CFI, RMSEA and SRMR (R,) of the replicates that converged."""

    cfi: np.ndarray
    rmsea: np.ndarray
    srmr: np.ndarray


def dynamic_cutoffs(fit: Fit, rng: np.random.Generator, replicates: int = 500) -> DynamicCutoffs:
    """The dynamic cut-offs of a measurement model fitted in one group.

    Raises UsageError for groups, ordered items, means under constraint, models without df, and models that
    ``populations`` refuses.
    """
    _check(fit, replicates)
    levels = populations(fit)
    simulated = [simulate_indices(bench_of(fit, level), level, rng, replicates) for level in levels]
    true = simulated[0]
    out = []
    for number, (level, sample) in enumerate(zip(levels[1:], simulated[1:], strict=True), start=1):
        out.append(
            LevelCutoffs(
                level=number,
                added=level.added,
                cfi=_cutoff(-true.cfi, -sample.cfi, -1.0),
                rmsea=_cutoff(true.rmsea, sample.rmsea, 1.0),
                srmr=_cutoff(true.srmr, sample.srmr, 1.0),
                replicates=len(sample.cfi),
            )
        )
    quantiles = [tuple(float(q) for q in np.quantile(x, (0.05, 0.5, 0.95))) for x in (true.cfi, true.rmsea, true.srmr)]
    return DynamicCutoffs(tuple(out), *quantiles, replicates=len(true.cfi))


def _check(fit: Fit, replicates: int) -> None:
    if len(fit.samples) > 1:
        raise UsageError("Dynamic cut-offs are for one group.")
    if fit.table.ordered:
        what = "Dynamic cut-offs are for items treated as continuous; leave --ordered out."
        raise UsageError(Problem(what, code="cutoffs_continuous"))
    if fit.syntax.equalities:
        raise UsageError("Dynamic cut-offs are not for models with constraints (==).")
    if fit.test.df <= 0:
        raise UsageError(Problem("Dynamic cut-offs need a model with degrees of freedom.", code="cutoffs_no_df"))
    if replicates < 50:
        raise UsageError(f"Dynamic cut-offs need at least 50 replicates, not {replicates}.")


@dataclass(frozen=True, slots=True)
class Bench:
    """What the simulation fits: the model at a population, the inverse Hessian of F there, and n."""

    fit: Fit
    inverse: np.ndarray
    n: int

    @property
    def df(self) -> int:
        """The model's degrees of freedom."""
        return self.fit.test.df


def bench_of(fit: Fit, population: Population) -> Bench:
    """The fitted model, without means, fitted to a population: where the replicates start from."""
    terms = tuple(term for term in fit.syntax.terms if term.op != "~1")
    syntax = replace(fit.syntax, terms=terms, definitions=())
    sample = SampleMoments(fit.table.observed, fit.total, None, population.correlation)
    settings = ModelSettings(std_lv=fit.options.std_lv, orthogonal=fit.options.orthogonal)
    prepared = Prepared(syntax, FitOptions(se="none"), _PLAIN, settings, classify(syntax.terms), (sample,), ())
    found = fit_table(prepared, build_table(syntax, settings))
    _, hessian = found.objective.gradient_and_hessian(found.t, "observed")
    if np.linalg.eigvalsh(hessian)[0] <= 0:
        _, hessian = found.objective.gradient_and_hessian(found.t, "expected")
    return Bench(found, inverse_information(hessian), fit.total)


def simulate_indices(
    bench: Bench, population: Population, rng: np.random.Generator, replicates: int
) -> SimulatedIndices:
    """The indices of the model in ``replicates`` samples of a population."""
    parts: list[Sequence[np.ndarray]] = []
    for start in range(0, replicates, BATCH):
        S = wishart_covariances(population.correlation, bench.n, min(BATCH, replicates - start), rng)
        moments = BatchMoments(np.zeros(S.shape[:2]), S)
        objective = bench.fit.objective
        found = fit_batch(
            objective.table, objective.groups, [moments], objective.weights, bench.fit.t, bench.inverse
        )
        parts.append(_indices(bench, S[found.converged], found.t[found.converged], found.value[found.converged]))
    cfi, rmsea, srmr = (np.concatenate([part[k] for part in parts]) for k in range(3))
    return SimulatedIndices(cfi, rmsea, srmr)


def wishart_covariances(population: np.ndarray, n: int, replicates: int, rng: np.random.Generator) -> np.ndarray:
    """Covariance matrices (replicates, p, p), divisor n, of normal samples of size n (Bartlett 1933)."""
    p = len(population)
    A = np.tril(rng.standard_normal((replicates, p, p)), -1)
    diagonal = np.sqrt(rng.chisquare(n - 1 - np.arange(p), (replicates, p)))
    A[:, np.arange(p), np.arange(p)] = diagonal
    LA = np.linalg.cholesky(population) @ A
    return LA @ np.swapaxes(LA, -1, -2) / n


def _indices(
    bench: Bench, S: np.ndarray, t: np.ndarray, value: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    p, df, n = S.shape[-1], bench.df, bench.n
    sd = np.sqrt(np.diagonal(S, axis1=-2, axis2=-1))
    chisq = np.maximum(n * value, 0.0)
    base = -n * np.linalg.slogdet(S / (sd[:, :, None] * sd[:, None, :]))[1]
    excess = np.maximum(chisq - df, 0.0)
    largest = np.maximum.reduce([excess, base - p * (p - 1) / 2, np.zeros_like(base)])
    cfi = np.where(largest > 0, 1 - excess / np.where(largest > 0, largest, 1.0), 1.0)
    objective = bench.fit.objective
    fitted = implied_moments(objective.groups[0], objective.table.expand(t)).covariance
    away = (S - fitted) / (sd[:, :, None] * sd[:, None, :])
    rows, columns = np.tril_indices(p)
    srmr = np.sqrt((away[:, rows, columns] ** 2).mean(axis=1))
    return cfi, np.sqrt(excess / (df * n)), srmr


def _cutoff(true: np.ndarray, wrong: np.ndarray, sign: float) -> IndexCutoff:
    """The cut-off of an index that grows with misfit (``sign`` turns it back)."""
    for share, rest in PAIRS:
        value = float(np.quantile(wrong, rest))
        if float(np.quantile(true, share)) < value:
            return IndexCutoff(sign * value, share)
    return IndexCutoff(NAN, NAN)
