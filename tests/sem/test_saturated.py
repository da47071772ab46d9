"""The saturated model of incomplete data, against lavaan's EM."""


import numpy as np
import pytest
from oracle_files import oracle

from mce_utaut.errors import NotEstimable
from mce_utaut.sem.fiml_likelihood import fiml_value
from mce_utaut.sem.patterns import find_patterns
from mce_utaut.sem.saturated import saturated_moments

ORACLE = oracle("sem_sample_statistics")["missing"]
DATA = np.array(ORACLE["data"], dtype=float)


def test_moments_and_loglik_stop_where_lavaan_stops():
    patterns = find_patterns(DATA)
    found = saturated_moments(patterns)
    assert (patterns.n, patterns.counts.size) == (ORACLE["nobs"], ORACLE["npatterns"])
    assert np.allclose(patterns.coverage(), ORACLE["coverage"], atol=1e-14)
    assert np.allclose(found.mean, ORACLE["mean"], atol=1e-10)
    assert np.allclose(found.covariance, ORACLE["cov"], atol=1e-10)
    assert found.loglik == pytest.approx(ORACLE["logl_h1"], abs=1e-8)
    assert found.converged


def test_a_tighter_stop_makes_the_gradient_vanish():
    patterns = find_patterns(DATA)
    found = saturated_moments(patterns, tolerance=1e-12, max_iterations=5000)
    value = fiml_value(patterns, found.mean, found.covariance)
    assert np.abs(value.by_mean).max() < 1e-6
    assert np.abs(value.by_covariance).max() < 1e-6


def test_complete_data_give_the_sample_moments():
    rows = DATA[~np.isnan(DATA).any(axis=1)]
    found = saturated_moments(find_patterns(rows))
    assert np.allclose(found.mean, rows.mean(axis=0), atol=1e-12)
    assert np.allclose(found.covariance, np.cov(rows.T, bias=True), atol=1e-12)


def test_a_variable_without_values_is_refused():
    rows = DATA.copy()
    rows[:, 4] = np.nan
    with pytest.raises(NotEstimable, match="number 5"):
        saturated_moments(find_patterns(rows))
