"""Bootstrap intervals, factor scores, residual correlations and small-sample corrections."""


import numpy as np
import pytest
from oracle_files import columns, oracle

from mce_utaut.errors import UsageError
from mce_utaut.sem.as_json import fit_to_json
from mce_utaut.sem.bootstrap import bootstrap
from mce_utaut.sem.bootstrap_intervals import _accelerations, bootstrap_intervals, normal_quantile
from mce_utaut.sem.estimates import parameter_estimates
from mce_utaut.sem.factor_scores import factor_scores
from mce_utaut.sem.fit import fit_model
from mce_utaut.sem.local_fit import residual_correlations
from mce_utaut.sem.modification import modification_indices
from mce_utaut.sem.options import FitOptions
from mce_utaut.sem.small_samples import small_sample_tests

ORACLE = oracle("sem_after_the_fit")
CASES = {case["id"]: case for case in ORACLE["cases"]}
# 4 Monte Carlo errors of a tail quantile from 1000 (lavaan) and 2000 (ours) replicates, in standard errors.
LIMIT = 0.42


def fit_of(case):
    options = dict(case["options"] or {})
    if "group_equal" in options:
        options["group_equal"] = tuple(np.atleast_1d(options["group_equal"]))
    return fit_model(case["model"], columns(case["data"]), FitOptions(**options))


@pytest.mark.parametrize("case", [c for c in CASES.values() if "modification" in c], ids=lambda c: c["id"])
def test_modification_indices_agree_with_lavaan(case):
    fit = fit_of(case)
    ours = {(m.lhs, m.op, m.rhs, m.group): m for m in modification_indices(fit)}
    wrong = []
    for theirs in case["modification"]:
        if theirs["mi"] is None or theirs["mi"] < 1e-3:
            continue
        mine = ours.get((theirs["lhs"], theirs["op"], theirs["rhs"], theirs.get("group", 1)))
        if mine is None:
            wrong.append((theirs["lhs"], theirs["op"], theirs["rhs"], "missing"))
            continue
        for key in ("mi", "epc", "sepc_lv", "sepc_all"):
            if abs(getattr(mine, key) - theirs[key]) > 1e-3 * max(1.0, abs(theirs[key])):
                wrong.append((theirs["lhs"], theirs["op"], theirs["rhs"], key, getattr(mine, key), theirs[key]))
    assert not wrong, wrong


@pytest.mark.parametrize("case", [c for c in CASES.values() if "regression" in c], ids=lambda c: c["id"])
def test_factor_scores_agree_with_lavaan(case):
    fit = fit_of(case)
    for method in ("regression", "bartlett"):
        theirs = list(case[method].values()) if isinstance(case[method], dict) else case[method]
        for g, scores in enumerate(factor_scores(fit, method)):
            assert scores[:8] == pytest.approx(np.array(theirs[g]), abs=1e-4)


@pytest.mark.parametrize("case", [c for c in CASES.values() if "bentler" in c], ids=lambda c: c["id"])
def test_residual_correlations_agree_with_lavaan(case):
    fit = fit_of(case)
    for kind in ("bentler", "bollen"):
        for g, residuals in enumerate(residual_correlations(fit, kind)):
            assert residuals == pytest.approx(np.array(case[kind][g]), abs=1e-5)


@pytest.mark.parametrize("kind", ["perc", "bc"])
def test_bootstrap_limits_agree_with_lavaan_within_monte_carlo_error(kind):
    case = CASES["mediation"]
    fit = fit_of(case)
    intervals = bootstrap_intervals(fit, bootstrap(fit, 2000, seed=3), kind)
    names = [(row.lhs, row.op, row.rhs) for row in fit.table.rows] + [(d.name, ":=") for d in fit.table.definitions]
    for theirs in case[kind]:
        i = next(k for k, name in enumerate(names) if name[:2] == (theirs["lhs"], theirs["op"])
                 and (theirs["op"] == ":=" or name[2] == theirs["rhs"]))  # fmt: skip
        assert intervals.se[i] == pytest.approx(theirs["se"], rel=0.12)
        assert intervals.lower[i] == pytest.approx(theirs["ci_lower"], abs=LIMIT * theirs["se"])
        assert intervals.upper[i] == pytest.approx(theirs["ci_upper"], abs=LIMIT * theirs["se"])


def test_the_acceleration_is_that_of_the_jackknife():
    d = {name: values[:60] for name, values in columns("hs1939").items() if name in ("x1", "x2", "x3")}
    model = "x1 ~ b*x2 + c*x3\ntwice := b*c"
    fit = fit_model(model, d, FitOptions(fixed_x=False))
    left_out = []
    for i in range(60):
        less = {name: np.delete(values, i) for name, values in d.items()}
        left_out.append([row.est for row in parameter_estimates(fit_model(model, less, FitOptions(fixed_x=False)))])
    pull = np.mean(left_out, axis=0) - np.array(left_out)
    jackknife = (pull**3).sum(axis=0) / (6 * (pull**2).sum(axis=0) ** 1.5)
    assert _accelerations(fit)[0] == pytest.approx(jackknife, abs=0.02)


def test_bca_moves_both_limits_by_the_acceleration():
    fit = fit_of(CASES["mediation"])
    replicates = bootstrap(fit, 500, seed=1)
    plain, accelerated = (bootstrap_intervals(fit, replicates, kind) for kind in ("bc", "bca"))
    pull = _accelerations(fit)[0]
    moved = pull > 0.02
    assert moved.any()
    assert (accelerated.upper[moved] >= plain.upper[moved]).all()
    assert (accelerated.lower[moved] >= plain.lower[moved]).all()
    assert np.isnan(accelerated.se[0])


def test_the_json_carries_bootstrap_limits():
    case = CASES["mediation"]
    fit = fit_model(case["model"], columns("hs1939"), FitOptions(bootstrap=50, seed=4))
    out = fit_to_json(fit)
    assert out["se"] == "bootstrap"
    assert out["bootstrap"] == {"replicates": 50, "converged": 50, "improper": 0, "interval": "perc", "seed": 4}
    plain = fit_to_json(fit_model(case["model"], columns("hs1939")))
    assert out["parameters"][1]["est"] == plain["parameters"][1]["est"]
    assert out["parameters"][1]["se"] != plain["parameters"][1]["se"]


def test_the_bootstrap_is_refused_where_it_is_not_supported():
    for options in (FitOptions(bootstrap=10, estimator="GLS"), FitOptions(bootstrap=10, cluster="school")):
        with pytest.raises(UsageError, match="bootstrap"):
            fit_model("f =~ x1 + x2 + x3", columns("hs1939"), options)


def test_quantiles_are_interpolated_on_the_normal_scale():
    assert normal_quantile(np.arange(1.0, 100.0), 0.5) == 50
    assert normal_quantile(np.arange(1.0, 1000.0), 0.025) == 25
    assert 2 < normal_quantile(np.arange(1.0, 100.0), 0.025) < 3
    assert normal_quantile(np.arange(1.0, 20.0), 0.001) == 1


def test_bartlett_scores_of_higher_order_factors_are_refused():
    fit = fit_model("f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6\nk =~ x7 + x8 + x9\nh =~ f + g + k", columns("hs1939"))
    assert factor_scores(fit)[0].shape == (301, 4)
    with pytest.raises(UsageError, match="observed variables determine"):
        factor_scores(fit, "bartlett")


def test_small_sample_corrections():
    fit = fit_of(CASES["bollen"])
    found = small_sample_tests(fit)
    for name, theirs in ORACLE["small_samples"].items():
        assert found[name].factor == pytest.approx(theirs["factor"], abs=1e-10)
        assert found[name].chisq == pytest.approx(theirs["chisq"], abs=1e-4)
    with pytest.raises(UsageError, match="one group"):
        small_sample_tests(fit_model("f =~ x1 + x2 + x3", columns("hs1939")))


EXAM = oracle("sem_exam")
SCORED = [case for case in EXAM["cases"] if "regression" in case]


@pytest.mark.parametrize("method", ["regression", "bartlett"])
@pytest.mark.parametrize("case", SCORED, ids=lambda case: case["id"])
def test_scores_with_covariates_outcomes_and_holes_agree_with_lavaan(case, method):
    fit = fit_of(case)
    assert list(fit.table.latent) == case["latent"]
    groups = list(case[method].values()) if isinstance(case[method], dict) else case[method]
    for sample, ours, theirs in zip(fit.samples, factor_scores(fit, method), groups, strict=True):
        theirs = np.array(theirs, dtype=float)
        if fit.options.missing == "fiml":  # lavaan keeps a row of NA for each case without any value
            theirs = theirs[sample.cases[sample.cases < len(theirs)]]
        assert ours[: len(theirs)] == pytest.approx(theirs, abs=1e-4)


def test_a_bartlett_score_without_any_indicator_is_missing_and_its_row_is_known():
    case = next(case for case in SCORED if case["id"] == "scores_holes")
    data = {name: values.copy() for name, values in columns(case["data"]).items()}
    for name in ("x7", "x8", "x9"):
        data[name][1] = np.nan
    for name in (f"x{i}" for i in range(1, 10)):
        data[name][0] = np.nan
    fit = fit_model(case["model"], data, FitOptions(missing="fiml"))
    (scores,) = factor_scores(fit, "bartlett")
    assert fit.samples[0].cases[0] == 1
    assert np.isnan(scores[0]).tolist() == [False, False, True]
    assert np.isfinite(factor_scores(fit)[0]).all()


@pytest.mark.parametrize(
    "case", [c for c in oracle("sem_uncommon_options")["cases"] if "scores" in c], ids=lambda c: c["id"]
)
def test_scores_are_the_textbooks_where_lavaans_lose_a_residual_covariance_or_a_chain(case):
    fit = fit_model(case["model"], columns(case["data"]), FitOptions())
    for method, theirs in case["scores"].items():
        if theirs:
            (scores,) = factor_scores(fit, method)
            away = scores[: len(theirs), 0] - np.array(theirs)  # but for the mean of the factor
            assert np.ptp(away) < 1e-5
