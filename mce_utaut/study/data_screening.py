"""Section ``screening``: signs of careless answering, what is missing, normality, floor and ceiling, per role."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mce_utaut.errors import NotEstimable
from mce_utaut.responses.careless import EXCLUDING, INDICES, CarelessSigns, careless_signs
from mce_utaut.responses.missingness import little_test
from mce_utaut.responses.model import Responses
from mce_utaut.scoring.factorability import MultivariateNormality, multivariate_normality
from mce_utaut.study.config import StudyConfig
from mce_utaut.study.disclosure import cannot_judge_hidden, shown
from mce_utaut.study.library_notes import refused
from mce_utaut.study.method_choice import LEAST_FOR_INFERENCE
from mce_utaut.study.model_data import item_codes
from mce_utaut.study.numbers import defined
from mce_utaut.study.role import RoleWork
from mce_utaut.study.sentences import Sentences
from mce_utaut.study.texts import column_of, offers_cannot_judge

_KINDS = ("cannot_judge", "no_answer", "not_shown", "unknown_blank")
_PATTERNS = 10
_EDGE = 0.15  # Terwee et al. 2007, doi:10.1016/j.jclinepi.2006.03.012
_ALPHA = 0.05


def data_screening(works: Sequence[RoleWork], config: StudyConfig, say: Sentences) -> dict[str, Any]:
    """The section (keys in docs/study-result.md); roles smaller than the disclosure limit are left out."""
    roles = {
        work.result.role: _role(work, config, say) for work in works if work.result.n >= config.disclosure_limit
    }
    return {"note": say("screening.note"), "roles": roles} if roles else {}


def _role(work: RoleWork, config: StudyConfig, say: Sentences) -> dict[str, Any]:
    signs = careless_signs(work.screened.everyone, work.instrument)
    columns = work.data.columns
    values = np.column_stack(list(columns.values()))
    return {
        "signs": _signs(work, signs, config, say),
        "flags": _flags(signs, config),
        "missing_items": _missing_items(work, work.screened.included, config.disclosure_limit),
        "missing_patterns": _patterns(values, list(columns), config.disclosure_limit),
        "little": _little(values, say),
        "mardia": _mardia(values, say),
        "edges": _edges(work),
    }


def _signs(work: RoleWork, signs: CarelessSigns, config: StudyConfig, say: Sentences) -> list[dict[str, Any]]:
    """Each index among all who consented, whether or not the study leaves respondents out for it."""
    rules = {"attention": config.exclude.failed_attention}
    rules |= {name: getattr(config.exclude, name) for name in EXCLUDING}
    rows = []
    for name in INDICES:
        assessed, flagged = int(signs.assessed[name].sum()), int(signs.flagged[name].sum())
        title = say(f"screening.index.{name}")
        rows.append(
            {
                "index": name,
                "title": title,
                "n": work.screened.everyone.n,
                "assessed": assessed,
                "flagged": flagged if assessed else None,
                "share": flagged / assessed if assessed else None,
                "excludes": bool(rules.get(name, False)),
                "remark": "" if assessed else _unassessed(name, say),
            }
        )
    return rows


def _unassessed(name: str, say: Sentences) -> str:
    return say("screening.not_assessable", reason=say(f"screening.unassessed.{name}"))


def _flags(signs: CarelessSigns, config: StudyConfig) -> list[dict[str, Any]]:
    """How many respondents have how many signs."""
    number = np.sum([signs.flagged[name] for name in INDICES], axis=0)
    counts = np.bincount(np.minimum(number, 3), minlength=4)
    cells = shown([int(count) for count in counts], config.disclosure_limit)
    return [{"signs": text, "n": cell} for text, cell in zip(("0", "1", "2", "3 or more"), cells, strict=True)]


def _missing_items(work: RoleWork, responses: Responses, limit: int) -> list[dict[str, Any]]:
    """How much of each item is missing. "Cannot judge" is an answer: a count of it below the limit is hidden, and as
    many other kinds as it takes for it not to follow from the total (all of them, where few answers are missing)."""
    codes = item_codes(work.instrument, list(work.data.columns), work.model.name)
    rows = []
    for name, code in codes.items():
        kinds = responses.missing[column_of(work.instrument, code)]
        counts = {kind: int((kinds == kind).sum()) for kind in _KINDS}
        total = int(np.isnan(work.data.columns[name]).sum())
        cells: dict[str, int | None] = dict(counts)
        offered = offers_cannot_judge(work.instrument, code)
        if cannot_judge_hidden(counts["cannot_judge"], sum(counts.values()), limit, offered):
            cells = dict(zip(_KINDS, shown(list(counts.values()), limit), strict=True))
        rows.append({"item": name, "n": responses.n, "missing": total, "share": total / responses.n, **cells})
    return rows


def _patterns(values: np.ndarray, names: Sequence[str], limit: int) -> list[dict[str, Any]]:
    """The most frequent sets of missing items; those of fewer respondents than ``limit`` are put together
    (how many gave no answer is always told; which few left out the same items is not)."""
    gaps, counts = np.unique(np.isnan(values), axis=0, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    rows, rest, kinds = [], 0, 0
    for i in order:
        if counts[i] < limit or len(rows) >= _PATTERNS:
            rest, kinds = rest + int(counts[i]), kinds + 1
            continue
        items = [name for name, gap in zip(names, gaps[i], strict=True) if gap]
        rows.append({"items": items, "missing": len(items), "n": int(counts[i]), "patterns": 1})
    if rest:
        rows.append({"items": [], "missing": None, "n": rest, "patterns": kinds})
    return rows


def _little(values: np.ndarray, say: Sentences) -> Mapping[str, Any]:
    nothing = {"n": None, "patterns": None, "chisq": None, "df": None, "p": None}
    if not np.isnan(values).any():
        return {**nothing, "sentence": say("screening.complete")}
    if len(values) < LEAST_FOR_INFERENCE:
        return {**nothing, "sentence": say("screening.few", n=len(values))}
    try:
        found = little_test(values)
    except NotEstimable as error:
        return {**nothing, "sentence": say("screening.no_little", reason=refused(error, say))}
    if not math.isfinite(found.p):
        return {**nothing, "sentence": say("screening.few", n=found.n)}
    key = "little_rejects" if found.p < _ALPHA else "little_open"
    return {
        "n": found.n,
        "patterns": found.patterns,
        "chisq": defined(found.chisq),
        "df": found.df,
        "p": defined(found.p),
        "sentence": say(f"screening.{key}"),
    }


def _mardia(values: np.ndarray, say: Sentences) -> Mapping[str, Any]:
    complete = int((~np.isnan(values).any(axis=1)).sum())
    if complete <= values.shape[1]:
        return {"n": complete, "remark": say("screening.no_mardia")}
    try:
        found = multivariate_normality(values)
    except (ValueError, np.linalg.LinAlgError):
        return {"n": complete, "remark": say("screening.no_mardia")}
    names = ("skewness", "skewness_chisq", "skewness_df", "skewness_p", "kurtosis", "kurtosis_z", "kurtosis_p")
    told = _mardia_sentence(found, values.shape[1], say)
    return {"n": found.n, **{name: getattr(found, name) for name in names}, "remark": "", "sentence": told}


def _mardia_sentence(found: MultivariateNormality, p: int, say: Sentences) -> str:
    """Where the kurtosis lies beside that of 95 in 100 normal samples of its size; p compares it with large ones."""
    half = 1.96 * found.kurtosis_spread
    low, high = found.kurtosis_expected - half, found.kurtosis_expected + half
    side = "below" if found.kurtosis < low else "above" if found.kurtosis > high else "within"
    show = say.numbers.plain
    return say(
        "screening.mardia", n=found.n, items=p, side=say(f"screening.side.{side}"), normal=show(p * (p + 2), 0),
        low=show(low, 1), high=show(high, 1),
    )  # fmt: skip


def _edges(work: RoleWork) -> list[dict[str, Any]]:
    """Items with more than 15 % of their answers at an end of the scale."""
    return [
        {"item": item.item, "construct": item.construct, "floor": item.floor, "ceiling": item.ceiling}
        for item in work.result.items
        if max(item.floor or 0.0, item.ceiling or 0.0) > _EDGE
    ]
