"""The verdict on one step of an invariance ladder: changes of fit against cut-offs, never the chi-square alone.

Cut-offs: Chen (2007, doi 10.1080/10705510701301834), Cheung & Rensvold (2002). The stricter ones hold for fewer than
300 cases in all, or where the largest group is more than half as large again as the smallest.

Ordered items are judged by the plain indices: the robust ones of ordered data (Savalei 2021) and lavaan's ``srmr`` look
at correlations only and cannot see unequal thresholds or intercepts, and the scaled ones move with the df alone.
The cut-offs were found for ML.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Literal

Verdict = Literal["holds", "doubtful", "does not hold", "not testable"]
HELD: tuple[Verdict, ...] = ("holds", "not testable")  # on which the next level may build
NAN = float("nan")
SMALL_TOTAL, UNEQUAL_RATIO = 300, 1.5
_LOADING_STEPS = ("metric", "thresholds", "loadings")


@dataclass(frozen=True, slots=True)
class Cutoffs:
    """How far CFI may fall and RMSEA and SRMR may rise; ``strict`` says whether the stricter values are in force."""

    cfi: float
    rmsea: float
    srmr: float
    strict: bool


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict, the indices it rests on (robust, scaled or plain), their changes, and the cut-offs.

    ``holds``: CFI falls by no more than its cut-off, and RMSEA or SRMR stays within its own; ``does not
    hold``: CFI falls by more, and RMSEA or SRMR rises by more; ``doubtful``: anything between; ``not
    testable``: the step adds no restriction.
    """

    verdict: Verdict
    basis: str
    delta_cfi: float
    delta_rmsea: float
    delta_srmr: float
    cutoffs: Cutoffs


def cutoffs_for(level: str, sizes: Sequence[int]) -> Cutoffs:
    """The cut-offs of the step to ``level`` for groups of these sizes."""
    strict = sum(sizes) < SMALL_TOTAL or max(sizes) > UNEQUAL_RATIO * min(sizes)
    loadings = level in _LOADING_STEPS
    if strict:
        return Cutoffs(0.005, 0.010, 0.025 if loadings else 0.005, True)
    return Cutoffs(0.010, 0.015, 0.030 if loadings else 0.010, False)


def basis_of(before: Mapping[str, float], after: Mapping[str, float]) -> str:
    """The suffix of the indices to compare: robust ones where both fits have them, else scaled, else plain."""
    for suffix in ("_robust", "_scaled"):
        names = (f"cfi{suffix}", f"rmsea{suffix}")
        if all(isfinite(fit.get(name, NAN)) for fit in (before, after) for name in names):
            return suffix
    return ""


def judge(
    level: str,
    before: Mapping[str, float],
    after: Mapping[str, float],
    df: float,
    sizes: Sequence[int],
    ordered: bool = False,
) -> Judgement:
    """The verdict on the step to ``level`` from the fit indices before and after; ``df`` is what the step adds."""
    suffix, limits = "" if ordered else basis_of(before, after), cutoffs_for(level, sizes)
    srmr = "srmr_bentler" if ordered else "srmr"
    changes = [after[name] - before[name] for name in (f"cfi{suffix}", f"rmsea{suffix}", srmr)]
    cfi_kept = changes[0] >= -limits.cfi
    rmsea_kept, srmr_kept = changes[1] <= limits.rmsea, changes[2] <= limits.srmr
    verdict: Verdict = "doubtful"
    if df == 0:
        verdict = "not testable"
    elif cfi_kept and (rmsea_kept or srmr_kept):
        verdict = "holds"
    elif not cfi_kept and not (rmsea_kept and srmr_kept):
        verdict = "does not hold"
    return Judgement(verdict, suffix.removeprefix("_") or "plain", *changes, limits)
