"""The tables of a case collection as CSV."""

from __future__ import annotations

from collections.abc import Iterator

from mce_utaut.cases.results import CaseResults
from mce_utaut.responses.standard_elements import STANDARD_ELEMENTS
from mce_utaut.survey.delimited import write_rows
from mce_utaut.survey.spelling import guard

Row = list[str]


def tables(results: CaseResults) -> dict[str, bytes]:
    """The CSV files of ``results`` by name, at full precision; an empty cell is "not reported"."""
    return {
        "counts.csv": write_rows(_counts(results)),
        "numbers.csv": write_rows(_numbers(results)),
        "histograms.csv": write_rows(_histograms(results)),
        "stackability.csv": write_rows(_stackability(results)),
        "completeness.csv": write_rows(_completeness(results)),
    }


def _counts(results: CaseResults) -> Iterator[Row]:
    yield ["question", "field", "option", "label", "n", "percent", "asked", "not_reported"]
    for table in results.counts:
        for count in table.counts:
            cells = [str(table.question), table.field, count.option, guard(count.label), str(count.n)]
            yield [*cells, _cell(table.percent(count.option)), str(table.asked), str(table.not_reported)]


def _numbers(results: CaseResults) -> Iterator[Row]:
    names = ("mean", "sd", "median", "minimum", "maximum")
    yield ["question", "field", "unit", "n", "not_reported", *names]
    for each in results.numbers:
        cells = [str(each.question), each.field, each.unit, str(each.n), str(each.not_reported)]
        yield [*cells, *(_cell(getattr(each, name)) for name in names)]


def _histograms(results: CaseResults) -> Iterator[Row]:
    yield ["question", "field", "from", "to_under", "n", "not_reported"]
    for each in results.histograms:
        for part in each.bins:
            cells = [_cell(part.lower), _cell(part.upper), str(part.n), str(each.not_reported)]
            yield [str(each.question), each.field, *cells]


def _stackability(results: CaseResults) -> Iterator[Row]:
    yield ["case", "title", "independent", "stackable", "recognised"]
    for row in results.stackability.rows:
        marks = [str(int(mark)) if row.reported else "" for mark in (row.independent, row.stackable, row.recognised)]
        yield [guard(row.key), guard(row.title), *marks]
    yield ["total", "", *map(str, results.stackability.totals)]


def _completeness(results: CaseResults) -> Iterator[Row]:
    codes = [e.code for e in STANDARD_ELEMENTS if any(e.code in row.states for row in results.completeness)]
    yield ["case", "title", *codes, "mandatory_given", "share"]
    for row in results.completeness:
        states = [row.states.get(code, "") for code in codes]
        yield [guard(row.key), guard(row.title), *states, str(row.given), _cell(row.share)]


def _cell(value: float | None) -> str:
    return "" if value is None else (str(int(value)) if float(value).is_integer() else repr(float(value)))
