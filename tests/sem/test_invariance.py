"""Invariance ladders against lavaan and semTools: levels, differences, score tests, means, paths, dMACS."""

import json
from functools import cache

import numpy as np
import pytest
from oracle_files import columns, oracle

from mce_utaut.errors import NotEstimable, UsageError
from mce_utaut.sem.fit import fit_table, prepare
from mce_utaut.sem.invariance import invariance_ladder
from mce_utaut.sem.invariance_json import invariance_to_json
from mce_utaut.sem.item_bias import dmacs
from mce_utaut.sem.ladder_tables import level_table
from mce_utaut.sem.latent_means import latent_mean_differences, mean_differences
from mce_utaut.sem.nested_tests import difference_test
from mce_utaut.sem.options import FitOptions
from mce_utaut.sem.path_comparison import compare_paths, holm, path_differences
from mce_utaut.sem.release_tests import release_test, tied_rows

ORACLE = oracle("sem_invariance")
CASES = {case["id"]: case for case in ORACLE["cases"]}
STATISTICS = ("chisq", "logl", "aic", "bic")


def many(value):
    return (value,) if isinstance(value, str) else tuple(value or ())


@cache
def ladder_of(name):
    case = CASES[name]
    given = {key: value for key, value in case["options"].items() if value not in (None, [])}
    given["group_partial"] = many(given.get("group_partial")) or many(case.get("partial"))
    given["ordered"] = many(given.get("ordered"))
    return invariance_ladder(case["model"], columns(case["data"]), FitOptions(**given), tuple(case["levels"]))


@pytest.mark.parametrize("name", CASES)
def test_levels_agree(name):
    ladder, wrong = ladder_of(name), {}
    ordered = ladder.ordered
    for level in ladder.levels:
        for key, theirs in CASES[name]["levels"][level.name].items():
            # lavaan 0.6-14 gives the robust indices of ordered data in several groups another baseline, or none
            if theirs is None or (ordered and key.endswith("_robust")):
                continue
            tolerance = (2e-3 if ordered else 1e-4) if any(s in key for s in STATISTICS) else 1e-5 if ordered else 2e-6
            if abs(level.indices[key] - theirs) > tolerance * max(1.0, abs(theirs) if not ordered else 1.0):
                wrong[level.name, key] = (level.indices[key], theirs)
    assert not wrong, wrong


@pytest.mark.parametrize("name", CASES)
def test_differences_agree(name):
    ladder = ladder_of(name)
    for method, rows in CASES[name]["differences"].items():
        for step, theirs in zip(ladder.steps, rows, strict=True):
            chosen = [t for t in (step.test, *step.others) if method in ("default", t.method)] or [step.test]
            assert chosen[0].df == theirs["df"]
            if not theirs["df"]:
                assert step.judgement.verdict == "not testable"
                continue
            assert chosen[0].chisq == pytest.approx(theirs["chisq"], abs=5e-3, rel=5e-4), (method, step.after.name)


@pytest.mark.parametrize("name", [n for n, c in CASES.items() if c.get("scores")])
def test_score_tests_agree(name):
    ladder = ladder_of(name)
    fit = next(level.fit for level in ladder.levels if level.name in ("scalar", "loadings"))
    rows = [i for group in range(2, len(ladder.groups) + 1) for i in tied_rows(fit, group)]
    assert release_test(fit, rows).chisq == pytest.approx(CASES[name]["scores"]["total"], abs=2e-3)
    found = {}
    for i in rows:
        row = fit.table.rows[i]
        found[row.lhs + row.op + row.rhs, row.group] = release_test(fit, [i]).chisq
    for single in CASES[name]["scores"]["single"]:
        assert found[single["name"], single["group"]] == pytest.approx(single["chisq"], abs=2e-3), single


def test_paths_and_means_agree():
    theirs = ORACLE["paths"]
    options = FitOptions(estimator="MLR", group=theirs["group"])
    ladder = invariance_ladder(theirs["model"], columns(theirs["data"]), options)
    metric, scalar = ladder.levels[1].fit, ladder.levels[2].fit
    for ours, lavaan, adjusted in zip(path_differences(metric), theirs["differences"], theirs["holm"], strict=True):
        assert ours.difference == pytest.approx(lavaan["est"], abs=1e-5)
        assert ours.se == pytest.approx(lavaan["se"], rel=2e-4)
        assert ours.p_holm == pytest.approx(adjusted, abs=1e-4)
    tied = fit_table(ladder.prepared, level_table(ladder.prepared, ("loadings", "regressions")))
    assert difference_test(metric, tied).chisq == pytest.approx(theirs["omnibus"]["chisq"], abs=1e-3)
    with pytest.raises(NotEstimable, match="metric"):
        compare_paths(ladder)
    mean = next(row for row in mean_differences(scalar) if row.factor == "visual")
    assert (mean.difference, mean.d) == pytest.approx((theirs["mean"]["est"], theirs["d"]["est"]), abs=2e-5)
    assert (mean.se, mean.d_se) == pytest.approx((theirs["mean"]["se"], theirs["d"]["se"]), rel=5e-4)


def test_paths_are_compared_where_the_loadings_hold():
    model = CASES["hs_ml"]["model"] + "\nspeed ~ visual + textual"
    ladder = invariance_ladder(model, columns("hs_sexes"), FitOptions(group="school"), ("configural", "metric"))
    compared = compare_paths(ladder)
    assert (compared.omnibus.df, compared.wald.df) == (2, 2)
    assert compared.omnibus.chisq == pytest.approx(3.41599, abs=1e-4)
    assert compared.wald.chisq == pytest.approx(3.3705, abs=1e-3)


def test_paths_of_a_structural_model_stand_behind_the_measurement_ladder():
    theirs = oracle("sem_paths_behind_measurement")
    options = FitOptions(estimator="MLR", group="school", meanstructure=True)
    ladder = invariance_ladder(theirs["measurement"], columns("hs_sexes"), options, ("configural", "metric", "scalar"))
    assert [level.fit.test.df for level in ladder.levels[:2]] == theirs["df"]
    assert ladder.steps[0].test.chisq == pytest.approx(theirs["step"], abs=1e-3)
    means = {row.factor: (row.difference, row.se) for row in mean_differences(ladder.levels[2].fit)}
    for row in theirs["means"]:
        assert means[row["lhs"]] == pytest.approx((row["est"], row["se"]), abs=5e-5)
    with pytest.raises(UsageError, match="no regressions"):
        compare_paths(ladder)
    compared = compare_paths(ladder, prepare(theirs["structural"], columns("hs_sexes"), ladder.prepared.options))
    assert (compared.level, compared.omnibus.df) == ("metric", theirs["omnibus"]["df"])
    assert compared.omnibus.chisq == pytest.approx(theirs["omnibus"]["chisq"], abs=1e-3)
    paths = {(row["lhs"], row["group"]): row["est"] for row in theirs["paths"]}
    for row in compared.differences:
        ours = (row.estimate_reference, row.estimate_group)
        assert ours == pytest.approx((paths[row.outcome, 1], paths[row.outcome, 2]), abs=1e-5)


def test_dmacs_agrees_with_the_integral():
    fit = ladder_of("hs_ml").levels[0].fit
    for row in dmacs(fit):
        assert row.dmacs == pytest.approx(ORACLE["paths"]["dmacs"][row.item], abs=1e-4)
    anchored = {row.item: row for row in dmacs(fit, avoid=("x1",))}
    assert anchored["x2"].dmacs == 0.0
    assert anchored["x1"].linked_by == "x2"


def test_dmacs_does_not_depend_on_the_scale_of_the_factors():
    data = columns("hs_sexes")
    model = CASES["hs_ml"]["model"]
    fits = [
        invariance_ladder(model, data, FitOptions(group="gender", std_lv=std), ("configural",)).levels[0].fit
        for std in (False, True)
    ]
    a, b = ([row.dmacs for row in dmacs(fit)] for fit in fits)
    assert a == pytest.approx(b, abs=1e-6)


@cache
def school_ladder(partial):
    options = FitOptions(group="school", estimator="MLR")
    return invariance_ladder(CASES["hs_ml"]["model"], columns("hs_sexes"), options, partial=partial)


def test_search_frees_the_two_items_of_the_textbook():
    ladder = school_ladder(True)
    assert [move.item for move in ladder.freed] == ["x3", "x7"]
    assert ladder.freed[-1].verdict == "holds"
    assert [level.label for level in ladder.levels][-2:] == ["partial scalar", "partial strict"]
    assert ladder.reached("scalar").exempt == ("x3~1", "x7~1")


def test_latent_means_are_refused_without_scalar_invariance():
    with pytest.raises(NotEstimable, match="scalar"):
        latent_mean_differences(school_ladder(False))
    assert {row.factor for row in latent_mean_differences(school_ladder(True))} == {"visual", "textual", "speed"}


def test_marker_whose_loading_differs_is_found_and_freed():
    rng = np.random.default_rng(12)
    groups = []
    for first in (1.0, 0.35):
        f = rng.normal(size=(900, 1))
        groups.append(f * [first, 0.8, 0.8, 0.8, 0.8] + 0.6 * rng.normal(size=(900, 5)))
    data = {f"x{k + 1}": np.concatenate([g[:, k] for g in groups]) for k in range(5)}
    data["g"] = np.repeat(["a", "b"], 900)
    options = FitOptions(group="g")
    ladder = invariance_ladder("f =~ x1 + x2 + x3 + x4 + x5", data, options, ("configural", "metric", "scalar"), True)
    assert ladder.freed[0].parameters == ("f=~x1",)
    assert [move.item for move in ladder.freed] == ["x1"]
    assert "x1~1" in ladder.reached("scalar").exempt


def test_every_factor_keeps_two_invariant_items():
    rng = np.random.default_rng(13)
    shift = np.array([0.0, 1.0, -1.0, 2.0])
    groups = [rng.normal(size=(500, 1)) + 0.6 * rng.normal(size=(500, 4)) + k * shift for k in (0, 1)]
    data = {f"x{k + 1}": np.concatenate([g[:, k] for g in groups]) for k in range(4)}
    data["g"] = np.repeat(["a", "b"], 500)
    ladder = invariance_ladder("f =~ x1 + x2 + x3 + x4", data, FitOptions(group="g"), partial=True)
    assert len([move for move in ladder.freed if move.level == "scalar"]) == 2
    assert ladder.reached("scalar") is None


def test_json_has_a_verdict_for_every_step_and_says_what_is_refused():
    form = invariance_to_json(school_ladder(False))
    assert [level["name"] for level in form["levels"]] == ["configural", "metric", "scalar", "strict"]
    first = form["differences"][0]
    assert (first["from"], first["to"], first["method"]) == ("configural", "metric", "satorra.bentler.2001")
    assert first["delta_cfi"] == pytest.approx(form["levels"][1]["cfi"] - form["levels"][0]["cfi"])
    assert [step["verdict"] for step in form["differences"]][:2] == ["holds", "does not hold"]
    assert form["latent_means"] is None
    assert set(form["refused"]) == {"latent_means", "paths"}
    json.dumps(form, allow_nan=False)


def test_ladder_of_ordered_items_ignores_the_correlations_only_indices():
    steps = {step.after.name: step for step in ladder_of("ordinal").steps}
    assert all(step.judgement.basis == "plain" for step in steps.values())


@pytest.mark.parametrize(
    ("options", "steps", "error", "word"),
    [
        ({"group": "school"}, ("configural", "loadings"), UsageError, "loadings"),
        ({"group": "school"}, ("metric", "configural"), UsageError, "order"),
        ({"group": "school", "group_equal": ("loadings",)}, (), UsageError, "group_equal"),
        ({}, (), NotEstimable, "two groups"),
    ],
)
def test_what_makes_no_ladder_is_refused(options, steps, error, word):
    with pytest.raises(error, match=word):
        invariance_ladder(CASES["hs_ml"]["model"], columns("hs_sexes"), FitOptions(**options), steps)


def test_holm_orders_and_caps():
    assert holm([0.01, 0.04, 0.03, float("nan")])[:3] == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.9, 0.8]) == [1.0, 1.0]


def test_ladder_of_items_with_two_categories_leaves_out_what_is_not_nested():
    data = columns("bfi_ordered_bands")
    items = ("N1", "N2", "N3", "N4")
    binary = {**data, **{name: np.where(np.isnan(data[name]), np.nan, data[name] > 2) for name in items[1:]}}
    binary["N1"] = data["N1"]
    ladder = invariance_ladder("Ne =~ N1 + N2 + N3 + N4", binary, FitOptions(ordered=items, group="gender"))
    assert [level.name for level in ladder.levels] == ["configural", "thresholds", "loadings", "residuals"]
    assert ladder.steps[0].judgement.verdict == "not testable" and ladder.skipped == ("intercepts",)
    assert "level_not_nested" in {note.code for note in ladder.notes}
    if ladder.reached("residuals"):
        assert ladder.reached("intercepts") is ladder.reached("residuals")


def test_a_level_that_cannot_be_fitted_is_named():
    model = CASES["hs_ml"]["model"] + "\ngeneral =~ visual + textual + speed"
    with pytest.raises(NotEstimable, match="level scalar: the model is not identified"):
        invariance_ladder(model, columns("hs_sexes"), FitOptions(group="gender"))
