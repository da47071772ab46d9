"""The results of a case collection as text for the terminal and for a file."""

from __future__ import annotations

from collections.abc import Iterator

from mce_utaut.cases.results import CaseResults, CountTable, Histogram
from mce_utaut.responses.standard_elements import PROGRAMME_MANDATORY, STANDARD_ELEMENTS

_WIDTH = 64
_BAR = "▇"


def results_text(results: CaseResults) -> str:
    """The whole of ``results`` as lines."""
    return "\n".join(
        [
            f"{_cases(results.n)} of {len(results.heis)} universities. Per cent are of the cases asked; “not reported”",
            "is a blank answer, which is not a “no”.",
            *(line for table in results.counts if _any(table) for line in _counts(table)),
            *_numbers(results),
            *(line for each in results.histograms for line in _histogram(each)),
            *_stackability(results),
            *_completeness(results),
            *(f"note: {note.text}" for note in results.notes),
        ]
    )


def _any(table: CountTable) -> bool:
    return any(count.n for count in table.counts)


def _cases(n: int) -> str:
    return f"{n} case{'' if n == 1 else 's'}"


def _heading(question: int, title: str) -> str:
    return f"Q{question} {title}" if question else title


def _counts(table: CountTable) -> Iterator[str]:
    yield ""
    title = _heading(table.question, table.title) + (" (several possible)" if table.several else "")
    yield f"{title:<{_WIDTH}}{'n':>5}{f'% of {table.asked}':>10}"
    for count in table.counts:
        if count.n:
            yield f"  {_cut(count.label, _WIDTH - 2):<{_WIDTH - 2}}{count.n:>5}{_one(table.percent(count.option)):>10}"
    if table.not_reported:
        share = 100 * table.not_reported / table.asked
        yield f"  {'(not reported)':<{_WIDTH - 2}}{table.not_reported:>5}{_one(share):>10}"


def _numbers(results: CaseResults) -> Iterator[str]:
    yield ""
    columns = ("n", "blank", "mean", "SD", "median", "lowest", "highest")
    yield f"{'Numbers':<40}" + "".join(f"{column:>9}" for column in columns)
    for each in results.numbers:
        if each.n == 0:
            continue
        title = f"{_heading(each.question, each.title)} ({each.unit})"
        cells = (each.mean, each.sd, each.median, each.minimum, each.maximum)
        yield f"{title:<40}{each.n:>9}{each.not_reported:>9}" + "".join(f"{_two(cell):>9}" for cell in cells)


def _histogram(histogram: Histogram) -> Iterator[str]:
    if not any(part.n for part in histogram.bins):
        return
    yield ""
    yield _heading(histogram.question, histogram.title)
    for part in histogram.bins:
        yield f"  {part.label:>8}  {part.n:>4}  {_BAR * part.n}".rstrip()
    if histogram.not_reported:
        yield f"  not reported: {histogram.not_reported}"


def _stackability(results: CaseResults) -> Iterator[str]:
    yield ""
    columns = ("independent", "stackable", "recognised")
    yield f"{'Stackability by case':<52}" + "".join(f"{column:>13}" for column in columns)
    for row in results.stackability.rows:
        marks = ["×" if mark else "" for mark in (row.independent, row.stackable, row.recognised)]
        shown = marks if row.reported else ["?", "?", "?"]
        yield (f"  {_cut(row.title, 48):<50}" + "".join(f"{mark:>13}" for mark in shown)).rstrip()
    yield f"{'Total':<52}" + "".join(f"{total:>13}" for total in results.stackability.totals)


def _completeness(results: CaseResults) -> Iterator[str]:
    if not results.completeness:
        return
    yield ""
    yield f"{'Standard elements of a micro-credential':<52}{'given':>9}{'no':>9}{'not reported':>14}"
    for element in STANDARD_ELEMENTS:
        states = [row.states[element.code] for row in results.completeness if element.code in row.states]
        if states:
            title = element.title + ("" if element.mandatory else " (optional)")
            cells = f"{states.count('given'):>9}{states.count('no'):>9}{states.count('not_reported'):>14}"
            yield f"  {title:<50}{cells}"
    most = len(PROGRAMME_MANDATORY)
    given = [row.given for row in results.completeness]
    complete = sum(each == most for each in given)
    yield (
        f"Mandatory elements given per case, of {most}: {min(given)} to {max(given)}, mean "
        f"{sum(given) / len(given):.1f}; complete: {complete} of {_cases(len(given))}."
    )


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def _one(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"


def _two(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}".rstrip("0").rstrip(".")
