"""The likelihood of incomplete data: by rows, by finite differences, and against lavaan."""


import numpy as np
import pytest
from oracle_files import oracle

from mce_utaut.sem.fiml_information import fiml_information
from mce_utaut.sem.fiml_likelihood import case_scores, fiml_loglik, fiml_value
from mce_utaut.sem.patterns import find_patterns
from mce_utaut.sem.vech import off_diagonal_weights, unvech, vech

ORACLE = oracle("sem_sample_statistics")["missing"]
DATA = np.array(ORACLE["data"], dtype=float)
MEAN, COVARIANCE = np.array(ORACLE["mean"]), np.array(ORACLE["cov"])


@pytest.fixture(scope="module")
def holed():
    rng = np.random.default_rng(5)
    rows = rng.normal(size=(120, 5)) @ rng.normal(size=(5, 5)) + 1.0
    rows[rng.random(rows.shape) < 0.15] = np.nan
    rows[:50, 2] = np.nan
    return rows, find_patterns(rows)


def elsewhere(patterns):
    p = patterns.p
    return np.linspace(0.5, 1.5, p), 4.0 * np.eye(p) + 0.7


def test_loglik_is_the_sum_of_the_rows_normal_densities(holed):
    rows, patterns = holed
    mean, covariance = elsewhere(patterns)
    total = 0.0
    for row in rows[patterns.kept]:
        seen = ~np.isnan(row)
        part, away = covariance[np.ix_(seen, seen)], row[seen] - mean[seen]
        total -= 0.5 * (
            seen.sum() * np.log(2 * np.pi) + np.linalg.slogdet(part)[1] + away @ np.linalg.solve(part, away)
        )
    assert fiml_loglik(patterns, mean, covariance) == pytest.approx(total, rel=1e-12)


def test_gradient_and_hessian_are_those_of_finite_differences(holed):
    _, patterns = holed
    p, weights = patterns.p, off_diagonal_weights(patterns.p)
    mean, covariance = elsewhere(patterns)
    point = np.concatenate([mean, vech(covariance)])

    def gradient_at(x):
        value = fiml_value(patterns, x[:p], unvech(x[p:], p))
        return value.loglik, np.concatenate([value.by_mean, vech(value.by_covariance) * weights])

    _, gradient = gradient_at(point)
    information = fiml_information(patterns, mean, covariance)
    for k in range(point.size):
        step = np.zeros(point.size)
        step[k] = 1e-5
        above, gradient_above = gradient_at(point + step)
        below, gradient_below = gradient_at(point - step)
        assert (above - below) / 2e-5 == pytest.approx(gradient[k], abs=1e-5)
        slope = (gradient_above - gradient_below) / 2e-5
        assert np.allclose(slope, -patterns.n * information[:, k], atol=1e-5)


def whole_scores(rows, patterns, mean, covariance):
    blocks = list(case_scores(rows, patterns, mean, covariance))
    places = np.concatenate([places for places, _ in blocks])
    assert sorted(places) == list(range(patterns.n))
    return np.concatenate([scores for _, scores in blocks])[np.argsort(places)]


def test_case_scores_add_up_to_the_gradient(holed):
    rows, patterns = holed
    mean, covariance = elsewhere(patterns)
    value = fiml_value(patterns, mean, covariance)
    scores = whole_scores(rows, patterns, mean, covariance)
    whole = np.concatenate([value.by_mean, vech(value.by_covariance) * off_diagonal_weights(patterns.p)])
    assert scores.shape == (patterns.n, whole.size)
    assert np.allclose(scores.sum(axis=0), whole, atol=1e-10)


def test_observed_information_is_expected_on_average(holed):
    _, patterns = holed
    mean, covariance = elsewhere(patterns)
    rng = np.random.default_rng(6)
    root = np.linalg.cholesky(covariance)
    many = np.repeat(patterns.observed, 4000, axis=0)
    rows = mean + rng.normal(size=many.shape) @ root.T
    rows[~many] = np.nan
    drawn = find_patterns(rows)
    observed = fiml_information(drawn, mean, covariance)
    expected = fiml_information(drawn, mean, covariance, "expected")
    assert np.allclose(observed, expected, atol=0.01)


def test_informations_at_the_saturated_moments_are_lavaans():
    patterns = find_patterns(DATA)
    scores = whole_scores(DATA, patterns, MEAN, COVARIANCE)
    assert np.allclose(fiml_information(patterns, MEAN, COVARIANCE), ORACLE["observed"], atol=1e-10)
    expected = fiml_information(patterns, MEAN, COVARIANCE, "expected")
    assert np.allclose(expected, ORACLE["expected"], atol=1e-10)
    assert np.allclose(scores.T @ scores / patterns.n, ORACLE["first_order"], atol=1e-10)


def test_a_covariance_matrix_that_is_not_positive_definite_raises(holed):
    _, patterns = holed
    with pytest.raises(np.linalg.LinAlgError):
        fiml_value(patterns, np.zeros(patterns.p), -np.eye(patterns.p))
