"""Residual-based indices of one group: RMR, SRMR and its variants, CRMR, GFI (as lavaan names and computes them)."""

from __future__ import annotations

import numpy as np


def residual_indices(
    S: np.ndarray, m: np.ndarray | None, Sigma: np.ndarray, mu: np.ndarray | None
) -> dict[str, float]:
    """rmr, srmr_bentler (Bentler 1995), srmr_mplus, crmr (Bollen 1989) and their ``_nomean`` versions.

    ``S`` (p, p), ``m`` (p,) are sample moments, ``Sigma``, ``mu`` the implied ones; without means (None) both
    versions agree. Where least squares imply a negative variance, crmr and srmr_mplus are nan.
    """
    p = len(S)
    variances = S.diagonal()
    sd, implied_sd = np.sqrt(variances), implied_deviations(Sigma)
    R, scale = S - Sigma, sd[:, None] * sd
    bentler = R / scale
    correlation = S / scale - Sigma / (implied_sd[:, None] * implied_sd)
    relative = (variances - Sigma.diagonal()) / variances
    between = ((correlation**2).sum() - (correlation.diagonal() ** 2).sum()) / 2
    sums = {
        "rmr": (_lower(R), p * (p + 1) / 2),
        "srmr_bentler": (_lower(bentler), p * (p + 1) / 2),
        "srmr_mplus": (between + (relative**2).sum(), p * (p + 1) / 2),
        "crmr": (between, p * (p - 1) / 2),
    }
    out = {f"{name}_nomean": _root(*pair) for name, pair in sums.items()}
    if m is None or mu is None:
        return out | {name: out[f"{name}_nomean"] for name in sums}
    means = {
        "rmr": ((m - mu) ** 2).sum(),
        "srmr_bentler": (((m - mu) / sd) ** 2).sum(),
        "srmr_mplus": ((m / sd - mu / implied_sd) ** 2).sum(),
        "crmr": (((m - mu) / sd) ** 2).sum(),
    }
    return out | {name: _root(total + means[name], count + p) for name, (total, count) in sums.items()}


def _lower(symmetric: np.ndarray) -> float:
    """The sum of squares of the lower triangle with the diagonal."""
    return ((symmetric**2).sum() + (symmetric.diagonal() ** 2).sum()) / 2


def implied_deviations(Sigma: np.ndarray) -> np.ndarray:
    """The standard deviations (p,) of an implied covariance matrix; nan for a negative variance."""
    variances = np.diag(Sigma)
    return np.sqrt(np.where(variances > 0, variances, np.nan))


def _root(total: float, count: float) -> float:
    return float(np.sqrt(total / count)) if count > 0 else 0.0


def gfi(
    S: np.ndarray,
    m: np.ndarray | None,
    Sigma: np.ndarray,
    mu: np.ndarray | None,
    weight: np.ndarray | None,
    fixed: np.ndarray,
) -> float:
    """Goodness-of-fit index 1 - e'We / s'Ws (Jöreskog & Sörbom 1984; Tanaka & Huba 1985).

    ``weight`` (p, p) stands for the normal weight 1/2 D'(weight x weight)D and, for means, ``weight``; None
    for the identity over the lower triangle. Moments of the ``fixed`` exogenous columns alone are left out.
    """
    S, R = S.copy(), S - Sigma
    S[np.ix_(fixed, fixed)] = R[np.ix_(fixed, fixed)] = 0.0
    if weight is None:
        lower = np.tril_indices(len(S))
        top, bottom = (R[lower] ** 2).sum(), (S[lower] ** 2).sum()
    else:
        A, B = weight @ R, weight @ S
        top, bottom = 0.5 * (A * A.T).sum(), 0.5 * (B * B.T).sum()
    if m is not None and mu is not None:
        m, d = m.copy(), m - mu
        m[fixed] = d[fixed] = 0.0
        W = np.eye(len(m)) if weight is None else weight
        top, bottom = top + d @ W @ d, bottom + m @ W @ m
    return float(1 - top / bottom)
