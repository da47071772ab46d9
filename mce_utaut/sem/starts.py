"""Start values: sample moments where they say something, simple instrumental estimates for loadings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from mce_utaut.sem.moments import SampleMoments
from mce_utaut.sem.positive_definite import is_positive_definite
from mce_utaut.sem.table import Parameter, ParameterTable


def start_values(table: ParameterTable, samples: Sequence[SampleMoments]) -> np.ndarray:
    """Start values ``t`` (n_free,) of the estimated parameters; the user's own start values win."""
    per_group = [_GroupStarts(table, group, sample) for group, sample in enumerate(samples)]
    x = np.array([_start_of(table, per_group, i) for i in table.free_rows])
    return reduced(table, x)


def without_covariances(table: ParameterTable, t: np.ndarray) -> np.ndarray:
    """The start values with every covariance and regression set to 0: an admissible place to start from."""
    x = table.expand(t)
    for at, i in enumerate(table.free_rows):
        row = table.rows[i]
        if row.op == "~" or (row.op == "~~" and row.lhs != row.rhs):
            x[at] = 0.0
    return reduced(table, x)


def other_starts(
    table: ParameterTable, samples: Sequence[SampleMoments], t: np.ndarray
) -> Iterator[np.ndarray]:
    """Further places to start from where the search from ``t`` fails: weaker factors, with loadings nought or by sign.

    The user's own start values stay.
    """
    for loading, share in ((0.0, 0.05), (0.7, 0.3), (0.7, 0.02), (0.0, -0.05)):
        x = table.expand(t).copy()
        for at, i in enumerate(table.free_rows):
            row = table.rows[i]
            if not np.isnan(row.start):
                continue
            sample = samples[row.group - 1]
            x[at] = _other_value(table, row, sample, loading, share, x[at])
        yield reduced(table, x)


def even_start(table: ParameterTable, samples: Sequence[SampleMoments], t: np.ndarray) -> np.ndarray:
    """A start (n_free,) with loadings alike and positive, and factors with 0.3 of their first indicator's variance."""
    x = table.expand(t).copy()
    for at, i in enumerate(table.free_rows):
        row = table.rows[i]
        own = row.op == "=~" or (row.op == "~~" and row.lhs == row.rhs and row.lhs in table.latent)
        if own and np.isnan(row.start):
            x[at] = abs(_other_value(table, row, samples[row.group - 1], 1.0, 0.3, x[at]))
    return reduced(table, x)


def _other_value(
    table: ParameterTable, row: Parameter, sample: SampleMoments, loading: float, share: float, value: float
) -> float:
    first = next(
        (r.rhs for r in table.rows if r.op == "=~" and r.lhs == row.lhs and r.group == row.group), ""
    )
    names, S = sample.names, sample.covariance
    if row.op == "=~":
        if row.rhs not in names or first not in names:
            return loading
        i, marker = names.index(row.rhs), names.index(first)
        return loading * np.copysign(np.sqrt(S[i, i] / S[marker, marker]), S[i, marker])
    if row.op == "~":
        return 0.0
    if row.op == "~~" and row.lhs == row.rhs and row.lhs in table.latent:
        return share * (S[names.index(first), names.index(first)] if first in names else 1.0)
    if row.op == "~~" and row.lhs != row.rhs and not {row.lhs, row.rhs} <= set(table.exogenous):
        return 0.0
    return value


def reduced(table: ParameterTable, x: np.ndarray) -> np.ndarray:
    """The estimated parameters (n_free,) that come nearest to free rows ``x`` (q,)."""
    if not table.n_free:
        return np.zeros(0)
    if not table.is_constrained:
        return x
    return np.linalg.lstsq(table.K, x - table.k0, rcond=None)[0]


def _start_of(table: ParameterTable, per_group: Sequence[_GroupStarts], i: int) -> float:
    row = table.rows[i]
    if row.start == row.start:
        return row.start
    return per_group[row.group - 1].value(row.lhs, row.op, row.rhs)


class _GroupStarts:
    """Start values of one group."""

    def __init__(self, table: ParameterTable, group: int, sample: SampleMoments) -> None:
        self.names = {name: i for i, name in enumerate(table.observed)}
        self.S = sample.covariance
        self.mean = sample.mean
        self.ordinal = sample.ordinal
        self.latent = set(table.latent)
        rows = [row for row in table.rows if row.group == group + 1]
        self.indicators: dict[str, list[str]] = {}
        self.fixed_loading: dict[tuple[str, str], float] = {}
        self.fixed_variance: dict[str, float] = {}
        self.measures: dict[str, int] = {}
        for row in rows:
            if row.op == "=~":
                self.indicators.setdefault(row.lhs, []).append(row.rhs)
                self.measures[row.rhs] = self.measures.get(row.rhs, 0) + 1
                if not row.free:
                    self.fixed_loading[row.lhs, row.rhs] = row.fixed
            elif row.op == "~~" and row.lhs == row.rhs and not row.free:
                self.fixed_variance[row.lhs] = row.fixed
        self.exogenous_latent = self.latent - {row.lhs for row in rows if row.op == "~"} - set(self.measures)
        outcomes = {row.lhs for row in rows if row.op == "~"} | set(self.measures)
        self.purely_exogenous = {row.rhs for row in rows if row.op == "~"} & set(self.names) - outcomes
        self.loadings: dict[tuple[str, str], float] = {}
        self.variances: dict[str, float] = {}
        for name in self.indicators:
            self._measure(name)
        self._covariances()

    def _measure(self, factor: str) -> None:
        """Loadings and variance of a factor from its observed indicators."""
        observed = [name for name in self.indicators[factor] if name in self.names]
        if len(observed) != len(self.indicators[factor]) or len(observed) < 2:
            self.variances[factor] = self.fixed_variance.get(factor, self._single(observed))
            for name in self.indicators[factor]:
                self.loadings[factor, name] = self.fixed_loading.get((factor, name), 1.0)
            return
        at = [self.names[name] for name in observed]
        S = self.S[at][:, at]
        sd = np.sqrt(S.diagonal())
        shape = _loadings_of_one_factor(S / (sd[:, None] * sd)) * sd
        fixed = [i for i, name in enumerate(observed) if self.fixed_loading.get((factor, name), 0.0) != 0.0]
        variance = 1.0
        if fixed:
            target = self.fixed_loading[factor, observed[fixed[0]]]
            pivot = shape[fixed[0]]
            size = abs(pivot) if abs(pivot) > 0.1 * sd[fixed[0]] else 0.1 * sd[fixed[0]]
            factor_sd = (size if pivot >= 0 else -size) / target
            shape, variance = shape / factor_sd, factor_sd**2
        elif shape[0] < 0:
            shape = -shape
        fixed_variance = self.fixed_variance.get(factor)
        if fixed_variance is not None and fixed_variance > 0:
            shape, variance = shape * np.sqrt(variance / fixed_variance), fixed_variance
        self.variances[factor] = variance
        for name, value in zip(observed, shape, strict=True):
            self.loadings[factor, name] = self.fixed_loading.get((factor, name), float(value))

    def _single(self, observed: list[str]) -> float:
        if len(observed) != 1:
            return 0.5
        return 0.9 * float(self.S[self.names[observed[0]], self.names[observed[0]]])

    def _covariances(self) -> None:
        """Covariances of exogenous factors from sums of their indicators, shrunk until positive definite."""
        factors = [name for name in self.indicators if name in self.exogenous_latent]
        weights = np.zeros((len(self.S), len(factors)))
        for k, factor in enumerate(factors):
            for name in self.indicators[factor]:
                if name in self.names:
                    i = self.names[name]
                    weights[i, k] = self.loadings[factor, name] / self.S[i, i]
        cross = weights.T @ self.S @ weights
        reach = np.array(
            [
                sum(
                    weights[self.names[name], k] * self.loadings[factor, name]
                    for name in self.indicators[factor]
                    if name in self.names
                )
                for k, factor in enumerate(factors)
            ]
        )
        self.covariances: dict[tuple[str, str], float] = {}
        if not len(factors) or (reach <= 0).any():
            return
        sd = np.sqrt([max(self.variances[name], 1e-8) for name in factors])
        R = cross / np.outer(reach, reach) / np.outer(sd, sd)
        R = np.clip(R, -0.8, 0.8)
        np.fill_diagonal(R, 1.0)
        if not is_positive_definite(R, 0.1):
            R = R * (0.9 / (1 - np.linalg.eigvalsh(R)[0]))
        for a in range(len(factors)):
            for b in range(len(factors)):
                self.covariances[factors[a], factors[b]] = float(R[a, b] * sd[a] * sd[b])

    def value(self, lhs: str, op: str, rhs: str) -> float:
        """The start value of one parameter."""
        if op == "=~":
            return self.loadings[lhs, rhs]
        if op == "~1":
            return 0.0 if lhs in self.latent or self.mean is None else float(self.mean[self.names[lhs]])
        if op == "~~":
            return self._symmetric(lhs, rhs)
        if op == "|" and self.ordinal is not None:
            own = self.ordinal.thresholds[self.ordinal.threshold_variable == self.names[lhs]]
            return float(own[int(rhs[1:]) - 1])
        return 1.0 if op == "~*~" else 0.0

    def _symmetric(self, lhs: str, rhs: str) -> float:
        if lhs != rhs:
            if {lhs, rhs} <= self.purely_exogenous:
                return float(self.S[self.names[lhs], self.names[rhs]])
            return self.covariances.get((lhs, rhs), 0.0)
        if lhs in self.latent:
            variance = self.variances[lhs]
            return variance if lhs in self.exogenous_latent else 0.5 * variance
        i = self.names[lhs]
        total = float(self.S[i, i])
        if lhs not in self.measures:
            return total
        explained = sum(
            self.loadings[factor, lhs] ** 2 * self.variances[factor]
            for factor, names in self.indicators.items()
            if lhs in names
        )
        return min(max(total - explained, 0.2 * total), 0.9 * total) if self.measures[lhs] == 1 else 0.5 * total


def _loadings_of_one_factor(R: np.ndarray) -> np.ndarray:
    """Loadings (k,) of one common factor of a correlation matrix, by principal factoring (power steps)."""
    k = len(R)
    if k == 2:
        r = float(np.clip(R[0, 1], -0.95, 0.95))
        size = np.sqrt(max(abs(r), 0.1))
        return np.array([size, size if r >= 0 else -size])
    off = R.copy()
    off.flat[:: k + 1] = 0.0
    centre = int(np.abs(off).sum(axis=0).argmax())
    loading = np.where(off[centre] < 0, -0.7, 0.7)
    for _ in range(3):
        pulled = off @ loading + np.minimum(loading**2, 0.9) * loading
        loading = pulled / np.sqrt(max(float(loading @ pulled), 0.01))
    loading = np.minimum(np.maximum(loading, -0.95), 0.95)
    return loading if loading.sum() >= 0 else -loading
