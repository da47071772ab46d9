"""Ordered data: refusals in sentences, derivatives, the smaller minimisation, simulated truth."""

import numpy as np
import pytest

from mce_utaut.errors import NotEstimable, UsageError, UserMistake
from mce_utaut.sem.discrepancy import objective_of
from mce_utaut.sem.fit import fit_model
from mce_utaut.sem.matrices import group_matrices
from mce_utaut.sem.optimise import minimise
from mce_utaut.sem.options import FitOptions
from mce_utaut.sem.ordinal_implied import computed_keep_apart
from mce_utaut.sem.ordinal_profile import fill_thresholds, without_exact_thresholds

ONE = "f =~ a + b + c + d"
NAMES = ("a", "b", "c", "d")
LOADINGS = np.array([0.8, 0.7, 0.6, 0.5])
CUTS = (-0.6, 0.4)


def answers(n, seed=1):
    """Answers 1 to 3 of four items with standardised loadings ``LOADINGS``, and a school of two."""
    rng = np.random.default_rng(seed)
    factor = rng.normal(size=n)
    latent = factor[:, None] * LOADINGS + rng.normal(size=(n, 4)) * np.sqrt(1 - LOADINGS**2)
    data = {name: np.digitize(latent[:, i], CUTS) + 1.0 for i, name in enumerate(NAMES)}
    data["school"] = np.where(np.arange(n) % 2, "north", "south")
    data["age"] = factor + rng.normal(size=n)
    return data


def fit(data, model=ONE, **options):
    return fit_model(model, data, FitOptions(**({"ordered": ("all",)} | options)))


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"estimator": "ML"}, "ML is not for ordered variables"),
        ({"missing": "fiml"}, "no FIML for ordered variables"),
        ({"cluster": "school"}, "Cluster-robust standard errors are not supported with ordered"),
        ({"se": "robust.huber.white"}, "se can be standard or robust.sem"),
        ({"test": "yuan.bentler.mplus"}, "the test can be standard, satorra.bentler"),
        ({"meanstructure": False}, "need a mean structure"),
        ({"engine": "semopy"}, "semopy's estimates for ordered variables are not reliable"),
        ({"ordered": (), "estimator": "WLSMV"}, "WLSMV needs ordered variables"),
        ({"ordered": (), "missing": "pairwise"}, "pairwise needs ordered variables"),
    ],
)
def test_what_does_not_go_with_ordered_variables_is_refused(options, sentence):
    with pytest.raises(UsageError, match=sentence):
        fit(answers(60), **options)


def test_exogenous_variables_are_given_or_random():
    data = answers(300)
    given = fit(data, ONE + "\nf ~ age")
    assert given.table.conditional
    assert given.test.df == fit(data, ONE).test.df + len(NAMES) - 1
    with pytest.raises(UsageError, match=r"age cannot be ordered and exogenous"):
        fit(data, ONE + "\nf ~ age", ordered=(*NAMES, "age"))
    assert fit(data, ONE + "\nf ~ age", fixed_x=False).converged
    assert fit(data, ONE + "\nf ~ age\nage ~~ age", ordered=NAMES).converged


def test_a_category_missing_in_one_group_is_named():
    data = answers(300)
    data["c"] = np.where((data["school"] == "north") & (data["c"] == 3), 2.0, data["c"])
    with pytest.raises(NotEstimable, match=r"nobody in group north chose category 3 of ordered variable c"):
        fit(data, group="school")


def test_a_category_lost_with_incomplete_rows_is_named():
    data = answers(300)
    data["a"] = np.where(data["b"] == 1, np.nan, data["a"])
    with pytest.raises(NotEstimable, match=r"nobody chose category 1 of ordered variable b"):
        fit(data)
    assert fit(data, missing="pairwise").total == 300
    for name in NAMES:
        data[name][:3] = np.nan
    assert fit(data, missing="pairwise").total == 297


def test_an_unknown_ordered_name_is_refused_and_one_outside_the_model_ignored():
    data = answers(200)
    with pytest.raises(UserMistake, match="no variable aa"):
        fit(data, ordered=("aa",))
    assert fit(data, ordered=(*NAMES, "age")).table.ordered == NAMES


def test_an_ordered_exogenous_variable_is_a_latent_response_like_others():
    data = answers(400)
    exogenous = fit(data, "f =~ b + c + d\nf ~ a", fixed_x=False, ordered=NAMES)
    factor = fit(data, "f =~ b + c + d\nx =~ 1*a\nx ~~ 1*x\nf ~ x", ordered=NAMES)
    assert exogenous.test.chisq == pytest.approx(factor.test.chisq, abs=1e-8)
    assert exogenous.test.scaled == pytest.approx(factor.test.scaled, abs=1e-6)


def test_full_weighting_with_too_few_cases_is_refused():
    with pytest.raises(NotEstimable, match="inverts the covariance matrix of 14 statistics"):
        fit(answers(13, seed=3), estimator="WLS")


def test_default_estimator_is_wlsmv_with_scaled_shifted_test():
    found = fit(answers(200))
    assert found.options.estimator == "WLSMV"
    assert (found.inference.se, found.inference.test) == ("robust.sem", "scaled.shifted")


TWO_GROUPS = "f =~ c(1, NA)*a + c(l1, l1)*b + c + d\nb ~*~ c(1, NA)*b\nb | c(t, t)*t1 + c(u, u)*t2"


@pytest.mark.parametrize(
    ("model", "options"),
    [
        (ONE, {}),
        (ONE, {"parameterization": "theta"}),
        (ONE, {"ordered": ("a", "c")}),
        (ONE, {"ordered": ("a", "c"), "parameterization": "theta"}),
        ("f =~ a + b + c\nd ~ f + age\nage ~~ age", {"ordered": NAMES}),
        ("f =~ b + c + d\nb ~ a", {"fixed_x": False, "ordered": NAMES}),
        (TWO_GROUPS, {"group": "school"}),
        (ONE, {"group": "school", "group_equal": ("loadings", "thresholds")}),
        (ONE, {"group": "school", "group_equal": ("loadings", "thresholds"), "parameterization": "theta"}),
        (ONE, {"estimator": "ULSMV", "group": "school", "group_equal": ("loadings",)}),
    ],
)
def test_derivatives_are_those_of_finite_differences(model, options):
    found = fit(answers(400), model, **options)
    rng = np.random.default_rng(5)
    t = found.t + rng.uniform(-0.05, 0.05, found.t.size)
    steps = 1e-6 * np.eye(t.size)
    objective = found.objective
    gradient = np.array([(objective.value(t + s) - objective.value(t - s)) / 2e-6 for s in steps])
    assert np.allclose(objective.gradient(t), gradient, atol=1e-7)
    groups = zip(objective.groups, objective.implied(t), strict=True)
    if not found.table.conditional and all(computed_keep_apart(group, implied) for group, implied in groups):
        _, hessian = objective.gradient_and_hessian(t, "observed")
        curved = np.array([(objective.gradient(t + s) - objective.gradient(t - s)) / 2e-6 for s in steps])
        assert np.allclose(hessian, curved, atol=1e-5)


@pytest.mark.parametrize("equal", [(), ("loadings",), ("loadings", "thresholds")])
def test_leaving_out_exact_thresholds_reaches_the_same_minimum(equal):
    found = fit(answers(400), group="school", group_equal=equal)
    smaller, stays = without_exact_thresholds(found.objective)
    assert (stays.sum() < stays.size) == (equal != ("loadings", "thresholds"))
    whole = minimise(found.objective, found.t + 0.01)
    assert np.allclose(whole.t, found.t, atol=1e-8)
    assert np.allclose(fill_thresholds(found.objective, found.t), found.t, atol=1e-12)
    assert smaller.value(found.t[stays]) == pytest.approx(found.objective.value(found.t), abs=1e-12)


def test_delta_and_theta_fit_alike():
    data = answers(500)
    delta, theta = fit(data), fit(data, parameterization="theta")
    assert theta.test.chisq == pytest.approx(delta.test.chisq, abs=1e-8)
    assert theta.test.scaled == pytest.approx(delta.test.scaled, abs=1e-6)
    residuals = np.diag(delta.implied[0].S)[:4]
    assert np.allclose(theta.implied[0].scale, np.sqrt(residuals), atol=1e-6)


def test_computed_residuals_reach_variables_further_down():
    found = fit(answers(400), "a ~~ a\nb ~ a\nc ~ b\nd ~ c", ordered=NAMES)
    assert np.allclose(np.diag(found.implied[0].covariance), 1.0)


def test_groups_with_equal_data_have_unit_scales():
    data = answers(400)
    twice = {name: np.concatenate([value, value]) for name, value in data.items()}
    twice["school"] = np.repeat(["north", "south"], 400)
    found = fit(twice, group="school", group_equal=("loadings", "thresholds"))
    scales = [found.estimates[i] for i, row in enumerate(found.table.rows) if row.op == "~*~"]
    assert np.allclose(scales, 1.0, atol=1e-6)


def test_simulated_truth_is_within_four_standard_errors():
    found = fit(answers(20_000, seed=2), std_lv=True)
    errors = found.standard_errors
    truth = {row.rhs: LOADINGS[i] for i, row in enumerate(found.table.rows) if row.op == "=~"}
    for i, row in enumerate(found.table.rows):
        if row.op == "=~":
            assert abs(found.estimates[i] - truth[row.rhs]) < 4 * errors[i]
        elif row.op == "|":
            assert abs(found.estimates[i] - CUTS[int(row.rhs[1:]) - 1]) < 4 * errors[i]


def test_objective_takes_group_weights_less_one():
    found = fit(answers(300), group="school")
    groups = [group_matrices(found.table, g) for g in range(2)]
    again = objective_of(found.table, groups, found.objective.parts, True)
    assert found.test.chisq == pytest.approx(298 * again.value(found.t))
