"""The answers as numbers and text, one column a variable."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import numpy as np

from mce_utaut.archive.variables import LEAST, MISSING, Variable, numbers
from mce_utaut.errors import Problem, UserMistake
from mce_utaut.instrument.model import Instrument
from mce_utaut.responses.model import Responses
from mce_utaut.survey.contract import OTHER_NAME
from mce_utaut.survey.fields import Field, fields

_TYPED = {"hei": "hei", "pilot_id": "pilot"}  # what is known of a respondent -> purpose of the question behind it


def columns(instrument: Instrument, responses: Responses, chosen: tuple[Variable, ...]) -> dict[str, np.ndarray]:
    """The answers of each variable by its name: float (n,), NaN where missing without a known kind, or an object
    array (n,) of text, "" where missing. Kinds of missing are the codes of ``variables.MISSING``.

    Raises ``UserMistake`` where an answer given as a number is itself one of these codes.
    """
    by_name = {field.name: field for field in fields(instrument)}
    problems: list[Problem] = []
    found = {}
    for variable in chosen:
        where, name = variable.source
        if where == "meta":
            values = responses.meta[name].to_numpy()
            if name in _TYPED:
                values = _shared(values, _options(instrument, _TYPED[name]))
            found[variable.name] = _meta(values, variable)
        elif name in responses.data.columns:
            values = responses.data[name].to_numpy()
            kinds = responses.missing[name].to_numpy()
            found[variable.name] = _data(values, kinds, variable, by_name[name], problems)
        else:
            found[variable.name] = _blank(len(responses.data), variable)
    if problems:
        raise UserMistake(problems)
    return found


def _options(instrument: Instrument, purpose: str) -> set[str]:
    """The names of the options of the questions with this purpose."""
    scales = {question.scale for question in instrument.questions() if question.purpose == purpose}
    return {option.name for scale in scales if scale for option in instrument.scales[scale].options}


def _shared(values: np.ndarray, known: set[str]) -> np.ndarray:
    """``values`` where those that the questionnaire does not list, and few respondents share, are "other": a respondent
    may have typed them."""
    counts = Counter(str(value) for value in values if not _is_missing(value))
    rare = {value for value, n in counts.items() if value not in known and n < LEAST}
    return np.array([OTHER_NAME if str(value) in rare else value for value in values], dtype=object)


def _blank(n: int, variable: Variable) -> np.ndarray:
    return np.full(n, "", dtype=object) if variable.kind == "text" else np.full(n, np.nan)


def _is_missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _meta(values: np.ndarray, variable: Variable) -> np.ndarray:
    if variable.kind == "text":
        return np.array(["" if _is_missing(value) else str(value) for value in values], dtype=object)
    return np.array([np.nan if _is_missing(value) else float(value) for value in values], dtype=float)


def _data(
    values: np.ndarray, kinds: np.ndarray, variable: Variable, field: Field, problems: list[Problem]
) -> np.ndarray:
    if variable.kind == "text":
        return np.array(["" if _is_missing(value) else str(value) for value in values], dtype=object)
    coded = _blank(len(values), variable)
    known = {}
    if field.kind == "option" and field.scale is not None:
        known = numbers(field.scale, False, field.question.other)
    for row, (value, kind) in enumerate(zip(values, kinds)):
        if kind:
            code = MISSING.get(kind, np.nan)
            coded[row] = code if code in variable.missing else np.nan
        elif _is_missing(value):
            continue
        elif field.kind == "multi":
            coded[row] = float(variable.option in value.split("|"))
        elif field.kind == "option":
            coded[row] = known[value]
        else:
            coded[row] = float(value)
            if coded[row] in variable.missing:
                what = f"the answer {value:g} is the code of a missing answer in archive files."
                problems.append(Problem(what, "Archive this question apart.", where=variable.name))
    return coded
