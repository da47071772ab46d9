"""A questionnaire in one language as Google Forms sees it: one list of items, pages begun by breaks.

The script and the API request print the same ``Form``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from mce_utaut.instrument.model import Instrument
from mce_utaut.survey import exporting
from mce_utaut.survey.outline import Entry, outline


@dataclass(frozen=True, slots=True)
class FormItem:
    """An item of the form: ``kind`` as ``Entry.kind``. ``leaving`` are the options that end the form;
    ``shuffle`` says whether rows or options come in random order."""

    kind: str
    title: str
    help: str = ""
    rows: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    leaving: tuple[str, ...] = ()
    required: bool = False
    shuffle: bool = False
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """The whole form; ``comment`` tells people what it was made from."""

    title: str
    description: str
    confirmation: str
    comment: str
    items: tuple[FormItem, ...]


def build(instrument: Instrument, language: str, draft: bool) -> Form:
    """The form of ``instrument`` in ``language``."""
    wording = instrument.wordings[language]
    parts = (wording.get("survey.description").strip(), wording.get("survey.welcome").strip())
    title = exporting.title(instrument, language, draft)
    return Form(
        title=title,
        description="\n\n".join(part for part in parts if part),
        confirmation=wording.get("survey.end").strip(),
        comment=f"{instrument.id} {instrument.version}, {language}. Digest of the questionnaire: {instrument.digest}",
        items=tuple(_items(instrument, language)),
    )


def _items(instrument: Instrument, language: str) -> Iterator[FormItem]:
    """The items: a page begins with a break (the first with a text), and so does what follows the consent
    question, since the answer to it leads on only from the end of a page."""
    first = True
    split = False
    for entry in outline(instrument, language):
        if entry.kind == "page":
            item = FormItem("text" if first else "page", entry.title, entry.body)
            if not first or entry.title or entry.body:
                yield item
            first = split = False
            continue
        if split:
            yield FormItem("page", "")
            split = False
        yield _item(instrument, entry)
        split = bool(instrument.consent and entry.code == instrument.consent.question)


def _item(instrument: Instrument, entry: Entry) -> FormItem:
    assert entry.question is not None
    item = FormItem(
        entry.kind,
        entry.title,
        entry.body,
        tuple(row.label for row in entry.rows),
        tuple(option.label for option in entry.options),
        required=entry.required,
        shuffle=entry.question.random_items if entry.kind == "grid" else entry.question.random_options,
    )
    if entry.kind in ("integer", "number"):
        item = replace(item, minimum=entry.question.minimum, maximum=entry.question.maximum)
    if instrument.consent and entry.code == instrument.consent.question:
        among = {code.casefold() for code in instrument.consent.among}
        leaving = tuple(option.label for option in entry.options if option.code.casefold() not in among)
        item = replace(item, leaving=leaving)
    return item
