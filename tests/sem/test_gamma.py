"""Asymptotic covariances of moments, against lavaan's (oracle: sem_sample_statistics)."""


import numpy as np
import pytest
from oracle_files import oracle

from mce_utaut.errors import NotEstimable
from mce_utaut.sem.gamma import adf_gamma, normal_weight

ORACLE = oracle("sem_sample_statistics")["gamma"]
DATA = np.array(ORACLE["data"], dtype=float)
ROUNDING = 1e-12


def test_distribution_free_gamma_with_and_without_means():
    assert np.allclose(adf_gamma(DATA), ORACLE["adf_means"], rtol=ROUNDING, atol=ROUNDING)
    assert np.allclose(adf_gamma(DATA, means=False), ORACLE["adf"], rtol=ROUNDING, atol=ROUNDING)


def test_gamma_with_a_fixed_exogenous_variable():
    ours = adf_gamma(DATA, fixed=np.array([3]))
    assert np.allclose(ours, ORACLE["fixed_means"], rtol=ROUNDING, atol=ROUNDING)
    own = 4 + 9
    assert ours[own, own] == pytest.approx(0.0, abs=1e-20)


def test_clustered_gamma_carries_the_cluster_correction():
    ours = adf_gamma(DATA, clusters=np.array(ORACLE["cluster"]))
    assert np.allclose(ours, ORACLE["clustered_means"], rtol=ROUNDING, atol=ROUNDING)


def test_one_cluster_is_refused():
    with pytest.raises(NotEstimable, match="at least two clusters"):
        adf_gamma(DATA, clusters=np.ones(DATA.shape[0]))


def test_normal_gamma_of_the_unbiased_covariance():
    ours = np.linalg.inv(normal_weight(np.cov(DATA.T)))
    assert np.allclose(ours, ORACLE["normal_means"], rtol=ROUNDING, atol=ROUNDING)


def test_both_gammas_agree_on_many_normal_rows():
    rng = np.random.default_rng(3)
    covariance = np.array([[1.0, 0.5], [0.5, 2.0]])
    rows = rng.multivariate_normal([0, 0], covariance, size=200_000)
    assert np.allclose(adf_gamma(rows), np.linalg.inv(normal_weight(covariance)), atol=0.12)
