"""Text cells to coded answers: by code first, then by the label of any language, never by guessing.

All answers of a column are coded through its distinct cells, so that a hundred thousand rows cost
hardly more than a hundred.
"""

from __future__ import annotations

import difflib
import html
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mce_utaut.instrument.model import CANNOT_JUDGE_CODE
from mce_utaut.survey.contract import OTHER, OTHER_NAME, Column
from mce_utaut.survey.fields import Field
from mce_utaut.survey.problems import CellProblems
from mce_utaut.survey.quantities import code_dates, code_numbers
from mce_utaut.survey.spelling import dense, normal

_SPECIAL = frozenset(("", "'", " ", "\t", "\n", "\r", "\f", "\v", "\u00a0", "\u2003", "\u3000"))
BLANK = "blank"  # a missing cell whose kind is not yet known
_WHOLE = re.compile(r"\d+[.,]0+")  # what spreadsheets and data frames make of a code that is a number


@dataclass(frozen=True, slots=True)
class Cells:
    """The answer columns of one field: pairs of a column of the map and its cells (n,) of str."""

    field: Field
    columns: tuple[tuple[Column, np.ndarray], ...]


@dataclass(frozen=True, slots=True)
class Coded:
    """The answers of one field: ``values`` (n,) float (NaN where missing) or object (None where
    missing), ``missing`` (n,) object: "", "cannot_judge" or ``BLANK``. ``codes`` (n,) object holds the
    option codes chosen (joined by ``|``), "" where there are none."""

    values: np.ndarray
    missing: np.ndarray
    codes: np.ndarray


@dataclass(frozen=True, slots=True)
class Habits:
    """What a tool's cells may hold besides answers: ``blanks`` are cells (other than empty ones) that mean
    "no answer" in fields that are not text; ``separators`` stand between the options of a multi question
    in one cell, the likeliest first; ``language`` is the language of the labels where it is known; ``clean``
    takes away what the tool put before a text that a spreadsheet would take for a formula; ``text_is_other``
    tells that the text of "other" alone says that it was ticked in a multi question; ``entities`` that texts
    have HTML entities for ``&``, ``<``, ``>`` and quotes."""

    blanks: frozenset[str] = frozenset()
    separators: Sequence[str] = "|"
    language: str | None = None
    clean: Callable[[str], str] = str
    text_is_other: bool = False
    entities: bool = False


def code(cells: Sequence[Cells], numbers: np.ndarray, habits: Habits, problems: CellProblems) -> dict[str, Coded]:
    """The coded answers of every field, by field name. ``numbers`` (n,) are the rows' spreadsheet numbers,
    for ``problems``, which gets every cell that is no answer of its question."""
    books = {id(column): _LabelBook(column, habits) for cell in cells for column, _ in cell.columns}
    spoken = {id(column): _distinct(values) for cell in cells for column, values in cell.columns}
    in_labels = any(
        books[key].by_label_only(answer)
        for cell in cells
        if cell.field.scale is not None
        for key in (id(column) for column, _ in cell.columns)
        for answer in spoken[key][0]
    )
    coded = {}
    for cell in cells:
        field = cell.field
        if field.kind in ("ordinal", "option"):
            column, _ = cell.columns[0]
            resolver = _Resolver(field, books[id(column)], in_labels, habits, problems, numbers)
            coded[field.name] = resolver.code(*spoken[id(column)])
        elif field.kind == "multi":
            parts = [(books[id(column)], spoken[id(column)]) for column, _ in cell.columns]
            other = _texted(cells, field) if habits.text_is_other else None
            coded[field.name] = _code_multi(field, parts, in_labels, habits, problems, numbers, other)
        elif field.kind == "text":
            coded[field.name] = _code_text(cell.columns[0][1], habits)
        else:
            distinct, inverse = spoken[id(cell.columns[0][0])]
            blank = np.array([answer.strip() in habits.blanks or not answer.strip() for answer in distinct], bool)
            if field.kind == "date":
                values = code_dates(field, distinct, blank, inverse, numbers, problems)[inverse]
            else:
                values = code_numbers(field, distinct, blank, inverse, numbers, problems)[inverse]
            missing = np.where(blank[inverse], BLANK, "").astype(object)
            codes = np.array([answer.strip() for answer in distinct], object)[inverse]
            coded[field.name] = Coded(values, missing, codes)
    return coded


def _texted(cells: Sequence[Cells], field: Field) -> np.ndarray | None:
    """Whether each row (n,) holds a text of the "other" of ``field``; None where that has no column."""
    texts = next((one.columns[0][1] for one in cells if one.field.other_of == field.name), None)
    return None if texts is None else np.array([bool(text.strip()) for text in texts], dtype=bool)


def _distinct(values: np.ndarray) -> tuple[list[str], np.ndarray]:
    """The distinct cells in order of appearance, and the index of each row's cell."""
    inverse, distinct = pd.factorize(values)
    return list(distinct), inverse


class _LabelBook:
    """What the cells of one column can mean."""

    def __init__(self, column: Column, habits: Habits) -> None:
        self.column = column
        self.codes = {normal(value): target for value, target in column.values.items()}
        self.folded = {value.casefold(): target for value, target in self.codes.items()}
        self.labels: dict[str, set[str]] = defaultdict(set)
        self.dense: dict[str, set[str]] = defaultdict(set)
        for language, labels in column.labels.items():
            if habits.language is not None and language != habits.language:
                continue
            for label, target in labels.items():
                targets = {target} if target == OTHER else set(target.split(" "))
                self.labels[normal(label)] |= targets
                self.dense[dense(label)] |= targets

    def code(self, answer: str) -> str | None:
        """The option whose code ``answer`` is."""
        spelled = normal(answer)
        found = self.codes.get(spelled)
        if found is None:
            found = self.folded.get(spelled.casefold())
        if found is None and _WHOLE.fullmatch(spelled):
            found = self.codes.get(re.split("[.,]", spelled)[0])
        return found

    def labelled(self, answer: str) -> set[str]:
        """The options whose label ``answer`` is, in any language."""
        return self.labels.get(normal(answer)) or self.dense.get(dense(answer)) or set()

    def by_label_only(self, answer: str) -> bool:
        """Whether ``answer`` is a label and no code: a sign that the file holds labels."""
        return self.code(answer) is None and bool(self.labelled(answer))

    def near(self, answer: str) -> str:
        """The label or code nearest to ``answer``, or ""."""
        best = difflib.get_close_matches(normal(answer), [*self.labels, *self.codes], n=1, cutoff=0.6)
        return best[0] if best else ""


@dataclass(frozen=True, slots=True)
class _Resolver:
    field: Field
    book: _LabelBook
    in_labels: bool
    habits: Habits
    problems: CellProblems
    numbers: np.ndarray

    def option(self, answer: str, rows: np.ndarray) -> str | None:
        """The option code of ``answer`` ("" for a blank), or None with a problem noted."""
        if not answer.strip():
            return ""
        code = self.book.code(answer)
        labelled = self.book.labelled(answer)
        if code is not None and (not self.in_labels or labelled <= {code}):
            return code
        targets = labelled | ({code} if code is not None else set())
        if len(targets) == 1:
            return next(iter(targets))
        if targets:
            named = " and ".join(sorted("other" if target == OTHER else target for target in targets))
            what = f"“{answer[:60]}” can mean the answers with the codes {named}."
            remedy = "Export the answers as codes, or name the language of the labels (--language)."
        elif answer.strip() in self.habits.blanks:
            return ""
        elif answer.strip() == CANNOT_JUDGE_CODE:
            return CANNOT_JUDGE_CODE
        else:
            near = self.book.near(answer)
            column = self.book.column
            codes = [target for target in column.values.values() if target != OTHER]
            labels = [f"“{label}”" for labels in column.labels.values() for label in labels]
            known = ", ".join(list(dict.fromkeys(codes or labels))[:12])  # some tools have labels only
            what = f"“{answer[:60]}” is no answer of this question (its {'codes' if codes else 'answers'} are {known})."
            remedy = f"Did you mean “{near}”?" if near else "Correct the cell, or leave it empty."
        self.problems.add(self.field.name, what, remedy, self.numbers[rows])
        return None

    def code(self, distinct: list[str], inverse: np.ndarray) -> Coded:
        """The coded column whose distinct cells and index of each row's cell are given."""
        size = len(distinct)
        codes = np.empty(size, dtype=object)
        missing = np.empty(size, dtype=object)
        number = self.field.kind == "ordinal"
        values = np.full(size, np.nan) if number else np.empty(size, dtype=object)
        for index, answer in enumerate(distinct):
            rows = np.flatnonzero(inverse == index) if self._doubtful(answer) else np.empty(0, int)
            code = self.option(answer, rows)
            codes[index] = code or ""
            missing[index] = {"": BLANK, CANNOT_JUDGE_CODE: "cannot_judge"}.get(code or "", "")
            if code and not missing[index]:
                values[index] = _value(self.field, code)
            if number and code == OTHER:
                missing[index] = BLANK
        return Coded(values[inverse], missing[inverse], codes[inverse])

    def _doubtful(self, answer: str) -> bool:
        """Whether rows may have to be named: looked up only then, it costs a pass over the column."""
        code = self.book.code(answer)
        return bool(answer.strip()) and (code is None or self.in_labels)


def _value(field: Field, code: str) -> float | str:
    if code == OTHER:
        return np.nan if field.kind == "ordinal" else OTHER_NAME
    assert field.scale is not None
    option = field.scale.by_code(code)
    if option is None:
        return np.nan
    if field.kind == "ordinal":
        return np.nan if option.value is None else option.value
    return option.name


def _code_multi(
    field: Field,
    parts: Sequence[tuple[_LabelBook, tuple[list[str], np.ndarray]]],
    in_labels: bool,
    habits: Habits,
    problems: CellProblems,
    numbers: np.ndarray,
    other: np.ndarray | None,
) -> Coded:
    """Any number of options, from one column each or from one cell with separators; "other" also where
    ``other`` (n,) says so."""
    assert field.scale is not None
    order = [option.code for option in field.scale.options] + [OTHER, CANNOT_JUDGE_CODE]
    n = len(numbers)
    chosen = np.zeros((n, len(order)), dtype=bool)
    for book, (distinct, inverse) in parts:
        resolver = _Resolver(field, book, in_labels, habits, problems, numbers)
        for index, cell in enumerate(distinct):
            rows = np.flatnonzero(inverse == index)
            for answer in [cell] if book.column.option else _split(cell, book, habits):
                code = resolver.option(answer, rows)
                if code:
                    chosen[rows, order.index(code)] = True
    if other is not None:
        chosen[other, order.index(OTHER)] = True
    distinct_rows, inverse = np.unique(chosen, axis=0, return_inverse=True)
    inverse = inverse.reshape(-1)
    values = np.empty(len(distinct_rows), dtype=object)
    codes = np.empty(len(distinct_rows), dtype=object)
    missing = np.empty(len(distinct_rows), dtype=object)
    for index, row in enumerate(distinct_rows):
        picked = [code for code, is_chosen in zip(order, row) if is_chosen and code != CANNOT_JUDGE_CODE]
        judged_not = bool(row[-1]) and not picked
        codes[index] = "|".join(picked)
        values[index] = "|".join(str(_value(field, code)) for code in picked) or None
        missing[index] = "" if picked else ("cannot_judge" if judged_not else BLANK)
    return Coded(values[inverse], missing[inverse], codes[inverse])


def _split(cell: str, book: _LabelBook, habits: Habits) -> list[str]:
    """The answers in one cell of a multi question: the whole cell where it is one answer, else its parts;
    labels with the separator inside are taken as long as they fit."""
    if not cell.strip() or book.code(cell) is not None or book.labelled(cell):
        return [cell]
    for separator in habits.separators:
        parts = [part.strip() for part in cell.split(separator)]
        answers: list[str] = []
        while parts:
            for length in range(len(parts), 0, -1):
                candidate = separator.join(parts[:length])
                if book.code(candidate) is not None or book.labelled(candidate) or length == 1:
                    answers.append(candidate)
                    parts = parts[length:]
                    break
        answers = [answer for answer in answers if answer]
        if len(answers) > 1 and all(book.code(a) is not None or book.labelled(a) for a in answers):
            return answers
    return [part for part in cell.split(habits.separators[0]) if part.strip()]


def _code_text(values: np.ndarray, habits: Habits) -> Coded:
    """Free text as it was written, line ends as LF."""
    if habits.entities:
        values = np.array([html.unescape(value) if "&" in value else value for value in values], dtype=object)
    texts = [_text(value, habits) if value[:1] in _SPECIAL or "\r" in value else value for value in values]
    answers = np.empty(len(texts), dtype=object)
    answers[:] = texts
    blank = np.array([text is None for text in texts], dtype=bool)
    missing = np.where(blank, BLANK, "").astype(object)
    codes = np.where(blank, "", answers)
    return Coded(answers, missing, codes)


def _text(value: str, habits: Habits) -> str | None:
    """The text of a cell that is empty, begins with a blank or an apostrophe, or has other line ends."""
    if not value or value.isspace():
        return None
    if "\r" in value:
        value = value.replace("\r\n", "\n").replace("\r", "\n")
    return habits.clean(value)


def answered(coded: Mapping[str, Coded], names: Sequence[str], n: int) -> np.ndarray:
    """Whether each row (n,) holds anything in the fields ``names``, "cannot judge" included."""
    any_answer = np.zeros(n, dtype=bool)
    for name in names:
        if name in coded:
            any_answer |= coded[name].missing != BLANK
    return any_answer


def chosen(coded: Coded, codes: Sequence[str]) -> np.ndarray:
    """Whether each row's answer (n,) is one of the option ``codes``, or has one among several."""
    wanted = {one.casefold() for one in codes}
    inverse, distinct = pd.factorize(coded.codes)
    hits = np.array([bool(wanted & set(answer.casefold().split("|"))) for answer in distinct], dtype=bool)
    return hits[inverse] if len(distinct) else np.zeros(len(coded.codes), dtype=bool)
