"""Sections ``common_method`` and ``universities``: could one source explain the answers, and do universities differ?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from mce_utaut.regression.linear import variance_inflation
from mce_utaut.scoring.factorability import correlation_of, first_factor
from mce_utaut.study.config import StudyConfig
from mce_utaut.study.fitting import options_for
from mce_utaut.study.method_choice import LEAST_FOR_REGRESSION, LEAST_FOR_SEM
from mce_utaut.study.method_factor import common_factor, marker_correlations, one_factor
from mce_utaut.study.numbers import defined
from mce_utaut.study.role import RoleWork
from mce_utaut.study.sentences import Sentences
from mce_utaut.study.university_spread import university_correlation

_LARGEST_VIF = 3.3  # Kock 2015, doi:10.4018/ijec.2015100101


def common_method(works: Sequence[RoleWork], config: StudyConfig, outcome: str, say: Sentences) -> dict[str, Any]:
    """The section (keys in docs/study-result.md) for roles of 60 and more; empty where there is none.

    Harman's share is of one component and of one common factor of the model's items (Podsakoff et al. 2003); full
    collinearity VIF of each scale score on all others, the outcome among them (Kock 2015); where a role has a
    structural model, one factor for everything and a method factor; a marker variable where the study names one.
    """
    roles = {
        work.result.role: _role(work, say) | _latent(work, config, outcome, say) | _marker(work, config, outcome, say)
        for work in works
        if work.data.n >= LEAST_FOR_REGRESSION
    }
    if not roles:
        return {}
    return {"note": say("common_method.note"), "outcome": outcome, "limit_vif": _LARGEST_VIF, "roles": roles}


def _latent(work: RoleWork, config: StudyConfig, outcome: str, say: Sentences) -> dict[str, Any]:
    """The parts ``one_factor`` and ``method_factor``; null where there is no usable structural model."""
    fits = work.fits
    if fits is None or not (fits.cfa.usable and fits.structural.usable):
        return {"one_factor": None, "method_factor": None}
    cfa, structural = fits.cfa.fit, fits.structural.fit
    assert cfa is not None and structural is not None
    model, options = work.model.text, options_for(config)
    return {
        "one_factor": one_factor(cfa, model, work.data, options, say),
        "method_factor": common_factor(structural, model, work.data, options, outcome, say),
    }


def _marker(work: RoleWork, config: StudyConfig, outcome: str, say: Sentences) -> dict[str, Any]:
    """The part ``marker``; null where the study names none."""
    if not config.marker:
        return {"marker": None}
    scores = {name: work.scores[name].values for name in work.model.text.factors if name in work.scores}
    if config.marker not in work.scores or outcome not in scores:
        return {"marker": {"refusal": say("common_method.no_marker"), "rows": []}}
    try:
        found = marker_correlations(scores, work.scores[config.marker].values, outcome)
    except ValueError:
        return {"marker": {"refusal": say("common_method.no_marker_scores"), "rows": []}}
    return {"marker": {"refusal": "", **found}}


def university_spread(works: Sequence[RoleWork], config: StudyConfig, say: Sentences) -> dict[str, Any]:
    """The section (keys in docs/study-result.md): ICC(1) and design effect of every scale score by university, for
    roles of 100 and more; empty where universities are not known."""
    roles: dict[str, Any] = {}
    for work in works:
        if work.result.n < LEAST_FOR_SEM:
            continue
        universities = work.screened.included.meta["hei"].to_numpy(dtype=object)
        rows = []
        for name, score in work.scores.items():
            try:
                found = university_correlation(
                    score.values, universities, config.confidence, config.disclosure_limit
                )
            except ValueError:
                continue
            rows.append(
                {
                    "construct": name,
                    "n": found.n,
                    "universities": found.clusters,
                    "typical_size": found.typical_size,
                    "icc": found.estimate,
                    "lower": defined(found.lower),
                    "upper": defined(found.upper),
                    "design_effect": found.design_effect,
                    "effective_n": found.n / found.design_effect,
                }
            )
        if rows:
            roles[work.result.role] = {"scales": rows}
    return {"note": say("universities.note"), "roles": roles} if roles else {}


def _role(work: RoleWork, say: Sentences) -> dict[str, Any]:
    factors = {item for items in work.model.text.factors.values() for item in items}
    answers = np.column_stack([values for name, values in work.data.columns.items() if name in factors])
    form: dict[str, Any] = {"n": work.data.n, "component_share": None, "factor_share": None, "vif": [], "sentence": ""}
    try:
        found = first_factor(correlation_of(answers))
        form |= {"component_share": found.component, "factor_share": found.factor}
    except (ValueError, np.linalg.LinAlgError):
        form["sentence"] = say("common_method.no_harman")
    scores = {name: work.scores[name].values for name in work.model.text.factors if name in work.scores}
    complete = ~np.isnan(np.column_stack(list(scores.values()))).any(axis=1) if scores else np.zeros(0, dtype=bool)
    if len(scores) > 1 and complete.sum() > len(scores) + 1:
        inflation = variance_inflation({name: values[complete] for name, values in scores.items()})
        n = int(complete.sum())
        form["vif"] = [{"construct": name, "n": n, "vif": defined(v)} for name, v in inflation.items()]
        high = [name for name, v in inflation.items() if v > _LARGEST_VIF]
        key = "high" if high else "low"
        said = say(f"common_method.{key}", names=say.listed([work.labels.get(each, each) for each in high]))
        form["sentence"] = f"{form['sentence']} {said}".strip()
    return form
