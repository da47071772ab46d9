"""The sample statistics of rows with missing values, for full-information maximum likelihood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mce_utaut.errors import NotEstimable, Problem
from mce_utaut.sem.gamma import check_moment_count
from mce_utaut.sem.moments import (
    SampleMoments,
    collinear_problems,
    constant_variables,
    no_variance,
)
from mce_utaut.sem.patterns import find_patterns
from mce_utaut.sem.saturated import saturated_moments

SINGULAR = 2e-6  # EM keeps eigenvalues off zero by 1e-8 of the largest variance, and stops short of that


def incomplete_moments(
    data: np.ndarray,
    names: Sequence[str],
    label: str = "",
    clusters: np.ndarray | None = None,
    exogenous: Sequence[str] = (),
) -> SampleMoments:
    """The saturated moments of ``data`` (n, p; nan missing), keeping the rows as they are.

    Rows without any value, and rows that miss a fixed exogenous variable, are left out and counted.
    Raises NotEstimable for too many variables, where a variable has no values or no variance, where a pair of
    variables is never seen together, and where variables are collinear.
    """
    p = len(names)
    check_moment_count(p * (p + 3) // 2, f"FIML of {p} variables")
    seen = np.isfinite(data)
    x = [list(names).index(name) for name in exogenous]
    keep = seen.any(axis=1) & seen[:, x].all(axis=1)
    rows = np.where(seen, data, np.nan)[keep]
    _check_coverage(seen[keep], names, label)
    mean, covariance = np.zeros(len(names)), np.eye(len(names))
    if len(rows):
        where = f"group {label}" if label else ""
        constant = constant_variables(names, np.nanvar(rows, axis=0), np.nanmean(rows, axis=0))
        if constant:  # EM would creep towards their variance of 0 without end
            raise NotEstimable(no_variance(constant, where))
        found = saturated_moments(find_patterns(rows))
        mean, covariance = found.mean, found.covariance
        collinear = collinear_problems(names, covariance, where, SINGULAR)
        if collinear:
            raise NotEstimable(collinear)
    return SampleMoments(
        names=tuple(names),
        n=len(rows),
        mean=mean,
        covariance=covariance,
        data=rows,
        label=label,
        clusters=None if clusters is None else clusters[keep],
        n_dropped=int(len(data) - len(rows)),
        cases=np.flatnonzero(keep),
    )


def _check_coverage(seen: np.ndarray, names: Sequence[str], label: str) -> None:
    where = f"group {label}" if label else ""
    if not len(seen):
        return
    together = seen.T.astype(float) @ seen.astype(float)
    problems = []
    empty = np.flatnonzero(np.diag(together) == 0)
    for i in empty:
        told = (("name", names[i]),)
        what, remedy = f"{names[i]} has no values.", "Leave it out of the model."
        problems.append(Problem(what, remedy, where=where, code="no_values", values=told))
    for i, j in np.argwhere(np.triu(together == 0, 1)):
        if i in empty or j in empty:
            continue
        text = f"{names[i]} and {names[j]} are never observed together, so their covariance is unknown."
        pair = (("first", names[i]), ("second", names[j]))
        problems.append(Problem(text, "Leave one of them out.", where=where, code="never_together", values=pair))
    if problems:
        raise NotEstimable(problems)


def available_moments(sample: SampleMoments) -> SampleMoments:
    """The sample with each variable's own mean and variance over its observed rows.

    These maximise the likelihood of incomplete data under independence.
    """
    seen = ~np.isnan(sample.data)
    count = seen.sum(axis=0)
    mean = np.where(seen, sample.data, 0.0).sum(axis=0) / count
    variance = np.where(seen, (sample.data - mean) ** 2, 0.0).sum(axis=0) / count
    covariance = sample.covariance.copy()
    np.fill_diagonal(covariance, variance)
    return replace(sample, mean=mean, covariance=covariance)
