"""How far semopy's own estimate lies from ours: a second opinion where both can do the job."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mce_utaut.sem.engines.semopy import semopy_estimate, why_not_semopy
from mce_utaut.sem.fit import Fit


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """The largest absolute difference of the free parameters; ``reason`` says why there is none (difference nan)."""

    applicable: bool
    reason: str = ""
    difference: float = float("nan")
    version: str = ""


def second_opinion(fit: Fit) -> SecondOpinion:
    """semopy's estimate of the same model beside ours (imports semopy, about 2.5 s)."""
    reason = why_not_semopy(fit.table, fit.options)
    if reason:
        return SecondOpinion(False, reason)
    try:
        other = semopy_estimate(fit.table, fit.samples[0])
    except Exception as error:  # semopy raises whatever numpy and scipy raise inside it
        return SecondOpinion(False, f"semopy failed ({type(error).__name__})")
    return SecondOpinion(True, "", float(np.abs(other.x - fit.x).max()), other.version)
