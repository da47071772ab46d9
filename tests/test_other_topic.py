"""A questionnaire of another topic, with constructs, a scale, a role and a language of its own, goes the whole way, and
no sentence speaks of micro-credentials or of a theory that it does not ask about."""

from __future__ import annotations

import html
import io
import re
import shutil
import zipfile
from pathlib import Path

import pytest

from mce_utaut.cli import _run
from mce_utaut.study.config import SHIPPED_VERSIONS, StudyConfig
from mce_utaut.study.method_choice import choose_method, small_predictors
from mce_utaut.study.model_text import read_model
from mce_utaut.study.sentences import Sentences
from mce_utaut.survey.registry import TOOLS

DATA = Path(__file__).parent / "data" / "other_topic"
FOREIGN = re.compile(r"micro-?cr|UTAUT|Rogers|Venkatesh|facilitating|intention of|their intention", re.IGNORECASE)
STUDY = """
id: ia
title: Acceptance of AI tutors
instruments: {estudiante: ia_estudiante.yaml}
responses: [{file: answers/estudiantes.csv, role: estudiante}]
model: ia.lav
replicates: 100
sensitivity: false
"""
CHAIN = "UTI =~ u1 + u2\nINT =~ i1 + i2\nUTI ~ FAC\nINT ~ UTI + FAC\nFREC ~ INT\nFAC =~ f1 + f2"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The questionnaire with its model, to stand in."""
    shutil.copytree(DATA, tmp_path / "ia")
    (tmp_path / "ia" / "study.yaml").write_text(STUDY, "utf-8")
    monkeypatch.chdir(tmp_path / "ia")
    return tmp_path / "ia"


def said(page: bytes) -> str:
    text = re.sub(r"(?s)<(script|style).*?</\1>", " ", page.decode("utf-8"))
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)).replace("mce_utaut", ""))


def answers(n: int) -> None:
    text = Path("population.yaml").read_text("utf-8").replace("n: 75", f"n: {n}")
    Path("drawn.yaml").write_text(text, "utf-8")
    assert _run(["simulate", "drawn.yaml", "--out", "answers"]) == 0


@pytest.mark.parametrize("tool", list(TOOLS))
def test_every_tool_takes_it_out(folder: Path, tool: str) -> None:
    assert _run(["check", "ia_estudiante.yaml"]) == 0
    assert _run(["export", "ia_estudiante.yaml", tool, "--out", "out"]) == 0
    for path in (folder / "out").iterdir():
        assert not re.search(rb"micro-?cred", path.read_bytes(), re.IGNORECASE), path.name


@pytest.mark.parametrize("n", [75, pytest.param(150, marks=pytest.mark.slow)])
def test_the_report_speaks_of_nothing_else(folder: Path, n: int) -> None:
    answers(n)
    assert _run(["preregister", "study.yaml", "--out", "plan"]) == 0
    assert _run(["fit", "study.yaml", "--out", "report", "--quiet"]) == 0
    assert _run(["archive", "ia_estudiante.yaml", "answers/estudiantes.csv", "--out", "archive", "--hide-rare"]) == 0
    with zipfile.ZipFile(io.BytesIO((folder / "report" / "report.docx").read_bytes())) as parts:
        document = parts.read("word/document.xml")
    pages = [folder / "plan" / "plan.html", folder / "report" / "report.html", folder / "archive" / "codebook.html"]
    for content in (document, *(page.read_bytes() for page in pages)):
        found = FOREIGN.search(said(content))
        assert found is None, said(content)[found.start() - 80 : found.end() + 80]
    assert "Intención de uso" in said((folder / "report" / "report.html").read_bytes())


def test_a_role_too_small_for_a_model_says_what_to_name(folder: Path) -> None:
    answers(75)
    assert _run(["fit", "study.yaml", "--out", "one", "--quiet"]) == 0
    assert "two predictors named beforehand" in said((folder / "one" / "report.html").read_bytes())
    (folder / "study.yaml").write_text(STUDY + "small_sample_predictors: [UTI, CNF]\n", "utf-8")
    assert _run(["fit", "study.yaml", "--out", "two", "--quiet"]) == 0
    assert "regressed on two predictors (UTI and CNF)" in said((folder / "two" / "report.html").read_bytes())


def test_a_model_of_ones_own_is_compared_with_what_is_named_only() -> None:
    study = StudyConfig(id="a", instruments={"r": "q.yaml"}, responses=(), model="own.lav")
    assert study.models == ("own.lav",)
    shipped = StudyConfig(id="a", instruments={"r": "q.yaml"}, responses=())
    assert shipped.models == ("mce_intention", *SHIPPED_VERSIONS)


def test_the_outcome_is_the_end_of_the_chain_of_constructs() -> None:
    model = read_model(CHAIN)
    assert model.intention == "INT"
    assert small_predictors(("PE", "UTI", "FREC"), model) == ("UTI",)
    assert choose_method(75, Sentences("en"), ()).kind == "correlation"


def test_another_questionnaire_than_the_model_is_one_problem(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answers(20)
    assert _run(["fit", "answers/estudiantes.csv", "--questionnaire", "ia_estudiante.yaml", "--quiet"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "names 19 variables that the questionnaire ia_estudiante does not ask (PE1, PE2" in line


def test_a_plan_of_it_needs_no_predictors_of_another_model(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = ["plan", "population.yaml", "--model", "ia.lav", "--samples", "3", "--n", "80"]
    assert _run(plan) == 0
    assert "n = 80: rank correlations" in capsys.readouterr().out
    assert _run([*plan, "--predictors", "UTI,CNF"]) == 0
    assert "n = 80: regression of scale scores" in capsys.readouterr().out
    assert _run(["plan", "population.yaml", "--n", "80"]) == 2
    assert "--model my_model.lav" in capsys.readouterr().err


def test_brackets_in_a_name_hide_no_file_beside_it(folder: Path) -> None:
    for path in [*folder.glob("ia_estudiante*.yaml"), *folder.glob("ia.*")]:
        path.rename(path.with_name(re.sub(r"^(ia\w*)", r"\1[1]", path.name)))
    assert _run(["init", "topic", "--questionnaire", "ia_estudiante[1].yaml", "--model", "ia[1].lav"]) == 0
    assert (folder / "topic" / "ia[1].hypotheses.yaml").is_file()
    assert (folder / "topic" / "instruments" / "ia_estudiante[1].es.yaml").is_file()
    assert _run(["preregister", "topic/study.yaml", "--out", "plan"]) == 0


def test_a_study_of_ones_own_begins_with_init(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = ["--questionnaire", "ia_estudiante.yaml", "--model", "ia.lav"]
    assert _run(["init", "topic", *own]) == 0
    names = {path.relative_to("topic").as_posix() for path in Path("topic").rglob("*.*") if path.is_file()}
    wanted = {"study.yaml", "ia.lav", "ia.hypotheses.yaml", "instruments/ia_estudiante.es.yaml", "responses/README.md"}
    assert wanted <= names and not any("mce_" in name for name in names - {".mce_utaut"})
    assert _run(["preregister", "topic/study.yaml", "--out", "plan"]) == 0
    assert "mce_" not in Path("topic/study.yaml").read_text("utf-8").replace("mce_utaut", "")
    assert _run(["init", "both", *own, "--role", "student"]) == 2
    assert _run(["init", "twice", *own[:2], *own]) == 2
    assert "a study has one for each" in capsys.readouterr().err
