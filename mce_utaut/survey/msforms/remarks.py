"""What a Microsoft form cannot express, and how each question has to be built."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mce_utaut.instrument.model import Condition, Instrument
from mce_utaut.notes import Note
from mce_utaut.survey import losses
from mce_utaut.survey.fields import fields
from mce_utaut.survey.msforms.document import numbers
from mce_utaut.survey.outline import Entry
from mce_utaut.survey.worded import text_of

_TOOL = "Microsoft Forms"
_MOST_QUESTIONS = 200
_KINDS = {
    "choice": "Choice",
    "multi": "Choice with “Multiple answers”",
    "integer": "Text, restriction: number",
    "number": "Text, restriction: number",
    "date": "Date",
    "line": "Text",
    "paragraph": "Text, long answer",
}


def kinds(instrument: Instrument, language: str) -> Iterator[str]:
    """A line for each numbered question: its kind, whether it is required, and who sees it."""
    yield "Questions by number:"
    if instrument.consent:
        agreed = _condition(instrument, instrument.consent, language)
        yield f"(all after {instrument.consent.question} only where {agreed})"
    for number, entry in numbers(instrument, language):
        assert entry.question is not None
        parts = [_kind(entry)]
        if entry.required:
            parts.append("required")
        shuffled = entry.question.random_items or entry.question.random_options
        if shuffled and entry.kind in ("choice", "multi"):
            parts.append("shuffle options")
        if entry.is_other:
            parts.append("only after “other” above, if branching is used")
        parts += [
            f"only where {_condition(instrument, condition, language)}"
            for condition in entry.conditions
            if condition is not instrument.consent
        ]
        yield f"{number:>3}. {entry.code}: {', '.join(parts)}"


def _kind(entry: Entry) -> str:
    assert entry.question is not None
    if entry.kind == "grid":
        return f"Likert, {len(entry.rows)} statements, {len(entry.options)} columns"
    low, high = entry.question.minimum, entry.question.maximum
    if entry.kind in ("integer", "number") and (low is not None or high is not None):
        bounds = [f"from {low:g}" if low is not None else "", f"to {high:g}" if high is not None else ""]
        return f"{_KINDS[entry.kind]} {' '.join(bound for bound in bounds if bound)}"
    return _KINDS[entry.kind]


def _condition(instrument: Instrument, condition: Condition, language: str) -> str:
    asked = instrument.question(condition.question)
    wording = instrument.wordings[language]
    among = {code.casefold() for code in condition.among}
    assert asked.scale is not None
    chosen = [option.code for option in instrument.scales[asked.scale].options if option.code.casefold() in among]
    labels = " or ".join(f"“{wording.get(f'scale.{asked.scale}.{code}')}”" for code in chosen)
    return f"{condition.question} is {labels}"


def notes(instrument: Instrument, languages: Sequence[str]) -> list[Note]:
    """The notes for the documents."""
    found = losses.not_verified(
        "No Microsoft Forms was at hand: what quick import makes of the document, the headings of Likert statements in "
        "the workbook of answers, and its headings in Italian, German and other languages could not be tried. The "
        "import finds what comes before the first question by its place and kind, not by its name."
    )
    found += losses.one_language(languages, _TOOL)
    if any(question.type == "array" for question in instrument.questions()):
        text = (
            "Build the Likert blocks by hand (Add new, Likert): statements and options can be copied from the "
            "document. Quick import may make something else of them."
        )
        found.append(Note("likert_by_hand", text))
    conditions = [page for page in instrument.pages if page.condition]
    conditions += [question for question in instrument.questions() if question.condition]  # type: ignore[misc]
    if conditions or instrument.consent:
        text = (
            "A document holds no branching: add it by hand (…, Add branching) as the list above says, each page a "
            "section. Microsoft Forms branches on single choices only, not on one of several answers."
        )
        found.append(Note("branching", text, "caution"))
    if instrument.consent:
        text = (
            f"Lead who does not agree at {instrument.consent.question} to “End of the form”; the text for them "
            "(survey.declined) is not shown."
        )
        found.append(Note("consent_stop", text, "caution"))
    found += losses.fixed_order(instrument, _TOOL, options=False)
    found += losses.soft_mandatory(instrument, _TOOL)
    found += losses.link_parameters(instrument, _TOOL)
    found += losses.cannot_judge_everywhere(instrument, _TOOL)
    found += losses.other_asked(instrument, _TOOL)
    found += losses.same_wording(instrument, languages, lambda field, code: text_of(instrument, field, code), _TOOL)
    found += losses.no_digest(_TOOL)
    count = sum(1 for field in fields(instrument))
    if count > _MOST_QUESTIONS:
        text = f"Microsoft Forms takes {_MOST_QUESTIONS} questions, each statement being one: these are {count}."
        found.append(Note("too_many", text, "problem"))
    return found
