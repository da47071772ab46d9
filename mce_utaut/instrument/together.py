"""Checks of the questionnaires of one study against each other: roles are compared on what they share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from mce_utaut.errors import Problem
from mce_utaut.instrument.model import CANNOT_JUDGE_CODE, Instrument, Item, Question, Scale
from mce_utaut.notes import Note


@dataclass(frozen=True, slots=True)
class TogetherReport:
    """What keeps questionnaires from being analysed together, and what should be known."""

    problems: tuple[Problem, ...] = ()
    warnings: tuple[Note, ...] = ()

    @property
    def ok(self) -> bool:
        """True where there is no problem."""
        return not self.problems


@dataclass(frozen=True, slots=True)
class _Pair:
    """A part that two questionnaires share: its kind and id, and where it was first seen."""

    part: str
    first: Instrument
    second: Instrument

    def problem(self, what: str, remedy: str) -> Problem:
        return Problem(f"{what} ({self.first.id}, {self.second.id}).", remedy, where=self.part)


def check_together(instruments: Sequence[Instrument]) -> TogetherReport:
    """Every difference between the instruments of one study that would make their comparison wrong:
    shared scales must have the same answers and, per language, the same labels; shared constructs the
    same kind and anchors; shared items the same construct, scale and scoring. Other languages, and a
    question that is asked in another way, are warnings. Templates are no roles: of them only the id counts."""
    problems: list[Problem] = []
    seen: dict[str, Instrument] = {}
    for instrument in instruments:
        if instrument.id in seen:
            what = f"two questionnaires have the id {instrument.id}."
            problems.append(Problem(what, "Give each an id of its own.", where=instrument.id))
        seen[instrument.id] = instrument
    instruments = [instrument for instrument in instruments if instrument.kind == "survey"]
    for pair in _pairs(instruments, "scales"):
        problems += _scale_differences(pair)
    for pair in _pairs(instruments, "constructs"):
        problems += _construct_differences(pair)
    problems += _item_differences(instruments)
    return TogetherReport(tuple(problems), (*_language_differences(instruments), *_question_differences(instruments)))


def _pairs(instruments: Sequence[Instrument], parts: str) -> Iterator[_Pair]:
    """Each later questionnaire that has a scale or construct, with the first that has it."""
    first: dict[str, Instrument] = {}
    for instrument in instruments:
        for part in getattr(instrument, parts):
            if part in first:
                yield _Pair(f"{parts.removesuffix('s')} {part}", first[part], instrument)
            first.setdefault(part, instrument)


def _scale_differences(pair: _Pair) -> Iterator[Problem]:
    name = pair.part.removeprefix("scale ")
    one, two = pair.first.scales[name], pair.second.scales[name]
    remedy = "Make the scale the same in both, or give one of them another id."
    difference = _first_difference(one, two)
    if difference:
        yield pair.problem(difference, remedy)
        return
    codes = [option.code for option in one.options] + [CANNOT_JUDGE_CODE] * one.cannot_judge
    for language in pair.first.languages:
        if language not in pair.second.wordings:
            continue
        for code in codes:
            key = f"scale.{name}.{code}"
            labels = [instrument.wordings[language].get(key) for instrument in (pair.first, pair.second)]
            if labels[0] != labels[1]:
                what = f'the {language} label of option {code} is "{labels[0]}" in one and "{labels[1]}" in the other'
                yield pair.problem(what, "Word it the same: people must have answered the same scale.")


def _first_difference(one: Scale, two: Scale) -> str:
    if one.kind != two.kind:
        return f"the scale is {one.kind} in one and {two.kind} in the other"
    if one.cannot_judge != two.cannot_judge:
        return 'one offers "cannot judge" and the other does not'
    for position, (left, right) in enumerate(zip_longest(one.options, two.options), start=1):
        if left is None or right is None:
            return f"one has {len(one.options)} options and the other {len(two.options)}"
        if (left.code, left.name) != (right.code, right.name):
            return f"answer {position} is {left.code} {left.name} in one and {right.code} {right.name} in the other"
    return ""


def _construct_differences(pair: _Pair) -> Iterator[Problem]:
    name = pair.part.removeprefix("construct ")
    one, two = pair.first.constructs[name], pair.second.constructs[name]
    if one.kind != two.kind:
        what = f"the construct is {one.kind} in one and {two.kind} in the other"
        yield pair.problem(what, "Give it the same kind in both.")
    lacking = sorted(set(one.anchors) ^ set(two.anchors))
    if lacking:
        what = f"anchors stand in one and not in the other: {', '.join(lacking)}"
        yield pair.problem(what, "Give both the same anchors, or make the items `specific`.")


def _item_differences(instruments: Sequence[Instrument]) -> Iterator[Problem]:
    """Items that share a code but are not the same measure."""
    first: dict[str, tuple[Instrument, Question, Item]] = {}
    for instrument in instruments:
        for question, item in instrument.items():
            known = first.setdefault(item.code.casefold(), (instrument, question, item))
            if known[0] is instrument:
                continue
            pair = _Pair(f"item {item.code}", known[0], instrument)
            for what, left, right in (
                ("construct", known[2].construct, item.construct),
                ("kind", known[2].kind, item.kind),
                ("scale", known[1].scale, question.scale),
                ("reverse", known[2].reverse, item.reverse),
                ("spelling", known[2].code, item.code),
            ):
                if left != right:
                    said = f"its {what} is {_shown(left)} in one and {_shown(right)} in the other"
                    yield pair.problem(said, "Make it the same in both, or give one of them another code.")


def _shown(value: object) -> str:
    return {None: "none", True: "true", False: "false"}.get(value, str(value))


def _language_differences(instruments: Sequence[Instrument]) -> Iterator[Note]:
    everywhere = {language for instrument in instruments for language in instrument.languages}
    for instrument in instruments:
        lacking = sorted(everywhere - set(instrument.languages))
        if lacking:
            text = f"{instrument.id} is not there in {', '.join(lacking)}, other questionnaires of the study are."
            yield Note("languages_differ", text, "caution", instrument.id)


def _question_differences(instruments: Sequence[Instrument]) -> Iterator[Note]:
    """Questions that share a name but not the way they are answered."""
    first: dict[str, tuple[Instrument, Question]] = {}
    for instrument in instruments:
        for question in instrument.questions():
            if question.type in ("array", "info"):
                continue
            other, known = first.setdefault(question.name, (instrument, question))
            if (known.type, known.scale) != (question.type, question.scale):
                text = (
                    f"{question.name} is asked in another way in {instrument.id} ({_asked(question)}) than in "
                    f"{other.id} ({_asked(known)}); their answers cannot be put in one table."
                )
                yield Note("question_differs", text, "info", f"question {question.code}")


def _asked(question: Question) -> str:
    return question.type if question.scale is None else f"{question.type} on {question.scale}"
