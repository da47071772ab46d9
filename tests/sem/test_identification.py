"""Models that no data identify are told apart from those that one data set does not."""

from __future__ import annotations

import numpy as np
import pytest

from mce_utaut.errors import NotEstimable
from mce_utaut.sem.fit import fit_model
from mce_utaut.sem.identification import never_identified
from mce_utaut.sem.information import loose_parameters
from mce_utaut.sem.options import FitOptions

TWICE = "f =~ x1 + x2 + x3 + x4 + x5 + x6\nm =~ x1 + x2 + x3 + x4 + x5 + x6"


def columns(n: int = 200) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(8)
    factors = rng.multivariate_normal([0, 0], [[1, 0.4], [0.4, 1]], n)
    return {f"x{i + 1}": 0.7 * factors[:, i // 3] + rng.normal(0, 0.6, n) for i in range(6)}


@pytest.mark.parametrize("missing", ["listwise", "fiml"])
@pytest.mark.parametrize(
    "model",
    [
        TWICE,
        "f =~ x1 + x2 + x3\nh =~ x4 + x5 + x6\ng =~ f + h",
        "f =~ x1 + x2 + x3 + x4\nx5 ~ f\nx5 ~~ x1 + x2 + x3 + x4",
    ],
)
def test_a_model_that_no_data_identify_is_refused_as_such(model, missing):
    with pytest.raises(NotEstimable, match=r"the model is not identified: .* cannot be told apart"):
        fit_model(model, columns(), FitOptions(missing=missing))


def test_a_start_of_special_values_does_not_make_a_model_unidentified():
    fit = fit_model("f =~ x1 + x2 + x3\nh =~ x4 + x5 + x6\nx1 ~~ x4", columns())
    start = np.zeros(fit.t.size)
    start[-9:] = 1.0
    assert loose_parameters(fit.objective, start)
    assert not never_identified(fit.objective, start)
