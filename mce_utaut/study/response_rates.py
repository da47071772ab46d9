"""Section ``response``: from invited to analysed, response rates, and whether late respondents answer otherwise.

Everybody invited counts as eligible, so that the rates are AAPOR's RR1 (submitted questionnaires over invited) and RR2
(with those broken off after consent); without the number invited there are counts only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mce_utaut.responses.model import Responses
from mce_utaut.scoring.two_groups import compare_two
from mce_utaut.sem.path_comparison import holm
from mce_utaut.study.config import StudyConfig
from mce_utaut.study.disclosure import shown
from mce_utaut.study.numbers import defined
from mce_utaut.study.role import RoleWork
from mce_utaut.study.sentences import Sentences
from mce_utaut.study.texts import option_labels

LEAST_IN_A_THIRD = 10
_NOT_STARTED = ("unusable", "duplicate")


def response_rates(works: Sequence[RoleWork], config: StudyConfig, say: Sentences) -> dict[str, Any]:
    """The section (keys in docs/study-result.md); empty where the study says neither who was invited nor that files
    stand in order of arrival."""
    if not config.invited and not config.arrival_order:
        return {}
    roles: dict[str, Any] = {}
    for work in works:
        if work.result.n < config.disclosure_limit:
            continue
        roles[work.result.role] = {**_flow(work, config), **_early_late(work, config, say)}
    return {"note": say("response.note"), "sesoi": config.sesoi_difference, "roles": roles} if roles else {}


def _flow(work: RoleWork, config: StudyConfig) -> dict[str, Any]:
    stated = config.invited.get(work.result.role)
    by_university: Mapping[str, int] = stated if isinstance(stated, Mapping) else {}
    invited = sum(by_university.values()) if by_university else stated
    flow = {step.code: step for step in work.result.flow}
    started = work.result.flow[0].n - sum(flow[code].removed for code in _NOT_STARTED if code in flow)
    if "other_wave" in flow:
        started -= flow["other_wave"].removed
    everyone = work.screened.everyone
    sent = everyone.meta["submitted"]
    submitted = int((sent == True).sum()) if sent.notna().any() else None  # noqa: E712 - None is no refusal
    counts = {"invited": invited, "started": started, "consented": everyone.n, "submitted": submitted}
    counts["analysed"] = work.result.n
    steps = [{"step": name, "n": n, "rate": _rate(n, invited)} for name, n in counts.items() if n is not None]
    limit, several = config.disclosure_limit, everyone.meta["wave"].nunique() > 1
    return {
        "invited": invited,
        "rr1": _rate(submitted, invited),
        "rr2": _rate(everyone.n, invited),
        "steps": steps,
        "universities": _by_university(work, everyone, by_university, limit, config.language),
        "languages": _counts(everyone, work.screened.included, "language", limit),
        "waves": _counts(everyone, work.screened.included, "wave", limit) if several else [],
    }


def _rate(n: int | None, invited: object) -> float | None:
    return n / invited if n is not None and isinstance(invited, int) and invited else None


def _by_university(
    work: RoleWork, everyone: Responses, invited: Mapping[str, int], limit: int, language: str
) -> list[dict[str, Any]]:
    """Those who consented, of those invited, where the study states it by university; small cells hidden."""
    if not invited:
        return []
    question = next((each for each in work.instrument.questions() if each.purpose == "hei"), None)
    labels = option_labels(work.instrument, question, language)
    answered = everyone.meta["hei"].dropna().astype(str).value_counts().to_dict()
    counts = [int(answered.get(name, 0)) for name in invited]
    rest = everyone.n - sum(counts)
    analysed = work.screened.included.meta["hei"].dropna().astype(str).value_counts().to_dict()
    kept = [int(analysed.get(name, 0)) for name in invited]
    cells = _both([*counts, rest], [*kept, work.result.n - sum(kept)], limit)
    return [
        {"university": labels.get(name, name), "invited": total, "n": n, "rate": _rate(n, total)}
        for (name, total), n in zip(invited.items(), cells, strict=False)
    ]


def _both(counts: Sequence[int], analysed: Sequence[int], limit: int) -> list[int | None]:
    """``counts`` as they may be shown beside those ``analysed``, which another table shows: few are left out in
    between, so a cell that is hidden there is hidden here."""
    pairs = zip(shown(counts, limit), shown(analysed, limit), strict=True)
    return [None if kept is None else n for n, kept in pairs]


def _counts(everyone: Responses, included: Responses, variable: str, limit: int) -> list[dict[str, Any]]:
    found = everyone.meta[variable].fillna("").astype(str).value_counts().sort_index()
    analysed = included.meta[variable].fillna("").astype(str).value_counts()
    cells = _both([int(n) for n in found], [int(analysed.get(name, 0)) for name in found.index], limit)
    return [{variable: str(name), "n": n} for name, n in zip(found.index, cells, strict=True)]


def _early_late(work: RoleWork, config: StudyConfig, say: Sentences) -> dict[str, Any]:
    """The first and the last third to answer, on every scale score: late respondents are taken to resemble those who
    did not answer (Armstrong & Overton 1977, doi:10.1177/002224377701400320)."""
    if not config.arrival_order:
        return {"early_late": [], "early_late_sentence": say("response.no_order")}
    meta = work.screened.included.meta
    place = np.full(len(meta), np.nan)
    for source in meta["source"].unique():
        own = (meta["source"] == source).to_numpy()
        rank = meta["source_row"].to_numpy()[own].argsort().argsort()
        place[own] = (rank + 0.5) / own.sum()
    early, late = place < 1 / 3, place > 2 / 3
    rows: list[dict[str, Any]] = []
    for name, score in work.scores.items():
        first, last = (score.values[side & ~np.isnan(score.values)] for side in (early, late))
        if min(first.size, last.size) < LEAST_IN_A_THIRD:
            continue
        try:
            found = compare_two(first, last, config.sesoi_difference, config.confidence)
        except ValueError:
            continue
        rows.append(
            {
                "construct": name,
                "n_early": found.n_first,
                "n_late": found.n_second,
                "mean_early": found.mean_first,
                "mean_late": found.mean_second,
                "g": found.g.estimate,
                "g_lower": defined(found.g.lower),
                "g_upper": defined(found.g.upper),
                "p": found.p,
                "equivalence_p": found.equivalence_p,
                "equivalent": bool(found.equivalence_p < 1 - config.confidence),
            }
        )
    for row, adjusted in zip(rows, holm([row["p"] for row in rows]), strict=True):
        row["p_holm"] = adjusted
    if not rows:
        return {"early_late": [], "early_late_sentence": say("response.too_few", least=3 * LEAST_IN_A_THIRD)}
    apart = [row["construct"] for row in rows if row["p_holm"] < 1 - config.confidence]
    alike = all(row["equivalent"] for row in rows)
    key = "differ" if apart else "alike" if alike else "open"
    names = say.listed([work.labels.get(name, name) for name in apart])
    bound = say.numbers.bounded(config.sesoi_difference)
    return {"early_late": rows, "early_late_sentence": say(f"response.{key}", names=names, bound=bound)}
