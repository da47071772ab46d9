"""Sample statistics of ordered and mixed data: thresholds, correlations, and their covariance matrix.

Estimation is in two steps (Muthén, 1984, https://doi.org/10.1007/BF02294210): means, variances and
thresholds variable by variable; then correlations pair by pair. The statistics form one vector, in
lavaan's ``WLS.obs`` order:

* variable by variable, the thresholds of an ordered one and minus the mean of a continuous one;
* the variances of the continuous variables;
* the covariances of all pairs, columns of the lower triangle one after the other.

Its asymptotic covariance matrix (Gamma, lavaan's NACOV) is N B^-1 C B^-T (ibid., eqs. 13-17): C sums the
outer products of the rows' scores, and B their approximate derivatives, block triangular because the
second step does not influence the first. Rows with a missing value have score zero in what they lack,
which is lavaan's ``missing = "pairwise"``; complete rows make it "listwise".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mce_utaut.errors import NotEstimable
from mce_utaut.sem.gamma import check_moment_count
from mce_utaut.sem.ordinal_first_step import FirstStep, first_scores, first_step
from mce_utaut.sem.ordinal_second_step import SecondStep, second_scores, second_step
from mce_utaut.sem.vech import Array

_ROWS_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class OrdinalMoments:
    """The sample statistics of p ordered and continuous variables of one group.

    ``mean`` (p,) and the diagonal of ``covariance`` (p, p) are 0 and 1 for ordered variables.
    ``thresholds`` (t,) with ``threshold_variable`` (t,) are in variable order. ``statistics`` (m,) is the
    vector described above and ``gamma`` (m, m) the covariance matrix of sqrt(n) times it; the variable of
    each of its first entries is ``first_variable``, with ``first_is_mean`` true for a continuous one.
    ``empty_tables`` names the pairs of ordered variables with an empty cell. Where the statistics are given
    exogenous variables (``conditional_moments``), ``given`` (k,) are their places and ``slopes`` (k, p - k) the
    regressions of the others on them; ``covariance`` is then residual.
    """

    n: int
    mean: Array
    covariance: Array
    thresholds: Array
    threshold_variable: NDArray[np.intp]
    statistics: Array
    gamma: Array
    first_variable: NDArray[np.intp]
    first_is_mean: NDArray[np.bool_]
    empty_tables: tuple[tuple[str, str], ...]
    given: NDArray[np.intp] = field(default_factory=lambda: np.zeros(0, dtype=np.intp))
    slopes: Array = field(default_factory=lambda: np.zeros((0, 0)))

    @property
    def marginal_covariance(self) -> Array:
        """The covariance (p, p) of all variables, what the given ones explain included."""
        if not self.given.size:
            return self.covariance
        reach = np.eye(len(self.mean))
        own = np.setdiff1d(np.arange(len(self.mean)), self.given)
        reach[np.ix_(own, self.given)] = self.slopes.T
        return reach @ self.covariance @ reach.T


def ordinal_moments(
    data: Array,
    is_ordered: NDArray[np.bool_],
    names: Sequence[str],
    levels: Sequence[Array],
    where: str = "",
) -> OrdinalMoments:
    """The sample statistics of ``data`` (n, p; NaN missing), of which ``is_ordered`` (p,) are ordered.

    ``levels`` holds the sorted answers of each ordered variable in the whole data (an empty array for a
    continuous one). ``names`` and ``where`` (the group) serve the messages.

    Raises ``NotEstimable`` for an empty category, a constant variable, pairs never observed together, or
    perfectly correlated pairs, naming them.
    """
    first = first_step(data, is_ordered, names, levels, where)
    p = len(names)
    check_moment_count(first.size + p * (p - 1) // 2, f"Fitting {p} variables, some of them ordered,")
    second = second_step(first, names)
    n = data.shape[0]
    inner = np.zeros((first.size + second.rho.size,) * 2)
    for start in range(0, n, _ROWS_AT_ONCE):
        rows = slice(start, start + _ROWS_AT_ONCE)
        scores = np.hstack([first_scores(first, rows), second_scores(first, second, rows)])
        inner += scores.T @ scores
    deviation = np.ones(is_ordered.size)
    deviation[~is_ordered] = np.sqrt(first.variance)
    raw = two_step_sandwich(first.entries, second.cross, inner)
    gamma = n * _to_covariances(first, second, raw, deviation)
    return _assemble(first, second, 0.5 * (gamma + gamma.T), deviation)


def two_step_sandwich(entries: Sequence[NDArray[np.intp]], cross: Array, inner: Array) -> Array:
    """B^-1 C B^-T (m, m) of first-step parameters, then P correlations.

    ``entries`` are the places of each variable's first-step parameters, ``cross`` (P, first-step parameters) the
    products of the scores of the second step with those of the first, ``inner`` (m, m) is C.
    """
    size = cross.shape[1]
    own = np.zeros((size, size))
    for places in entries:
        block = np.ix_(places, places)
        own[block] = np.linalg.inv(inner[block])
    curvature = np.diag(inner)[size:]
    if (curvature <= 0).any():
        raise NotEstimable("A correlation of two ordered variables has no information: their answers agree.")
    lower = -(cross @ own) / curvature[:, None]
    top = own @ inner[:size]
    bottom = lower @ inner[:size] + inner[size:] / curvature[:, None]
    gamma = np.empty_like(inner)
    gamma[:size, :size] = top[:, :size] @ own
    gamma[size:, :size] = bottom[:, :size] @ own
    gamma[:size, size:] = gamma[size:, :size].T
    gamma[size:, size:] = bottom[:, :size] @ lower.T + bottom[:, size:] / curvature
    return gamma


def _to_covariances(first: FirstStep, second: SecondStep, gamma: Array, deviation: Array) -> Array:
    """Gamma of covariances instead of correlations, and of minus the means, by the delta method."""
    if first.is_ordered.all():
        return gamma
    change = np.eye(gamma.shape[0])
    i, j = second.i, second.j
    pair = first.size + np.arange(i.size)
    change[pair, pair] = deviation[i] * deviation[j]
    for v in np.flatnonzero(~first.is_ordered):
        mean, variance = first.entries[v]
        change[mean, mean] = -1.0
        touched = (i == v) | (j == v)
        other = np.where(i == v, j, i)[touched]
        change[pair[touched], variance] = second.rho[touched] * deviation[other] / (2.0 * deviation[v])
    return change @ gamma @ change.T


def _assemble(first: FirstStep, second: SecondStep, gamma: Array, deviation: Array) -> OrdinalMoments:
    p = first.is_ordered.size
    mean = np.zeros(p)
    mean[~first.is_ordered] = first.mean
    covariance = np.diag(deviation**2)
    covariance[second.i, second.j] = second.rho * deviation[second.i] * deviation[second.j]
    covariance[second.j, second.i] = covariance[second.i, second.j]
    lead, variable = [], []
    for v in range(p):
        if first.is_ordered[v]:
            own = first.thresholds.thresholds[first.column[v], 1 : 1 + first.entries[v].size]
        else:
            own = -mean[v : v + 1]
        lead.append(own)
        variable.append(np.full(own.size, v, dtype=np.intp))
    leading, first_variable = np.concatenate(lead), np.concatenate(variable)
    is_mean = ~first.is_ordered[first_variable]
    return OrdinalMoments(
        n=first.codes.shape[0],
        mean=mean,
        covariance=covariance,
        thresholds=leading[~is_mean],
        threshold_variable=first_variable[~is_mean],
        statistics=np.concatenate([leading, first.variance, covariance[second.i, second.j]]),
        gamma=gamma,
        first_variable=first_variable,
        first_is_mean=is_mean,
        empty_tables=second.empty_tables,
    )
