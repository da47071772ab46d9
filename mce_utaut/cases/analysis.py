"""Records of cases to counts, means and tables: the results chapter of a case collection."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from mce_utaut.cases import template
from mce_utaut.cases.results import (
    Bin,
    CaseResults,
    CountTable,
    Histogram,
    NumberSummary,
    OptionCount,
    Stackability,
    StackabilityRow,
)
from mce_utaut.cases.template import INDEPENDENT, RECOGNISED, STACKABLE, Heading
from mce_utaut.errors import ImportProblem, Problem
from mce_utaut.instrument.model import Instrument
from mce_utaut.notes import Note
from mce_utaut.responses.records import OTHER, Record
from mce_utaut.responses.standard_elements import completeness


def analyse(instrument: Instrument, cases: Sequence[Record]) -> CaseResults:
    """The results of ``cases``, which are answers to ``instrument`` (the case-collection template). What is
    not reported is counted apart from "no" everywhere.

    Raises ``ImportProblem`` with every contradiction inside a case.
    """
    problems = [problem for case in cases for problem in _contradictions(case)]
    if problems:
        raise ImportProblem(problems)
    return CaseResults(
        n=len(cases),
        heis=tuple(dict.fromkeys(name for case in cases if (name := case.named("hei_name")))),
        counts=tuple(_count(instrument, heading, cases) for heading in template.CLOSED),
        numbers=tuple(_summarise(heading, cases) for heading in template.NUMERIC),
        histograms=tuple(_histogram(heading, edges, cases) for heading, edges in template.BINNED),
        stackability=Stackability(tuple(_stackability(case) for case in cases)),
        completeness=tuple(completeness(case, template.ELEMENT_RULES) for case in cases),
        notes=tuple(_notes(cases)),
    )


def _contradictions(case: Record) -> Iterator[Problem]:
    chosen = case.options("stackability") or ()
    if INDEPENDENT in chosen and len(chosen) > 1:
        said = ", ".join(option for option in chosen if option != INDEPENDENT)
        what = f"stackability is {INDEPENDENT}, and also {said}."
        yield _problem(case, what, f"Delete {INDEPENDENT}, or the rest.")
    if case.text("legacy_scale") == "yes":
        for name in ("online_score", "sync_score"):
            if case.number(name) == 0:
                what = f"{name} is 0, but legacy_scale says that the scores went from 1 to 10."
                yield _problem(case, what, "Correct one of the two.")
    attended, completed = case.number("n_students_attended"), case.number("n_students_completed")
    if attended is not None and completed is not None and completed > attended:
        what = f"{completed:g} learners completed it, but only {attended:g} attended."
        yield _problem(case, what, "Correct one of the two.")


def _problem(case: Record, what: str, remedy: str) -> Problem:
    return Problem(what, remedy, case.file, where=case.where)


def _count(instrument: Instrument, heading: Heading, cases: Sequence[Record]) -> CountTable:
    question = next(each for each in instrument.questions() if each.name == heading.field)
    asked = [case for case in cases if heading.field not in case.not_asked]
    answers = [case.options(heading.field) for case in asked]
    found = Counter(option for options in answers for option in dict.fromkeys(options or ()))
    wording = instrument.wordings[instrument.source_language]
    scale = instrument.scales[question.scale or ""]
    labels = {option.name: wording[f"scale.{scale.id}.{option.code}"] for option in scale.options}
    if question.other:
        labels[OTHER] = "Other"
    return CountTable(
        field=heading.field,
        question=heading.question,
        title=heading.title,
        counts=tuple(OptionCount(option, label, found[option]) for option, label in labels.items()),
        asked=len(asked),
        not_reported=sum(options is None for options in answers),
        several=question.type == "multi",
    )


def _numbers(field: str, cases: Sequence[Record]) -> tuple[np.ndarray, int]:
    """The numbers reported (n,), and how many cases that were asked reported none."""
    answers = [case.number(field) for case in cases if field not in case.not_asked]
    found = [answer for answer in answers if answer is not None]
    return np.array(found, dtype=float), len(answers) - len(found)


def _summarise(heading: Heading, cases: Sequence[Record]) -> NumberSummary:
    values, not_reported = _numbers(heading.field, cases)
    values = values * heading.times
    some = len(values) > 0
    return NumberSummary(
        field=heading.field,
        question=heading.question,
        title=heading.title,
        unit=heading.unit,
        n=len(values),
        not_reported=not_reported,
        mean=float(values.mean()) if some else None,
        sd=float(values.std(ddof=1)) if len(values) > 1 else None,
        median=float(np.median(values)) if some else None,
        minimum=float(values.min()) if some else None,
        maximum=float(values.max()) if some else None,
    )


def _histogram(heading: Heading, edges: Sequence[float], cases: Sequence[Record]) -> Histogram:
    values, not_reported = _numbers(heading.field, cases)
    bins = tuple(
        Bin(_bin_label(lower, upper), lower, upper, int(((values >= lower) & (values < upper)).sum()))
        for lower, upper in itertools.pairwise(edges)
    )
    return Histogram(heading.field, heading.question, heading.title, bins, not_reported)


def _bin_label(lower: float, upper: float) -> str:
    return f"{lower:g}" if upper - lower == 1 else f"{lower:g} to {upper - 1:g}"


def _stackability(case: Record) -> StackabilityRow:
    chosen = case.options("stackability")
    has = set(chosen or ())
    title = case.text("title") or case.key
    return StackabilityRow(case.key, title, INDEPENDENT in has, STACKABLE in has, RECOGNISED in has, chosen is not None)


def _notes(cases: Sequence[Record]) -> Iterator[Note]:
    legacy = sum(case.text("legacy_scale") == "yes" for case in cases)
    if legacy:
        text = (
            f"The online and synchronous scores of {legacy} of {len(cases)} cases went from 1 to 10: nothing "
            "online or nothing synchronous could not be said there, so 10 % may stand for 0 %."
        )
        yield Note("legacy_scale", text, "caution")
    titles = Counter((case.named("hei_name"), (case.text("title") or "").casefold()) for case in cases)
    for (hei, title), n in titles.items():
        if title and n > 1:
            yield Note("same_title", f"{n} cases of {hei} have the title “{title}”.", "caution")
