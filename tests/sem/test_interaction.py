"""Latent interactions, simple slopes and Johnson-Neyman regions against semTools with lavaan."""

from dataclasses import replace

import numpy as np
import pytest
from oracle_files import columns, oracle

from mce_utaut.errors import UsageError
from mce_utaut.sem.interaction import all_pairs, latent_interaction, matched_pairs, product_columns
from mce_utaut.sem.options import FitOptions
from mce_utaut.sem.syntax import parse_syntax

CASES = oracle("sem_interaction")["cases"]
OPTIONS = FitOptions(estimator="MLR", meanstructure=True)
SCHOOL = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9\nspeed ~ visual + textual"


def fit_of(case):
    method = "orthogonalised" if "orthogonalised" in case["id"] else "double-mean-centred"
    given = {key: case[key] for key in ("outcome", "predictor", "moderator")}
    values = [row["value"] for row in case["slopes"]]
    data = columns(case["data"])
    if case["pairs"] == "all":
        given["pairs"] = all_pairs(parse_syntax(case["model"]), case["predictor"], case["moderator"])
    options = replace(OPTIONS, missing=case["missing"])
    return latent_interaction(case["model"], data, method=method, options=options, values=values, **given)


@pytest.mark.parametrize("case", [pytest.param(c, id=c["id"]) for c in CASES])
def test_interaction_and_slopes_agree_with_semtools(case):
    found = fit_of(case)
    assert found.fit.test.scaled == pytest.approx(case["chisq"], abs=2e-4)
    rows = {(r.lhs, r.rhs): i for i, r in enumerate(found.fit.table.rows) if r.op == "~"}
    for theirs in case["parameters"]:
        at = rows[theirs["lhs"], theirs["rhs"]]
        assert found.fit.estimates[at] == pytest.approx(theirs["est"], abs=1e-5)
        assert found.fit.standard_errors[at] == pytest.approx(theirs["se"], rel=2e-4)
    for ours, theirs in zip(found.slopes, case["slopes"], strict=True):
        assert ours.est == pytest.approx(theirs["est"], abs=2e-5)
        assert ours.se == pytest.approx(theirs["se"], rel=2e-4)
        assert ours.pvalue == pytest.approx(theirs["pvalue"], abs=1e-4)


@pytest.mark.parametrize("case", [c for c in CASES if "products" in c], ids=lambda c: c["id"])
def test_product_columns_are_those_of_indprod(case):
    method = "orthogonalised" if "orthogonalised" in case["id"] else "double-mean-centred"
    ours = product_columns(columns("hs1939"), [("x1", "x4"), ("x2", "x5"), ("x3", "x6")], method)
    for k, row in enumerate(case["products"]):
        for name, value in row.items():
            assert ours[name.replace("_", ".")][k] == pytest.approx(value, abs=1e-8)


def test_slope_is_just_significant_at_the_bounds_of_the_region():
    found = fit_of(CASES[2])
    bounds = [b for b in (found.region.lower, found.region.upper) if np.isfinite(b)]
    again = latent_interaction(
        CASES[2]["model"], columns("bollen"), "later", "ind", "dem", options=OPTIONS, values=bounds
    )
    assert bounds
    for slope in again.slopes:
        assert slope.pvalue == pytest.approx(0.05, abs=1e-6)


def test_longer_factor_gives_its_best_items():
    text = "ind =~ x1 + x2 + x3\ndem =~ y1 + y2 + y3 + y4\nlater =~ y5 + y6 + y7 + y8\nlater ~ ind + dem"
    pairs = matched_pairs(parse_syntax(text), columns("bollen"), "ind", "dem", OPTIONS)
    assert [a for a, _ in pairs] == ["x1", "x2", "x3"]
    assert set(b for _, b in pairs) == {"y1", "y2", "y4"}


def test_product_is_scaled_by_the_items_that_scale_its_factors():
    text = "visual =~ NA*x1 + 1*x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9\nspeed ~ visual + textual"
    assert matched_pairs(parse_syntax(text), columns("hs1939"), "visual", "textual", OPTIONS)[0] == ("x2", "x4")
    named = [("x1", "x5"), ("x2", "x4")]
    found = latent_interaction(text, columns("hs1939"), "speed", "visual", "textual", options=OPTIONS, pairs=named)
    assert found.product_items == ("x2.x4", "x1.x5")


def test_observed_moderator_of_two_values_is_probed_at_both():
    data = columns("hs1939")
    girl = {**data, "girl": data["sex"] - 1.0}
    text = "visual =~ x1 + x2 + x3\nspeed =~ x7 + x8 + x9\nspeed ~ visual + girl"
    found = latent_interaction(text, girl, "speed", "visual", "girl", options=OPTIONS)
    mean = girl["girl"].mean()
    assert [s.value for s in found.slopes] == pytest.approx([-mean, 1 - mean])


@pytest.mark.parametrize(
    ("options", "pairs"),
    [
        (FitOptions(estimator="MLR", std_lv=True), ()),
        (OPTIONS, [("x2", "x5"), ("x3", "x6")]),
        (OPTIONS, [("x1", "x4"), ("x1", "x4")]),
    ],
)
def test_product_without_the_unit_of_its_factors_is_refused(options, pairs):
    with pytest.raises(UsageError):
        latent_interaction(SCHOOL, columns("hs1939"), "speed", "visual", "textual", options=options, pairs=pairs)


def test_missing_factor_of_a_product_is_missing():
    data = {"a": np.array([1.0, np.nan, 3.0, 4.0]), "b": np.array([2.0, 1.0, 0.0, 5.0])}
    for method in ("double-mean-centred", "orthogonalised"):
        product = product_columns(data, [("a", "b")], method)["a.b"]
        assert np.isnan(product).tolist() == [False, True, False, False]


@pytest.mark.parametrize(
    ("outcome", "predictor", "moderator", "options"),
    [
        ("speed", "visual", "x9", OPTIONS),
        ("speed", "visual", "visual", OPTIONS),
        ("textual", "visual", "speed", OPTIONS),
        ("speed", "visual", "textual", FitOptions(group="school")),
        ("speed", "visual", "textual", FitOptions(ordered=("x1",))),
    ],
)
def test_what_cannot_be_multiplied_is_refused(outcome, predictor, moderator, options):
    with pytest.raises(UsageError):
        latent_interaction(SCHOOL, columns("hs1939"), outcome, predictor, moderator, options=options)
