"""Responses as plain CSV that reads back unchanged."""

from __future__ import annotations

import hashlib

import pandas as pd

from mce_utaut.instrument.model import CANNOT_JUDGE_CODE, Instrument
from mce_utaut.responses.model import META_COLUMNS, Responses
from mce_utaut.survey.contract import OTHER, OTHER_NAME
from mce_utaut.survey.delimited import write_rows
from mce_utaut.survey.fields import Field, fields
from mce_utaut.survey.plain import sidecar
from mce_utaut.survey.plain.columns import KEY, NO_ANSWER, NOT_SHOWN, answers, column_codes
from mce_utaut.survey.spelling import guard


def write(instrument: Instrument, responses: Responses, stem: str) -> dict[str, bytes]:
    """The files of ``responses``; see ``mce_utaut.survey.plain.write``."""
    by_name = {field.name: field for field in fields(instrument)}
    columns = {KEY: [guard(str(key)) for key in responses.data.index]}
    for name in META_COLUMNS:
        columns[f"meta.{name}"] = [_meta_text(value) for value in responses.meta[name]]
    columns[NO_ANSWER] = _listed(responses.missing, "no_answer")
    columns[NOT_SHOWN] = _listed(responses.missing, "not_shown")
    for name in responses.data.columns:
        columns[name] = _cells(responses, name, by_name.get(name))
    content = write_rows([list(columns), *zip(*columns.values())])
    beside = sidecar.write(responses, hashlib.sha256(content).hexdigest(), column_codes(instrument))
    return {f"{stem}.csv": content, f"{stem}.sidecar.json": beside}


def _meta_text(value: object) -> str:
    if value is None or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, float):
        return _number(value)
    return guard(str(value))


def _listed(missing: pd.DataFrame, kind: str) -> list[str]:
    """Per respondent the fields that are missing in this way, with blanks between."""
    names = missing.columns.to_numpy()
    return [" ".join(names[row]) for row in (missing == kind).to_numpy(dtype=bool)]


def _cells(responses: Responses, name: str, field: Field | None) -> list[str]:
    values = responses.data[name].to_numpy()
    kinds = responses.missing[name].to_numpy()
    if field is None or field.kind == "text":
        return ["" if value is None else guard(str(value)) for value in values]
    texts = _texts(field)
    found = []
    for value, kind in zip(values, kinds):
        if kind == "cannot_judge":
            found.append(CANNOT_JUDGE_CODE)
        elif kind or value is None:
            found.append("")
        elif field.kind == "ordinal":
            found.append(texts[value])
        elif field.kind in ("integer", "number"):
            found.append(_number(value))
        elif field.kind == "multi":
            found.append("|".join(texts[part] for part in value.split("|")))
        else:
            found.append(texts.get(value, value))
    return found


def _texts(field: Field) -> dict[object, str]:
    """How each answer of a scale is written: by name, or by code where the name is another's code; items
    by code."""
    if field.scale is None:
        return {}
    known = answers(field)
    if field.kind == "ordinal":
        return {option.value: option.code for option in field.scale.options}
    texts: dict[object, str] = {
        option.name: option.name if known.get(option.name) == option.code else option.code
        for option in field.scale.options
    }
    if field.question.other:
        texts.setdefault(OTHER_NAME, OTHER_NAME if known.get(OTHER_NAME) == OTHER else OTHER)
    return texts


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))
