"""A study file: what it may say, and what it says when it is wrong."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path

import pytest

from mce_utaut.cli.app import run_app
from mce_utaut.errors import StudyError
from mce_utaut.study.config import ResponseFile, StudyConfig
from mce_utaut.study.study_file import parse_study, study_schema

SMALL = """
id: demo
instruments: {student: s.yaml}
responses: [{file: s.csv, role: student}]
"""


def problems(text: str) -> dict[str, tuple[int | None, int | None, str]]:
    with pytest.raises(StudyError) as caught:
        parse_study(text, "study.yaml")
    return {
        problem.where: (problem.line, problem.column, f"{problem.what} {problem.remedy}")
        for problem in caught.value.problems
    }


def test_a_short_file_gets_the_defaults() -> None:
    config = parse_study(SMALL)
    assert config.title == "demo"
    assert config.model == "mce_intention"
    assert config.models == ("mce_intention", "mce_seed", "utaut2003", "utaut_ext")
    assert (config.disclosure_limit, config.cannot_judge_limit, config.confidence) == (5, 0.20, 0.95)
    assert config.exclude.failed_attention and config.exclude.not_submitted


def test_a_study_may_have_titles_in_other_languages() -> None:
    config = parse_study(SMALL + "title: Acceptance\ntitles: {it: Accettazione}\n")
    assert config.shown_title == "Acceptance"
    assert replace(config, language="it").shown_title == "Accettazione"


def test_every_key_is_read() -> None:
    config = parse_study(
        SMALL.replace(
            "responses: [{file: s.csv, role: student}]",
            """
title: "Una prova"
language: it
responses:
  - {file: a.csv, role: student, tool: limesurvey, hei: ktu, wave: pre, column_map: a.json, language: it,
     rename: {"Code of PE1": PE1}}
model: my.lav
compare: [mce_intention]
engine: native
estimator: MLR
missing: fiml
wave: pre
exclude: {failed_attention: false}
sensitivity: false
cannot_judge_limit: 0.5
disclosure_limit: 10
confidence: 0.9
sesoi: 0.2
small_sample_predictors: [PE, EE]
seed: 7
codes: codes.csv
inferences: inferences.yaml
""",
        )
    )
    response = config.responses[0]
    assert (response.tool, response.hei, response.wave, response.column_map) == (
        "limesurvey",
        "ktu",
        "pre",
        "a.json",
    )
    assert response.rename == {"Code of PE1": "PE1"}
    assert (config.language, config.engine, config.estimator, config.missing) == (
        "it",
        "native",
        "MLR",
        "fiml",
    )
    assert (config.exclude.failed_attention, config.exclude.not_submitted) == (False, True)
    assert (config.seed, config.sesoi, config.disclosure_limit) == (7, 0.2, 10)
    assert (config.codes, config.inferences) == ("codes.csv", "inferences.yaml")


def test_inferences_need_codes() -> None:
    line, _, text = problems(SMALL + "inferences: i.yaml\n")["inferences"]
    assert line == 5 and "no codes" in text


def test_every_problem_is_named_at_once_with_its_place() -> None:
    found = problems(
        """id: demo
instruments: {student: s.yaml}
responses:
  - {fil: s.csv, role: student, wave: before}
seed: -1
cannot_judge_limit: many
langage: en
exclude: {failed_atention: yes}
"""
    )
    assert found["responses[1].fil"][:2] == (4, 6) and "'file'" in found["responses[1].fil"][2]
    assert found["responses[1].file"][0] == 4
    assert found["responses[1].wave"][0] == 4 and "'pre', 'post' or 'single'" in found["responses[1].wave"][2]
    assert found["seed"][:2] == (5, 7)
    assert found["cannot_judge_limit"][:2] == (6, 21)
    assert "'language'" in found["langage"][2]
    assert "'failed_attention'" in found["exclude.failed_atention"][2]
    assert "responses" not in found  # a list with wrong entries is not "empty"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("- a\n- b\n", "key: value"),
        ("id: a\nid: b\n", "second time"),
        ("id: [", "YAML"),
        (b"\xff\xfei\x00d\x00", "UTF-16"),
        (b"id: caf\xe9", "not UTF-8"),
    ],
)
def test_a_file_that_is_no_yaml_gets_a_sentence(text: str | bytes, said: str) -> None:
    with pytest.raises(StudyError, match=said):
        parse_study(text, "study.yaml")


@pytest.mark.parametrize(
    ("line", "where", "said"),
    [
        ("instruments: {student: s.yaml, manager: m.yaml}", "instruments", "has no responses"),
        ("responses: [{file: s.csv, role: manager}]", "responses", "has no instrument"),
        ("responses: [{file: s.csv, role: student}, {file: s.csv, role: student}]", "responses", "twice"),
        ("id: a/b", "id", "output folder"),
        ("engine: semopy", "estimator", "engine: native"),
        ("small_sample_predictors: [PE]", "small_sample_predictors", "two different"),
    ],
)
def test_what_does_not_fit_together_is_said(line: str, where: str, said: str) -> None:
    key = line.split(":")[0]
    kept = [each for each in SMALL.strip().splitlines() if not each.startswith(f"{key}:")]
    found = problems("\n".join([*kept, line]))
    assert said in found[where][2]
    assert found[where][0] is not None


def test_one_file_of_data_makes_a_study() -> None:
    config = StudyConfig("wiki", instruments={"teacher": "wiki.yaml"}, responses=(ResponseFile("wiki.csv", "teacher"),))
    assert config.models[0] == "mce_intention"


def test_the_schema_names_every_key() -> None:
    schema = study_schema()
    assert set(schema["properties"]) == {field.name for field in fields(StudyConfig)}
    assert schema["additionalProperties"] is False


def test_a_count_or_a_map_of_counts_is_told_once_and_without_the_parser_s_words() -> None:
    found = problems(SMALL + "invited: {student: 0, professor: {ktu: -1}}\n")
    assert set(found) == {"invited.student", "invited.professor.ktu"}
    assert all(text.endswith("Write a number of at least 1.") for *_, text in found.values())


@pytest.mark.parametrize("number", ["nan", "inf", "1e400"])
def test_a_moderator_s_values_are_finite(number: str) -> None:
    found = problems(SMALL + f"moderators: [{{name: age, values: {{young: {number}}}, at: [{number}]}}]\n")
    assert set(found) == {"moderators[1].values.young", "moderators[1].at[1]"}


def test_a_long_value_is_not_repeated_whole() -> None:
    ((*_, text),) = problems(SMALL + f"seed: {'9' * 5000}x\n").values()
    assert len(text) < 200 and text.endswith("is not a whole number. Write a whole number.")


def test_the_command_writes_the_schemas_of_questionnaires_and_study_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_app(["schema", "--out", str(tmp_path / "schema")]) == 0
    written = json.loads((tmp_path / "schema" / "study.schema.json").read_text("utf-8"))
    assert written == study_schema()
    assert "structure.schema.json" in capsys.readouterr().out
