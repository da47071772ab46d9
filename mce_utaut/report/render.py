"""``render_report``: one self-contained HTML file from a ``StudyResult``."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from mce_utaut.report.page import Page
from mce_utaut.report.sections import (
    comparison,
    diffusion,
    drivers,
    glance,
    measurement,
    methods,
    reviewer,
    sample,
    sureness,
    university,
    voices,
)
from mce_utaut.report.words import languages
from mce_utaut.study.result import StudyResult

_GLUED = (
    r" ?\[[−\d.,]+[,;] [−\d.,]+\]",  # an interval, and the space before it
    r"\b(CFI|TLI|RMSEA|SRMR|HTMT) (?=[−\d.,])",
    r"(?<=[np²]) = (?=[−\d.,])",
    r"(?<=[np]) [<>] (?=[\d.,])",
)
_INTERVAL = re.compile("|".join(_GLUED))
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")


class Body(NamedTuple):
    """A section that was built: its number, its name, its markup without the heading."""

    number: int
    name: str
    markup: Markup


@dataclass(frozen=True, slots=True)
class Composed:
    """A report that was built: what it was built with, and its sections in order."""

    page: Page
    bodies: tuple[Body, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A section: its anchor, which is also the prefix of its wording and the name of its template, and the
    function that builds what the template shows. A section that must be ``asked`` for is left out where the result
    does not hold it."""

    name: str
    build: Callable[[Page], Mapping[str, Any]]
    asked: bool = False


SECTIONS = (
    Section("glance", glance.build),
    Section("university", university.build, asked=True),
    Section("sample", sample.build),
    Section("measurement", measurement.build),
    Section("drivers", drivers.build),
    Section("comparison", comparison.build),
    Section("diffusion", diffusion.build, asked=True),
    Section("voices", voices.build),
    Section("sureness", sureness.build),
    Section("reviewer", reviewer.build),
    Section("methods", methods.build),
)


def render_report(result: StudyResult, language: str | None = None) -> bytes:
    """The report as one HTML file (UTF-8) that needs nothing beside it: no network, and JavaScript
    only to sort and copy tables.

    ``language`` is the language of the report's own text (``en``, ``it``); by default the study's, or
    English where the report does not speak it. What the result says in words (questions, verdicts, notes) stays in the
    study's language, so the command ``report`` refuses another one.
    """
    return render_page(compose(result, language))


def render_page(report: Composed) -> bytes:
    """A composed report as one HTML file."""
    html = _environment().get_template("report.html").render(**_shared(report.page), bodies=report.bodies)
    return _CONTROL.sub("", html).encode("utf-8", "replace")


def report_language(result: StudyResult, language: str | None) -> str:
    """The language that the report is written in."""
    wanted = (language or result.language).split("-")[0].lower()
    return wanted if wanted in languages() else "en"


def compose(result: StudyResult, language: str | None = None, widest: float = math.inf) -> Composed:
    """Every section of the report, built: what the HTML page, the Word document and the LaTeX tables are all
    drawn from. ``language`` as for ``render_report``; ``widest`` limits the width of drawings in px."""
    page = Page(result, report_language(result, language), widest)
    environment = _environment()
    bodies = []
    sections = [each for each in SECTIONS if not each.asked or each.name in page.result.sections]
    for number, section in enumerate(sections, start=1):
        page.begin_section(section.name)
        context = section.build(page)
        template = environment.get_template(f"sections/{section.name}.html")
        bodies.append(Body(number, section.name, Markup(template.render(**_shared(page), **context))))
    return Composed(page, tuple(bodies))


def _shared(page: Page) -> dict[str, Any]:
    return {"words": page.words, "numbers": page.numbers, "result": page.result, "page": page}


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("mce_utaut.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["glue"] = glue
    return environment


def glue(text: str) -> str:
    """``text`` with the spaces inside an interval, before it, and between an index and its number made
    unbreakable."""
    glued = _INTERVAL.sub(lambda found: found.group().replace(" ", "\u00a0"), text)
    return Markup(glued) if isinstance(text, Markup) else glued
