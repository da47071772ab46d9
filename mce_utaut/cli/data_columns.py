"""The columns of a data file that ``sem``, ``invariance`` and ``moderation`` work on, by name."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    from mce_utaut.errors import Problem
    from mce_utaut.notes import Note
    from mce_utaut.survey.plain.sidecar import Sidecar
    from mce_utaut.survey.tables import Table

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
    beside = _beside(path)
    ours = beside is not None or _of_import(table.headings)
    table, called = _with_codes(table, (*wanted, *words), beside.codes if beside else {})
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
    return {**columns.numbers, **columns.words}, (*on_rows, *called, *notes, *columns.notes)


def _beside(path: str) -> Sidecar | None:
    """The sidecar that ``import`` wrote beside the file."""
    from mce_utaut import files
    from mce_utaut.survey.plain import sidecar

    where = Path(path).with_suffix(".sidecar.json")
    if not where.is_file():
        return None
    content = files.read(where).content
    return sidecar.parse(content, str(where)) if sidecar.recognises(content) else None


def _of_import(headings: Sequence[str]) -> bool:
    """Whether the headings are those of a file of ``import``."""
    from mce_utaut.survey.plain.columns import KEY

    return {KEY, "meta.role"} <= {heading.strip() for heading in headings}


def _with_codes(table: Table, names: Sequence[str], codes: Mapping[str, str]) -> tuple[Table, tuple[Note, ...]]:
    """``table`` with a column for each of ``names`` that it lacks and that is a code of one of its columns (``codes``:
    code -> column), and a note on what these are."""
    from mce_utaut.notes import Note

    places = {heading.strip(): place for place, heading in enumerate(table.headings)}
    found = {
        name: codes[name] for name in dict.fromkeys(names) if name not in places and codes.get(name) in places
    }
    if not found:
        return table, ()
    columns = (*table.columns, *(table.columns[places[column]] for column in found.values()))
    named = ", ".join(f"{name} is {column}" for name, column in found.items())
    note = Note("codes_of_columns", f"By the codes of the questionnaire, {named} in {table.name}.", "info")
    return replace(table, headings=(*table.headings, *found), columns=columns), (note,)


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
