"""Simple slopes and the Johnson-Neyman region of an interaction ``outcome ~ x + w + xw``.

The slope of x at a value w of the moderator is b1 + b3 w, its variance v11 + 2 w v13 + w^2 v33 (Aiken & West 1991;
Bauer & Curran 2005, doi 10.1207/s15327906mbr4003_5).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from mce_utaut.errors import NotEstimable, Problem, UsageError
from mce_utaut.sem.fit import Fit
from mce_utaut.sem.reference import reference_of

NAN = float("nan")


@dataclass(frozen=True, slots=True)
class SimpleSlope:
    """The slope at ``value`` of the moderator, measured from its mean; ``label`` tells it in standard deviations."""

    value: float
    label: str
    est: float
    se: float
    z: float
    pvalue: float
    ci_lower: float
    ci_upper: float


@dataclass(frozen=True, slots=True)
class Region:
    """The values of the moderator where the slope differs from 0 at the fit's level (Johnson & Neyman 1936).

    ``significant``: ``outside`` lower..upper, ``between`` them, ``above`` or ``below`` a single bound, ``everywhere``
    or ``nowhere``; nan where there is no bound.
    """

    significant: Literal["outside", "between", "above", "below", "everywhere", "nowhere"]
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Slopes:
    """The simple slopes and the p-value of the interaction itself."""

    slopes: tuple[SimpleSlope, ...]
    interaction_pvalue: float


def simple_slopes(
    fit: Fit, outcome: str, predictor: str, moderator: str, product: str, values: Sequence[float] = ()
) -> Slopes:
    """The predictor's slopes at ``values`` of the moderator; by default at its mean and one SD below and above."""
    b, V = _coefficients(fit, outcome, predictor, product)
    variables = (*fit.table.observed, *fit.table.latent)
    sd = float(np.sqrt(fit.implied[0].C[variables.index(moderator), variables.index(moderator)]))
    reference = reference_of(fit.options, fit.samples)
    quantile = reference.quantile(fit.options.level)
    slopes = []
    for value in values or (-sd, 0.0, sd):
        est = b[0] + b[1] * value
        se = float(np.sqrt(V[0, 0] + 2 * value * V[0, 1] + value**2 * V[1, 1]))
        z = est / se if se > 0 else NAN
        label = "mean" if value == 0 else f"{value / sd:+.2f} SD"
        limits = est - quantile * se, est + quantile * se
        slopes.append(SimpleSlope(float(value), label, float(est), se, float(z), float(reference.pvalue(z)), *limits))
    return Slopes(tuple(slopes), float(reference.pvalue(b[1] / np.sqrt(V[1, 1]))))


def johnson_neyman(fit: Fit, outcome: str, predictor: str, product: str) -> Region:
    """Where the slope is significant: the roots of (b1 + b3 w)^2 = z^2 (v11 + 2 w v13 + w^2 v33)."""
    b, V = _coefficients(fit, outcome, predictor, product)
    z2 = reference_of(fit.options, fit.samples).quantile(fit.options.level) ** 2
    a = b[1] ** 2 - z2 * V[1, 1]
    half = b[0] * b[1] - z2 * V[0, 1]
    c = b[0] ** 2 - z2 * V[0, 0]
    if abs(a) < 1e-14 * max(b[1] ** 2, z2 * V[1, 1]):
        if half == 0:
            return Region("everywhere" if c > 0 else "nowhere", NAN, NAN)
        bound = -c / (2 * half)
        return Region("above", bound, NAN) if half > 0 else Region("below", NAN, bound)
    under = half**2 - a * c
    if under < 0:
        return Region("everywhere" if a > 0 else "nowhere", NAN, NAN)
    low, high = sorted(((-half - np.sqrt(under)) / a, (-half + np.sqrt(under)) / a))
    return Region("outside" if a > 0 else "between", float(low), float(high))


def _coefficients(fit: Fit, outcome: str, predictor: str, product: str) -> tuple[np.ndarray, np.ndarray]:
    """(b1, b3) and their covariance (2, 2)."""
    place = {(row.lhs, row.rhs): i for i, row in enumerate(fit.table.rows) if row.op == "~" and row.group == 1}
    missing = [name for name in (predictor, product) if (outcome, name) not in place]
    if missing:
        raise UsageError(f"The model has no {outcome} ~ {missing[0]}.")
    if fit.vcov_t is None:
        what = "Simple slopes need standard errors, which this fit does not have."
        raise NotEstimable(Problem(what, code="no_standard_errors"))
    rows = [place[outcome, predictor], place[outcome, product]]
    K = np.zeros((2, fit.table.n_free))
    for k, row in enumerate(rows):
        at = np.flatnonzero(fit.table.free_rows == row)
        if at.size:
            K[k] = fit.table.K[at[0]]
    return fit.estimates[rows], K @ fit.vcov_t @ K.T
