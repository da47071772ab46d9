"""``SampleMoments``: what a group's data look like to an estimator, and the refusals of hopeless data."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mce_utaut.errors import NotEstimable, Problem, UserMistake
from mce_utaut.sem.ordinal_moments import OrdinalMoments
from mce_utaut.sem.positive_definite import is_positive_definite


@dataclass(frozen=True, slots=True)
class SampleMoments:
    """The sample statistics of one group.

    ``names`` (p,); ``n`` cases; ``mean`` (p,) or None where unknown; ``covariance`` (p, p) with divisor n;
    ``data`` (n, p) complete rows, or None when only statistics are known; ``clusters`` (n,) integers or
    None; ``n_dropped`` rows left out because a variable was missing; ``ordinal`` the statistics of ordered
    variables, None where there are none; ``cases`` (n,) which rows of the columns given the data are (from 0), or None.
    """

    names: tuple[str, ...]
    n: int
    mean: np.ndarray | None
    covariance: np.ndarray
    data: np.ndarray | None = None
    label: str = ""
    clusters: np.ndarray | None = None
    n_dropped: int = 0
    ordinal: OrdinalMoments | None = None
    cases: np.ndarray | None = None

    @property
    def unbiased_covariance(self) -> np.ndarray:
        """The covariance (p, p) with divisor n - 1."""
        return self.covariance * (self.n / (self.n - 1))

    def select(self, names: Sequence[str]) -> SampleMoments:
        """The same statistics for ``names``, in that order; raises UserMistake for missing names."""
        check_names(names, self.names, "the sample statistics")
        at = np.array([self.names.index(name) for name in names], dtype=int)
        return SampleMoments(
            names=tuple(names),
            n=self.n,
            mean=None if self.mean is None else self.mean[at],
            covariance=self.covariance[np.ix_(at, at)],
            data=None if self.data is None else self.data[:, at],
            label=self.label,
            clusters=self.clusters,
            n_dropped=self.n_dropped,
        )


def moments_from_data(
    data: np.ndarray, names: Sequence[str], label: str = "", clusters: np.ndarray | None = None
) -> SampleMoments:
    """The moments of the complete rows of ``data`` (n, p); nan marks a missing value."""
    complete = np.isfinite(data).all(axis=1)
    kept = np.ascontiguousarray(data if complete.all() else data[complete], dtype=float)
    n = len(kept)
    mean = kept.mean(axis=0) if n else np.zeros(kept.shape[1])
    centred = kept - mean
    covariance = centred.T @ centred / max(n, 1)
    return SampleMoments(
        names=tuple(names),
        n=n,
        mean=mean,
        covariance=covariance,
        data=kept,
        label=label,
        clusters=None if clusters is None else clusters[complete],
        n_dropped=int(len(data) - n),
        cases=np.flatnonzero(complete),
    )


def moments_from_statistics(
    names: Sequence[str],
    covariance: np.ndarray,
    n: int,
    mean: np.ndarray | None = None,
    label: str = "",
    divisor: str = "n-1",
) -> SampleMoments:
    """The moments given as a covariance matrix (p, p), n and means; ``divisor`` is that of the covariance."""
    covariance = np.asarray(covariance, dtype=float)
    p = len(names)
    problems = []
    if covariance.shape != (p, p):
        problems.append(
            Problem(
                f"the covariance matrix is {covariance.shape}, but there are {p} names.",
                "Give a square matrix.",
            )
        )
    elif not np.isfinite(covariance).all():
        problems.append(Problem("the covariance matrix has missing entries.", "Fill in every entry."))
    elif not np.allclose(
        covariance, covariance.T, rtol=1e-6, atol=1e-8 * float(np.abs(covariance).max(initial=0.0))
    ):
        problems.append(Problem("the covariance matrix is not symmetric.", "Give the full matrix."))
    if mean is not None and np.shape(mean) != (p,):
        problems.append(
            Problem(f"there are {np.size(mean)} means for {p} names.", "Give one mean per variable.")
        )
    if n < 2:
        problems.append(Problem(f"n is {n}.", "Give the number of cases."))
    if problems:
        raise UserMistake(problems)
    factor = (n - 1) / n if divisor == "n-1" else 1.0
    symmetric = (covariance + covariance.T) / 2
    return SampleMoments(
        tuple(names),
        int(n),
        None if mean is None else np.asarray(mean, dtype=float),
        symmetric * factor,
        label=label,
    )


def check_names(wanted: Sequence[str], available: Sequence[str], where: str = "the data") -> None:
    """Raise UserMistake naming every wanted variable that is not there, with the nearest name."""
    problems = []
    folded = {name.casefold(): name for name in available}
    for name in wanted:
        if name in available:
            continue
        near = folded.get(name.casefold()) or next(
            iter(difflib.get_close_matches(name, list(available), 1, 0.6)), None
        )
        remedy = f"Did you mean {near}?" if near else f"There are: {_listed(available)}."
        problems.append(Problem(f"{where} has no variable {name}.", remedy))
    if problems:
        raise UserMistake(problems)


def _listed(names: Sequence[str], limit: int = 20) -> str:
    shown = ", ".join(names[:limit])
    return shown if len(names) <= limit else f"{shown} and {len(names) - limit} more"


def check_estimable(sample: SampleMoments, exogenous: Sequence[str] = ()) -> None:
    """Raise NotEstimable where n <= p or the covariance is singular, naming the variables."""
    where = f"group {sample.label}" if sample.label else ""
    p = len(sample.names)
    mean = np.zeros(p) if sample.mean is None else sample.mean
    constant = constant_variables(sample.names, np.diag(sample.covariance), mean)
    problems = []
    if sample.n <= p:
        problems.append(few_rows(sample.n, p, where))
    elif constant:
        problems.append(no_variance(constant, where))
    else:
        problems += collinear_problems(sample.names, sample.covariance, where)
    if problems:
        raise NotEstimable(problems)


def few_rows(n: int, p: int, where: str) -> Problem:
    """The problem that n cases are for p variables, where n is not larger."""
    return Problem(
        f"{n} complete case{'s' * (n != 1)}, {p} variables: the covariance matrix is singular.",
        "Collect more cases, use fewer variables, or check the missing values.",
        where=where,
        code="few_rows",
        values=(("n", n), ("variables", p)),
    )


def constant_variables(names: Sequence[str], variances: np.ndarray, means: np.ndarray) -> list[str]:
    """The names whose variances (p,) are nothing but rounding beside their means (p,)."""
    return [
        name
        for name, variance, mean in zip(names, variances, means, strict=True)
        if not variance > 1e-14 * max(mean * mean, 1e-280)
    ]


def no_variance(names: Sequence[str], where: str) -> Problem:
    """The problem that constant variables are."""
    verb = "has" if len(names) == 1 else "have"
    told = ", ".join(names)
    values = (("n", len(names)), ("names", told))
    what, remedy = f"{told} {verb} no variance.", "Leave constant variables out."
    return Problem(what, remedy, where=where, code="no_variance", values=values)


def collinear_problems(
    names: Sequence[str], covariance: np.ndarray, where: str, tolerance: float = 1e-10
) -> list[Problem]:
    """A problem for each set of collinear variables."""
    return [
        Problem(
            f"{', '.join(tied)} are perfectly collinear: each is a combination of the others.",
            "Leave one of them out.",
            where=where,
            code="collinear",
            values=(("names", ", ".join(tied)),),
        )
        for tied in collinear_sets(names, covariance, tolerance)
    ]


def collinear_sets(
    names: Sequence[str], covariance: np.ndarray, tolerance: float = 1e-10
) -> list[tuple[str, ...]]:
    """The sets of variables that a singular correlation matrix ties together (empty where it is regular)."""
    scale = np.sqrt(np.diag(covariance))
    correlations = covariance / np.outer(scale, scale)
    if is_positive_definite(correlations, tolerance):
        return []
    values, vectors = np.linalg.eigh(correlations)
    null = values < tolerance
    involved = np.abs(vectors[:, null]) > 1e-5
    sets: list[set[int]] = []
    for column in involved.T:
        found = set(np.flatnonzero(column).tolist())
        joined = [other for other in sets if other & found]
        sets = [other for other in sets if not other & found] + [found.union(*joined)]
    return [tuple(names[i] for i in sorted(group)) for group in sets]


def columns_of(data: Mapping[str, np.ndarray], names: Sequence[str]) -> np.ndarray:
    """The columns (n, p) of ``data`` as floats; raises UserMistake for absent or non-numeric columns."""
    check_names(names, list(data))
    arrays = [np.asarray(data[name]) for name in names]
    if arrays and all(column.dtype.kind in "fiub" and column.shape == arrays[0].shape for column in arrays):
        values = np.empty((len(arrays[0]), len(arrays)))
        for at, column in enumerate(arrays):
            values[:, at] = column
        if not np.isinf(values).any():
            return values
    columns, problems = [], []
    for name in names:
        column = np.asarray(data[name])
        try:
            columns.append(np.asarray(column, dtype=float))
            if np.isinf(columns[-1]).any():
                problems.append(
                    Problem(f"the variable {name} has infinite values.", "Leave them empty or correct them.")
                )
        except (TypeError, ValueError):
            problems.append(Problem(f"the variable {name} is not numeric.", "Code its answers as numbers."))
    if problems:
        raise UserMistake(problems)
    return np.column_stack(columns) if columns else np.empty((0, 0))
