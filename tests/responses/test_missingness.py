"""Little's test against its formula on lavaan's moments."""

from __future__ import annotations

import math

import numpy as np
import pytest
from oracle_files import oracle

from mce_utaut.responses.missingness import little_test

ORACLE = oracle("responses_missingness")


def test_little_is_the_formula_on_lavaans_moments() -> None:
    data = np.array([[math.nan if value is None else value for value in row] for row in ORACLE["data"]])
    found = little_test(data)
    assert (found.patterns, found.df) == (ORACLE["patterns"], ORACLE["df"])
    assert found.chisq == pytest.approx(ORACLE["chisq"], rel=1e-6)
    assert found.p == pytest.approx(ORACLE["p"], rel=1e-4)


def test_values_missing_by_chance_do_not_reject() -> None:
    rng = np.random.default_rng(3)
    data = rng.standard_normal((400, 4))
    data[rng.random(data.shape) < 0.1] = np.nan
    data[7] = np.nan
    found = little_test(data)
    assert found.n <= 399 and found.p > 0.01


def test_complete_answers_have_no_test() -> None:
    found = little_test(np.random.default_rng(1).standard_normal((30, 3)))
    assert found.df == 0 and math.isnan(found.p) and found.patterns == 1
