"""Start values of one group: loadings by principal factoring, what goes between factors by sums of their indicators.

Moments of observed variables start at those of the sample.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from mce_utaut.sem.moments import SampleMoments
from mce_utaut.sem.positive_definite import is_positive_definite
from mce_utaut.sem.table import ParameterTable


class GroupStarts:
    """Start values of one group; with ``regressions`` those are estimated too, else 0."""

    def __init__(self, table: ParameterTable, group: int, sample: SampleMoments, regressions: bool) -> None:
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
        self.predictors: dict[str, list[str]] = {}
        for row in rows:
            if row.op == "=~":
                self.indicators.setdefault(row.lhs, []).append(row.rhs)
                self.measures[row.rhs] = self.measures.get(row.rhs, 0) + 1
                if not row.free:
                    self.fixed_loading[row.lhs, row.rhs] = row.fixed
            elif row.op == "~":
                self.predictors.setdefault(row.lhs, []).append(row.rhs)
            elif row.op == "~~" and row.lhs == row.rhs and not row.free:
                self.fixed_variance[row.lhs] = row.fixed
        outcomes = self.predictors.keys() | self.measures.keys()
        self.exogenous_latent = self.latent - outcomes
        self.purely_exogenous = {name for names in self.predictors.values() for name in names} & self.names.keys()
        self.purely_exogenous -= outcomes
        self.loadings: dict[tuple[str, str], float] = {}
        self.variances: dict[str, float] = {}
        self.covariances: dict[tuple[str, str], float] = {}
        self.regressions: dict[tuple[str, str], float] = {}
        self.disturbances: dict[str, float] = {}
        self._measure()
        self._structure(regressions)

    def _measure(self) -> None:
        """Loadings and variance of every factor from its observed indicators."""
        sets = {}
        for factor, indicators in self.indicators.items():
            observed = [self.names[name] for name in indicators if name in self.names]
            if len(observed) == len(indicators) > 1:
                sets[factor] = observed
                continue
            self.variances[factor] = self.fixed_variance.get(factor, self._single(observed))
            for name in indicators:
                self.loadings[factor, name] = self.fixed_loading.get((factor, name), 1.0)
        if not sets:
            return
        sd = np.sqrt(self.S.diagonal())
        shapes = _loadings_of_one_factor_each(self.S / (sd[:, None] * sd), list(sets.values()))
        deviations = sd.tolist()
        for (factor, observed), shape in zip(sets.items(), shapes, strict=True):
            self._scale(factor, [size * deviations[i] for size, i in zip(shape, observed, strict=True)])

    def _scale(self, factor: str, shape: list[float]) -> None:
        """Keep the loadings of a factor of variance 1, scaled to what the model fixes."""
        names, variance = self.indicators[factor], 1.0
        fixed = next((i for i, name in enumerate(names) if self.fixed_loading.get((factor, name), 0.0)), None)
        if fixed is not None:
            pivot, least = shape[fixed], 0.1 * float(self.S[self.names[names[fixed]], self.names[names[fixed]]]) ** 0.5
            size = max(abs(pivot), least)
            deviation = (size if pivot >= 0 else -size) / self.fixed_loading[factor, names[fixed]]
            shape, variance = [value / deviation for value in shape], deviation**2
        elif shape[0] < 0:
            shape = [-value for value in shape]
        fixed_variance = self.fixed_variance.get(factor)
        if fixed_variance is not None and fixed_variance > 0:
            ratio = (variance / fixed_variance) ** 0.5
            shape, variance = [value * ratio for value in shape], fixed_variance
        self.variances[factor] = variance
        for name, value in zip(names, shape, strict=True):
            self.loadings[factor, name] = self.fixed_loading.get((factor, name), value)

    def _single(self, observed: list[int]) -> float:
        return 0.9 * float(self.S[observed[0], observed[0]]) if len(observed) == 1 else 0.5

    def _structure(self, regressions: bool) -> None:
        """Covariances of exogenous factors, and ``regressions`` among factors and observed variables."""
        outside = [name for name in self.indicators if name in self.exogenous_latent]
        nodes = [*outside, *(name for name in self._regressed() if regressions and name not in outside)]
        if not nodes:
            return
        weights, reach, variances = self._sums(nodes)
        sound = np.flatnonzero((reach > 0) & (variances > 0)).tolist()
        if not sound or sound[: len(outside)] != list(range(len(outside))):
            return
        if len(sound) < len(nodes):
            nodes = [nodes[k] for k in sound]
            weights, reach, variances = weights[:, sound], reach[sound], variances[sound]
        sd = np.sqrt(variances)
        R = weights.T @ self.S @ weights
        scale = reach * sd
        R = np.minimum(np.maximum(R / (scale[:, None] * scale), -0.8), 0.8)
        R.flat[:: len(R) + 1] = 1.0
        if not is_positive_definite(R, 0.1):
            R = R * (0.9 / (1 - np.linalg.eigvalsh(R)[0]))
            R.flat[:: len(R) + 1] = 1.0
        covariances = R * (sd[:, None] * sd)
        for a, row in enumerate(covariances[: len(outside)].tolist()):
            for b, value in enumerate(row[: len(outside)]):
                self.covariances[outside[a], outside[b]] = value
        if regressions:
            self._regress({name: k for k, name in enumerate(nodes)}, covariances)

    def _regressed(self) -> list[str]:
        """The outcomes and predictors of regressions that the data say something of at once."""
        names = [name for name in self.predictors if name not in self.measures]
        names += [name for predictors in self.predictors.values() for name in predictors]
        return [name for name in dict.fromkeys(names) if name in self.names or name in self.indicators]

    def _sums(self, nodes: Sequence[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """For each node a weighted sum of variables: weights (p, k), its loading (k,) and the node's variance (k,)."""
        weights, reach, variances = np.zeros((len(self.S), len(nodes))), [], []
        spread = self.S.diagonal().tolist()
        for k, node in enumerate(nodes):
            if node in self.names:
                weights[self.names[node], k] = 1.0
                reach.append(1.0)
                variances.append(spread[self.names[node]])
                continue
            total = 0.0
            for name in self.indicators[node]:
                i = self.names.get(name)
                if i is not None:
                    loading = self.loadings[node, name]
                    weights[i, k] = loading / spread[i]
                    total += loading * loading / spread[i]
            reach.append(total)
            variances.append(max(self.variances[node], 1e-8))
        return weights, np.array(reach), np.array(variances)

    def _regress(self, place: Mapping[str, int], covariances: np.ndarray) -> None:
        """Least-squares regressions of the outcomes that do not run in a circle, all predictors being known."""
        for outcome, predictors in self.predictors.items():
            if outcome not in place or any(name not in place for name in predictors) or self._circular(outcome):
                continue
            x, y = [place[name] for name in predictors], place[outcome]
            slopes = np.linalg.solve(covariances[x][:, x], covariances[x, y])
            total = float(covariances[y, y])
            for name, slope in zip(predictors, slopes.tolist(), strict=True):
                self.regressions[outcome, name] = slope
            self.disturbances[outcome] = max(total - float(slopes @ covariances[x, y]), 0.2 * total)

    def _circular(self, outcome: str) -> bool:
        """Whether an outcome goes, by way of others, into its own prediction."""
        ahead, seen = list(self.predictors[outcome]), set()
        while ahead:
            name = ahead.pop()
            if name == outcome:
                return True
            if name not in seen:
                seen.add(name)
                ahead += self.predictors.get(name, ())
        return False

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
        if op == "~":
            return self.regressions.get((lhs, rhs), 0.0)
        return 1.0 if op == "~*~" else 0.0

    def _symmetric(self, lhs: str, rhs: str) -> float:
        if lhs != rhs:
            if {lhs, rhs} <= self.purely_exogenous:
                return float(self.S[self.names[lhs], self.names[rhs]])
            return self.covariances.get((lhs, rhs), 0.0)
        if lhs in self.latent:
            variance = self.variances[lhs]
            return variance if lhs in self.exogenous_latent else self.disturbances.get(lhs, 0.5 * variance)
        i = self.names[lhs]
        total = float(self.S[i, i])
        if lhs not in self.measures:
            return self.disturbances.get(lhs, total)
        explained = sum(
            self.loadings[factor, lhs] ** 2 * self.variances[factor]
            for factor, names in self.indicators.items()
            if lhs in names
        )
        return min(max(total - explained, 0.2 * total), 0.9 * total) if self.measures[lhs] == 1 else 0.5 * total


def _loadings_of_one_factor_each(R: np.ndarray, sets: Sequence[Sequence[int]]) -> list[list[float]]:
    """Loadings of one common factor of each set of variables of a correlation matrix (p, p).

    By principal factoring (three power steps), of all sets at once: a set is filled up with a variable that
    correlates with none. Two variables alone share their correlation equally.
    """
    p, most = len(R), max(len(own) for own in sets)
    padded = np.zeros((p + 1, p + 1))
    padded[:p, :p] = R
    at = np.array([[*own, *([p] * (most - len(own)))] for own in sets])
    off = padded[at[:, :, None], at[:, None, :]]
    off[:, np.arange(most), np.arange(most)] = 0.0
    centre = np.abs(off).sum(axis=1).argmax(axis=1)
    start = off[np.arange(len(sets)), centre]
    loading = np.where(start < 0, -0.7, 0.7) * (at < p)
    for _ in range(3):
        pulled = (off @ loading[:, :, None])[:, :, 0] + np.minimum(loading**2, 0.9) * loading
        loading = pulled / np.sqrt(np.maximum((loading * pulled).sum(axis=1), 0.01))[:, None]
    loading = np.minimum(np.maximum(loading, -0.95), 0.95)
    loading *= np.where(loading.sum(axis=1) < 0, -1.0, 1.0)[:, None]
    return [
        values[: len(own)] if len(own) > 2 else _shared(float(R[own[0], own[1]]))
        for own, values in zip(sets, loading.tolist(), strict=True)
    ]


def _shared(r: float) -> list[float]:
    size = min(max(abs(r), 0.1), 0.95) ** 0.5
    return [size, size if r >= 0 else -size]
