"""The Word document: a heading a page, numbered questions, one statement or option a line."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape

from mce_utaut.instrument.model import Instrument
from mce_utaut.survey import exporting
from mce_utaut.survey.outline import Entry, outline
from mce_utaut.survey.workbooks import timeless

TITLE, PAGE, STATEMENT, OPTION, PLAIN = "Title", "Heading1", "List2", "ListBullet", ""
_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_LANGUAGES = {"ca": "ca-ES", "de": "de-DE", "el": "el-GR", "es": "es-ES", "it": "it-IT", "lt": "lt-LT", "nl": "nl-NL"}


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph; ``style`` is the id of a style of Word's default template, "" for body text."""

    text: str
    style: str = PLAIN
    bold: bool = False
    italic: bool = False
    keep: bool = False


def write(instrument: Instrument, language: str, draft: bool) -> bytes:
    """The document (.docx) in ``language``; the same bytes for the same questionnaire."""
    import docx  # costs half a second: only where a document is written
    from docx.oxml import parse_xml
    from docx.shared import Mm

    document = docx.Document()
    body = "".join(_paragraph(line, _LANGUAGES.get(language, language)) for line in _lines(instrument, language, draft))
    end = document.element.body.sectPr
    for paragraph in parse_xml(f'<w:body xmlns:w="{_NAMESPACE}">{body}</w:body>'):
        end.addprevious(paragraph)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    document.core_properties.title = exporting.title(instrument, language, draft)
    document.core_properties.author = ""
    document.core_properties.comments = f"{instrument.id} {instrument.version}, {language}, {instrument.digest}"
    stream = io.BytesIO()
    document.save(stream)
    return timeless(stream.getvalue())


def numbers(instrument: Instrument, language: str) -> Iterator[tuple[int, Entry]]:
    """The questions with the numbers that they have in every language."""
    asked = [entry for entry in outline(instrument, language) if entry.kind not in ("page", "text")]
    yield from enumerate(asked, start=1)


def _lines(instrument: Instrument, language: str, draft: bool) -> Iterator[Line]:
    wording = instrument.wordings[language]
    yield Line(exporting.title(instrument, language, draft), TITLE)
    yield from _body(wording.get("survey.description"))
    yield from _body(wording.get("survey.welcome"))
    page = number = 0
    for entry in outline(instrument, language):
        if entry.kind == "page":
            page += 1
            yield Line(entry.title or f"– {page} –", PAGE)
            yield from _body(entry.body)
        elif entry.kind == "text":
            yield from _body(entry.body)
        else:
            number += 1
            yield from _question(entry, number)
    yield from _body(wording.get("survey.end"))


def _body(text: str) -> Iterator[Line]:
    for part in text.split("\n"):
        if part.strip():
            yield Line(part.strip())


def _question(entry: Entry, number: int) -> Iterator[Line]:
    yield Line(f"{number}. {entry.title}", bold=True, keep=True)
    for line in _body(entry.body):
        yield Line(line.text, italic=True, keep=True)
    for place, row in enumerate(entry.rows, start=1):
        yield Line(f"{number}.{place} {row.label}", STATEMENT, keep=True)
    for option in entry.options:
        yield Line(option.label, OPTION, keep=option is not entry.options[-1])


def _paragraph(line: Line, language: str) -> str:
    style = f'<w:pStyle w:val="{line.style}"/>' if line.style else ""
    keep = "<w:keepNext/>" if line.keep else ""
    marks = f"{'<w:b/>' if line.bold else ''}{'<w:i/>' if line.italic else ''}"
    text = escape(_CONTROL.sub("", line.text))
    return (
        f'<w:p><w:pPr>{style}{keep}</w:pPr><w:r><w:rPr>{marks}<w:lang w:val="{language}"/></w:rPr>'
        f'<w:t xml:space="preserve">{text}</w:t></w:r></w:p>'
    )
