"""MIMIC: roles as dummy predictors of the factors, where a role has 60 to 99 respondents (method rule V7).

One covariance matrix for all (Jöreskog & Goldberger 1975, doi:10.2307/2285946; Muthén 1989,
doi:10.1007/BF02296397): loadings are taken as equal, which cannot be tested here. Score tests of the items' direct
effects find items that are answered differently at the same standing; the clearest is freed, one at a time, as long as
its factor keeps two others. A factor with such an item left is not compared.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
from scipy import stats

from mce_utaut.errors import MceError
from mce_utaut.sem.as_json import fit_to_json
from mce_utaut.sem.extended import extend
from mce_utaut.sem.fit import Fit, fit_model
from mce_utaut.sem.options import FitOptions
from mce_utaut.sem.path_comparison import holm
from mce_utaut.sem.table import Parameter
from mce_utaut.study.json_form import plain
from mce_utaut.study.library_notes import refused
from mce_utaut.study.model_text import ModelText, factors_left
from mce_utaut.study.role import RoleWork
from mce_utaut.study.role_ladder import GROUP, equivalence, joined_columns
from mce_utaut.study.sentences import Sentences

_ALPHA = 0.05
_LEAST_ITEMS = 2


def role_dummies(
    model: ModelText, works: Sequence[RoleWork], options: FitOptions, sesoi: float, say: Sentences
) -> dict[str, Any]:
    """The part ``mimic`` of the section (docs/study-result.md); the first of ``works`` is the reference."""
    left = tuple(dict.fromkeys(item for work in works for item in work.model.dropped))
    factors = factors_left(model, left)
    columns = joined_columns(works, [name for items in factors.values() for name in items])
    roles = columns.pop(GROUP)
    dummies = {f"is_{i}": work.result.role for i, work in enumerate(works) if i}
    columns |= {name: (roles == role).astype(float) for name, role in dummies.items()}
    form: dict[str, Any] = {
        "reference": works[0].result.role,
        "groups": [{"label": work.result.role, "n": work.result.method.n} for work in works],
        "refusal": "",
        "differences": [],
        "items": [],
        "note": say("comparison.mimic_note"),
    }
    own = replace(options, engine="native", ordered=(), estimator="MLR" if options.ordered else options.estimator)
    try:
        fit, items = _search(factors, dummies, columns, own)
    except MceError as error:
        return {**form, "refusal": say("comparison.no_mimic", reason=refused(error, say))}
    if not (fit.converged and fit.proper):
        return {**form, "refusal": say("comparison.no_mimic", reason=say("comparison.improper"))}
    form["items"] = [{key: value for key, value in row.items() if key != "dummy"} for row in items]
    form["differences"] = _differences(fit, factors, dummies, items, sesoi, works[0].result.role, say)
    return form


def _search(
    factors: Mapping[str, Sequence[str]],
    dummies: Mapping[str, str],
    columns: Mapping[str, np.ndarray],
    options: FitOptions,
) -> tuple[Fit, list[dict[str, Any]]]:
    """The model with the direct effects that it needs, and the last test of every item (of a freed one: that at
    which it was freed)."""
    freed: dict[tuple[str, str], dict[str, Any]] = {}
    while True:
        fit = fit_model(_text(factors, dummies, list(freed)), columns, options)
        rows = _direct_effects(fit, factors, dummies, freed)
        spare = [
            row
            for row in rows
            if row["flagged"]
            and sum((item, row["dummy"]) not in freed for item in factors[row["factor"]]) > _LEAST_ITEMS
        ]
        if not spare:
            order = [item for items in factors.values() for item in items]
            found = sorted([*freed.values(), *rows], key=lambda row: (order.index(row["item"]), row["dummy"]))
            return fit, found
        clearest = max(spare, key=lambda row: row["chisq"])
        freed[clearest["item"], clearest["dummy"]] = {**clearest, "freed": True}


def _text(
    factors: Mapping[str, Sequence[str]], dummies: Mapping[str, str], freed: Sequence[tuple[str, str]]
) -> str:
    lines = [f"{name} =~ {' + '.join(items)}" for name, items in factors.items()]
    lines += [f"{name} ~ {' + '.join(dummies)}" for name in factors]
    lines += [f"{one} ~~ {other}" for one, other in combinations(factors, 2)]
    lines += [f"{item} ~ {dummy}" for item, dummy in freed]
    return "\n".join(lines) + "\n"


def _direct_effects(
    fit: Fit,
    factors: Mapping[str, Sequence[str]],
    dummies: Mapping[str, str],
    freed: Collection[tuple[str, str]],
) -> list[dict[str, Any]]:
    """The score test of every direct effect that is not free, each alone; p adjusted by Holm."""
    owner = {item: factor for factor, items in factors.items() for item in items}
    keys = [(item, dummy) for item in owner for dummy in dummies if (item, dummy) not in freed]
    extension = extend(fit.objective, fit.t, [Parameter(item, "~", dummy, 1) for item, dummy in keys])
    at = {(row.lhs, row.rhs): i for i, row in enumerate(extension.added)}
    places = [at[key] for key in keys]
    gradient, spread = extension.gradient[places], np.diag(extension.schur)[places]
    known = spread > 0
    spread = np.where(known, spread, 1.0)
    chisq = np.where(known, fit.multiplier * gradient**2 / (2 * spread), np.nan)
    p = [float(value) for value in stats.chi2.sf(chisq, 1)]
    return [
        {
            "factor": owner[item],
            "item": item,
            "dummy": dummy,
            "group": dummies[dummy],
            "chisq": float(chisq[i]),
            "p": p[i],
            "p_holm": adjusted,
            "expected_change": float(-gradient[i] / spread[i]),
            "flagged": bool(adjusted < _ALPHA),
            "freed": False,
        }
        for i, ((item, dummy), adjusted) in enumerate(zip(keys, holm(p), strict=True))
    ]


def _differences(
    fit: Fit,
    factors: Mapping[str, Sequence[str]],
    dummies: Mapping[str, str],
    items: Sequence[Mapping[str, Any]],
    sesoi: float,
    reference: str,
    say: Sentences,
) -> list[dict[str, Any]]:
    found = []
    for row in plain(fit_to_json(fit))["parameters"]:
        if row["op"] != "~" or row["lhs"] not in factors or row["rhs"] not in dummies:
            continue
        own = [each for each in items if (each["factor"], each["dummy"]) == (row["lhs"], row["rhs"])]
        kept = sum(not each["flagged"] for each in own)
        head = {"factor": row["lhs"], "reference": reference, "group": dummies[row["rhs"]], "items_equal": kept}
        if any(each["flagged"] and not each["freed"] for each in own):
            found.append({**head, "refusal": say("comparison.items_differ")})
            continue
        sd = row["est"] / row["std_lv"] if row["std_lv"] else float(np.nan)
        d, se = row["std_lv"], row["se"] / sd if row["se"] is not None else None
        found.append(
            {
                **head,
                "refusal": "",
                "difference": row["est"],
                "se": row["se"],
                "p": row["pvalue"],
                "lower": row["ci_lower"],
                "upper": row["ci_upper"],
                "d": d,
                "d_lower": row["ci_lower"] / sd,
                "d_upper": row["ci_upper"] / sd,
                **equivalence(d, se, sesoi, fit.options.level),
            }
        )
    return found
