"""A run that is killed leaves the old folder or the new one, whole, whatever it was doing."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mce_utaut import files

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux exchanges two folders in one step")
# Writes a folder and kills itself before its n-th dealing with the file system (an audit event of Python).
WRITER = """
import os, signal, sys
from mce_utaut import files
folder, stop = sys.argv[1], int(sys.argv[2])
count = 0
def watch(event, arguments):
    global count
    if event == "open" or event.startswith(("os.", "shutil.", "tempfile.", "ctypes.")):
        count += 1
        if count == stop:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(watch)
files.write_folder(folder, {"report.html": b"new" * 5000, "tables/items.csv": b"new"}, overwrite=True)
"""
OLD = {"report.html": b"old", "study.json": b"old"}
NEW = {"report.html": b"new" * 5000, "tables/items.csv": b"new"}


def write_until(moment: int, folder: Path) -> bool:
    """Whether the writer was killed at ``moment`` (False: it had nothing more to do)."""
    command = [sys.executable, "-c", WRITER, str(folder), str(moment)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr.decode()
    return done.returncode != 0


def contents(folder: Path) -> dict[str, bytes]:
    written = (path for path in folder.rglob("*") if path.is_file() and path.name != files.MARKER)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in written}


@pytest.mark.parametrize("before", [OLD, None], ids=["over an old folder", "where there is none"])
def test_the_folder_is_the_old_one_or_the_new_one(tmp_path: Path, before: dict[str, bytes] | None) -> None:
    found, moment, killed = [], 0, True
    while killed:
        moment += 1
        home = tmp_path / str(moment)
        folder = home / "study"
        home.mkdir()
        if before is not None:
            files.write_folder(folder, before)
        killed = write_until(moment, folder)
        found.append(contents(folder) if folder.exists() else None)
        shutil.rmtree(home)
    assert all(each in (before, NEW) for each in found)
    assert found[0] == before and found[-1] == NEW
    assert moment > 8  # it was stopped before each file, the exchange and the cleaning
