"""BCa and percentile intervals from the very replicates of R's boot package, and its acceleration."""

import numpy as np
import pytest
from oracle_files import columns, oracle

from mce_utaut.sem.bootstrap import bootstrap
from mce_utaut.sem.bootstrap_intervals import _accelerations, bootstrap_intervals
from mce_utaut.sem.fit import fit_model
from mce_utaut.sem.options import FitOptions
from mce_utaut.sem.resampling import Replicates

ORACLE = oracle("sem_bca")
# boot differentiates the statistic numerically, with steps of .001 / n in the weights
ACCELERATION = 1e-3
LIMIT = 1e-4  # in standard errors: what that leaves in a limit
NAMES = {("x4", "~", "x1"): "a", ("x7", "~", "x4"): "b", ("x7", "~", "x1"): "c", ("ind", ":=", "a*b"): "ind"}
VARIANCES = {("x4", "~~", "x4"): "var4", ("x7", "~~", "x7"): "var7"}


def fitted(level):
    data = {name: columns("hs1939")[name] for name in ("x1", "x4", "x7")}
    fit = fit_model(ORACLE["model"], data, FitOptions(level=level))
    heads = [(row.lhs, row.op, row.rhs) for row in fit.table.rows]
    return fit, [*heads, *((each.name, ":=", "a*b") for each in fit.table.definitions)]


def replicates(heads):
    """boot's estimates in the places of our rows; rows that it does not have stay constant."""
    drawn = {name: np.array(values) for name, values in ORACLE["replicates"].items()}
    count = len(drawn["a"])
    values, std = np.zeros((2, count, len(heads)))
    for at, head in enumerate(heads):
        if head in NAMES:
            values[:, at], std[:, at] = drawn[NAMES[head]], drawn["std_" + NAMES[head]]
        elif head in VARIANCES:
            values[:, at] = drawn[VARIANCES[head]]
    every = np.ones(count, dtype=bool)
    return Replicates(np.zeros((count, 0)), values, std, np.zeros(count), every, ~every)


@pytest.mark.parametrize("kind", ["bca", "perc"])
@pytest.mark.parametrize("at", range(len(ORACLE["levels"])))
def test_limits_are_those_of_boot(kind, at):
    fit, heads = fitted(ORACLE["levels"][at])
    found = bootstrap_intervals(fit, replicates(heads), kind)
    asked = [(name, "", head) for head, name in (NAMES | VARIANCES).items()]
    asked += [("std_" + name, "std_", head) for head, name in NAMES.items()]
    for name, part, head in asked:
        row, theirs = heads.index(head), ORACLE["bca"][name]
        limits = theirs["limits" if kind == "bca" else "percentile"][at]
        ours = getattr(found, part + "lower")[row], getattr(found, part + "upper")[row]
        spread = np.std(ORACLE["replicates"][name])
        assert ours == pytest.approx(limits, abs=(LIMIT if kind == "bca" else 1e-8) * spread), name


def test_the_intervals_are_of_this_fit():
    fit, heads = fitted(0.95)
    for head, name in (NAMES | VARIANCES).items():
        if head[1] != ":=":
            assert fit.estimates[heads.index(head)] == pytest.approx(ORACLE["point"][name], abs=1e-7)


def test_the_acceleration_is_that_of_the_infinitesimal_jackknife():
    fit, heads = fitted(0.95)
    raw, std = _accelerations(fit)
    for head, name in (NAMES | VARIANCES).items():
        assert raw[heads.index(head)] == pytest.approx(ORACLE["bca"][name]["acceleration"], abs=ACCELERATION)
    for head, name in NAMES.items():
        assert std[heads.index(head)] == pytest.approx(ORACLE["bca"]["std_" + name]["acceleration"], abs=ACCELERATION)


def test_a_parameter_that_is_not_defined_has_no_interval():
    data = {name: columns("hs1939")[name] for name in ("x1", "x4")}
    fit = fit_model("x4 ~ b*x1\nlarge := 1/(b - b)", data)
    found = bootstrap_intervals(fit, bootstrap(fit, 20, 1), "bca")
    assert np.isnan([found.lower[-1], found.std_lower[-1]]).all() and np.isfinite(found.lower[0])
