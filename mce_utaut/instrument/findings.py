"""The place where checks put what they find in one file."""

from __future__ import annotations

from mce_utaut.errors import Problem
from mce_utaut.instrument.reading import Place
from mce_utaut.notes import Level, Note


class Findings:
    """Problems and warnings of one file, in the order found."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.notes: list[Note] = []

    def problem(self, at: Place | None, where: str, what: str, remedy: str) -> None:
        """Adds something that must be put right."""
        line, column = at or (None, None)
        self.problems.append(Problem(what, remedy, self.file, line, column, where))

    def warn(self, code: str, at: Place | None, where: str, text: str, level: Level = "caution") -> None:
        """Adds something that works but should be known."""
        place = self.file if at is None else f"{self.file}:{at.line}"
        self.notes.append(Note(code, text, level, f"{place}: {where}" if where else place))
