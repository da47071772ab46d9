"""The XML that Moodle's Feedback activity imports.

Moodle checks the first line with a pattern: double quotes and a blank before ``?>``, or it is refused. An
item shown on a condition must stand behind a page break, and depends on one option of one earlier item. The
text of a question holds 255 characters; a longer one stands in full in a label before it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from mce_utaut.instrument.model import CANNOT_JUDGE_CODE, Condition, Instrument
from mce_utaut.survey import exporting
from mce_utaut.survey.moodle.columns import label
from mce_utaut.survey.outline import Choice, Entry, item_of, outline

DECLARATION = '<?xml version="1.0" encoding="UTF-8" ?>'
VERSION = "200701"
_TEXT_LIMIT = 255
_LONG_LIST = 12  # more options than these are a dropdown
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class FeedbackItem:
    """An item of the activity; ``depends`` is the label of the item that it depends on ("" for none) and
    ``value`` the option."""

    type: str
    label: str = ""
    text: str = ""
    presentation: str = ""
    options: str = ""
    required: bool = False
    depends: str = ""
    value: str = ""


def write(instrument: Instrument, language: str, draft: bool) -> bytes:
    """The XML in ``language`` (UTF-8 without byte order mark)."""
    comment = f"{instrument.id} {instrument.version}, {language}, {instrument.digest}"
    lines = [DECLARATION, f'<FEEDBACK VERSION="{VERSION}" COMMENT="{html.escape(comment)}">', " <ITEMS>"]
    ids: dict[str, int] = {}
    for number, item in enumerate(_items(instrument, language, draft), start=1):
        if item.label:
            ids[item.label] = number
        lines += _lines(item, number, ids.get(item.depends, 0))
    return "\n".join([*lines, " </ITEMS>", "</FEEDBACK>", ""]).encode()


def _lines(item: FeedbackItem, number: int, depends: int) -> Iterator[str]:
    yield f'  <ITEM TYPE="{item.type}" REQUIRED="{int(item.required)}">'
    parts = {
        "ITEMID": str(number),
        "ITEMTEXT": item.text,
        "ITEMLABEL": item.label,
        "PRESENTATION": item.presentation,
        "OPTIONS": item.options,
        "DEPENDITEM": str(depends),
        "DEPENDVALUE": item.value if depends else "",
    }
    for tag, text in parts.items():
        yield f"   <{tag}><![CDATA[{_CONTROL.sub('', text)}]]></{tag}>"
    yield "  </ITEM>"


def markup(text: str) -> str:
    """``text`` as HTML that shows it as it is, never ending a CDATA section."""
    return html.escape(text, quote=False)


def _paragraphs(*texts: str) -> str:
    parts = [part for text in texts for part in re.split(r"\n\s*\n", text.strip()) if part.strip()]
    return "".join(f"<p>{markup(part.strip())}</p>".replace("\n", "<br />") for part in parts)


def _items(instrument: Instrument, language: str, draft: bool) -> Iterator[FeedbackItem]:
    wording = instrument.wordings[language]
    title = f"<h3>{markup(exporting.title(instrument, language, draft))}</h3>"
    yield FeedbackItem("label", presentation=title + _paragraphs(wording.get("survey.welcome")))
    entries = outline(instrument, language)
    labels = {(entry.code, option.code.casefold()): option.label for entry in entries for option in entry.options}
    first = True
    after = ""
    for entry in entries:
        condition = dependency(instrument, entry)
        shown = (condition.question, _value(labels, condition)) if condition else ("", "")
        if entry.kind == "page":
            if not first:
                yield FeedbackItem("pagebreak")
            first, after = False, ""
            heading = f"<h4>{markup(entry.title)}</h4>" if entry.title else ""
            if heading or entry.body:
                yield FeedbackItem(
                    "label", presentation=heading + _paragraphs(entry.body), depends=shown[0], value=shown[1]
                )
            continue
        if after and not entry.is_other:
            yield FeedbackItem("pagebreak")
            after = ""
        for item in _question(entry):
            yield replace(item, depends=shown[0], value=shown[1])
        if _followed(instrument, entry, entries):
            after = entry.code


def _value(labels: dict[tuple[str, str], str], condition: Condition) -> str:
    return markup(label(labels[condition.question, condition.among[0].casefold()]))


def dependency(instrument: Instrument, entry: Entry) -> Condition | None:
    """The one condition on which Moodle can make ``entry`` depend: the innermost that names one option."""
    return next((condition for condition in reversed(entry.conditions) if len(condition.among) == 1), None)


def _followed(instrument: Instrument, entry: Entry, entries: Sequence[Entry]) -> bool:
    """Whether a later question of the same page depends on ``entry``."""
    own = [question.code for question in instrument.page_of(entry.question.code).questions] if entry.question else []
    later = own[own.index(entry.question.code) + 1 :] if entry.question else []
    return any(
        other.code in later and (needed := dependency(instrument, other)) is not None and needed.question == entry.code
        for other in entries
    )


def _question(entry: Entry) -> Iterator[FeedbackItem]:
    if entry.kind == "text":
        yield FeedbackItem("label", presentation=_paragraphs(entry.body))
    elif entry.kind == "grid":
        yield FeedbackItem("label", presentation=_paragraphs(entry.title, entry.body))
        for row in entry.rows:
            offered = [option for option in entry.options if _offered(entry, row, option)]
            kind, presentation = _choices(entry, offered, rated=True)
            yield from _asked(FeedbackItem(kind, row.code, row.label, presentation, "h", entry.required))
    else:
        kind, presentation = _answer(entry)
        if entry.body:
            yield FeedbackItem("label", presentation=_paragraphs(entry.body))
        hidden = "h" if entry.kind == "choice" else ""
        yield from _asked(FeedbackItem(kind, entry.code, entry.title, presentation, hidden, entry.required))


def _asked(item: FeedbackItem) -> Iterator[FeedbackItem]:
    """The question whose ``text`` is plain, behind a label with all of it where it is too long."""
    if len(markup(item.text)) > _TEXT_LIMIT:
        yield FeedbackItem("label", presentation=_paragraphs(item.text))
        yield replace(item, text=exporting.fitting(item.text, _TEXT_LIMIT, markup))
    else:
        yield replace(item, text=markup(item.text))


def _offered(entry: Entry, row: Choice, option: Choice) -> bool:
    return option.code != CANNOT_JUDGE_CODE or item_of(entry, row.code).cannot_judge


def _answer(entry: Entry) -> tuple[str, str]:
    """Type and presentation of a question that is no grid."""
    assert entry.question is not None
    if entry.kind in ("choice", "multi"):
        return _choices(entry, entry.options, rated=bool(entry.question.construct))
    if entry.kind in ("integer", "number"):
        bounds = (entry.question.minimum, entry.question.maximum)
        return "numeric", "|".join("-" if bound is None else f"{bound:g}" for bound in bounds)
    return ("textarea", "60|5") if entry.kind == "paragraph" else ("textfield", "30|255")


def _choices(entry: Entry, options: Sequence[Choice], rated: bool) -> tuple[str, str]:
    """Type and presentation of options; rated ones carry their code where all codes are numbers."""
    shown = [markup(label(option.label)) for option in options]
    if rated and all(option.code.isdigit() for option in options):
        values = "|".join(f"{option.code}####{text}" for option, text in zip(options, shown))
        return "multichoicerated", f"r>>>>>{values}<<<<<1"
    sign = "c" if entry.kind == "multi" else ("d" if len(options) > _LONG_LIST else "r")
    return "multichoice", f"{sign}>>>>>{'|'.join(shown)}"
