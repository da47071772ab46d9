"""Codes for missing answers in a table of numbers: those a person names, those of our own files, and likely others."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from mce_utaut.notes import Note

if TYPE_CHECKING:
    from mce_utaut.survey.tables import Table

LIKELY = (77, 88, 98, 99, 777, 888, 998, 999, 9999, -7, -8, -9, -77, -88, -98, -99, -999, -9999)
_LAST_OF_A_SCALE = 11  # a rating scale has no higher answer


def without_codes(
    table: Table, names: Collection[str], codes: Sequence[str], own: str | None = None
) -> tuple[Table, tuple[Note, ...]]:
    """``table`` with empty cells where the columns ``names`` hold one of ``codes`` (compared as numbers where
    both are), and notes on what was emptied. ``own`` is the code of our own files for "cannot judge": it is emptied
    in columns that look like rating scales. Other columns of that look that hold a likely code get a caution.
    """
    wanted, numbers = [code.casefold() for code in codes], {_number(code) for code in codes} - {None}
    columns = list(table.columns)
    emptied: dict[str, int] = {}
    judged: dict[str, int] = {}
    notes = []
    for place, heading in enumerate(table.headings):
        name = heading.strip()
        if name not in names:
            continue
        cells = columns[place]
        values = np.array([_number(cell) for cell in cells], dtype=object)
        hit = np.array([cell.strip().casefold() in wanted for cell in cells], dtype=bool)
        hit |= np.array([value is not None and value in numbers for value in values], dtype=bool)
        emptied[name] = int(hit.sum())
        likely = _unlike_a_scale([value for value, gone in zip(values, hit, strict=True) if not gone])
        if own is not None and float(own) in likely:
            theirs = values == float(own)
            judged[name] = int(theirs.sum())
            hit |= theirs
            likely = [value for value in likely if value != float(own)]
        if hit.any():
            columns[place] = np.where(hit, "", cells).astype(object)
        if likely:
            notes.append(_caution(name, likely, values))
    if any(emptied.values()):
        text = f"Taken as missing ({', '.join(codes)}): {_counted(emptied)}."
        notes.insert(0, Note("missing_codes", text, "info"))
    if judged:
        text = f"The file is of `import`: {own} (cannot judge) is missing: {_counted(judged)}."
        notes.insert(0, Note("cannot_judge_missing", text, "info"))
    return replace(table, columns=tuple(columns)), tuple(notes)


def _unlike_a_scale(values: Sequence[float | None]) -> list[float]:
    """The likely codes among ``values`` where all others, two at least, are whole numbers of a rating scale."""
    given = {value for value in values if value is not None}
    likely = sorted(given & set(map(float, LIKELY)))
    others = given - set(likely)
    scale = len(others) > 1 and all(0 <= value <= _LAST_OF_A_SCALE and value == int(value) for value in others)
    return likely if scale else []


def _caution(name: str, likely: Sequence[float], values: np.ndarray) -> Note:
    others = [value for value in values if value is not None and value not in likely]
    named = ", ".join(f"{value:g} ({int((values == value).sum())} times)" for value in likely)
    text = (
        f"{name} holds {named}, all other values lie between {min(others):g} and {max(others):g}. It was taken as a "
        f"number; if it stands for a missing answer, add --na {','.join(f'{value:g}' for value in likely)}."
    )
    return Note("likely_missing_code", text, "caution", name)


def _counted(cells: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in cells.items() if count)


def _number(cell: str) -> float | None:
    try:
        value = float(cell.strip().replace(",", "."))
    except ValueError:
        return None
    return value if np.isfinite(value) else None
