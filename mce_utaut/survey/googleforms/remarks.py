"""What a Google form cannot express, and what has to be done by hand."""

from __future__ import annotations

from collections.abc import Sequence

from mce_utaut.instrument.model import Instrument
from mce_utaut.notes import Note
from mce_utaut.survey import losses
from mce_utaut.survey.googleforms.columns import heading

_TOOL = "Google Forms"


def notes(instrument: Instrument, languages: Sequence[str]) -> list[Note]:
    """The notes for the forms."""
    questions = list(instrument.questions())
    found = losses.not_verified(
        "The script and the API request were written from Google's documentation and could not be run: look at the "
        "form once before fielding. Known from memory only: the navigation of the consent question, the rules for "
        "numbers, the headings of the time column in languages other than English and Italian, the separators of "
        "checkbox answers."
    )
    found += losses.one_language(languages, _TOOL)
    found += losses.branching(instrument, (), _TOOL)
    found += losses.fixed_order(instrument, f"{_TOOL} (script)")
    if any(note.code == "fixed_items" for note in found):
        text = (
            "To shuffle by hand: in the form, the menu of each question, “Shuffle row order” or “Shuffle option "
            "order”. The .json of the API does it."
        )
        found.append(Note("shuffle_by_hand", text))
    found += losses.soft_mandatory(instrument, _TOOL)
    found += losses.link_parameters(instrument, _TOOL)
    found += losses.cannot_judge_everywhere(instrument, _TOOL)
    found += losses.other_asked(instrument, _TOOL)
    found += losses.same_wording(instrument, languages, lambda field, code: heading(instrument, field, code), _TOOL)
    found += losses.no_digest(_TOOL)
    if instrument.consent:
        text = (
            f"Who does not agree at {instrument.consent.question} goes straight to sending the form; the text for them "
            "(survey.declined) is not shown."
        )
        found.append(Note("declined_text", text))
    if any(question.type in ("integer", "number") for question in questions):
        text = (
            "Ranges of numbers are checked by the form of the script, not by that of the API; whole numbers at import."
        )
        found.append(Note("ranges", text))
    text = (
        "Answers tell when a form was sent, not when it was begun: how long it took is not known. No partial answers."
    )
    found.append(Note("no_duration", text))
    return found
