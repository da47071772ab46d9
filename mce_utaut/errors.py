"""The exceptions of the package: one tree, each with the exit code of the command line.

    MceError                      70
    ├── UserMistake                1   the file, option or data that a person gave is wrong
    │   ├── FileProblem            1   a file cannot be read, is not what it says, or would be overwritten
    │   ├── InstrumentError        1   a questionnaire YAML is wrong (holds every problem at once)
    │   ├── ImportProblem          1   a response file cannot be understood
    │   ├── SyntaxProblem          1   lavaan syntax is wrong (line and column)
    │   └── StudyError             1   a study file or population file is wrong
    ├── UsageError                 2   an option or combination makes no sense or is not supported
    ├── NotEstimable               3   the model and the data together cannot be estimated
    └── NotConverged               4   the optimiser did not reach a solution

A ``UserMistake`` is written for the person who wrote the file: where, what, what to do.
Anything that is not an ``MceError`` is our own bug and leaves with 70.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a file: where it stands, what it is, what to do about it.

    ``line`` and ``column`` count from 1; None where the place is the file as a whole.
    ``where`` names the item, key, row or heading in the user's words. ``code`` and ``values``, the (name, value) pairs
    that the sentence holds, let another language say it, as those of a ``Note``.
    """

    what: str
    remedy: str = ""
    file: str = ""
    line: int | None = None
    column: int | None = None
    where: str = ""
    code: str = ""
    values: tuple[tuple[str, str | int], ...] = ()

    def __str__(self) -> str:
        place = self.file
        if self.line is not None:
            place += f":{self.line}" if self.column is None else f":{self.line}:{self.column}"
        parts = [part for part in (place, self.where) if part]
        head = ": ".join(parts)
        text = f"{head}: {self.what}" if head else self.what
        return f"{text} {self.remedy}".rstrip()


class MceError(Exception):
    """Base of every exception the package raises on purpose."""

    exit_code = 70


class UserMistake(MceError):
    """Something a person wrote or passed is wrong; ``problems`` holds every place at once."""

    exit_code = 1

    def __init__(self, problems: str | Problem | Sequence[Problem]) -> None:
        if isinstance(problems, str):
            problems = (Problem(problems),)
        elif isinstance(problems, Problem):
            problems = (problems,)
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class FileProblem(UserMistake):
    """A file cannot be read or written, is not what it says it is, or would be overwritten."""


class InstrumentError(UserMistake):
    """A questionnaire's structure or wording is wrong."""


class ImportProblem(UserMistake):
    """A response file cannot be turned into responses of the instrument."""


class SyntaxProblem(UserMistake):
    """A model in lavaan syntax cannot be read."""


class StudyError(UserMistake):
    """A study file, population file or hypotheses file is wrong."""


class UsageError(UserMistake):
    """An option, or a combination of options, makes no sense or is not supported."""

    exit_code = 2


class NotEstimable(UserMistake):
    """The model and the data together cannot be estimated (not identified, singular, n too small)."""

    exit_code = 3


class NotConverged(UserMistake):
    """The optimiser did not reach a solution."""

    exit_code = 4
