"""Sample statistics of ordered and mixed data given exogenous variables (lavaan's ``conditional.x``).

In the order thresholds and minus intercepts, variable by variable; slopes, one exogenous variable after the other;
residual variances of continuous variables; residual covariances. Their covariance matrix is that of two-step
estimation, as in ``ordinal_moments`` (Muthén 1984, https://doi.org/10.1007/BF02294210).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from mce_utaut.errors import NotEstimable
from mce_utaut.sem.conditional_margins import Margin, linear_margin, names_of_constant, probit_margin
from mce_utaut.sem.conditional_pairs import ConditionalPair, conditional_pair
from mce_utaut.sem.gamma import check_moment_count
from mce_utaut.sem.ordinal_moments import OrdinalMoments, two_step_sandwich
from mce_utaut.sem.thresholds import code_categories, estimate_thresholds
from mce_utaut.sem.vech import vech_indices


def conditional_moments(
    data: np.ndarray,
    is_ordered: np.ndarray,
    is_given: np.ndarray,
    names: Sequence[str],
    levels: Sequence[np.ndarray],
    where: str = "",
) -> OrdinalMoments:
    """The statistics of ``data`` (n, p; nan missing) given its columns ``is_given`` (p,), which have no gaps.

    The other arguments as of ``ordinal_moments``. In the result, ``mean`` and ``covariance`` hold sample moments of the
    given variables and, for the others, intercepts and residual covariances. Raises as ``ordinal_moments``.
    """
    x, own = data[:, is_given], np.flatnonzero(~is_given)
    constant = names_of_constant(x, [names[v] for v in np.flatnonzero(is_given)])
    if constant:
        place = f" in {where}" if where else ""
        raise NotEstimable(f"No variance{place}: {', '.join(constant)}. Leave it out of the model.")
    _refuse_empty_categories(data, is_ordered, names, levels, where)
    first = sum(max(levels[v].size - 1, 1) + x.shape[1] for v in own)
    check_moment_count(first + own.size * (own.size - 1) // 2, f"Fitting {own.size} variables, some of them ordered,")
    margins = []
    for v in own:
        if is_ordered[v]:
            codes = code_categories(data[:, v], levels[v])
            margins.append(probit_margin(codes, levels[v].size, x, names[v], where))
        else:
            margins.append(linear_margin(data[:, v], x, names[v], where))
    i, j = vech_indices(own.size, diagonal=False)
    patterns = np.unique(x, axis=0, return_inverse=True)[1].reshape(-1)
    pairs = [
        conditional_pair(margins[a], margins[b], x, patterns, (names[own[a]], names[own[b]]))
        for a, b in zip(i, j, strict=True)
    ]
    gamma = _gamma(margins, pairs, i, j)
    return _assemble(data, is_given, margins, np.array([pair.rho for pair in pairs]), (i, j), gamma)


def _refuse_empty_categories(
    data: np.ndarray, is_ordered: np.ndarray, names: Sequence[str], levels: Sequence[np.ndarray], where: str
) -> None:
    places = np.flatnonzero(is_ordered)
    if places.size:
        codes = np.column_stack([code_categories(data[:, v], levels[v]) for v in places])
        sizes = np.array([levels[v].size for v in places], dtype=np.int64)
        estimate_thresholds(codes, sizes, [names[v] for v in places], [levels[v] for v in places], where)


def _gamma(margins: Sequence[Margin], pairs: Sequence[ConditionalPair], i: np.ndarray, j: np.ndarray) -> np.ndarray:
    """The covariance of sqrt(n) times the statistics, in their order."""
    ends = np.cumsum([0] + [margin.scores.shape[1] for margin in margins])
    entries = [np.arange(a, b) for a, b in pairwise(ends)]
    size = int(ends[-1])
    scores = np.column_stack([*(margin.scores for margin in margins), *(pair.scores for pair in pairs)])
    cross = np.zeros((len(pairs), size))
    for m, pair in enumerate(pairs):
        cross[m, entries[i[m]]] += pair.by_first
        cross[m, entries[j[m]]] += pair.by_second
    raw = two_step_sandwich(entries, cross, scores.T @ scores) * len(scores)
    change = _change(margins, pairs, entries, i, j)
    gamma = change @ raw @ change.T
    return 0.5 * (gamma + gamma.T)


def _change(
    margins: Sequence[Margin],
    pairs: Sequence[ConditionalPair],
    entries: Sequence[np.ndarray],
    i: np.ndarray,
    j: np.ndarray,
) -> np.ndarray:
    """d statistics / d parameters: reordered, intercepts negative, covariances in place of correlations."""
    size = int(entries[-1][-1]) + 1
    count = size + len(pairs)
    lines = []
    for margin, own in zip(margins, entries, strict=True):
        for at in own[: len(margin.first)]:
            lines.append((at, 1.0 if margin.is_ordered else -1.0))
    for k in range(len(margins[0].slopes)):
        lines += [(own[len(m.first) + k], 1.0) for m, own in zip(margins, entries, strict=True)]
    lines += [(own[-1], 1.0) for m, own in zip(margins, entries, strict=True) if not m.is_ordered]
    change = np.zeros((count, count))
    for line, (at, sign) in enumerate(lines):
        change[line, at] = sign
    sd = np.sqrt([margin.variance for margin in margins])
    for m, pair in enumerate(pairs):
        line = size + m
        change[line, line] = sd[i[m]] * sd[j[m]]
        for v, other in ((i[m], j[m]), (j[m], i[m])):
            if not margins[v].is_ordered:
                change[line, entries[v][-1]] = pair.rho * sd[other] / (2 * sd[v])
    return change


def _assemble(
    data: np.ndarray,
    is_given: np.ndarray,
    margins: Sequence[Margin],
    rho: np.ndarray,
    pair: tuple[np.ndarray, np.ndarray],
    gamma: np.ndarray,
) -> OrdinalMoments:
    own, given = np.flatnonzero(~is_given), np.flatnonzero(is_given)
    i, j = pair
    x = data[:, is_given]
    sd = np.sqrt([margin.variance for margin in margins])
    mean, covariance = np.zeros(len(is_given)), np.diag(np.ones(len(is_given)))
    mean[given], covariance[np.ix_(given, given)] = x.mean(axis=0), np.cov(x.T, bias=True)
    covariance[own, own] = sd**2
    covariance[own[i], own[j]] = covariance[own[j], own[i]] = rho * sd[i] * sd[j]
    for v, margin in zip(own, margins, strict=True):
        if not margin.is_ordered:
            mean[v] = margin.first[0]
    leading = np.concatenate([m.first if m.is_ordered else -m.first for m in margins])
    variable = np.concatenate([np.full(len(m.first), v) for v, m in zip(own, margins, strict=True)])
    is_mean = np.concatenate([np.full(len(m.first), not m.is_ordered) for m in margins])
    slopes = np.column_stack([m.slopes for m in margins])
    variances = [m.variance for m in margins if not m.is_ordered]
    return OrdinalMoments(
        n=len(data),
        mean=mean,
        covariance=covariance,
        thresholds=leading[~is_mean],
        threshold_variable=variable[~is_mean],
        statistics=np.concatenate([leading, slopes.ravel(), variances, covariance[own[i], own[j]]]),
        gamma=gamma,
        first_variable=variable,
        first_is_mean=is_mean,
        empty_tables=(),
        given=given,
        slopes=slopes,
    )
