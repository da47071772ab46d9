"""The answers that may go out with a study, so that others can re-estimate its models: model items and nothing else."""

from __future__ import annotations

import math
from collections.abc import Iterator

from mce_utaut.errors import Problem, StudyError
from mce_utaut.study.inputs import StudyInputs
from mce_utaut.study.method_choice import choose_method
from mce_utaut.study.model_data import ModelData, model_data
from mce_utaut.study.role import role_title
from mce_utaut.study.screening import apply_rules
from mce_utaut.study.sentences import Sentences
from mce_utaut.study.structure import role_model
from mce_utaut.study.tables import csv_bytes


def released_items(inputs: StudyInputs) -> bytes:
    """CSV of the answers that the structural model of each role was fitted to: ``role`` and one column per variable
    of the primary model, empty where not answered. No university, wave, time or key; the rows stand in the order of
    their values, so that their place tells nothing. Rows without any answer are left out, and roles without a
    structural model. Raises ``StudyError`` where a role has fewer respondents than the study's disclosure limit."""
    config, say = inputs.config, Sentences(inputs.config.language)
    problems, found = [], {}
    for role in config.instruments:
        instrument = inputs.instruments[role]
        included = apply_rules(inputs.responses[role], config.exclude, config.wave, say, instrument).included
        if included.n < config.disclosure_limit:
            what = f"has {included.n} respondents, fewer than the disclosure limit of {config.disclosure_limit}."
            remedy = "Either leave the role out of the study or run without --release-data."
            problems.append(Problem(what, remedy, where=f"role {role_title(role, say)}"))
            continue
        model = role_model(inputs.models[0], included, instrument, config.cannot_judge_limit)
        data = model_data(included, instrument, model.text.observed, model.name)
        if choose_method(data.count(config.missing), say, (), config.missing).kind == "sem":
            found[role] = data
    if problems:
        raise StudyError(problems)
    names = list(dict.fromkeys(name for data in found.values() for name in data.columns))
    return csv_bytes(("role", *names), _rows(found, names))


def _rows(found: dict[str, ModelData], names: list[str]) -> Iterator[tuple[object, ...]]:
    for role, data in found.items():
        missing = [math.nan] * data.n_before
        columns = [[float(each) for each in data.columns.get(name, missing)] for name in names]
        rows = [tuple(None if math.isnan(each) else each for each in row) for row in zip(*columns, strict=True)]
        answered = [row for row in rows if any(each is not None for each in row)]
        for row in sorted(answered, key=lambda row: [-math.inf if each is None else each for each in row]):
            yield (role, *(int(each) if each is not None and each.is_integer() else each for each in row))
