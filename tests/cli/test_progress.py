"""Progress where nobody looks at a bar: a line a step, the last of them at the total."""

from __future__ import annotations

import pytest

from mce_utaut.cli.progress import progress


def test_lines_reach_the_total(capsys: pytest.CaptureFixture[str]) -> None:
    with progress() as report:
        for done, step in enumerate(("reading", "fitting")):
            report(step, done, 2)
        report("", 2, 2)
        report("drawing the report", 1, 1)
    lines = capsys.readouterr().err.splitlines()
    assert lines == ["[0/2] reading", "[1/2] fitting", "[2/2] computed", "drawing the report"]
