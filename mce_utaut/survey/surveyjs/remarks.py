"""What a SurveyJS model cannot express, and what has to be done by hand."""

from __future__ import annotations

from mce_utaut.instrument.model import Instrument
from mce_utaut.notes import Note
from mce_utaut.survey.losses import made_lenient


def notes(instrument: Instrument) -> list[Note]:
    """The notes for the model and the page."""
    questions = list(instrument.questions())
    found = []
    groups = [page.id for page in instrument.pages if page.random_group]
    if groups:
        text = (
            f"Model: SurveyJS cannot shuffle pages ({', '.join(groups)} keep their order); shuffle model.pages in your "
            "host page. The .html does it."
        )
        found.append(Note("fixed_pages", text, "caution"))
    soft = [question.code for question in questions if question.required == "soft"]
    if soft:
        text = (
            "Model: SurveyJS has no reminder that one may pass over: these are not required, so that nobody is forced "
            f"to answer: {', '.join(soft)}. The .html reminds once a page."
        )
        found.append(Note("soft_mandatory", text))
    linked = [question.code for question in questions if question.from_link]
    if linked:
        text = (
            f"{', '.join(linked)}: the .html takes them from its address (?{linked[0]}=CODE&...) and asks for what is "
            "not there. With the model alone the host page has to set the value and visible = false."
        )
        found.append(Note("link_parameters", text))
    strict = made_lenient(instrument)
    if strict:
        text = (
            "Model: all rows of a matrix have the same columns, so “cannot judge” is also offered for "
            f"{', '.join(strict)}; an attention item answered with it counts as failed. The .html leaves it out there."
        )
        found.append(Note("cannot_judge_everywhere", text))
    text = (
        "Model: a SurveyJS result does not tell whether it was submitted nor how long it took; the host page may add "
        "“submitted”: true and “duration_seconds” to it. The .html does."
    )
    found.append(Note("host_decides", text))
    if any("{" in text.text for wording in instrument.wordings.values() for text in wording.strings.values()):
        found.append(Note("braces", "Model: “{name}” in a title is taken for the answer of a question of that name."))
    return found
