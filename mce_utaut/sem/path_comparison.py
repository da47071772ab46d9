"""Whether regressions differ between groups: one test of all of them, then each path and pair of groups.

On unstandardised paths under equal loadings (partial metric invariance suffices): the omnibus difference test of the
model with all paths equal, and Wald differences with intervals, p-values adjusted by Holm (1979) over the family.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from mce_utaut.errors import NotEstimable, UsageError
from mce_utaut.sem.fit import Fit, Prepared, fit_table
from mce_utaut.sem.invariance import Ladder
from mce_utaut.sem.ladder_tables import level_table
from mce_utaut.sem.nested_tests import Difference, difference_test
from mce_utaut.sem.reference import reference_of

LICENCE = {False: "metric", True: "loadings"}


@dataclass(frozen=True, slots=True)
class PathDifference:
    """The path ``outcome ~ predictor`` in ``group`` less that in ``reference``; ``p_holm`` is adjusted."""

    outcome: str
    predictor: str
    reference: str
    group: str
    estimate_reference: float
    estimate_group: float
    difference: float
    se: float
    z: float
    pvalue: float
    p_holm: float
    ci_lower: float
    ci_upper: float


@dataclass(frozen=True, slots=True)
class PathComparison:
    """The omnibus test that all paths are equal, the differences, and the fit that they come from.

    ``omnibus`` compares the model with equal paths to that with free ones; ``wald`` tests the same from the free
    model's estimates alone.
    """

    level: str
    omnibus: Difference
    wald: Difference
    differences: tuple[PathDifference, ...]
    free: Fit
    equal: Fit


def compare_paths(ladder: Ladder, structural: Prepared | None = None) -> PathComparison:
    """The comparison of all regressions over the groups of the ladder: of its own model, or, where that is the
    measurement model, of ``structural``, on the same rows and items, under the equalities that the ladder reached.

    Raises UsageError where the model has none, NotEstimable, with the reason, where (partial) metric
    invariance does not hold.
    """
    prepared = ladder.prepared if structural is None else structural
    if not any(term.op == "~" for term in prepared.syntax.terms):
        raise UsageError("The model has no regressions to compare.")
    name = LICENCE[ladder.ordered]
    level = ladder.reached(name)
    if level is None:
        raise NotEstimable(
            f"Paths are not compared: the level {name} does not hold, so that the factors are not on one scale. "
            "Either free single items (partial invariance) or describe each group alone."
        )
    free = level.fit
    if structural is not None:
        free = fit_table(structural, level_table(structural, level.equal, level.exempt))
    restricted = fit_table(prepared, level_table(prepared, (*level.equal, "regressions"), level.exempt))
    return PathComparison(
        level=level.label,
        omnibus=difference_test(free, restricted),
        wald=joint_wald(free),
        differences=tuple(path_differences(free)),
        free=free,
        equal=restricted,
    )


def joint_wald(fit: Fit) -> Difference:
    """The Wald test that every regression is the same in all groups as in the first."""
    rows = fit.table.rows
    first = {(row.lhs, row.rhs): i for i, row in enumerate(rows) if row.op == "~" and row.group == 1}
    contrasts = []
    for i, row in enumerate(rows):
        if row.op == "~" and row.group > 1:
            contrast = np.zeros(len(rows))
            contrast[i], contrast[first[row.lhs, row.rhs]] = 1.0, -1.0
            contrasts.append(contrast)
    R = np.array(contrasts)
    away, spread = R @ fit.estimates, R @ _row_covariance(fit) @ R.T
    rank = int(np.linalg.matrix_rank(spread, hermitian=True)) if np.isfinite(spread).all() else 0
    chisq = float(away @ np.linalg.pinv(spread, hermitian=True) @ away) if rank else float("nan")
    return Difference("wald", chisq, rank, chisq)


def path_differences(fit: Fit) -> list[PathDifference]:
    """The Wald differences of every regression between every pair of groups of a fit."""
    table = fit.table
    values, covariance = fit.estimates, _row_covariance(fit)
    place = {(row.lhs, row.rhs, row.group): i for i, row in enumerate(table.rows) if row.op == "~"}
    reference = reference_of(fit.options, fit.samples)
    quantile = reference.quantile(fit.options.level)
    found = []
    for lhs, rhs in dict.fromkeys((lhs, rhs) for lhs, rhs, _ in place):
        for a, b in combinations(range(1, len(table.groups) + 1), 2):
            i, j = place[lhs, rhs, a], place[lhs, rhs, b]
            variance = covariance[i, i] + covariance[j, j] - 2 * covariance[i, j]
            found.append((lhs, rhs, a, b, values[i], values[j], float(np.sqrt(max(variance, 0.0)))))
    z = [(second - first) / se if se > 1e-12 else float("nan") for *_, first, second, se in found]
    p = [float(reference.pvalue(value)) for value in z]
    adjusted = holm(p)
    return [
        PathDifference(
            outcome=lhs,
            predictor=rhs,
            reference=table.groups[a - 1],
            group=table.groups[b - 1],
            estimate_reference=float(first),
            estimate_group=float(second),
            difference=float(second - first),
            se=se,
            z=float(z[at]),
            pvalue=p[at],
            p_holm=adjusted[at],
            ci_lower=float(second - first - quantile * se),
            ci_upper=float(second - first + quantile * se),
        )
        for at, (lhs, rhs, a, b, first, second, se) in enumerate(found)
    ]


def holm(pvalues: list[float]) -> list[float]:
    """The p-values adjusted by Holm's method (nan stays nan and does not count)."""
    known = [i for i, value in enumerate(pvalues) if value == value]
    out = list(pvalues)
    largest = 0.0
    for rank, i in enumerate(sorted(known, key=lambda i: pvalues[i])):
        largest = max(largest, min(1.0, (len(known) - rank) * pvalues[i]))
        out[i] = largest
    return out


def _row_covariance(fit: Fit) -> np.ndarray:
    """The covariance (rows, rows) of the estimates of all rows, 0 for fixed ones."""
    rows = len(fit.table.rows)
    out = np.zeros((rows, rows))
    free = fit.table.free_rows
    if fit.vcov_t is None:
        out[np.ix_(free, free)] = np.nan
        return out
    out[np.ix_(free, free)] = fit.table.K @ fit.vcov_t @ fit.table.K.T
    return out
