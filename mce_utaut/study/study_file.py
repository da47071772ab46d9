"""``study.yaml`` -> ``StudyConfig`` (docs/study-file.md), every problem at once with line and column."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from mce_utaut.errors import Problem, StudyError
from mce_utaut.study.checked_yaml import load_yaml, position, read_checked
from mce_utaut.study.config import StudyConfig
from mce_utaut.study.sentences import languages

Say = Callable[..., Problem]


def parse_study(content: bytes | str, name: str = "study.yaml") -> StudyConfig:
    """The study that the YAML text ``content`` describes. Raises ``StudyError`` with every problem."""
    config = read_checked(content, name, StudyConfig)
    tree = load_yaml(content, name)

    def say(path: tuple[str | int, ...], what: str, remedy: str) -> Problem:
        place = position(tree, path)
        return Problem(what, remedy, file=name, line=place.line, column=place.column, where=str(path[0]))

    checks = (_language, _naming, _roles, _estimation, _moderators, _themes)
    problems = [problem for check in checks for problem in check(config, say)]
    if problems:
        raise StudyError(problems)
    return replace(config, title=config.title or config.id)


def study_schema() -> dict[str, Any]:
    """The JSON Schema of a study file, for editors."""
    from pydantic import TypeAdapter

    schema = TypeAdapter(StudyConfig).json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "Study file"}


def _language(config: StudyConfig, say: Say) -> Iterator[Problem]:
    if config.language not in languages():
        yield say(("language",), f"there are no reports in {config.language!r}.", f"Write {' or '.join(languages())}.")


def _naming(config: StudyConfig, say: Say) -> Iterator[Problem]:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", config.id):
        yield say(
            ("id",),
            f"{config.id!r} cannot name the output folder.",
            "Use letters, digits, _ and -, starting with a letter or digit.",
        )
    if len(set(config.small_sample_predictors)) != 2:
        yield say(
            ("small_sample_predictors",),
            "must name two different constructs.",
            "A role too small for a model gets a regression with two predictors; the default is [PE, SI].",
        )
    lacking = [name for name in config.small_sample_predictors if name not in config.priors]
    if config.priors and (lacking or len(config.priors) != len(config.small_sample_predictors)):
        named = ", ".join(config.small_sample_predictors)
        yield say(("priors",), "must name the predictors of small_sample_predictors.", f"Give priors of {named}.")


def _roles(config: StudyConfig, say: Say) -> Iterator[Problem]:
    asked = set(config.instruments)
    for index, response in enumerate(config.responses):
        if response.role not in asked:
            yield say(
                ("responses", index, "role"),
                f"role {response.role!r} has no instrument.",
                f"Either add it under instruments, or write one of {', '.join(config.instruments)}.",
            )
    answered = {response.role for response in config.responses}
    for role in config.instruments:
        if role not in answered:
            yield say(
                ("instruments", role),
                f"role {role!r} has no responses.",
                "Either list its file under responses, or delete the role.",
            )
    for key, role in [("planned_n", role) for role in config.planned_n] + [("invited", r) for r in config.invited]:
        if role not in asked:
            yield say(
                (key, role),
                f"role {role!r} has no instrument.",
                f"Write one of {', '.join(config.instruments)}.",
            )
    files: dict[str, int] = {}
    for index, response in enumerate(config.responses):
        if response.file in files:
            yield say(
                ("responses", index, "file"),
                f"{response.file!r} is listed twice (also as number {files[response.file] + 1}).",
                "List every file once.",
            )
        files.setdefault(response.file, index)


def _themes(config: StudyConfig, say: Say) -> Iterator[Problem]:
    if config.inferences and not config.codes:
        yield say(
            ("inferences",),
            "there are no codes to draw inferences from.",
            "Either name the coded answers under codes, or delete this key.",
        )


def _estimation(config: StudyConfig, say: Say) -> Iterator[Problem]:
    if config.engine == "semopy" and (config.estimator != "ML" or config.missing != "listwise"):
        key = "estimator" if config.estimator != "ML" else "missing"
        yield say(
            (key,),
            "the semopy engine fits complete data by ML only.",
            "Either write engine: native, or estimator: ML with missing: listwise.",
        )
    if 0 < config.dynamic_cutoffs < 50:
        yield say(
            ("dynamic_cutoffs",),
            f"{config.dynamic_cutoffs} replicates are too few for a cut-off.",
            "Write 0 (none), or 50 or more; 500 is usual.",
        )
    if config.estimator == "WLSMV" and config.missing == "fiml":
        yield say(
            ("missing",),
            "WLSMV cannot use FIML.",
            "Write missing: listwise, or an estimator of continuous data (ML, MLR).",
        )


def _moderators(config: StudyConfig, say: Say) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, each in enumerate(config.moderators):
        at = ("moderators", index)
        if each.name in seen:
            yield say((*at, "name"), f"the moderator {each.name!r} stands here a second time.", "Name it once.")
        seen.add(each.name)
        if each.groups and (each.values or each.at):
            remedy = "Either compare groups, or give values (and at) for a slope along the moderator."
            yield say((*at, "groups"), f"{each.name!r} has groups and values.", remedy)
        if len(each.groups) == 1:
            yield say((*at, "groups"), f"{each.name!r} has one group only.", "Write two groups or more.")
        options = [option for own in each.groups.values() for option in own]
        if len(set(options)) < len(options):
            yield say((*at, "groups"), f"an option of {each.name!r} is in two groups.", "Put each in one group.")
        for role in each.roles:
            if role not in config.instruments:
                known = ", ".join(config.instruments)
                yield say((*at, "roles"), f"role {role!r} has no instrument.", f"Write one of {known}.")
