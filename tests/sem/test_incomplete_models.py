"""Incomplete data: refusals in sentences, derivatives, complete data as a special case, simulated truth."""

import numpy as np
import pytest

from mce_utaut.errors import NotEstimable, UsageError
from mce_utaut.sem.fit import fit_model
from mce_utaut.sem.fit_indices import fit_indices
from mce_utaut.sem.options import FitOptions

MODEL = "f =~ a + b + c\ng =~ d + e + h\ng ~ f"
NAMES = ("a", "b", "c", "d", "e", "h")


def rows(n, seed=1, share=0.1):
    """Six indicators of two factors (loadings .8, path .5), ``b`` and ``e`` missing at random given ``a``."""
    rng = np.random.default_rng(seed)
    f = rng.normal(size=n)
    g = 0.5 * f + rng.normal(size=n) * np.sqrt(0.75)
    values = 0.8 * np.column_stack([f, f, f, g, g, g]) + 0.6 * rng.normal(size=(n, 6)) + 1.0
    probability = share * 2 / (1 + np.exp(-2 * (values[:, 0] - 1)))
    values[rng.random(n) < probability, 1] = np.nan
    values[rng.random(n) < probability, 4] = np.nan
    data = dict(zip(NAMES, values.T, strict=True))
    data["school"] = np.where(np.arange(n) % 2, "north", "south")
    data["x"] = f + rng.normal(size=n)
    return data


def fit(data, model=MODEL, **options):
    return fit_model(model, data, FitOptions(**({"missing": "fiml"} | options)))


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"estimator": "MLM"}, "MLM needs complete data"),
        ({"estimator": "GLS"}, "GLS needs complete data"),
        ({"likelihood": "wishart"}, "Wishart likelihood needs complete data"),
        ({"se": "robust.sem"}, "robust inference is robust.huber.white"),
        ({"meanstructure": False}, "needs a mean structure"),
        ({"engine": "semopy"}, "semopy's FIML is not reliable"),
    ],
)
def test_what_does_not_go_with_fiml_is_refused(options, sentence):
    with pytest.raises(UsageError, match=sentence):
        fit(rows(60), **options)


@pytest.mark.parametrize("estimator", ["ML", "MLR"])
def test_complete_data_give_maximum_likelihood(estimator):
    data = rows(200, share=0.0)
    fiml = fit(data, estimator=estimator)
    ml = fit_model(MODEL, data, FitOptions(estimator=estimator, information="observed", meanstructure=True))
    assert np.allclose(fiml.t, ml.t, atol=1e-8)
    assert np.allclose(fiml.vcov_t, ml.vcov_t, rtol=1e-6, atol=1e-10)
    ours, theirs = fit_indices(fiml), fit_indices(ml)
    shared = [name for name in theirs if "robust" not in name]
    assert {name: ours[name] for name in shared} == pytest.approx(
        {name: theirs[name] for name in shared}, rel=1e-6, abs=1e-7, nan_ok=True
    )


@pytest.mark.parametrize("options", [{}, {"group": "school", "group_equal": ("loadings", "intercepts")}])
def test_derivatives_are_those_of_finite_differences(options):
    found = fit(rows(150), MODEL + "\nf ~ x", **options)
    t = found.t + np.random.default_rng(3).uniform(-0.05, 0.05, found.t.size)
    objective, steps = found.objective, 1e-6 * np.eye(found.t.size)
    gradient = np.array([(objective.value(t + s) - objective.value(t - s)) / 2e-6 for s in steps])
    curved = np.array([(objective.gradient(t + s) - objective.gradient(t - s)) / 2e-6 for s in steps])
    reached, hessian = objective.gradient_and_hessian(t, "observed")
    assert np.allclose(reached, gradient, atol=1e-7)
    assert np.allclose(hessian, curved, atol=1e-6)
    part, group, (implied, derivatives) = (
        objective.parts[0],
        objective.groups[0],
        objective.implied_and_derivatives(t)[0],
    )
    scores = part.scores(group, implied, derivatives)
    assert np.allclose(-2 * scores.mean(axis=0), part.gradient(group, implied), atol=1e-10)


def test_rows_without_values_or_exogenous_values_are_left_out_and_counted():
    data = rows(120)
    for name in NAMES:
        data[name][:3] = np.nan
    data["x"][5:7] = np.nan
    for model, left_out in ((MODEL, 3), (MODEL + "\nf ~ x", 2)):
        found = fit(data, model)
        assert found.total == 120 - left_out
        note = next(note for note in found.notes if note.code == "rows_left_out")
        assert note.text.startswith(f"{left_out} of 120 rows")


def test_pairs_never_seen_together_are_named():
    data = rows(120)
    data["b"][:60] = np.nan
    data["e"][60:] = np.nan
    with pytest.raises(NotEstimable, match="b and e are never observed together"):
        fit(data)
    data["e"][:] = np.nan
    with pytest.raises(NotEstimable, match="e has no values"):
        fit(data)


def test_no_row_at_all_is_a_mistake():
    data = {name: np.full(10, np.nan) for name in NAMES}
    with pytest.raises(NotEstimable, match="no case with values"):
        fit(data)


def test_simulated_truth_survives_missing_at_random():
    found = fit(rows(20_000, seed=4, share=0.4), std_lv=True, estimator="MLR")
    errors = found.standard_errors
    for i, row in enumerate(found.table.rows):
        if row.op == "~1" and row.lhs in NAMES:
            assert abs(found.estimates[i] - 1.0) < 4 * errors[i]
        elif row.op == "=~" and row.lhs == "f":
            assert abs(found.estimates[i] - 0.8) < 4 * errors[i]
