"""The invariance ladder with roles as groups, and the gate: what the level reached allows to be compared.

Decision 19: paths need (partial) metric, latent means (partial) scalar invariance. Nothing else opens the gate.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from scipy import stats

from mce_utaut.errors import MceError
from mce_utaut.sem.fit import prepare
from mce_utaut.sem.invariance import Ladder, invariance_ladder
from mce_utaut.sem.invariance_json import invariance_to_json, paths_to_json
from mce_utaut.sem.options import FitOptions
from mce_utaut.sem.path_comparison import compare_paths
from mce_utaut.study.json_form import plain
from mce_utaut.study.library_notes import refused, told
from mce_utaut.study.model_text import ModelText, cfa_text, factors_left, group_text, read_model
from mce_utaut.study.role import RoleWork
from mce_utaut.study.sentences import Sentences

GROUP = "role_"
_PATHS = {False: "metric", True: "loadings"}
_MEANS = {False: "scalar", True: "intercepts"}
_LEAST_ITEMS = 2


@dataclass(frozen=True, slots=True)
class Licence:
    """What may be compared among the roles of the ladder."""

    paths: bool
    means: bool


def licence_of(ladder: Ladder) -> Licence:
    """What the ladder allows; a level reached only past one that does not hold opens nothing."""
    means = ladder.reached(_MEANS[ladder.ordered]) is not None
    return Licence(paths=ladder.reached(_PATHS[ladder.ordered]) is not None, means=means)


def shared_text(model: ModelText, works: Sequence[RoleWork]) -> tuple[str, tuple[str, ...]]:
    """The model on the items that every role kept, and the items that left it; "" where a factor would keep
    fewer than two."""
    left = tuple(dict.fromkeys(item for work in works for item in work.model.dropped))
    if any(len(items) < _LEAST_ITEMS for items in factors_left(model, left).values()):
        return "", left
    return group_text(model, left), left


def joined_columns(works: Sequence[RoleWork], names: Sequence[str]) -> dict[str, np.ndarray]:
    """The columns ``names`` of the roles one below the other, and their role in the column ``GROUP``."""
    found = {name: np.concatenate([work.data.columns[name] for work in works]) for name in names}
    labels = [np.full(work.data.n_before, work.result.role, dtype=object) for work in works]
    return {**found, GROUP: np.concatenate(labels)}


def role_ladder(
    model: ModelText, works: Sequence[RoleWork], options: FitOptions, sesoi: float, say: Sentences
) -> dict[str, Any]:
    """The parts ``ladder``, ``paths`` and ``latent_means`` of the section (docs/study-result.md) for roles that are
    all large enough. Ladder and means are those of the measurement model, paths those of the structural one."""
    text, left = shared_text(model, works)
    nothing = _refused(say("comparison.gate.nothing"))
    if not text:
        return {**nothing, "ladder": {"refusal": say("comparison.factor_lost", items=say.listed(left))}}
    columns = joined_columns(works, [name for items in factors_left(model, left).values() for name in items])
    try:
        own = replace(options, engine="native", group=GROUP)
        ladder = invariance_ladder(cfa_text(read_model(text)), columns, own, partial=True)
        form = plain(invariance_to_json(ladder))
    except MceError as error:
        reason = say("comparison.no_ladder", reason=refused(error, say))
        return {**nothing, "ladder": {"refusal": reason}}
    return read_ladder(ladder, form, sesoi, say) | {"paths": _paths(ladder, text, columns, say)}


def _paths(ladder: Ladder, text: str, columns: Mapping[str, np.ndarray], say: Sentences) -> dict[str, Any]:
    """The part ``paths``: of the structural model, whose covariances among constructs may be restricted, so that the
    ladder, which tests items alone, rests on the measurement model."""
    if not licence_of(ladder).paths:
        return {"refusal": say("comparison.gate.no_metric"), "differences": []}
    try:
        compared = compare_paths(ladder, prepare(text, columns, ladder.prepared.options))
    except MceError as error:
        return {"refusal": say("comparison.no_paths", reason=refused(error, say)), "differences": []}
    if not (compared.free.converged and compared.free.proper):
        return {"refusal": say("comparison.no_paths", reason=say("comparison.improper")), "differences": []}
    return {"refusal": "", **plain(paths_to_json(compared))}


def read_ladder(ladder: Ladder, form: Mapping[str, Any], sesoi: float, say: Sentences) -> dict[str, Any]:
    """The parts ``ladder`` and ``latent_means`` from a fitted ladder and its JSON form, through the gate."""
    licence = licence_of(ladder)
    parts = _refused("")
    parts["ladder"] = {
        "refusal": "",
        "ordered": ladder.ordered,
        "estimator": form["estimator"],
        "missing": form["missing"],
        "groups": form["groups"],
        "levels": form["levels"],
        "differences": [
            {key: value for key, value in step.items() if key != "other_methods"} for step in form["differences"]
        ],
        "freed": [{key: value for key, value in move.items() if key != "expected_changes"} for move in form["freed"]],
        "dmacs": form["dmacs"] or [],
        "notes": [asdict(note) for note in told(ladder.notes, say)],
        "licence": {"paths": licence.paths, "latent_means": licence.means},
        "sentence": _gate_sentence(licence, say),
    }
    means = form["latent_means"] if licence.means else None
    if means is None:
        parts["latent_means"]["refusal"] = say("comparison.gate.no_scalar")
    else:
        parts["latent_means"]["differences"] = [
            {**row, **equivalence(row["d"], row["d_se"], sesoi, ladder.prepared.options.level)} for row in means
        ]
    return parts


def equivalence(d: float | None, se: float | None, sesoi: float, level: float) -> dict[str, Any]:
    """Two one-sided tests of a standardised difference against ± ``sesoi``: the interval of level 2c - 1, the larger
    p value, and whether the difference is shown to be smaller (Schuirmann 1987)."""
    if d is None or se is None or not se > 0:
        return {"narrow_lower": None, "narrow_upper": None, "equivalence_p": None, "equivalent": None}
    half = float(stats.norm.isf(1 - level)) * se
    p = max(float(stats.norm.sf((d + sesoi) / se)), float(stats.norm.cdf((d - sesoi) / se)))
    return {
        "narrow_lower": d - half,
        "narrow_upper": d + half,
        "equivalence_p": p,
        "equivalent": bool(-sesoi < d - half and d + half < sesoi),
    }


def _refused(reason: str) -> dict[str, Any]:
    return {
        "ladder": {"refusal": reason},
        "paths": {"refusal": reason, "differences": []},
        "latent_means": {"refusal": reason, "differences": []},
    }


def _gate_sentence(licence: Licence, say: Sentences) -> str:
    if licence.means:
        return say("comparison.gate.means")
    return say("comparison.gate.paths" if licence.paths else "comparison.gate.alone")
