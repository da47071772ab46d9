"""The coded rows of one file: what they hold, and why an answer is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mce_utaut.instrument.model import Condition, Instrument, Page, Question
from mce_utaut.survey.arrivals import Arrivals
from mce_utaut.survey.coding import BLANK, Coded, chosen
from mce_utaut.survey.contract import OTHER
from mce_utaut.survey.fields import Field
from mce_utaut.survey.tables import Table


@dataclass(frozen=True, slots=True)
class CodedRows:
    """The rows of ``table`` with what was asked (``wanted``) and, by field name, how it was answered (``coded``;
    fields without a column are not in it)."""

    instrument: Instrument
    table: Table
    wanted: Sequence[Field]
    coded: Mapping[str, Coded]
    arrivals: Arrivals

    @property
    def n(self) -> int:
        """How many rows."""
        return self.table.n


def answer_values(field_: Field, rows: CodedRows) -> np.ndarray:
    """The values (n,) of a field: floats with NaN, or objects with None where missing."""
    if field_.name in rows.coded:
        return rows.coded[field_.name].values
    if field_.kind in ("ordinal", "integer", "number"):
        return np.full(rows.n, np.nan)
    return np.full(rows.n, None, dtype=object)


def missing_kinds(field_: Field, rows: CodedRows, shown: Mapping[str, np.ndarray]) -> np.ndarray:
    """The kind of missing (n,) object of a field, "" where it is answered. ``shown`` is of ``shown_to``."""
    coded, arrivals = rows.coded, rows.arrivals
    if field_.name not in coded:
        return np.full(rows.n, "not_shown", dtype=object)
    visible = shown[field_.question.code]
    if field_.other_of in coded:
        visible = visible & chosen(coded[field_.other_of], (OTHER,))  # type: ignore[index]
    kinds = coded[field_.name].missing.copy()
    blank = kinds == BLANK
    kinds[blank] = "unknown_blank"
    if arrivals.submitted is not None:
        kinds[blank & (arrivals.submitted == True)] = "no_answer"  # noqa: E712 (elementwise)
    kinds[blank & ~visible] = "not_shown"
    told = arrivals.missing.get(field_.name)
    if told is not None:
        kinds[blank] = told[blank]
    return kinds


def shown_to(rows: CodedRows) -> dict[str, np.ndarray]:
    """Per question code, the rows (n,) bool to which it was shown according to the conditions."""
    everyone = np.ones(rows.n, dtype=bool)

    def holds(condition: Condition | None) -> np.ndarray:
        if condition is None:
            return everyone
        name = rows.instrument.question(condition.question).name
        return chosen(rows.coded[name], condition.among) if name in rows.coded else everyone

    def visible(page: Page, question: Question) -> np.ndarray:
        return holds(page.condition) & holds(question.condition)

    pages = rows.instrument.pages
    return {question.code: visible(page, question) for page in pages for question in page.questions}
