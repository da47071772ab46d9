"""Monte Carlo: the 95 % intervals of paths cover what each estimator aims at, and invariance tests err in 5 %.

The targets are those that the estimators have: ML on continuous data and FIML under MAR the population's paths; MLR on
five-point items the fit of the same categorised population at n = 10^6 (taking categories as numbers attenuates: that
is bias, not undercoverage); WLSMV the paths of the latent responses.
"""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from mce_utaut.sem.fit import fit_model
from mce_utaut.sem.nested_tests import difference_test
from mce_utaut.sem.options import FitOptions

pytestmark = pytest.mark.slow

ITEMS = [f"{factor}{i}" for factor in ("PE", "SI", "BI") for i in (1, 2, 3)]
MODEL = "PE =~ PE1 + PE2 + PE3\nSI =~ SI1 + SI2 + SI3\nBI =~ BI1 + BI2 + BI3\nBI ~ PE + SI\n"
PATHS = {"PE": 0.45, "SI": 0.25}
LOADINGS = np.tile([0.85, 0.8, 0.75], 3)
CUTS = (-1.3, -0.6, 0.2, 1.0)
# 400 samples and two paths: the Monte Carlo standard error of the share is about 0.8 points.
SAMPLES = 400
LEAST, MOST = 0.93, 0.97


def latent_responses(n: int, rng: np.random.Generator) -> np.ndarray:
    """Continuous answers (n, 9) with unit variances."""
    predictors = rng.multivariate_normal([0, 0], [[1, 0.4], [0.4, 1]], n)
    explained = 0.45**2 + 0.25**2 + 2 * 0.45 * 0.25 * 0.4
    intention = predictors @ list(PATHS.values()) + rng.normal(0, np.sqrt(1 - explained), n)
    factors = np.column_stack([predictors, intention])[:, np.repeat(range(3), 3)]
    return LOADINGS * factors + rng.normal(0, 1, (n, 9)) * np.sqrt(1 - LOADINGS**2)


def categories(latent: np.ndarray) -> np.ndarray:
    return 1.0 + np.searchsorted(CUTS, latent)


def columns(values: np.ndarray) -> dict[str, np.ndarray]:
    return dict(zip(ITEMS, values.T))


def with_holes(values: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Missing at random: the answers to SI2 and BI2 are missing more often where PE1, always seen, is high."""
    holed = values.copy()
    share = 1 / (1 + np.exp(1.2 - values[:, 0]))
    for column in (4, 7):
        holed[rng.random(len(values)) < share, column] = np.nan
    return holed


def estimates(data: dict[str, np.ndarray], options: FitOptions) -> tuple[np.ndarray, np.ndarray]:
    """The two paths with their standard errors, in the metric of the first loadings."""
    fit = fit_model(MODEL, data, options)
    rows = [i for i, row in enumerate(fit.table.rows) if row.op == "~"]
    return fit.estimates[rows], fit.standard_errors[rows]


def coverage(truth: np.ndarray, draw, options: FitOptions, seed: int, samples: int = SAMPLES) -> float:
    rng = np.random.default_rng(seed)
    inside = []
    for _ in range(samples):
        estimate, error = estimates(columns(draw(rng)), options)
        inside.append(np.abs(estimate - truth) <= 1.959964 * error)
    return float(np.mean(inside))


# BI and its predictors take the metric of their first items, which load equally (.85).
TRUE = np.array(list(PATHS.values()))


@pytest.mark.parametrize("n", [200, 500])
def test_ml_covers_on_continuous_data(n: int) -> None:
    assert LEAST <= coverage(TRUE, lambda rng: latent_responses(n, rng), FitOptions(), 11) <= MOST


@pytest.mark.parametrize("n", [200, 500])
def test_mlr_covers_its_pseudo_true_values_on_five_point_items(n: int) -> None:
    options = FitOptions(estimator="MLR")
    aim, _ = estimates(columns(categories(latent_responses(1_000_000, np.random.default_rng(5)))), options)
    assert LEAST <= coverage(aim, lambda rng: categories(latent_responses(n, rng)), options, 12) <= MOST


@pytest.mark.parametrize("n", [200, 500])
def test_fiml_covers_under_missing_at_random(n: int) -> None:
    options = FitOptions(missing="fiml")
    assert LEAST <= coverage(TRUE, lambda rng: with_holes(latent_responses(n, rng), rng), options, 13) <= MOST


@pytest.mark.parametrize("n", [200, 500])
def test_wlsmv_covers_the_paths_of_the_latent_responses(n: int) -> None:
    options = FitOptions(estimator="WLSMV", ordered=("all",))
    assert LEAST <= coverage(TRUE, lambda rng: categories(latent_responses(n, rng)), options, 14) <= MOST


def test_tests_of_equal_loadings_and_intercepts_err_in_five_per_cent() -> None:
    rng = np.random.default_rng(15)
    group = np.repeat(np.array(["a", "b"], dtype=object), 250)
    ladder = ((), ("loadings",), ("loadings", "intercepts"))
    rejected = []
    for _ in range(SAMPLES):
        data = {**columns(latent_responses(500, rng)), "g": group}
        fits = [fit_model(MODEL, data, FitOptions(group="g", group_equal=equal)) for equal in ladder]
        rejected.append([difference_test(free, tied).pvalue < 0.05 for free, tied in itertools.pairwise(fits)])
    # Two binomial shares of 400: 5 points plus or minus four Monte Carlo standard errors.
    assert np.abs(np.mean(rejected, axis=0) - 0.05).max() < 4 * np.sqrt(0.05 * 0.95 / SAMPLES)


@pytest.mark.parametrize("estimator", ["ML", "MLR", "MLM", "GLS", "ULS", "FIML", "WLSMV", "ULSMV"])
def test_a_large_sample_gives_the_population_back(estimator: str) -> None:
    rng = np.random.default_rng(16)
    values, options = latent_responses(100_000, rng), FitOptions(estimator=estimator)
    if estimator == "FIML":
        values, options = with_holes(values, rng), FitOptions(estimator="MLR", missing="fiml")
    elif estimator.endswith("MV"):
        values, options = categories(values), FitOptions(estimator=estimator, ordered=("all",))
    estimate, error = estimates(columns(values), options)
    assert (np.abs(estimate - TRUE) < 4 * error).all() and (error < 0.01).all()
