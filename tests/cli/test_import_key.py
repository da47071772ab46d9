"""The study's key: made by the first import that meets link codes, used by all others, written into no output."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from mce_utaut.cli.app import run_app
from mce_utaut.errors import FileProblem, StudyError
from mce_utaut.shipped import shipped
from mce_utaut.study.inputs import secret_of
from mce_utaut.study.on_disk import FolderFiles

MANAGERS = shipped("simulated") / "mce_study" / "managers.csv"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def kept(out: str, *options: str) -> list[str]:
    assert run_app(["import", "mce_manager", str(MANAGERS), "--out", out, *options]) == 0
    lines = (Path(out) / "mce_manager.responses.csv").read_text("utf-8-sig").splitlines()
    at = lines[0].split(",").index("meta.link_code")
    return [line.split(",")[at] for line in lines[1:]]


def test_the_first_import_makes_a_key_and_the_next_use_it(here: Path) -> None:
    first = kept("one")
    key = here / "study.key"
    assert len(key.read_text().strip()) == 64
    if sys.platform != "win32":
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert kept("two") == first
    key.rename("elsewhere.key")
    assert kept("three", "--key", "elsewhere.key") == first
    assert kept("four") != first


def test_a_file_that_is_no_key_is_refused(here: Path) -> None:
    (here / "study.key").write_text("short\n")
    with pytest.raises(FileProblem, match="is no key"):
        kept("one")
    with pytest.raises(StudyError, match="is no key"):
        secret_of(FolderFiles(here, here))
    with pytest.raises(FileProblem, match="does not exist"):
        kept("one", "--key", "lost.key")
    assert not Path("one").exists()
