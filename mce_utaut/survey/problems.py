"""Problems of cells, gathered by column and answer so that one mistake in a thousand rows is one line."""

from __future__ import annotations

from collections.abc import Iterable

from mce_utaut.errors import ImportProblem, Problem

_MOST_PROBLEMS = 25
_MOST_ROWS = 8


class CellProblems:
    """Collects what is wrong with cells of one file; ``raise_if_any`` reports all of it at once."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._problems: list[Problem] = []

    def add(self, where: str, what: str, remedy: str, rows: Iterable[int] = ()) -> None:
        """Notes a problem of the column ``where`` in the rows with these spreadsheet numbers."""
        numbers = list(rows)
        if numbers:
            shown = ", ".join(str(number) for number in numbers[:_MOST_ROWS])
            more = f" and {len(numbers) - _MOST_ROWS} more" if len(numbers) > _MOST_ROWS else ""
            where = f"{where}, row{'s' if len(numbers) > 1 else ''} {shown}{more}"
        self._problems.append(Problem(what, remedy, self.name, where=where))

    def raise_if_any(self) -> None:
        """Raises ``ImportProblem`` with the problems found, the first of them if there are very many."""
        if not self._problems:
            return
        shown = self._problems[:_MOST_PROBLEMS]
        if len(self._problems) > _MOST_PROBLEMS:
            rest = len(self._problems) - _MOST_PROBLEMS
            shown.append(Problem(f"and {rest} more problems of this kind.", "", self.name))
        raise ImportProblem(shown)
