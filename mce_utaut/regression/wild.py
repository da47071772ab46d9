"""Wild cluster bootstrap: tests of regression slopes that hold their level with few clusters."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from mce_utaut.regression.linear import Design, LinearFit, design, linear_fit

FEW_CLUSTERS = 12  # below, Rademacher weights give too few different samples
_WEBB = np.array([-np.sqrt(1.5), -1.0, -np.sqrt(0.5), np.sqrt(0.5), 1.0, np.sqrt(1.5)])
_STEPS = 60


@dataclass(frozen=True, slots=True, eq=False)
class _Clustered:
    """A design with cluster numbers (n,), (X'X)^-1, and the factor of CR1."""

    given: Design
    labels: np.ndarray
    inverse: np.ndarray
    factor: float

    @property
    def count(self) -> int:
        """The number of clusters."""
        return int(self.labels.max()) + 1


def wild_bootstrap(
    outcome: np.ndarray,
    predictors: Mapping[str, np.ndarray],
    clusters: np.ndarray,
    rng: np.random.Generator,
    level: float = 0.95,
    draws: int = 4999,
) -> LinearFit:
    """The least-squares fit with CR1 standard errors, p values of the wild cluster bootstrap, its intervals.

    The null is imposed, the statistic is t with CR1, p counts |t*| ≥ |t|: Cameron, Gelbach & Miller 2008
    (doi:10.1162/rest.90.3.414); intervals invert the test. Weights are Rademacher's from twelve clusters on (every
    sample once where there are no more than ``draws``), below it Webb's six points (Webb 2014, Queen's Economics
    Department working paper 1315). ``df`` is NaN. Checked against a refitting of every sample in R. Raises
    ``ValueError`` as ``design``, and for fewer than two clusters.
    """
    found = _clustered(outcome, predictors, clusters)
    weights = draw_weights(found.count, rng, draws)
    fit = linear_fit(found.given, "wild", _cr1(found), np.full(found.given.k, 1.0), level)
    p = np.array([wild_p(found, j, 0.0, weights) for j in range(found.given.k)])
    ends = [
        _interval(found, j, float(fit.estimate[j]), float(fit.se[j]), weights, 1 - level) for j in range(found.given.k)
    ]
    lower, upper = (np.array(side) for side in zip(*ends, strict=True))
    return replace(fit, df=np.full(found.given.k, np.nan), lower=lower, upper=upper, p=p)


def draw_weights(count: int, rng: np.random.Generator, draws: int) -> np.ndarray:
    """Weights (samples, ``count``) of the clusters."""
    if count < FEW_CLUSTERS:
        return rng.choice(_WEBB, size=(draws, count))
    if 2**count <= draws:
        return np.array(list(itertools.product((-1.0, 1.0), repeat=count)))
    return rng.choice(np.array([-1.0, 1.0]), size=(draws, count))


def wild_p(found: _Clustered, j: int, null: float, weights: np.ndarray) -> float:
    """The share of samples whose |t| is at least that observed, for slope ``j`` = ``null``; (1 + count) / (1 + samples)
    unless every possible sample is there."""
    x, labels = found.given.x, found.labels
    shifted = found.given.y - null * x[:, 1 + j]
    others = np.delete(x, 1 + j, axis=1)
    restricted = shifted - others @ np.linalg.lstsq(others, shifted, rcond=None)[0]
    own = x @ found.inverse[1 + j]  # (n,): the slope is own'y
    member = labels[:, None] == np.arange(found.count)
    spread = restricted[:, None] * member  # restricted residuals, one cluster a column
    slopes = own @ spread
    left = spread - x @ (found.inverse @ (x.T @ spread))
    scores = member.T.astype(float) @ (own[:, None] * left)  # (clusters scored, clusters weighted)
    t = np.abs(weights @ slopes) / np.sqrt(found.factor * np.sum((weights @ scores.T) ** 2, axis=1))
    observed = np.abs(slopes.sum()) / np.sqrt(found.factor * np.sum(scores.sum(axis=1) ** 2))
    extreme = int(np.sum(~(t < observed * (1 - 1e-12))))
    if len(weights) == 2**found.count and set(np.unique(weights)) == {-1.0, 1.0}:
        return extreme / len(weights)
    return (1 + extreme) / (1 + len(weights))


def _clustered(outcome: np.ndarray, predictors: Mapping[str, np.ndarray], clusters: np.ndarray) -> _Clustered:
    given = design(outcome, predictors)
    labels = np.unique(np.asarray(clusters)[given.rows].astype(str), return_inverse=True)[1]
    count, (n, width) = int(labels.max()) + 1, given.x.shape
    if count < 2:
        raise ValueError("there is only one cluster")
    factor = count / (count - 1) * (n - 1) / (n - width)
    return _Clustered(given, labels, np.linalg.inv(given.x.T @ given.x), factor)


def _cr1(found: _Clustered) -> np.ndarray:
    x, y = found.given.x, found.given.y
    residual = y - x @ (found.inverse @ (x.T @ y))
    scores = np.array([x[found.labels == g].T @ residual[found.labels == g] for g in range(found.count)])
    return found.factor * found.inverse @ scores.T @ scores @ found.inverse


def _interval(
    found: _Clustered, j: int, estimate: float, se: float, weights: np.ndarray, alpha: float
) -> tuple[float, float]:
    """The values that the test does not reject: on each side first doubled away from the estimate, then halved."""
    ends = []
    for side in (-1.0, 1.0):
        inside, outside, step = estimate, estimate, 2 * se
        while wild_p(found, j, outside := estimate + side * step, weights) >= alpha:
            inside, step = outside, 2 * step
            if step > 1e4 * se:
                return (-np.inf, np.inf)
        for _ in range(_STEPS):
            middle = (inside + outside) / 2
            if abs(outside - inside) < 1e-6 * se:
                break
            inside, outside = (middle, outside) if wild_p(found, j, middle, weights) >= alpha else (inside, middle)
        ends.append((inside + outside) / 2)
    return ends[0], ends[1]
