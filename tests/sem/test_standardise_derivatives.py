"""The analytic derivatives of standardised values against complex steps, where their rows follow from others too."""

import numpy as np
import pytest

from mce_utaut.sem.fit import fit_model
from mce_utaut.sem.options import FitOptions
from mce_utaut.sem.standardise import standardised_jacobian, standardised_values

MODEL = """
f =~ x1 + x2 + l*x3
g =~ x4 + x5 + x6
g ~ b*f + c*z
x1 ~ z
x2 ~~ x5
both := b*c
"""


def data(n=400):
    rng = np.random.default_rng(11)
    z, f = rng.normal(size=(2, n))
    g = 0.5 * f + 0.3 * z + rng.normal(size=n)
    x = np.column_stack([f, f, f, g, g, g]) + rng.normal(size=(n, 6)) + 0.3 * z[:, None]
    answers = np.digitize(x, [-1.0, 0.2, 1.1]).astype(float)
    return {f"x{i + 1}": answers[:, i] for i in range(6)} | {
        "z": z,
        "school": np.array(["a", "b"] * (n // 2)),
    }


@pytest.mark.parametrize(
    "options",
    [
        FitOptions(),
        FitOptions(std_lv=True, meanstructure=True, fixed_x=False),
        FitOptions(group="school", group_equal=("loadings", "intercepts")),
        FitOptions(estimator="WLSMV", ordered=("all",)),
        FitOptions(estimator="WLSMV", ordered=("x1", "x2", "x4"), parameterization="theta"),
        FitOptions(estimator="WLSMV", ordered=("all",), group="school", group_equal=("loadings", "thresholds")),
        FitOptions(
            estimator="WLSMV",
            ordered=("all",),
            group="school",
            group_equal=("loadings", "thresholds"),
            parameterization="theta",
        ),
    ],
    ids=lambda o: "-".join(filter(None, [o.estimator, o.parameterization, o.group, *o.ordered, "lv" * o.std_lv])),
)
def test_derivatives_of_standardised_values_equal_complex_steps(options):
    fit = fit_model(MODEL, data(), options)
    steps = fit.t + 1e-30j * np.eye(len(fit.t))
    by_steps = np.imag(standardised_values(fit.table, fit.objective.groups, steps, "all")).T / 1e-30
    analytic = standardised_jacobian(fit.table, fit.objective.groups, fit.t)
    assert analytic == pytest.approx(by_steps, abs=1e-12)
