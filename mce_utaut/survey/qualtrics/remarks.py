"""What Qualtrics, or one of its two formats, cannot express, and what has to be done by hand."""

from __future__ import annotations

from collections.abc import Sequence

from mce_utaut.instrument.model import CANNOT_JUDGE_CODE, Instrument
from mce_utaut.notes import Note
from mce_utaut.survey.contract import OTHER
from mce_utaut.survey.losses import cannot_judge_everywhere
from mce_utaut.survey.qualtrics.columns import LINK_PREFIX, numbers
from mce_utaut.survey.qualtrics.questions import language_code


def notes(instrument: Instrument, languages: Sequence[str]) -> list[Note]:
    """The notes for both files."""
    found = [
        Note(
            "not_verified",
            "Neither the .qsf nor the .txt could be imported into a Qualtrics to try them. Check after the import: "
            "the recode values of each question, the tags of the statements, the branch that ends the survey without "
            "consent, the shuffled blocks, the answers that may not be left out, and the languages.",
            "caution",
        ),
        *_of_txt(instrument, languages),
        *_of_qsf(instrument, languages),
        *_of_both(instrument),
    ]
    return found


def _of_txt(instrument: Instrument, languages: Sequence[str]) -> list[Note]:
    questions = list(instrument.questions())
    found = []
    conditions = [question.code for question in questions if question.condition]
    conditions += [f"the page {page.id}" for page in instrument.pages if page.condition]
    logic = (
        "end the survey for those who do not consent (and show them the text “declined”)" if instrument.consent else ""
    )
    if conditions:
        logic += (" and " if logic else "") + f"add display logic to {', '.join(conditions)}"
    if logic:
        found.append(
            Note("txt_no_logic", f".txt: it knows no branching, so {logic} by hand, or take the .qsf.", "caution")
        )
    shuffled = [question.code for question in questions if question.random_items or question.random_options]
    shuffled += [f"the block {page.id}" for page in instrument.pages if page.random_group]
    if shuffled:
        text = f".txt: it knows no random order; switch it on by hand for {', '.join(shuffled)}."
        found.append(Note("txt_no_random_order", text, "caution"))
    required = [question.code for question in questions if question.required != "none"]
    if required:
        text = f".txt: no answer is required; set “Force response” or “Request response” for {', '.join(required)}."
        found.append(Note("txt_no_required", text, "caution"))
    bounded = [question.code for question in questions if question.type in ("integer", "number")]
    if bounded:
        found.append(Note("txt_no_numbers", f".txt: add number validation to {', '.join(bounded)}."))
    others = [question.code for question in questions if question.other]
    if others:
        text = f".txt: switch on “Allow text entry” for the answer “other” of {', '.join(others)}."
        found.append(Note("txt_no_other", text))
    linked = [question.code for question in questions if question.from_link]
    if linked:
        text = f".txt: {', '.join(linked)} are asked; the .qsf takes them from the link."
        found.append(Note("txt_links", text))
    if len(languages) > 1:
        text = ".txt: one file holds one language. Fielding several of them makes one survey each; the .qsf holds all."
        found.append(Note("txt_one_language", text))
    return found


def _of_qsf(instrument: Instrument, languages: Sequence[str]) -> list[Note]:
    questions = list(instrument.questions())
    found = []
    linked = [question for question in questions if question.from_link]
    if linked:
        first = linked[0]
        value = instrument.scales[first.scale].options[0].code if first.scale else "VALUE"
        names = ", ".join(f"{LINK_PREFIX}{question.code}" for question in linked)
        found.append(
            Note(
                "link_parameters",
                f".qsf: append ?{LINK_PREFIX}{first.code}={value} (and so on: {names}) to the address of the survey, "
                "with our codes as values. A question is asked where its parameter is missing.",
            )
        )
    codes = ", ".join(f"{language} is {language_code(language)}" for language in languages)
    found.append(Note("qsf_languages", f".qsf: languages in Qualtrics: {codes}."))
    fixed = [
        question.code
        for question in questions
        if question.random_options and {OTHER, CANNOT_JUDGE_CODE} & set(numbers(instrument, question).values())
    ]
    if fixed:
        text = f".qsf: the answers of {', '.join(fixed)} are not shuffled: “other” or “cannot judge” is last."
        found.append(Note("fixed_options", text))
    groups: dict[str, list[int]] = {}
    for place, page in enumerate(instrument.pages):
        if page.random_group:
            groups.setdefault(page.random_group, []).append(place)
    apart = [group for group, places in groups.items() if places[-1] - places[0] >= len(places)]
    if apart:
        text = f".qsf: the pages of {', '.join(apart)} do not follow each other, and are shuffled only where they do."
        found.append(Note("apart_pages", text, "caution"))
    return found


def _of_both(instrument: Instrument) -> list[Note]:
    found = []
    lettered = []
    for question in instrument.questions():
        pairs = [(number, code.strip("*")) for number, code in numbers(instrument, question).items()]
        if any(number != code for number, code in pairs if code != OTHER.strip("*")):
            lettered.append(f"{question.code} ({', '.join(f'{number}={code}' for number, code in pairs)})")
    if lettered:
        text = f"Qualtrics knows answers by numbers only; these stand for our codes: {'; '.join(lettered)}."
        found.append(Note("numbered_answers", text))
    if any(wording.get("survey.end") for wording in instrument.wordings.values()):
        text = "The closing text is a message of your library: paste survey.end of each language under Survey options."
        found.append(Note("end_message", text))
    found += cannot_judge_everywhere(instrument, "Qualtrics", "a matrix")
    dates = [question.code for question in instrument.questions() if question.type == "date"]
    if dates:
        found.append(Note("dates_as_text", f"{', '.join(dates)} is typed as text in the form 2025-03-31."))
    return found
