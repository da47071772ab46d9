"""Cohen's f-squared of every path: what the outcome's other direct predictors leave to this one.

f2 = (R2 - R2 without the predictor) / (1 - R2) (Cohen 1988, equation 9.2.4). Both come from the covariances that the
model implies of outcome and predictors, so that no second model is fitted and latent variables count without their
measurement error; PLS programs take the same difference of composite scores. lavaan has no f2; the oracle computes it
from ``lavInspect(fit, "cov.all")``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mce_utaut.sem.fit import Fit
from mce_utaut.sem.matrices import GroupMatrices, Implied, marginal

NAN = float("nan")
_SAME = 1e-6


@dataclass(frozen=True, slots=True)
class EffectSize:
    """f-squared of ``outcome ~ predictor`` in ``group`` (from 1), with R-square of the outcome with all its predictors
    and without this one. Nan where a disturbance goes with a predictor, so that R-square is no sum of their shares, and
    for improper values."""

    outcome: str
    predictor: str
    group: int
    f2: float
    r2: float
    r2_without: float


def effect_sizes(fit: Fit) -> list[EffectSize]:
    """One for every regression of the table, groups one after the other."""
    found = []
    for number, (group, implied) in enumerate(zip(fit.objective.groups, fit.implied, strict=True), start=1):
        predictors: dict[str, list[str]] = {}
        for row in fit.table.rows:
            if row.op == "~" and row.group == number:
                predictors.setdefault(row.lhs, []).append(row.rhs)
        whole = marginal(group, implied)
        for outcome, names in predictors.items():
            found += _of_outcome(outcome, names, number, group, whole)
    return found


def _of_outcome(
    outcome: str, names: Sequence[str], number: int, group: GroupMatrices, implied: Implied
) -> list[EffectSize]:
    y = group.variables.index(outcome)
    x = [group.variables.index(name) for name in names]
    r2 = _explained(implied.C, y, x)
    own = 1 - implied.S[y, y] / implied.C[y, y] if implied.C[y, y] > 0 else NAN
    if not (abs(own - r2) < _SAME and r2 < 1):
        return [EffectSize(outcome, name, number, NAN, NAN, NAN) for name in names]
    without = [_explained(implied.C, y, x[:k] + x[k + 1 :]) for k in range(len(x))]
    return [
        EffectSize(outcome, name, number, max(r2 - left, 0.0) / (1 - r2), r2, left)
        for name, left in zip(names, without, strict=True)
    ]


def _explained(C: np.ndarray, y: int, x: Sequence[int]) -> float:
    """R-square of variable ``y`` on the variables ``x`` by their covariances ``C``; nan where these are singular."""
    if not len(x):
        return 0.0
    try:
        slopes = np.linalg.solve(C[np.ix_(x, x)], C[x, y])
    except np.linalg.LinAlgError:
        return NAN
    return float(slopes @ C[x, y] / C[y, y])
