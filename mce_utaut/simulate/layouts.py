"""Drawn answers in the layout of a survey tool's export, as bytes.

The layouts are written here from their description (docs/survey-tools.md), not with the readers' code:
what reads them back has to get them right by itself.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from mce_utaut.instrument.model import Question
from mce_utaut.simulate.draw import DrawnRole
from mce_utaut.simulate.population import Layout
from mce_utaut.simulate.streams import Streams

_UNDATED = "1980-01-01 00:00:00"  # LimeSurvey's date of a submitted response whose date is not kept


def limesurvey(drawn: DrawnRole) -> bytes:
    """The CSV that LimeSurvey's own pages export with headings "question code" and answers "answer codes"
    and the total time: byte order mark, comma, every cell in quotes, CRLF, a blank last line. No date is
    kept; a stopped response has no submission date; ``=`` at the start of a cell is masked by ``'``."""
    people = drawn.people
    numbers = Streams((drawn.n,)).of(drawn.role).integers(10**8, 2 * 10**9, drawn.n)  # LimeSurvey's order seeds
    columns: dict[str, Sequence[str]] = {
        "id": [str(row + 1) for row in range(drawn.n)],
        "submitdate": [_UNDATED if done else "" for done in people.submitted],
        "lastpage": [str(pages) if pages else "" for pages in people.pages],
        "startlanguage": list(people.language),
        "seed": [str(number) for number in numbers],
    }
    for question in drawn.instrument.questions():
        columns |= _limesurvey_columns(question, drawn)
    columns["interviewtime"] = [f"{seconds}.00" if seconds else "" for seconds in people.seconds]
    masked = {
        heading: [f"'{cell}" if cell.startswith("=") else cell for cell in column]
        for heading, column in columns.items()
    }
    return b"\xef\xbb\xbf" + _csv(masked, ",", "\r\n", csv.QUOTE_ALL) + b"\r\n"


def plain(drawn: DrawnRole) -> bytes:
    """A CSV of our own: a ``respondent`` key, ``language``, ``submitted`` (yes, no) and ``duration_s``, then
    item codes and question names as headings and option codes as answers; UTF-8, comma, LF."""
    people = drawn.people
    columns: dict[str, Sequence[str]] = {
        "respondent": [f"r{row + 1:03d}" for row in range(drawn.n)],
        "language": list(people.language),
        "submitted": ["yes" if done else "no" for done in people.submitted],
        "duration_s": [str(seconds) if seconds else "" for seconds in people.seconds],
    }
    columns |= {field: _cells(drawn, field) for field in drawn.columns}
    return _csv(columns, ",", "\n", csv.QUOTE_MINIMAL)


LAYOUTS: Mapping[Layout, Callable[[DrawnRole], bytes]] = MappingProxyType({"limesurvey": limesurvey, "plain": plain})


def _limesurvey_columns(question: Question, drawn: DrawnRole) -> dict[str, Sequence[str]]:
    if question.type == "info":
        return {question.code: [""] * drawn.n}
    if question.type == "array":
        return {f"{question.code}[{item.code}]": _cells(drawn, item.code) for item in question.items}
    if question.type == "multi":
        return _ticks(question, drawn)
    columns = {question.code: _cells(drawn, question.name)}
    if question.other:
        columns[f"{question.code}[other]"] = _cells(drawn, f"{question.name}_other")
    return columns


def _ticks(question: Question, drawn: DrawnRole) -> dict[str, Sequence[str]]:
    """A column for each option: Y where it was ticked."""
    chosen = [cell.split("|") for cell in _cells(drawn, question.name)]
    options = drawn.instrument.scales[str(question.scale)].options
    return {
        f"{question.code}[{option.code}]": ["Y" if option.code in ticked else "" for ticked in chosen]
        for option in options
    }


def _cells(drawn: DrawnRole, field: str) -> list[str]:
    return ["" if answer is None else str(answer) for answer in drawn.columns[field].answers]


def _csv(columns: Mapping[str, Sequence[str]], delimiter: str, end: str, quoting: int) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=quoting)  # type: ignore[arg-type]
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return text.getvalue().encode("utf-8")
