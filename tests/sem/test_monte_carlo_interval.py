"""Monte Carlo intervals of defined parameters."""

import numpy as np
import pytest
from scipy.stats import norm

from mce_utaut.errors import NotEstimable, UsageError
from mce_utaut.sem.fit import fit_model
from mce_utaut.sem.moments import moments_from_statistics
from mce_utaut.sem.monte_carlo_interval import monte_carlo_intervals
from mce_utaut.sem.options import FitOptions

R = np.array([[1.0, 0.5, 0.4], [0.5, 1.0, 0.6], [0.4, 0.6, 1.0]])
PATHS = "m ~ a*x\ny ~ b*m + c*x\n"


def fit_of(more, **options):
    data = moments_from_statistics(("x", "m", "y"), R, 120)
    return fit_model(PATHS + more, data, FitOptions(**options))


def test_interval_of_a_sum_is_the_normal_one():
    fit = fit_of("total := a + c")
    (found,) = monte_carlo_intervals(fit, np.random.default_rng(1), 100_000)
    se = np.sqrt(fit.vcov_t[0, 0] + fit.vcov_t[2, 2] + 2 * fit.vcov_t[0, 2])
    assert found.ci_lower == pytest.approx(found.est - norm.ppf(0.975) * se, abs=0.005)
    assert found.ci_upper == pytest.approx(found.est + norm.ppf(0.975) * se, abs=0.005)


def test_interval_of_a_product_leans_to_the_larger_side():
    (found,) = monte_carlo_intervals(fit_of("indirect := a*b"), np.random.default_rng(2))
    assert found.name == "indirect"
    assert found.ci_upper - found.est > found.est - found.ci_lower > 0


def test_interval_repeats_with_the_seed_and_follows_the_level():
    fit, narrow = fit_of("indirect := a*b"), fit_of("indirect := a*b", level=0.5)
    first, again = (monte_carlo_intervals(fit, np.random.default_rng(3)) for _ in range(2))
    assert first == again
    assert monte_carlo_intervals(narrow, np.random.default_rng(3))[0].ci_lower > first[0].ci_lower


def test_limits_come_from_the_draws_at_which_a_parameter_is_defined():
    fit = fit_of("never := log(a - 10)\nlarge := 1/(a - a)\nsum := a + b")
    never, large, total = monte_carlo_intervals(fit, np.random.default_rng(4), 1000)
    assert np.isnan([never.est, never.ci_lower, never.ci_upper, large.ci_lower, large.ci_upper]).all()
    assert total.ci_lower < total.est < total.ci_upper


def test_what_gives_no_interval_is_refused():
    with pytest.raises(UsageError, match=":="):
        monte_carlo_intervals(fit_of(""), np.random.default_rng(1))
    with pytest.raises(UsageError, match="1000"):
        monte_carlo_intervals(fit_of("i := a*b"), np.random.default_rng(1), 10)
    with pytest.raises(NotEstimable):
        monte_carlo_intervals(fit_of("i := a*b", se="none"), np.random.default_rng(1))
