"""All files of an archive together."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

from mce_utaut.archive import ddi, statistical
from mce_utaut.archive.variables import LEAST, LONGEST_NAME, Variable, kept_fields, variables, without
from mce_utaut.instrument.model import Instrument
from mce_utaut.notes import Note
from mce_utaut.responses.model import Responses
from mce_utaut.survey import exporting
from mce_utaut.survey.fields import fields

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, slots=True)
class Archive:
    """``files`` by name, and ``writers``: files that a library writes at a path that it is given (and that
    ``statistical.timeless`` makes equal for equal data)."""

    files: Mapping[str, bytes]
    writers: Mapping[str, Callable[[str], None]] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()


def build(
    instrument: Instrument,
    responses: Responses | None = None,
    *,
    language: str | None = None,
    with_text: bool = False,
    least: int = LEAST,
    hide_rare: bool = False,
    leave_out: Sequence[str] = (),
) -> Archive:
    """The archive of ``responses`` (None: of the questionnaire alone, without data files). ``language`` is that
    of the labels in data files (default: the source language); DDI and codebook have all languages. Personal
    questions and link codes are left out, free text too unless ``with_text``, and the variables named in
    ``leave_out``. ``least`` respondents must share every combination of what others may know of them: where fewer do,
    the archive is refused, or with ``hide_rare`` what tells them apart is blanked (``archive.recognisable``).

    Raises ``UsageError`` for an unknown language or variable and ``UserMistake`` for an answer that is itself a code of
    missing, and where people could be recognised.
    """
    language = exporting.chosen_languages(instrument, [language] if language else [])[0]
    chosen = without(variables(instrument, with_text=with_text), leave_out)
    notes: list[Note] = []
    title = instrument.wordings[language].get("survey.title", instrument.id)
    writers: dict[str, Callable[[str], None]] = {}
    columns = None
    if responses is not None:
        from mce_utaut.archive.coding import columns as coded

        columns, notes = _protected(
            instrument, chosen, coded(instrument, responses, chosen), responses, least, hide_rare
        )
        for ending, write in (("sav", statistical.write_sav), ("dta", statistical.write_dta)):
            writers[f"{instrument.id}.{ending}"] = functools.partial(
                write, title=title, variables=chosen, columns=columns, language=language
            )
    files = {
        "ddi.xml": ddi.write(instrument, chosen, columns, f"{instrument.id}.sav"),
        "codebook.html": _codebook(instrument, chosen, None if responses is None else responses.n),
    }
    return Archive(files, writers, (*_notes(instrument, chosen, language, with_text, responses), *notes))


def _protected(
    instrument: Instrument,
    chosen: tuple[Variable, ...],
    columns: dict[str, np.ndarray],
    responses: Responses,
    least: int,
    hide_rare: bool,
) -> tuple[Mapping[str, np.ndarray], list[Note]]:
    """The columns in which nobody stands out, or as they are where that holds already; with what was done."""
    from mce_utaut.archive.recognisable import attributes, blanked, in_order, refuse_recognisable

    known = attributes(instrument, chosen) if responses.n else {}
    waves = responses.meta["wave"].fillna("").to_numpy(dtype=str)
    if not hide_rare:
        refuse_recognisable(columns, known, least, waves)
        if least > 1:
            return in_order(columns), []
        text = "Nobody looked whether people can be recognised: keep the files where only the team can read them."
        return columns, [Note("recognisable", text, "caution")]
    found = blanked(columns, known, least, waves)
    lost = ", ".join(f"{name} {count}" for name, count in found.lost.items())
    text = f"Blanked, so that at least {least} respondents share what is told of each: {lost or 'nothing'}."
    return in_order(found.columns), [Note("hidden", text)]


def _notes(
    instrument: Instrument,
    chosen: tuple[Variable, ...],
    language: str,
    with_text: bool,
    responses: Responses | None,
) -> list[Note]:
    drafts = [one for one in instrument.languages if instrument.wordings[one].unapproved()]
    found = []
    if drafts:
        found.append(Note("draft_wording", f"DRAFT: wording that is not approved, in {', '.join(drafts)}.", "caution"))
    kept = {one.name for one in kept_fields(instrument, with_text)}
    left = [one.name for one in fields(instrument) if one.name not in kept]
    if left:
        found.append(Note("left_out", f"Personal questions and free text are left out: {', '.join(left)}."))
    if responses is None:
        return found
    if with_text:
        found.append(Note("free_text", "Free text is in the files: read it for names before you publish.", "caution"))
    long = [one.name for one in chosen if len(statistical.label(one, language).encode()) > statistical.STATA_LABEL]
    if long:
        text = f"{len(long)} labels are cut in the .dta file (80 bytes); the codebook has them in full."
        found.append(Note("labels_cut", text))
    renamed = [one for one in chosen if one.source[0] == "data" and not one.option and one.name != one.source[1]]
    if renamed:
        names = ", ".join(f"{one.source[1]} as {one.name}" for one in renamed)
        found.append(Note("renamed", f"Named anew (at most {LONGEST_NAME} letters, no reserved words): {names}."))
    if responses.n < 30:
        found.append(Note("few", f"Only {responses.n} respondents: people may be recognised in them.", "caution"))
    return found


def _codebook(instrument: Instrument, chosen: tuple[Variable, ...], n: int | None) -> bytes:
    names = {language: exporting.LANGUAGE_NAMES.get(language, language) for language in instrument.languages}
    text = _environment().get_template("codebook.html").render(
        instrument=instrument, variables=chosen, n=n, names=names, source=instrument.source_language
    )
    return text.encode("utf-8", "replace")


@functools.cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("mce_utaut.archive", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
