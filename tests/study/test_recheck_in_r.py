"""What goes out so that others can re-estimate the models: moments, answers, and the script that compares."""

from __future__ import annotations

import csv
import dataclasses
import io
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mce_utaut.errors import StudyError
from mce_utaut.report.r_script import r_script
from mce_utaut.responses.model import Responses
from mce_utaut.study.inputs import StudyInputs
from mce_utaut.study.json_form import from_json, to_json
from mce_utaut.study.model_data import model_data
from mce_utaut.study.moments import moments_of
from mce_utaut.study.release import released_items
from mce_utaut.study.result import StudyResult
from mce_utaut.study.run import compute_study
from mce_utaut.study.structure import ML_COMPLETE

Build = Callable[..., Any]
ITEMS = ["PE1", "PE2", "PE3", "PE4", "EE1", "EE2", "EE3", "SI1", "SI2", "SI3", "FC1", "FC2", "FC3", "BI1", "BI2", "BI3"]
HAS_LAVAAN = (
    shutil.which("Rscript") is not None
    and not subprocess.run(
        ["Rscript", "-e", "stopifnot(requireNamespace('lavaan', quietly = TRUE))"], capture_output=True, check=False
    ).returncode
)


def some_missing(responses: Responses) -> Responses:
    """Every ninth answer to PE2, and one whole row, not given."""
    data = responses.data.copy()
    data.loc[data.index[::9], "PE2"] = np.nan
    data.loc[data.index[1], ITEMS] = np.nan
    return dataclasses.replace(responses, data=data)


@pytest.fixture(scope="module")
def make(make_instrument: Build, make_responses: Build, make_inputs: Build) -> Callable[..., StudyInputs]:
    def inputs(managers: int = 12, **choices: Any) -> StudyInputs:
        parts = {}
        for seed, (role, n) in enumerate({"student": 150, "manager": managers}.items(), start=5):
            instrument = make_instrument(role)
            parts[role] = (instrument, some_missing(make_responses(instrument, n, seed)))
        return make_inputs(parts, **{"estimator": "MLR", "missing": "fiml", **choices})

    return inputs


@pytest.fixture(scope="module")
def inputs(make: Callable[..., StudyInputs]) -> StudyInputs:
    return make()


@pytest.fixture(scope="module")
def study(inputs: StudyInputs) -> StudyResult:
    return compute_study(inputs, versions={})


def student_data(inputs: StudyInputs):
    return model_data(inputs.responses["student"], inputs.instruments["student"], ITEMS)


def test_the_column_by_ml_holds_the_moments_of_its_rows_and_no_other_does(
    study: StudyResult, inputs: StudyInputs
) -> None:
    held = {(role.role, model.analysis): model for role in study.roles for model in role.models if model.moments}
    assert set(held) == {("student", ML_COMPLETE)}
    moments = held["student", ML_COMPLETE].moments
    rows = np.column_stack(list(student_data(inputs).listwise().values()))
    assert moments.names == tuple(ITEMS) and moments.n == len(rows) == held["student", ML_COMPLETE].n
    assert np.allclose(moments.covariance, np.cov(rows, rowvar=False), rtol=1e-13)
    assert np.allclose(moments.means, rows.mean(axis=0), rtol=1e-13)
    assert from_json(to_json(study)).roles[0].models == study.roles[0].models


def test_there_are_no_moments_below_the_disclosure_limit(inputs: StudyInputs) -> None:
    data = student_data(inputs)
    assert moments_of(data, data.n) is not None
    assert moments_of(data, data.n + 1) is None


def test_released_answers_are_those_of_the_model_in_an_order_that_tells_nothing(inputs: StudyInputs) -> None:
    rows = list(csv.reader(io.StringIO(released_items(inputs).decode("utf-8"))))
    assert rows[0] == ["role", *ITEMS]
    assert {row[0] for row in rows[1:]} == {"student"}  # twelve managers have no model
    values = np.column_stack(list(student_data(inputs).columns.values()))
    given = [["" if np.isnan(each) else str(int(each)) for each in row] for row in values]
    assert sorted(row[1:] for row in rows[1:]) == sorted(row for row in given if any(row))
    order = [[float(each or 0) for each in row[1:]] for row in rows[1:]]
    assert order == sorted(order) and len(order) == 149
    text = released_items(inputs)
    assert not any(word in text for word in (b"ktu", b"uoc", b"single", b"r0", b"female"))


def test_answers_are_not_released_with_a_role_below_the_limit(make: Callable[..., StudyInputs]) -> None:
    with pytest.raises(StudyError, match=r"Managers.*4 respondents, fewer than the disclosure limit of 5"):
        released_items(make(managers=4))


def test_the_script_is_ascii_and_text_of_people_stays_text(study: StudyResult) -> None:
    hostile = 'quit(status=0)\n"); quit() # è\\@CHECKS@'
    roles = tuple(dataclasses.replace(role, title=hostile) for role in study.roles)
    script = r_script(dataclasses.replace(study, title=hostile, roles=roles)).decode("ascii")
    clean = r_script(study).decode("ascii")
    assert script.count("check(\n") == clean.count("check(\n") == 2
    for line in script.splitlines():
        assert "quit" not in line or line.startswith(("#", '  "quit', '\\")')), line


def run_r(folder: Path, script: bytes) -> subprocess.CompletedProcess[str]:
    (folder / "model.R").write_bytes(script)
    command = ["Rscript", "--vanilla", "model.R"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)


@pytest.mark.skipif(not HAS_LAVAAN, reason="R with lavaan is not installed")
def test_r_finds_every_number_again_and_stops_where_one_differs(
    study: StudyResult, inputs: StudyInputs, tmp_path: Path
) -> None:
    script = r_script(study)
    done = run_r(tmp_path, script)
    assert done.returncode == 0, done.stderr
    assert "all agree with lavaan" in done.stdout and "not repeated" in done.stdout
    few = int(re.search(r"(\d+) numbers compared", done.stdout)[1])
    (tmp_path / "items.csv").write_bytes(released_items(inputs))
    done = run_r(tmp_path, script)
    assert done.returncode == 0, done.stderr
    assert int(re.search(r"(\d+) numbers compared", done.stdout)[1]) > 2 * few > 200
    path = next(p for p in study.roles[0].paths if p.analysis == ML_COMPLETE and p.predictor == "PE")
    number = repr(path.estimate.estimate).encode()
    assert script.count(number) == 1
    done = run_r(tmp_path, script.replace(number, repr(path.estimate.estimate + 1e-3).encode()))
    assert done.returncode != 0 and "1 of" in done.stderr and "BI ~ PE" in done.stderr
