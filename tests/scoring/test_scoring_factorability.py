"""Factorability against psych on three real data sets. Oracle: tests/oracles/scoring_factorability.{R,json}."""

from __future__ import annotations

import math

import numpy as np
import pytest
from oracle_files import oracle

from mce_utaut.scoring.factorability import (
    correlation_of,
    first_factor,
    multivariate_normality,
    parallel_analysis,
    sampling_adequacy,
    sphericity,
)
from mce_utaut.scoring.reliability import complete_rows

EXPECTED = oracle("scoring_factorability")["cases"]
ANSWERS = {
    name: np.array(case["data"]["rows"], dtype=float)
    for name, case in oracle("scoring_measurement")["cases"].items()
}
EXACT = 1e-9
MINRES = 2e-5  # psych stops its search for uniquenesses early; ours goes on
RANDOM = 0.03  # eigenvalues of random data: another generator, 500 replicates


@pytest.fixture(params=list(EXPECTED))
def case(request: pytest.FixtureRequest) -> tuple[np.ndarray, dict]:
    return ANSWERS[request.param], EXPECTED[request.param]


def test_adequacy_and_sphericity(case: tuple[np.ndarray, dict]) -> None:
    answers, expected = case
    correlation = correlation_of(answers)
    assert len(complete_rows(answers)) == expected["n"]
    adequacy = sampling_adequacy(correlation)
    assert adequacy.overall == pytest.approx(expected["kmo"], abs=EXACT)
    assert adequacy.items == pytest.approx(tuple(expected["kmo_items"]), abs=EXACT)
    test = sphericity(correlation, expected["n"])
    assert (test.chisq, test.df) == pytest.approx((expected["bartlett_chisq"], expected["bartlett_df"]), rel=EXACT)
    assert test.p == pytest.approx(expected["bartlett_p"], rel=1e-6)


def test_multivariate_normality(case: tuple[np.ndarray, dict]) -> None:
    answers, expected = case
    found = multivariate_normality(answers)
    for name in ("n", "skewness", "skewness_chisq", "kurtosis", "kurtosis_z"):
        assert getattr(found, name) == pytest.approx(expected[name], rel=1e-8), name
    assert found.skewness_p == pytest.approx(expected["skewness_p"], rel=1e-6, abs=1e-15)


def test_first_component_and_factor(case: tuple[np.ndarray, dict]) -> None:
    answers, expected = case
    found = first_factor(correlation_of(answers))
    assert found.component == pytest.approx(expected["component_share"], abs=EXACT)
    assert found.factor == pytest.approx(expected["factor_share"], abs=MINRES)


def test_parallel_analysis(case: tuple[np.ndarray, dict]) -> None:
    answers, expected = case
    correlation = correlation_of(answers)
    found = parallel_analysis(correlation, expected["n"], np.random.default_rng(1))
    assert found.eigenvalues == pytest.approx(tuple(expected["eigenvalues"]), abs=EXACT)
    assert found.means == pytest.approx(tuple(expected["parallel_means"]), abs=RANDOM)
    assert found.limits == pytest.approx(tuple(expected["parallel_limits"]), abs=RANDOM)
    assert found.components == expected["components"]
    assert found == parallel_analysis(correlation, expected["n"], np.random.default_rng(1))


def test_one_factor_is_recovered_exactly() -> None:
    loadings = np.array([0.9, 0.7, 0.5, -0.6])
    correlation = np.outer(loadings, loadings)
    np.fill_diagonal(correlation, 1.0)
    assert first_factor(correlation).factor == pytest.approx(float(np.mean(loadings**2)), abs=1e-10)


def test_independent_items_show_no_component_beyond_chance() -> None:
    assert parallel_analysis(np.eye(5), 200, np.random.default_rng(2), replicates=50).components == 0


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        (np.array([[1.0, math.nan], [math.nan, 2.0]]), "two complete rows"),
        (np.array([[1.0, 2.0], [1.0, 3.0], [1.0, 5.0]]), "items that vary"),
        (np.array([[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]]), "combination"),
    ],
)
def test_correlations_that_do_not_exist_are_refused(answers: np.ndarray, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        correlation_of(answers)


def test_kurtosis_of_normal_samples_has_the_mean_and_spread_that_are_told() -> None:
    rng = np.random.default_rng(8)
    found = [multivariate_normality(rng.normal(size=(30, 6))) for _ in range(1500)]
    kurtosis = np.array([each.kurtosis for each in found])
    expected, spread = found[0].kurtosis_expected, found[0].kurtosis_spread
    assert abs(kurtosis.mean() - expected) < 4 * spread / np.sqrt(len(kurtosis))
    assert abs(kurtosis.std() / spread - 1) < 0.1
    assert expected < 6 * 8 - spread  # p(p + 2) is reached in large samples only
