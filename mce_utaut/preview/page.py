"""The preview page: one HTML file without network, library or script.

Language, codes and remarks are switched by radio buttons and check boxes that the style sheet looks at.
"""

from __future__ import annotations

import functools
import re

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from mce_utaut.instrument.model import Instrument
from mce_utaut.preview.content import version
from mce_utaut.survey import exporting

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def preview(instrument: Instrument, language: str | None = None, *, codes: bool = False) -> bytes:
    """The page (HTML, UTF-8) with ``instrument`` in all its languages, ``language`` shown first (default: the
    source language), with item and answer codes visible from the start where ``codes``.

    Raises ``UsageError`` for a language that the questionnaire does not have.
    """
    first = exporting.chosen_languages(instrument, [language] if language else [])[0]
    versions = [version(instrument, one, exporting.LANGUAGE_NAMES.get(one, one)) for one in instrument.languages]
    template = _environment().get_template("preview.html")
    text = template.render(instrument=instrument, versions=versions, first=first, codes=codes)
    return _CONTROL.sub("", text).encode("utf-8", "replace")


def _paragraphs(text: str) -> Markup:
    """``text`` with its line ends kept: a paragraph for each empty line, a break for each other."""
    parts = [part for part in re.split(r"\n\s*\n", text.strip()) if part]
    return Markup("").join(
        Markup("<p>{}</p>").format(Markup("<br>").join(escape(line) for line in part.split("\n"))) for part in parts
    )


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("mce_utaut.preview", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["paragraphs"] = _paragraphs
    return environment
