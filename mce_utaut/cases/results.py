"""What the analysis of cases returns: counts, numbers, histograms, stackability, completeness."""

from __future__ import annotations

from dataclasses import dataclass

from mce_utaut.notes import Note
from mce_utaut.responses.standard_elements import Completeness


@dataclass(frozen=True, slots=True)
class OptionCount:
    """How many cases gave an answer."""

    option: str
    label: str
    n: int


@dataclass(frozen=True, slots=True)
class CountTable:
    """The answers to one closed question. ``question`` is its number in the template (0: none), ``asked``
    the cases to which it applies, ``not_reported`` those of them that left it blank. ``several`` tells
    that a case can give several answers."""

    field: str
    question: int
    title: str
    counts: tuple[OptionCount, ...]
    asked: int
    not_reported: int
    several: bool = False

    def n(self, option: str) -> int:
        """How many cases gave this answer."""
        return next((count.n for count in self.counts if count.option == option), 0)

    def percent(self, option: str) -> float | None:
        """The answer's share of the cases asked (blanks included, as in the founding report), in per
        cent; None where none was asked."""
        return 100 * self.n(option) / self.asked if self.asked else None


@dataclass(frozen=True, slots=True)
class NumberSummary:
    """The answers to one question in numbers; None where nobody answered. ``sd`` has n - 1."""

    field: str
    question: int
    title: str
    unit: str
    n: int
    not_reported: int
    mean: float | None
    sd: float | None
    median: float | None
    minimum: float | None
    maximum: float | None


@dataclass(frozen=True, slots=True)
class Bin:
    """The number of cases from ``lower`` to under ``upper``."""

    label: str
    lower: float
    upper: float
    n: int


@dataclass(frozen=True, slots=True)
class Histogram:
    """The distribution of one number over bins that cover every possible answer."""

    field: str
    question: int
    title: str
    bins: tuple[Bin, ...]
    not_reported: int


@dataclass(frozen=True, slots=True)
class StackabilityRow:
    """Towards what one case counts; all False and ``reported`` False where it is not reported."""

    key: str
    title: str
    independent: bool
    stackable: bool
    recognised: bool
    reported: bool


@dataclass(frozen=True, slots=True)
class Stackability:
    """The stackability table: one row a case."""

    rows: tuple[StackabilityRow, ...]

    @property
    def totals(self) -> tuple[int, int, int]:
        """How many cases are independent, stackable, recognised in a degree programme."""
        return (
            sum(row.independent for row in self.rows),
            sum(row.stackable for row in self.rows),
            sum(row.recognised for row in self.rows),
        )


@dataclass(frozen=True, slots=True)
class CaseResults:
    """The results chapter of a case collection."""

    n: int
    heis: tuple[str, ...]
    counts: tuple[CountTable, ...]
    numbers: tuple[NumberSummary, ...]
    histograms: tuple[Histogram, ...]
    stackability: Stackability
    completeness: tuple[Completeness, ...]
    notes: tuple[Note, ...] = ()

    def table(self, field: str) -> CountTable:
        """The count table of a field. Raises ``KeyError`` where there is none."""
        return _named(self.counts, field)

    def number(self, field: str) -> NumberSummary:
        """The summary of a field in numbers. Raises ``KeyError`` where there is none."""
        return _named(self.numbers, field)

    def histogram(self, field: str) -> Histogram:
        """The histogram of a field. Raises ``KeyError`` where there is none."""
        return _named(self.histograms, field)


def _named(parts, field):
    for part in parts:
        if part.field == field:
            return part
    raise KeyError(field)
