"""Paragraphs of a Word document as XML (WordprocessingML, ECMA-376 part 1, chapter 17)."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from xml.sax.saxutils import escape, quoteattr

from mce_utaut.report.blocks import Run, Runs
from mce_utaut.report.render import glue

# What XML 1.0 cannot hold (section 2.2), lone surrogates among it.
_UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LONGEST_BOOKMARK = 40
_PLACES = {"en": "en-GB", "it": "it-IT"}  # other languages stand without a country


def plain(text: str) -> str:
    """``text`` without the characters that XML cannot hold."""
    return _UNFIT.sub("", text)


def attribute(text: str) -> str:
    """``text`` as a quoted attribute value."""
    return quoteattr(plain(text))


def place_of(language: str) -> str:
    """A language as Word names it."""
    return _PLACES.get(language, language)


def text_of(runs: Runs) -> str:
    """The text of ``runs`` without their looks, as it is set: intervals do not break."""
    return glue("".join(run.text for run in runs))


def run(
    text: str, *, bold: bool = False, italic: bool = False, code: bool = False, link: bool = False, language: str = ""
) -> str:
    """One ``w:r``, spelled by the rules of ``language`` ("": the document's); "\\n" becomes a line break."""
    looks = '<w:rFonts w:ascii="Courier New" w:hAnsi="Courier New" w:cs="Courier New"/>' if code else ""
    looks += ("<w:b/>" if bold else "") + ("<w:i/>" if italic else "")
    looks += '<w:color w:val="0A558C"/>' if link else ""
    looks += f"<w:lang w:val={attribute(place_of(language))}/>" if language else ""
    lines = [f'<w:t xml:space="preserve">{escape(plain(line))}</w:t>' if line else "" for line in text.split("\n")]
    return f"<w:r>{f'<w:rPr>{looks}</w:rPr>' if looks else ''}{'<w:br/>'.join(lines)}</w:r>"


def runs(pieces: Runs, anchors: Collection[str] = (), *, bold: bool = False, italic: bool = False) -> str:
    """``pieces`` as runs; those that lead to one of ``anchors`` as links within the document."""
    return "".join(_linked(piece, anchors, bold, italic) for piece in pieces)


def _linked(piece: Run, anchors: Collection[str], bold: bool, italic: bool) -> str:
    leads = piece.target in anchors
    shown = leads and not piece.target.startswith("term-")
    made = run(
        glue(piece.text), bold=bold or piece.bold, italic=italic or piece.italic, code=piece.code, link=shown,
        language=piece.language,
    )  # fmt: skip
    return f'<w:hyperlink w:anchor="{bookmark_name(piece.target)}">{made}</w:hyperlink>' if leads else made


def paragraph(content: str, style: str = "", *, keep: bool = False, properties: str = "") -> str:
    """A ``w:p`` around runs; ``keep`` holds it on the page of what follows."""
    inner = (f'<w:pStyle w:val="{style}"/>' if style else "") + ("<w:keepNext/>" if keep else "") + properties
    return f"<w:p>{f'<w:pPr>{inner}</w:pPr>' if inner else ''}{content}</w:p>"


def field(instruction: str, shown: str, *, bold: bool = False) -> str:
    """A field that Word can update, with the result that it shows until then."""
    looks = "<w:rPr><w:b/></w:rPr>" if bold else ""
    return (
        f'<w:r>{looks}<w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r>{looks}<w:instrText xml:space="preserve"> {escape(instruction)} </w:instrText></w:r>'
        f'<w:r>{looks}<w:fldChar w:fldCharType="separate"/></w:r>{run(shown, bold=bold)}'
        f'<w:r>{looks}<w:fldChar w:fldCharType="end"/></w:r>'
    )


def bookmark_name(anchor: str) -> str:
    """An anchor of the page as the name of a bookmark: at most 40 letters, digits and underscores."""
    return re.sub(r"\W", "_", f"r_{anchor}", flags=re.ASCII)[:_LONGEST_BOOKMARK]


def bookmark(anchor: str, number: int, content: str) -> str:
    """``content`` as the place that links to ``anchor`` lead to."""
    name = bookmark_name(anchor)
    return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{content}<w:bookmarkEnd w:id="{number}"/>'


def contents_xml(title: str, hint: str, entries: Sequence[tuple[str, str]]) -> str:
    """The contents as Word's own: (bookmark, heading) of each entry, below ``title``. Page numbers are not in them:
    they are known to whoever lays out the pages, and a field that is marked as stale makes Word ask a question on
    opening. *Update table* above the contents, or F9, puts them in: ``hint`` says so to the author, on the tab that
    shows above the contents when they are clicked, and is never printed."""
    lines = [f'<w:hyperlink w:anchor="{name}" w:history="1">{run(heading)}</w:hyperlink>' for name, heading in entries]
    opening = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> TOC \\o "1-1" \\h \\z '
        '</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    lines[0] = opening + lines[0]
    lines[-1] += '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    inside = paragraph(run(title), "Label") + "".join(paragraph(line, "TOC1") for line in lines)
    gallery = '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/></w:docPartObj>'
    properties = f"<w:sdtPr><w:alias w:val={attribute(hint)}/>{gallery}</w:sdtPr>"
    return f"<w:sdt>{properties}<w:sdtContent>{inside}</w:sdtContent></w:sdt>"


def caption(label: str, title: Runs, anchors: Collection[str]) -> str:
    """What stands above a table or figure, after the APA manual: its number in bold, below it the title in
    italics. A number is a SEQ field, so that Word can list and renumber tables and figures."""
    kind, _, number = label.rpartition(" ")
    if kind.isalpha() and number.isdigit():
        head = run(f"{kind} ", bold=True) + field(f"SEQ {kind} \\* ARABIC", number, bold=True)
    else:
        head = run(label, bold=True) if label else ""
    gap = "<w:r><w:br/></w:r>" if head and title else ""
    return head + gap + runs(title, anchors, italic=True)
