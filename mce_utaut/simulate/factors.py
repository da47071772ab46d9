"""Factors of a role: their correlations as paths imply them, and draws of their scores.

All factors have variance 1. Those that no path leads to correlate as given; the others are
η = Σ β η_cause + ζ, causes before effects, with var ζ = 1 - β'Σβ. A share ``icc`` of every variance lies
between universities and has the same structure as the rest, so that paths and correlations hold in the
population whatever the icc.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from mce_utaut.errors import Problem, StudyError
from mce_utaut.simulate.population import RolePopulation
from mce_utaut.simulate.streams import Streams


@dataclass(frozen=True, slots=True, eq=False)
class FactorModel:
    """m factors, causes before effects; the first ``exogenous`` have no cause. ``correlation`` (m, m) is
    implied for all, ``paths`` (m, m) holds standardised paths as [effect, cause], ``disturbance`` (m,)
    the residual variances (1 for a factor without cause)."""

    names: tuple[str, ...]
    exogenous: int
    correlation: np.ndarray
    paths: np.ndarray
    disturbance: np.ndarray

    def r2(self, name: str) -> float:
        """The share of the variance of factor ``name`` that its causes explain."""
        return 1.0 - float(self.disturbance[self.names.index(name)])


def factor_model(role: RolePopulation, constructs: Iterable[str] = ()) -> FactorModel:
    """The factors that ``role`` names and ``constructs``, with all their correlations.

    Raises ``StudyError`` where paths run in a circle, correlations contradict each other, or paths explain
    more than all of a variance.
    """
    effects = _in_causal_order(role)
    exogenous = sorted(_named(role, constructs) - set(effects))
    names = (*exogenous, *effects)
    first = len(exogenous)
    correlation, paths = np.eye(len(names)), np.zeros((len(names),) * 2)
    disturbance = np.ones(len(names))
    correlation[:first, :first] = _exogenous_correlation(role, exogenous)
    for position in range(first, len(names)):
        effect = names[position]
        for cause, weight in role.paths[effect].items():
            paths[position, names.index(cause)] = weight
        known = correlation[:position, :position]
        shared = known @ paths[position, :position]
        explained = float(paths[position, :position] @ shared)
        if explained >= 1:
            raise StudyError(
                _problem(
                    role,
                    "paths",
                    f"the paths to {effect} explain {explained:.0%} of its variance.",
                    "Make them or the correlations of their causes smaller.",
                )
            )
        correlation[position, :position] = correlation[:position, position] = shared
        disturbance[position] = 1 - explained
    return FactorModel(names, first, correlation, paths, disturbance)


def draw_factors(model: FactorModel, university: np.ndarray, icc: float, streams: Streams) -> np.ndarray:
    """Factor scores (n, m) of respondents at ``university`` (n,), integers from 0; each score has variance
    1, of which ``icc`` is shared by a university."""
    within = _draw(model, len(university), "respondents", streams)
    if icc == 0 or not len(university):
        return within
    between = _draw(model, int(university.max()) + 1, "universities", streams)
    return np.sqrt(1 - icc) * within + np.sqrt(icc) * between[university]


def _draw(model: FactorModel, n: int, level: str, streams: Streams) -> np.ndarray:
    normal = [streams.of(f"{level} {name}").standard_normal(n) for name in model.names]
    scores = np.column_stack(normal) if normal else np.empty((n, 0))
    first = model.exogenous
    if first:
        scores[:, :first] = scores[:, :first] @ np.linalg.cholesky(model.correlation[:first, :first]).T
    for position in range(first, len(model.names)):
        noise = np.sqrt(model.disturbance[position]) * scores[:, position]
        scores[:, position] = scores[:, :position] @ model.paths[position, :position] + noise
    return scores


def _named(role: RolePopulation, constructs: Iterable[str]) -> set[str]:
    named = {*constructs, *role.loadings, *role.means, *role.paths} - {"default"}
    named.update(cause for causes in role.paths.values() for cause in causes)
    named.update(name for pair in role.correlations.pairs for name in pair.between)
    named.update(item.measures for item in role.items.values() if item.measures)
    named.update(question.follows for question in role.questions.values() if question.follows)
    return named


def _in_causal_order(role: RolePopulation) -> list[str]:
    """The constructs with a path to them, each after all of its causes."""
    waiting, ordered = list(role.paths), []
    while waiting:
        ready = [name for name in waiting if not (set(role.paths[name]) & set(waiting))]
        if not ready:
            raise StudyError(
                _problem(
                    role,
                    "paths",
                    f"the paths run in a circle ({', '.join(waiting)}).",
                    "Delete one of them: an effect cannot be a cause of its own cause.",
                )
            )
        ordered += ready
        waiting = [name for name in waiting if name not in ready]
    return ordered


def _exogenous_correlation(role: RolePopulation, names: list[str]) -> np.ndarray:
    found = np.full((len(names),) * 2, role.correlations.default)
    np.fill_diagonal(found, 1.0)
    for index, pair in enumerate(role.correlations.pairs):
        one, other = pair.between
        if one in role.paths or other in role.paths or one == other:
            what = (
                "a construct correlates perfectly with itself."
                if one == other
                else f"a path leads to {one if one in role.paths else other}, so its correlations follow from paths."
            )
            at = role.correlations.at("pairs", index)
            raise StudyError(_at(at, what, "Delete this pair.", f"{one}, {other}"))
        i, j = names.index(one), names.index(other)
        found[i, j] = found[j, i] = pair.r
    if names and np.linalg.eigvalsh(found).min() < 1e-8:
        raise StudyError(
            _problem(
                role, "correlations", "no population has these correlations together.", "Bring the largest closer to 0."
            )
        )
    return found


def _problem(role: RolePopulation, key: str, what: str, remedy: str) -> Problem:
    return _at(role.at(key), what, remedy, key)


def _at(place: tuple[int, int] | None, what: str, remedy: str, where: str) -> Problem:
    line, column = place or (None, None)
    return Problem(what, remedy, line=line, column=column, where=where)
