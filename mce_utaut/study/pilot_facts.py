"""Section ``pilots``: what goes with how pilots are designed. Descriptors are facts about pilots, and pilots are few.

The unit is the pilot (rule G7): each enters with the mean of its respondents. Contrasts of a descriptor's values are
tested by permuting the descriptor over pilots; a descriptor of degree is regressed, at most one for ten pilots. Cells
of few respondents are hidden, and a value that one pilot has is compared with nothing.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from mce_utaut.sem.path_comparison import holm
from mce_utaut.study.config import StudyConfig
from mce_utaut.study.disclosure import shown
from mce_utaut.study.pilot_table import PilotTable, fold
from mce_utaut.study.role import RoleWork
from mce_utaut.study.sentences import Sentences

PILOTS_A_DESCRIPTOR = 10
LEAST_PILOTS_IN_A_CELL = 2
_DRAWS = 4999


def pilot_facts(
    works: Sequence[RoleWork], pilots: PilotTable | None, config: StudyConfig, outcome: str, say: Sentences
) -> dict[str, Any]:
    """The section (keys in docs/study-result.md); empty where the study names no pilots."""
    if pilots is None:
        return {}
    roles = {
        work.result.role: _role(work, pilots, config, outcome, say)
        for work in works
        if work.result.n >= config.disclosure_limit and outcome in work.scores
    }
    return {"note": say("pilots.note"), "outcome": outcome, "roles": roles} if roles else {}


def _role(work: RoleWork, pilots: PilotTable, config: StudyConfig, outcome: str, say: Sentences) -> dict[str, Any]:
    scores = work.scores[outcome].values
    ids = [fold(p) if isinstance(p, str) else "" for p in work.screened.included.meta["pilot_id"]]
    by_pilot: dict[str, list[float]] = {}
    for pilot, score in zip(ids, scores, strict=True):
        if pilot and not np.isnan(score) and any(pilot in values for values in pilots.values.values()):
            by_pilot.setdefault(pilot, []).append(float(score))
    homes = _homes(ids, work.screened.included.meta["hei"])
    means = {pilot: float(np.mean(own)) for pilot, own in sorted(by_pilot.items())}
    sizes = {pilot: len(own) for pilot, own in by_pilot.items()}
    form: dict[str, Any] = {"pilots": len(means), "cells": [], "contrasts": [], "slopes": [], "refusals": []}
    if len(means) < 2 * LEAST_PILOTS_IN_A_CELL:
        form["refusals"].append({"descriptor": "", "reason": say("pilots.few", n=len(means))})
        return form
    rng = np.random.default_rng(config.seed)
    left = len(means) // PILOTS_A_DESCRIPTOR
    for descriptor, values in pilots.values.items():
        known = {pilot: values[pilot] for pilot in means if pilot in values}
        numbers = _numbers(known)
        if numbers is None and _of_one_university(known, homes):
            form["refusals"].append({"descriptor": descriptor, "reason": say("pilots.one_university")})
        elif numbers is None:
            _contrasts(form, descriptor, known, means, sizes, config, rng)
        elif left < 1:
            reason = say("pilots.too_many", n=len(means), least=PILOTS_A_DESCRIPTOR)
            form["refusals"].append({"descriptor": descriptor, "reason": reason})
        else:
            left -= 1
            form["slopes"] += _slope(descriptor, numbers, means, rng)
    tests = [*form["contrasts"], *form["slopes"]]
    for row, adjusted in zip(tests, holm([row["p"] for row in tests]), strict=True):
        row["p_holm"] = adjusted
    return form


def _homes(ids: Sequence[str], universities: Sequence[object]) -> dict[str, set[str]]:
    """The universities of each pilot's respondents, as far as they are known."""
    homes: dict[str, set[str]] = {}
    for pilot, hei in zip(ids, universities, strict=True):
        if pilot and isinstance(hei, str):
            homes.setdefault(pilot, set()).add(hei)
    return homes


def _of_one_university(known: Mapping[str, str], homes: Mapping[str, set[str]]) -> bool:
    """Whether a value that would be told belongs to one university alone, whose mean its cell would be."""
    for value in set(known.values()):
        own = [pilot for pilot in known if known[pilot] == value]
        if len(own) >= LEAST_PILOTS_IN_A_CELL and len(set().union(*(homes.get(pilot, set()) for pilot in own))) == 1:
            return True
    return False


def _numbers(known: Mapping[str, str]) -> dict[str, float] | None:
    """The values as numbers, where there are more than two of them and all are numbers."""
    try:
        numbers = {pilot: float(value) for pilot, value in known.items()}
    except ValueError:
        return None
    return numbers if len(set(numbers.values())) > 2 else None


def _contrasts(
    form: dict[str, Any],
    descriptor: str,
    known: Mapping[str, str],
    means: Mapping[str, float],
    sizes: Mapping[str, int],
    config: StudyConfig,
    rng: np.random.Generator,
) -> None:
    """Every value with its pilots and mean, and the difference of every pair of values that two pilots or more have."""
    values = sorted(set(known.values()))
    held = {value: [pilot for pilot in known if known[pilot] == value] for value in values}
    counts = [sum(sizes[pilot] for pilot in held[value]) for value in values]
    visible = dict(zip(values, shown(counts, config.disclosure_limit), strict=True))
    for value in values:
        n = visible[value]
        own = [means[pilot] for pilot in held[value]]
        told = n is not None and len(own) >= LEAST_PILOTS_IN_A_CELL
        cell = {"descriptor": descriptor, "value": value, "pilots": len(own), "n": n}
        form["cells"].append({**cell, "mean": float(np.mean(own)) if told else None})
    usable = [value for value in values if len(held[value]) >= LEAST_PILOTS_IN_A_CELL and visible[value] is not None]
    for one, other in itertools.combinations(usable, 2):
        first, second = (np.array([means[pilot] for pilot in held[value]]) for value in (one, other))
        form["contrasts"].append(
            {
                "descriptor": descriptor,
                "reference": one,
                "value": other,
                "pilots_reference": first.size,
                "pilots": second.size,
                "difference": float(second.mean() - first.mean()),
                "p": permutation_p(first, second, rng),
            }
        )


def permutation_p(first: np.ndarray, second: np.ndarray, rng: np.random.Generator) -> float:
    """The two-sided p value of the difference of means of pilots, their labels permuted: every division where there are
    no more than 4 999, else that many drawn, p = (1 + as extreme) / (1 + draws)."""
    values = np.concatenate([first, second])
    n, k = values.size, first.size
    observed = abs(second.mean() - first.mean())
    every = math.comb(n, k)
    chosen: Iterator[Sequence[int]]
    if every <= _DRAWS:
        chosen = iter(itertools.combinations(range(n), k))
    else:
        chosen = (rng.permutation(n)[:k] for _ in range(_DRAWS))
    total, extreme = values.sum(), 0
    for picked in chosen:
        inside = values[list(picked)].sum()
        extreme += abs((total - inside) / (n - k) - inside / k) >= observed * (1 - 1e-12)
    return extreme / every if every <= _DRAWS else (1 + extreme) / (1 + _DRAWS)


def _slope(
    descriptor: str, numbers: Mapping[str, float], means: Mapping[str, float], rng: np.random.Generator
) -> list[dict[str, Any]]:
    """The slope of the pilots' means on a descriptor of degree, with its permutation test."""
    x = np.array(list(numbers.values()))
    y = np.array([means[pilot] for pilot in numbers])
    if x.size < PILOTS_A_DESCRIPTOR or np.ptp(x) == 0 or np.ptp(y) == 0:
        return []
    x = x - x.mean()
    slope = float(x @ (y - y.mean()) / (x @ x))
    drawn = np.array([x @ rng.permutation(y) for _ in range(_DRAWS)]) / (x @ x)
    p = (1 + int(np.sum(np.abs(drawn) >= abs(slope) * (1 - 1e-12)))) / (1 + _DRAWS)
    r = float(np.corrcoef(x, y)[0, 1])
    return [{"descriptor": descriptor, "pilots": x.size, "slope": slope, "r": r, "p": p}]
