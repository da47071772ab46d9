"""semopy as engine and second opinion: agreement where it can, a reason where it cannot."""

import numpy as np
import pytest

from mce_utaut.errors import UsageError
from mce_utaut.sem.fit import fit_model
from mce_utaut.sem.options import FitOptions
from mce_utaut.sem.second_opinion import second_opinion

MODEL = "f =~ x.1 + x.2 + x.3\ng =~ x.4 + x.5 + x.6\ng ~ b*f + z\nx.1 ~~ x.4\nx.2 ~~ 0.1*x.3"


def data(n=250):
    rng = np.random.default_rng(2)
    z, f = rng.normal(size=(2, n))
    g = 0.5 * f + 0.3 * z + rng.normal(size=n)
    x = np.column_stack([f, f, f, g, g, g]) + 0.8 * rng.normal(size=(n, 6))
    return {f"x.{i + 1}": x[:, i] for i in range(6)} | {"z": z, "school": np.repeat(["a", "b"], n // 2)}


def test_the_engines_agree():
    d = data()
    native = fit_model(MODEL, d)
    other = fit_model(MODEL, d, FitOptions(engine="semopy"))
    assert other.t == pytest.approx(native.t, abs=1e-8)
    opinion = second_opinion(native)
    assert opinion.applicable
    assert 0 < opinion.difference < 1e-4
    assert opinion.version


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (FitOptions(group="school"), "groups"),
        (FitOptions(std_lv=True), "fixed loading"),
        (FitOptions(meanstructure=True), "means"),
        (FitOptions(estimator="ULS"), "maximum likelihood"),
        (FitOptions(likelihood="wishart"), "maximum likelihood"),
    ],
)
def test_where_semopy_cannot_the_reason_is_given(options, word):
    fit = fit_model("f =~ x.1 + x.2 + x.3", data(), options)
    opinion = second_opinion(fit)
    assert not opinion.applicable
    assert word in opinion.reason
    assert np.isnan(opinion.difference)


def test_equality_constraints_are_not_for_semopy():
    with pytest.raises(UsageError, match="equality constraints"):
        fit_model("f =~ x.1 + a*x.2 + a*x.3", data(), FitOptions(engine="semopy"))
