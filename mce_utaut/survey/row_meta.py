"""What is known of each row besides its answers: role, university, wave, language, attention, time taken."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from mce_utaut.notes import Note
from mce_utaut.responses.model import META_COLUMNS
from mce_utaut.responses.pseudonyms import link_key
from mce_utaut.survey.coded_rows import CodedRows
from mce_utaut.survey.coding import BLANK, Coded, chosen
from mce_utaut.survey.contract import ReadOptions
from mce_utaut.survey.fields import Field
from mce_utaut.survey.given import as_names, contradicted, filled_in, unsaid

_PURPOSES = {"hei": "hei", "wave": "wave", "pilot_id": "pilot", "link_code": "link_code"}  # of columns of meta
_PLACED = ("hei", "wave", "pilot_id")  # columns that the options give where the file does not tell


def row_meta(rows: CodedRows, consent: np.ndarray, secret: bytes) -> dict[str, np.ndarray]:
    """The columns ``META_COLUMNS`` as the file tells them, each (n,). ``consent`` (n,) object holds True or None; link
    codes are kept under ``secret``."""
    arrivals, n = rows.arrivals, rows.n
    nothing = np.full(n, None, dtype=object)
    failed, asked = _attention(rows)
    language = nothing if arrivals.language is None else np.where(arrivals.language == "", None, arrivals.language)
    meta: dict[str, np.ndarray] = {
        "role": _roles(rows),
        "language": language,
        "submitted": nothing if arrivals.submitted is None else arrivals.submitted,
        "consent": consent,
        "attention_failed": failed,
        "attention_asked": asked,
        "duration_s": np.full(n, np.nan) if arrivals.duration is None else arrivals.duration,
        "source": np.zeros(n, dtype=np.int64),
        "source_row": rows.table.numbers,
    }
    meta.update({name: _told(name, rows, secret) for name in _PURPOSES})
    for name, values in arrivals.given.items():
        meta[name] = as_names(rows.instrument, name, values)
    return {name: meta[name] for name in META_COLUMNS}


def with_given(
    rows: CodedRows, meta: Mapping[str, np.ndarray], options: ReadOptions
) -> tuple[dict[str, np.ndarray], list[Note], list[Note]]:
    """Kept rows' columns ``meta`` with the options where the file says nothing; notes on rows that the options filled
    or that contradict them, and on what no row tells."""
    instrument, name = rows.instrument, rows.table.name
    filled, notes = dict(meta), []
    for one in _PLACED:
        notes += [*contradicted(instrument, one, options, meta[one], name), *filled_in(one, options, meta[one], name)]
        given = getattr(options, one)
        if given is not None:
            silent = np.array([answer is None for answer in meta[one]], dtype=bool)
            filled[one] = np.where(silent, given, meta[one]).astype(object)
    return filled, notes, unsaid(instrument, {one: filled[one] for one in ("hei", "wave")}, name)


def _roles(rows: CodedRows) -> np.ndarray:
    """The role (n,) that each row tells, or the questionnaire's."""
    role = rows.instrument.role
    asked = any(field_.name == "role" and field_.kind == "option" for field_ in rows.wanted)
    if not asked or "role" not in rows.coded:
        return np.full(rows.n, role, dtype=object)
    answers = rows.coded["role"].values
    return np.where([answer is None for answer in answers], role, answers)


def _told(name: str, rows: CodedRows, secret: bytes) -> np.ndarray:
    """A column of meta (n,) from the question with its purpose, None where that says nothing."""
    answers = np.full(rows.n, None, dtype=object)
    for field_ in rows.wanted:
        if field_.question.purpose == _PURPOSES[name] and field_.other_of is None and field_.name in rows.coded:
            answers = _texts(field_, rows.coded[field_.name])
    if name == "link_code":
        return np.array([None if answer is None else link_key(str(answer), secret) for answer in answers], object)
    return answers


def _texts(field_: Field, coded: Coded) -> np.ndarray:
    """The answers as meta wants them: option names, texts stripped, None where missing."""
    if field_.kind == "ordinal":
        return np.where(coded.codes == "", None, coded.codes)
    if field_.kind == "text":
        return np.array([None if text is None else str(text).strip() for text in coded.values], dtype=object)
    return coded.values.copy()


def _attention(rows: CodedRows) -> tuple[np.ndarray, np.ndarray]:
    """Failed and answered attention items (n,)."""
    failed = np.zeros(rows.n, dtype=np.int64)
    asked = np.zeros(rows.n, dtype=np.int64)
    for field_ in rows.wanted:
        if field_.item is None or field_.item.kind != "attention" or field_.name not in rows.coded:
            continue
        answer = rows.coded[field_.name]
        given = answer.missing != BLANK
        asked += given
        failed += given & ~chosen(answer, (field_.item.expected or "",))
    return failed, asked
