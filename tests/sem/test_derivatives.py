"""Gradients and Hessians of every discrepancy against finite differences."""

import numpy as np
import pytest

from mce_utaut.sem.fit import fit_model
from mce_utaut.sem.options import FitOptions

MODEL = """
f =~ x1 + x2 + a*x3
g =~ x4 + a*x5 + x6
g ~ f + z
x1 ~~ x4
x6 ~ z
"""


def data(n=150):
    rng = np.random.default_rng(3)
    z = rng.normal(size=n)
    f = rng.normal(size=n)
    g = 0.5 * f + 0.3 * z + rng.normal(size=n)
    x = np.column_stack([f, 0.8 * f, 0.9 * f, g, 0.7 * g, 1.1 * g]) + rng.normal(size=(n, 6)) + 2
    return {f"x{i + 1}": x[:, i] for i in range(6)} | {
        "z": z,
        "school": np.where(rng.random(n) < 0.4, "b", "a"),
    }


def numeric(function, t, step):
    return np.array([(function(t + step * e) - function(t - step * e)) / (2 * step) for e in np.eye(len(t))])


@pytest.mark.parametrize(
    "options",
    [
        FitOptions(estimator="ML"),
        FitOptions(estimator="ML", meanstructure=True, fixed_x=False),
        FitOptions(estimator="ML", likelihood="wishart"),
        FitOptions(estimator="GLS"),
        FitOptions(estimator="ULS", meanstructure=True),
        FitOptions(estimator="ML", group="school", group_equal=("loadings", "intercepts")),
        FitOptions(estimator="GLS", group="school", group_equal=("loadings",)),
        FitOptions(estimator="ULS", group="school"),
    ],
    ids=lambda o: f"{o.estimator}-{o.likelihood}-{o.meanstructure}-{o.group}",
)
def test_derivatives_equal_finite_differences(options):
    fit = fit_model(MODEL, data(), options)
    rng = np.random.default_rng(1)
    t = fit.t * (1 + 0.05 * rng.normal(size=fit.t.size)) + 0.02 * rng.normal(size=fit.t.size)
    gradient, hessian = fit.objective.gradient_and_hessian(t, "observed")
    scale = np.abs(hessian).max()
    assert gradient == pytest.approx(numeric(fit.objective.value, t, 1e-6), abs=1e-6 * scale)
    assert hessian == pytest.approx(numeric(fit.objective.gradient, t, 1e-6), abs=1e-6 * scale)


def test_expected_hessian_is_the_observed_one_where_the_model_holds():
    fit = fit_model(MODEL, data(), FitOptions(meanstructure=True))
    exact = fit.objective.parts[0]
    implied = fit.objective.implied(fit.t)[0]
    sample = type(exact.sample)(exact.sample.names, exact.sample.n, implied.mean, implied.covariance)
    part = type(exact)(sample, implied.covariance, 0.0)
    group = fit.objective.groups[0]
    observed = part.observed_hessian(group, implied)
    assert observed == pytest.approx(part.expected_hessian(group, implied), abs=1e-9)


def test_scores_sum_to_the_gradient():
    fit = fit_model(MODEL, data(), FitOptions(meanstructure=True, fixed_x=False))
    t = fit.t + 0.05
    group, part = fit.objective.groups[0], fit.objective.parts[0]
    implied, derivatives = fit.objective.implied_and_derivatives(t)[0]
    scores = part.scores(group, implied, derivatives)
    gradient = part.gradient(group, implied)
    assert scores.mean(axis=0) == pytest.approx(-gradient / 2, abs=1e-10)
