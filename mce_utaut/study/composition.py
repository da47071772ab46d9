"""Who answered: frequencies per university, language, wave and demographic question, small cells hidden."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pandas as pd

from mce_utaut.instrument.model import Instrument, Question
from mce_utaut.responses.model import Responses
from mce_utaut.study.disclosure import shown
from mce_utaut.study.result import Count, CountTable
from mce_utaut.study.sentences import Sentences
from mce_utaut.study.texts import option_labels, question_text

_META = ("hei", "language", "wave")
_LOOSE = "other"


def composition(
    responses: Responses, instrument: Instrument, language: str, limit: int, say: Sentences
) -> tuple[CountTable, ...]:
    """One table for each of university, language, wave and every demographic choice question that has an
    answer; cells under ``limit`` are hidden with their complement."""
    tables = []
    for variable in _META:
        if variable == "wave" and responses.meta["wave"].nunique() < 2:
            continue  # waves are analysed one at a time: it is said once, not tabled
        question = next((q for q in instrument.questions() if variable in (q.purpose, q.name)), None)
        tables.append(_table(variable, question, responses.meta[variable], instrument, language, limit, say))
    for question in instrument.questions():
        if question.purpose == "demographic" and question.type == "choice" and question.name in responses.data:
            column = responses.data[question.name]
            tables.append(_table(question.name, question, column, instrument, language, limit, say))
    return tuple(table for table in tables if table is not None)


def adopter_shares(
    responses: Responses, instrument: Instrument, language: str, limit: int, say: Sentences
) -> CountTable | None:
    """Rogers' adopter categories as respondents chose them, or None where that was not asked."""
    question = next((q for q in instrument.questions() if q.purpose == "adopter"), None)
    if question is None or question.name not in responses.data:
        return None
    return _table("adopter", question, responses.data[question.name], instrument, language, limit, say)


def raw_counts(values: pd.Series, order: Sequence[str]) -> dict[str, int]:
    """Unsuppressed frequencies of the values in ``order`` (0 where none): for statistics, never printed."""
    found = Counter(str(value) for value in values.dropna())
    return {name: found.get(name, 0) for name in order}


def _table(
    variable: str,
    question: Question | None,
    values: pd.Series,
    instrument: Instrument,
    language: str,
    limit: int,
    say: Sentences,
) -> CountTable | None:
    given = values.dropna()
    if given.empty:
        return None
    labels = option_labels(instrument, question, language) or _languages(variable, given, say)
    known = dict.fromkeys(labels, 0)
    loose: Counter[str] = Counter()
    for value in given.astype(str):
        if value in known:
            known[value] += 1
        else:
            loose[value] += 1
    rows = list(known.items()) if labels else []
    rows += _own_words(loose, limit, asked=bool(labels) or question is not None)
    # How many gave no answer is told as for every item: it says nothing about who they are, and it follows
    # from the shares.
    missing = len(values) - len(given)
    cells = shown([n for _, n in rows], limit)
    total = len(given)
    counts = tuple(
        Count(
            labels.get(name) or (say("composition.other") if name == _LOOSE else name),
            cell,
            None if cell is None else cell / total,
        )
        for (name, _), cell in zip(rows, cells, strict=True)
    )
    key = f"composition.{variable}"
    title = say(key) if say.has(key) else question_text(instrument, question, language) or variable
    return CountTable(variable, title, counts, missing)


def _languages(variable: str, given: pd.Series, say: Sentences) -> dict[str, str]:
    """Names of the languages that occur; empty for any other variable."""
    if variable != "language":
        return {}
    found = sorted(str(code) for code in given.unique())
    return {code: say(f"language.{code}") if say.has(f"language.{code}") else code for code in found}


def _own_words(loose: Counter[str], limit: int, asked: bool) -> list[tuple[str, int]]:
    """Values that the questionnaire does not define. What people typed is never printed: it counts as
    "other". A value that came with the file (a university's code) stands for itself unless it is rare."""
    if asked:
        total = sum(loose.values())
        return [(_LOOSE, total)] if total else []
    named = sorted((value, n) for value, n in loose.items() if n >= limit)
    rest = sum(n for n in loose.values() if n < limit)
    return [*named, (_LOOSE, rest)] if rest else named
