"""The named models side by side: fit of each, and difference tests of those nested in another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import permutations
from typing import Any

from mce_utaut.errors import UsageError
from mce_utaut.sem.nested_tests import difference_test
from mce_utaut.study.fitting import Fitted
from mce_utaut.study.model_text import ModelText, read_model
from mce_utaut.study.role import RoleWork

_MEASURES = ("chisq", "df", "pvalue", "cfi", "tli", "rmsea", "rmsea_ci_lower", "rmsea_ci_upper", "srmr")
_INFORMATION = ("logl", "npar", "aic", "bic")


def compare_models(works: Sequence[RoleWork]) -> dict[str, Any]:
    """Section ``model_comparison``: per role that has fits of at least two models, ``models`` and
    ``differences`` (keys in docs/study-result.md); empty where no role has.

    AIC and BIC compare only models of the same variables and rows: those share a number in ``set``. A
    difference test needs one model's paths within another's, everything else equal; it is scaled where
    the estimator is robust (``sem.nested_tests``). mce_seed and utaut2003 are nested in utaut_ext, not
    in each other.
    """
    roles = {}
    for work in works:
        if work.fits is None:
            continue
        fitted = [work.fits.structural, *work.fits.compared]
        if len(fitted) > 1:
            roles[work.result.role] = {"models": _rows(fitted), "differences": _differences(fitted)}
    return {"roles": roles} if roles else {}


def _rows(fitted: Sequence[Fitted]) -> list[dict[str, Any]]:
    sets: dict[tuple[frozenset[str], int], int] = {}
    rows = []
    for each in fitted:
        record = each.record
        text = read_model(record.syntax)
        number = sets.setdefault((frozenset(text.observed), record.n), len(sets) + 1)
        measures = {} if record.fit is None else record.fit["fit"]
        rows.append(
            {
                "model": record.name,
                "n": record.n,
                "set": number,
                "proper": each.usable,
                "refusal": record.refusal,
                **{name: measures.get(name) for name in (*_MEASURES, *_INFORMATION)},
                "r2": _explained(record.fit, text),
            }
        )
    return rows


def _explained(form: Mapping[str, Any] | None, text: ModelText) -> dict[str, float | None]:
    """R² of the outcomes of the paths."""
    if form is None:
        return {}
    return {path.outcome: form["r2"]["1"].get(path.outcome) for path in text.paths}


def _differences(fitted: Sequence[Fitted]) -> list[dict[str, Any]]:
    found = []
    for smaller, larger in permutations(fitted, 2):
        if smaller.fit is None or larger.fit is None or smaller.record.n != larger.record.n:
            continue
        if not (smaller.usable and larger.usable):
            continue
        if not _is_nested(read_model(smaller.record.syntax), read_model(larger.record.syntax)):
            continue
        try:
            test = difference_test(larger.fit, smaller.fit)
        except UsageError:
            continue
        if test.df < 1:
            continue
        found.append(
            {
                "model": smaller.record.name,
                "within": larger.record.name,
                "paths": [f"{end} ~ {start}" for end, start in sorted(_paths(larger) - _paths(smaller))],
                "chisq_diff": test.chisq,
                "df_diff": int(test.df),
                "pvalue": test.pvalue,
                "method": test.method,
            }
        )
    return found


def _is_nested(smaller: ModelText, larger: ModelText) -> bool:
    if set(smaller.observed) != set(larger.observed) or smaller.factors != larger.factors:
        return False
    one = {(path.outcome, path.predictor) for path in smaller.paths}
    other = {(path.outcome, path.predictor) for path in larger.paths}
    return one < other


def _paths(fitted: Fitted) -> set[tuple[str, str]]:
    return {(path.outcome, path.predictor) for path in read_model(fitted.record.syntax).paths}
