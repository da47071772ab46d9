"""What a form shows without asking: headings of a file that are no answers."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from mce_utaut.instrument.model import Instrument
from mce_utaut.survey.spelling import dense, normal

# Hidden fields of exported forms that are not answers, under whatever tool they come back.
_OURS = ("MCEDIGEST", "MCEDECLINED", "instrument_digest")


def shown_texts(instrument: Instrument) -> frozenset[str]:
    """Codes, names and wordings (dense) of what is shown without being asked, and of hidden fields of the form."""
    return frozenset(dense(text) for text in _texts(instrument)) - {""}


def _texts(instrument: Instrument) -> Iterator[str]:
    yield from _OURS
    yield instrument.digest
    shown = [question for question in instrument.questions() if question.type == "info"]
    for question in shown:
        yield question.code
        yield question.name
    for wording in instrument.wordings.values():
        for question in shown:
            yield wording.get(f"question.{question.code}.text", "")
        for key in ("welcome", "end", "declined", "description"):
            yield wording.get(f"survey.{key}", "")


def is_text(heading: str, texts: Collection[str]) -> bool:
    """Whether a heading is one of ``texts``, by itself, before a full stop ("code. text") or after the
    group's name."""
    spelled = normal(heading)
    readings = (spelled, spelled.split(". ")[0], spelled.rsplit("/", 1)[-1], spelled.split("[")[0])
    return any(dense(reading) in texts for reading in readings if reading)
