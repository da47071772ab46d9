"""What tables of paths share: an unstandardised and a standardised estimate, each with its interval."""

from __future__ import annotations

from mce_utaut.report.page import Page
from mce_utaut.report.table import Cell, Column, missing_cell
from mce_utaut.study.result import Interval


def path_columns(page: Page, *, errors: bool = False) -> tuple[Column, ...]:
    """The heads of ``path_cells``; with ``errors`` a standard error stands behind B."""
    words = page.words
    interval, raw, standard = words("ci"), words("paths.unstandardised"), words("paths.standardised")
    return (
        Column(words("paths.b"), name="estimate", spanner=raw),
        *([Column(words("paths.se"), name="se", spanner=raw)] if errors else []),
        Column(interval, name="interval", spanner=raw),
        Column("β", name="estimate", spanner=standard),
        Column(interval, name="interval", spanner=standard),
    )


def path_cells(page: Page, raw: Interval, beta: Interval) -> list[Cell]:
    """B with its interval, β with its interval."""
    return [_estimate(page, raw), _range(page, raw), *standardised_cells(page, beta)]


def path_cells_with_error(page: Page, raw: Interval, se: float | None, beta: Interval) -> list[Cell]:
    """B with its standard error and interval, β with its interval."""
    error = missing_cell() if se is None else Cell(page.numbers.small(se), se)
    return [_estimate(page, raw), error, _range(page, raw), *standardised_cells(page, beta)]


def standardised_cells(page: Page, beta: Interval) -> list[Cell]:
    """A value that cannot exceed 1 with its interval."""
    numbers = page.numbers
    return [
        Cell(numbers.bounded(beta.estimate), beta.estimate),
        Cell(numbers.range(beta, bounded=True), page.exact(beta)),
    ]


def _estimate(page: Page, raw: Interval) -> Cell:
    return Cell(page.numbers.number(raw.estimate), raw.estimate)


def _range(page: Page, raw: Interval) -> Cell:
    return Cell(page.numbers.range(raw), page.exact(raw))
