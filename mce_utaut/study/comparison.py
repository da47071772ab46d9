"""Section ``comparison``: whether and how the roles may be compared, by what their sizes allow.

Roles of 100 and more: the invariance ladder on the anchor items, and behind its gate paths and latent means.
Where a role has 60 to 99: MIMIC. Pairs without a ladder: scale means, with equivalence tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

from mce_utaut.study.config import StudyConfig
from mce_utaut.study.fitting import options_for
from mce_utaut.study.inputs import NamedModel
from mce_utaut.study.method_choice import LEAST_FOR_INFERENCE, LEAST_FOR_REGRESSION, LEAST_FOR_SEM
from mce_utaut.study.role import RoleWork
from mce_utaut.study.role_dummies import role_dummies
from mce_utaut.study.role_ladder import role_ladder
from mce_utaut.study.scale_contrasts import scale_contrasts
from mce_utaut.study.sentences import Sentences


def compare_roles(works: Sequence[RoleWork], model: NamedModel, config: StudyConfig, say: Sentences) -> dict[str, Any]:
    """The section (keys in docs/study-result.md); empty for a study of one role."""
    if len(works) < 2:
        return {}
    sizes = {work.result.role: work.result.method.n for work in works}
    large = [work for work in works if sizes[work.result.role] >= LEAST_FOR_SEM]
    middling = [work for work in works if LEAST_FOR_REGRESSION <= sizes[work.result.role] < LEAST_FOR_SEM]
    tiny = [work for work in works if sizes[work.result.role] < LEAST_FOR_INFERENCE]
    options = options_for(config)
    found: dict[str, Any] = {
        "anchors": [item for items in model.text.factors.values() for item in items],
        "necessary": say("comparison.necessary"),
        "methods": [_method(work, sizes, large, middling, say) for work in works],
        "sesoi": config.sesoi_difference,
    }
    if len(large) > 1:
        found |= role_ladder(model.text, large, options, config.sesoi_difference, say)
    else:
        refusal = say("comparison.few_large", least=LEAST_FOR_SEM)
        found["ladder"] = {"refusal": refusal}
        found["paths"] = {"refusal": refusal, "differences": []}
        found["latent_means"] = {"refusal": refusal, "differences": []}
    if middling and len(large) + len(middling) > 1:
        found["mimic"] = role_dummies(model.text, [*large, *middling], options, config.sesoi_difference, say)
    laddered = {work.result.role for work in large}
    pairs = [
        pair
        for pair in combinations([work for work in works if work not in tiny], 2)
        if not {pair[0].result.role, pair[1].result.role} <= laddered
    ]
    constructs = [each.id for each in works[0].result.constructs if each.kind == "latent"]
    rows = scale_contrasts(pairs, constructs, config, say)
    found["scale_means"] = {"note": say("comparison.scale_note") if rows else "", "differences": rows}
    return found


def _method(
    work: RoleWork, sizes: dict[str, int], large: Sequence[RoleWork], middling: Sequence[RoleWork], say: Sentences
) -> dict[str, Any]:
    """Which comparison a role enters, and why."""
    if work in large:
        kind = "ladder" if len(large) > 1 else "only_large"
    elif work in middling:
        kind = "mimic" if len(large) + len(middling) > 1 else "scale_means"
    else:
        kind = "none" if sizes[work.result.role] < LEAST_FOR_INFERENCE else "scale_means"
    reason = say(
        f"comparison.method.{kind}",
        cases=work.result.method.cases,
        sem=LEAST_FOR_SEM,
        regression=LEAST_FOR_REGRESSION,
        least=LEAST_FOR_INFERENCE,
    )
    return {"role": work.result.role, "n": sizes[work.result.role], "method": kind, "reason": reason}
