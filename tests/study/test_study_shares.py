"""Shares of categories against R."""

from __future__ import annotations

import numpy as np
import pytest
from oracle_files import oracle

from mce_utaut.study.shares import against_shares, goodman, wilson

ORACLE = oracle("study_shares")
RELATIVE = 1e-9  # both sides are closed forms; only rounding differs


@pytest.mark.parametrize("case", ORACLE["cases"], ids=lambda case: str(case["counts"]))
def test_intervals_and_tests_meet_r(case: dict) -> None:
    counts = case["counts"]
    n = sum(counts)
    np.testing.assert_allclose([wilson(count, n) for count in counts], case["wilson"], rtol=RELATIVE, atol=1e-12)
    np.testing.assert_allclose(goodman(counts), case["goodman"], rtol=RELATIVE, atol=1e-12)
    found = against_shares(counts, ORACLE["shares"])
    assert found.statistic == pytest.approx(case["statistic"], rel=RELATIVE)
    wanted = case["exact"] if found.method == "exact" else case["asymptotic"]
    assert found.p == pytest.approx(wanted, rel=1e-8)


def test_the_method_follows_the_smallest_expected_count() -> None:
    assert against_shares([32, 69, 129, 89, 44], ORACLE["shares"]).method == "asymptotic"
    assert against_shares([1, 5, 11, 8, 6], ORACLE["shares"]).method == "exact"
    assert against_shares([40, 40], [0.5, 0.5]).df == 1


def test_an_exact_test_of_two_categories_is_the_binomial_one() -> None:
    from scipy.stats import binomtest

    assert against_shares([1, 8], [0.5, 0.5]).p == pytest.approx(binomtest(1, 9).pvalue)


def test_nothing_gives_nothing() -> None:
    assert np.isnan(wilson(0, 0)).all() and np.isnan(goodman([0, 0])).all()
    with pytest.raises(ValueError, match="no counts"):
        against_shares([0, 0], [0.5, 0.5])


@pytest.mark.parametrize("n", [20, 60])
def test_intervals_hold_their_level(n: int) -> None:
    shares = np.array(ORACLE["shares"])
    rng = np.random.default_rng(4)
    draws = rng.multinomial(n, shares, 1500)
    together = [
        all(lower <= share <= upper for share, (lower, upper) in zip(shares, goodman(row), strict=True))
        for row in draws
    ]
    assert np.mean(together) > 0.94
