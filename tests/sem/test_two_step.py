"""Local SAM and Croon's factor-score regression against lavaan, and what they refuse."""


import numpy as np
import pytest
from oracle_files import columns, oracle

from mce_utaut.errors import NotEstimable, UsageError
from mce_utaut.sem.croon import croon_regression
from mce_utaut.sem.options import FitOptions
from mce_utaut.sem.sam import local_sam, smallest_root

ORACLE = oracle("sem_two_step")
BLOCKS = {"bollen_one_block": (("ind60",), ("dem60", "dem65"))}
SCHOOL = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\ntextual ~ visual"


def check(rows, theirs, se=2e-4):
    ours = {(r.op, *((r.lhs, r.rhs) if r.op != "~~" else sorted((r.lhs, r.rhs))), max(r.group, 1)): r for r in rows}
    seen = 0
    for row in theirs:
        if row["op"] == ":=":
            mine = next(r for r in rows if r.op == ":=" and r.lhs == row["lhs"])
        else:
            pair = (row["lhs"], row["rhs"]) if row["op"] != "~~" else sorted((row["lhs"], row["rhs"]))
            mine = ours.get((row["op"], *pair, row["group"]))
        if mine is None or not row["se"]:
            continue
        seen += 1
        assert mine.est == pytest.approx(row["est"], abs=2e-5), row
        assert mine.se == pytest.approx(row["se"], rel=se), row
    assert seen >= 2


@pytest.mark.parametrize("case", [pytest.param(c, id=c["id"]) for c in ORACLE["cases"]])
def test_local_sam_agrees_with_lavaan(case):
    given = case["options"] or {}
    options = FitOptions(
        group=given.get("group"),
        missing="fiml" if given.get("missing") else "listwise",
        group_equal=("loadings",) if given.get("group.equal") else (),
    )
    fit = local_sam(case["model"], columns(case["data"]), options, BLOCKS.get(case["id"], ()))
    # lavaan leaves the covariances of factors and observed predictors out of the joint information
    check(fit.estimates, case["parameters"], 5e-2 if case["id"] == "hs_covariate" else 2e-4)


@pytest.mark.parametrize("case", [pytest.param(c, id=c["id"]) for c in ORACLE["croon"]])
def test_croon_agrees_with_lavaan(case):
    check(croon_regression(case["model"], columns(case["data"])).estimates, case["parameters"])


def test_residual_covariances_over_blocks_are_left_out_and_told():
    model = "ind60 =~ x1 + x2 + x3\ndem60 =~ y1 + y2 + y3 + y4\ndem60 ~ ind60\nx1 ~~ y1"
    fit = local_sam(model, columns("bollen"))
    assert "x1 ~~ y1" in next(note for note in fit.notes if note.code == "residual_covariances_left_out").text


def test_factor_with_two_items_needs_company():
    model = "visual =~ x1 + x2\ntextual =~ x4 + x5 + x6\ntextual ~ visual"
    with pytest.raises(NotEstimable, match="visual"):
        local_sam(model, columns("hs1939"))
    together = local_sam(model, columns("hs1939"), blocks=(("visual", "textual"),))
    assert [row.rhs for row in together.estimates if row.op == "~"] == ["visual"]


def loosely_tied(correlation, seed, n=100):
    """Two factors of two items with a correlation, and a third of three items that goes with both."""
    rng = np.random.default_rng(seed)
    f = rng.multivariate_normal([0, 0], [[1, correlation], [correlation, 1]], n)
    h = f @ [0.4, 0.3] + 0.8 * rng.standard_normal(n)
    of = {"a1": f[:, 0], "a2": f[:, 0], "b1": f[:, 1], "b2": f[:, 1], "c1": h, "c2": h, "c3": h}
    return {name: 0.8 * factor + 0.6 * rng.standard_normal(n) for name, factor in of.items()}


LOOSE = "f =~ a1 + a2\ng =~ b1 + b2\nh =~ c1 + c2 + c3\nh ~ f + g"


def test_two_items_that_little_ties_to_their_block_are_refused_with_the_cure():
    data, blocks = loosely_tied(0.0, 5), (("f", "g"), ("h",))
    with pytest.raises(NotEstimable, match=r"too little ties two items to the others, f \(p = 0.*f =~ 1\*a"):
        local_sam(LOOSE, data, blocks=blocks)
    equal = local_sam(LOOSE.replace("a1 + a2", "1*a1 + 1*a2").replace("b1 + b2", "1*b1 + 1*b2"), data)
    joined = local_sam(LOOSE, data, blocks=(("f", "g", "h"),))
    for cured in (equal, joined):
        assert not [note for note in cured.notes if note.code == "weak_block"]
        assert all(row.se < 0.5 for row in cured.estimates if row.op == "~")


def test_a_block_that_is_fitted_but_loosely_tied_is_told():
    weak = local_sam(LOOSE, loosely_tied(0.1, 1), blocks=(("f", "g"), ("h",)))
    (note,) = (note for note in weak.notes if note.code == "weak_block")
    assert "g (p = " in note.text and note.where == "f, g"
    firm = local_sam(LOOSE, loosely_tied(0.5, 1), blocks=(("f", "g"), ("h",)))
    assert not [note for note in firm.notes if note.code == "weak_block"]


def test_factor_covariances_stay_positive_definite_in_a_tiny_sample():
    rng = np.random.default_rng(20)
    f = rng.normal(size=(25, 1))
    items = f + rng.normal(size=(25, 6)) * 1.6
    data = {f"x{i + 1}": items[:, i] for i in range(6)}
    model = "a =~ x1 + x2 + x3\nb =~ x4 + x5 + x6\nb ~ a"
    fit = local_sam(model, data)
    assert np.linalg.eigvalsh(fit.covariances[0])[0] > 0


def test_smallest_root_leaves_exact_variables_out():
    matrix, part = np.array([[2.0, 0.5], [0.5, 1.0]]), np.diag([0.5, 0.0])
    root = smallest_root(matrix, part)
    assert np.linalg.det(matrix - root * part) == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize(
    ("model", "options", "word"),
    [
        ("visual =~ x1 + x2 + x3", {}, "regressions"),
        ("x1 ~ x2", {}, "factors"),
        (SCHOOL + "\ng =~ visual + textual", {}, "factors of factors"),
        (SCHOOL + "\nx9 ~ x1", {}, "x1"),
        (SCHOOL + "\nvisual ~ 1", {}, "means"),
        (SCHOOL, {"std_lv": True}, "std_lv"),
        (SCHOOL, {"ordered": ("x1",)}, "ordered"),
        (SCHOOL, {"estimator": "MLR"}, "estimator"),
        (SCHOOL, {"group": "school", "group_equal": ("loadings", "intercepts")}, "loadings equal"),
    ],
)
def test_what_two_step_estimation_does_not_do_is_refused(model, options, word):
    with pytest.raises(UsageError, match=word):
        local_sam(model, columns("hs1939"), FitOptions(**options))


def test_croon_refuses_groups_and_missing_values():
    for options in (FitOptions(group="school"), FitOptions(missing="fiml")):
        with pytest.raises(UsageError):
            croon_regression(SCHOOL, columns("hs1939"), options)
