"""The way of the README through the real commands: export, import, score, fit, on the shipped study."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from mce_utaut.cli import _run
from mce_utaut.shipped import shipped

STUDENTS = str(shipped("simulated") / "mce_study" / "students.csv")
PROFESSORS = str(shipped("simulated") / "mce_study" / "professors.csv")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_export_lists_the_tools_and_writes_the_form_with_its_column_map(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(["export"]) == 0
    assert "limesurvey" in capsys.readouterr().out
    assert _run(["export", "mce_professor", "limesurvey", "--language", "it"]) == 0
    written = contents(here / "outputs" / "export" / "mce_professor.limesurvey")
    assert any(name.endswith(".lss") for name in written)
    columns = json.loads(next(content for name, content in written.items() if name.endswith(".columns.json")))
    assert columns["languages"] == ["it"]
    assert _run(["export", "mce_professor", "limesurvey"]) == 1
    assert "--overwrite" in capsys.readouterr().err


def test_import_says_what_was_left_out_and_its_file_can_be_scored(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(["import", "mce_professor", PROFESSORS, "--wave", "single"]) == 0
    said = capsys.readouterr().out
    heads, counts, *_ = said[said.index("file ") :].splitlines()
    assert heads.split("  ")[-1].strip() == "did not consent"
    assert counts.split()[1:4] == ["limesurvey", "137", "132"]
    coded = here / "outputs" / "import" / "mce_professor" / "mce_professor.responses.csv"
    assert len(list(csv.reader(coded.read_text(encoding="utf-8-sig").splitlines()))) == 133
    assert _run(["score", "mce_professor", str(coded), "--out", "scores"]) == 0
    said = capsys.readouterr().out
    assert "HTMT" in said and "omega" in said
    assert (here / "scores" / "scales.csv").is_file()


@pytest.mark.slow
def test_the_default_fit_writes_everything_twice_the_same(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(["fit", "--quiet"]) == 0
    study = here / "outputs" / "mce_study"
    first = contents(study)
    assert {"report.html", "report.docx", "study.json", "tables/items.csv", "tables/paths_student.tex"} <= set(first)
    assert _run(["fit", "--quiet"]) == 1
    assert "--overwrite" in capsys.readouterr().err
    assert contents(study) == first
    assert _run(["fit", "--quiet", "--overwrite"]) == 0
    assert contents(study) == first
    assert [path.name for path in study.parent.iterdir()] == ["mce_study"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["fit", STUDENTS], 2, "--questionnaire"),
        (["fit", "--hei", "UOC"], 2, "study file"),
        (["fit", "nothere.yaml"], 1, "does not exist"),
        (["fit", "--run-date", "yesterday"], 2, "not a date"),
        (["score", "mce_studnt", STUDENTS], 1, "mce_student"),
        (["import", "mce_student", STUDENTS, "--rename", "nonsense"], 2, "has no ="),
        (["export", "mce_student", "limesurvy"], 2, "limesurvey"),
        (["fitt"], 2, "Did you mean 'fit'"),
    ],
)
def test_a_mistake_gets_a_sentence(
    here: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, said: str
) -> None:
    assert _run(arguments) == code
    error = capsys.readouterr().err
    assert said in error and "Traceback" not in error
    assert not (here / "outputs").exists()
