"""Latent checks of common method variance: one factor for everything, a method factor of all items, a marker variable.

None of them proves anything alone; they belong beside the measures taken beforehand (Podsakoff, MacKenzie, Lee &
Podsakoff 2003, doi:10.1037/0021-9010.88.5.879).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from scipy import stats

from mce_utaut.errors import MceError, NotEstimable
from mce_utaut.sem.estimates import Estimate, parameter_estimates
from mce_utaut.sem.fit import Fit, fit_model
from mce_utaut.sem.fit_indices import fit_indices
from mce_utaut.sem.nested_tests import difference_test
from mce_utaut.sem.options import FitOptions
from mce_utaut.study.library_notes import refused
from mce_utaut.study.model_data import ModelData
from mce_utaut.study.model_text import ModelText, one_factor_text
from mce_utaut.study.numbers import defined
from mce_utaut.study.sentences import Sentences

METHOD = "method_"


def one_factor(cfa: Fit, model: ModelText, data: ModelData, options: FitOptions, say: Sentences) -> dict[str, Any]:
    """The fit of one factor for all items beside that of the CFA, and the difference test (of scaled tests Satorra's of
    2000, which cannot turn negative; it needs complete answers, so with FIML there is none). Correlations of 1 are at
    the edge of what a CFA allows, so that the test is only a guide."""
    items = [item for own in model.factors.values() for item in own]
    form: dict[str, Any] = {"refusal": "", "fits": [], "chisq_diff": None, "df_diff": None, "pvalue": None}
    form["method"] = ""
    try:
        every = {name: data.columns[name] for name in items}
        own = _rows(every, data, options)
        fit = fit_model(one_factor_text("all_", items), own, replace(options, engine="native"))
        if not fit.converged:
            return {**form, "refusal": say("common_method.not_converged")}
        form["fits"] = [_indices("cfa", cfa), _indices("one_factor", fit)]
        if model.structural_observed:
            return form
        if cfa.test.is_scaled and options.missing == "fiml":
            return form  # what remains of the scaling factors of models so unlike can be near or below zero
        test = difference_test(cfa, fit, "satorra.2000" if cfa.test.is_scaled else "default")
    except MceError as error:
        return {**form, "refusal": refused(error, say)}
    found = {"chisq_diff": defined(test.chisq), "df_diff": test.df, "pvalue": defined(test.pvalue)}
    return form | found | {"method": test.method}


def common_factor(
    structural: Fit, model: ModelText, data: ModelData, options: FitOptions, outcome: str, say: Sentences
) -> dict[str, Any]:
    """The structural model with a method factor: all items load on it equally, it is uncorrelated with the constructs.

    ``variance`` is what the method factor takes up of every item (λ², in points², loadings fixed to 1), which may be
    estimated below zero: then there is none; ``share`` is its mean share of an item's variance; the difference test;
    every path before and after. Where the loadings of each construct are equal, such a factor cannot be told apart from
    correlations of the constructs: refused."""
    form: dict[str, Any] = {"refusal": "", "variance": None, "share": None, "paths": [], "sentence": ""}
    form |= {"chisq_diff": None, "df_diff": None, "pvalue": None, "largest_change": None, "method": ""}
    items = [item for own in model.factors.values() for item in own]
    try:
        columns = _rows(dict(data.columns), data, options)
        fit = fit_model(_with_method(model, items), columns, replace(options, engine="native"))
        rows = parameter_estimates(fit)
        variance = next(row.est for row in rows if row.lhs == row.rhs == METHOD)
        if not fit.converged or not (fit.proper or variance <= 0):
            return {**form, "refusal": say("common_method.improper")}
        test = difference_test(fit, structural)
    except NotEstimable:
        return {**form, "refusal": say("common_method.not_identified")}
    except MceError as error:
        return {**form, "refusal": refused(error, say)}
    spread = [_variance(fit, item) for item in items]
    share = float(np.mean([variance / each for each in spread]))
    paths = _paths(rows, parameter_estimates(structural))
    changes = [abs(path["change"]) for path in paths if path["change"] is not None and path["outcome"] == outcome]
    change = max(changes) if changes else None
    key = "none" if variance <= 0 else "some"
    words = {"share": say.numbers.percent(share), "change": "–" if change is None else say.numbers.bounded(change)}
    return form | {
        "variance": float(variance),
        "share": share,
        "sentence": say(f"common_method.factor_{key}", **words),
        "chisq_diff": defined(test.chisq),
        "df_diff": test.df,
        "pvalue": defined(test.pvalue),
        "method": test.method,
        "paths": paths,
        "largest_change": change,
    }


def _with_method(model: ModelText, items: Sequence[str]) -> str:
    """The model with the method factor beside its constructs, uncorrelated with those that no path explains."""
    outcomes = {path.outcome for path in model.paths}
    lines = [
        model.text,
        f"{METHOD} =~ " + " + ".join(f"1*{item}" for item in items),
        f"{METHOD} ~~ start(0.05)*{METHOD}",
        *(f"{METHOD} ~~ 0*{name}" for name in model.factors if name not in outcomes),
    ]
    return "\n".join(lines)


def _paths(rows: Sequence[Estimate], without: Sequence[Estimate]) -> list[dict[str, Any]]:
    """Every path with the method factor beside the same path without it, standardised."""
    before = {(row.lhs, row.rhs): row for row in without if row.op == "~"}
    return [
        {
            "outcome": row.lhs,
            "predictor": row.rhs,
            "without": defined(before[row.lhs, row.rhs].std_all),
            "without_lower": defined(before[row.lhs, row.rhs].std_all_ci_lower),
            "without_upper": defined(before[row.lhs, row.rhs].std_all_ci_upper),
            "with": defined(row.std_all),
            "with_lower": defined(row.std_all_ci_lower),
            "with_upper": defined(row.std_all_ci_upper),
            "change": defined(row.std_all - before[row.lhs, row.rhs].std_all),
        }
        for row in rows
        if row.op == "~"
    ]


def marker_correlations(
    scores: Mapping[str, np.ndarray], marker: np.ndarray, outcome: str
) -> dict[str, Any]:
    """Correlations of the outcome's score with each other score, as they are and with the marker's part taken out.

    r_m is the marker's mean absolute correlation with the scores; adjusted r = (r - r_m) / (1 - r_m), tested by t on
    n - 3 (Lindell & Whitney 2001, doi:10.1037/0021-9010.86.1.114), and again with its largest one. Raises
    ``ValueError`` for fewer than ten complete rows or scores that do not vary.
    """
    names = list(scores)
    values = np.column_stack([marker, *scores.values()])
    values = values[~np.isnan(values).any(axis=1)]
    n = len(values)
    if n < 10 or (np.ptp(values, axis=0) == 0).any():
        raise ValueError("too few rows, or scores that do not vary")
    correlation = np.corrcoef(values, rowvar=False)
    own = np.abs(correlation[0, 1:])
    at = 1 + names.index(outcome)
    rows = []
    for i, name in enumerate(names, start=1):
        if i == at:
            continue
        row = {"construct": name, "n": n, "r": float(correlation[at, i]), "with_marker": float(correlation[0, i])}
        for key, r_m in (("mean", float(own.mean())), ("largest", float(own.max()))):
            adjusted = (correlation[at, i] - r_m) / (1 - r_m)
            t = adjusted * math.sqrt((n - 3) / max(1e-300, 1 - adjusted**2))
            row |= {f"r_{key}": float(adjusted), f"p_{key}": float(2 * stats.t.sf(abs(t), n - 3))}
        rows.append(row)
    return {"n": n, "r_mean": float(own.mean()), "r_largest": float(own.max()), "rows": rows}


def _variance(fit: Fit, item: str) -> float:
    at = (*fit.table.observed, *fit.table.latent).index(item)
    return float(fit.implied[0].C[at, at])


def _rows(columns: Mapping[str, np.ndarray], data: ModelData, options: FitOptions) -> dict[str, np.ndarray]:
    if options.missing == "fiml":
        return dict(columns)
    return {name: values[data.complete] for name, values in columns.items()}


def _indices(model: str, fit: Fit) -> dict[str, Any]:
    found = fit_indices(fit)
    suffix = "_robust" if math.isfinite(found.get("cfi_robust", math.nan)) else ""
    return {
        "model": model,
        "chisq": defined(found.get("chisq_scaled", found["chisq"])),
        "df": fit.test.df,
        "cfi": defined(found[f"cfi{suffix}"]),
        "rmsea": defined(found[f"rmsea{suffix}"]),
        "srmr": defined(found["srmr"]),
    }
