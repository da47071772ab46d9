"""Thresholds of ordered variables, and the coding of their answers as categories 0, 1, 2, ...

An answer y of category c means that a standard normal response lies between thresholds c and c + 1,
where the outermost are infinite (Muthén, 1984, https://doi.org/10.1007/BF02294210, eq. 3).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from mce_utaut.errors import NotEstimable, Problem
from mce_utaut.sem.bivariate_normal import normal_pdf
from mce_utaut.sem.vech import Array

INFINITE = 100.0
"""Stands for an infinite threshold: far enough that the normal distribution is 0 or 1 to the last bit."""

MISSING = -1


@dataclass(frozen=True, slots=True)
class OrderedVariables:
    """The category frequencies and thresholds of q ordered variables.

    ``counts`` (q, K) is padded with zeros to the largest number of categories K; ``categories`` (q,)
    holds each one's own number; ``thresholds`` (q, K + 1) begins with ``-INFINITE`` and ends with one or
    more ``INFINITE``; ``density`` (q, K + 1) is the normal density there.
    """

    counts: NDArray[np.int64]
    categories: NDArray[np.int64]
    thresholds: Array
    density: Array

    def scores(self) -> Array:
        """The derivative of an answer's log-probability by the thresholds, (q, K categories, K - 1).

        Zero where a category or threshold does not exist.
        """
        q, k = self.counts.shape
        probability = self.counts / self.counts.sum(axis=1, keepdims=True)
        table = np.zeros((q, k, k - 1))
        inner = np.arange(k - 1)
        with np.errstate(divide="ignore", invalid="ignore"):
            upper = self.density[:, 1:k] / probability[:, :-1]
            lower = self.density[:, 1:k] / probability[:, 1:]
        exists = inner[None, :] < (self.categories - 1)[:, None]
        table[:, inner, inner] = np.where(exists, upper, 0.0)
        table[:, inner + 1, inner] = np.where(exists, -lower, 0.0)
        return table


def code_categories(values: Array, levels: Array) -> NDArray[np.int64]:
    """The position of each value (n,) among the sorted ``levels`` (K,); ``MISSING`` where it is NaN."""
    codes = np.searchsorted(levels, values)
    return np.where(np.isnan(values), MISSING, codes).astype(np.int64)


def estimate_thresholds(
    codes: NDArray[np.int64],
    categories: NDArray[np.int64],
    names: Sequence[str],
    levels: Sequence[Array] = (),
    where: str = "",
) -> OrderedVariables:
    """The thresholds of ordered variables from their codes (n, q), each variable's own rows.

    ``categories`` (q,) says how many categories each variable has in the whole data; ``names``, ``levels``
    (q arrays of the answers behind the codes) and ``where`` (a group, say) serve the messages.

    Raises ``NotEstimable`` naming every variable with a category nobody chose, or with one category only.
    """
    q, largest = codes.shape[1], int(categories.max())
    counts = np.zeros((q, largest), dtype=np.int64)
    for v in range(q):
        seen = codes[:, v][codes[:, v] >= 0]
        counts[v] = np.bincount(seen, minlength=largest)[:largest]
    _refuse_empty(counts, categories, names, levels, where)
    return thresholds_from(counts, categories)


def thresholds_from(counts: NDArray[np.int64], categories: NDArray[np.int64]) -> OrderedVariables:
    """The thresholds of variables with ``counts`` (q, K), none of which is 0 for one of the ``categories`` (q,)."""
    q, largest = counts.shape
    thresholds = np.full((q, largest + 1), INFINITE)
    thresholds[:, 0] = -INFINITE
    share = np.cumsum(counts, axis=1) / counts.sum(axis=1, keepdims=True)
    inner = np.arange(1, largest)[None, :] < categories[:, None]
    thresholds[:, 1:largest][inner] = ndtri(share[:, :-1][inner])
    return OrderedVariables(counts, categories, thresholds, normal_pdf(thresholds))


def _refuse_empty(
    counts: NDArray[np.int64],
    categories: NDArray[np.int64],
    names: Sequence[str],
    levels: Sequence[Array],
    where: str,
) -> None:
    problems = []
    place = f" in {where}" if where else ""
    for v, name in enumerate(names):
        own = counts[v, : categories[v]]
        if categories[v] < 2:
            what = f"ordered variable {name} has fewer than two categories{place}."
            problems.append(Problem(what, code="one_category", values=(("name", name),)))
        elif (own == 0).any():
            empty = [f"{levels[v][c]:g}" if levels else str(c + 1) for c in np.flatnonzero(own == 0)]
            kind = "category" if len(empty) == 1 else "categories"
            problems.append(
                Problem(
                    f"nobody{place} chose {kind} {_listed(empty)} of ordered variable {name}, so its "
                    "threshold cannot be estimated.",
                    "Either merge neighbouring categories everywhere or treat the variable as continuous.",
                    code="empty_category",
                    values=(("name", name), ("categories", _listed(empty))),
                )
            )
    if problems:
        raise NotEstimable(problems)


def _listed(categories: Sequence[str], shown: int = 8) -> str:
    more = f" and {len(categories) - shown} more" if len(categories) > shown else ""
    return ", ".join(categories[:shown]) + more
