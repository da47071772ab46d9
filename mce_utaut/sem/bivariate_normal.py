"""The bivariate standard normal distribution, vectorised over points and correlations."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.special import ndtr, owens_t

from mce_utaut.sem.vech import Array

_TWO_PI = 2.0 * np.pi
_NODES = ((0.3, 6), (0.75, 12), (0.925, 20))  # up to which |rho| so many nodes leave an error of about 1e-15


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


def bivariate_grid_cdf(h: Array, k: Array, rho: Array) -> Array:
    """P(X <= h_a, Y <= k_b) of m grids: ``h`` (m, A), ``k`` (m, B) finite, ``rho`` (m,) in (-1, 1), as (m, A, B).

    The integral of the density over the correlation from 0 to rho = sin(theta), by Gauss-Legendre quadrature in theta
    (Drezner & Wesolowsky, 1990, https://doi.org/10.1080/00949659008811236; nodes as in Genz, 2004,
    https://doi.org/10.1023/B:STCO.0000035304.20635.31); by ``bivariate_cdf`` where |rho| is large.
    """
    out = ndtr(h)[:, :, None] * ndtr(k)[:, None, :]
    size, least = np.abs(rho), -1.0
    for largest, nodes in _NODES:
        own = np.flatnonzero((size > least) & (size <= largest))
        least = largest
        if own.size:
            out[own] += _integral(h[own], k[own], np.arcsin(rho[own]), nodes)
    own = np.flatnonzero(size > least)
    if own.size:
        out[own] = bivariate_cdf(h[own][:, :, None], k[own][:, None, :], rho[own][:, None, None])
    return out


def _integral(h: Array, k: Array, angle: Array, nodes: int) -> Array:
    half_squares = 0.5 * (h * h)[:, :, None] + 0.5 * (k * k)[:, None, :]
    product = h[:, :, None] * k[:, None, :]
    total, each = np.zeros_like(product), np.empty_like(product)
    for place, weight in zip(*_legendre(nodes), strict=True):
        sine = np.sin(0.5 * angle * (1.0 + place))[:, None, None]
        np.multiply(product, sine, out=each)
        each -= half_squares
        each /= 1.0 - sine * sine
        np.exp(each, out=each)
        each *= weight
        total += each
    return total * (0.5 * angle / _TWO_PI)[:, None, None]


@lru_cache
def _legendre(nodes: int) -> tuple[Array, Array]:
    return np.polynomial.legendre.leggauss(nodes)


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
