"""Hopeless data and models are refused with names; improper solutions are fitted and noted."""

import numpy as np
import pytest
from oracle_files import columns

from mce_utaut.errors import NotEstimable, SyntaxProblem, UsageError, UserMistake
from mce_utaut.sem.as_json import fit_to_json
from mce_utaut.sem.fit import fit_model
from mce_utaut.sem.moments import moments_from_statistics
from mce_utaut.sem.options import FitOptions

FACTOR = "f =~ x1 + x2 + x3 + x4"


def data(n=120, seed=1, **more):
    rng = np.random.default_rng(seed)
    f = rng.normal(size=n)
    return {f"x{i}": 0.8 * f + 0.6 * rng.normal(size=n) + i for i in range(1, 5)} | more


def test_absent_variables_are_named_with_the_nearest():
    with pytest.raises(UserMistake, match=r"no variable X1.*Did you mean x1\?"):
        fit_model("f =~ X1 + x2 + x3", data())


def test_a_text_column_is_refused():
    with pytest.raises(UserMistake, match="x3 is not numeric"):
        fit_model(FACTOR, data() | {"x3": np.array(["a"] * 120)})


def test_constant_items_are_named():
    with pytest.raises(NotEstimable, match="x2 has no variance"):
        fit_model(FACTOR, data() | {"x2": np.full(120, 3.0)})


def test_collinear_items_are_named():
    d = data()
    with pytest.raises(NotEstimable, match="x1, x2, x4 are perfectly collinear"):
        fit_model(FACTOR, d | {"x4": d["x1"] + d["x2"]})


@pytest.mark.parametrize("group", [{}, {"group": "g"}])
def test_constant_incomplete_items_are_refused_before_any_search(group):
    d = data(g=np.array(["a", "b"] * 60), x2=np.full(120, 3.0))
    d["x2"][:7] = d["x3"][5:20] = np.nan
    with pytest.raises(NotEstimable, match="x2 has no variance"):
        fit_model(FACTOR, d, FitOptions(estimator="MLR", missing="fiml", **group))


@pytest.mark.parametrize("share", [0.0, 0.1])
def test_collinear_incomplete_items_are_refused_before_any_search(share):
    d = data()
    d |= {"x4": d["x1"] + d["x2"]}
    rng = np.random.default_rng(3)
    d = {name: np.where(rng.random(120) < share, np.nan, column) for name, column in d.items()}
    with pytest.raises(NotEstimable, match="x1, x2, x4 are perfectly collinear"):
        fit_model(FACTOR, d, FitOptions(missing="fiml"))


def test_fewer_cases_than_variables_are_refused():
    with pytest.raises(NotEstimable, match="4 complete cases, 4 variables"):
        fit_model(FACTOR, data(4))


def test_no_complete_case_is_a_mistake():
    with pytest.raises(NotEstimable, match="no case that is complete"):
        fit_model(FACTOR, data() | {"x1": np.full(120, np.nan)})


def likert(n=240):
    """Four items of four categories and a group of two schools, alternating."""
    rng = np.random.default_rng(5)
    f = rng.normal(size=n)
    items = {f"x{i}": np.digitize(0.8 * f + 0.6 * rng.normal(size=n), [-1.0, 0.0, 1.0]) + 1.0 for i in range(1, 5)}
    return items | {"school": np.array(["north", "south"] * (n // 2))}


SOUTH = likert()["school"] == "south"
HOPELESS = {
    "constant in a group": ({"x2": np.where(SOUTH, 3.0, likert()["x2"])}, "south.*x2|x2.*south"),
    "a category missing in a group": (
        {"x2": np.where(SOUTH, np.minimum(likert()["x2"], 3), likert()["x2"])},
        "nobody in group south chose category 4 of ordered variable x2",
    ),
    "no value in a group": ({"x2": np.where(SOUTH, np.nan, likert()["x2"])}, "south.*x2|x2.*south"),
    "one row in a group": ({"school": np.where(np.arange(240) == 7, "south", "north")}, "south"),
    "the same answers twice": ({"x2": likert()["x1"]}, "x1.*x2.* perfectly c"),
    "reversed answers": ({"x2": 5 - likert()["x1"]}, "x1.*x2.* perfectly c"),
}
WAYS = {
    "listwise": FitOptions(group="school"),
    "fiml": FitOptions(estimator="MLR", missing="fiml", group="school"),
    "ordered": FitOptions(ordered=("all",), group="school"),
    "pairwise": FitOptions(ordered=("all",), missing="pairwise", group="school"),
    "mixed": FitOptions(ordered=("x1", "x2", "x3"), group="school"),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("what", HOPELESS)
def test_hopeless_groups_are_refused_by_name(what, way):
    change, said = HOPELESS[what]
    if what == "a category missing in a group" and way in ("listwise", "fiml"):
        assert fit_model(FACTOR, likert() | change, WAYS[way]).converged
        return
    with pytest.raises(NotEstimable, match=said):
        fit_model(FACTOR, likert() | change, WAYS[way])


def test_rows_without_a_group_are_left_out_and_an_empty_group_column_is_a_mistake():
    some = np.where(np.arange(240) % 10 == 0, "", likert()["school"])
    assert fit_model(FACTOR, likert() | {"school": some}, WAYS["listwise"]).total == 216
    with pytest.raises(UserMistake, match="No row has a value in the column school"):
        fit_model(FACTOR, likert() | {"school": np.full(240, "")}, WAYS["listwise"])


def test_a_continuous_variable_that_an_ordered_one_follows_is_refused():
    f = np.sort(np.random.default_rng(2).normal(size=240))
    follows = {"x2": np.digitize(f, [-0.5, 0.5]) + 1.0, "x1": f}
    with pytest.raises(NotEstimable, match="perfectly correlated"):
        fit_model(FACTOR, likert() | follows, FitOptions(ordered=("x2", "x3")))


def test_too_many_parameters_are_refused_with_counts_and_names():
    with pytest.raises(NotEstimable, match="4 free parameters, but the data only 3") as refused:
        fit_model("f =~ x1 + x2", data())
    assert "f =~ x2, x1 ~~ x1, x2 ~~ x2, f ~~ f cannot be told apart" in str(refused.value)


def test_an_unidentified_model_names_its_loose_parameters():
    with pytest.raises(NotEstimable, match=r"not identified: .*f =~ x1.*f ~~ f"):
        fit_model("f =~ NA*x1 + x2 + x3 + x4", data())


def test_unconnected_factors_of_two_items_are_not_identified():
    with pytest.raises(NotEstimable, match="not identified"):
        fit_model("f =~ x1 + x2\ng =~ x3 + x4\nf ~~ 0*g", data())


def test_a_heywood_case_is_fitted_and_noted():
    R = np.array([[1, 0.9, 0.8], [0.9, 1, 0.5], [0.8, 0.5, 1]])
    fit = fit_model("f =~ a + b + c", moments_from_statistics(("a", "b", "c"), R, 100))
    assert not fit.proper
    assert [(note.code, note.level) for note in fit.notes] == [("heywood", "problem")]
    assert "a" in fit.notes[0].text
    out = fit_to_json(fit)
    assert out["proper"] is False
    assert out["r2"]["1"]["a"] is None


def test_latent_correlation_above_one_is_noted():
    rng = np.random.default_rng(5)
    f = rng.normal(size=(200, 1))
    x = f + 0.9 * rng.normal(size=(200, 6))
    x[:, 1] += 0.5 * x[:, 4]
    x[:, 4] += 0.5 * x[:, 1]
    d = {f"x{i + 1}": x[:, i] for i in range(6)}
    fit = fit_model("f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6", d)
    assert [note.code for note in fit.notes] == ["latent_not_positive_definite"]


def test_few_cases_are_noted():
    fit = fit_model(FACTOR, data(7, seed=3))
    assert "few_cases" in [note.code for note in fit.notes]


def test_left_out_rows_are_counted():
    d = data()
    d["x1"][:5] = np.nan
    d["x2"][3:8] = np.nan
    fit = fit_model(FACTOR, d)
    assert fit.total == 112
    assert [note.code for note in fit.notes] == ["listwise"]
    assert "8 of 120" in fit.notes[0].text


def test_groups_come_in_order_of_appearance():
    group = np.array(["b"] * 70 + ["a"] * 50)
    fit = fit_model(FACTOR, data(group=group), FitOptions(group="group"))
    assert [(g["label"], g["n"]) for g in fit_to_json(fit)["groups"]] == [("b", 70), ("a", 50)]
    assert fit.table.meanstructure


def test_group_modifiers_need_one_entry_a_group():
    group = np.array(["b"] * 70 + ["a"] * 50)
    with pytest.raises(SyntaxProblem, match="number of groups is 2"):
        fit_model("f =~ x1 + c(a,b,c)*x2 + x3", data(group=group), FitOptions(group="group"))


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (FitOptions(estimator="XYZ"), "estimator"),
        (FitOptions(estimator="GLS", test="satorra.bentler"), "standard test only"),
        (FitOptions(estimator="GLS", se="robust.sem"), "standard test only"),
        (FitOptions(estimator="ULS", se="robust.huber.white"), "need no likelihood"),
        (FitOptions(estimator="MLR", likelihood="wishart"), "Wishart"),
        (FitOptions(estimator="MLM", cluster="x4"), "ML or MLR"),
        (FitOptions(group_equal=("loadings",)), "needs a group"),
        (FitOptions(estimator="GLS", information="observed"), "expected information only"),
        (FitOptions(level=95), "between 0 and 1"),
        (FitOptions(se="robust.cluster"), "needs a cluster"),
        (FitOptions(engine="semopy", std_lv=True), "semopy is not applicable"),
        (FitOptions(estimator="MLM", information="first.order"), "expected or observed information"),
        (FitOptions(estimator="MLR", information="first.order"), "expected or observed information"),
        (FitOptions(se="first.order", test="yuan.bentler.mplus"), "expected or observed information"),
    ],
)
def test_unsupported_combinations_are_refused_in_a_sentence(options, word):
    with pytest.raises(UsageError, match=word):
        fit_model("f =~ x1 + x2 + x3", data(), options)


def test_robust_inference_needs_raw_data():
    moments = moments_from_statistics(("x1", "x2", "x3"), np.eye(3) + 0.5, 100)
    with pytest.raises(UsageError, match="needs the raw data"):
        fit_model("f =~ x1 + x2 + x3", moments, FitOptions(estimator="MLR"))


def test_means_need_means():
    moments = moments_from_statistics(("x1", "x2", "x3"), np.eye(3) + 0.5, 100)
    with pytest.raises(UsageError, match="statistics have none"):
        fit_model("f =~ x1 + x2 + x3\nx1 ~ 1", moments)


@pytest.mark.parametrize(
    ("covariance", "n", "word"),
    [
        (np.ones((2, 2)), 100, "3 names"),
        (np.array([[1, 0.5, 0], [0.4, 1, 0], [0, 0, 1]]), 100, "not symmetric"),
        (np.full((3, 3), np.nan), 100, "missing entries"),
        (np.eye(3), 1, "n is 1"),
    ],
)
def test_bad_statistics_are_refused(covariance, n, word):
    with pytest.raises(UserMistake, match=word):
        moments_from_statistics(("a", "b", "c"), covariance, n)


def test_the_same_input_gives_the_same_result():
    first, second = (fit_to_json(fit_model(FACTOR, data(), FitOptions(estimator="MLR"))) for _ in range(2))
    assert first == second


def test_scale_of_the_variables_does_not_matter():
    d = data()
    one = fit_model(FACTOR, d)
    other = fit_model(
        FACTOR, {name: values * 10.0 ** (3 * i - 6) for i, (name, values) in enumerate(d.items())}
    )
    assert other.test.chisq == pytest.approx(one.test.chisq, abs=1e-8)


@pytest.mark.parametrize(
    ("options", "what"),
    [
        (FitOptions(missing="fiml"), "FIML of 130 variables"),
        (FitOptions(estimator="WLSMV", ordered=("all",)), "Fitting 130 variables, some of them ordered,"),
        (FitOptions(estimator="MLMV"), "The second-moment test of 130 variables"),
        (FitOptions(estimator="MLM", information="observed"), "observed information of 130 variables"),
    ],
    ids=lambda value: getattr(value, "estimator", ""),
)
def test_fourth_moments_that_would_fill_the_memory_are_refused(options, what):
    rng = np.random.default_rng(2)
    latent = rng.normal(size=(400, 1)) + rng.normal(size=(400, 130))
    items = {f"x{i}": np.digitize(latent[:, i], [0.0]) + (0.0 if options.ordered else latent[:, i]) for i in range(130)}
    with pytest.raises(NotEstimable, match=f"{what} needs matrices over all pairs of 8,"):
        fit_model("f =~ " + " + ".join(items), items, options)


def test_robust_ml_of_as_many_variables_is_fitted():
    rng = np.random.default_rng(2)
    latent = rng.normal(size=(400, 1)) + rng.normal(size=(400, 130))
    items = {f"x{i}": latent[:, i] for i in range(130)}
    fit = fit_model("f =~ " + " + ".join(items), items, FitOptions(estimator="MLR"))
    assert fit.converged and np.isfinite(fit.test.scaled)


def test_free_means_of_a_second_order_factor_are_refused_with_the_line_that_mends_them():
    model = "a =~ x1 + x2 + x3\nb =~ x4 + x5 + x6\nc =~ x7 + x8 + x9\ng =~ a + b + c"
    options = FitOptions(group="school", group_equal=("loadings", "intercepts"))
    with pytest.raises(NotEstimable, match=r"write  g ~ c\(0, 0\)\*1\."):
        fit_model(model, columns("hs1939"), options)
    mended = fit_model(model + "\ng ~ c(0, 0)*1", columns("hs1939"), options)
    assert mended.converged


def test_a_model_without_free_parameters_is_tested_in_silence(capfd):
    rng = np.random.default_rng(2)
    x = rng.normal(size=200)
    fit = fit_model("y ~ 0.5*x\ny ~~ 1*y", {"x": x, "y": 0.5 * x + rng.normal(size=200)}, FitOptions(estimator="MLR"))
    assert (fit.table.n_free, fit.test.df) == (0, 2)
    assert capfd.readouterr() == ("", "")
