"""Section ``dynamic_cutoffs``: the fit indices that this very measurement model would have were it a little wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from mce_utaut.errors import MceError
from mce_utaut.sem.dynamic_cutoffs import DynamicCutoffs, dynamic_cutoffs
from mce_utaut.study.config import StudyConfig
from mce_utaut.study.library_notes import refused
from mce_utaut.study.numbers import defined
from mce_utaut.study.role import RoleWork
from mce_utaut.study.sentences import Sentences

_INDICES = ("cfi", "rmsea", "srmr")


def fit_cutoffs(works: Sequence[RoleWork], config: StudyConfig, say: Sentences) -> dict[str, Any]:
    """The section (keys in docs/study-result.md); empty unless the study asks for it (``dynamic_cutoffs``)."""
    roles = {
        work.result.role: _role(work, config, say)
        for work in works
        if config.dynamic_cutoffs and work.fits is not None and work.fits.cfa.usable
    }
    return {"note": say("cutoffs.note"), "roles": roles} if roles else {}


def _role(work: RoleWork, config: StudyConfig, say: Sentences) -> dict[str, Any]:
    assert work.fits is not None and work.fits.cfa.fit is not None
    record = work.fits.cfa.record
    observed = {name: (record.fit or {})["fit"].get(name) for name in _INDICES}
    form: dict[str, Any] = {"n": record.n, "observed": observed, "refusal": "", "levels": []}
    try:
        found = dynamic_cutoffs(work.fits.cfa.fit, np.random.default_rng(config.seed), config.dynamic_cutoffs)
    except MceError as error:
        return {**form, "refusal": refused(error, say)}
    return {**form, "levels": _levels(found), "true": _true(found)}


def _levels(found: DynamicCutoffs) -> list[dict[str, Any]]:
    return [
        {
            "level": each.level,
            "added": list(each.added),
            "replicates": each.replicates,
            **{name: defined(getattr(each, name).value) for name in _INDICES},
            **{f"{name}_share": defined(getattr(each, name).share) for name in _INDICES},
        }
        for each in found.levels
    ]


def _true(found: DynamicCutoffs) -> dict[str, Any]:
    """The 5 %, 50 % and 95 % quantiles of each index where the model is true."""
    return {name: [defined(value) for value in getattr(found, f"true_{name}")] for name in _INDICES}
