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


def test_the_key_stands_beside_the_study_file(here: Path) -> None:
    answers = here / "mine" / "responses" / "managers.csv"
    answers.parent.mkdir(parents=True)
    answers.write_bytes(MANAGERS.read_bytes())
    assert run_app(["import", "mce_manager", str(answers), "--out", "one"]) == 0
    assert (answers.parent / "study.key").is_file() and not (here / "study.key").exists()
    (answers.parent / "study.key").unlink()
    (here / "mine" / "study.yaml").write_text("id: mine\n")
    assert run_app(["import", "mce_manager", str(answers), "--out", "two"]) == 0
    assert (here / "mine" / "study.key").is_file() and not (here / "study.key").exists()


def test_a_sheet_of_another_key_is_one_problem(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import openpyxl

    study = here / "mine"
    assert run_app(["init", str(study), "--role", "manager"]) == 0
    (study / "responses" / "managers.csv").write_bytes(MANAGERS.read_bytes())
    (study / "study.key").write_text("a" * 32)
    assert run_app(["codes", str(study), "--out", "sheet.xlsx"]) == 0
    assert "fingerprint" in capsys.readouterr().out
    book = openpyxl.load_workbook("sheet.xlsx")
    heads = {cell.value: cell.column for cell in book["codes"][1]}
    for row in range(2, 8):
        for name, value in (("construct", "PE"), ("theme", "useful"), ("sign", "+"), ("coder", "ada")):
            book["codes"].cell(row, heads[name], value)
    book.save("coded.xlsx")
    assert run_app(["codes", str(study), "coded.xlsx"]) == 0
    (study / "study.key").write_text("b" * 32)
    with pytest.raises(StudyError, match="written with another key") as told:
        run_app(["codes", str(study), "coded.xlsx"])
    assert len(told.value.problems) == 1
    book["codes"].delete_cols(heads["key"])
    book.save("coded.xlsx")
    with pytest.raises(StudyError, match="none of which is of this study") as told:
        run_app(["codes", str(study), "coded.xlsx"])
    assert len(told.value.problems) == 1


def test_the_sheet_leaves_out_whom_the_study_excludes(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    study = here / "mine"
    assert run_app(["init", str(study), "--role", "professor"]) == 0
    (study / "responses" / "professors.csv").write_bytes(MANAGERS.with_name("professors.csv").read_bytes())
    capsys.readouterr()
    counts = []
    for text in ("failed_attention: true", "failed_attention: false"):
        plan = (study / "study.yaml").read_text("utf-8")
        (study / "study.yaml").write_text(plan.replace("failed_attention: true", text), "utf-8")
        assert run_app(["codes", str(study), "--out", "sheet.xlsx", "--overwrite"]) == 0
        counts.append(int(capsys.readouterr().out.split()[0]))
    assert 0 < counts[0] < counts[1]
