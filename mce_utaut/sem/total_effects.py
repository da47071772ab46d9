"""Direct, indirect and total effects among the variables of the structural part (Bollen 1987, doi 10.2307/271028).

With A the matrix of all directed parameters (regressions and loadings), the total effects are (I - A)^-1 - I; the
indirect ones are what is left without A. Standard errors are by the delta method (Sobel 1987), from the derivatives
d (I - A)^-1 = (I - A)^-1 dA (I - A)^-1 in complex steps.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mce_utaut.sem.fit import Fit
from mce_utaut.sem.matrices import GroupMatrices, implied_moments, marginal
from mce_utaut.sem.reference import Reference, reference_of
from mce_utaut.sem.variables import classify

KINDS = ("direct", "indirect", "total")
NAN = float("nan")


@dataclass(frozen=True, slots=True)
class Effect:
    """One effect of ``predictor`` on ``outcome``; ``kind`` is direct, indirect or total.

    ``std_all`` is in standard deviations of both variables. se, z, pvalue and the limits are nan where the fit has no
    standard errors.
    """

    outcome: str
    predictor: str
    group: int
    kind: str
    est: float
    se: float
    z: float
    pvalue: float
    ci_lower: float
    ci_upper: float
    std_all: float
    std_all_se: float


def structural_effects(fit: Fit) -> list[Effect]:
    """Every pair of structural variables that a directed path joins: three effects each, groups one after the other.

    Where one of the three is 0 by the model (no path, or no chain), it has no standard error.
    """
    names = classify(fit.syntax.terms).structural
    reference = reference_of(fit.options, fit.samples)
    out: list[Effect] = []
    for number, group in enumerate(fit.objective.groups, start=1):
        raw, std = _effects(fit, group, names, fit.t)
        se, std_se = _errors(fit, group, names)
        joined = _joined(group, names)
        for a, outcome in enumerate(names):
            for b, predictor in enumerate(names):
                if a == b or not joined[a, b]:
                    continue
                for k, kind in enumerate(KINDS):
                    cells = (float(values[k, a, b]) for values in (raw, se, std, std_se))
                    out.append(_effect((outcome, predictor, number, kind), *cells, reference, fit.options.level))
    return out


def _effect(
    head: tuple[str, str, int, str],
    est: float,
    se: float,
    std: float,
    std_se: float,
    reference: Reference,
    level: float,
) -> Effect:
    se, std_se = se if se > 0 else NAN, std_se if std_se > 0 else NAN
    z, reach = est / se, reference.quantile(level) * se
    return Effect(*head, est, se, z, float(reference.pvalue(z)), est - reach, est + reach, std, std_se)


def _effects(fit: Fit, group: GroupMatrices, names: tuple[str, ...], t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Raw and standardised effects (..., 3, s, s) at ``t`` (..., n_free)."""
    implied = implied_moments(group, fit.table.expand(t))
    variance = np.diagonal(marginal(group, implied).C, axis1=-2, axis2=-1)
    sd = np.sqrt(np.where(np.real(variance) > 0, variance, NAN))
    at = np.array([group.variables.index(name) for name in names], dtype=int)
    total = implied.E - np.eye(len(group.variables))
    raw = np.stack([implied.A, total - implied.A, total], axis=-3)
    with np.errstate(all="ignore"):  # a variable without variance has no standardised effects
        std = raw * (sd[..., None, None, :] / sd[..., None, :, None])
    return raw[..., at[:, None], at], std[..., at[:, None], at]


def _errors(fit: Fit, group: GroupMatrices, names: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Standard errors (3, s, s) of raw and standardised effects; nan without the estimates' covariance."""
    if fit.vcov_t is None or not len(fit.t):
        empty = np.full((3, len(names), len(names)), NAN)
        return empty, empty
    steps = fit.t + 1j * 1e-30 * np.eye(len(fit.t))
    parts = [np.imag(values) / 1e-30 for values in _effects(fit, group, names, steps)]
    raw, std = (np.sqrt(np.maximum(np.einsum("tkab,ts,skab->kab", d, fit.vcov_t, d), 0.0)) for d in parts)
    return raw, std


def _joined(group: GroupMatrices, names: tuple[str, ...]) -> np.ndarray:
    """Whether a chain of directed parameters leads from b to a, (s, s) over ``names``."""
    step = group.A0 != 0
    step[group.path.rows, group.path.cols] = True
    reach = step.copy()
    for _ in range(len(step)):
        reach = reach | (reach.astype(int) @ step.astype(int) > 0)
    at = np.array([group.variables.index(name) for name in names], dtype=int)
    return reach[np.ix_(at, at)]
