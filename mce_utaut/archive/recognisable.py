"""Whether people can be told apart by what others may know of them, and blanking what tells them apart.

The attributes that others may know (quasi-identifiers) are university, pilot, language and the demographic questions. A
file is k-anonymous where at least k respondents share every combination of them that stands in it (Sweeney 2002,
doi:10.1142/S0218488502001648). A blank is a value of its own here, which is the cautious reading: whoever looks for a
person must take all rows with blanks for candidates too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from mce_utaut.archive.variables import MISSING, Variable
from mce_utaut.errors import Problem, UserMistake
from mce_utaut.instrument.model import Instrument

_PURPOSES = {"hei": "hei", "pilot": "pilot_id", "demographic": ""}
_META = ("hei", "pilot_id", "language")
_SMALLEST_NAMED = 3  # combinations that a refusal names
_BLANK = -1


@dataclass(frozen=True, slots=True)
class Blanked:
    """Columns in which each combination is shared by enough respondents, and how many lost each attribute."""

    columns: Mapping[str, np.ndarray]
    lost: Mapping[str, int]


def attributes(instrument: Instrument, chosen: Sequence[Variable]) -> dict[str, tuple[Variable, ...]]:
    """What others may know of a respondent -> the variables of ``chosen`` that tell it."""
    purposes = {question.code: (question.purpose, question.name) for question in instrument.questions()}
    found: dict[str, list[Variable]] = {}
    for variable in chosen:
        where, name = variable.source
        if where == "meta" and name in _META:
            found.setdefault(name, []).append(variable)
        elif where == "data" and purposes[variable.question][0] in _PURPOSES:
            purpose, own = purposes[variable.question]
            found.setdefault(_PURPOSES[purpose] or own, []).append(variable)
    return {name: tuple(variables) for name, variables in found.items()}


def refuse_recognisable(
    columns: Mapping[str, np.ndarray], known: Mapping[str, Sequence[Variable]], least: int, waves: np.ndarray
) -> None:
    """Raises ``UserMistake`` where fewer than ``least`` respondents share a combination of the attributes ``known``:
    how many, and by which attributes already; no value is named, and nobody."""
    n = len(waves)
    codes = _codes(columns, known, n)
    alone = int(_few(codes, tuple(codes), least, waves).sum())
    if not alone:
        return
    found = [(size, names, count) for size in (1, 2, 3) for names, count in _singled_out(codes, size, least, waves)]
    found.sort(key=lambda each: (each[0], -each[2]))
    already = "; ".join(f"{' × '.join(names)} ({count})" for _, names, count in found[:_SMALLEST_NAMED])
    what = (
        f"{alone} of {n} respondents share what others may know of them ({', '.join(known)}) with fewer than "
        f"{least - 1} others, so that they may be recognised{f'; already by {already}' if already else ''}."
    )
    remedy = (
        "Either add --hide-rare (blanks what tells them apart) or --leave-out with the names of what shall not be in "
        "the files; --least 1 writes everything, for a place that only the team can read."
    )
    raise UserMistake([Problem(what, remedy)])


def blanked(
    columns: Mapping[str, np.ndarray], known: Mapping[str, Sequence[Variable]], least: int, waves: np.ndarray
) -> Blanked:
    """``columns`` with the attributes of some respondents blanked, until ``least`` share every combination: at each
    step the attribute that leaves the fewest people apart, for those people alone. Raises ``UserMistake`` where there
    are fewer respondents than that."""
    n = len(waves)
    most = int(np.unique(waves, return_counts=True)[1].max(initial=0))
    if n and most < least:
        what = f"{most} respondents are fewer than the {least} who must share what is told of them."
        raise UserMistake([Problem(what, "Do not archive their answers, or lower --least.")])
    codes = _codes(columns, known, n)
    given = {name: values.copy() for name, values in codes.items()}
    names = tuple(codes)
    left = list(names)
    while left and (few := _few(codes, names, least, waves)).any():
        after = {
            name: _few({**codes, name: np.where(few, _BLANK, codes[name])}, names, least, waves).sum() for name in left
        }
        best = min(left, key=lambda name: (after[name], -len(np.unique(codes[name]))))
        codes[best] = np.where(few, _BLANK, codes[best])
        left.remove(best)
    while (few := _few(codes, names, least, waves)).any():  # those without any attribute are few: others join them
        classes, sizes = _classes(codes, names, waves)
        sizes = np.where(few, n + 1, sizes[classes])
        few |= classes == classes[int(np.argmin(sizes))]
        codes = {name: np.where(few, _BLANK, values) for name, values in codes.items()}
    changed = dict(columns)
    lost = {name: int(((codes[name] == _BLANK) & (given[name] != _BLANK)).sum()) for name in names}
    for name, variables in known.items():
        for variable in variables:
            empty = "" if variable.kind == "text" else np.nan
            changed[variable.name] = np.where(codes[name] == _BLANK, empty, columns[variable.name]).astype(
                columns[variable.name].dtype
            )
    return Blanked(changed, {name: count for name, count in lost.items() if count})


def in_order(columns: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """``columns`` with the respondents in the order of their values: their place in a file may tell the university
    whose file came first, or who answered when."""
    keys = [values.astype(str) for values in columns.values()]
    order = np.lexsort(keys[::-1]) if keys else []
    return {name: values[order] for name, values in columns.items()}


def _codes(columns: Mapping[str, np.ndarray], known: Mapping[str, Sequence[Variable]], n: int) -> dict[str, np.ndarray]:
    """Each attribute as whole numbers (n,), ``_BLANK`` where nothing is told."""
    found = {}
    for name, variables in known.items():
        told = np.zeros(n, dtype=bool)
        parts = []
        for variable in variables:
            values = columns[variable.name]
            blank = values == "" if variable.kind == "text" else np.isnan(values) | np.isin(values, [*MISSING.values()])
            told |= ~blank
            parts.append(np.unique(np.where(blank, "", values.astype(str)), return_inverse=True)[1])
        inverse = np.unique(np.column_stack(parts), axis=0, return_inverse=True)[1].reshape(n)
        found[name] = np.where(told, inverse, _BLANK)
    return found


def _classes(codes: Mapping[str, np.ndarray], names: Sequence[str], waves: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The combination of each row as a number (n,), and how many people surely share each: the rows of the wave that
    has most, since one person may have answered in every wave."""
    table = np.column_stack([codes[name] for name in names])
    classes = np.unique(table, axis=0, return_inverse=True)[1].reshape(len(table))
    own = np.unique(waves, return_inverse=True)[1]
    counts = np.zeros((classes.max(initial=-1) + 1, own.max(initial=0) + 1), dtype=int)
    np.add.at(counts, (classes, own), 1)
    return classes, counts.max(axis=1)


def _few(codes: Mapping[str, np.ndarray], names: Sequence[str], least: int, waves: np.ndarray) -> np.ndarray:
    """Who shares the combination of the attributes ``names`` with too few, bool (n,)."""
    if not names:
        return np.zeros(0, dtype=bool)
    classes, sizes = _classes(codes, names, waves)
    return (sizes < least)[classes]


def _singled_out(
    codes: Mapping[str, np.ndarray], size: int, least: int, waves: np.ndarray
) -> list[tuple[tuple[str, ...], int]]:
    """The combinations of ``size`` attributes that tell people apart, with how many."""
    found = ((names, int(_few(codes, names, least, waves).sum())) for names in combinations(codes, size))
    return [(names, count) for names, count in found if count]
