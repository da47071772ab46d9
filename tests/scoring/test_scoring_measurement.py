"""Every coefficient against psych, semTools and lavaan on three real data sets.

Oracle: tests/oracles/scoring_measurement.{R,json}.
"""

from __future__ import annotations

import numpy as np
import pytest
from oracle_files import oracle

from mce_utaut.scoring.composites import (
    MeasurementModel,
    average_variance_extracted,
    composite_reliability,
    omega,
    omega_interval,
    variance_weighted_ave,
)
from mce_utaut.scoring.correlation import spearman
from mce_utaut.scoring.discriminant import fornell_larcker, htmt
from mce_utaut.scoring.intervals import mean_interval
from mce_utaut.scoring.items import summarise_item
from mce_utaut.scoring.reliability import internal_consistency

ORACLE = oracle("scoring_measurement")
CASES = list(ORACLE["cases"])
EXACT = 1e-10  # closed forms of the same numbers
DELTA = 1e-6  # lavaan differentiates defined parameters by finite differences


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> dict:
    found = dict(ORACLE["cases"][request.param])
    found["answers"] = np.array(found["data"]["rows"], dtype=float)
    found["column"] = {name: i for i, name in enumerate(found["data"]["columns"])}
    return found


def block(case: dict, construct: str) -> np.ndarray:
    return case["answers"][:, [case["column"][item] for item in case["fit"]["blocks"][construct]]]


def model_of(fit: dict) -> MeasurementModel:
    matrices = ("loadings", "factor_covariance", "residual_covariance", "observed_covariance")
    return MeasurementModel(tuple(fit["items"]), tuple(fit["factors"]), *(np.array(fit[name]) for name in matrices))


def test_internal_consistency(case: dict) -> None:
    for construct, expected in case["fit"]["scales"].items():
        found = internal_consistency(block(case, construct))
        assert found.n == expected["n"]
        assert found.alpha.estimate == pytest.approx(expected["alpha"], abs=EXACT)
        assert (found.alpha.lower, found.alpha.upper) == pytest.approx(tuple(expected["feldt"]), abs=EXACT)
        assert found.standardised_alpha == pytest.approx(expected["standardised"], abs=EXACT)
        assert found.mean_interitem == pytest.approx(expected["mean_interitem"], abs=EXACT)
        assert found.item_rest == pytest.approx(tuple(expected["item_rest"]), abs=EXACT)
        dropped = [np.nan if value is None else value for value in expected["dropped"]]
        assert found.alpha_if_dropped == pytest.approx(tuple(dropped), abs=EXACT, nan_ok=True)


def test_item_summaries(case: dict) -> None:
    for expected in case["items"]:
        found = summarise_item(case["answers"][:, case["column"][expected["item"]]])
        assert found.n == expected["n"]
        for name in ("mean", "sd", "median", "skewness", "kurtosis", "floor", "ceiling"):
            assert getattr(found, name) == pytest.approx(expected[name], abs=EXACT), (expected["item"], name)


def test_omega_on_both_totals_and_ave(case: dict) -> None:
    fit = case["fit"]
    model = model_of(fit)
    for construct in fit["factors"]:
        assert omega(model, construct) == pytest.approx(fit["omega_model"][construct], abs=EXACT)
        assert omega(model, construct, "observed") == pytest.approx(fit["omega_observed"][construct], abs=EXACT)
        assert variance_weighted_ave(model, construct) == pytest.approx(fit["ave_semtools"][construct], abs=EXACT)


def test_delta_interval_of_omega(case: dict) -> None:
    fit = case["fit"]
    parameters = [tuple(triple) for triple in fit["parameters"]]
    for construct, expected in fit["omega_delta"].items():
        found = omega_interval(model_of(fit), construct, parameters, np.array(fit["vcov"]))
        assert found.estimate == pytest.approx(expected["estimate"], abs=DELTA)
        assert (found.lower, found.upper) == pytest.approx((expected["lower"], expected["upper"]), abs=DELTA)


def test_ratios_of_correlations(case: dict) -> None:
    blocks = {name: [case["column"][item] for item in items] for name, items in case["fit"]["blocks"].items()}
    for kind in ("htmt", "htmt2"):
        for missing in ("listwise", "pairwise"):
            found = htmt(case["answers"], blocks, kind, missing)
            assert found.values == pytest.approx(np.array(case["fit"][kind][missing]), abs=EXACT)


def test_composite_reliability_and_fornell_larcker_follow_the_standardised_loadings(case: dict) -> None:
    fit = case["fit"]
    loadings = {name: np.array(values) for name, values in fit["standardised_loadings"].items()}
    ave = [average_variance_extracted(loadings[name]) for name in fit["factors"]]
    table = fornell_larcker(fit["factors"], ave, np.array(fit["latent_correlation"]))
    assert np.diag(table.values) == pytest.approx([np.sqrt(np.mean(loadings[n] ** 2)) for n in fit["factors"]])
    # On the correlation metric, without residual covariances, CR is omega.
    for name in fit["factors"]:
        standard = MeasurementModel(
            tuple(f"y{i}" for i in range(len(loadings[name]))),
            (name,),
            loadings[name][:, None],
            np.eye(1),
            np.diag(1 - loadings[name] ** 2),
        )
        assert composite_reliability(loadings[name]) == pytest.approx(omega(standard, name), abs=EXACT)


def test_rank_correlation_and_mean_interval(case: dict) -> None:
    pair = {"bfi": ("A2", "N1"), "hs1939": ("x1", "x9"), "bollen": ("y1", "x1")}
    single = {"bfi": "A3", "hs1939": "x1", "bollen": "y1"}
    name = next(key for key, value in ORACLE["cases"].items() if value["note"] == case["note"])
    first, second = (case["answers"][:, case["column"][item]] for item in pair[name])
    found, expected = spearman(first, second), case["spearman"]
    assert found.n == expected["n"]
    assert (found.rho.estimate, found.rho.lower, found.rho.upper, found.p) == pytest.approx(
        tuple(expected[key] for key in ("rho", "lower", "upper", "p")), abs=EXACT
    )
    interval = mean_interval(case["answers"][:, case["column"][single[name]]])
    assert (interval.lower, interval.upper) == pytest.approx(tuple(case["mean_interval"]), abs=EXACT)
