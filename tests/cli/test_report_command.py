"""``report`` draws again without computing, and asks for a study file where numbers must be computed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from docx import Document

from mce_utaut import files
from mce_utaut.cli.app import run_app
from mce_utaut.errors import FileProblem, StudyError, UsageError
from mce_utaut.study.json_form import to_json


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, study_json: bytes) -> Path:
    monkeypatch.chdir(tmp_path)
    files.write_folder("outputs/demo", {"study.json": study_json, "report.html": b"old"})
    return Path("outputs/demo")


@pytest.fixture(scope="module")
def study_json() -> bytes:
    from mce_utaut.study.result import Provenance, StudyResult

    nothing = Provenance({}, (), 1, None, {})
    return to_json(StudyResult(1, "demo", "A study", "en", "mce_intention", 5, (), {}, (), nothing))


def test_a_report_that_would_mix_languages_is_refused(folder: Path) -> None:
    with pytest.raises(UsageError, match="fit STUDY --language it"):
        run_app(["report", str(folder), "--language", "it", "--overwrite"])
    assert sorted(each.name for each in folder.glob("[!.]*")) == ["report.html", "study.json"]
    assert (folder / "report.html").read_bytes() == b"old"
    assert run_app(["report", str(folder), "--language", "en", "--overwrite"]) == 0
    files.write_folder(folder, {"study.json": b"{}"}, overwrite=True)  # it is still ours to replace


def test_the_report_is_replaced_only_when_told(folder: Path) -> None:
    with pytest.raises(FileProblem, match="--overwrite"):
        run_app(["report", str(folder / "study.json")])
    assert run_app(["report", str(folder / "study.json"), "--overwrite"]) == 0
    assert b'lang="en"' in (folder / "report.html").read_bytes()


def test_drawing_again_gives_the_same_bytes(folder: Path) -> None:
    for name in ("one.html", "two.html"):
        assert run_app(["report", str(folder), "--out", name]) == 0
    assert Path("one.html").read_bytes() == Path("two.html").read_bytes()


def test_a_name_that_ends_in_docx_gives_the_word_document(folder: Path) -> None:
    assert run_app(["report", str(folder), "--out", "report.docx"]) == 0
    assert Document("report.docx").core_properties.language == "en-GB"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["report"], "Name a study.json"),
        (["report", "study.yaml"], "run `fit`"),
        (["report", "outputs/demo/study.json", "--hei", "ktu"], "give the study file"),
        (["report", "--hei", "ktu", "--run-date", "soon"], "is not a date"),
    ],
)
def test_what_makes_no_sense_is_refused(folder: Path, arguments: list[str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        run_app(arguments)


def test_what_is_no_study_is_refused(folder: Path) -> None:
    Path("other.json").write_text("[]")
    with pytest.raises(StudyError, match=r"other\.json"):
        run_app(["report", "other.json"])


@pytest.mark.parametrize("key", ["roles", "sections", "title", "notes", "provenance"])
@pytest.mark.parametrize("value", [None, 5, [5]])
def test_a_study_that_was_altered_is_refused(folder: Path, key: str, value: object) -> None:
    tree = json.loads(Path("outputs/demo/study.json").read_text("utf-8"))
    Path("altered.json").write_text(json.dumps({**tree, key: value}))
    with pytest.raises(StudyError, match=r"altered\.json: is no complete study"):
        run_app(["report", "altered.json", "--out", "x.html"])
    assert not Path("x.html").exists()


def test_a_study_in_a_language_without_reports_is_refused(folder: Path) -> None:
    tree = json.loads(Path("outputs/demo/study.json").read_text("utf-8"))
    Path("altered.json").write_text(json.dumps({**tree, "language": "xx"}))
    with pytest.raises(UsageError, match="not in 'xx'"):
        run_app(["report", "altered.json", "--out", "x.html"])


def test_a_report_that_would_show_nothing_of_its_university_is_not_written() -> None:
    from mce_utaut.cli.report_command import _require_shown
    from mce_utaut.errors import NotEstimable

    hidden, shown = {"title": "Students", "refusal": "Too few."}, {"title": "Professors", "refusal": ""}
    _require_shown({"label": "Kaunas", "roles": {"student": hidden, "professor": shown}})
    with pytest.raises(NotEstimable, match=r"No report for Kaunas.* Students: Too few\."):
        _require_shown({"label": "Kaunas", "roles": {"student": hidden}})
