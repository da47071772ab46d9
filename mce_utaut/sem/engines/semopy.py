"""The semopy engine: the estimates of a ``semopy.Model`` for a parameter table (nothing but the estimates).

Variables are renamed v1, v2, ... and f1, f2, ..., and every row is written out, so that neither unusual names nor
semopy's own defaults can change the model. semopy and pandas are imported only here, and only when called.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from mce_utaut.errors import UsageError
from mce_utaut.sem.moments import SampleMoments
from mce_utaut.sem.options import FitOptions
from mce_utaut.sem.starts import reduced
from mce_utaut.sem.table import ParameterTable


@dataclass(frozen=True, slots=True)
class SemopyEstimate:
    """semopy's values of the free rows ``x`` (q,), its version, and the optimiser's own message."""

    x: np.ndarray
    version: str
    message: str


def why_not_semopy(table: ParameterTable, options: FitOptions) -> str:
    """The reason why semopy cannot fit this table; empty where it can."""
    if len(table.groups) > 1:
        return "semopy has no constraints across groups"
    if table.ordered:
        return "semopy's estimates for ordered variables are not reliable"
    if options.missing == "fiml":
        return "semopy's FIML is not reliable"
    if (
        options.estimator not in ("ML", "MLR", "MLM", "MLMV", "MLMVS", "MLF")
        or options.likelihood != "normal"
    ):
        return "semopy is used for normal maximum likelihood only"
    if table.meanstructure:
        return "semopy's model of covariances has no means"
    if table.is_constrained:
        return "semopy is not used with equality constraints"
    if not table.latent:
        return ""
    outer = _predicting_nothing(table)
    if any(row.op == "~~" and (row.lhs in outer) != (row.rhs in outer) for row in table.rows):
        return "semopy has no covariance of a latent variable with an observed one that predicts nothing"
    scaled = {row.lhs for row in table.rows if row.op == "=~" and not row.free and row.fixed != 0}
    if set(table.latent) - scaled:
        return "semopy needs a fixed loading for each latent variable"
    return ""


def semopy_start(table: ParameterTable, samples: Sequence[SampleMoments], options: FitOptions) -> np.ndarray:
    """semopy's estimate as start values (n_free,); raises UsageError where semopy cannot fit the model."""
    reason = why_not_semopy(table, options)
    if reason:
        raise UsageError(f"The engine semopy is not applicable: {reason}. Use the engine native.")
    return reduced(table, semopy_estimate(table, samples[0]).x)


def semopy_estimate(table: ParameterTable, sample: SampleMoments) -> SemopyEstimate:
    """The free rows' values that semopy finds with a tightened stop."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pandas
        import semopy

        names = {name: f"v{i + 1}" for i, name in enumerate(table.observed)}
        names |= {name: f"f{i + 1}" for i, name in enumerate(table.latent)}
        model = semopy.Model(_description(table, names))
        columns = [names[name] for name in table.observed]
        covariance = pandas.DataFrame(sample.covariance, index=columns, columns=columns)
        result = model.fit(
            cov=covariance,
            n_samples=sample.n,
            obj="MLW",
            solver="SLSQP",
            options={"ftol": 1e-14, "maxiter": 2000},
        )
        found = model.inspect()
    values: dict[tuple[str, str, str], float] = {}
    for lhs, op, rhs, estimate in zip(
        found["lval"], found["op"], found["rval"], found["Estimate"], strict=True
    ):
        values[lhs, op, rhs] = float(estimate)
        if op == "~~":
            values[rhs, op, lhs] = float(estimate)
    x = np.array([_value(table, int(i), names, values) for i in table.free_rows])
    return SemopyEstimate(x, str(semopy.__version__), str(getattr(result, "message", "")))


def _predicting_nothing(table: ParameterTable) -> set[str]:
    """Observed variables that predict nothing: semopy keeps them among the indicators, where they have no
    covariance with a latent variable, not even one that could be fixed to 0."""
    predictors = {row.rhs for row in table.rows if row.op == "~"}
    return {name for name in table.observed if name not in predictors}


def _description(table: ParameterTable, names: dict[str, str]) -> str:
    """The table in semopy's syntax, with every covariance that the model leaves out fixed to 0."""
    lines, covariances = [], set()
    for row in table.rows:
        if row.exo:
            continue
        value = "" if row.free else f"{row.fixed!r}*"
        lines.append(f"{names[row.lhs]} {row.op} {value}{names[row.rhs]}")
        if row.op == "~~":
            covariances.add(frozenset((row.lhs, row.rhs)))
    indicators = {row.rhs for row in table.rows if row.op == "=~"}
    structural = {name for row in table.rows if row.op == "~" for name in (row.lhs, row.rhs)} - indicators
    inner = [name for name in table.observed if name in structural and name not in table.exogenous]
    inner += table.latent
    outer = _predicting_nothing(table)
    for a, b in combinations(inner, 2):
        if frozenset((a, b)) not in covariances and (a in outer) == (b in outer):
            lines.append(f"{names[a]} ~~ 0*{names[b]}")
    return "\n".join(lines)


def _value(
    table: ParameterTable, i: int, names: dict[str, str], values: dict[tuple[str, str, str], float]
) -> float:
    row = table.rows[i]
    key = (
        (names[row.rhs], "~", names[row.lhs]) if row.op == "=~" else (names[row.lhs], row.op, names[row.rhs])
    )
    return values[key]
