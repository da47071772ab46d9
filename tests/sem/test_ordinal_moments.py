"""Thresholds, polychoric and polyserial correlations and their covariance, against lavaan."""


import numpy as np
import pytest
from oracle_files import oracle

from mce_utaut.errors import NotEstimable
from mce_utaut.sem.ordinal_moments import ordinal_moments

ORACLE = oracle("sem_sample_statistics")
# lavaan stops its one-dimensional searches at a relative change of 1e-10 of the likelihood.
CORRELATION, RELATIVE_GAMMA = 2e-7, 5e-6


def levels_of(data):
    return [np.unique(column[~np.isnan(column)]) for column in data.T]


def case(name):
    theirs = ORACLE["ordinal"][name]
    table = ORACLE["two_by_two" if name == "empty_cell" else "bfi"]
    columns = [table["columns"].index(v) for v in theirs["variables"]]
    data = np.array(table["rows"], dtype=float)[:, columns]
    levels = levels_of(data)
    if theirs["missing"] == "listwise":
        data = data[~np.isnan(data).any(axis=1)]
    is_ordered = np.array([v in theirs["ordered"] for v in theirs["variables"]])
    return theirs, ordinal_moments(data, is_ordered, theirs["variables"], levels)


@pytest.mark.parametrize("name", list(ORACLE["ordinal"]))
def test_statistics_and_their_covariance_are_lavaans(name):
    theirs, found = case(name)
    assert found.n == theirs["nobs"]
    scale = np.sqrt(np.diag(theirs["cov"]))
    away = (found.covariance - np.array(theirs["cov"])) / np.outer(scale, scale)
    assert np.abs(away).max() < CORRELATION
    assert np.allclose(found.statistics, theirs["wls_obs"], rtol=1e-6, atol=CORRELATION)
    gamma = np.array(theirs["gamma"])
    size = np.sqrt(np.outer(np.diag(gamma), np.diag(gamma)))
    assert np.abs((found.gamma - gamma) / size).max() < RELATIVE_GAMMA
    assert len(found.empty_tables) == theirs["empty_tables"]


def test_an_answer_in_an_opposite_corner_leaves_the_correlation_at_the_maximum():
    theirs = oracle("sem_corner_cells")
    counts = np.array(theirs["counts"])
    data = np.repeat(np.argwhere(counts > 0) + 1.0, counts[counts > 0], axis=0)
    found = ordinal_moments(data, np.array([True, True]), ["a", "b"], levels_of(data))
    # optimize() finds the place of a maximum to about 1e-8.
    assert found.covariance[0, 1] == pytest.approx(theirs["correlation"], abs=1e-7)
    assert found.covariance[0, 1] == pytest.approx(theirs["psych"], abs=1e-5)
    assert theirs["loglik"] > theirs["loglik_at_lavaan"] + 0.5


def test_first_entries_say_which_variable_and_kind_they_are():
    _, found = case("mixed_listwise")
    assert found.first_variable.tolist() == [0] * 5 + [1] + [2] * 5 + [3, 4]
    assert np.flatnonzero(found.first_is_mean).tolist() == [5, 12]
    assert found.thresholds.size == found.threshold_variable.size == 11
    assert found.statistics[5] == -found.mean[1]


def test_an_empty_category_is_refused_by_name_group_and_answer():
    data = np.array([[1, 1], [2, 3], [1, 3], [2, 1], [2, 1]], dtype=float)
    levels = [np.array([1.0, 2.0]), np.array([1.0, 2.0, 3.0])]
    with pytest.raises(NotEstimable, match=r"in group students chose category 2 of ordered variable b"):
        ordinal_moments(data, np.array([True, True]), ["a", "b"], levels, "group students")


def test_perfectly_correlated_pairs_are_refused():
    data = np.array([[0, 0], [1, 1], [0, 0], [1, 1], [1, 1]], dtype=float)
    with pytest.raises(NotEstimable, match="a and b has two empty cells"):
        ordinal_moments(data, np.array([True, True]), ["a", "b"], levels_of(data))


def test_pairs_never_seen_together_are_refused():
    data = np.array([[0, np.nan], [1, np.nan], [np.nan, 0], [np.nan, 1]])
    with pytest.raises(NotEstimable, match="never observed together"):
        ordinal_moments(data, np.array([True, True]), ["a", "b"], levels_of(data))


def test_a_constant_continuous_variable_is_refused():
    data = np.array([[0, 2.0], [1, 2.0], [1, 2.0]])
    with pytest.raises(NotEstimable, match=r"No variance: b\."):
        ordinal_moments(data, np.array([True, False]), ["a", "b"], levels_of(data))


def test_correlations_recover_the_latent_one():
    rng = np.random.default_rng(8)
    truth = [[1, 0.6, 0.3], [0.6, 1, 0.5], [0.3, 0.5, 1]]
    a, b, c = rng.multivariate_normal([0, 0, 0], truth, size=100_000).T
    data = np.column_stack([np.digitize(a, [-1, 0, 0.5]), np.digitize(b, [0.2]), c])
    found = ordinal_moments(data, np.array([True, True, False]), list("abc"), levels_of(data))
    spread = np.sqrt(np.diag(found.gamma)[-3:] / found.n)
    assert np.all(np.abs(found.statistics[-3:] - [0.6, 0.3, 0.5]) < 4 * spread)


def test_a_number_of_two_values_among_ordered_variables_is_refused_with_the_cure():
    rng = np.random.default_rng(4)
    data = np.column_stack([rng.integers(0, 3, 200), rng.integers(0, 2, 200)]).astype(float)
    levels = [np.arange(3.0), np.empty(0)]
    with pytest.raises(NotEstimable, match=r"b takes two values in group x.*Name it as ordered"):
        ordinal_moments(data, np.array([True, False]), ["a", "b"], levels, "group x")
