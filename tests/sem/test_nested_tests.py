"""Scaled differences of nested models whose scaling factor is taken at the smaller model (Satorra & Bentler 2010)."""

import numpy as np
import pytest
from oracle_files import columns, oracle

from mce_utaut.errors import UsageError
from mce_utaut.sem.fit import fit_model
from mce_utaut.sem.invariance import invariance_ladder
from mce_utaut.sem.nested_tests import difference_test
from mce_utaut.sem.options import FitOptions

ORACLE = oracle("sem_positive_difference")
TWO, DATA = ORACLE["two"], columns(ORACLE["data"])
UNCORRELATED = TWO + "\nAg ~~ 0*Ex"
FIML = FitOptions("MLR", missing="fiml")
POSITIVE = "satorra.bentler.2010"
SAME = 1e-4  # relative: what is left in lavaan's estimates and its numeric Hessian


@pytest.fixture(scope="module")
def ladder():
    by_gender = FitOptions("MLR", missing="fiml", group="gender")
    return invariance_ladder(TWO, DATA, by_gender, ("configural", "metric", "scalar", "strict"))


@pytest.mark.parametrize(("at", "name"), [(0, "metric"), (1, "scalar"), (2, "strict")])
def test_steps_of_an_incomplete_ladder_are_those_of_r(ladder, at, name):
    (beside,) = ladder.steps[at].others
    assert (beside.method, beside.df) == (POSITIVE, ORACLE[name]["df"])
    assert beside.chisq == pytest.approx(ORACLE[name]["chisq"], rel=SAME)


def test_one_factor_within_two_is_that_of_r():
    # away from its minimum the observed information of a model depends on how its factors get their unit
    by_variance = FitOptions("MLR", missing="fiml", std_lv=True)
    one = fit_model("Al =~ A2 + A3 + A4 + A5 + E1 + E2 + E3 + E4", DATA, by_variance)
    found = difference_test(fit_model(TWO, DATA, by_variance), one, POSITIVE)
    assert found.chisq == pytest.approx(ORACLE["one_factor"]["chisq"], rel=SAME)


def test_the_parametrisation_of_the_larger_model_does_not_matter():
    smaller = fit_model(UNCORRELATED, DATA, FitOptions("MLM"))
    by_marker = difference_test(fit_model(TWO, DATA, FitOptions("MLM")), smaller, POSITIVE)
    by_variance = difference_test(fit_model(TWO, DATA, FitOptions("MLM", std_lv=True)), smaller, POSITIVE)
    assert by_marker.chisq == pytest.approx(ORACLE["mlm"]["chisq"], rel=SAME)
    assert by_variance.chisq == pytest.approx(by_marker.chisq, rel=1e-6)


def test_a_factor_that_is_not_positive_gives_no_chi_square():
    assert ORACLE["uncorrelated"]["chisq"] < 0, "lavaan divides by a negative factor here"
    found = difference_test(fit_model(TWO, DATA, FIML), fit_model(UNCORRELATED, DATA, FIML), POSITIVE)
    assert found.factor < 0 and np.isnan(found.chisq)


def test_the_default_turns_to_it_where_the_usual_factor_is_negative():
    assert ORACLE["negative_2001"] is None, "lavaan has no number here"
    few = {name: values[np.array(ORACLE["few"]) - 1] for name, values in DATA.items()}
    larger, smaller = fit_model(TWO, few, FIML), fit_model(ORACLE["equal"], few, FIML)
    assert difference_test(larger, smaller, "satorra.bentler.2001").factor < 0
    found = difference_test(larger, smaller)
    assert found.method == POSITIVE and found.factor > 0 and found.chisq == pytest.approx(found.plain / found.factor)


@pytest.mark.parametrize("method", ["satorra.2000", POSITIVE])
def test_the_order_in_which_variables_are_named_does_not_matter(method):
    larger, options = fit_model(TWO, DATA, FitOptions("MLM")), FitOptions("MLM")
    same = difference_test(larger, fit_model(UNCORRELATED, DATA, options), method)
    turned = fit_model("Ex =~ E1 + E3 + E4 + E2\nAg =~ A2 + A5 + A3 + A4\nAg ~~ 0*Ex", DATA, options)
    assert turned.table.observed != larger.table.observed
    assert difference_test(larger, turned, method).chisq == pytest.approx(same.chisq, rel=1e-6)


def test_models_of_other_variables_are_refused():
    other = fit_model("Ag =~ A2 + A3 + A4 + A5", DATA, FIML)
    with pytest.raises(UsageError, match="other variables"):
        difference_test(other, fit_model(UNCORRELATED, DATA, FIML))


def test_models_that_are_not_nested_are_refused():
    other = fit_model("Ag =~ A2 + A3 + E1 + E2\nEx =~ A4 + A5 + E3 + E4\nAg ~~ 0*Ex", DATA, FIML)
    with pytest.raises(UsageError, match="not nested"):
        difference_test(fit_model(TWO, DATA, FIML), other, POSITIVE)
