"""What paper cannot do, and what has to be done by hand."""

from __future__ import annotations

from collections.abc import Sequence

from mce_utaut.instrument.model import Instrument
from mce_utaut.notes import Note
from mce_utaut.survey import losses
from mce_utaut.survey.paper.printed import phrases

_TOOL = "Paper"


def notes(instrument: Instrument, languages: Sequence[str]) -> list[Note]:
    """The notes for the pages and the sheet."""
    found = losses.fixed_order(instrument, _TOOL)
    text = (
        "Paper checks nothing: “please answer only if” is printed for branching and for consent, nobody is reminded, "
        "and who answers nevertheless is read as answered. Ranges and codes are checked when the form is entered."
    )
    found.append(Note("branching", text, "caution"))
    if any(question.from_link for question in instrument.questions()):
        codes = ", ".join(question.code for question in instrument.questions() if question.from_link)
        text = f"{codes}, which a link fills elsewhere, are asked on paper."
        found.append(Note("link_parameters", text))
    if any(scale.cannot_judge for scale in instrument.scales.values()):
        found.append(Note("cannot_judge_code", "“Cannot judge” is entered as 99."))
    personal = [question.code for question in instrument.questions() if question.personal]
    if personal:
        text = f"Cut off what tells who answered before the forms are filed: {', '.join(personal)}."
        found.append(Note("personal", text, "caution"))
    text = (
        f"A few words of the page are the program's own, not the questionnaire's (“{phrases('en')['several']}”): their "
        "translations are drafts. Read them."
    )
    if set(languages) != {"en"}:
        found.append(Note("own_words", text, "caution"))
    unspoken = [language for language in languages if language != "en" and phrases(language) == phrases("en")]
    if unspoken:
        found.append(Note("own_words_english", f"In {', '.join(unspoken)} these words are English.", "caution"))
    text = "Welcome, consent and closing text may speak of a page or a link: read them as words on paper."
    found.append(Note("words_of_screens", text))
    text = "The sheet does not tell how long an answer took; all forms that are entered count as handed in."
    found.append(Note("no_duration", text))
    return found
