"""``preview``, ``translations`` and ``archive`` from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from mce_utaut.cli.app import run_app
from mce_utaut.errors import FileProblem, UsageError
from mce_utaut.survey.delimited import write_rows

DATA = Path(__file__).resolve().parent.parent / "data" / "instruments"


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """A copy of the small questionnaire."""
    for path in DATA.glob("sample*.yaml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path / "sample.yaml"


def test_preview_writes_a_page_and_never_over_another(sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = sample.with_name("page.html")
    assert run_app(["preview", str(sample), "--language", "it", "--out", str(page)]) == 0
    assert capsys.readouterr().out.strip() == str(page) and "<html" in page.read_text(encoding="utf-8")
    with pytest.raises(FileProblem, match="exists already"):
        run_app(["preview", str(sample), "--out", str(page)])
    with pytest.raises(UsageError):
        run_app(["preview", str(sample), str(sample), "--out", str(page), "--overwrite"])


@pytest.mark.parametrize("form", ["xlsx", "po"])
def test_translations_go_out_and_come_back(sample: Path, form: str, capsys: pytest.CaptureFixture[str]) -> None:
    file = sample.with_name(f"t.{form}")
    options = ["--language", "it", "--format", form, "--out", str(file)]
    assert run_app(["translations", "export", str(sample), *options]) == 0
    before = sample.with_name("sample.it.yaml").read_bytes()
    assert run_app(["translations", "read", str(file), str(sample)]) == 0
    assert "changed: 0" in capsys.readouterr().out
    assert sample.with_name("sample.it.yaml").read_bytes() == before


def test_a_changed_translation_reaches_the_wording_file(sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = sample.with_name("t.po")
    run_app(["translations", "export", str(sample), "--language", "it", "--format", "po", "--out", str(file)])
    text = file.read_text(encoding="utf-8").replace("Questionario di prova", "Prova nuova")
    file.write_text(text, encoding="utf-8")
    with pytest.raises(FileProblem, match="exists already"):
        run_app(["translations", "read", str(file), str(sample)])
    assert run_app(["translations", "read", str(file), str(sample), "--dry-run"]) == 0
    assert "nothing was written" in capsys.readouterr().out
    assert run_app(["translations", "read", str(file), str(sample), "--overwrite"]) == 0
    assert "Prova nuova" in sample.with_name("sample.it.yaml").read_text(encoding="utf-8")
    assert run_app(["check", str(sample)]) == 0


def test_an_archive_of_imported_responses_and_of_none(sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    export = sample.with_name("export")
    assert run_app(["export", str(sample), "plain", "--out", str(export)]) == 0
    heading = next(export.glob("*.csv")).read_text(encoding="utf-8-sig").splitlines()[0].split(",")
    answers = [{"respondent": "a", "CONSENT": "Y", "consent": "Y"}.get(name, "") for name in heading]
    responses = sample.with_name("responses.csv")
    responses.write_bytes(write_rows([heading, answers]))
    folder = sample.with_name("archive")
    assert run_app(["archive", str(sample), str(responses), "--out", str(folder), "--least", "1"]) == 0
    assert {path.name for path in folder.glob("[!.]*")} == {"sample.sav", "sample.dta", "ddi.xml", "codebook.html"}
    assert run_app(["archive", str(sample), "--out", str(folder), "--overwrite"]) == 0
    assert {path.name for path in folder.glob("[!.]*")} == {"ddi.xml", "codebook.html"}
