"""Scale means of two roles side by side, where a role is too small for the invariance ladder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from mce_utaut.scoring.two_groups import TwoGroups, compare_two, permutation_p
from mce_utaut.sem.path_comparison import holm
from mce_utaut.study.config import StudyConfig
from mce_utaut.study.method_choice import LEAST_FOR_INFERENCE
from mce_utaut.study.numbers import defined
from mce_utaut.study.role import RoleWork
from mce_utaut.study.sentences import Sentences

Pair = tuple[RoleWork, RoleWork]


def scale_contrasts(pairs: Sequence[Pair], constructs: Sequence[str], config: StudyConfig, say: Sentences) -> list[Any]:
    """One row per pair of roles and construct scored in both on the same anchors and the same scale, from ten scores in
    each role on; p values are adjusted by Holm over the constructs of a pair."""
    rows: list[dict[str, Any]] = []
    for number, (one, other) in enumerate(pairs):
        names = [name for name in constructs if _comparable(one, other, name)]
        if names:
            rng = np.random.default_rng([config.seed, number])
            rows += _pair(one, other, names, config, say, rng)
    return rows


def _comparable(one: RoleWork, other: RoleWork, name: str) -> bool:
    a, b = one.scores.get(name), other.scores.get(name)
    if a is None or b is None or min(a.n_scored, b.n_scored) < LEAST_FOR_INFERENCE:
        return False
    return (a.items, a.minimum, a.maximum) == (b.items, b.minimum, b.maximum)


def _pair(
    one: RoleWork,
    other: RoleWork,
    names: Sequence[str],
    config: StudyConfig,
    say: Sentences,
    rng: np.random.Generator,
) -> list[dict[str, Any]]:
    first = np.column_stack([one.scores[name].values for name in names])
    second = np.column_stack([other.scores[name].values for name in names])
    permuted = permutation_p(first, second, rng)
    found: list[tuple[str, TwoGroups, int]] = []
    for k, name in enumerate(names):
        try:
            found.append((name, compare_two(first[:, k], second[:, k], config.sesoi_difference, config.confidence), k))
        except ValueError:
            continue
    adjusted = holm([each.p for _, each, _ in found])
    return [
        _row(one, other, name, each, defined(permuted[k]), p, config, say)
        for (name, each, k), p in zip(found, adjusted, strict=True)
    ]


def _row(
    one: RoleWork,
    other: RoleWork,
    name: str,
    found: TwoGroups,
    permuted: float | None,
    adjusted: float,
    config: StudyConfig,
    say: Sentences,
) -> dict[str, Any]:
    equivalent = found.equivalence_p < 1 - config.confidence
    key = "open"
    if equivalent:
        key = "equivalent"
    elif adjusted < 1 - config.confidence:
        key = "higher" if found.t > 0 else "lower"
    return {
        "reference": one.result.role,
        "group": other.result.role,
        "construct": name,
        "n_reference": found.n_first,
        "n_group": found.n_second,
        "mean_reference": found.mean_first,
        "mean_group": found.mean_second,
        "difference": found.difference.estimate,
        "lower": found.difference.lower,
        "upper": found.difference.upper,
        "t": found.t,
        "df": found.df,
        "p": found.p,
        "p_holm": adjusted,
        "p_permutation": permuted,
        "g": found.g.estimate,
        "g_lower": defined(found.g.lower),
        "g_upper": defined(found.g.upper),
        "bound": found.bound,
        "equivalence_p": found.equivalence_p,
        "equivalent": equivalent,
        "superiority": found.superiority,
        "sentence": _sentence(one, other, name, found, key, say),
    }


def _sentence(one: RoleWork, other: RoleWork, name: str, found: TwoGroups, key: str, say: Sentences) -> str:
    """The contrast in words; ``key`` is what it shows (equivalent, higher, lower, open)."""
    numbers = say.numbers
    return say(
        f"comparison.contrast.{key}",
        construct=_title(one.labels.get(name, name)),
        first=one.result.title,
        second=other.result.title,
        g=numbers.plain(found.g.estimate),
        interval=numbers.range(defined(found.g.lower), defined(found.g.upper)),
        bound=numbers.bounded(found.bound),
    )


def _title(label: str) -> str:
    return label[:1].upper() + label[1:]
