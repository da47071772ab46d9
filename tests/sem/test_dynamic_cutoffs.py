"""Dynamic cut-offs: the misspecified populations, the draws, the indices of a batch, the cut-offs themselves."""

import numpy as np
import pytest
from oracle_files import oracle

from mce_utaut.errors import UsageError
from mce_utaut.sem.dynamic_cutoffs import (
    _cutoff,
    _indices,
    bench_of,
    dynamic_cutoffs,
    simulate_indices,
    wishart_covariances,
)
from mce_utaut.sem.fit import fit_model
from mce_utaut.sem.fit_indices import fit_indices
from mce_utaut.sem.misspecification import populations
from mce_utaut.sem.moments import moments_from_statistics
from mce_utaut.sem.options import FitOptions

ITEMS = tuple(f"x{i}" for i in range(1, 10))
TWO = "f =~ x1 + x2 + x3 + x4\ng =~ x5 + x6 + x7 + x8 + x9"
LOADINGS = np.array([0.8, 0.7, 0.5, 0.75, 0.9, 0.8, 0.6, 0.85, 0.7])


def two_factors(n=300):
    L = np.zeros((9, 2))
    L[:4, 0], L[4:, 1] = LOADINGS[:4], LOADINGS[4:]
    R = L @ np.array([[1.0, 0.4], [0.4, 1.0]]) @ L.T
    np.fill_diagonal(R, 1.0)
    return fit_model(TWO, moments_from_statistics(ITEMS, R, n, divisor="n"))


def one_factor():
    R = np.outer(LOADINGS, LOADINGS)
    np.fill_diagonal(R, 1.0)
    return fit_model("f =~ " + " + ".join(ITEMS), moments_from_statistics(ITEMS, R, 300, divisor="n"))


def test_two_factors_get_one_cross_loading_of_the_weakest_item():
    true, wrong = populations(two_factors())
    assert wrong.added == ("g =~ x3",)
    largest = 0.95 * (np.sqrt(0.25 * 0.16 + 0.75) - 0.5 * 0.4)
    size = min(0.5, largest)
    assert wrong.correlation[2, 4] == pytest.approx(0.9 * (0.5 * 0.4 + size), abs=1e-5)
    assert np.diag(wrong.correlation) == pytest.approx(np.ones(9))
    assert true.correlation[0, 1] == pytest.approx(0.56, abs=1e-5)


def test_one_factor_gets_residual_correlations_of_a_third_two_thirds_and_all_items():
    levels = populations(one_factor())
    assert [len(level.added) for level in levels] == [0, 1, 2, 4]
    assert levels[1].added == ("x3 ~~ x7",)
    expected = 0.5 * 0.6 + 0.3 * np.sqrt((1 - 0.25) * (1 - 0.36))
    assert levels[1].correlation[2, 6] == pytest.approx(expected, abs=1e-5)


def test_wishart_draws_have_the_moments_of_sample_covariances():
    population = np.array([[1.0, 0.5], [0.5, 2.0]])
    S = wishart_covariances(population, 50, 20000, np.random.default_rng(3)) * 50 / 49
    assert S.mean(axis=0) == pytest.approx(population, abs=4 * np.sqrt(2 * 4 / 49 / 20000))
    assert S[:, 0, 1].var() == pytest.approx((0.25 + 2.0) / 49, rel=0.05)


def test_indices_of_a_batch_are_those_of_single_fits():
    fit = two_factors()
    wrong = populations(fit)[1]
    bench = bench_of(fit, wrong)
    S = wishart_covariances(wrong.correlation, fit.total, 1, np.random.default_rng(4))
    single = fit_model(TWO, moments_from_statistics(ITEMS, S[0], fit.total, divisor="n"))
    F = single.test.chisq / fit.total
    cfi, rmsea, srmr = _indices(bench, S, single.t[None], np.array([F]))
    theirs = fit_indices(single)
    assert [cfi[0], rmsea[0], srmr[0]] == pytest.approx([theirs["cfi"], theirs["rmsea"], theirs["srmr"]], abs=1e-9)


def test_simulated_indices_repeat_with_the_seed_and_centre_on_the_population_misfit():
    fit = two_factors(2000)
    wrong = populations(fit)[1]
    bench = bench_of(fit, wrong)
    first = simulate_indices(bench, wrong, np.random.default_rng(5), 100)
    again = simulate_indices(bench, wrong, np.random.default_rng(5), 100)
    assert np.array_equal(first.rmsea, again.rmsea)
    assert len(first.cfi) == 100
    assert np.median(first.rmsea) == pytest.approx(np.sqrt(bench.fit.solution.value / bench.df), abs=0.005)


DRAWN = oracle("sem_dynamic_cutoffs")
REPLICATES = 2000


@pytest.mark.parametrize("case", DRAWN["cases"], ids=lambda case: case["id"])
def test_simulated_indices_are_distributed_as_those_of_lavaan_in_its_own_samples(case):
    """The populations were written by hand in R, the samples drawn row by row: both are ours too, within 4 Monte Carlo
    standard errors of the shares below lavaan's quantiles."""
    fit = two_factors(DRAWN["n"]) if case["id"].startswith("two") else one_factor()
    level = populations(fit)[int(case["id"][-1])]
    found = simulate_indices(bench_of(fit, level), level, np.random.default_rng(7), REPLICATES)
    for name, quantiles in case["quantiles"].items():
        ours = getattr(found, name)
        for share, quantile in zip(DRAWN["shares"], quantiles, strict=True):
            error = np.sqrt(share * (1 - share) * (1 / REPLICATES + 1 / DRAWN["replicates"]))
            below, up_to = (ours < quantile - 1e-9).mean(), (ours <= quantile + 1e-9).mean()
            assert below - 4 * error < share < up_to + 4 * error, (name, share, below)  # many samples fit: 1 and 0


def test_cutoffs_separate_and_tell_their_share():
    found = dynamic_cutoffs(two_factors(500), np.random.default_rng(6), 100)
    level = found.levels[0]
    assert level.cfi.share == level.rmsea.share == level.srmr.share == 0.95
    assert level.cfi.value < found.true_cfi[0]
    assert level.rmsea.value > found.true_rmsea[2]


def test_no_cutoff_where_true_and_misspecified_samples_overlap():
    same = np.linspace(0, 1, 200)
    assert np.isnan(_cutoff(same, same, 1.0).value)
    assert _cutoff(same, same + 0.85, 1.0).share == 0.9
    assert _cutoff(same, same + 0.95, 1.0).share == 0.95


@pytest.mark.parametrize(
    ("model", "word"),
    [
        ("x1 ~ x2\nx2 ~ x3", "measurement"),
        (TWO + "\nh =~ f + g\nf ~~ 0.2*f", "measurement"),
        ("f =~ x1 + x2 + x3", "degrees"),
    ],
)
def test_models_without_levels_are_refused(model, word):
    fit = two_factors()
    R = fit.samples[0].covariance
    other = fit_model(model, moments_from_statistics(ITEMS, R, 300), FitOptions())
    with pytest.raises(UsageError, match=word):
        dynamic_cutoffs(other, np.random.default_rng(1), 100)


def test_too_few_replicates_are_refused():
    with pytest.raises(UsageError, match="50"):
        dynamic_cutoffs(two_factors(), np.random.default_rng(1), 10)
