"""Section ``diffusion``: Rogers' attributes beside UTAUT, and adopter categories beside his shares."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mce_utaut.scoring.correlation import spearman
from mce_utaut.study.composition import raw_counts
from mce_utaut.study.config import StudyConfig
from mce_utaut.study.disclosure import shown
from mce_utaut.study.method_choice import LEAST_FOR_INFERENCE
from mce_utaut.study.numbers import defined
from mce_utaut.study.result import Interval
from mce_utaut.study.role import RoleWork
from mce_utaut.study.sentences import Sentences
from mce_utaut.study.shares import against_shares, goodman, wilson

# Innovators to laggards: Rogers 2003, Diffusion of innovations, 5th ed., figure 7-3.
ROGERS = {
    "innovator": 0.025,
    "early_adopter": 0.135,
    "early_majority": 0.34,
    "late_majority": 0.34,
    "laggard": 0.16,
}
# Rogers' attribute -> construct, and whether the construct is its opposite. Relative advantage and complexity
# are not asked twice: performance expectancy and effort expectancy stand for them (method rule T7).
ATTRIBUTES = {
    "relative_advantage": ("PE", False),
    "compatibility": ("COM", False),
    "complexity": ("EE", True),
    "trialability": ("TRI", False),
    "observability": ("OBS", False),
}


def diffusion(works: Sequence[RoleWork], config: StudyConfig, outcome: str, say: Sentences) -> dict[str, Any]:
    """The section (keys in docs/study-result.md); empty where neither was asked of anybody."""
    shown_works = [work for work in works if work.result.n >= config.disclosure_limit]
    adopters, tests = {}, {}
    for work in shown_works:
        found = _adopters(work, config, say)
        if found is not None:
            adopters[work.result.role], tests[work.result.role] = found
    attributes = {work.result.role: _attributes(work, config, outcome, say) for work in shown_works}
    attributes = {role: rows for role, rows in attributes.items() if rows}
    if not adopters and not attributes:
        return {}
    return {
        "adopters": adopters,
        "adopter_tests": tests,
        "attributes": attributes,
        "rogers": dict(ROGERS),
        "note": say("diffusion.note"),
    }


def _adopters(
    work: RoleWork, config: StudyConfig, say: Sentences
) -> tuple[list[dict[str, Any]], dict[str, Any]] | None:
    """Each category with intervals (alone: Wilson; together: Goodman), and the test against Rogers' shares."""
    question = next((q for q in work.instrument.questions() if q.purpose == "adopter"), None)
    if question is None or work.result.adopters is None:
        return None
    answers = work.screened.included.data[question.name]
    counts = list(raw_counts(answers, tuple(ROGERS)).values())
    n = sum(counts)
    if n == 0 or n != answers.notna().sum():
        return None  # categories of another theory
    cells = shown(counts, config.disclosure_limit)
    together = goodman(counts, config.confidence)
    inference = n >= LEAST_FOR_INFERENCE
    rows = []
    for (category, rogers), count, cell, (low, high) in zip(ROGERS.items(), counts, cells, together, strict=True):
        lower, upper = wilson(count, n, config.confidence)
        hide = cell is None or not inference
        rows.append(
            {
                "category": category,
                "n": cell,
                "share": None if cell is None else count / n,
                "lower": None if hide else lower,
                "upper": None if hide else upper,
                "joint_lower": None if hide else low,
                "joint_upper": None if hide else high,
                "rogers": rogers,
            }
        )
    return rows, _test(counts, n, None in cells, inference, config, say)


def _test(
    counts: Sequence[int], n: int, hidden: bool, inference: bool, config: StudyConfig, say: Sentences
) -> dict[str, Any]:
    """The test; where cells are hidden p is rounded and the statistic withheld, which would give them away."""
    nothing = {"n": n, "statistic": None, "df": None, "p": None, "method": "", "w": None}
    if not inference:
        return {**nothing, "sentence": say("diffusion.too_few", n=n)}
    found = against_shares(counts, tuple(ROGERS.values()))
    differs = found.p < 1 - config.confidence
    sentence = say("diffusion.differs" if differs else "diffusion.compatible", n=n)
    if hidden:
        return {**nothing, "df": found.df, "p": round(found.p, 2), "method": found.method, "sentence": sentence}
    return {
        "n": n,
        "statistic": found.statistic,
        "df": found.df,
        "p": found.p,
        "method": found.method,
        "w": found.w,
        "sentence": sentence,
    }


def _attributes(work: RoleWork, config: StudyConfig, outcome: str, say: Sentences) -> list[dict[str, Any]]:
    """Mean on 0-100 and rank correlation with the intention, of every attribute that was asked."""
    scales = {scale.construct: scale for scale in work.result.scales}
    if not any(name in scales for name in ("COM", "TRI", "OBS")):
        return []  # without an attribute of its own this would only repeat UTAUT
    target = work.scores.get(outcome)
    rows = []
    for attribute, (construct, opposite) in ATTRIBUTES.items():
        if construct not in scales:
            continue
        mean = _turned(scales[construct].pomp, 100.0) if opposite else scales[construct].pomp
        row: dict[str, Any] = {
            "attribute": attribute,
            "label": say(f"diffusion.attribute.{attribute}"),
            "construct": construct,
            "reversed": opposite,
            "n": scales[construct].n_scored,
            "mean": mean.estimate,
            "lower": mean.lower,
            "upper": mean.upper,
            "rho": None,
            "rho_lower": None,
            "rho_upper": None,
            "rho_n": 0,
        }
        if target is not None and construct != outcome:
            rank = spearman(work.scores[construct].values, target.values, config.confidence)
            if rank.n >= LEAST_FOR_INFERENCE:
                found = Interval(defined(rank.rho.estimate), defined(rank.rho.lower), defined(rank.rho.upper))
                found = _turned(found, 0.0) if opposite else found
                row |= {"rho": found.estimate, "rho_lower": found.lower, "rho_upper": found.upper, "rho_n": rank.n}
        rows.append(row)
    return rows


def _turned(found: Interval, whole: float) -> Interval:
    """``whole`` minus the estimate, the ends changing places."""

    def minus(value: float | None) -> float | None:
        return None if value is None else whole - value

    return Interval(minus(found.estimate), minus(found.upper), minus(found.lower), found.level, found.method)
