"""University, wave and pilot as people write them, as the options of the questionnaire."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from mce_utaut.errors import Problem, UsageError
from mce_utaut.instrument.model import Instrument, Question
from mce_utaut.notes import Note
from mce_utaut.survey.contract import ReadOptions
from mce_utaut.survey.spelling import dense, normal

_PURPOSES: Mapping[str, tuple[str, str]] = {  # of ``ReadOptions`` and ``meta``: purpose, in words
    "hei": ("hei", "university"),
    "wave": ("wave", "wave"),
    "pilot_id": ("pilot", "pilot"),
}
WAVES = ("pre", "post", "single")
_NEAR = 0.75
_LEAST_WORD = 3  # letters of a word that may name a university
_IN_BRACKETS = re.compile(r"\s*\([^)]*\)")


@dataclass(frozen=True, slots=True)
class _Options:
    """The options of one question: ``names`` by every spelling (dense), ``words`` the spellings that a
    person may have meant, ``listed`` all of them for people."""

    names: Mapping[str, str]
    words: Mapping[str, str]
    listed: str
    other: bool


def settled(instrument: Instrument, options: ReadOptions) -> tuple[ReadOptions, tuple[Note, ...]]:
    """The options with university, wave and pilot as names of the questionnaire's options, whether code,
    name or label (of any language) was given, ignoring case.

    A value that is none of them is kept, with a note, where the question allows "other" and nothing known
    comes near. Raises ``UsageError`` for any other, with what is known."""
    problems: list[Problem] = []
    notes: list[Note] = []
    changed: dict[str, str] = {}
    for attribute, (_, word) in _PURPOSES.items():
        value = getattr(options, attribute)
        known = _options(instrument, attribute)
        if value is None:
            continue
        if known is None:
            if attribute == "wave":
                problems += _odd_wave(value, instrument.id)
                changed[attribute] = value.casefold()
            continue
        found = known.names.get(dense(value))
        if found is not None:
            changed[attribute] = found
            continue
        near = _near(value, known)
        if near or not known.other:
            hint = f"Did you mean {near}? " if near else ""
            more = " If it is another one, write its name with its place." if known.other else ""
            what = f"there is no {word} “{value}” in {instrument.id}."
            problems.append(Problem(what, f"{hint}It knows {known.listed}.{more}"))
        else:
            text = f"The {word} “{value}” is not among those that {instrument.id} lists ({known.listed})."
            values = (("value", value), ("instrument", instrument.id))
            notes.append(Note(f"other_{attribute}", text, "caution", value, values=values))
    if problems:
        raise UsageError(problems)
    return replace(options, **changed) if changed else options, tuple(notes)


def _odd_wave(value: str, instrument_id: str) -> list[Problem]:
    """What is wrong with a wave where the questionnaire does not ask for it."""
    if value.casefold() in WAVES:
        return []
    return [Problem(f"there is no wave “{value}”; {instrument_id} does not ask for it.", f"Say {', '.join(WAVES)}.")]


def as_names(instrument: Instrument, attribute: str, values: np.ndarray) -> np.ndarray:
    """``values`` (n,) object of a column of ``meta`` that the file carries, those that are an option of
    the questionnaire by its name; others as they are."""
    known = _options(instrument, attribute) if attribute in _PURPOSES else None
    if known is None:
        return values
    return np.array([known.names.get(dense(str(v)), v) if v is not None else None for v in values], dtype=object)


def contradicted(
    instrument: Instrument, attribute: str, options: ReadOptions, answers: np.ndarray, name: str
) -> tuple[Note, ...]:
    """A note where rows say another university, wave or pilot than the option that was given. It names options of the
    questionnaire only: anything else may be what a respondent typed, and notes are printed."""
    value = getattr(options, attribute, None)
    others = [str(answer) for answer in answers if value is not None and answer is not None and answer != value]
    if not others:
        return ()
    known = _options(instrument, attribute)
    named = sorted(set(others) & set(known.names.values() if known is not None else ()))[:5]
    among = f" ({', '.join(named)})" if named else ""
    count = f"{len(others)} rows of {name} say" if len(others) > 1 else f"1 row of {name} says"
    text = (
        f"{count} another {_PURPOSES[attribute][1]}{among} than was given ({value}): what stands in the file was kept."
    )
    values = (("file", name), ("n", len(others)), ("value", value), ("rule", attribute))
    return (Note("given_not_used", text, "caution", name, values=values),)


def filled_in(attribute: str, options: ReadOptions, answers: np.ndarray, name: str) -> tuple[Note, ...]:
    """A note where the option fills some of ``answers`` (n,) of a file whose other rows say it themselves: the silent
    ones may be lost links, and of another university or wave."""
    value, silent = getattr(options, attribute, None), sum(answer is None for answer in answers)
    if value is None or silent in (0, len(answers)):
        return ()
    text = (
        f"{silent} of {len(answers)} rows of {name} {'say' if silent > 1 else 'says'} no {_PURPOSES[attribute][1]}, "
        f"though the others do: {value} was put there, as given."
    )
    values = (("file", name), ("n", silent), ("total", len(answers)), ("value", value), ("rule", attribute))
    return (Note("given_filled_in", text, "caution", name, values=values),)


def unsaid(instrument: Instrument, answers: Mapping[str, np.ndarray], name: str) -> list[Note]:
    """A note for the university and the wave where the questionnaire asks for it and no row of the file says it;
    ``answers`` are the columns of ``meta`` (n,) object."""
    notes = []
    for attribute, option in (("hei", "--hei"), ("wave", "--wave")):
        purpose, word = _PURPOSES[attribute]
        asked = any(question.purpose == purpose for question in instrument.questions())
        if asked and len(answers[attribute]) and all(answer is None for answer in answers[attribute]):
            text = f"No row of {name} says its {word}: where it is the same for all, say it with {option}."
            notes.append(Note(f"no_{attribute}", text, "caution", name, values=(("file", name),)))
    return notes


def _options(instrument: Instrument, attribute: str) -> _Options | None:
    """What is known of the question of this purpose, or None where there is none with options."""
    purpose = _PURPOSES[attribute][0]
    question: Question | None = next((one for one in instrument.questions() if one.purpose == purpose), None)
    if question is None or not question.scale or question.construct:
        return None
    scale = instrument.scales[question.scale]
    names: dict[str, str] = {}
    words: dict[str, str] = {}
    for option in scale.options:
        labels = [wording.get(f"scale.{scale.id}.{option.code}", "") for wording in instrument.wordings.values()]
        for spelling in filter(None, (option.name, option.code, *labels)):
            names.setdefault(dense(spelling), option.name)
            words.setdefault(_IN_BRACKETS.sub("", normal(spelling)).casefold(), option.name)
            for short in re.findall(r"\(([^)]*)\)", spelling):
                words.setdefault(short.casefold(), option.name)
    for spelling, name in words.items():
        names.setdefault(dense(spelling), name)
    listed = ", ".join(f"{option.code} ({option.name})" for option in scale.options)
    return _Options(names, words, listed, question.other)


def _near(value: str, known: _Options) -> str:
    """The option that ``value`` comes near: with its code or name as a word, or spelled nearly so in each
    of its words (two universities may differ in the name of the town only)."""
    spelled = normal(value).casefold()
    for word in re.findall(r"\w+", spelled):
        if len(word) >= _LEAST_WORD and word in known.words:
            return known.words[word]
    for best in difflib.get_close_matches(spelled, known.words, n=3, cutoff=_NEAR):
        theirs = re.findall(r"\w+", best)
        own = [word for word in re.findall(r"\w+", spelled) if len(word) > _LEAST_WORD]
        if all(_among(word, theirs) for word in own):
            return known.words[best]
    return ""


def _among(word: str, theirs: Sequence[str]) -> bool:
    """Whether ``word`` is nearly one of ``theirs``, or the beginning of one."""
    return bool(difflib.get_close_matches(word, theirs, n=1, cutoff=_NEAR)) or any(
        other.startswith(word) for other in theirs
    )
