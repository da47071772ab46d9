"""The whole plan: selection, text, tables, and the command."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mce_utaut import cli
from mce_utaut.cli.questionnaire import load
from mce_utaut.errors import UsageError
from mce_utaut.pilots.frame import Ladder
from mce_utaut.pilots.results import PilotPlan, plan
from mce_utaut.pilots.tables import tables
from mce_utaut.pilots.text import plan_text, portfolio_text
from mce_utaut.responses.records import Record

Make = Callable[..., Record]
LADDER = Ladder(10, 60, 100, 200)


def main(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> int:
    """The exit code of the command line."""
    monkeypatch.setattr(sys, "argv", ["mce_utaut", *arguments])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    return int(stop.value.code or 0)


@pytest.fixture
def proposals(make: Make) -> list[Record]:
    return [
        make("uned-01"),
        make("uned-02", origin="modularised", learning_outcomes=None),
        make("ktu-01", hei="ktu", country="LT", origin="from_scratch", eqf_level="unspecified"),
        make("ktu-02", hei="ktu", country="LT", title="=2+2", flexibility=None),
    ]


def rows(found: PilotPlan, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(tables(found)[name].decode("utf-8-sig"))))


def test_without_a_selection_everything_is_of_all_proposals(proposals: list[Record]) -> None:
    found = plan(proposals, [], LADDER)
    assert found.selected == () and len(found.chosen) == 4
    assert "Nothing is selected" in plan_text(found)
    assert {row["selected"] for row in rows(found, "pilots.csv")} == {""}


def test_a_selection_narrows_coverage_and_frame(proposals: list[Record]) -> None:
    found = plan(proposals, ["UNED-01"], LADDER)
    assert found.selected == ("uned-01",) and found.coverage.pilots == ("uned-01",)
    assert found.frame.roles[0].reach.most == 60
    assert [step.pilot_id for step in found.suggestion.steps] == ["ktu-01", "uned-02"]
    text = plan_text(found)
    assert "Universities without a selected pilot: ktu." in text
    assert "1. ktu-01, the first of ktu: adds 1 option: origin: from_scratch" in text
    assert [row["selected"] for row in rows(found, "pilots.csv")] == ["1", "0", "0", "0"]


def test_unknown_selections_are_refused_all_at_once(proposals: list[Record]) -> None:
    with pytest.raises(UsageError) as caught:
        plan(proposals, ["x", "uned-01", "y"], LADDER)
    assert [problem.what.split("'")[1] for problem in caught.value.problems] == ["x", "y"]


def test_tables_keep_not_reported_apart(proposals: list[Record]) -> None:
    found = plan(proposals, [], LADDER)
    pilots = rows(found, "pilots.csv")
    assert [row["d5_flex"] for row in pilots] == ["2", "2", "2", ""]
    assert pilots[3]["title"] == "'=2+2"
    pace = next(row for row in rows(found, "coverage.csv") if (row["facet"], row["option"]) == ("flexibility", "pace"))
    assert [pace[name] for name in ("pilots", "uned-01", "ktu-01", "ktu-02")] == ["3", "1", "1", ""]
    complete = {row["pilot_id"]: row for row in rows(found, "completeness.csv")}
    assert (complete["uned-01"]["mandatory_given"], complete["uned-02"]["T1M06"]) == ("9", "not_reported")
    assert complete["ktu-01"]["T1M08"] == "no"
    totals = {row["role"]: row for row in rows(found, "sampling_frame.csv") if row["hei"] == "total"}
    assert (totals["student"]["reachable_most"], totals["student"]["expected"]) == ("240", "72")
    assert (totals["professor"]["reachable_least"], totals["professor"]["reachable_most"]) == ("12", "24")


def test_the_portfolio_has_a_sheet_a_university(proposals: list[Record]) -> None:
    text = portfolio_text(plan(proposals, ["ktu-01"], LADDER))
    assert text.index("ktu\n===") < text.index("uned\n====")
    assert "ktu-01  Data ethics  (selected)" in text
    assert "8 of 9; lacking: learning outcomes (not reported)" in text


def test_no_proposals_make_an_empty_plan() -> None:
    found = plan([], [], LADDER)
    assert "0 proposals" in plan_text(found) and found.suggestion.steps == ()


CSV = """pilot_id,hei,country,title,eqf_level,ects,duration_weeks,start_date,end_date,free_for_students,fee_eur,\
engagement_mode,origin,stackability,expected_students,n_professors_reachable,n_managers_reachable
uned-01,uned,ES,A,7,6,10,2024-02-05,2024-04-14,yes,,direct_codesign,from_scratch,independent,200,8,3
uned-02,UNED,ES,B,6,3,5,,,no,90,indirect_reports|indirect_statistics,hybrid,cpd_register,300,5,3
"""


def test_the_command_prints_and_writes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("p.csv").write_text(CSV, encoding="utf-8")
    items = [item.code for _, item in load("mce_student").items()]
    rows = [["respondent", "CONSENT", "pilot_id", *items]]
    rows += [[key, "Y", pilot, *["5"] * len(items)] for key, pilot in zip("abc", ("uned-01", "none", "uned-07"))]
    Path("s.csv").write_text("\n".join(map(",".join, rows)), encoding="utf-8")
    arguments = [
        "pilots",
        "p.csv",
        "--selected",
        "uned-02",
        "--responses",
        "mce_student=s.csv",
        "--rate",
        "student=0.5",
    ]
    assert main([*arguments, "--out", "o"], monkeypatch) == 0
    printed = capsys.readouterr().out
    assert "50%           150 answers: structural equation model, with caution" in printed
    assert "3 respondents, 1 with a pilot, 1 without one" in printed and "fewer than 5 wrote (1)" in printed
    assert {path.name for path in Path("o").glob("[!.]*")} == {
        "pilots.txt", "portfolio.txt", "pilots.csv", "coverage.csv", "suggestion.csv", "sampling_frame.csv",
        "completeness.csv", "joined.mce_student.csv",
    }  # fmt: skip
    assert main([*arguments, "--out", "o"], monkeypatch) == 1
    assert main([*arguments, "--out", "o", "--overwrite"], monkeypatch) == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--selected", "no-1"], "no proposal has the id 'no-1'"),
        (["--rate", "student=3"], "'student=3' is no response rate"),
        (["--rate", "dean=0.5"], "Write a role (student, professor, manager)"),
        (["--format-cuts", "95,5"], "does not cut the formats"),
        (["--responses", "s.csv"], "has no ="),
    ],
)
def test_wrong_options_are_usage_errors(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    said: str,
) -> None:
    path = tmp_path / "p.csv"
    path.write_text(CSV, encoding="utf-8")
    assert main(["pilots", str(path), *arguments], monkeypatch) == 2
    assert said in capsys.readouterr().err


def test_contradictions_stop_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "p.csv"
    path.write_text(CSV.replace("2024-04-14", "2024-01-14").replace("no,90", "no,"), encoding="utf-8")
    assert main(["pilots", str(path)], monkeypatch) == 1
    said = capsys.readouterr().err
    assert "p.csv: row 2 (uned-01): ends on" in said and "p.csv: row 3 (uned-02): is not free" in said


def test_a_file_without_answers_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "s.csv"
    path.write_text("respondent,title\na,\nb,\n", encoding="utf-8")
    assert main(["cases", str(path)], monkeypatch) == 1
    assert "no row answers a question of mce_case" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["cases", "pilots"])
def test_answers_to_something_else_are_refused_in_one_sentence(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "students.csv"
    path.write_text("respondent,hei,country,A1,A2,A3,A4\na,UNED,ES,1,2,3,4\nb,UNED,ES,2,2,3,4\n", encoding="utf-8")
    assert main([command, str(path)], monkeypatch) == 1
    said = capsys.readouterr().err
    assert said.startswith("error: students.csv") and len(said.splitlines()) == 1
