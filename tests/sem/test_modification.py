"""Modification indices against lavaan's ``modindices`` (in the case files), and their meaning."""


import numpy as np
import pytest
from oracle_files import columns, oracle

from mce_utaut.sem.fit import fit_model
from mce_utaut.sem.modification import modification_indices
from mce_utaut.sem.options import FitOptions

ORDERED = oracle("sem_ordered_modification")["cases"]
UNCOMMON = [case for case in oracle("sem_uncommon_options")["cases"] if "modification" in case]


def data(n=300):
    rng = np.random.default_rng(8)
    f = rng.normal(size=(n, 1))
    x = 0.8 * f + 0.6 * rng.normal(size=(n, 5))
    x[:, 1] += 0.5 * rng.normal(size=n)
    shared = rng.normal(size=n)
    x[:, 3] += 0.5 * shared
    x[:, 4] += 0.5 * shared
    return {f"x{i + 1}": x[:, i] for i in range(5)}


def test_the_left_out_covariance_comes_first_and_foretells_the_gain():
    model = "f =~ x1 + x2 + x3 + x4 + x5"
    fit = fit_model(model, data())
    first = modification_indices(fit)[0]
    assert (first.lhs, first.op, first.rhs) == ("x4", "~~", "x5")
    wider = fit_model(model + "\nx4 ~~ x5", data())
    assert first.mi == pytest.approx(fit.test.chisq - wider.test.chisq, rel=0.15)
    freed = wider.estimates[[row.name for row in wider.table.rows].index("x4 ~~ x5")]
    assert first.epc == pytest.approx(freed, rel=0.25)


def test_a_fixed_covariance_is_a_candidate():
    fit = fit_model("f =~ x1 + x2 + x3 + x4 + x5\nx4 ~~ 0*x5", data())
    assert (modification_indices(fit)[0].lhs, modification_indices(fit)[0].rhs) == ("x4", "x5")


def test_a_saturated_model_has_nothing_to_gain():
    fit = fit_model("x1 ~ x2 + x3", data())
    assert all(index.mi < 1e-6 for index in modification_indices(fit))


def test_a_covariance_that_the_model_fixes_has_an_index():
    paths = fit_model("x1 ~~ x2\nx3 ~~ 0*x1 + x2", data())
    (index,) = modification_indices(paths)
    free = fit_model("x1 ~~ x2\nx3 ~~ x1 + x2", data())
    assert (index.lhs, index.op, index.rhs) == ("x1", "~~", "x3")
    assert index.mi == pytest.approx(paths.test.chisq - free.test.chisq, rel=0.3)


@pytest.mark.parametrize("case", ORDERED, ids=lambda case: case["id"])
def test_indices_of_ordered_data_are_lavaans(case):
    given = case["options"] | {"ordered": tuple(case["options"]["ordered"])}
    ours = {
        (*sorted((m.lhs, m.rhs)), m.op, m.group): m
        for m in modification_indices(fit_model(case["model"], columns(case["data"]), FitOptions(**given)))
    }
    assert len(ours) >= len(case["modification"])
    for theirs in case["modification"]:
        mine = ours[*sorted((theirs["lhs"], theirs["rhs"])), theirs["op"], theirs["group"]]
        for name in ("mi", "epc", "sepc_lv", "sepc_all"):
            assert getattr(mine, name) == pytest.approx(theirs[name], rel=2e-4, abs=2e-4)


@pytest.mark.parametrize("case", UNCOMMON, ids=lambda case: case["id"])
def test_indices_of_wishart_groups_scales_and_exogenous_variables_under_fiml_are_lavaans(case):
    given = dict(case["options"])
    for name in {"group_equal", "ordered"} & set(given):
        given[name] = tuple(given[name]) if isinstance(given[name], list) else (given[name],)
    ours = {
        (*(sorted((m.lhs, m.rhs)) if m.op == "~~" else (m.lhs, m.rhs)), m.op, m.group): m
        for m in modification_indices(fit_model(case["model"], columns(case["data"]), FitOptions(**given)))
    }
    theirs = [row for row in case["modification"] if row["mi"] is not None and row["mi"] > 1e-3]
    assert len(theirs) >= 3
    for row in theirs:
        pair = sorted((row["lhs"], row["rhs"])) if row["op"] == "~~" else (row["lhs"], row["rhs"])
        mine = ours[*pair, row["op"], row["group"]]
        assert mine.mi == pytest.approx(row["mi"], rel=3e-4, abs=1e-4)  # lavaan's optimiser
        assert mine.epc == pytest.approx(row["epc"], rel=3e-4, abs=1e-4)
