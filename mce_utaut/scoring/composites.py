"""Reliability and convergent validity from a fitted measurement model: omega, CR, AVE.

Everything here comes from the CFA, never from the structural model, whose factor variances are residual.
Notation: Λ loadings, Φ factor covariances, Θ residual covariances, S the sample covariance of the items.
For factor f with the items I that load on it, T_f = 1'λ_f φ_ff λ_f'1 over I is the variance in the sum
of those items that the factor makes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats

from mce_utaut.scoring.intervals import Interval

Total = Literal["model", "observed"]
Parameter = tuple[str, str, str]


@dataclass(frozen=True, slots=True, eq=False)
class MeasurementModel:
    """Estimates of a CFA with p ``items`` and m ``factors``: ``loadings`` (p, m),
    ``factor_covariance`` (m, m), ``residual_covariance`` (p, p), and ``observed_covariance`` (p, p) or
    None. The observed covariance has the divisor that the fit used (lavaan's ML: n)."""

    items: tuple[str, ...]
    factors: tuple[str, ...]
    loadings: np.ndarray
    factor_covariance: np.ndarray
    residual_covariance: np.ndarray
    observed_covariance: np.ndarray | None = None

    def __post_init__(self) -> None:
        p, m = len(self.items), len(self.factors)
        for name, shape in (
            ("loadings", (p, m)),
            ("factor_covariance", (m, m)),
            ("residual_covariance", (p, p)),
            ("observed_covariance", (p, p)),
        ):
            value = getattr(self, name)
            if value is not None and np.shape(value) != shape:
                raise ValueError(f"{name} has shape {np.shape(value)} instead of {shape}")

    @property
    def implied_covariance(self) -> np.ndarray:
        """ΛΦΛ' + Θ, shape (p, p)."""
        return self.loadings @ self.factor_covariance @ self.loadings.T + self.residual_covariance

    def indicators(self, factor: str) -> np.ndarray:
        """Positions of the items with a loading on ``factor``, shape (number of indicators,)."""
        return np.flatnonzero(self.loadings[:, self.factors.index(factor)])


def omega(model: MeasurementModel, factor: str, total: Total = "model") -> float:
    """McDonald's omega of the sum of the items of ``factor``: the share of its variance the factor makes.

    T_f / 1'Σ1 over the factor's items. ``total="model"`` takes Σ = ΛΦΛ' + Θ, with residual covariances
    and other factors' cross-loadings in the denominator: McDonald 1999, Test theory, ch. 6; Raykov 2004,
    Behavior Therapy 35, 299-331, doi:10.1016/S0005-7894(04)80041-8. ``total="observed"`` takes S
    (Bentler 2009, Psychometrika 74, 137-143, doi:10.1007/s11336-008-9100-1). They differ where the
    model misfits. semTools 0.5-6 ``compRelSEM`` gives these with ``obs.var = FALSE`` and ``TRUE`` (its
    default). NaN for one item or a total that is not positive; ``ValueError`` for "observed" without S.
    """
    chosen = model.indicators(factor)
    if total == "observed":
        if model.observed_covariance is None:
            raise ValueError("omega on the observed total needs the observed covariance")
        covariance = model.observed_covariance
    else:
        covariance = model.implied_covariance
    f = model.factors.index(factor)
    common = float(model.loadings[chosen, f].sum()) ** 2 * float(model.factor_covariance[f, f])
    whole = float(covariance[np.ix_(chosen, chosen)].sum())
    return common / whole if chosen.size > 1 and whole > 0 else math.nan


def omega_interval(
    model: MeasurementModel,
    factor: str,
    parameters: Sequence[Parameter],
    vcov: np.ndarray,
    level: float = 0.95,
) -> Interval:
    """Omega on the model's total variance with its delta-method interval on the logit scale.

    ``vcov`` (q, q) is the covariance of the estimates of ``parameters``, q triples as lavaan names them:
    ("PE", "=~", "PE1"), ("PE1", "~~", "PE1"), ("PE", "~~", "BI"). Fixed parameters may be left out or
    have zero rows; tied ones stand in every place they take; those that are none of the model's
    matrices are ignored.

    se = √(g' V g) with g the gradient of omega; limits are logit⁻¹(logit omega ± z se / (omega (1 -
    omega))), which stay inside 0 and 1 and respect the skew: Raykov 2002, Multivariate Behavioral
    Research 37, 89-103, doi:10.1207/S15327906MBR3701_04; method "MLL" of Kelley & Pornprasertmanit 2016,
    Psychological Methods 21, 69-92, doi:10.1037/a0040086. It is as good as ``vcov``: robust in, robust
    out. Limits are NaN where omega is not strictly between 0 and 1 or ``vcov`` is not finite. Checked
    against lavaan's ``:=``.
    """
    estimate = omega(model, factor)
    gradient = _omega_gradient(model, factor, parameters)
    vcov = np.asarray(vcov, dtype=float)
    if vcov.shape != (gradient.size, gradient.size):
        raise ValueError("vcov has one row and one column for each of the parameters")
    if not (0 < estimate < 1) or not np.isfinite(vcov).all():
        return Interval(estimate, math.nan, math.nan, level, "delta_logit")
    se = math.sqrt(max(0.0, float(gradient @ vcov @ gradient)))
    centre = math.log(estimate / (1 - estimate))
    half = float(stats.norm.isf((1 - level) / 2)) * se / (estimate * (1 - estimate))
    lower, upper = (1 / (1 + math.exp(-limit)) for limit in (centre - half, centre + half))
    return Interval(estimate, lower, upper, level, "delta_logit")


def composite_reliability(standardised_loadings: np.ndarray) -> float:
    """Composite reliability (rho_c) from the standardised loadings (k,) of one factor.

    (Σλ)² / ((Σλ)² + Σ(1 - λ²)): Fornell & Larcker 1981, Journal of Marketing Research 18, 39-50,
    doi:10.1177/002224378101800104. It takes residuals as uncorrelated and weighs items as if of equal
    variance, so it differs from ``omega``. NaN for one item.
    """
    loadings = np.asarray(standardised_loadings, dtype=float)
    if loadings.size < 2:
        return math.nan
    common = float(loadings.sum()) ** 2
    return common / (common + float(np.sum(1 - loadings**2)))


def average_variance_extracted(standardised_loadings: np.ndarray) -> float:
    """Average variance extracted from the standardised loadings (k,) of one factor: the mean of λ²
    (Fornell & Larcker 1981, doi:10.1177/002224378101800104). NaN without loadings."""
    loadings = np.asarray(standardised_loadings, dtype=float)
    return float(np.mean(loadings**2)) if loadings.size else math.nan


def variance_weighted_ave(model: MeasurementModel, factor: str, total: Total = "observed") -> float:
    """The average variance extracted that semTools prints: items weigh by their variance.

    φ_ff Σλ² / Σ diag S over the factor's items (``total="model"``: Σ in place of S). Equal to
    ``average_variance_extracted`` for items of equal variance. NaN where an item loads on another factor
    too, as in semTools 0.5-6 ``AVE``, against which it was checked.
    """
    if total == "observed" and model.observed_covariance is None:
        raise ValueError("AVE on observed variances needs the observed covariance")
    chosen = model.indicators(factor)
    covariance = model.observed_covariance if total == "observed" else model.implied_covariance
    if not chosen.size or np.any(np.count_nonzero(model.loadings[chosen], axis=1) > 1):
        return math.nan
    f = model.factors.index(factor)
    common = float(np.sum(model.loadings[chosen, f] ** 2)) * float(model.factor_covariance[f, f])
    return common / float(np.diag(covariance)[chosen].sum())


def _omega_gradient(model: MeasurementModel, factor: str, parameters: Sequence[Parameter]) -> np.ndarray:
    """The derivative of omega on the model's total by each of ``parameters``, shape (q,).

    With a = 1_I'Λ (m,), T = a_f² φ_ff and D = aΦa' + 1_I'Θ1_I: dω = (dT - ω dD) / D.
    """
    chosen = np.zeros(len(model.items))
    chosen[model.indicators(factor)] = 1.0
    f = model.factors.index(factor)
    phi = model.factor_covariance
    sums = chosen @ model.loadings
    whole = float(sums @ phi @ sums + chosen @ model.residual_covariance @ chosen)
    share = sums[f] ** 2 * phi[f, f] / whole
    by_loading = -share * 2 * (phi @ sums)
    by_loading[f] += 2 * sums[f] * phi[f, f]
    items = {name: i for i, name in enumerate(model.items)}
    factors = {name: i for i, name in enumerate(model.factors)}
    gradient = np.zeros(len(parameters))
    for position, (left, operator, right) in enumerate(parameters):
        if operator == "=~" and left in factors and right in items:
            change = chosen[items[right]] * by_loading[factors[left]]
        elif operator == "~~" and left in factors and right in factors:
            i, j = factors[left], factors[right]
            change = -share * sums[i] * sums[j] * (1 if i == j else 2) + (sums[f] ** 2 if i == j == f else 0)
        elif operator == "~~" and left in items and right in items:
            change = -share * chosen[items[left]] * chosen[items[right]] * (1 if left == right else 2)
        else:
            continue
        gradient[position] = change / whole
    return gradient
