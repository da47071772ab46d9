"""The first of two steps with ordered data: thresholds, means and variances, one variable at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mce_utaut.errors import NotEstimable
from mce_utaut.sem.thresholds import OrderedVariables, code_categories, estimate_thresholds
from mce_utaut.sem.vech import Array


@dataclass(frozen=True, slots=True)
class FirstStep:
    """First-step estimates for p variables, q of them ordered and c continuous.

    ``is_ordered`` (p,); ``column`` (p,) is each variable's place among its kind. ``ordered`` holds the
    thresholds (None if q is 0), ``codes`` (n, q) the categories, -1 missing. ``mean``, ``variance`` (c,) and
    ``z`` (n, c; NaN missing) describe the continuous ones. ``entries`` lists for each variable the
    places of its parameters among all ``size``: thresholds and means in variable order, then variances;
    a continuous variable has two, mean and variance.
    """

    is_ordered: NDArray[np.bool_]
    column: NDArray[np.intp]
    ordered: OrderedVariables | None
    codes: NDArray[np.int64]
    mean: Array
    variance: Array
    z: Array
    entries: tuple[NDArray[np.intp], ...]
    size: int

    @property
    def thresholds(self) -> OrderedVariables:
        """The ordered variables' thresholds; to be asked for only where there are some."""
        if self.ordered is None:
            raise ValueError("no ordered variables")
        return self.ordered


def first_step(
    data: Array, is_ordered: NDArray[np.bool_], names: Sequence[str], levels: Sequence[Array], where: str
) -> FirstStep:
    """The thresholds, means and variances of ``data`` (n, p); arguments as of ``ordinal_moments``."""
    column = np.zeros(is_ordered.size, dtype=np.intp)
    for kind in (is_ordered, ~is_ordered):
        column[kind] = np.arange(kind.sum())
    places = np.flatnonzero(is_ordered)
    codes = np.empty((data.shape[0], places.size), dtype=np.int64)
    for c, v in enumerate(places):
        codes[:, c] = code_categories(data[:, v], levels[v])
    ordered = None
    if places.size:
        chosen = [levels[v] for v in places]
        sizes = np.array([own.size for own in chosen], dtype=np.int64)
        ordered = estimate_thresholds(codes, sizes, [names[v] for v in places], chosen, where)
    values = data[:, ~is_ordered]
    mean, variance = _moments(values, [name for name, o in zip(names, is_ordered) if not o], where)
    entries, size = _parameter_places(is_ordered, levels)
    z = (values - mean) / np.sqrt(variance)
    return FirstStep(is_ordered, column, ordered, codes, mean, variance, z, entries, size)


def first_scores(first: FirstStep, rows: slice) -> Array:
    """The scores of the thresholds, means and variances for the rows of a slice, (rows, first.size).

    A row scores 0 on a variable it lacks.
    """
    codes, z = first.codes[rows], first.z[rows]
    scores = np.zeros((z.shape[0], first.size))
    table = first.thresholds.scores() if first.is_ordered.any() else np.zeros((0, 0, 0))
    for v, own in enumerate(first.entries):
        c = first.column[v]
        if first.is_ordered[v]:
            missing_last = np.vstack([table[c][:, : own.size], np.zeros(own.size)])
            scores[:, own] = missing_last[codes[:, c]]
        else:
            seen = ~np.isnan(z[:, c])
            value = np.where(seen, z[:, c], 0.0)
            scores[:, own[0]] = value / np.sqrt(first.variance[c])
            scores[:, own[1]] = np.where(seen, value * value - 1.0, 0.0) / (2.0 * first.variance[c])
    return scores


def _parameter_places(
    is_ordered: NDArray[np.bool_], levels: Sequence[Array]
) -> tuple[tuple[NDArray[np.intp], ...], int]:
    entries, start = [], 0
    for v, ordered in enumerate(is_ordered):
        length = levels[v].size - 1 if ordered else 1
        entries.append(np.arange(start, start + length))
        start += length
    for v in np.flatnonzero(~is_ordered):
        entries[v] = np.append(entries[v], start)
        start += 1
    return tuple(entries), start


def _moments(values: Array, names: Sequence[str], where: str) -> tuple[Array, Array]:
    seen = ~np.isnan(values)
    count = np.maximum(seen.sum(axis=0), 1)
    mean = np.where(seen, values, 0.0).sum(axis=0) / count
    variance = np.where(seen, (values - mean) ** 2, 0.0).sum(axis=0) / count
    constant = [name for name, value in zip(names, variance) if not value > 0]
    if constant:
        place = f" in {where}" if where else ""
        raise NotEstimable(f"No variance{place}: {', '.join(constant)}. Leave it out of the model.")
    answers = (np.unique(column[np.isfinite(column)]) for column in values.T)
    binary = [name for name, found in zip(names, answers, strict=True) if found.size == 2]
    if binary:
        place = f" in {where}" if where else ""
        raise NotEstimable(
            f"{', '.join(binary)} takes two values{place}: among ordered variables its mean and variance, as of a "
            "number, cannot be told apart. Name it as ordered too, or keep it exogenous and given (fixed_x)."
        )
    return mean, variance
