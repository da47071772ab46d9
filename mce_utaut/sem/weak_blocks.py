"""Blocks whose factors of two items are hardly tied to the rest of the block, which alone identifies their loadings.

Two items give one covariance for a loading and a variance; the second equation is what they share with other items of
the block. Where that is near nought the block is identified in theory and not in these data (Kenny 1979, p. 40).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mce_utaut.sem.moments import SampleMoments
from mce_utaut.sem.tests_of_fit import chisq_pvalue

WEAK = 0.05  # of the test that the items are independent of the others
CURE = (
    "Either hold the loadings of the two items equal (f =~ 1*a + 1*b), which a block of its own can have, or put the "
    "factor into one block with one of three items or more that it goes with"
)


@dataclass(frozen=True, slots=True)
class WeakTie:
    """A factor of two items, and the p-value of their independence of the other items of its block."""

    factor: str
    pvalue: float


def weak_ties(items: Mapping[str, Sequence[str]], samples: Sequence[SampleMoments]) -> list[WeakTie]:
    """The factors of a block (``items`` of each) with two items that do not significantly go with the others.

    The likelihood-ratio test of independent sets of variables (Anderson 2003, section 9.2): n (log|R11| + log|R22|
    - log|R|) with 2 (p - 2) degrees of freedom in each group, summed. A factor that has its block for itself is not
    judged.
    """
    found = []
    for factor, own in items.items():
        others = [item for name, theirs in items.items() if name != factor for item in theirs if item not in own]
        if len(own) != 2 or not others:
            continue
        statistic = sum(_independence(sample, own, others) for sample in samples)
        pvalue = chisq_pvalue(statistic, 2 * len(others) * len(samples))
        if pvalue > WEAK:
            found.append(WeakTie(factor, pvalue))
    return found


def told(ties: Sequence[WeakTie]) -> str:
    """The ties in words."""
    return ", ".join(f"{tie.factor} (p = {tie.pvalue:.2f})" for tie in ties)


def _independence(sample: SampleMoments, own: Sequence[str], others: Sequence[str]) -> float:
    S = sample.select((*own, *others)).covariance
    sd = np.sqrt(np.diag(S))
    R = S / np.outer(sd, sd)
    first, second, whole = (np.linalg.slogdet(part)[1] for part in (R[:2, :2], R[2:, 2:], R))
    return float(sample.n * (first + second - whole))
