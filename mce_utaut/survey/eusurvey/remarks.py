"""What EUSurvey cannot express, and what has to be done by hand."""

from __future__ import annotations

from collections.abc import Sequence

from mce_utaut.instrument.model import Instrument
from mce_utaut.notes import Note
from mce_utaut.survey import losses

_TOOL = "EUSurvey"


def notes(instrument: Instrument, languages: Sequence[str]) -> list[Note]:
    """The notes for the sheet."""
    found = losses.not_verified(
        "EUSurvey was read, not run: its results are read as its source code writes them. Not known: the names of "
        "the columns behind the questions in other languages, whether a shortname may stand twice in a survey (the "
        "codes of a scale do, once a question)."
    )
    text = "There is no file to import: the whole survey is built by hand, and every shortname is typed."
    found.append(Note("by_hand", text, "caution"))
    if instrument.consent or any(entry.condition for entry in [*instrument.pages, *instrument.questions()]):
        text = "Branching is set by hand: the column “settings” says “visible if”."
        found.append(Note("branching", text, "caution"))
    found += losses.fixed_order(instrument, f"{_TOOL} (sections)", items=False, options=False)
    if any(question.random_items or question.random_options for question in instrument.questions()):
        found.append(Note("shuffle_by_hand", "“random order” in the column “settings” is set by hand."))
    found += losses.soft_mandatory(instrument, _TOOL)
    found += losses.link_parameters(instrument, _TOOL)
    found += losses.cannot_judge_everywhere(instrument, _TOOL)
    found += losses.other_asked(instrument, _TOOL)
    found += losses.no_digest(_TOOL)
    text = "Results do not tell how long an answer took. Unfinished answers stay away."
    found.append(Note("no_duration", text))
    return found
