"""Translations without YAML: a questionnaire's texts as a workbook or PO file, and back into its wording file."""

from __future__ import annotations

from collections.abc import Sequence

from mce_utaut.errors import Problem, UsageError
from mce_utaut.instrument.reading import TextFile
from mce_utaut.translations import own_sentences, po, workbook
from mce_utaut.translations.entries import Entry, Translation, collect
from mce_utaut.translations.merging import Merged, merge

FORMATS = {"xlsx": workbook, "po": po}

__all__ = ["FORMATS", "Entry", "Merged", "Translation", "export", "merge", "own_sentences", "parse", "write"]


def export(structure: TextFile, wordings: Sequence[TextFile], language: str, form: str) -> bytes:
    """The file for translators of the questionnaire into ``language`` (which may not exist yet), as ``form``
    ("xlsx" or "po"). Equal input gives equal bytes.

    Raises ``InstrumentError`` where the questionnaire or the file of that language cannot be read, and
    ``UsageError`` for the source language, an odd language code or an unknown format.
    """
    return write(collect(structure, wordings, language), form)


def write(translation: Translation, form: str) -> bytes:
    """``translation`` as a file for translators. Raises ``UsageError`` for an unknown format."""
    if form not in FORMATS:
        raise UsageError(Problem(f"there is no format {form!r}.", f"There are {', '.join(FORMATS)}."))
    return FORMATS[form].write(translation)


def parse(content: bytes, name: str) -> Translation:
    """What stands in a file of a translator (workbook or PO, told by its content). Raises ``FileProblem`` with
    every problem of it."""
    return (workbook if content.startswith(b"PK") else po).read(content, name)
