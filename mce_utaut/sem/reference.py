"""What an estimate over its standard error is referred to: the normal distribution, or Student's t with few clusters.

lavaan refers every estimate to the normal distribution. A cluster-robust standard error of G clusters rests on G - 1
deviations, so that with few clusters its intervals are too narrow; t with G - 1 degrees of freedom makes up for a part
of that (Cameron & Miller 2015, doi 10.3368/jhr.50.2.317, section VI).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri, stdtr, stdtrit

from mce_utaut.notes import Note
from mce_utaut.sem.moments import SampleMoments
from mce_utaut.sem.options import FitOptions

FEW_CLUSTERS = 40  # Cameron & Miller 2015: few is below 20 to 50, the more the more unequal they are


@dataclass(frozen=True, slots=True)
class Reference:
    """A distribution around 0: Student's t with ``df`` degrees of freedom, the normal one where ``df`` is None."""

    df: int | None = None

    def quantile(self, level: float) -> float:
        """How many standard errors an interval of ``level`` reaches to either side."""
        share = (1 + level) / 2
        return float(ndtri(share) if self.df is None else stdtrit(self.df, share))

    def pvalue(self, statistic: np.ndarray | float) -> np.ndarray:
        """Two-sided p-values, shaped as ``statistic``; nan stays nan."""
        below = -np.abs(statistic)
        return 2 * (ndtr(below) if self.df is None else stdtr(self.df, below))


def reference_of(options: FitOptions, samples: Sequence[SampleMoments]) -> Reference:
    """The reference that the options ask for; with several groups that of the group with the fewest clusters."""
    return Reference(min(cluster_counts(samples)) - 1) if options.reference == "t" else Reference()


def cluster_counts(samples: Sequence[SampleMoments]) -> tuple[int, ...]:
    """How many clusters each sample has; empty without clusters."""
    return tuple(len(np.unique(sample.clusters)) for sample in samples if sample.clusters is not None)


def few_clusters_notes(options: FitOptions, samples: Sequence[SampleMoments]) -> tuple[Note, ...]:
    """The caution where a group has fewer than ``FEW_CLUSTERS`` clusters."""
    counts = cluster_counts(samples)
    if not counts or min(counts) >= FEW_CLUSTERS:
        return ()
    n = min(counts)
    text = (
        f"There are only {n} clusters{' in a group' if len(counts) > 1 else ''}. Below about {FEW_CLUSTERS} "
        "cluster-robust standard errors are on average too small"
    )
    if options.reference == "t":
        text += f"; t with {n - 1} degrees of freedom makes up for a part of it in intervals and p-values."
    else:
        text += f", and intervals and p-values from z too sure: refer them to t with {n - 1} degrees of freedom."
    told = (("n", n), ("least", FEW_CLUSTERS), ("df", n - 1), ("rule", options.reference))
    return (Note("few_clusters", text, "caution", values=told),)
