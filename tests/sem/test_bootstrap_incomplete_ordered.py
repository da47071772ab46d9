"""The bootstrap of incomplete and of ordered data: replicates as single fits, failures counted, intervals."""

import numpy as np
import pytest

from mce_utaut.errors import UsageError
from mce_utaut.sem import bootstrap as room
from mce_utaut.sem.as_json import fit_to_json
from mce_utaut.sem.bootstrap import bootstrap, resampler_of
from mce_utaut.sem.bootstrap_intervals import _accelerations, _jackknifed, bootstrap_intervals
from mce_utaut.sem.fit import fit_model
from mce_utaut.sem.options import FitOptions
from mce_utaut.sem.resampling_ordinal import SingleResampler, _levels

MODEL = "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6\ng ~ b*f\ntwice := 2*b"
NAMES = [f"x{i}" for i in range(1, 7)]


def data(n=240, share=0.0, seed=4, categories=0):
    rng = np.random.default_rng(seed)
    f = rng.normal(size=n)
    g = 0.6 * f + 0.8 * rng.normal(size=n)
    x = np.column_stack([f, f, f, g, g, g]) + 0.7 * rng.normal(size=(n, 6)) + 1.0
    if categories:
        cuts = np.linspace(-0.6, 2.4, categories - 1) if categories > 2 else [1.0]
        x = 1.0 + np.searchsorted(cuts, x.ravel()).reshape(x.shape)
    x[rng.random(x.shape) < share] = np.nan
    return dict(zip(NAMES, x.T, strict=True)) | {
        "z": f + rng.normal(size=n),
        "school": np.where(np.arange(n) % 3 == 0, "a", "b"),
    }


def drawn(fit, times, seed=9):
    rng = np.random.default_rng(seed)
    sizes = resampler_of(fit).sizes
    return [np.array([np.bincount(rng.integers(0, n, n), minlength=n) for _ in range(times)]) for n in sizes]


@pytest.mark.parametrize(
    ("model", "options"),
    [
        (MODEL, {}),
        (MODEL + "\nf + g ~ z", {}),
        (MODEL + "\nf + g ~ z", {"fixed_x": False}),
        ("f =~ x1 + x2 + x3 + x4", {"group": "school", "group_equal": ("loadings", "intercepts")}),
    ],
)
def test_a_replicate_of_incomplete_rows_equals_the_fit_of_these_rows(model, options):
    holed = data(share=0.15)
    for name in NAMES[:2]:
        holed[name][100:150] = np.nan  # a pattern of many rows
    fit = fit_model(model, holed, FitOptions(missing="fiml", **options))
    counts = drawn(fit, 3)
    found = resampler_of(fit).estimates(counts)
    for r in range(3):
        rows = np.concatenate([np.repeat(s.cases, own[r]) for s, own in zip(fit.samples, counts, strict=True)])
        single = fit_model(model, {name: v[rows] for name, v in holed.items()}, FitOptions(missing="fiml", **options))
        assert found.t[r] == pytest.approx(single.t, abs=1e-5)


@pytest.mark.parametrize(
    ("categories", "share", "options"),
    [
        (5, 0.0, {}),
        (5, 0.1, {"missing": "pairwise"}),
        (2, 0.0, {}),
        (3, 0.0, {"parameterization": "theta"}),
        (4, 0.1, {"estimator": "ULSMV", "missing": "pairwise"}),
        (3, 0.0, {"group": "school", "group_equal": ("loadings",)}),
    ],
)
def test_batches_of_ordered_rows_equal_single_fits(categories, share, options):
    fit = fit_model(MODEL, data(600, share, categories=categories), FitOptions(ordered=("all",), **options))
    resampler = resampler_of(fit)
    assert not isinstance(resampler, SingleResampler)
    counts = drawn(fit, 3)
    found = resampler.estimates(counts)
    single = SingleResampler(fit, _levels(fit), resampler.sizes).estimates(counts)
    assert found.converged.all() and single.converged.all()
    assert found.t == pytest.approx(single.t, abs=1e-5)
    assert found.values == pytest.approx(single.values, abs=1e-5, nan_ok=True)
    assert found.std_all == pytest.approx(single.std_all, abs=1e-5, nan_ok=True)
    assert found.chisq == pytest.approx(single.chisq, abs=1e-6)


def test_models_that_batches_do_not_know_are_fitted_one_by_one():
    answers = data(300, categories=4)
    for model, options in (
        (MODEL + "\nf ~ z", {"ordered": tuple(NAMES)}),
        (MODEL, {"ordered": tuple(NAMES[:4])}),
        (MODEL, {"ordered": ("all",), "group": "school", "group_equal": ("loadings", "thresholds")}),
    ):
        fit = fit_model(model, answers, FitOptions(**options))
        assert isinstance(resampler_of(fit), SingleResampler)
        assert bootstrap(fit, 2, seed=1).converged.all()


def test_samples_without_a_category_or_a_pair_are_counted_as_failed():
    rare = data(300, categories=4)
    rare["x1"][rare["x1"] == 4] = 3.0
    rare["x1"][:2] = 4.0
    fit = fit_model(MODEL, rare, FitOptions(ordered=("all",)))
    found = bootstrap(fit, 60, seed=1)
    failed = np.isnan(found.t).any(axis=1)
    assert 0 < failed.sum() < 30  # exp(-2) of the samples draw neither of the two
    assert np.array_equal(failed, ~found.converged)
    intervals = bootstrap_intervals(fit, found)
    assert (intervals.used, intervals.asked) == (60 - failed.sum(), 60)
    single = SingleResampler(fit, _levels(fit), (300,))
    counts = np.ones((1, 300), dtype=int)
    counts[0, :3] = 0, 0, 3
    assert not single.estimates([counts]).converged[0]
    holed = data(240)
    holed["x1"][3:] = np.where(np.arange(237) % 2, holed["x1"][3:], np.nan)
    holed["x4"][3:] = np.where(np.arange(237) % 2, np.nan, holed["x4"][3:])
    found = bootstrap(fit_model(MODEL, holed, FitOptions(missing="fiml")), 100, seed=1)
    assert 0 < (~found.converged).sum() < 20  # exp(-3) of the samples see x1 and x4 in no row together


def test_the_seed_decides_and_processes_do_not(monkeypatch):
    monkeypatch.setattr(room, "CHUNK_BYTES", 600_000)
    fits = [
        fit_model(MODEL, data(share=0.1), FitOptions(missing="fiml")),
        fit_model(MODEL, data(categories=4), FitOptions(ordered=("all",))),
    ]
    for fit in fits:
        alone = bootstrap(fit, 8, seed=2)
        assert len({round(value, 9) for value in alone.t[:, 0]}) == 8
        assert np.array_equal(alone.t, bootstrap(fit, 8, seed=2, processes=2).t)


def test_the_spread_is_about_the_standard_errors():
    fit = fit_model(MODEL, data(600, share=0.15), FitOptions(missing="fiml", estimator="MLR"))
    found = bootstrap(fit, 400, seed=1)
    assert found.converged.all() and np.isnan(found.chisq).all()
    assert found.t.std(axis=0) == pytest.approx(np.sqrt(np.diag(fit.vcov_t)), rel=0.25)
    fit = fit_model(MODEL, data(600, categories=5), FitOptions(ordered=("all",)))
    found = bootstrap(fit, 400, seed=1)
    assert found.t.std(axis=0) == pytest.approx(np.sqrt(np.diag(fit.vcov_t)), rel=0.25)


def test_leaving_out_each_row_tells_the_acceleration_that_scores_tell():
    fit = fit_model(MODEL, data(share=0.1), FitOptions(missing="fiml"))
    for scored, jackknifed in zip(_accelerations(fit), _jackknifed(fit), strict=True):
        assert jackknifed == pytest.approx(scored, abs=0.02, nan_ok=True)


def test_every_kind_of_interval_reaches_the_json():
    for options in ({"missing": "fiml"}, {"ordered": ("all",)}):
        answers = data(150, share=0.05 if "missing" in options else 0.0, categories=4)
        for kind in ("perc", "bc", "bca"):
            fit = fit_model(MODEL, answers, FitOptions(bootstrap=40, bootstrap_interval=kind, **options))
            out = fit_to_json(fit)
            assert out["se"] == "bootstrap" and out["bootstrap"]["replicates"] == 40
            path = next(row for row in out["parameters"] if row["op"] == ":=")
            assert path["ci_lower"] < path["est"] < path["ci_upper"]


def test_bollen_stine_of_incomplete_data_is_refused():
    with pytest.raises(UsageError, match="Bollen-Stine test is supported for maximum likelihood on complete data"):
        bootstrap(fit_model(MODEL, data(share=0.1), FitOptions(missing="fiml")), 10, seed=1, bollen_stine=True)
