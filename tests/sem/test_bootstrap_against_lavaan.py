"""Samples drawn from incomplete and from ordered data: their estimates beside lavaan's of the same rows."""

import numpy as np
import pytest
from oracle_files import columns, oracle

from mce_utaut.sem.bootstrap import resampler_of
from mce_utaut.sem.fit import fit_model
from mce_utaut.sem.options import FitOptions

CASES = oracle("sem_resampled")["cases"]
# What lavaan's tightened optimiser leaves, relative to 1 or the estimate; under FIML more.
TOLERANCE, TOLERANCE_FIML = 1e-5, 2e-5


def counted(fit, data, rows):
    """How often each row of each group's sample is drawn, from places in the file (from 1)."""
    drawn = np.bincount(np.array(rows) - 1, minlength=len(next(iter(data.values()))))
    out = []
    for sample in fit.samples:
        assert sample.cases is not None
        out.append(drawn[sample.cases][None])
    assert sum(int(own.sum()) for own in out) == len(rows)
    return out


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_the_estimates_of_the_same_rows_are_lavaans(case):
    data = columns(case["data"])
    options = {key: tuple(v) if isinstance(v, list) else v for key, v in case["options"].items()}
    if isinstance(options.get("group_equal"), str):
        options["group_equal"] = (options["group_equal"],)
    fit = fit_model(case["model"], data, FitOptions(**options))
    names = [f"{row.lhs}{row.op}{row.rhs}|{row.group}" for row in fit.table.rows]
    assert set(case["names"]) <= set(names)
    places = [names.index(name) for name in case["names"]]
    resampler = resampler_of(fit)
    tolerance = TOLERANCE_FIML if fit.options.missing == "fiml" else TOLERANCE
    for rows, wanted in zip(case["rows"], case["estimates"], strict=True):
        found = resampler.estimates(counted(fit, data, rows))
        assert found.converged.all()
        assert found.values[0, places] == pytest.approx(wanted, rel=tolerance, abs=tolerance)
