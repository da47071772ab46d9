"""``init`` and ``preregister`` from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from mce_utaut.cli import main
from mce_utaut.shipped import shipped
from mce_utaut.study.study_file import parse_study
from mce_utaut.study.template import study_template


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> object:
    monkeypatch.setattr("sys.argv", ["mce_utaut", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code or 0


def test_a_study_begins_with_a_folder_and_a_plan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, plan = tmp_path / "mine", tmp_path / "plan"
    assert run(monkeypatch, "init", folder, "--role", "student") == 0
    assert (folder / "responses" / "README.md").exists() and (folder / "instruments" / "mce_student.yaml").exists()
    assert run(monkeypatch, "preregister", folder, "--out", plan) == 0
    assert sorted(each.name for each in plan.glob("[!.]*")) == ["plan.docx", "plan.html", "study.yaml"]
    assert run(monkeypatch, "preregister", folder, "--out", plan) == 1
    assert run(monkeypatch, "init", folder) == 1
    assert run(monkeypatch, "init", tmp_path / "not good") == 2
    assert "exists" in capsys.readouterr().err


def test_the_copy_of_the_questionnaire_that_counts_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(monkeypatch, "init", "mine", "--role", "professor") == 0
    own = str(Path("mine/instruments/mce_professor.yaml"))
    assert f": {own}." in capsys.readouterr().out
    assert run(monkeypatch, "export", own, "surveyjs", "--language", "it") == 0
    assert "shipped copy" not in capsys.readouterr().out
    assert run(monkeypatch, "export", "mce_professor", "surveyjs", "--language", "it", "--overwrite") == 0
    assert "shipped copy" in capsys.readouterr().out


def test_wording_that_was_approved_after_it_went_out_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    run(monkeypatch, "init", "mine", "--role", "professor")
    own, answers = "mine/instruments/mce_professor.yaml", Path("mine/responses/professors.csv")
    answers.write_bytes((shipped("simulated") / "mce_study" / "professors.csv").read_bytes())
    run(monkeypatch, "export", own, "limesurvey", "--language", "it")
    columns = next(Path("outputs/export").rglob("*.columns.json"))
    read = ("import", own, answers, "--wave", "single", "--columns", columns)
    assert run(monkeypatch, *read) == 0
    assert "approved after" not in "".join(capsys.readouterr())
    wording = Path("mine/instruments/mce_professor.it.yaml")
    wording.write_text(wording.read_text("utf-8").replace("status: draft", "status: approved"), "utf-8")
    assert run(monkeypatch, *read, "--overwrite") == 0
    assert "was approved after that export" in "".join(capsys.readouterr())


def test_a_study_in_another_language_has_its_title_in_it() -> None:
    written = study_template("a", {"professor": "p.yaml"}, {"professor": "a.csv"})
    config = parse_study(written.encode("utf-8"), "study.yaml")
    assert config.titles == {"it": "Accettazione delle microcredenziali"}
    own = study_template("a", {"x": "p.yaml"}, {"x": "a.csv"}, "mine.lav")
    assert "\n# titles: {it: " in own and not parse_study(own.encode("utf-8"), "study.yaml").titles


@pytest.mark.parametrize(
    ("option", "value"), [("--missing", "nan"), ("--icc", "nan"), ("--predictors", "PE,ZZ"), ("--n", "0")]
)
def test_a_plan_of_nothing_is_refused(option: str, value: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_app_code("plan", "--samples", "2", "--role", "manager", option, value) == 2
    assert option in capsys.readouterr().err


@pytest.mark.parametrize("day", ["2026-13-01", "2026-02-30", "today", "20261123"])
def test_a_run_date_is_a_day(day: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_app_code("fit", "--run-date", day) == 2
    assert day in capsys.readouterr().err


def run_app_code(*arguments: str) -> int:
    from mce_utaut.cli import _run

    return _run(list(arguments))
