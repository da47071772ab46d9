"""The method factor and the one-factor model against lavaan."""

from __future__ import annotations

import numpy as np
import pytest
from oracle_files import columns, oracle

from mce_utaut.sem.fit import fit_model
from mce_utaut.sem.options import FitOptions
from mce_utaut.study.method_factor import common_factor, one_factor
from mce_utaut.study.model_data import ModelData
from mce_utaut.study.model_text import cfa_text, read_model
from mce_utaut.study.sentences import Sentences

ORACLE = oracle("study_method_factor")
MODEL = read_model("A =~ A2 + A3 + A4 + A5\nC =~ C1 + C2 + C3\nE =~ E3 + E4 + E5\nE ~ A + C\n")
SAME = 2e-5  # relative: what lavaan's stop leaves in scaled differences of tests
OPTIONS = FitOptions(estimator="MLR")


@pytest.fixture(scope="module")
def data() -> ModelData:
    answers = {name: columns("b5")[name] for name in MODEL.observed}
    complete = np.isfinite(np.column_stack(list(answers.values()))).all(axis=1)
    return ModelData({name: values[complete] for name, values in answers.items()}, complete[complete])


def test_the_method_factor_is_that_of_lavaan(data: ModelData) -> None:
    structural = fit_model(MODEL.text, data.columns, OPTIONS)
    found = common_factor(structural, MODEL, data, OPTIONS, "E", Sentences("en"))
    assert found["variance"] == pytest.approx(ORACLE["variance"], rel=SAME)
    assert found["share"] == pytest.approx(ORACLE["share"], rel=SAME)
    assert found["chisq_diff"] == pytest.approx(ORACLE["chisq_diff"], rel=SAME)
    assert found["df_diff"] == ORACLE["df_diff"]
    paths = {(row["outcome"], row["predictor"]): row["with"] for row in found["paths"]}
    for row in ORACLE["paths"]:
        assert paths[row["lhs"], row["rhs"]] == pytest.approx(row["est.std"], abs=SAME)


def test_one_factor_is_that_of_lavaan(data: ModelData) -> None:
    cfa = fit_model(cfa_text(MODEL), data.columns, OPTIONS)
    found = one_factor(cfa, MODEL, data, OPTIONS, Sentences("en"))
    oracle = ORACLE["one_factor"]
    assert found["chisq_diff"] == pytest.approx(oracle["chisq_diff"], rel=SAME)
    assert found["df_diff"] == oracle["df_diff"]
    assert found["fits"][1]["chisq"] == pytest.approx(oracle["chisq"], rel=SAME)
    assert found["fits"][1]["cfi"] == pytest.approx(oracle["cfi"], abs=1e-6)
