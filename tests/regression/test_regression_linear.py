"""Least squares with HC3 and CR2 against R, and what they refuse."""

from __future__ import annotations

import numpy as np
import pytest
from oracle_files import oracle

from mce_utaut.regression.clustered import cr2, intraclass_correlation
from mce_utaut.regression.linear import LinearFit, design, hc3, in_standard_deviations, variance_inflation

ORACLE = oracle("regression_linear")
RELATIVE = 1e-9  # R prints 15 digits; the two paths differ by rounding alone
DATA = {name: np.array(values) for name, values in ORACLE["data"].items()}
PREDICTORS = {"pe": DATA["pe"], "si": DATA["si"]}


def dummies(labels: np.ndarray) -> np.ndarray:
    return np.column_stack([labels == each for each in np.unique(labels)[1:]]).astype(float)


def meets(found: LinearFit, wanted: dict[str, object]) -> None:
    for name in ("estimate", "se", "df", "lower", "upper", "p"):
        np.testing.assert_allclose(getattr(found, name), wanted[name], rtol=RELATIVE, err_msg=name)
    for name in ("r2", "r2_adjusted"):
        assert getattr(found, name) == pytest.approx(wanted[name], rel=RELATIVE)


def test_hc3_meets_sandwich() -> None:
    meets(hc3(DATA["bi"], PREDICTORS), ORACLE["hc3"])


def test_hc3_with_fixed_effects_meets_sandwich() -> None:
    found = hc3(DATA["bi"], PREDICTORS, dummies(DATA["g"]))
    meets(found, ORACLE["hc3_fixed"])
    assert found.r2_controls == pytest.approx(ORACLE["hc3_fixed"]["r2_controls"], rel=RELATIVE)


def test_cr2_meets_clubsandwich() -> None:
    meets(cr2(DATA["bi"], PREDICTORS, DATA["g"]), ORACLE["cr2"])


def test_variance_inflation_meets_its_definition() -> None:
    assert variance_inflation(PREDICTORS) == pytest.approx(ORACLE["vif"], rel=RELATIVE)
    assert variance_inflation({"pe": DATA["pe"]}) == {"pe": 1.0}


def test_intraclass_correlation_meets_the_analysis_of_variance() -> None:
    found = intraclass_correlation(DATA["bi"], DATA["g"])
    assert found.estimate == pytest.approx(ORACLE["icc"]["estimate"], rel=RELATIVE)
    assert found.typical_size == pytest.approx(ORACLE["icc"]["size"], rel=RELATIVE)
    assert found.lower < found.estimate < found.upper
    assert found.design_effect == pytest.approx(1 + (found.typical_size - 1) * max(found.estimate, 0))


@pytest.mark.slow
def test_the_interval_of_the_intraclass_correlation_holds_its_level() -> None:
    rng = np.random.default_rng(3)
    labels = np.repeat(np.arange(10), 12)
    holds = 0
    for _ in range(2000):
        values = rng.normal(0, 0.5, 10)[labels] + rng.normal(0, 1, labels.size)
        found = intraclass_correlation(values, labels)
        holds += found.lower < 0.2 < found.upper
    assert 0.935 < holds / 2000 < 0.965


def test_rows_with_a_gap_are_left_out() -> None:
    gaps = DATA["pe"].copy()
    gaps[:5] = np.nan
    found = hc3(DATA["bi"], {"pe": gaps, "si": DATA["si"]})
    assert found.n == DATA["pe"].size - 5 and not found.rows[:5].any()
    again = hc3(DATA["bi"][5:], {"pe": DATA["pe"][5:], "si": DATA["si"][5:]})
    np.testing.assert_allclose(found.estimate, again.estimate)


def test_a_cluster_that_alone_decides_a_term_is_survived() -> None:
    # Only cluster "a" varies in the second predictor.
    second = np.where(DATA["g"] == "a", DATA["si"], 1.0)
    found = cr2(DATA["bi"], {"pe": DATA["pe"], "only_a": second}, DATA["g"])
    assert np.isfinite(found.se).all()


@pytest.mark.parametrize(
    ("outcome", "predictors", "controls", "said"),
    [
        (np.arange(3.0), {"a": np.array([1.0, 2, 4]), "b": np.array([0.0, 1, 0])}, None, "no more rows"),
        (np.arange(9.0), {"a": np.arange(9.0), "b": 2 * np.arange(9.0)}, None, "collinear"),
        (np.arange(9.0), {"a": np.arange(9.0) % 4}, np.eye(9)[:, :1], "single row"),
    ],
)
def test_what_cannot_be_estimated_is_refused(outcome, predictors, controls, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        hc3(outcome, predictors, controls)


def test_one_cluster_is_no_cluster() -> None:
    with pytest.raises(ValueError, match="one cluster"):
        cr2(DATA["bi"], PREDICTORS, np.repeat("a", DATA["bi"].size))
    with pytest.raises(ValueError, match="one cluster"):
        intraclass_correlation(DATA["bi"], np.repeat("a", DATA["bi"].size))


def test_what_does_not_vary_is_refused() -> None:
    spread, flat = np.arange(20.0), np.full(20, 4.0)
    with pytest.raises(ValueError, match="outcome does not vary"):
        design(flat, {"a": spread})
    with pytest.raises(ValueError, match="do not vary"):
        in_standard_deviations(flat, np.ones(20, dtype=bool))


def test_a_predictor_that_the_others_give_exactly_has_no_finite_inflation() -> None:
    a, b = np.arange(20.0), np.arange(20.0) % 3
    assert variance_inflation({"a": a, "b": b, "c": a + b}) == {"a": np.inf, "b": np.inf, "c": np.inf}
    assert np.isnan(variance_inflation({"a": a, "flat": np.full(20, 4.0)})["flat"])
