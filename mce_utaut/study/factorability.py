"""Section ``factorability``: whether a role's items can be factored, and how many dimensions they show (rule S5).

For pilots and reviewers: theory fixed the model, and these checks look at the same respondents as its CFA, so that they
confirm nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from mce_utaut.scoring.factorability import correlation_of, parallel_analysis, sampling_adequacy, sphericity
from mce_utaut.study.config import StudyConfig
from mce_utaut.study.role import RoleWork
from mce_utaut.study.sentences import Sentences

LEAST = 30
_USABLE = 0.60  # Kaiser 1974, doi:10.1007/BF02291575


def factorability(works: Sequence[RoleWork], config: StudyConfig, say: Sentences) -> dict[str, Any]:
    """The section (keys in docs/study-result.md); empty where no role has 30 complete answers."""
    roles = {work.result.role: _role(work, config, say) for work in works if work.data.n >= LEAST}
    return {"note": say("factorability.note"), "least_kmo": _USABLE, "roles": roles} if roles else {}


def _role(work: RoleWork, config: StudyConfig, say: Sentences) -> dict[str, Any]:
    factors = work.model.text.factors
    items = [item for own in factors.values() for item in own]
    answers = np.column_stack([work.data.columns[item] for item in items])
    n = int((~np.isnan(answers).any(axis=1)).sum())
    form: dict[str, Any] = {"n": n, "items": len(items), "constructs": len(factors), "refusal": ""}
    nothing = {"kmo": None, "bartlett": None, "parallel": None, "item_kmo": [], "sentence": ""}
    try:
        correlation = correlation_of(answers)
    except (ValueError, np.linalg.LinAlgError):
        return {**form, **nothing, "refusal": say("factorability.refused")}
    adequacy, test = sampling_adequacy(correlation), sphericity(correlation, n)
    parallel = parallel_analysis(correlation, n, np.random.default_rng(config.seed))
    key = "as_many" if parallel.components == len(factors) else "other"
    low = [item for item, value in zip(items, adequacy.items, strict=True) if value < _USABLE]
    said = say(f"factorability.{key}", n=parallel.components, constructs=len(factors))
    if low:
        said += " " + say("factorability.low_items", items=say.listed(low))
    return {
        **form,
        "kmo": adequacy.overall,
        "item_kmo": [{"item": item, "kmo": value} for item, value in zip(items, adequacy.items, strict=True)],
        "bartlett": {"chisq": test.chisq, "df": test.df, "p": test.p},
        "parallel": {
            "components": parallel.components,
            "quantile": parallel.quantile,
            "eigenvalues": list(parallel.eigenvalues),
            "limits": list(parallel.limits),
        },
        "sentence": said,
    }
