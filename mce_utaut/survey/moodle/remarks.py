"""What Moodle's Feedback cannot express, and what has to be done by hand."""

from __future__ import annotations

from collections.abc import Sequence

from mce_utaut.instrument.model import Instrument
from mce_utaut.notes import Note
from mce_utaut.survey import losses
from mce_utaut.survey.moodle.columns import label
from mce_utaut.survey.moodle.feedback import dependency
from mce_utaut.survey.outline import outline
from mce_utaut.survey.worded import one_line, text_of

_TOOL = "Moodle Feedback"


def notes(instrument: Instrument, languages: Sequence[str]) -> list[Note]:
    """The notes for the XML files."""
    questions = list(instrument.questions())
    found = losses.not_verified(
        "The XML, the headings of downloaded answers and how several answers stand in one cell follow Moodle's source "
        "code, but nothing was imported into a Moodle or downloaded from one: look at the activity once before "
        "fielding."
    )
    found += losses.one_language(languages, _TOOL)
    found += losses.branching(instrument, _kept(instrument), _TOOL)
    if instrument.consent:
        text = (
            f"Everything after {instrument.consent.question} depends on it, so that who does not agree comes to the "
            "end at once; the text for them (survey.declined) is not shown. Paste survey.end into “Completion message”."
        )
        found.append(Note("declined_text", text))
    found += losses.fixed_order(instrument, _TOOL)
    found += losses.soft_mandatory(instrument, _TOOL)
    found += losses.link_parameters(instrument, _TOOL)
    found += losses.other_asked(instrument, _TOOL)
    found += losses.same_wording(instrument, languages, lambda field, code: text_of(instrument, field, code), _TOOL)
    found += losses.no_digest(_TOOL)
    if any(question.type == "array" for question in questions):
        text = (
            "Moodle Feedback has no grid: each statement is a question below the text of its block. Its own averages "
            "count “cannot judge” as 99: do not use them."
        )
        found.append(Note("no_grid", text))
    dates = [question.code for question in questions if question.type == "date"]
    if dates:
        text = f"Moodle Feedback has no dates: {', '.join(dates)} are lines of text. Ask for dates as 2025-03-31."
        found.append(Note("dates", text, "caution"))
    changed = {
        language
        for language in languages
        for key, text_ in instrument.wordings[language].strings.items()
        if key.startswith("scale.") and label(text_.text) != one_line(text_.text)
    }
    if changed:
        text = "“|” and other signs with which Moodle separates options are replaced in labels."
        found.append(Note("bars", text, "info", ", ".join(sorted(changed))))
    text = (
        "One-line answers hold 255 characters; newer releases download line ends within an answer as three blanks. "
        "Answers do not tell how long they took, and unfinished ones stay away."
    )
    found.append(Note("no_duration", text))
    return found


def _kept(instrument: Instrument) -> list[str]:
    """The codes of questions and ids of pages all of whose conditions Moodle can hold: one, besides consent."""
    kept = []
    for entry in outline(instrument, instrument.source_language):
        own = [condition for condition in entry.conditions if condition is not instrument.consent]
        if len(own) == 1 and dependency(instrument, entry) is own[0]:
            kept.append(entry.code)
    return kept
