"""Constraints that are not linear: met at a minimum from where nothing along them leads lower; standard errors."""

from dataclasses import replace

import numpy as np
import pytest
from oracle_files import columns

from mce_utaut.errors import NotConverged, NotEstimable, SyntaxProblem, UsageError
from mce_utaut.sem.bootstrap import bootstrap
from mce_utaut.sem.estimates import parameter_estimates
from mce_utaut.sem.fit import fit_model
from mce_utaut.sem.nonlinear_constraints import constraint_jacobian, constraint_values
from mce_utaut.sem.options import FitOptions

TWO = "visual =~ x1 + a*x2 + b*x3\ntextual =~ x4 + c*x5 + x6\n"


def by_label(fit):
    return {row.label: row for row in parameter_estimates(fit) if row.label}


@pytest.mark.parametrize("estimator", ["ML", "GLS", "ULS"])
@pytest.mark.parametrize("constraint", ["a == b^2", "a*b == 0.5", "log(a) == b - 1", "c == exp(a - b)"])
def test_the_constraint_is_met_where_the_gradient_is_a_multiple_of_its_own(estimator, constraint):
    data = columns("hs1939")
    fit = fit_model(TWO + constraint, data, FitOptions(estimator=estimator))
    free = fit_model(TWO, data, FitOptions(estimator=estimator))
    x = fit.x
    table = replace(free.table, nonlinear=fit.table.nonlinear)
    assert np.abs(constraint_values(table, x)).max() < 1e-9
    gradient = free.objective.gradient(x)
    normal = constraint_jacobian(table, x)[0]
    assert gradient - normal * (normal @ gradient) / (normal @ normal) == pytest.approx(0, abs=1e-8)
    assert fit.test.df == free.test.df + 1
    assert fit.test.chisq > free.test.chisq


def test_standard_errors_are_those_of_the_model_written_without_the_constraint():
    """A constraint that only names another parameter takes nothing from the model: b is what its delta method says."""
    data = columns("hs1939")
    plain = fit_model("visual =~ x1 + a*x2 + x3\nsquare := a^2", data)
    bound = fit_model("visual =~ x1 + a*x2 + x3\nx9 ~ s*x8\nx9 ~~ 0*visual\nx8 ~~ 0*visual\ns == a^2", data)
    assert plain.table.definitions
    row = by_label(bound)
    assert row["s"].est == pytest.approx(row["a"].est ** 2, abs=1e-10)
    assert row["s"].se == pytest.approx(2 * row["a"].est * row["a"].se, rel=1e-8)


def test_a_defined_parameter_can_be_constrained_and_linear_ones_stay_linear():
    data = columns("hs1939")
    fit = fit_model("x4 ~ b*x1 + c*x9\nx1 ~ a*x9\nab := a*b\nab == 0.1\nd := a - b\nd == 0", data)
    row = by_label(fit)
    assert row["ab"].est == pytest.approx(0.1, abs=1e-9) and row["ab"].se == pytest.approx(0, abs=1e-9)
    assert row["a"].est == pytest.approx(row["b"].est, abs=1e-12)
    assert len(fit.table.nonlinear) == 1


def test_what_cannot_be_met_or_is_said_twice_is_refused():
    data = columns("hs1939")
    with pytest.raises(NotConverged, match="could not be met"):
        fit_model(TWO + "a^2 == -1", data)
    with pytest.raises(NotEstimable, match="depend on one another"):
        fit_model(TWO + "a == b^2\n2*a == 2*b^2", data)
    with pytest.raises(NotEstimable, match="nothing that is estimated"):
        fit_model("x1 ~ b*x2\nx1 ~~ v*x1\nb*v == 0.4\nb == 0.5\nv == 0.8", data)
    with pytest.raises(SyntaxProblem, match="no parameter has the label k"):
        fit_model(TWO + "a == k^2", data)
    with pytest.raises(UsageError, match="nonlinear"):
        bootstrap(fit_model(TWO + "a == b^2", data), 10, 1)
