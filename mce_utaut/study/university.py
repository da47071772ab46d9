"""Section ``university``: one university beside all others together, only in a report asked for by that university.

Nothing of it is stored in the study's own result: it is computed when a report of one university is asked for. What it
may show must not give away the rest, even to somebody who holds the reports of all other universities and of the whole
study: a university is shown only where suppression (``disclosure.suppressed``) of the counts of all universities leaves
it visible. Means are whole points of 0-100, so that sums of answers do not follow from them. Managers are never shown
by university: their role and university together name persons.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mce_utaut.errors import UsageError
from mce_utaut.instrument.model import Instrument
from mce_utaut.scoring.two_groups import TwoGroups, compare_two
from mce_utaut.sem.path_comparison import holm
from mce_utaut.study.config import StudyConfig
from mce_utaut.study.disclosure import suppressed
from mce_utaut.study.method_choice import LEAST_FOR_INFERENCE
from mce_utaut.study.role import RoleWork
from mce_utaut.study.sentences import Sentences
from mce_utaut.study.texts import option_labels
from mce_utaut.survey.given import as_names

NEVER = ("manager",)


def university_name(hei: str, instruments: Mapping[str, Instrument]) -> str:
    """The university that ``hei`` (code, name or label of any language) means in the questionnaires. Raises
    ``UsageError`` with those they know."""
    known: dict[str, None] = {}
    for instrument in instruments.values():
        question = next((each for each in instrument.questions() if each.purpose == "hei"), None)
        options = instrument.scales[question.scale].options if question is not None and question.scale else ()
        names = [option.name for option in options]
        found = as_names(instrument, "hei", np.array([hei], dtype=object))[0]
        if found in names:
            return str(found)
        known |= dict.fromkeys(names)
    raise UsageError(f"There is no university {hei!r}. The questionnaires know {', '.join(known) or 'none'}.")


def university(works: Sequence[RoleWork], hei: str, config: StudyConfig, say: Sentences) -> dict[str, Any]:
    """The section of the university ``hei`` (its name in the questionnaires); keys in docs/study-result.md."""
    least = max(config.disclosure_limit, LEAST_FOR_INFERENCE)
    roles = {work.result.role: _role(work, hei, least, config, say) for work in works}
    return {
        "hei": hei,
        "label": _label(works, hei, config.language),
        "least": least,
        "note": say("university.note", least=least),
        "roles": roles,
    }


def _label(works: Sequence[RoleWork], hei: str, language: str) -> str:
    for work in works:
        question = next((each for each in work.instrument.questions() if each.purpose == "hei"), None)
        labels = option_labels(work.instrument, question, language)
        if hei in labels:
            return labels[hei]
    return hei


def _role(work: RoleWork, hei: str, least: int, config: StudyConfig, say: Sentences) -> dict[str, Any]:
    where = work.screened.included.meta["hei"].to_numpy(dtype=object)
    form: dict[str, Any] = {"title": work.result.title, "n": None, "n_others": None, "refusal": "", "rows": []}
    if work.result.role in NEVER:
        return form | {"refusal": say("university.never")}
    everybody = np.ones(len(where), dtype=bool)
    if not _visible(where, everybody, hei, least):
        return form | {"refusal": _why_hidden(where, hei, least, say)}
    own = where == hei
    rows = _rows(work, where, hei, least, config)
    return form | {"n": int(own.sum()), "n_others": int((~own).sum()), "rows": rows}


def _visible(where: np.ndarray, counted: np.ndarray, hei: str, least: int) -> bool:
    """Whether those of ``hei`` among the rows ``counted`` may be shown beside the total: neither they nor what is left
    after every university that may be shown is fewer than ``least``."""
    groups: dict[Any, int] = {hei: 0}
    for name in where[counted]:
        name = None if name is None or name != name else str(name)
        groups[name] = groups.get(name, 0) + 1
    hidden = dict(zip(groups, suppressed(list(groups.values()), least), strict=True))
    return groups[hei] >= least and not hidden[hei] and sum(groups.values()) - groups[hei] >= least


def _why_hidden(where: np.ndarray, hei: str, least: int, say: Sentences) -> str:
    """Why ``hei`` may not be shown: too few on one side, answers without a university, or another small university."""
    named = np.array([name is not None and name == name for name in where], dtype=bool)
    if _visible(where, named, hei, least):
        return say("university.unnamed", n=int((~named).sum()), least=least)
    own = int((where == hei).sum())
    return say("university.few" if min(own, len(where) - own) < least else "university.rest", least=least)


def _rows(work: RoleWork, where: np.ndarray, hei: str, least: int, config: StudyConfig) -> list[dict[str, Any]]:
    """Per scale of 0-100 the university and all others together; p by Welch's test, adjusted (Holm)."""
    compared: list[tuple[str, TwoGroups]] = []
    for name, score in work.scores.items():
        given = ~np.isnan(score.values)
        if not _visible(where, given, hei, least):
            continue
        points = 100 * (score.values - score.minimum) / (score.maximum - score.minimum)
        try:
            found = compare_two(points[where != hei], points[where == hei], level=config.confidence)
        except ValueError:  # nobody differs from anybody
            continue
        compared.append((name, found))
    adjusted = holm([found.p for _, found in compared])
    return [
        _row(name, found, float(p), 1 - config.confidence) for (name, found), p in zip(compared, adjusted, strict=True)
    ]


def _row(construct: str, found: TwoGroups, adjusted: float, alpha: float) -> dict[str, Any]:
    change = found.difference
    verdict = "open" if adjusted >= alpha else "higher" if found.t > 0 else "lower"
    return {
        "construct": construct,
        "n": found.n_second,
        "n_others": found.n_first,
        "mean": _whole(found.mean_second),
        "mean_others": _whole(found.mean_first),
        "difference": _whole(change.estimate),
        "lower": _whole(change.lower),
        "upper": _whole(change.upper),
        "p_holm": round(adjusted, 2),
        "verdict": verdict,
    }


def _whole(value: float) -> float:
    """A mean in whole points; without a negative zero."""
    return float(round(value)) + 0.0
