"""Rows of different files that are one person though nothing in the files identifies them.

Some exports carry no identity of a response (no id and seed). Where the same people were exported twice,
all of their answers are the same: that is enough where many questions were answered.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mce_utaut.responses.model import Responses

LEAST_ANSWERS = 10  # answers that two rows must share before they are taken for one person
_MOST_ALIKE = 0.8  # of a row's numbers: more equal ones are no fingerprint of a person
_ROW_KEY = re.compile(r"row\d+(-\d+)?")
_CONTEXT = ("role", "hei", "wave", "pilot_id", "submitted")


@dataclass(frozen=True, slots=True)
class Twin:
    """A respondent key of an earlier and one of a later set of responses that are one person."""

    earlier: str
    later: str


def is_row_key(key: object) -> bool:
    """Whether a respondent key was made from the row number, for want of an identity."""
    return bool(_ROW_KEY.fullmatch(str(key)))


def twins(first: Responses, second: Responses) -> tuple[Twin, ...]:
    """The pairs of respondents with the same answers in all fields that both sets hold, at least
    ``LEAST_ANSWERS`` of them, from files of one tool, submitted alike, of no different university, wave,
    pilot or role; one of the two has no identity (else other keys are other people).

    Each respondent stands in one pair at most. People who ticked the same answer nearly everywhere agree
    by chance: they are paired only where others of the two sets are.
    """
    nameless = [{key for key in part.data.index if is_row_key(key)} for part in (first, second)]
    if not any(nameless):
        return ()
    shared = [column for column in first.data.columns if column in second.data.columns]
    columns = [column for column in shared if _asked(first, second, column)]
    if not columns:
        return ()
    found: list[Twin] = []
    telling = False
    for here, there in _equal_rows(first.data[columns], second.data[columns]):
        free = list(here)
        for key in there:
            for candidate in free:
                if (candidate in nameless[0] or key in nameless[1]) and _alike(first, candidate, second, key):
                    found.append(Twin(str(candidate), str(key)))
                    telling = telling or _varied(second.data.loc[key, columns])
                    free.remove(candidate)
                    break
    return tuple(found) if telling else ()


def look_alikes(responses: Responses) -> tuple[tuple[str, ...], ...]:
    """The groups of respondents (keys, in order) who gave the same answers to every question, ``LEAST_ANSWERS`` or
    more of them and not nearly all alike: somebody who answered twice, or a file that was saved in another form."""
    frame = responses.data[[column for column in responses.data.columns if not column.startswith("personal.")]]
    frame = frame.loc[frame.notna().sum(axis=1).to_numpy() >= LEAST_ANSWERS]
    groups: dict[int, list[str]] = defaultdict(list)
    for key, code in zip(frame.index, pd.util.hash_pandas_object(frame, index=False)):
        groups[int(code)].append(str(key))
    return tuple(tuple(keys) for keys in groups.values() if len(keys) > 1 and _varied(frame.loc[keys[0]]))


def _asked(first: Responses, second: Responses, column: str) -> bool:
    """Whether both sets have a column of this field."""
    return not column.startswith("personal.") and all(
        bool((part.missing[column] != "not_shown").any()) for part in (first, second)
    )


def _equal_rows(one: pd.DataFrame, other: pd.DataFrame) -> Iterator[tuple[list[str], list[str]]]:
    """Keys of both frames whose rows are the same, with enough answers."""
    by_hash: dict[int, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for side, frame in enumerate((one, other)):
        enough = frame.notna().sum(axis=1).to_numpy() >= LEAST_ANSWERS
        frame = frame.loc[enough]
        for key, code in zip(frame.index, pd.util.hash_pandas_object(frame, index=False)):
            by_hash[int(code)][side].append(key)
    for here, there in by_hash.values():
        if here and there:
            yield here, there


def _alike(first: Responses, key: str, second: Responses, other: str) -> bool:
    """Whether nothing that is known of the two respondents differs."""
    one, two = first.meta.loc[key], second.meta.loc[other]
    if first.sources[int(one["source"])].tool != second.sources[int(two["source"])].tool:
        return False
    return all(one[name] is None or two[name] is None or one[name] == two[name] for name in _CONTEXT)


def _varied(row: pd.Series) -> bool:
    numbers = np.array([value for value in row if isinstance(value, float) and not np.isnan(value)])
    if not len(numbers):
        return True
    return bool(np.unique(numbers, return_counts=True)[1].max() / len(numbers) <= _MOST_ALIKE)
