"""Columns of numbers from a table of text: what ``sem`` and ``invariance`` fit a model to."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from mce_utaut.errors import ImportProblem, Problem
from mce_utaut.notes import Note

MISSING = frozenset({"", "na", "nan", "n/a", "null", "none", "."})
_DECIMAL_COMMA = re.compile(r"^[+-]?\d+,\d+$")
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Columns:
    """``numbers``: name -> float array (n,), NaN where missing; ``words``: name -> array (n,) of str for
    the columns asked for as words; notes say what was read in a special way."""

    numbers: Mapping[str, np.ndarray]
    words: Mapping[str, np.ndarray]
    notes: tuple[Note, ...]


def numeric_columns(
    headings: tuple[str, ...],
    columns: tuple[np.ndarray, ...],
    row_numbers: np.ndarray,
    file: str,
    wanted: Collection[str],
    words: Collection[str] = (),
) -> Columns:
    """The columns that are ``wanted`` as numbers and those asked for as ``words``.

    Empty cells, NA, NaN, N/A, null, None and . are missing. A column with decimal commas and no
    decimal point is read as such and noted. Raises ``ImportProblem`` with every cell that is no number (the
    first few of a column) and every heading that stands twice.
    """
    problems: list[Problem] = []
    numbers: dict[str, np.ndarray] = {}
    found_words: dict[str, np.ndarray] = {}
    notes: list[Note] = []
    stripped = [heading.strip() for heading in headings]
    for name in dict.fromkeys((*wanted, *words)):
        places = [index for index, heading in enumerate(stripped) if heading == name]
        if len(places) > 1:
            what = f"the heading {name} stands over {len(places)} columns."
            problems.append(Problem(what, "Keep one of them.", file))
            continue
        if not places:
            continue
        cells = columns[places[0]]
        if name in words:
            found_words[name] = np.array([cell.strip() for cell in cells], dtype=object)
        if name in wanted:
            values, with_comma, bad = _numbers(cells)
            if with_comma:
                text = f"The numbers of {name} have a decimal comma and were read so (3,5 is 3.5)."
                notes.append(Note("decimal_comma", text, "info", name))
            for place in bad[:_SHOWN]:
                more = f" ({len(bad) - 1} more in this column)" if place == bad[0] and len(bad) > 1 else ""
                what = f"{cells[place]!r} is not a number{more}."
                remedy = "Write codes as numbers, and leave the cell empty where there is no answer."
                problems.append(Problem(what, remedy, file, int(row_numbers[place]), None, name))
            numbers[name] = values
    if problems:
        raise ImportProblem(problems)
    return Columns(numbers, found_words, tuple(notes))


def _numbers(cells: np.ndarray) -> tuple[np.ndarray, bool, list[int]]:
    texts = [cell.strip() for cell in cells]
    given = [text for text in texts if text.casefold() not in MISSING]
    comma = any(_DECIMAL_COMMA.match(text) for text in given) and not any("." in text for text in given)
    values = np.full(len(texts), np.nan)
    bad = []
    for index, text in enumerate(texts):
        if text.casefold() in MISSING:
            continue
        try:
            value = float(text.replace(",", ".") if comma else text)
        except ValueError:
            bad.append(index)
            continue
        if not np.isfinite(value) or "_" in text:
            bad.append(index)
        else:
            values[index] = value
    return values, comma, bad
