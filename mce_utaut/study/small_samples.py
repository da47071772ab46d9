"""Section ``small_samples``: what the method ladder (rule G1) allows beside the primary analysis of a smaller role.

60-199 respondents: local SAM and, below 100, Croon's factor-score regression, which take measurement error out without
one large model; 100-199: the chi-square corrected by Swain and Bartlett. 10-59: a Bayesian regression of scale
scores under several priors. All are checks: no verdict rests on them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from mce_utaut.errors import MceError
from mce_utaut.regression.bayes import standardised_posterior
from mce_utaut.sem.croon import croon_regression
from mce_utaut.sem.estimates import Estimate
from mce_utaut.sem.fit import Fit, fit_model
from mce_utaut.sem.options import FitOptions
from mce_utaut.sem.sam import local_sam
from mce_utaut.sem.small_samples import small_sample_tests
from mce_utaut.study.config import StudyConfig
from mce_utaut.study.library_notes import refused
from mce_utaut.study.method_choice import (
    LEAST_FOR_EVERYTHING,
    LEAST_FOR_INFERENCE,
    LEAST_FOR_REGRESSION,
    LEAST_FOR_SEM,
)
from mce_utaut.study.model_text import group_text
from mce_utaut.study.numbers import defined
from mce_utaut.study.role import RoleWork
from mce_utaut.study.sentences import Sentences

_LEAST_ALONE = 3  # items that identify the loadings of a factor by itself
_WEAK, _SCEPTICAL = 0.5, 0.2  # standard deviations of priors around zero, of standardised slopes


def small_samples(works: Sequence[RoleWork], config: StudyConfig, outcome: str, say: Sentences) -> dict[str, Any]:
    """The section (keys in docs/study-result.md); empty where every role is large, or tiny."""
    roles: dict[str, Any] = {}
    for work in works:
        n = work.result.method.n
        if LEAST_FOR_REGRESSION <= n < LEAST_FOR_EVERYTHING:
            roles[work.result.role] = _two_step(work, config, outcome, say)
        elif LEAST_FOR_INFERENCE <= n < LEAST_FOR_REGRESSION:
            found = _bayes(work, config, outcome, say)
            if found:
                roles[work.result.role] = found
    return {"note": say("small.note"), "outcome": outcome, "roles": roles} if roles else {}


def _two_step(work: RoleWork, config: StudyConfig, outcome: str, say: Sentences) -> dict[str, Any]:
    n = work.result.method.n
    form: dict[str, Any] = {"n": n, "methods": [], "rows": [], "corrected": [], "priors": []}
    text = group_text(work.model.text, ())
    names = [name for name in work.data.columns if name not in work.model.text.structural_observed]
    complete = {name: values[work.data.complete] for name, values in work.data.columns.items() if name in names}
    every = {name: values for name, values in work.data.columns.items() if name in names}
    answered = ~np.isnan(np.column_stack(list(every.values()))).all(axis=1)
    every = {name: values[answered] for name, values in every.items()}
    options = FitOptions(level=config.confidence, seed=config.seed)
    fiml = config.missing == "fiml"

    def sam() -> tuple[Sequence[Estimate], Sequence[Fit], int]:
        data, missing = (every, "fiml") if fiml else (complete, "listwise")
        found = local_sam(text, data, replace(options, missing=missing), measured_together(work.model.text.factors))
        return found.estimates, (*found.blocks, found.structure), found.structure.total

    def croon() -> tuple[Sequence[Estimate], Sequence[Fit], int]:
        found = croon_regression(text, complete, options)
        return found.estimates, (*found.blocks, found.structure), found.structure.total

    ways = {"sam": sam, "croon": croon} if n < LEAST_FOR_SEM else {"sam": sam}
    for name, way in ways.items():
        _add(form, name, way, outcome, say)
    key = "two_step" if n < LEAST_FOR_SEM else "check"
    form["reason"] = say(f"small.{key}", cases=work.result.method.cases, full=LEAST_FOR_EVERYTHING, sem=LEAST_FOR_SEM)
    if n >= LEAST_FOR_SEM:
        form["corrected"] = _corrected(work, options)
    return form


def measured_together(factors: Mapping[str, Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    """The blocks of the first step: each factor alone, but those with two items, whose loadings a block of their own
    does not identify, in one block; a single such factor with the last of the others. ``()`` where there is none."""
    short = [name for name, items in factors.items() if len(items) < _LEAST_ALONE]
    if not short or len(factors) == 1:
        return ()
    alone = [name for name in factors if name not in short]
    if len(short) == 1:
        short.append(alone.pop())
    return (*((name,) for name in alone), tuple(short))


def _add(
    form: dict[str, Any],
    name: str,
    way: Callable[[], tuple[Sequence[Estimate], Sequence[Fit], int]],
    outcome: str,
    say: Sentences,
) -> None:
    title = say(f"small.method.{name}")
    try:
        estimates, fits, n = way()
    except MceError as error:
        refusal = refused(error, say)
        form["methods"].append({"method": name, "title": title, "n": None, "refusal": refusal})
        return
    if not all(fit.converged and fit.proper for fit in fits):
        form["methods"].append({"method": name, "title": title, "n": n, "refusal": say("small.improper")})
        return
    form["methods"].append({"method": name, "title": title, "n": n, "refusal": ""})
    form["rows"] += [
        {
            "method": name,
            "outcome": each.lhs,
            "predictor": each.rhs,
            "n": n,
            "estimate": defined(each.est),
            "se": defined(each.se),
            "lower": defined(each.ci_lower),
            "upper": defined(each.ci_upper),
            "p": defined(each.pvalue),
            "standardised": defined(each.std_all),
            "standardised_lower": defined(each.std_all_ci_lower),
            "standardised_upper": defined(each.std_all_ci_upper),
        }
        for each in estimates
        if each.op == "~" and each.lhs == outcome
    ]


def _corrected(work: RoleWork, options: FitOptions) -> list[dict[str, Any]]:
    """The test of the structural model by ML on complete answers, plain and corrected."""
    try:
        fit = fit_model(work.model.text.text, work.data.listwise(), replace(options, estimator="ML"))
        tests = small_sample_tests(fit)
    except MceError:
        return []
    if not fit.converged:
        return []
    plain = {"test": "plain", "factor": 1.0, "chisq": fit.test.chisq, "df": fit.test.df, "pvalue": fit.test.pvalue}
    return [
        {**plain, "n": fit.total},
        *(
            {"test": name, "factor": t.factor, "chisq": t.chisq, "df": t.df, "pvalue": t.pvalue, "n": fit.total}
            for name, t in tests.items()
        ),
    ]


def _bayes(work: RoleWork, config: StudyConfig, outcome: str, say: Sentences) -> dict[str, Any] | None:
    """The regression on the two predictors named, under a flat prior, one that allows anything plausible, one that
    doubts, and the study's own where it states one."""
    named = [name for name in config.small_sample_predictors if name in work.scores]
    if outcome not in work.scores or not named:
        return None
    predictors = {name: work.scores[name].values for name in named}
    priors: dict[str, list[tuple[float, float]]] = {
        "flat": [(0.0, np.inf)] * len(named),
        "weak": [(0.0, _WEAK)] * len(named),
        "sceptical": [(0.0, _SCEPTICAL)] * len(named),
    }
    if set(named) <= set(config.priors):
        priors["own"] = [(config.priors[name].mean, config.priors[name].sd) for name in named]
    rows = []
    for key, prior in priors.items():
        mean, sd = (np.array(side) for side in zip(*prior, strict=True))
        try:
            found = standardised_posterior(work.scores[outcome].values, predictors, mean, sd, config.confidence)
        except ValueError:
            return None
        rows += [
            {
                "prior": key,
                "title": say(f"small.prior.{key}"),
                "predictor": name,
                "n": found.n,
                "prior_mean": prior[i][0],
                "prior_sd": defined(prior[i][1]),
                "estimate": float(found.mean[i]),
                "sd": float(found.sd[i]),
                "lower": float(found.lower[i]),
                "upper": float(found.upper[i]),
                "above_zero": float(found.above_zero[i]),
            }
            for i, name in enumerate(found.names)
        ]
    reason = say("small.bayes", cases=work.result.method.cases, predictors=say.listed(named))
    n = work.result.method.n
    return {"n": n, "reason": reason, "methods": [], "rows": [], "corrected": [], "priors": rows}
