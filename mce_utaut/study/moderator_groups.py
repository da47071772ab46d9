"""A categorical moderator: whether paths differ between groups of respondents, behind the metric gate.

Groups of 100 and more; equal loadings of the measurement model come first (partial metric invariance suffices), then
one scaled difference test of all paths of the structural model and each difference with its interval (rules V5, V9).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from mce_utaut.errors import MceError
from mce_utaut.sem.fit import Fit, prepare
from mce_utaut.sem.invariance import Ladder, invariance_ladder
from mce_utaut.sem.options import FitOptions
from mce_utaut.sem.path_comparison import PathComparison, compare_paths
from mce_utaut.study.disclosure import shown
from mce_utaut.study.library_notes import refused
from mce_utaut.study.method_choice import LEAST_FOR_SEM
from mce_utaut.study.model_data import ModelData
from mce_utaut.study.model_text import ModelText, cfa_text, group_text, read_model
from mce_utaut.study.moderators import Resolved
from mce_utaut.study.numbers import defined
from mce_utaut.study.sentences import Sentences

GROUP = "group_"
_STEPS = {False: ("configural", "metric"), True: ("configural", "thresholds", "loadings")}


def compare_groups(
    found: Resolved,
    model: ModelText,
    data: ModelData,
    options: FitOptions,
    predictors: Collection[str],
    outcome: str,
    limit: int,
    say: Sentences,
) -> dict[str, Any]:
    """``refusal`` ("" where there are results), ``groups[]``, ``omnibus``, ``wald``, ``steps[]``, ``freed[]`` and
    ``differences[]`` (without p_holm: the family is larger than one moderator)."""
    member, labels = found.member, found.labels
    assert member is not None and labels is not None
    names = [name for name in data.columns if name not in model.structural_observed]
    answers = np.column_stack([data.columns[name] for name in names])
    missing = np.isnan(answers)
    usable = ~missing.all(axis=1) if options.missing == "fiml" else ~missing.any(axis=1)
    counts = Counter(key for key, used in zip(member, usable, strict=True) if used and key is not None)
    large = [key for key in labels if counts[key] >= LEAST_FOR_SEM]
    form: dict[str, Any] = {
        "groups": _groups(labels, counts, large, limit, say),
        "refusal": "",
        "level": "",
        "omnibus": None,
        "wald": None,
        "steps": [],
        "freed": [],
        "differences": [],
    }
    if len(large) < 2:
        return {**form, "refusal": say("moderation.few_groups", least=LEAST_FOR_SEM)}
    rows = usable & np.isin(member.astype(str), large)
    order = np.argsort([large.index(str(key)) for key in member[rows]], kind="stable")
    columns: dict[str, np.ndarray] = {name: data.columns[name][rows][order] for name in names}
    columns[GROUP] = member[rows][order]
    own = replace(options, engine="native", group=GROUP)
    try:
        text = group_text(model, ())
        ladder = invariance_ladder(
            cfa_text(read_model(text)), columns, own, steps=_STEPS[bool(own.ordered)], partial=True
        )
        form |= _steps(ladder)
        comparison = compare_paths(ladder, prepare(text, columns, ladder.prepared.options))
    except MceError as error:
        reached = form["steps"] and form["steps"][-1]["verdict"] not in ("holds", "not testable")
        reason = say("moderation.no_metric") if reached else say("moderation.no_fit", reason=refused(error, say))
        return {**form, "refusal": reason}
    if not (comparison.free.converged and comparison.free.proper):
        return {**form, "refusal": say("moderation.no_fit", reason=say("comparison.improper"))}
    return {**form, **_compared(comparison, predictors, outcome, labels)}


def _groups(
    labels: Mapping[str, str], counts: Counter[str], large: Collection[str], limit: int, say: Sentences
) -> list[dict[str, Any]]:
    """Sizes are hidden where one of them could point at few people, as in every table of respondents."""
    few = say("moderation.small_group", least=LEAST_FOR_SEM)
    return [
        {"group": key, "label": labels[key], "n": n, "used": key in large, "reason": "" if key in large else few}
        for key, n in zip(labels, shown([counts[key] for key in labels], limit), strict=True)
    ]


def _steps(ladder: Ladder) -> dict[str, Any]:
    steps = [
        {
            "level": step.after.label,
            "verdict": step.judgement.verdict,
            "delta_cfi": defined(step.judgement.delta_cfi),
            "delta_rmsea": defined(step.judgement.delta_rmsea),
            "delta_srmr": defined(step.judgement.delta_srmr),
            "chisq_diff": defined(step.test.chisq),
            "df_diff": step.test.df,
            "pvalue": defined(step.test.pvalue),
        }
        for step in ladder.steps
    ]
    return {"steps": steps, "freed": [name for each in ladder.freed for name in each.parameters]}


def _compared(
    comparison: PathComparison, predictors: Collection[str], outcome: str, labels: Mapping[str, str]
) -> dict[str, Any]:
    fit = comparison.free
    rows = []
    for each in comparison.differences:
        if each.outcome != outcome or each.predictor not in predictors:
            continue
        scale = _pooled_sd(fit, each.predictor) / _pooled_sd(fit, each.outcome)
        rows.append(
            {
                "outcome": each.outcome,
                "predictor": each.predictor,
                "reference": each.reference,
                "group": each.group,
                "reference_label": labels[each.reference],
                "group_label": labels[each.group],
                "estimate_reference": defined(each.estimate_reference),
                "estimate_group": defined(each.estimate_group),
                "estimate": defined(each.difference),
                "se": defined(each.se),
                "lower": defined(each.ci_lower),
                "upper": defined(each.ci_upper),
                "p": defined(each.pvalue),
                "standardised": defined(each.difference * scale),
                "standardised_lower": defined(each.ci_lower * scale),
                "standardised_upper": defined(each.ci_upper * scale),
            }
        )
    tests = {"omnibus": comparison.omnibus, "wald": comparison.wald}
    return {
        "level": comparison.level,
        **{
            key: {"chisq_diff": defined(t.chisq), "df_diff": t.df, "pvalue": defined(t.pvalue), "method": t.method}
            for key, t in tests.items()
        },
        "differences": rows,
    }


def _pooled_sd(fit: Fit, name: str) -> float:
    """The standard deviation within groups, of the fitted model."""
    at = (*fit.table.observed, *fit.table.latent).index(name)
    sizes = np.array([sample.n for sample in fit.samples], dtype=float)
    variances = np.array([implied.C[at, at] for implied in fit.implied])
    return float(np.sqrt(sizes @ variances / sizes.sum()))
