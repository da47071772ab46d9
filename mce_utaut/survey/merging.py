"""Several files of one questionnaire as one set of responses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from mce_utaut.notes import Note
from mce_utaut.responses.model import Exclusion, Responses
from mce_utaut.survey.arrivals import IDENTITY_KEY
from mce_utaut.survey.twins import LEAST_ANSWERS, is_row_key, look_alikes, twins

_LOOK_ALIKES = "look_alikes"
_MOST_SHOWN = 3  # groups of respondents, and of each, that a note names


def merge(parts: Sequence[Responses]) -> Responses:
    """The respondents of all ``parts`` (of one instrument) as one set, in order.

    A key that stands in two parts is one respondent where the tool made it from what identifies a
    respondent, or where all answers are the same: the submitted row (else the earlier) is kept, the other
    logged as "duplicate". Other rows of equal key are different people: the later gets a new key, with a
    note. Rows without an identity are one person where ``twins`` says so, which is noted too; that others
    cannot be seen is a caution, and so are those who stay though they answered every question alike.
    """
    merged = parts[0]
    for part in parts[1:]:
        merged = _joined(merged, part)
    nameless = [source.name for part in parts if any(map(is_row_key, part.data.index)) for source in part.sources]
    if len(parts) > 1 and nameless:
        text = (
            f"{', '.join(nameless)}: nothing in it tells which response is which, so somebody who also stands in "
            "another of these files is seen only where all answers agree, and is counted twice otherwise. Export it "
            "again with the id and the seed of the responses where the tool has them."
        )
        told = (("files", ", ".join(nameless)),)
        merged = replace(merged, notes=(*merged.notes, Note("no_identity", text, "caution", nameless[0], values=told)))
    others = tuple(note for note in merged.notes if note.code != _LOOK_ALIKES)  # those of single files are among all
    return replace(merged, notes=(*others, *_alike(merged)))


def _alike(responses: Responses) -> tuple[Note, ...]:
    """A caution on respondents who are kept though others gave the same answers to every question."""
    groups = look_alikes(responses)
    if not groups:
        return ()
    places = responses.meta[["source", "source_row"]]
    shown = [
        " and ".join(
            f"row {int(places.at[key, 'source_row'])} of {responses.sources[int(places.at[key, 'source'])].name}"
            for key in keys[:_MOST_SHOWN]
        )
        for keys in groups[:_MOST_SHOWN]
    ]
    more = "; and more" if len(groups) > _MOST_SHOWN or any(len(keys) > _MOST_SHOWN for keys in groups) else ""
    several = sum(map(len, groups))
    text = (
        f"{several} respondents answered every question ({LEAST_ANSWERS} or more) as another one did and are counted "
        f"each by itself: {'; '.join(shown)}{more}. If they are the same people (a form sent twice, a test, a file "
        "that a spreadsheet saved anew beside the export), drop all but one by their keys, or take the file out."
    )
    return (Note(_LOOK_ALIKES, text, "caution", values=(("n", several), ("least", LEAST_ANSWERS))),)


def _shifted(part: Responses, offset: int) -> Responses:
    """The part with its sources numbered from ``offset``."""
    meta = part.meta.assign(source=part.meta["source"] + offset)
    exclusions = tuple(replace(exclusion, source=exclusion.source + offset) for exclusion in part.exclusions)
    return replace(part, meta=meta, exclusions=exclusions)


def _joined(first: Responses, second: Responses) -> Responses:
    second, notes = _without_twins(first, second)
    second = _shifted(second, len(first.sources))
    shared = second.data.index[second.data.index.isin(first.data.index)]
    if len(shared):
        same = _same(first, second, shared)
        better = same & _submitted(second, shared) & ~_submitted(first, shared)
        twice = second.without(pd.Index(shared[same & ~better]), _log(second, first, shared[same & ~better]))
        first = first.without(pd.Index(shared[better]), _log(first, second, shared[better]))
        others = shared[~same]
        second = _renamed(twice, others, set(first.data.index) | set(twice.data.index))
        others = [key for key in others if not is_row_key(key)]
        if len(others):
            text = (
                f"{len(others)} respondent keys stand in two files with different answers: taken for different "
                "people, the later ones under a new key."
            )
            where = second.sources[0].name if second.sources else ""
            notes += (Note("same_keys", text, "caution", where, values=(("n", len(others)),)),)
    return Responses(
        instrument_id=first.instrument_id,
        instrument_version=first.instrument_version,
        instrument_digest=first.instrument_digest,
        role=first.role,
        data=_stacked(first.data, second.data),
        missing=_stacked(first.missing, second.missing, "not_shown"),
        meta=_stacked(first.meta, second.meta),
        exclusions=first.exclusions + second.exclusions,
        sources=first.sources + second.sources,
        notes=tuple(dict.fromkeys(first.notes + second.notes + notes)),
    )


def _without_twins(first: Responses, second: Responses) -> tuple[Responses, tuple[Note, ...]]:
    """``second`` without the people of ``first`` who have no identity but the same answers, logged."""
    found = twins(first, second)
    if not found:
        return second, ()
    log = tuple(
        Exclusion(
            int(second.meta.at[twin.later, "source"]),
            int(second.meta.at[twin.later, "source_row"]),
            "duplicate",
            f"all answers as in another file, row {int(first.meta.at[twin.earlier, 'source_row'])}",
        )
        for twin in found
    )
    name = second.sources[0].name if second.sources else ""
    text = (
        f"{name} holds the same answers to every question ({LEAST_ANSWERS} or more) as another file in "
        f"{len(found)} {'rows' if len(found) > 1 else 'row'}: taken for the same people and counted once."
    )
    left = second.without(pd.Index([twin.later for twin in found]), log)
    return left, (Note("same_answers", text, "caution", name, values=(("file", name), ("n", len(found)))),)


def _same(first: Responses, second: Responses, shared: pd.Index) -> np.ndarray:
    """Whether each shared key is one respondent in both."""
    columns = [column for column in first.data.columns if column in second.data.columns]
    one, other = first.data.loc[shared, columns], second.data.loc[shared, columns]
    equal = ((one == other) | (one.isna() & other.isna())).all(axis=1).to_numpy(dtype=bool)
    certain = np.array([bool(re.fullmatch(IDENTITY_KEY, str(key))) for key in shared], dtype=bool)
    by_row = np.array([is_row_key(key) for key in shared], dtype=bool)  # equal row numbers say nothing
    return (equal & ~by_row) | certain


def _submitted(responses: Responses, keys: pd.Index) -> np.ndarray:
    return np.array([value is True for value in responses.meta.loc[keys, "submitted"]], dtype=bool)


def _log(dropped: Responses, kept: Responses, keys: pd.Index) -> tuple[Exclusion, ...]:
    def place(responses: Responses, key: str) -> tuple[int, int]:
        return int(responses.meta.at[key, "source"]), int(responses.meta.at[key, "source_row"])

    found = []
    for key in keys:
        _, there = place(kept, key)
        found.append(
            Exclusion(*place(dropped, key), "duplicate", f"the same respondent as in another file, row {there}")
        )
    return tuple(found)


def _renamed(part: Responses, keys: pd.Index, taken: set[str]) -> Responses:
    if not len(keys):
        return part
    new = {}
    for key in keys:
        count = 2
        while f"{key}-{count}" in taken:
            count += 1
        new[key] = f"{key}-{count}"
        taken.add(new[key])
    index = pd.Index([new.get(key, key) for key in part.data.index], name=part.data.index.name, dtype=object)
    return replace(
        part,
        data=part.data.set_axis(index),
        missing=part.missing.set_axis(index),
        meta=part.meta.set_axis(index),
    )


def _stacked(first: pd.DataFrame, second: pd.DataFrame, filler: str | None = None) -> pd.DataFrame:
    """Both frames below each other, with the columns of both."""
    columns = list(dict.fromkeys([*first.columns, *second.columns]))
    frames = []
    for frame in (first, second):
        lacking = {
            column: pd.Series(filler, index=frame.index, dtype=object)
            for column in columns
            if column not in frame.columns
        }
        frames.append(frame.assign(**lacking)[columns])
    stacked = pd.concat(frames)
    return stacked.astype({column: first[column].dtype for column in first.columns})
