"""Drawn answers as ``Responses``, without the way through a file: for studies of many samples."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mce_utaut.instrument.model import CANNOT_JUDGE_CODE, Question, Scale
from mce_utaut.responses.model import META_COLUMNS, Exclusion, Responses, Source
from mce_utaut.simulate.draw import DrawnColumn, DrawnRole

TOOL = "simulated"


def as_responses(drawn: DrawnRole) -> Responses:
    """The answers of those who consent, as an import of the same people would give them; who refused or
    sent nothing is logged. Kinds of missing are the true ones, where a file often leaves them unknown; link
    codes are as drawn, where an import may hash them."""
    people = drawn.people
    kept = people.consent & (people.pages > 0)
    index = pd.Index([f"s{row + 1}" for row in np.flatnonzero(kept)], name="respondent", dtype=object)
    data, missing = {}, {}
    for question in drawn.instrument.questions():
        for field, coded, numeric in _fields(question):
            scale = drawn.instrument.scales[question.scale] if coded and question.scale else None
            values = _values(drawn.columns[field], scale, numeric)
            data[field] = pd.Series(values[kept], index=index, dtype=float if numeric else object)
            missing[field] = pd.Series(drawn.columns[field].missing[kept], index=index, dtype=object)
    log = tuple(
        Exclusion(0, int(row) + 2, "no_consent" if people.pages[row] else "empty_row") for row in np.flatnonzero(~kept)
    )
    source = Source(f"{drawn.role} (simulated)", "", TOOL, drawn.n, int(kept.sum()), {})
    return Responses(
        instrument_id=drawn.instrument.id,
        instrument_version=drawn.instrument.version,
        instrument_digest=drawn.instrument.digest,
        role=drawn.instrument.role,
        data=pd.DataFrame(data, index=index),
        missing=pd.DataFrame(missing, index=index),
        meta=_meta(drawn, kept, index),
        exclusions=log,
        sources=(source,),
    )


def _fields(question: Question) -> list[tuple[str, bool, bool]]:
    """Field, whether its cells are option codes, and whether its values are numbers."""
    if question.type == "info":
        return []
    if question.type == "array":
        return [(item.code, True, True) for item in question.items]
    numeric = question.type in ("integer", "number") or question.construct is not None
    own = (question.name, question.scale is not None, numeric)
    return [own, (f"{question.name}_other", False, False)] if question.other else [own]


def _values(column: DrawnColumn, scale: Scale | None, numeric: bool) -> np.ndarray:
    if scale is None:
        if not numeric:
            return column.answers
        return np.array([np.nan if answer is None else float(answer) for answer in column.answers])
    if numeric:
        numbers = {option.code: option.value for option in scale.options}
        found = [np.nan if answer is None else numbers.get(answer) for answer in column.answers]
        return np.array([np.nan if value is None else value for value in found], dtype=float)
    names = {option.code: option.name for option in scale.options}
    values = np.full(len(column.answers), None, dtype=object)
    for row, answer in enumerate(column.answers):
        if answer is not None and answer != CANNOT_JUDGE_CODE:
            values[row] = "|".join(names[code] for code in answer.split("|"))
    return values


def _meta(drawn: DrawnRole, kept: np.ndarray, index: pd.Index) -> pd.DataFrame:
    people = drawn.people
    failed, asked = np.zeros(drawn.n, dtype=int), np.zeros(drawn.n, dtype=int)
    for _, item in drawn.instrument.items():
        if item.kind == "attention":
            answered = drawn.columns[item.code].missing == ""
            asked += answered
            failed += answered & (drawn.columns[item.code].answers != item.expected)
    columns: dict[str, np.ndarray] = {
        "role": np.full(drawn.n, drawn.instrument.role, dtype=object),
        "language": people.language,
        "submitted": people.submitted.astype(object),
        "consent": np.full(drawn.n, None if drawn.instrument.consent is None else True, dtype=object),
        "attention_failed": failed,
        "attention_asked": asked,
        "duration_s": people.seconds.astype(float),
        "source": np.zeros(drawn.n, dtype=int),
        "source_row": np.arange(drawn.n) + 2,
    }
    for name, purpose in (("hei", "hei"), ("wave", "wave"), ("pilot_id", "pilot"), ("link_code", "link_code")):
        columns[name] = _told(drawn, purpose)
    frame = {
        name: pd.Series(columns[name][kept], index=index, dtype=object if columns[name].dtype == object else None)
        for name in META_COLUMNS
    }
    return pd.DataFrame(frame, index=index)


def _told(drawn: DrawnRole, purpose: str) -> np.ndarray:
    """The answers (n,) to the question of this purpose, None where there is none."""
    question = next((each for each in drawn.instrument.questions() if each.purpose == purpose), None)
    if question is None:
        return np.full(drawn.n, None, dtype=object)
    scale = drawn.instrument.scales[question.scale] if question.scale else None
    return _values(drawn.columns[question.name], scale, numeric=False)
