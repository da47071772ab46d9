"""Which rows of a file of ``import`` a study analyses by its default rules: told, and taken where asked for."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from mce_utaut.errors import UsageError
from mce_utaut.notes import Note

if TYPE_CHECKING:
    from mce_utaut.responses.model import Responses
    from mce_utaut.survey.tables import Table

_WHY = {"not_submitted": "not submitted", "failed_attention": "failed an attention item"}


def analysed_rows(table: Table, only: bool, by_wave: bool) -> tuple[Table, tuple[Note, ...]]:
    """The rows of ``table``, a file of ``import``: all, or with ``only`` those that ``responses.screening`` leaves.

    The notes count the rows that its rules concern, and name the waves where there are several (``by_wave`` says that
    they are the groups). Raises ``UsageError`` where ``only`` is asked and no column tells whom to leave out.
    """
    from mce_utaut.responses.screening import screen

    everyone = _as_responses(table)
    if everyone is None:
        if only:
            raise UsageError(
                "--analysed needs the columns meta.submitted and meta.attention_failed that import writes; "
                f"{table.name} has neither. Leave the option out, or name the file that import wrote."
            )
        return table, ()
    screened = screen(everyone)
    notes = [*_on_waves(everyone, by_wave), *(screened.notes if only else ())]
    counts = Counter(exclusion.reason for exclusion in screened.exclusions)
    if counts:
        notes.insert(0, _on_rows(counts, table.n, only))
    if not only:
        return table, tuple(notes)
    kept = screened.meta["source_row"].to_numpy()
    columns = tuple(column[kept] for column in table.columns)
    return replace(table, columns=columns, numbers=table.numbers[kept]), tuple(notes)


def _as_responses(table: Table) -> Responses | None:
    """The rows as responses without answers, ``source_row`` being the place (0 = first) in the table; None where
    nothing tells whom to leave out."""
    import pandas as pd

    from mce_utaut.responses.model import Responses
    from mce_utaut.survey.plain.reading import truth
    from mce_utaut.survey.quantities import number

    columns = {heading.strip(): column for heading, column in zip(table.headings, table.columns, strict=True)}
    if not {"meta.submitted", "meta.attention_failed"} & set(columns):
        return None
    blank = np.full(table.n, "", dtype=object)

    def counted(name: str) -> np.ndarray:
        return np.array([int(number(cell) or 0) for cell in columns.get(name, blank)], dtype=np.int64)

    submitted = [truth(cell) for cell in columns.get("meta.submitted", blank)]
    waves = [cell.strip() or None for cell in columns.get("meta.wave", blank)]
    index = pd.RangeIndex(table.n)
    meta = pd.DataFrame(
        {
            "submitted": pd.Series(submitted, index=index, dtype=object),
            "wave": pd.Series(waves, index=index, dtype=object),
            "attention_failed": counted("meta.attention_failed"),
            "attention_asked": counted("meta.attention_asked"),
            "source": np.zeros(table.n, dtype=np.int64),
            "source_row": np.arange(table.n),
        },
        index=index,
    )
    nothing = pd.DataFrame(index=index)
    return Responses("", "", "", "", data=nothing, missing=nothing, meta=meta)


def _on_rows(counts: Counter[str], total: int, only: bool) -> Note:
    why = ", ".join(f"{counts[reason]} {words}" for reason, words in _WHY.items() if counts[reason])
    left = sum(counts.values())
    text = (
        f"The file is of `import`: {left} of its {total} rows were left out, as `fit` does ({why})."
        if only
        else f"The file is of `import`: {left} of its {total} rows are analysed here that `fit` leaves out ({why}). "
        "--analysed leaves them out too."
    )
    values = (("n", left), ("total", total), *((reason, counts[reason]) for reason in _WHY))
    return Note("rows_of_fit", text, "info" if only else "caution", values=values)


def _on_waves(everyone: Responses, by_wave: bool) -> list[Note]:
    waves = Counter(everyone.meta["wave"].dropna())
    if by_wave or len(waves) < 2:
        return []
    named = ", ".join(f"{wave} {count}" for wave, count in sorted(waves.items()))
    text = f"The file holds several waves ({named}), which are analysed together here; `fit` takes one."
    return [Note("several_waves", text, "caution")]
