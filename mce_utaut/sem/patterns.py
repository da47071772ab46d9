"""Missing-data patterns, condensed so that a likelihood costs the number of patterns, not of rows.

Within a pattern of n_g rows with o_g observed variables, the likelihood needs only the mean and the
cross products. A pattern with more than o_g + 1 rows is therefore replaced by o_g + 1 condensed rows:
the root of its centred cross products (``shift`` 0), and sqrt(n_g) times its mean (``shift``
sqrt(n_g)). A condensed row r with shift s deviates from a mean vector mu by r - s mu; the other
patterns keep their rows, with shift 1. Sums of squares over condensed rows equal those over the rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mce_utaut.sem.vech import Array


@dataclass(frozen=True, slots=True)
class Holes:
    """The G patterns that lack m variables each, m being one number above 0.

    ``patterns`` and ``rows`` are the slices of these patterns and of their condensed rows; ``absent`` (G, m) the
    missing variables of each, ``owner`` (rows,) which of the G a row belongs to.
    """

    patterns: slice
    rows: slice
    absent: NDArray[np.intp]
    owner: NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class MissingPatterns:
    """Which variables are observed together, and the condensed rows of each pattern.

    ``n`` rows are used; ``n_empty`` rows had nothing observed and are left out. ``kept`` (n,) holds the
    positions of the used rows, ``row_pattern`` (n,) the pattern of each. Patterns are sorted by their
    number of missing variables, then by falling count: ``observed`` (P, p), ``counts`` (P,).
    ``condensed`` (r, p) has zeros at missing places, ``shift`` is (r,), and pattern g owns the condensed
    rows ``starts[g]`` to ``starts[g + 1]`` (``starts`` is (P + 1,)). ``holes`` lists the incomplete patterns by how
    many variables they lack.
    """

    n: int
    n_empty: int
    kept: NDArray[np.intp]
    row_pattern: NDArray[np.intp]
    observed: NDArray[np.bool_]
    counts: NDArray[np.int64]
    condensed: Array
    shift: Array
    starts: NDArray[np.intp]
    holes: tuple[Holes, ...]

    @property
    def p(self) -> int:
        """The number of variables."""
        return self.observed.shape[1]

    @property
    def complete(self) -> bool:
        """Whether nothing is missing in the rows that are used."""
        return bool(self.observed.all())

    def coverage(self) -> Array:
        """The share of rows on which variables i and j are both observed, as a matrix (p, p)."""
        seen = self.observed.astype(float)
        return (seen.T * self.counts) @ seen / self.n


def find_patterns(data: Array) -> MissingPatterns:
    """The missing patterns of ``data`` (rows, p), where NaN marks a missing value.

    Rows without any value are left out and counted.
    """
    seen = ~np.isnan(data)
    kept = np.flatnonzero(seen.any(axis=1))
    seen = seen[kept]
    _, first, raw, tally = np.unique(
        np.packbits(seen, axis=1), axis=0, return_index=True, return_inverse=True, return_counts=True
    )
    masks = seen[first]
    order = np.lexsort((-tally, (~masks).sum(axis=1)))
    position = np.empty_like(order)
    position[order] = np.arange(order.size)
    row_pattern = position[raw.reshape(-1)]
    masks, tally = masks[order], tally[order]
    condensed, shift, starts = _condense(data[kept], row_pattern, masks, tally)
    return MissingPatterns(
        n=kept.size,
        n_empty=data.shape[0] - kept.size,
        kept=kept,
        row_pattern=row_pattern,
        observed=masks,
        counts=tally.astype(np.int64),
        condensed=condensed,
        shift=shift,
        starts=starts,
        holes=_holes(masks, starts),
    )


def _holes(observed: NDArray[np.bool_], starts: NDArray[np.intp]) -> tuple[Holes, ...]:
    missing = (~observed).sum(axis=1)
    found = []
    for m in np.unique(missing[missing > 0]):
        first, last = np.searchsorted(missing, [m, m + 1])
        absent = np.nonzero(~observed[first:last])[1].reshape(last - first, m)
        owner = np.repeat(np.arange(last - first), np.diff(starts[first : last + 1]))
        found.append(Holes(slice(first, last), slice(starts[first], starts[last]), absent, owner))
    return tuple(found)


def _condense(
    data: Array, row_pattern: NDArray[np.intp], masks: NDArray[np.bool_], counts: NDArray[np.intp]
) -> tuple[Array, Array, NDArray[np.intp]]:
    sizes = np.minimum(counts, masks.sum(axis=1) + 1)
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.intp)
    by_pattern = np.argsort(row_pattern, kind="stable")
    bounds = np.concatenate([[0], np.cumsum(counts)]).astype(np.intp)
    condensed = np.zeros((starts[-1], data.shape[1]))
    shift = np.ones(starts[-1])
    small = np.repeat(sizes == counts, counts)
    target = np.repeat(sizes == counts, sizes)
    condensed[target] = np.nan_to_num(data[by_pattern[small]], nan=0.0)
    for g in np.flatnonzero(sizes < counts):
        rows = data[by_pattern[bounds[g] : bounds[g + 1]]][:, masks[g]]
        mean = rows.mean(axis=0)
        place = slice(starts[g], starts[g + 1])
        root = np.linalg.qr(rows - mean, mode="r")
        block = np.zeros((starts[g + 1] - starts[g], data.shape[1]))
        block[: root.shape[0], masks[g]] = root
        block[-1, masks[g]] = np.sqrt(counts[g]) * mean
        condensed[place] = block
        shift[place] = 0.0
        shift[starts[g + 1] - 1] = np.sqrt(counts[g])
    return condensed, shift, starts
