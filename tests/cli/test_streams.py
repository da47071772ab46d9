"""What is printed where it cannot be printed: closed streams, a full disk, a pipe that is closed, a plain C locale."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="written for a POSIX shell")
COMMAND = f"'{sys.executable}' -m mce_utaut"


def shell(line: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    variables = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **environment}
    return subprocess.run(
        ["bash", "-c", line], cwd=folder, env=variables, capture_output=True, text=True, errors="replace", check=False
    )


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        (f"{COMMAND} init new --role student >&- 2>&-", 0, ""),
        (f"{COMMAND} init new --role student | true; exit ${{PIPESTATUS[0]}}", 0, ""),
        (f"{COMMAND} --help > /dev/full", 1, "error: What is printed cannot be written (No space left on device)."),
        (f"mkdir a; cd a; rmdir ../a; {COMMAND} init new --role student", 1, "error: "),
    ],
)
def test_the_code_tells_what_happened_and_nothing_complains(line: str, code: int, said: str, tmp_path: Path) -> None:
    done = shell(line, tmp_path)
    assert done.returncode == code
    assert done.stderr.startswith(said) and bool(done.stderr) == bool(said)
    assert "mistake in mce_utaut" not in done.stderr and "Exception ignored" not in done.stderr


def test_letters_that_the_locale_does_not_have_become_marks(tmp_path: Path) -> None:
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
    done = shell(f"{COMMAND} fit nö.yaml", tmp_path, **plain)
    assert done.returncode == 1
    assert done.stderr.startswith("error: n??.yaml: does not exist.")


def test_stopped_before_the_command_line_stands(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stopped() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("mce_utaut.cli.main", stopped)
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("mce_utaut", run_name="__main__")
    assert ended.value.code == 130
    assert capsys.readouterr().err == "error: Stopped. Nothing was half-written.\n"
