"""``init`` and ``preregister`` from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from mce_utaut.cli import main


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
