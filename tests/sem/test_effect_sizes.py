"""f-squared of paths against lavaan's implied covariances, and by its definition as a loss of R-square."""

from math import isnan

import numpy as np
import pytest
from oracle_files import columns, oracle

from mce_utaut.sem.effect_sizes import effect_sizes
from mce_utaut.sem.fit import fit_model
from mce_utaut.sem.options import FitOptions

CASES = oracle("sem_effect_sizes")["cases"]
SAME = 1e-5  # what lavaan's stop leaves in an estimate, as in test_lavaan_oracles


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_effect_sizes_follow_from_lavaans_implied_covariances(case):
    options = FitOptions(group=(case["options"] or {}).get("group"))
    fit = fit_model(case["model"], columns("hs1939"), options)
    ours = {(each.group, each.outcome, each.predictor): each for each in effect_sizes(fit)}
    assert len(ours) == sum(len(group) for group in case["groups"])
    for number, group in enumerate(case["groups"], start=1):
        for theirs in group:
            mine = ours[number, theirs["outcome"], theirs["predictor"]]
            for name in ("f2", "r2", "r2_without"):
                assert getattr(mine, name) == pytest.approx(theirs[name], abs=SAME), (theirs, name)


def test_for_observed_variables_it_is_the_loss_of_r_square_of_ordinary_regression():
    data = columns("hs1939")
    (size,) = (e for e in effect_sizes(fit_model("x7 ~ x1 + x4", data)) if e.predictor == "x4")

    def r2(*names):
        x = np.column_stack([np.ones(len(data["x7"])), *(data[name] for name in names)])
        rest = data["x7"] - x @ np.linalg.lstsq(x, data["x7"], rcond=None)[0]
        return 1 - rest @ rest / (len(rest) * data["x7"].var())

    assert size.f2 == pytest.approx((r2("x1", "x4") - r2("x1")) / (1 - r2("x1", "x4")), abs=1e-9)


def test_where_a_disturbance_goes_with_a_predictor_there_is_none():
    model = "x7 ~ x1\nx1 ~ x4\nx1 ~~ x7"
    by_path = {(e.outcome, e.predictor): e.f2 for e in effect_sizes(fit_model(model, columns("hs1939")))}
    assert isnan(by_path["x7", "x1"]) and by_path["x1", "x4"] > 0
