"""The shipped study from its files to its result."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from mce_utaut import files
from mce_utaut.errors import StudyError, UsageError
from mce_utaut.shipped import shipped
from mce_utaut.study.config import ResponseFile, StudyConfig
from mce_utaut.study.json_form import from_json, to_json
from mce_utaut.study.on_disk import FolderFiles
from mce_utaut.study.result import StudyResult
from mce_utaut.study.run import run_study
from mce_utaut.study.study_file import parse_study

FOLDER = shipped("simulated") / "mce_study"
FILES = FolderFiles(FOLDER, shipped("models"))


@pytest.fixture(scope="module")
def config() -> StudyConfig:
    read = files.read(FOLDER / "study.yaml")
    return parse_study(read.content, read.name)


@pytest.fixture(scope="module")
def told() -> list[tuple[str, int, int]]:
    return []


@pytest.fixture(scope="module")
def study(config: StudyConfig, told: list[tuple[str, int, int]]) -> StudyResult:
    return run_study(
        config,
        FILES,
        versions={"mce_utaut": "test"},
        study_file=files.read(FOLDER / "study.yaml"),
        progress=lambda *step: told.append(step),
    )


def test_every_file_is_named_with_its_hash(study: StudyResult) -> None:
    purposes = {each.purpose for each in study.provenance.inputs}
    assert purposes >= {"study", "instrument", "wording", "model", "hypotheses", "responses"}
    assert all(len(each.sha256) == 64 and "/" not in each.name for each in study.provenance.inputs)


def test_the_three_roles_get_what_their_size_allows(study: StudyResult) -> None:
    assert [(role.role, role.method.kind) for role in study.roles] == [
        ("student", "sem"),
        ("professor", "sem"),
        ("manager", "correlation"),
    ]
    student = study.roles[0]
    assert student.flow[0].n == 435 and student.flow[-1].code == "failed_attention"
    assert student.n_universities == 10


def test_the_truth_lies_in_the_intervals(study: StudyResult) -> None:
    truth = json.loads(files.read(FOLDER / "truth.json").content)
    for role in study.roles[:2]:
        paths = truth["roles"][role.role]["paths"]
        for path in role.paths:
            if (path.analysis, path.model) == ("primary", "mce_intention"):
                planted = paths[path.outcome][path.predictor]
                # Seven categories attenuate a little: the planted value is of the latent responses.
                assert path.standardised.lower - 0.05 <= planted <= path.standardised.upper + 0.05


def test_use_in_one_wave_is_no_prediction(study: StudyResult) -> None:
    verdicts = {each.id: each.verdict for each in study.roles[0].hypotheses}
    assert verdicts["H1"] == "supported"
    assert verdicts["H6"] == verdicts["H5b"] == "not_testable"


def test_the_study_reads_back(study: StudyResult) -> None:
    assert from_json(to_json(study)) == study


def test_progress_names_files_and_models(study: StudyResult, told: list[tuple[str, int, int]]) -> None:
    names = [name for name, _, _ in told]
    assert "students.csv" in names and "mce_intention" in names
    assert told[-1][1] == told[-1][2]
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)


def test_every_missing_file_is_named_at_once(config: StudyConfig) -> None:
    wrong = replace(
        config,
        instruments={**config.instruments, "student": "no.yaml"},
        responses=(config.responses[0], replace(config.responses[1], file="none.csv"), config.responses[2]),
        model="mce_intent",
    )
    with pytest.raises(StudyError) as caught:
        run_study(wrong, FILES, versions={})
    said = str(caught.value)
    assert "no.yaml" in said and "none.csv" in said and "Did you mean mce_intention?" in said


def test_a_questionnaire_of_another_role_is_refused(config: StudyConfig) -> None:
    swapped = replace(config, instruments={**config.instruments, "student": config.instruments["manager"]})
    with pytest.raises(StudyError, match="questionnaire for the role 'manager', not 'student'"):
        run_study(swapped, FILES, versions={})


def test_a_language_without_sentences_is_refused(config: StudyConfig) -> None:
    with pytest.raises(UsageError, match="en, it"):
        run_study(replace(config, language="de"), FILES, versions={})


def test_one_file_without_a_study_file(config: StudyConfig) -> None:
    own = StudyConfig(
        id="managers",
        language="it",
        instruments={"manager": config.instruments["manager"]},
        responses=(ResponseFile("managers.csv", "manager"),),
        compare=(),
    )
    result = run_study(own, FILES, versions={})
    assert result.roles[0].title == "Dirigenti"
    assert [role.role for role in result.roles] == ["manager"]


def test_wording_files_are_those_of_the_structure_alone(tmp_path: Path) -> None:
    for name in ("a.yaml", "a.en.yaml", "a.it.yaml", "a.en.old.yaml", "ab.en.yaml"):
        (tmp_path / name).write_text("x")
    found = FolderFiles(tmp_path, tmp_path).wordings("a.yaml")
    assert [Path(each).name for each in found] == ["a.en.yaml", "a.it.yaml"]
