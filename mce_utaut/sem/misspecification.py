"""What dynamic cut-offs call misspecified: populations near a fitted measurement model, each a little further off.

Several factors (McNeish & Wolf 2021, doi 10.1037/met0000425): level k adds k cross-loadings, of the weakest item of a
factor on the other factor with the largest construct reliability H, as large as its own loading or as its variance
allows. One factor (McNeish & Wolf 2022, doi 10.3758/s13428-021-01847-y): residual correlations of .30 among a
third, two thirds and all of the items, paired from the weakest on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mce_utaut.errors import Problem, UsageError
from mce_utaut.sem.fit import Fit

RESIDUAL_CORRELATION = 0.30


@dataclass(frozen=True, slots=True)
class Population:
    """A population: its correlation matrix (p, p), and in words what it has that the model has not."""

    correlation: np.ndarray
    added: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Standardised:
    """A measurement model in standardised form: loadings (p, m), factor correlations (m, m), residual covariances."""

    items: tuple[str, ...]
    factors: tuple[str, ...]
    loadings: np.ndarray
    correlations: np.ndarray
    residual: np.ndarray

    def implied(self, loadings: np.ndarray, residual: np.ndarray) -> np.ndarray:
        """The correlation matrix with these loadings (p, m) and residual covariances, variances kept at 1."""
        common = loadings @ self.correlations @ loadings.T
        total = common + residual
        np.fill_diagonal(total, 1.0)
        return total


def populations(fit: Fit) -> list[Population]:
    """The model's own population (level 0), then one per level of misspecification.

    Raises UsageError for models that are not measurement models with free items to misspecify.
    """
    model = _standardised(fit)
    levels = [Population(model.implied(model.loadings, model.residual), ())]
    additions = _pairs(model) if len(model.factors) == 1 else _crossings(model)
    loadings, residual, words = model.loadings.copy(), model.residual.copy(), []
    for level in additions:
        for i, j, value, text in level:
            if len(model.factors) == 1:
                residual[i, j] = residual[j, i] = value
            else:
                loadings[i, j] = value
            words.append(text)
        levels.append(Population(model.implied(loadings, residual), tuple(words)))
    return levels


def _standardised(fit: Fit) -> _Standardised:
    table = fit.table
    p = len(table.observed)
    items = {row.rhs for row in table.rows if row.op == "=~"}
    outside = sorted(set(table.observed) - items)
    if not table.latent or outside or items & set(table.latent):
        extra = f"; {', '.join(outside)} are not items" if outside else ""
        what = f"Dynamic cut-offs are for measurement models of first-order factors{extra}."
        raise UsageError(Problem(what, code="cutoffs_first_order"))
    moments = fit.implied[0]
    total, factor = np.sqrt(np.diag(moments.covariance)), np.sqrt(np.diag(moments.C)[p:])
    residual = moments.S[:p, :p] / np.outer(total, total)
    if (np.diag(residual) <= 0).any():
        what = "Dynamic cut-offs need a proper solution: a residual variance is not positive."
        raise UsageError(Problem(what, code="cutoffs_improper"))
    return _Standardised(
        items=table.observed,
        factors=table.latent,
        loadings=moments.A[:p, p:] * factor / total[:, None],
        correlations=moments.C[p:, p:] / np.outer(factor, factor),
        residual=residual,
    )


def _free_items(model: _Standardised) -> np.ndarray:
    """Whether each item has one loading and no residual covariance (p,)."""
    off = model.residual - np.diag(np.diag(model.residual))
    return ((model.loadings != 0).sum(axis=1) == 1) & ~(off != 0).any(axis=1)


def _pairs(model: _Standardised) -> list[list[tuple[int, int, float, str]]]:
    """The residual covariances that each level adds."""
    free = np.flatnonzero(_free_items(model))
    if len(free) < 4:
        what = "Dynamic cut-offs of one factor need four items without residual covariances."
        raise UsageError(Problem(what, code="cutoffs_four_items"))
    order = free[np.argsort(np.abs(model.loadings[free, 0]), kind="stable")]
    ends = {4: [1], 5: [1, 2]}.get(len(free), [])
    if not ends:
        last = len(free) // 2
        ends = [last // 3, 2 * last // 3, last]
    made = []
    for k in range(ends[-1]):
        i, j = int(order[2 * k]), int(order[2 * k + 1])
        size = RESIDUAL_CORRELATION * np.sqrt(model.residual[i, i] * model.residual[j, j])
        made.append((i, j, float(size), f"{model.items[i]} ~~ {model.items[j]}"))
    return [made[start:end] for start, end in zip([0, *ends], ends, strict=False)]


def _crossings(model: _Standardised) -> list[list[tuple[int, int, float, str]]]:
    """The cross-loading that each level adds: at most one fewer than there are factors."""
    free, L = _free_items(model), model.loadings
    own = np.argmax(L != 0, axis=1)
    sizes = (L != 0).sum(axis=0)
    weakest = []
    for f in range(len(model.factors)):
        mine = [i for i in np.flatnonzero(free) if own[i] == f]
        if mine:
            i = min(mine, key=lambda at: abs(L[at, f]))
            weakest.append((int(sizes[f] <= 2), abs(float(L[i, f])), int(i), f))
    weakest = sorted(weakest, key=lambda entry: entry[1])[: len(model.factors) - 1]
    reliability = [_construct_reliability(L[:, f]) for f in range(len(model.factors))]
    taken: set[int] = set()
    chosen = []
    for few, size, i, f in weakest:
        others = [g for g in range(len(model.factors)) if g != f and g not in taken]
        if not others:
            continue
        g = max(others, key=lambda at: reliability[at])
        taken.add(g)
        chosen.append((few, size, i, f, g))
    if not chosen:
        what = "Dynamic cut-offs need items without cross-loadings and residual covariances."
        raise UsageError(Problem(what, code="cutoffs_free_items"))
    return [[_crossing(model, i, f, g)] for _, _, i, f, g in sorted(chosen)]


def _crossing(model: _Standardised, i: int, f: int, g: int) -> tuple[int, int, float, str]:
    """The cross-loading of item i of factor f on g: its own loading, or 95 % of what leaves it a residual variance."""
    size, r = abs(float(model.loadings[i, f])), float(model.correlations[f, g])
    sign = np.sign(model.loadings[i, f])
    largest = 0.95 * (np.sqrt(size**2 * r**2 + 1 - size**2) - abs(size * r))
    return i, g, float(sign * min(size, largest)), f"{model.factors[g]} =~ {model.items[i]}"


def _construct_reliability(loadings: np.ndarray) -> float:
    """Coefficient H (Hancock & Mueller 2001)."""
    own = loadings[loadings != 0] ** 2
    return float(1 / (1 + 1 / (own / (1 - own)).sum()))
