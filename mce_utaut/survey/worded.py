"""What is shared by tools that know questions and answers only by their wording, one language a form.

Their files hold neither codes nor the language: both are told by the texts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from mce_utaut.instrument.model import CANNOT_JUDGE_CODE, Instrument, Question
from mce_utaut.survey.contract import OTHER
from mce_utaut.survey.fields import Field, offers_cannot_judge
from mce_utaut.survey.matching import Matched
from mce_utaut.survey.spelling import dense


def one_line(text: str) -> str:
    """``text`` with every run of blanks and line ends as one blank."""
    return " ".join(text.split())


def code_of(field: Field) -> str:
    """The code under which a form shows a field: that of the item or question, ``<CODE>_other`` for the
    text of "other"."""
    if field.item is not None:
        return field.item.code
    return f"{field.question.code}_other" if field.other_of is not None else field.question.code


def stem(instrument: Instrument, question: Question, language: str) -> str:
    """The text of a question, in one line."""
    return one_line(instrument.wordings[language].get(f"question.{question.code}.text"))


def text_of(instrument: Instrument, field: Field, language: str) -> str:
    """The words of a field, in one line: item, question, or question and label of "other"."""
    wording = instrument.wordings[language]
    if field.item is not None:
        return one_line(wording[f"item.{field.item.code}"])
    text = stem(instrument, field.question, language)
    if field.other_of is None:
        return text
    return f"{text} – {one_line(wording.get(f'question.{field.question.code}.other'))}"


def options_of(
    instrument: Instrument, question: Question, language: str, spell: Callable[[str], str] = one_line
) -> dict[str, str]:
    """The label of each answer that ``question`` shows, by our code: options, ``OTHER``, "cannot judge".
    All rows of an array show the same."""
    if question.scale is None:
        return {}
    wording = instrument.wordings[language]
    scale = instrument.scales[question.scale]
    keys = {option.code: f"scale.{scale.id}.{option.code}" for option in scale.options}
    if question.other:
        keys[OTHER] = f"question.{question.code}.other"
    if offers_cannot_judge(instrument, question):
        keys[CANNOT_JUDGE_CODE] = f"scale.{scale.id}.{CANNOT_JUDGE_CODE}"
    return {code: spell(wording.get(key)) for code, key in keys.items()}


def labels_of(
    instrument: Instrument, field: Field, languages: Sequence[str], spell: Callable[[str], str] = one_line
) -> dict[str, dict[str, str]]:
    """``Column.labels`` of ``field``; a label that two answers share has the codes of both."""
    if field.scale is None or field.other_of is not None:
        return {}
    found: dict[str, dict[str, str]] = {}
    for language in languages:
        codes = found.setdefault(language, {})
        for code, label in options_of(instrument, field.question, language, spell).items():
            codes[label] = f"{codes[label]} {code}" if label in codes else code
    return found


def without_leading_unknown(matched: Matched) -> Matched:
    """``matched`` with the unknown columns before the first answer as personal: they are the tool's
    metadata in a language that is not known, or addresses and names."""
    first = min(index for index, _ in matched.answers)
    leading = tuple(index for index in matched.unknown if index < first)
    rest = tuple(index for index in matched.unknown if index >= first)
    return replace(matched, personal=(*matched.personal, *leading), unknown=rest)


def language_of(headings: Sequence[str], matched: Matched) -> str:
    """The language whose texts stand in most of the headings, "" where two come equal."""
    counts: Counter[str] = Counter()
    for index, column in matched.answers:
        heading = dense(headings[index])
        counts.update(language for language, text in column.texts.items() if text and dense(text) in heading)
    ranked = counts.most_common(2)
    if not ranked or (len(ranked) == 2 and ranked[0][1] == ranked[1][1]):
        return ""
    return ranked[0][0]


def row_languages(columns: Sequence[np.ndarray], headings: Sequence[str], matched: Matched) -> np.ndarray:
    """The language (n,) of each row, told by the labels it holds: of a form in several languages the answers
    may come in that of the respondent. Where they tell nothing it is the language of the headings."""
    general = language_of(headings, matched)
    languages = sorted({language for _, column in matched.answers for language in column.texts})
    n = len(columns[0]) if columns else 0
    counts = np.zeros((n, len(languages)), dtype=np.int64)
    for index, column in matched.answers:
        if not column.labels:
            continue
        known = [{dense(label) for label in column.labels.get(language, ())} for language in languages]
        distinct, inverse = np.unique(columns[index], return_inverse=True)
        spoken = [[bool(cell) and dense(cell) in labels for labels in known] for cell in distinct]
        counts += np.array(spoken, dtype=np.int64).reshape(len(distinct), len(languages))[inverse.reshape(-1)]
    found = constant(general, n)
    for row in range(n):
        best = np.flatnonzero(counts[row] == counts[row].max()) if counts[row].any() else []
        if len(best) and general not in [languages[place] for place in best]:
            found[row] = languages[best[0]] if len(best) == 1 else ""
    return found


def constant(value: object, n: int) -> np.ndarray:
    """An object array (n,) of one value."""
    return np.full(n, value, dtype=object)
