"""Ordered data given exogenous variables: regressions, residual correlations, derivatives, refusals."""

import numpy as np
import pytest

from mce_utaut.errors import NotEstimable
from mce_utaut.sem.conditional_margins import linear_margin, probit_margin
from mce_utaut.sem.conditional_moments import conditional_moments
from mce_utaut.sem.conditional_pairs import conditional_pair
from mce_utaut.sem.fit import fit_model
from mce_utaut.sem.matrices import marginal
from mce_utaut.sem.moment_derivatives import moment_derivatives
from mce_utaut.sem.options import FitOptions
from mce_utaut.sem.ordinal_implied import implied_statistics

RNG = np.random.default_rng(7)
N = 4000
X = np.column_stack([RNG.normal(40, 8, N), RNG.integers(0, 2, N)])
E = RNG.normal(size=(N, 3)) @ np.linalg.cholesky([[1, 0.6, 0.3], [0.6, 1, 0.5], [0.3, 0.5, 1]]).T
Y = np.column_stack([0.03 * X[:, 0] + 0.5 * X[:, 1], -0.02 * X[:, 0], 0.4 * X[:, 1]]) + E
CODES = np.digitize(Y[:, 0], [0.5, 1.5, 2.5])
BINARY = np.digitize(Y[:, 1], [-0.8])
PATTERNS = np.unique(X, axis=0, return_inverse=True)[1].reshape(-1)


def test_probit_regression_is_at_its_maximum_and_finds_the_truth():
    found = probit_margin(CODES, 4, X, "y", "")
    assert np.abs(found.scores.sum(axis=0)).max() < 1e-6 * N
    errors = np.sqrt(np.diag(np.linalg.inv(found.scores.T @ found.scores)))
    truth = np.array([0.5, 1.5, 2.5, 0.03, 0.5])
    assert (np.abs(np.concatenate([found.first, found.slopes]) - truth) < 4 * errors).all()


def test_scores_of_a_regression_are_derivatives_of_its_log_likelihood():
    y = Y[:50, 2]
    found = linear_margin(y, X[:50], "y", "")

    def loglik(p):
        away = y - p[0] - X[:50] @ p[1:3]
        return -0.5 * np.log(p[3]) - 0.5 * away**2 / p[3]

    at = np.array([found.first[0], *found.slopes, found.variance])
    for k in range(4):
        step = np.zeros(4)
        step[k] = 1e-6
        assert found.scores[:, k] == pytest.approx((loglik(at + step) - loglik(at - step)) / 2e-6, rel=1e-4, abs=1e-4)


@pytest.mark.parametrize(("kinds", "truth"), [("oo", 0.6), ("oc", 0.3), ("co", 0.3), ("cc", 0.5)])
def test_residual_correlations_of_every_kind_find_the_truth(kinds, truth):
    ordered, binary = probit_margin(CODES, 4, X, "a", ""), probit_margin(BINARY, 2, X, "b", "")
    second, third = linear_margin(Y[:, 1], X, "b", ""), linear_margin(Y[:, 2], X, "c", "")
    pair = {"oo": (ordered, binary), "oc": (ordered, third), "co": (third, ordered), "cc": (second, third)}[kinds]
    found = conditional_pair(*pair, X, PATTERNS, ("a", "b"))
    assert abs(found.scores.sum()) < 1e-5 * N
    assert found.rho == pytest.approx(truth, abs=4 / np.sqrt(found.scores @ found.scores))


def data_of(rows=400):
    f = 0.04 * (X[:rows, 0] - 40) + 0.3 * X[:rows, 1] + RNG.normal(size=rows)
    items = f[:, None] * [1.0, 0.8, 0.9, 0.7] + RNG.normal(size=(rows, 4))
    data = {f"y{k + 1}": np.digitize(items[:, k], [-0.7, 0.6]) + 1.0 for k in range(3)}
    return data | {"y4": items[:, 3], "age": X[:rows, 0] / 10, "sex": X[:rows, 1]}


MODEL = "f =~ y1 + y2 + y3 + y4\nf ~ age + sex\ny2 ~ sex"
ITEMS = ("y1", "y2", "y3")


@pytest.mark.parametrize("parameterization", ["delta", "theta"])
def test_jacobian_of_the_statistics_agrees_with_differences(parameterization):
    fit = fit_model(MODEL, data_of(), FitOptions(ordered=ITEMS, parameterization=parameterization))
    part, group, t = fit.objective.parts[0], fit.objective.groups[0], fit.t
    implied = fit.objective.implied(t)[0]
    exact = part.jacobian(group, implied, moment_derivatives(group, implied))
    for k in range(len(t)):
        step = np.zeros(len(t))
        step[k] = 1e-6
        up, down = (implied_statistics(fit.objective.implied(t + s)[0], part.layout) for s in (step, -step))
        assert exact[:, k] == pytest.approx((up - down) / 2e-6, abs=1e-6)


def test_given_variables_come_back_in_the_marginal_covariance():
    fit = fit_model(MODEL, data_of(), FitOptions(ordered=ITEMS))
    group, implied = fit.objective.groups[0], fit.implied[0]
    x = [fit.table.observed.index(name) for name in ("age", "sex")]
    assert not implied.C[np.ix_(x, x)].any()
    whole = marginal(group, implied).C
    sample = fit.samples[0].covariance
    assert whole[np.ix_(x, x)] == pytest.approx(fit.samples[0].unbiased_covariance[np.ix_(x, x)])
    y4 = fit.table.observed.index("y4")
    assert whole[y4, y4] == pytest.approx(sample[y4, y4], rel=0.02)


def test_rows_alike_are_computed_once_to_the_same_result():
    a, b = probit_margin(CODES, 4, X, "a", ""), probit_margin(BINARY, 2, X, "b", "")
    once = conditional_pair(a, b, X, PATTERNS, ("a", "b"))
    each = conditional_pair(a, b, X, np.arange(N), ("a", "b"))
    assert once.rho == pytest.approx(each.rho, abs=1e-9)
    assert once.by_first == pytest.approx(each.by_first, abs=1e-6)


def test_x_that_tells_the_categories_apart_is_refused():
    codes = (X[:, 0] > 40).astype(int)
    with pytest.raises(NotEstimable, match="y1 on the exogenous"):
        probit_margin(codes, 2, X, "y1", "group a")


def test_constant_exogenous_variable_is_named():
    data = np.column_stack([CODES[:100], BINARY[:100], np.ones(100)]).astype(float)
    with pytest.raises(NotEstimable, match="No variance: x"):
        conditional_moments(
            data,
            np.array([True, True, False]),
            np.array([False, False, True]),
            ["a", "b", "x"],
            [np.arange(4.0), np.arange(2.0), np.empty(0)],
        )
