"""All files that are drawn from one result."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from mce_utaut.study.json_form import to_json
from mce_utaut.study.result import StudyResult

DIGESTS = """
import hashlib, sys
from mce_utaut.report import report_files
from mce_utaut.study.json_form import from_json
for name, content in sorted(report_files(from_json(sys.stdin.buffer.read())).items()):
    print(name, hashlib.sha256(content).hexdigest())
"""


@pytest.mark.slow  # starts processes that draw whole reports
def test_equal_results_give_equal_files_in_every_process(make_study: Callable[..., StudyResult]) -> None:
    told = []
    for seed in ("1", "2"):  # of Python's hashes, which decide the order of sets
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        command = [sys.executable, "-c", DIGESTS]
        done = subprocess.run(command, input=to_json(make_study()), env=environment, capture_output=True, check=True)
        told.append(done.stdout.decode())
    assert told[0] == told[1]
    names = {line.split(" ")[0] for line in told[0].splitlines()}
    assert {"report.html", "report.docx", "model.R", "tables/all_tables.tex", "tables/fit.tex"} <= names
