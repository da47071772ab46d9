"""What REDCap cannot express, and what has to be done by hand."""

from __future__ import annotations

from collections.abc import Sequence

from mce_utaut.instrument.model import Instrument
from mce_utaut.notes import Note
from mce_utaut.survey.fields import fields
from mce_utaut.survey.losses import cannot_judge_everywhere, fixed_order, soft_mandatory
from mce_utaut.survey.redcap.columns import name_of


def notes(instrument: Instrument, languages: Sequence[str]) -> list[Note]:
    """The notes for the data dictionaries."""
    text = "The dictionary could not be uploaded to a REDCap to try it: look at the survey once before fielding."
    found = [Note("not_verified", text, "caution")]
    if len(languages) > 1:
        text = (
            "A dictionary holds one language. Each file makes a project of its own; one project for all of them "
            "needs REDCap's Multi-Language Management, into which the texts are pasted from the other files."
        )
        found.append(Note("one_language", text))
    found += _of_form(instrument)
    found += fixed_order(instrument, "REDCap")
    found += soft_mandatory(instrument, "REDCap")
    linked = [field for field in fields(instrument) if field.question.from_link and field.other_of is None]
    if linked:
        values = "&".join(
            f"{name_of(field)}={field.scale.options[0].code if field.scale else 'VALUE'}" for field in linked
        )
        text = (
            f"{', '.join(name_of(field) for field in linked)} are hidden in the survey and filled by its link: "
            f"append &{values}. Without them they stay empty; take @HIDDEN-SURVEY away to have one asked."
        )
        found.append(Note("link_parameters", text))
    return found


def _of_form(instrument: Instrument) -> list[Note]:
    found = []
    if instrument.consent:
        text = (
            f"Without consent nothing else is shown, but the survey goes on to its end: set a Stop Action on "
            f"{instrument.consent.question.lower()} to end it at once."
        )
        found.append(Note("consent_stop", text))
    if any(wording.get("survey.end") for wording in instrument.wordings.values()):
        text = "The closing text belongs into the Survey Settings (completion text): paste survey.end there."
        found.append(Note("end_message", text))
    found += cannot_judge_everywhere(instrument, "REDCap", "a matrix")
    inside = [
        question.code
        for page in instrument.pages
        for place, question in enumerate(page.questions)
        if question.type == "array" and place
    ]
    if inside:
        text = f"A matrix begins a section, and so a page, of its own: {', '.join(inside)}."
        found.append(Note("matrix_sections", text))
    if any("|" in text.text for wording in instrument.wordings.values() for text in wording.strings.values()):
        found.append(Note("bars", "“|” in labels of choices is written “/”, since REDCap separates choices by it."))
    text = "Exports of REDCap tell when a survey was sent, not when it was begun: how long it took is not known."
    found.append(Note("no_duration", text))
    return found
