"""The columns of a data file that ``sem``, ``invariance`` and ``moderation`` work on, by name."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    from mce_utaut.errors import Problem
    from mce_utaut.notes import Note

_SHOWN = 12
_LEAST_BEGINNING = 3  # letters
_WAVES = ("meta.wave", "wave")


def read_columns(
    path: str, wanted: Sequence[str], words: Sequence[str], values: Mapping[str, Any]
) -> tuple[dict[str, np.ndarray], tuple[Note, ...]]:
    """The columns of a data file by name: numbers for ``wanted``, words for ``words``. Raises
    ``FileProblem``, ``ImportProblem``, and ``ImportProblem`` for names that the file does not have."""
    from mce_utaut import files
    from mce_utaut.cli.analysed_rows import analysed_rows
    from mce_utaut.cli.missing_codes import without_codes
    from mce_utaut.cli.numeric_columns import numeric_columns
    from mce_utaut.cli.sem_options import split_list
    from mce_utaut.errors import ImportProblem, UsageError
    from mce_utaut.instrument.model import CANNOT_JUDGE_CODE
    from mce_utaut.survey.tables import read_table

    file = files.read(path)
    table = read_table(file.content, path, delimiter=values["delimiter"], encoding=values["encoding"])
    ours = _of_import(path, table.headings)
    headings = [heading.strip() for heading in table.headings]
    absent = [name for name in dict.fromkeys((*wanted, *words)) if name not in headings]
    if absent:
        raise ImportProblem([_absent(name, path, headings, ours and name in words) for name in absent])
    on_rows: tuple[Note, ...] = ()
    if ours:
        table, on_rows = analysed_rows(table, values["analysed"], values.get("group") in _WAVES)
    elif values["analysed"]:
        raise UsageError(f"--analysed is for files that import wrote; {path} is none. Leave the option out.")
    codes = [code for given in values["na"] for code in split_list(given)]
    table, notes = without_codes(table, (*wanted, *words), codes, CANNOT_JUDGE_CODE if ours else None)
    columns = numeric_columns(table.headings, table.columns, table.numbers, path, wanted, words)
    return {**columns.numbers, **columns.words}, (*on_rows, *notes, *columns.notes)


def _of_import(path: str, headings: Sequence[str]) -> bool:
    """Whether ``import`` wrote the file: its sidecar stands beside it, or its headings tell."""
    from mce_utaut import files
    from mce_utaut.survey.plain import sidecar
    from mce_utaut.survey.plain.columns import KEY

    beside = Path(path).with_suffix(".sidecar.json")
    ours = {heading.strip() for heading in headings}
    return {KEY, "meta.role"} <= ours or (beside.is_file() and sidecar.recognises(files.read(beside).content))


def _absent(name: str, path: str, headings: Sequence[str], a_word_of_ours: bool) -> Problem:
    from mce_utaut.errors import Problem

    near = difflib.get_close_matches(name, headings, n=3, cutoff=0.6)
    if not near:
        near = [heading for heading in headings if heading.casefold() == name.casefold()]
    remedy = f"Did you mean {' or '.join(near)}?" if near else f"The file has {_listed(name, headings)}."
    if a_word_of_ours:
        remedy += " In files of import the university is meta.hei, the wave meta.wave, the role meta.role."
    return Problem(f"there is no column {name}.", remedy, path)


def _listed(name: str, headings: Sequence[str]) -> str:
    """The headings, the nearest to ``name`` first where there are more than are shown."""
    if len(headings) <= _SHOWN:
        return ", ".join(headings)
    by_nearness = sorted(headings, key=lambda heading: _far(name.casefold(), heading.casefold()))
    return f"{', '.join(by_nearness[:_SHOWN])} and {len(headings) - _SHOWN} more"


def _far(name: str, heading: str) -> tuple[int, float]:
    """The smaller, the nearer: a common beginning first, then the letters that they share."""
    begun = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(name, heading)))
    return -begun if begun >= _LEAST_BEGINNING else 0, -difflib.SequenceMatcher(None, name, heading).ratio()
