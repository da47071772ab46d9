"""Section ``planning``: what a simulation of the planned sizes said of power, from the file of ``plan --json``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mce_utaut.study.config import StudyConfig
from mce_utaut.study.power_file import PowerFile, power_sentence, size_for
from mce_utaut.study.role import RoleWork
from mce_utaut.study.sentences import Sentences


def planned_power(
    works: Sequence[RoleWork], power: PowerFile | None, config: StudyConfig, outcome: str, say: Sentences
) -> dict[str, Any]:
    """The section (keys in docs/study-result.md): for each role the size nearest below the number aimed at (without
    one: analysed); empty where the study names no simulation."""
    if power is None:
        return {}
    roles: dict[str, Any] = {}
    for work in works:
        role = work.result.role
        simulated = power.roles.get(role)
        aimed = config.planned_n.get(role)
        size = simulated and size_for(simulated, work.result.n if aimed is None else aimed)
        if simulated is None or not size:
            continue
        roles[role] = {
            "aimed": aimed,
            "n": size.n,
            "method": size.method,
            "samples": size.samples,
            "usable": size.usable,
            "missing": simulated.missing,
            "icc": simulated.icc,
            "paths": [
                {"outcome": p.outcome, "predictor": p.predictor, "planted": p.planted, "target": p.target,
                 "coverage": p.coverage, "power": p.power, "power_se": p.power_se}
                for p in size.paths
            ],
            "sentence": power_sentence(size, outcome, work.labels, say),
        }  # fmt: skip
    return {"note": say("planning.note"), "seed": power.seed, "roles": roles} if roles else {}
