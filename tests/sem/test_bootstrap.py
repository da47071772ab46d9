"""Bootstrap replicates: batches against single fits, seeds, processes, Bollen-Stine."""

import numpy as np
import pytest

from mce_utaut.errors import UsageError
from mce_utaut.sem import bootstrap as room
from mce_utaut.sem.bootstrap import bollen_stine_pvalue, bootstrap
from mce_utaut.sem.fit import fit_model
from mce_utaut.sem.moments import moments_from_data
from mce_utaut.sem.options import FitOptions

MODEL = "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6\ng ~ b*f + z\ndouble := 2*b"


def data(n=200):
    rng = np.random.default_rng(4)
    z, f = rng.normal(size=(2, n))
    g = 0.5 * f + 0.3 * z + rng.normal(size=n)
    x = np.column_stack([f, f, f, g, g, g]) + 0.8 * rng.normal(size=(n, 6))
    return {f"x{i + 1}": x[:, i] for i in range(6)} | {"z": z, "school": np.repeat(["a", "b"], n // 2)}


def test_a_replicate_equals_the_fit_of_its_sample():
    fit = fit_model(MODEL, data())
    replicates = bootstrap(fit, 3, seed=5)
    rng = np.random.default_rng(np.random.SeedSequence(5).spawn(1)[0])
    drawn = rng.integers(0, fit.total, (3, fit.total))
    for r in range(3):
        sample = moments_from_data(fit.samples[0].data[drawn[r]], fit.samples[0].names)
        single = fit_model(MODEL, sample)
        assert replicates.t[r] == pytest.approx(single.t, abs=1e-5)
        assert replicates.chisq[r] == pytest.approx(single.test.chisq, abs=1e-6)


def test_the_spread_is_about_the_standard_errors():
    fit = fit_model(MODEL, data(600))
    replicates = bootstrap(fit, 600, seed=1)
    assert replicates.converged.all()
    spread = replicates.t.std(axis=0)
    assert spread == pytest.approx(np.sqrt(np.diag(fit.vcov_t)), rel=0.25)
    assert replicates.values[:, -1] == pytest.approx(2 * replicates.values[:, 6])


def test_groups_constraints_and_means_are_kept():
    options = FitOptions(group="school", group_equal=("loadings", "intercepts"))
    fit = fit_model("f =~ x1 + x2 + x3", data(), options)
    replicates = bootstrap(fit, 40, seed=1)
    assert replicates.converged.all()
    names = [(row.name, row.group) for row in fit.table.rows]
    one, two = (replicates.values[:, names.index(("f =~ x2", g))] for g in (1, 2))
    assert one == pytest.approx(two)


def test_the_seed_decides_and_chunks_and_processes_do_not(monkeypatch):
    fit = fit_model(MODEL, data())
    first = bootstrap(fit, 30, seed=2)
    assert np.array_equal(first.t, bootstrap(fit, 30, seed=2).t)
    assert not np.array_equal(first.t, bootstrap(fit, 30, seed=3).t)
    monkeypatch.setattr(room, "CHUNK_BYTES", 400_000)
    alone = bootstrap(fit, 30, seed=2)
    assert np.array_equal(alone.t, bootstrap(fit, 30, seed=2, processes=2).t)


def test_progress_is_told():
    fit = fit_model(MODEL, data())
    told = []
    bootstrap(fit, 10, seed=1, progress=lambda done, asked: told.append((done, asked)))
    assert told[-1] == (10, 10)


def test_bollen_stine_samples_come_from_a_population_where_the_model_holds():
    d = data()
    d["x1"] = d["x1"] + 0.6 * d["x4"]
    fit = fit_model(MODEL, d)
    replicates = bootstrap(fit, 200, seed=1, bollen_stine=True)
    assert replicates.chisq.mean() == pytest.approx(fit.test.df, rel=0.2)
    assert bollen_stine_pvalue(fit, replicates) == 0.0


def test_least_squares_of_continuous_data_and_no_replicates_are_refused():
    with pytest.raises(UsageError, match="maximum likelihood and for ordered variables only"):
        bootstrap(fit_model("f =~ x1 + x2 + x3", data(), FitOptions(estimator="GLS")), 10, seed=1)
    with pytest.raises(UsageError, match="at least 1"):
        bootstrap(fit_model("f =~ x1 + x2 + x3", data()), 0, seed=1)
