"""The wild cluster bootstrap against a refitting of every sample in R."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from oracle_files import oracle

from mce_utaut.regression.wild import _clustered, draw_weights, wild_bootstrap, wild_p

ORACLE = oracle("regression_wild")
DATA = {name: np.array(values, dtype=float) for name, values in ORACLE["data"].items()}
PREDICTORS = {name: DATA[name] for name in ("pe", "si")}
EVERY = np.array(list(itertools.product((-1.0, 1.0), repeat=7)))


@pytest.mark.parametrize("case", ORACLE["cases"], ids=lambda case: f"{case['name']} = {case['null']}")
def test_every_sample_gives_the_p_of_r(case: dict) -> None:
    found = _clustered(DATA["bi"], PREDICTORS, DATA["g"])
    assert wild_p(found, ("pe", "si").index(case["name"]), case["null"], EVERY) == case["p"]


def test_the_interval_holds_what_is_not_rejected() -> None:
    fit = wild_bootstrap(DATA["bi"], PREDICTORS, DATA["g"], np.random.default_rng(1))
    assert fit.se == pytest.approx(np.array(ORACLE["se"]), rel=1e-10)
    found = _clustered(DATA["bi"], PREDICTORS, DATA["g"])
    weights = draw_weights(7, np.random.default_rng(1), 4999)
    for j in range(2):
        assert fit.lower[j] < fit.estimate[j] < fit.upper[j]
        for end, side in ((fit.lower[j], -1), (fit.upper[j], 1)):
            assert wild_p(found, j, end + side * 1e-3, weights) < 0.05 <= wild_p(found, j, end - side * 1e-3, weights)


def test_weights_are_webbs_below_twelve_clusters_and_all_samples_where_they_are_few() -> None:
    rng = np.random.default_rng(2)
    webb = draw_weights(8, rng, 4000)
    assert len(np.unique(np.round(webb, 6))) == 6 and webb.var() == pytest.approx(1.0, abs=0.03)
    assert draw_weights(12, rng, 4999).shape == (4096, 12)
    assert set(np.unique(draw_weights(20, rng, 999))) == {-1.0, 1.0}


def test_one_cluster_is_refused() -> None:
    with pytest.raises(ValueError, match="one cluster"):
        wild_bootstrap(DATA["bi"], PREDICTORS, np.zeros(len(DATA["bi"])), np.random.default_rng(1))
