"""Two groups against R, and the permutation test against what it must do."""

from __future__ import annotations

import numpy as np
import pytest
from oracle_files import oracle

from mce_utaut.scoring.two_groups import compare_two, permutation_p

CASES = oracle("scoring_two_groups")["cases"]


@pytest.mark.parametrize("name", sorted(CASES))
def test_two_groups_are_those_of_r(name: str) -> None:
    case = CASES[name]
    found = compare_two(np.array([*case["first"], np.nan]), np.array(case["second"]))
    ours = {
        "t": found.t,
        "df": found.df,
        "p": found.p,
        "lower": found.difference.lower,
        "upper": found.difference.upper,
        "g": found.g.estimate,
        "g_lower": found.g.lower,
        "g_upper": found.g.upper,
        "tost": found.equivalence_p,
        "superiority": found.superiority,
    }
    assert ours == pytest.approx({key: case[key] for key in ours}, rel=1e-6)


def test_the_permutation_test_is_exchangeable_and_finds_a_shift() -> None:
    rng = np.random.default_rng(2)
    first, second = rng.standard_normal((40, 2)), rng.standard_normal((12, 2)) + np.array([0.0, 1.5])
    first[:3, 0] = np.nan
    p = permutation_p(first, second, np.random.default_rng(1), 999)
    assert p[1] == pytest.approx(0.001) and p[0] > 0.05
    assert permutation_p(first, second, np.random.default_rng(1), 999) == pytest.approx(p)


def test_the_permutation_test_is_near_welch() -> None:
    rng = np.random.default_rng(5)
    first, second = rng.standard_normal((50, 1)), 0.4 + 2 * rng.standard_normal((15, 1))
    p = permutation_p(first, second, rng, 4999)[0]
    assert p == pytest.approx(compare_two(first[:, 0], second[:, 0]).p, abs=0.04)


def test_a_group_of_one_or_without_spread_is_refused() -> None:
    with pytest.raises(ValueError, match="two values"):
        compare_two(np.array([1.0]), np.array([1.0, 2.0]))
    with pytest.raises(ValueError, match="vary"):
        compare_two(np.array([1.0, 1.0]), np.array([2.0, 2.0]))


@pytest.mark.parametrize(("n1", "n2", "shift"), [(368, 31, -0.46), (3, 3, 4.0), (3000, 40, 0.0), (5, 900, 2.0)])
def test_the_interval_of_g_is_always_there(n1: int, n2: int, shift: float) -> None:
    first, second = np.linspace(-1.7, 1.7, n1), np.linspace(-1.7, 1.7, n2) + shift
    g = compare_two(first, second).g
    assert g.lower < g.estimate < g.upper
