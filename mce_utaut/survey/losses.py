"""Notes on what a tool cannot express, in the words that several tools share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

from mce_utaut.instrument.model import Instrument
from mce_utaut.notes import Note
from mce_utaut.survey.fields import Field, fields, offers_cannot_judge
from mce_utaut.survey.spelling import dense


def one_language(languages: Sequence[str], tool: str) -> list[Note]:
    """A form holds one language."""
    if len(languages) < 2:
        return []
    text = (
        f"A form of {tool} holds one language: there is a file for each, which makes a form of its own. Import the "
        "answers of all of them together."
    )
    return [Note("one_language", text)]


def not_verified(text: str) -> list[Note]:
    """What could not be tried."""
    return [Note("not_verified", text, "caution")]


def branching(instrument: Instrument, kept: Sequence[str], tool: str) -> list[Note]:
    """Conditions that are not kept; ``kept`` lists codes of questions and ids of pages whose condition is."""
    lost = [f"page {page.id}" for page in instrument.pages if page.condition and page.id not in kept]
    lost += [question.code for question in instrument.questions() if question.condition and question.code not in kept]
    if not lost:
        return []
    text = (
        f"{tool} shows these to everybody, since their condition cannot be written here: {', '.join(lost)}. Add the "
        "branching by hand where the tool has it; answers that the condition excludes are read as they stand."
    )
    return [Note("branching", text, "caution")]


def fixed_order(
    instrument: Instrument, tool: str, *, items: bool = True, options: bool = True, pages: bool = True
) -> list[Note]:
    """What is not shuffled: ``items``, ``options`` and ``pages`` say which of them the tool leaves in order."""
    found = []
    shuffled = [
        question.code
        for question in instrument.questions()
        if (items and question.random_items) or (options and question.random_options)
    ]
    if shuffled:
        text = f"{tool} does not shuffle rows or options here: {', '.join(shuffled)} keep their order."
        found.append(Note("fixed_items", text, "caution"))
    groups = [page.id for page in instrument.pages if page.random_group]
    if groups and pages:
        text = f"{tool} does not shuffle pages here: {', '.join(groups)} keep their order."
        found.append(Note("fixed_pages", text, "caution"))
    return found


def soft_mandatory(instrument: Instrument, tool: str) -> list[Note]:
    """Reminders that the tool does not have."""
    soft = [question.code for question in instrument.questions() if question.required == "soft"]
    if not soft:
        return []
    text = (
        f"{tool} has no reminder that one may pass over: these are not required, so that nobody is forced to answer: "
        f"{', '.join(soft)}."
    )
    return [Note("soft_mandatory", text)]


def link_parameters(instrument: Instrument, tool: str) -> list[Note]:
    """Questions that other tools fill by the link."""
    linked = [question.code for question in instrument.questions() if question.from_link]
    if not linked:
        return []
    text = (
        f"{tool} has no hidden questions that a link fills: {', '.join(linked)} are asked. Where one answer holds for "
        "the whole form delete the question there, and say it at the import (--hei, --wave, --pilot)."
    )
    return [Note("link_parameters", text)]


def made_lenient(instrument: Instrument) -> list[str]:
    """The items that offer "cannot judge" only because other rows of their grid do."""
    return [
        item.code
        for question, item in instrument.items()
        if not item.cannot_judge and offers_cannot_judge(instrument, question)
    ]


def cannot_judge_everywhere(instrument: Instrument, tool: str, grid: str = "a grid") -> list[Note]:
    """Rows that offer "cannot judge" because the other rows do; ``grid`` is what the tool calls it."""
    strict = made_lenient(instrument)
    if not strict:
        return []
    text = (
        f"{tool} shows the same answers for all rows of {grid}, so “cannot judge” is also offered for "
        f"{', '.join(strict)}; an attention item answered with it counts as failed."
    )
    return [Note("cannot_judge_everywhere", text)]


def no_digest(tool: str) -> list[Note]:
    """The version of the questionnaire does not travel in the form."""
    text = (
        f"{tool} has no hidden field for the questionnaire's digest: only the column map tells which version was "
        "fielded. Give it back at the import."
    )
    return [Note("no_digest", text)]


def same_wording(
    instrument: Instrument, languages: Sequence[str], heading: Callable[[Field, str], str], tool: str
) -> list[Note]:
    """Fields that have one heading, and options that have one label."""
    found = []
    for language in languages:
        named: dict[str, list[str]] = defaultdict(list)
        for field in fields(instrument):
            named[dense(heading(field, language))].append(field.name)
        equal = [" and ".join(names) for names in named.values() if len(names) > 1]
        if equal:
            text = (
                f"{'; '.join(equal)} have the same heading in answers of {tool}: keep their order, and give the column "
                "map at the import."
            )
            found.append(Note("same_wording", text, "caution", language))
        for scale in instrument.scales.values():
            wording = instrument.wordings[language]
            labels = [dense(wording.get(f"scale.{scale.id}.{option.code}")) for option in scale.options]
            if len(set(labels)) < len(labels):
                text = f"Two answers of the scale {scale.id} have one label, which cannot be told apart in {tool}."
                found.append(Note("same_labels", text, "problem", language))
    return found


def other_asked(instrument: Instrument, tool: str) -> list[Note]:
    """The text of "other" as a question of its own."""
    others = [question.code for question in instrument.questions() if question.other]
    if not others:
        return []
    text = (
        f"The text of “other” is a question of its own below {', '.join(others)}, since {tool} would write it into the "
        "cell of the answer, where it could be taken for another option."
    )
    return [Note("other_asked", text)]
