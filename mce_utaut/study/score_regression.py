"""Section ``regression``: the intention's scale score on those of its predictors, beside the structural model.

The founding report names regression and structural equation models; here both stand side by side. Scores hold
measurement error, so their paths are smaller than the model's where the reliabilities are low; they need fewer
assumptions and fewer respondents.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from mce_utaut.regression.clustered import cr2
from mce_utaut.regression.linear import LinearFit, hc3, in_standard_deviations, variance_inflation
from mce_utaut.regression.wild import wild_bootstrap
from mce_utaut.study.config import StudyConfig
from mce_utaut.study.method_choice import LEAST_CLUSTERS, LEAST_FOR_REGRESSION, LEAST_FOR_SEM
from mce_utaut.study.numbers import defined
from mce_utaut.study.result import PathEstimate
from mce_utaut.study.role import RoleWork
from mce_utaut.study.sentences import Sentences
from mce_utaut.study.structure import PRIMARY
from mce_utaut.study.university_spread import university_correlation

ROWS_PER_TERM = 5  # universities included; rule G1's ten hold for the predictors alone
LEAST_DF = 4.0


def regressions(works: Sequence[RoleWork], config: StudyConfig, outcome: str, say: Sentences) -> dict[str, Any]:
    """The section (keys in docs/study-result.md); empty where no role could be regressed."""
    roles = {work.result.role: _role(work, config, outcome, say) for work in works}
    if not any(role["rows"] for role in roles.values()):
        return {}
    return {"outcome": outcome, "roles": roles, "note": say("regression.note")}


def _role(work: RoleWork, config: StudyConfig, outcome: str, say: Sentences) -> dict[str, Any]:
    nothing: dict[str, Any] = {"n": 0, "predictors": [], "analyses": [], "rows": [], "beside": [], "clusters": None}
    asked = [path.predictor for path in work.model.text.paths if path.outcome == outcome]
    asked = [name for name in dict.fromkeys(asked) if name in work.scores]
    if outcome not in work.scores or not asked:
        return {**nothing, "reason": say("regression.no_scores")}
    y = work.scores[outcome].values
    complete = ~np.isnan(np.column_stack([y, *(work.scores[name].values for name in asked)])).any(axis=1)
    n = int(complete.sum())
    if n < LEAST_FOR_REGRESSION:
        return {**nothing, "n": n, "reason": say("regression.too_few", n=n, least=LEAST_FOR_REGRESSION)}
    names = asked
    if n < LEAST_FOR_SEM:
        names = [name for name in asked if name in config.small_sample_predictors]
        if not names:
            return {**nothing, "n": n, "reason": say("regression.no_predictors", n=n, least=LEAST_FOR_SEM)}
    predictors = {name: work.scores[name].values for name in names}
    universities = work.screened.included.meta["hei"].to_numpy(dtype=object)
    analyses, rows = _analyses(y, predictors, universities, config.confidence, config.seed, say)
    return {
        "reason": "" if len(names) == len(asked) else _two(n, names, say),
        "n": n,
        "predictors": names,
        "analyses": analyses,
        "rows": rows,
        "beside": _beside(work, rows, outcome),
        "clusters": _clusters(y, universities, config.confidence, config.disclosure_limit),
    }


def _two(n: int, names: Sequence[str], say: Sentences) -> str:
    return say("regression.two", n=n, least=LEAST_FOR_SEM, names=say.listed(list(names)))


def _analyses(
    y: np.ndarray,
    predictors: Mapping[str, np.ndarray],
    universities: np.ndarray,
    level: float,
    seed: int,
    say: Sentences,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Each way of looking at the regression: its summary, or why there is none, and its rows."""
    summaries: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    ways = {
        "hc3": lambda y, x: hc3(y, x, level=level),
        "fixed_effects": lambda y, x: _within(y, x, universities, level, say),
        "cr2": lambda y, x: _clustered(y, x, universities, level, say),
        "wild": lambda y, x: _wild(y, x, universities, level, seed, say),
    }
    for name, way in ways.items():
        title = say(f"regression.analysis.{name}")
        try:
            raw = way(y, predictors)
            z = {key: in_standard_deviations(values, raw.rows) for key, values in predictors.items()}
            beta = way(in_standard_deviations(y, raw.rows), z)
        except ValueError as error:
            known = str(error) if str(error).endswith(".") else say("regression.not_estimable")
            summaries.append({"analysis": name, "title": title, "n": None, "refusal": known})
            continue
        summaries.append(
            {
                "analysis": name,
                "title": title,
                "n": raw.n,
                "refusal": "",
                "r2": raw.r2,
                "r2_adjusted": raw.r2_adjusted,
                "r2_universities": raw.r2_controls if name == "fixed_effects" else None,
            }
        )
        rows += _rows(name, raw, beta, variance_inflation({key: x[raw.rows] for key, x in predictors.items()}))
    return summaries, rows


def _rows(analysis: str, raw: LinearFit, beta: LinearFit, inflation: Mapping[str, float]) -> list[dict[str, Any]]:
    return [
        {
            "analysis": analysis,
            "predictor": name,
            "n": raw.n,
            "estimate": defined(raw.estimate[i]),
            "lower": defined(raw.lower[i]),
            "upper": defined(raw.upper[i]),
            "se": defined(raw.se[i]),
            "df": defined(raw.df[i]),
            "p": defined(raw.p[i]),
            "beta": defined(beta.estimate[i]),
            "beta_lower": defined(beta.lower[i]),
            "beta_upper": defined(beta.upper[i]),
            "vif": defined(inflation[name]),
        }
        for i, name in enumerate(raw.names)
    ]


def _within(
    y: np.ndarray, x: Mapping[str, np.ndarray], universities: np.ndarray, level: float, say: Sentences
) -> LinearFit:
    """With a term for every university but the first: differences between universities are held equal. The term of a
    university with one respondent fits that row, which so has no part in slopes, residuals and degrees of freedom; it
    counts as in R's ``lm``, since n without it would tell how many universities have one respondent."""
    known = np.array([label is not None and label == label for label in universities])
    used = known & ~np.isnan(np.column_stack([y, *x.values()])).any(axis=1)
    labels, counts = np.unique(universities[used].astype(str), return_counts=True)
    if not labels.size:
        raise ValueError(say("regression.no_university"))
    kept = labels[counts > 1]
    if kept.size < 2:
        raise ValueError(say("regression.one_university"))
    rows = used & np.isin(universities.astype(str), kept)
    terms = len(x) + labels.size - 1
    if used.sum() < ROWS_PER_TERM * terms:
        raise ValueError(say("regression.too_many_terms", n=int(used.sum()), terms=terms, least=ROWS_PER_TERM * terms))
    controls = np.full((y.size, kept.size - 1), np.nan)
    controls[rows] = np.column_stack([universities[rows].astype(str) == label for label in kept[1:]])
    return _with_lone(hc3(y, x, controls, level), y, used)


def _with_lone(found: LinearFit, y: np.ndarray, rows: np.ndarray) -> LinearFit:
    """The fit with the respondents ``rows`` (n,), of whom those beyond its own have a term each."""
    share = float(np.var(y[found.rows]) * found.rows.sum() / (np.var(y[rows]) * rows.sum()))
    n, r2 = int(rows.sum()), 1 - (1 - found.r2) * share
    return replace(
        found,
        n=n,
        rows=rows,
        r2=r2,
        r2_adjusted=1 - (1 - r2) * (n - 1) / float(found.df[0]),
        r2_controls=1 - (1 - found.r2_controls) * share,
    )


def _clusters_of(
    y: np.ndarray, x: Mapping[str, np.ndarray], universities: np.ndarray, say: Sentences
) -> tuple[np.ndarray, np.ndarray]:
    """The outcome, NaN where the university is unknown, and the universities. Raises ``ValueError`` for too few."""
    known = np.array([label is not None and label == label for label in universities])
    used = known & ~np.isnan(np.column_stack([y, *x.values()])).any(axis=1)
    count = np.unique(universities[used].astype(str)).size
    if not count:
        raise ValueError(say("regression.no_university"))
    if count < LEAST_CLUSTERS:
        raise ValueError(say("regression.few_universities", n=int(count), least=LEAST_CLUSTERS))
    return np.where(known, y, np.nan), np.where(known, universities, "")


def _wild(
    y: np.ndarray, x: Mapping[str, np.ndarray], universities: np.ndarray, level: float, seed: int, say: Sentences
) -> LinearFit:
    outcome, clusters = _clusters_of(y, x, universities, say)
    return wild_bootstrap(outcome, x, clusters, np.random.default_rng(seed), level)


def _clustered(
    y: np.ndarray, x: Mapping[str, np.ndarray], universities: np.ndarray, level: float, say: Sentences
) -> LinearFit:
    outcome, clusters = _clusters_of(y, x, universities, say)
    found = cr2(outcome, x, clusters, level)
    if np.min(found.df) < LEAST_DF:
        raise ValueError(say("regression.few_df", df=say.numbers.plain(float(np.min(found.df)), 1)))
    return found


def _clusters(y: np.ndarray, universities: np.ndarray, level: float, limit: int) -> dict[str, Any] | None:
    """How much of the intention's spread lies between universities."""
    try:
        found = university_correlation(y, universities, level, limit)
    except ValueError:
        return None
    return {
        "universities": found.clusters,
        "n": found.n,
        "typical_size": found.typical_size,
        "icc": found.estimate,
        "icc_lower": defined(found.lower),
        "icc_upper": defined(found.upper),
        "design_effect": found.design_effect,
    }


def _beside(work: RoleWork, rows: Sequence[Mapping[str, Any]], outcome: str) -> list[dict[str, Any]]:
    """Each predictor's standardised path in the structural model and in the regression."""
    paths: dict[str, PathEstimate] = {
        path.predictor: path
        for path in work.result.paths
        if (path.analysis, path.model, path.outcome, path.method) == (PRIMARY, work.model.name, outcome, "sem")
    }
    found = []
    for row in rows:
        path = paths.get(row["predictor"])
        if row["analysis"] == "hc3" and path is not None:
            sem = path.standardised
            found.append(
                {
                    "predictor": row["predictor"],
                    "sem": sem.estimate,
                    "sem_lower": sem.lower,
                    "sem_upper": sem.upper,
                    "sem_n": path.n,
                    "regression": row["beta"],
                    "regression_lower": row["beta_lower"],
                    "regression_upper": row["beta_upper"],
                    "regression_n": row["n"],
                }
            )
    return found
