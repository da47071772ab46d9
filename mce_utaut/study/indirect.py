"""Section ``indirect``: what goes with the outcome by way of a construct between, with intervals.

Complete-data ML: percentile bootstrap; else Monte Carlo intervals from the estimates' covariance (Preacher & Selig
2012, doi:10.1080/19312458.2012.679848; decision 21). A product of paths in answers given at one time shows no
mediation (Maxwell & Cole 2007, doi:10.1037/1082-989X.12.1.23): the note says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mce_utaut.errors import MceError
from mce_utaut.sem.bootstrap import bootstrap
from mce_utaut.sem.bootstrap_intervals import normal_quantile
from mce_utaut.sem.fit import Fit
from mce_utaut.sem.standardise import standardised_values
from mce_utaut.study.config import StudyConfig
from mce_utaut.study.fitting import Fitted
from mce_utaut.study.model_text import ModelText, read_model
from mce_utaut.study.role import RoleWork
from mce_utaut.study.sentences import Sentences

_BATCH = 500
_LEAST_DRAWS = 50


@dataclass(frozen=True, slots=True)
class Chain:
    """``predictor`` -> ``mediator`` -> ``outcome``."""

    predictor: str
    mediator: str
    outcome: str


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    """Replicates of the rows of a fit (R, rows), plain and standardised, and how they were made."""

    plain: np.ndarray
    standardised: np.ndarray
    method: str


def indirect_effects(works: Sequence[RoleWork], config: StudyConfig, say: Sentences) -> dict[str, Any]:
    """The section (keys in docs/study-result.md); empty where no usable model has a construct between."""
    roles: dict[str, Any] = {}
    for work in works:
        if work.fits is None:
            continue
        rows: list[dict[str, Any]] = []
        for fitted in (work.fits.structural, *work.fits.compared):
            found = chains(read_model(fitted.record.syntax))
            if found and fitted.usable:
                rows += _rows(fitted, found, config)
        if rows:
            roles[work.result.role] = {"effects": rows}
    return {"note": say("indirect.note"), "roles": roles} if roles else {}


def chains(model: ModelText) -> tuple[Chain, ...]:
    """Every pair of paths that meet in a variable between."""
    return tuple(
        Chain(first.predictor, first.outcome, second.outcome)
        for second in model.paths
        for first in model.paths
        if first.outcome == second.predictor
    )


def _rows(fitted: Fitted, found: Sequence[Chain], config: StudyConfig) -> list[dict[str, Any]]:
    fit = fitted.fit
    assert fit is not None
    try:
        drawn = _draw(fit, config)
    except MceError:
        return []
    if len(drawn.plain) < _LEAST_DRAWS:
        return []
    point = fit.table.row_values(fit.x)[None, :]
    standard = standardised_values(fit.table, fit.objective.groups, fit.t, "all")[None, :]
    place = {(row.lhs, row.rhs): i for i, row in enumerate(fit.table.rows) if row.op == "~"}
    rows = []
    for chain in found:
        for effect in ("indirect", "total"):
            direct = place.get((chain.outcome, chain.predictor))
            if effect == "total" and direct is None:
                continue
            legs = (place[chain.mediator, chain.predictor], place[chain.outcome, chain.mediator])
            values = [
                each[:, legs[0]] * each[:, legs[1]] + (each[:, direct] if effect == "total" else 0.0)
                for each in (point, drawn.plain, standard, drawn.standardised)
            ]
            lower, upper = _limits(values[1], config.confidence)
            std_lower, std_upper = _limits(values[3], config.confidence)
            rows.append(
                {
                    "model": fitted.record.name,
                    "predictor": chain.predictor,
                    "mediator": chain.mediator,
                    "outcome": chain.outcome,
                    "effect": effect,
                    "n": fitted.record.n,
                    "method": drawn.method,
                    "draws": len(drawn.plain),
                    "estimate": float(values[0][0]),
                    "lower": lower,
                    "upper": upper,
                    "standardised": float(values[2][0]),
                    "standardised_lower": std_lower,
                    "standardised_upper": std_upper,
                }
            )
    return rows


def _draw(fit: Fit, config: StudyConfig) -> _Drawn:
    if fit.inference.discrepancy == "ML" and all(sample.data is not None for sample in fit.samples):
        found = bootstrap(fit, config.replicates, config.seed)
        used = found.converged
        return _Drawn(found.values[used], found.std_all[used], "bootstrap")
    if fit.vcov_t is None:
        empty = np.zeros((0, len(fit.table.rows)))
        return _Drawn(empty, empty, "Monte Carlo")
    rng = np.random.default_rng(config.seed)
    values, vectors = np.linalg.eigh(fit.vcov_t)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    plain, standard = [], []
    for start in range(0, config.replicates, _BATCH):
        size = min(_BATCH, config.replicates - start)
        t = fit.t + rng.standard_normal((size, len(fit.t))) @ root.T
        plain.append(fit.table.row_values(fit.table.expand(t)))
        standard.append(standardised_values(fit.table, fit.objective.groups, t, "all"))
    return _Drawn(np.concatenate(plain), np.concatenate(standard), "Monte Carlo")


def _limits(values: np.ndarray, level: float) -> tuple[float | None, float | None]:
    known = values[np.isfinite(values)]
    if len(known) < _LEAST_DRAWS:
        return None, None
    tail = (1 - level) / 2
    return normal_quantile(known, tail), normal_quantile(known, 1 - tail)
