"""Direct, indirect and total effects against lavaan's ``:=`` and against one another."""


import numpy as np
import pytest
from oracle_files import oracle

from mce_utaut.sem.fit import fit_model
from mce_utaut.sem.moments import moments_from_statistics
from mce_utaut.sem.options import FitOptions
from mce_utaut.sem.total_effects import structural_effects

ORACLE = oracle("sem_exam")
CASE = next(case for case in ORACLE["cases"] if case["id"] == "alienation")
TOLERANCE = 1e-5


@pytest.fixture(scope="module")
def effects():
    given = CASE["statistics"]
    fit = fit_model(CASE["model"], moments_from_statistics(given["names"], np.array(given["covariance"]), given["n"]))
    return {(row.outcome, row.predictor, row.kind): row for row in structural_effects(fit)}


@pytest.mark.parametrize(("name", "kind"), [("through", "indirect"), ("total", "total")])
def test_effects_are_those_that_lavaan_defines(effects, name, kind):
    theirs = next(row for row in CASE["parameters"] if row["lhs"] == name)
    ours = effects["al71", "ses", kind]
    assert ours.est == pytest.approx(theirs["est"], abs=TOLERANCE)
    assert ours.se == pytest.approx(theirs["se"], rel=1e-4)
    at = [row["op"] for row in CASE["parameters"]].index(":=") + (name == "total")
    assert ours.std_all == pytest.approx(CASE["standardized"][at]["est_std"], abs=TOLERANCE)
    assert ours.std_all_se == pytest.approx(CASE["standardized"][at]["se"], rel=1e-3)


def test_direct_and_indirect_add_up_and_absent_chains_have_no_error(effects):
    for outcome, predictor, kind in effects:
        if kind == "total":
            parts = [effects[outcome, predictor, part].est for part in ("direct", "indirect")]
            assert effects[outcome, predictor, kind].est == pytest.approx(sum(parts), abs=1e-12)
    assert effects["al67", "ses", "indirect"].est == 0 and np.isnan(effects["al67", "ses", "indirect"].se)
    assert ("ses", "al71", "total") not in effects


def test_effects_go_round_circles():
    rng = np.random.default_rng(2)
    x = rng.normal(size=2000)
    a = 0.5 * x + rng.normal(size=2000)
    data = {"x": x, "a": a, "b": 0.4 * a + rng.normal(size=2000), "z": rng.normal(size=2000)}
    rows = structural_effects(fit_model("a ~ x + b\nb ~ a + z", data, FitOptions()))
    found = {(row.outcome, row.predictor, row.kind): row.est for row in rows}
    loop = 1 - found["a", "b", "direct"] * found["b", "a", "direct"]
    assert found["b", "x", "total"] == pytest.approx(
        found["b", "a", "direct"] * found["a", "x", "direct"] / loop, abs=1e-12
    )


def test_a_variable_with_a_negative_variance_has_no_standardised_effects():
    rng = np.random.default_rng(3)
    data = {name: rng.normal(size=300) for name in ("x", "y1", "y2", "y3")}
    model = "f =~ 1*y1 + 1*y2 + 1*y3\nf ~ x\nf ~~ -0.5*f\ny1 ~~ 2*y1\ny2 ~~ 2*y2\ny3 ~~ 2*y3"
    (effect,) = (row for row in structural_effects(fit_model(model, data)) if row.kind == "total")
    assert np.isnan(effect.std_all) and np.isnan(effect.std_all_se)
    assert effect.se > 0
