"""The bivariate normal distribution, against known values and its own derivatives."""

import numpy as np
import pytest
from scipy.special import ndtr
from scipy.stats import multivariate_normal

from mce_utaut.sem.bivariate_normal import bivariate_cdf, bivariate_pdf, pdf_slope


@pytest.mark.parametrize("rho", [-0.99, -0.5, 0.0, 0.3, 0.95, 0.998])
def test_cdf_agrees_with_numerical_integration(rho):
    normal = multivariate_normal([0, 0], [[1, rho], [rho, 1]])
    for h, k in [(-1.2, 0.4), (0.7, 0.7), (2.0, -2.0), (0.0, 1.0), (0.0, -1.0), (-0.5, 0.0)]:
        ours = bivariate_cdf(np.array(h), np.array(k), np.array(rho))
        assert ours == pytest.approx(normal.cdf([h, k]), abs=2e-8)


def test_cdf_at_the_origin_and_at_independence():
    zero, rho = np.zeros(3), np.array([-0.5, 0.0, 0.8])
    assert np.allclose(bivariate_cdf(zero, zero, rho), 0.25 + np.arcsin(rho) / (2 * np.pi), atol=1e-15)
    h, k = np.array([-1.0, 0.3]), np.array([0.5, 2.0])
    assert np.allclose(bivariate_cdf(h, k, np.zeros(2)), ndtr(h) * ndtr(k), atol=1e-15)


def test_density_is_the_cdfs_derivative_by_rho_and_slope_the_densitys():
    h, k, rho = np.array([-1.0, 0.4, 2.1]), np.array([0.5, -0.2, 1.9]), np.array([-0.6, 0.1, 0.9])
    step = 1e-6
    by_rho = (bivariate_cdf(h, k, rho + step) - bivariate_cdf(h, k, rho - step)) / (2 * step)
    assert np.allclose(by_rho, bivariate_pdf(h, k, rho), atol=1e-9)
    bend = (bivariate_pdf(h, k, rho + step) - bivariate_pdf(h, k, rho - step)) / (2 * step)
    assert np.allclose(bend, bivariate_pdf(h, k, rho) * pdf_slope(h, k, rho), atol=1e-8)
