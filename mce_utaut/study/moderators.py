"""What a moderator of the study is in a role: groups of respondents, or numbers along which a slope may change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from mce_utaut.errors import Problem, StudyError
from mce_utaut.instrument.model import Instrument, Question
from mce_utaut.responses.model import Responses
from mce_utaut.responses.scores import ScaleScore
from mce_utaut.study.config import Moderator
from mce_utaut.study.model_text import ModelText
from mce_utaut.study.sentences import MINUS, Sentences
from mce_utaut.study.texts import option_labels, question_text, wording_for

LANGUAGE = "language"  # of the answers: no question, but versions of a questionnaire are groups too (rule V8)
Kind = Literal["groups", "values", "score", "latent"]


@dataclass(frozen=True, slots=True, eq=False)
class Resolved:
    """A moderator in one role: its title; ``member`` (n,) holds the key of each respondent's group (None: none), with
    the ``labels`` of the groups in order; ``number`` (n,) its values, with the values and ``labels`` of its points. A
    latent moderator has neither."""

    kind: Kind
    title: str
    member: np.ndarray | None = None
    number: np.ndarray | None = None
    labels: Mapping[str, str] | None = None
    points: tuple[tuple[float, str], ...] = ()


def moderator_title(name: str, instruments: Iterable[Instrument], say: Sentences) -> str:
    """What a moderator is called in the study's language: our short word for it, else the construct's label, else the
    question; ``name`` where no questionnaire asks it."""
    if say.has(f"composition.{name}"):
        return say(f"composition.{name}")
    for instrument in instruments:
        wording = wording_for(instrument, say.language)
        if name in instrument.constructs:
            return wording.get(f"construct.{name}.label", name)
        question = _place(name, instrument)
        if question is not None:
            return question_text(instrument, question, say.language) or name
    return name


def side_title(side: str, name: str, instruments: Iterable[Instrument], say: Sentences) -> str:
    """A side of a moderator in words: its low or high values, or the label of an option; else ``side`` itself."""
    if say.has(f"plan.side.{side}"):
        return say(f"plan.side.{side}")
    for instrument in instruments:
        labels = option_labels(instrument, _place(name, instrument), say.language)
        if side in labels:
            return labels[side]
    return side


def check_moderators(
    moderators: Sequence[Moderator], instruments: Mapping[str, Instrument], model: ModelText, outcome: str
) -> None:
    """Raises ``StudyError`` with every moderator that no questionnaire asks, and every option, predictor or kind that
    does not fit it."""
    predictors = [path.predictor for path in model.paths if path.outcome == outcome and path.predictor in model.factors]
    problems: list[Problem] = []
    for each in moderators:
        where = f"moderators: {each.name}"
        for name in each.predictors:
            if name not in predictors:
                remedy = f"The model has {', '.join(predictors)}."
                problems.append(Problem(f"{name} is no latent predictor of {outcome}.", remedy, where=where))
        asked = {role: one for role, one in instruments.items() if not each.roles or role in each.roles}
        places = {role: place for role, one in asked.items() if (place := _place(each.name, one)) is not None}
        if each.name == LANGUAGE and not places:
            if each.groups or each.values or each.at:
                what = "the language of the answers has no options in the questionnaire."
                problems.append(Problem(what, "Leave groups, values and at out.", where=where))
            continue
        if not places:
            names = sorted({q.name for one in asked.values() for q in one.questions() if q.type == "choice"})
            remedy = f"Name a construct or a question, such as {', '.join(names[:8])}."
            problems.append(Problem(f"no questionnaire asks {each.name!r}.", remedy, where=where))
        for role, place in places.items():
            problems += _misfits(each, place, instruments[role], where)
    if problems:
        raise StudyError(list(dict.fromkeys(problems)))


def resolve(
    moderator: Moderator,
    instrument: Instrument,
    responses: Responses,
    scores: Mapping[str, ScaleScore],
    model: ModelText,
    say: Sentences,
) -> Resolved | None:
    """The moderator as this role answered it; None where it was not asked."""
    name = moderator.name
    if name in instrument.constructs and len(instrument.constructs[name].items) > 1:
        title = wording_for(instrument, say.language).get(f"construct.{name}.label", name)
        if name in model.factors:
            return Resolved("latent", title)
        if name not in scores:
            return None
        values = scores[name].values
        points = tuple((value, "") for value in moderator.at) or _around(values, say)
        return Resolved("score", title, number=values, points=points)
    question = _place(name, instrument)
    if question is None and name == LANGUAGE:
        return _languages(responses, say)
    if question is None or question.name not in responses.data:
        return None
    title = question_text(instrument, question, say.language) or question.name
    column = responses.data[question.name]
    if question.type != "choice":
        values = column.to_numpy(dtype=float)
        points = tuple((value, "") for value in moderator.at) or _around(values, say)
        return Resolved("score", title, number=values, points=points)
    labels = option_labels(instrument, question, say.language)
    codes = _codes(question, instrument)
    answers = _option_names(column, question, instrument)
    if _has_groups(moderator, question, instrument):
        own = {codes.get(option, option): label for label, those in moderator.groups.items() for option in those}
        own = own or {option: option for option in labels}
        known = {label: label for label in moderator.groups} or labels
        member = np.array([own.get(answer) if answer is not None else None for answer in answers], dtype=object)
        return Resolved("groups", title, member=member, labels=known)
    numbers = _numbers(moderator, question, instrument)
    values = np.array([numbers.get(answer, np.nan) if answer is not None else np.nan for answer in answers])
    named = {value: labels.get(option, option) for option, value in numbers.items()}
    given = moderator.at or tuple(sorted(named))
    low, high = _ends(values)
    points = tuple((value, named.get(value, "")) for value in given if low <= value <= high)
    return Resolved("values", title, number=values, points=points)


def _languages(responses: Responses, say: Sentences) -> Resolved | None:
    answered = [None if each is None or each != each else str(each) for each in responses.meta["language"]]
    found = sorted({each for each in answered if each is not None})
    if len(found) < 2:
        return None
    labels = {each: say(f"language.{each}") if say.has(f"language.{each}") else each for each in found}
    return Resolved("groups", say(f"composition.{LANGUAGE}"), member=np.array(answered, dtype=object), labels=labels)


def _place(name: str, instrument: Instrument) -> Question | None:
    """The question called or coded ``name``, or that alone measures the construct ``name``; for a construct of
    several items the question of the first (it only says that the construct is asked)."""
    construct = instrument.constructs.get(name)
    wanted = construct.items[0] if construct is not None and construct.items else name
    for question in instrument.questions():
        if wanted in (question.name, question.code) or any(item.code == wanted for item in question.items):
            return question
    return None


def _misfits(moderator: Moderator, question: Question, instrument: Instrument, where: str) -> Iterator[Problem]:
    if question.type == "array":
        if moderator.groups or moderator.values:
            yield Problem("a construct has no options.", "Leave groups and values out.", where=where)
        return
    if question.type not in ("choice", "integer", "number"):
        remedy = "Name a choice of one option, a number or a construct."
        yield Problem(f"answers to {question.name} are neither options nor numbers.", remedy, where=where)
        return
    if question.type != "choice":
        if moderator.groups or moderator.values:
            yield Problem(f"{question.name} asks a number and has no options.", "Leave groups out.", where=where)
        return
    codes = _codes(question, instrument)
    named = [*moderator.values, *(option for own in moderator.groups.values() for option in own)]
    known = set(codes.values())
    for option in named:
        if codes.get(option, option) not in known:
            remedy = f"Its options are {', '.join(sorted(known))}."
            yield Problem(f"{question.name} has no option {option!r}.", remedy, where=where)


def _option_names(column: pd.Series, question: Question, instrument: Instrument) -> list[str | None]:
    """The options chosen, by name; questions that measure a construct are kept as numbers."""
    by_value = {option.value: option.name for option in instrument.scales[question.scale or ""].options}
    if pd.api.types.is_numeric_dtype(column):
        return [by_value.get(value) for value in column]
    return [None if answer is None or answer != answer else str(answer) for answer in column]


def _codes(question: Question, instrument: Instrument) -> dict[str, str]:
    scale = instrument.scales[question.scale or ""]
    return {option.code: option.name for option in scale.options} | {o.name: o.name for o in scale.options}


def _has_groups(moderator: Moderator, question: Question, instrument: Instrument) -> bool:
    nominal = instrument.scales[question.scale or ""].kind == "nominal"
    return bool(moderator.groups) or (nominal and not moderator.values)


def _numbers(moderator: Moderator, question: Question, instrument: Instrument) -> dict[str, float]:
    codes = _codes(question, instrument)
    if moderator.values:
        return {codes.get(option, option): value for option, value in moderator.values.items()}
    options = instrument.scales[question.scale or ""].options
    return {option.name: option.value for option in options if option.value is not None}


def _ends(values: np.ndarray) -> tuple[float, float]:
    known = values[~np.isnan(values)]
    return (float(known.min()), float(known.max())) if known.size else (0.0, 0.0)


def _around(values: np.ndarray, say: Sentences) -> tuple[tuple[float, str], ...]:
    """The mean and a standard deviation on either side, within what was answered."""
    known = values[~np.isnan(values)]
    if known.size < 2:
        return ()
    mean, sd, (low, high) = float(known.mean()), float(known.std(ddof=1)), _ends(values)
    return tuple(zip((max(mean - sd, low), mean, min(mean + sd, high)), around_the_mean(say), strict=True))


def around_the_mean(say: Sentences) -> tuple[str, str, str]:
    """What a standard deviation below the mean, the mean and one above are called."""
    sd = say("moderation.sd")
    return f"{MINUS}1 {sd}", "M", f"+1 {sd}"
