"""The estimators: which discrepancy stands behind each name."""

from __future__ import annotations

from collections.abc import Callable

from mce_utaut.sem.discrepancy import GroupDiscrepancy
from mce_utaut.sem.fiml import full_information
from mce_utaut.sem.gls import generalised_least_squares
from mce_utaut.sem.ml import maximum_likelihood
from mce_utaut.sem.moments import SampleMoments
from mce_utaut.sem.options import FitOptions
from mce_utaut.sem.uls import unweighted_least_squares
from mce_utaut.sem.wls import weighted_least_squares

DISCREPANCIES: dict[str, Callable[[SampleMoments, FitOptions], GroupDiscrepancy]] = {
    "ML": lambda sample, options: maximum_likelihood(sample, wishart=options.likelihood == "wishart"),
    "GLS": lambda sample, options: generalised_least_squares(sample),
    "ULS": lambda sample, options: (
        unweighted_least_squares(sample) if sample.ordinal is None else weighted_least_squares(sample, "none")
    ),
    "DWLS": lambda sample, options: weighted_least_squares(sample, "diagonal"),
    "WLS": lambda sample, options: weighted_least_squares(sample, "full"),
    "FIML": lambda sample, options: full_information(
        sample, "expected" if options.information == "expected" else "observed"
    ),
}


def divides_by_n_minus_one(discrepancy: str, options: FitOptions) -> bool:
    """Whether the statistic is (N - G) F and group weights are (n_g - 1) / (N - G)."""
    return discrepancy not in ("ML", "FIML") or options.likelihood == "wishart"
