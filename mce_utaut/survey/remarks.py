"""What is said about the columns of a file that was read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from mce_utaut.instrument.model import Instrument
from mce_utaut.notes import Note
from mce_utaut.responses.model import Source
from mce_utaut.survey.fields import Field
from mce_utaut.survey.matching import Matched
from mce_utaut.survey.spelling import dense, normal

# Hidden fields of exported forms that are not answers, under whatever tool they come back.
_OURS = ("MCEDIGEST", "MCEDECLINED", "instrument_digest")
_MOST_ABSENT = 6
_MOST_UNKNOWN = 10


def without_texts(instrument: Instrument, matched: Matched, headings: Sequence[str]) -> Matched:
    """``matched`` without the unknown columns that are texts of the questionnaire (no questions) or hidden
    fields of its form."""
    texts = {dense(text) for text in _texts(instrument)}
    unknown = tuple(index for index in matched.unknown if not _is_text(headings[index], texts))
    return replace(matched, unknown=unknown)


def _texts(instrument: Instrument) -> Iterator[str]:
    """Codes, names and wordings of what is shown without being asked."""
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


def _is_text(heading: str, texts: set[str]) -> bool:
    """Whether a heading is one of ``texts``, by itself, before a full stop ("code. text") or after the
    group's name."""
    spelled = normal(heading)
    readings = (spelled, spelled.split(". ")[0], spelled.rsplit("/", 1)[-1], spelled.split("[")[0])
    return any(dense(reading) in texts for reading in readings if reading)


def remarks(instrument: Instrument, absent: Sequence[str], source: Source, wanted: Sequence[Field]) -> list[Note]:
    """Notes on a file whose answers are of another version, has columns that were left out, or lacks
    the fields ``absent``."""
    notes = []
    if source.instrument_digest is not None and source.instrument_digest != instrument.digest:
        notes.append(
            Note(
                "other_version",
                f"{source.name} was collected with another version of {instrument.id}: its answers are read "
                "with today's, so check that no item changed in between.",
                "caution",
                source.name,
            )
        )
    if source.unknown_columns:
        named = _some([f"“{heading[:40]}”" for heading in source.unknown_columns], _MOST_UNKNOWN)
        text = f"{source.name} has columns that are not of this questionnaire and were left out: {named}."
        notes.append(Note("unknown_columns", text, "info", source.name))
    by_name = {field.name: field for field in wanted}
    lacking = [name for name in absent if by_name[name].other_of is None and not by_name[name].question.personal]
    if lacking:
        named = _some(lacking, _MOST_ABSENT)
        count = f"{len(lacking)} fields ({named})" if len(lacking) > _MOST_ABSENT else named
        text = f"{source.name} has no column for {count}: they count as not shown."
        notes.append(Note("absent_fields", text, "caution", source.name))
    return notes


def _some(names: Sequence[str], most: int) -> str:
    rest = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + rest
