"""What LimeSurvey cannot express, and what has to be done by hand: the notes beside the form."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mce_utaut.instrument.model import Instrument, Question
from mce_utaut.notes import Note
from mce_utaut.survey import exporting
from mce_utaut.survey.limesurvey.columns import DECLINED_CODE
from mce_utaut.survey.limesurvey.form import TITLE_LIMIT, default_answer, markup
from mce_utaut.survey.losses import cannot_judge_everywhere

_EXPRESSION = re.compile(r"\{\S")  # a brace with a blank behind it is text to LimeSurvey


def notes(instrument: Instrument, languages: Sequence[str], draft: bool) -> list[Note]:
    """What LimeSurvey cannot express, and what has to be done by hand; ``languages`` are those of the form."""
    found = _link_notes(instrument, languages) + _wording_notes(instrument, languages, draft)
    found += _refusal_notes(instrument, languages)
    shuffled = [question.code for question, _ in instrument.items() if question.random_items]
    if shuffled:
        found.append(
            Note(
                "random_rows",
                f"The rows of {', '.join(dict.fromkeys(shuffled))} are shown in random order. Releases after 6.4 "
                "changed how they read that setting, and some shuffle the answers too: look at a preview that the "
                "answers of these arrays stand in their order.",
            )
        )
    return [*found, *cannot_judge_everywhere(instrument, "LimeSurvey", "an array")]


def _wording_notes(instrument: Instrument, languages: Sequence[str], draft: bool) -> list[Note]:
    """Wording that LimeSurvey may change: titles that are too long, braces."""
    found = []
    titles = {language: exporting.title(instrument, language, draft) for language in languages}
    long = [language for language, title in titles.items() if len(markup(" ".join(title.split()))) > TITLE_LIMIT]
    if long:
        text = f"LimeSurvey keeps {TITLE_LIMIT} characters of a survey's title: it is cut in {', '.join(long)}."
        found.append(Note("title_cut", text))
    braces = [
        f"{key} ({language})"
        for language in languages
        for key, text in instrument.wordings[language].strings.items()
        if _EXPRESSION.search(text.text)
    ]
    if braces:
        text = (
            f"{len(braces)} texts have a {{ (first: {', '.join(braces[:3])}). The file encodes it, but where the "
            "person who imports is no super-administrator LimeSurvey's filter decodes it again and takes what follows "
            "for an expression: have a super-administrator import the file, or write a blank after each {."
        )
        found.append(Note("braces", text, "caution"))
    return found


def _refusal_notes(instrument: Instrument, languages: Sequence[str]) -> list[Note]:
    """Whoever does not consent meets the end message too, which is for those who answered."""
    if not instrument.consent or not any(instrument.wordings[each].get("survey.declined") for each in languages):
        return []
    text = (
        "Whoever does not take part sees the page that says so and after it LimeSurvey's one end message, which thanks "
        "for answers. To end the survey for them before it, make a quota (Settings, Quotas): limit 0, question "
        f"{instrument.consent.question}, the answer that is no consent, action “terminate”, and as its message in each "
        f"language the text of the question {DECLINED_CODE}. Try it before you send the link: it was not tried here."
    )
    return [Note("end_after_refusal", text)]


def _link_notes(instrument: Instrument, languages: Sequence[str]) -> list[Note]:
    """How the link fills hidden questions, and what is lost without it."""
    linked = [question for question in instrument.questions() if question.from_link]
    if not linked:
        return []
    example = "&".join(f"{each.code}={default_answer(instrument, each) or f'YOUR-{each.code}'}" for each in linked)
    text = (
        f"{', '.join(question.code for question in linked)} are hidden and filled by the link: append "
        f"?newtest=Y&lang={languages[0]}&{example} to the address of the survey (begin with & where the address has "
        "a ? already). Put your own values where YOUR- stands, and leave out what you do not know, with its name."
    )
    for question in linked:
        codes = _codes(instrument, question)
        text += f" {question.code} takes {', '.join(codes) if codes else 'any text'}."
    found = [Note("link_parameters", f"{text} Unhide a question to have it asked.")]
    defaults = [question for question in linked if default_answer(instrument, question)]
    for question in defaults:
        default = default_answer(instrument, question)
        text = (
            f"Without {question.code} in the link the answer is {default}: where you ask before and after, each of the "
            "two links must say which it is. After the import of the form open the default answer of "
            f"{question.code} in LimeSurvey and look that it is {default}: that the .lss carries it over was read in "
            "LimeSurvey's source and not tried."
        )
        found.append(Note("link_default", text, "caution"))
    open_ = [question for question in linked if question not in defaults]
    needed = [q for q in open_ if q.scale and (q.required != "none" or _depending(instrument, [q]))]
    if needed:
        lost = "".join(f" {question.code}{_depending(instrument, [question])}" for question in needed)
        text = (
            f"IMPORTANT: send out only links that fill{lost}. Hidden questions are never asked: without it the answers "
            "cannot be told apart by it, and what depends on it is not shown. Say it at the import (--hei, --wave, "
            "--pilot) where one answer holds for all."
        )
        found.append(Note("link_needed", text, "caution"))
    return found


def _depending(instrument: Instrument, linked: Sequence[Question]) -> str:
    """The questions that are shown only after an answer to a linked one, in parentheses."""
    codes = {question.code for question in linked}
    found = [
        question.code
        for page in instrument.pages
        for question in page.questions
        if {one.question for one in (page.condition, question.condition) if one} & codes
    ]
    return f" ({', '.join(found)})" if found else ""


def _codes(instrument: Instrument, question: Question) -> list[str]:
    """The codes that the link may give, a neutral one first; none where it may be any text."""
    if not question.scale:
        return []
    codes = [option.code for option in instrument.scales[question.scale].options]
    default = default_answer(instrument, question)
    return sorted(codes, key=lambda code: code != default)
