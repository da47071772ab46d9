"""The bivariate standard normal distribution, vectorised over points and correlations."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr, owens_t

from mce_utaut.sem.vech import Array

_TWO_PI = 2.0 * np.pi


def bivariate_cdf(h: Array, k: Array, rho: Array) -> Array:
    """P(X <= h, Y <= k) for correlation rho, elementwise for finite h, k and |rho| < 1.

    By Owen's T function (Owen, 1956, https://doi.org/10.1214/aoms/1177728074, eq. 2.1); absolute error
    about 1e-15.
    """
    h, k, rho = np.broadcast_arrays(h, k, rho)
    root = np.sqrt((1.0 - rho) * (1.0 + rho))
    with np.errstate(divide="ignore", invalid="ignore"):
        toward_h = (k / h - rho) / root
        toward_k = (h / k - rho) / root
    opposite = (h * k < 0) | ((h * k == 0) & (h + k < 0))
    with np.errstate(invalid="ignore"):
        value = 0.5 * (ndtr(h) + ndtr(k)) - owens_t(h, toward_h) - owens_t(k, toward_k)
    value = np.where(opposite, value - 0.5, value)
    origin = (h == 0) & (k == 0)
    if origin.any():
        value = np.where(origin, 0.25 + np.arcsin(rho) / _TWO_PI, value)
    return value


def bivariate_pdf(h: Array, k: Array, rho: Array) -> Array:
    """The density at (h, k) for correlation rho, elementwise for finite h, k and |rho| < 1."""
    rest = (1.0 - rho) * (1.0 + rho)
    return np.exp(-0.5 * (h * h - 2.0 * rho * h * k + k * k) / rest) / (_TWO_PI * np.sqrt(rest))


def pdf_slope(h: Array, k: Array, rho: Array) -> Array:
    """The ratio of the density's derivative by rho to the density, elementwise as ``bivariate_pdf``."""
    rest = (1.0 - rho) * (1.0 + rho)
    return (h * k * rest - rho * (h * h - 2.0 * rho * h * k + k * k) + rho * rest) / (rest * rest)


def normal_pdf(x: Array) -> Array:
    """The univariate standard normal density, elementwise; 0 at infinity."""
    return np.exp(-0.5 * x * x) / np.sqrt(_TWO_PI)
