"""dMACS: how much an item's expected answer differs between groups at the same standing on its factor.

Nye & Drasgow (2011, doi 10.1037/a0022955): the root of the mean squared difference of the two expected answers over the
focal group's distribution of the factor, in pooled standard deviations of the item. The factor's scale is linked
over groups by a reference item of each factor in the configural model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mce_utaut.errors import UsageError
from mce_utaut.sem.fit import Fit
from mce_utaut.sem.invariance import Ladder


@dataclass(frozen=True, slots=True)
class ItemBias:
    """dMACS of an item between a reference and a focal group; ``signed`` is the mean difference (focal less
    reference) in the same units. ``linked_by`` is the reference item, whose own dMACS is 0 by construction.
    """

    factor: str
    item: str
    reference: str
    focal: str
    dmacs: float
    signed: float
    linked_by: str


def item_bias(ladder: Ladder) -> list[ItemBias]:
    """dMACS of every continuous item, first group against each other one.

    The reference item of a factor is its first that the search of partial invariance left alone. Raises UsageError for
    ordered items and for items of several factors.
    """
    if ladder.ordered:
        raise UsageError("dMACS is computed for items treated as continuous; it is not given for ordered items.")
    if ladder.levels[0].name != "configural":
        raise UsageError("dMACS needs the configural level.")
    return dmacs(ladder.levels[0].fit, [move.item for move in ladder.freed])


def dmacs(fit: Fit, avoid: Sequence[str] = ()) -> list[ItemBias]:
    """dMACS of the items of a configural fit; items of ``avoid`` are reference items only where there is no other."""
    table = fit.table
    p = len(table.observed)
    factors: dict[str, list[str]] = {}
    for row in table.rows:
        if row.op == "=~" and row.group == 1 and row.rhs in table.observed:
            factors.setdefault(row.lhs, []).append(row.rhs)
    every = [item for items in factors.values() for item in items]
    crossed = sorted({item for item in every if every.count(item) > 1})
    if crossed:
        raise UsageError(f"dMACS is for items of one factor; {', '.join(crossed)} measure several.")
    out = []
    for factor, items in factors.items():
        k = p + table.latent.index(factor)
        anchor = next((item for item in items if item not in avoid), items[0])
        at = [table.observed.index(item) for item in items]
        lines = [_linked(moments, at, k, items.index(anchor)) for moments in fit.implied]
        for g in range(1, len(fit.samples)):
            spread = _pooled_sd(fit, (0, g))[at]
            intercept = lines[g].intercepts - lines[0].intercepts
            slope = lines[g].loadings - lines[0].loadings
            average = intercept + slope * lines[g].mean
            squared = average**2 + slope**2 * lines[g].variance
            for i, item in enumerate(items):
                out.append(
                    ItemBias(
                        factor=factor,
                        item=item,
                        reference=table.groups[0],
                        focal=table.groups[g],
                        dmacs=float(np.sqrt(squared[i]) / spread[i]),
                        signed=float(average[i] / spread[i]),
                        linked_by=anchor,
                    )
                )
    return out


@dataclass(frozen=True, slots=True)
class _Lines:
    """Loadings and intercepts (items,) on the linked scale, and the factor's mean and variance there."""

    loadings: np.ndarray
    intercepts: np.ndarray
    mean: float
    variance: float


def _linked(moments, at: Sequence[int], k: int, anchor: int) -> _Lines:
    """One group's parameters on the scale where the anchor has loading 1 and intercept 0."""
    loadings = moments.A[at, k]
    means = moments.all_means
    intercepts = means[at] - loadings * means[k]
    scale, origin = loadings[anchor], intercepts[anchor]
    linked = loadings / scale
    return _Lines(
        loadings=linked,
        intercepts=intercepts - linked * origin,
        mean=float(scale * means[k] + origin),
        variance=float(scale**2 * moments.C[k, k]),
    )


def _pooled_sd(fit: Fit, groups: tuple[int, int]) -> np.ndarray:
    """The pooled standard deviations of all items: their own weighted by n - 1, as Nye & Drasgow have it."""
    samples = [fit.samples[g] for g in groups]
    weights = np.array([sample.n - 1 for sample in samples], dtype=float)
    deviations = np.stack([np.sqrt(np.diag(sample.unbiased_covariance)) for sample in samples])
    return weights @ deviations / weights.sum()
