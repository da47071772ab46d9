"""An empty Word document with the report's page, styles and language."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from mce_utaut.report.word.text import field, place_of, plain, run

if TYPE_CHECKING:
    from docx.document import Document

FACE = "Arial"
_DATE = datetime.datetime(2000, 1, 1)  # equal reports are equal bytes: no clock
_EDGE = '<w:pBdr><w:left w:val="single" w:sz="18" w:space="8" w:color="B8BFC8"/></w:pBdr>'
# id, name, parent, paragraph properties, run properties (sizes in half points, lengths in twips)
_OWN = (
    ("Lead", "Lead", "Normal", "", '<w:sz w:val="23"/>'),
    ("Small", "Small Text", "Normal", "", '<w:color w:val="535C68"/><w:sz w:val="18"/>'),
    ("Aside", "Aside", "Normal", f'{_EDGE}<w:ind w:left="240"/>', ""),
    ("Quotation", "Quotation", "Normal", '<w:keepNext/><w:spacing w:before="160" w:after="20"/>'
     '<w:ind w:left="240"/>', "<w:i/>"),
    ("Label", "Label", "Normal", '<w:keepNext/><w:spacing w:before="160" w:after="60"/>', "<w:b/>"),
    ("Term", "Term", "Normal", '<w:keepNext/><w:spacing w:before="100" w:after="0"/>', "<w:b/>"),
    ("Definition", "Definition", "Normal", '<w:ind w:left="284"/>', ""),
    ("Code", "Code", "Normal", '<w:keepLines/><w:shd w:val="clear" w:color="auto" w:fill="F4F6F8"/>'
     '<w:spacing w:line="240" w:lineRule="auto"/>',
     '<w:rFonts w:ascii="Courier New" w:hAnsi="Courier New" w:cs="Courier New"/><w:noProof/><w:sz w:val="16"/>'),
    ("TableText", "Table Text", "Normal", '<w:spacing w:before="24" w:after="24" w:line="240" w:lineRule="auto"/>',
     '<w:sz w:val="17"/>'),
    ("TableTextSmall", "Table Text Small", "TableText", "", '<w:sz w:val="15"/>'),
    ("TableTextSmallest", "Table Text Smallest", "TableText", "", '<w:sz w:val="14"/>'),
    ("TableNote", "Table Note", "Normal", '<w:keepLines/><w:spacing w:before="80" w:after="320"/>',
     '<w:sz w:val="17"/>'),
    ("TableNoteLong", "Table Note Long", "TableNote", '<w:keepLines w:val="0"/>', ""),
    ("FigureNote", "Figure Note", "TableNote", "", ""),
    ("Picture", "Picture", "Normal", '<w:spacing w:before="0" w:after="0" w:line="240" '
     'w:lineRule="auto"/>', ""),
    ("TOC1", "toc 1", "Normal", '<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="9412"/></w:tabs>'
     '<w:spacing w:after="20"/>', ""),
)  # fmt: skip
_MARGINS = (
    '<w:pgMar w:top="1304" w:right="1247" w:bottom="1304" w:left="1247" w:header="624" w:footer="624" w:gutter="0"/>'
)
# size in half points, space before and after in twips
_HEADINGS = {"Title": (44, 0, 120), "Heading 1": (32, 480, 160), "Heading 2": (25, 360, 100),
             "Heading 3": (21, 240, 60)}  # fmt: skip


def blank(title: str, language: str) -> Document:
    """An A4 document in ``language`` (``en``, ``it``, ...) without content; ``title`` is in its properties."""
    from docx import Document

    document = Document()
    package = document.part.package
    for ident in [ident for ident, kept in package.rels.items() if kept.reltype.endswith("/thumbnail")]:
        del package.rels[ident]  # a picture of the empty template
    properties = document.core_properties
    properties.title, properties.author, properties.comments = plain(title)[:255], "", ""
    properties.language = place = place_of(language)
    properties.created = properties.modified = _DATE
    _page(document)
    _fonts(document, place)
    for name, (size, before, after) in _HEADINGS.items():
        _heading(document, name, size, before, after)
    for style in _OWN:
        _add_style(document, *style)
    return document


def section_end(document: Document, *, turned: bool) -> str:
    """The ``w:sectPr`` that ends pages of one direction; all share header and footer."""
    from docx.oxml.ns import qn

    final = document.element.body.sectPr
    kept = "".join(_same(child) for child in final if child.tag in (qn("w:headerReference"), qn("w:footerReference")))
    size = '<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>' if turned else '<w:pgSz w:w="11906" w:h="16838"/>'
    return f"<w:sectPr>{kept}{size}{_MARGINS}</w:sectPr>"


def _same(reference) -> str:
    from docx.oxml.ns import qn

    kind = reference.tag.split("}")[1]
    return f'<w:{kind} w:type="{reference.get(qn("w:type"))}" r:id="{reference.get(qn("r:id"))}"/>'


def _page(document: Document) -> None:
    from docx.shared import Twips

    section = document.sections[0]
    section.page_width, section.page_height = Twips(11906), Twips(16838)
    section.left_margin = section.right_margin = Twips(1247)
    section.top_margin = section.bottom_margin = Twips(1304)
    section.header_distance = section.footer_distance = Twips(624)


def head_and_foot(document: Document, head: str) -> None:
    """Puts the study's name and the section (STYLEREF 1: the last heading of level 1, in every language of Word) on
    top of every page and the page number below."""
    gap = '<w:r><w:ptab w:relativeTo="margin" w:alignment="right" w:leader="none"/></w:r>'
    for part, side, content in (
        (document.sections[0].header, "left", run(head) + gap + field("STYLEREF 1", "")),
        (document.sections[0].footer, "right", field("PAGE", "1") + run(" / ") + field("NUMPAGES", "1")),
    ):
        old = part.paragraphs[0]._p
        new = _parsed(f'<w:p><w:pPr><w:pStyle w:val="Small"/><w:jc w:val="{side}"/></w:pPr>{content}</w:p>')
        old.getparent().replace(old, new)


def _fonts(document: Document, language: str) -> None:
    """One face for all styles in place of the theme's, and the language of the text."""
    from docx.oxml.ns import qn
    from docx.shared import Pt, Twips

    root = document.styles.element
    for fonts in root.iter(qn("w:rFonts")):
        fonts.attrib.clear()
        for kind in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{kind}"), FACE)
    for spoken in root.iter(qn("w:lang")):
        spoken.set(qn("w:val"), language)
    normal = document.styles["Normal"]
    normal.font.size = Pt(10)
    normal.paragraph_format.space_after = Twips(120)
    normal.paragraph_format.line_spacing = 1.15
    bullets = document.styles["List Bullet"].paragraph_format
    bullets.space_after = Twips(60)
    caption = document.styles["Caption"]
    caption.font.size, caption.font.bold = Pt(10), False
    caption.font.color.rgb = _ink()
    caption.paragraph_format.space_before, caption.paragraph_format.space_after = Twips(280), Twips(100)
    caption.paragraph_format.keep_with_next = True


def _ink():
    from docx.shared import RGBColor

    return RGBColor(0x1A, 0x1F, 0x26)


def _heading(document: Document, name: str, size: int, before: int, after: int) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, Twips

    style = document.styles[name]
    style.font.size, style.font.bold, style.font.italic = Pt(size / 2), True, False
    style.font.color.rgb = _ink()
    style.paragraph_format.space_before, style.paragraph_format.space_after = Twips(before), Twips(after)
    style.paragraph_format.keep_with_next = True
    for border in list(style.element.iter(qn("w:pBdr"))):
        border.getparent().remove(border)


def _add_style(document: Document, ident: str, name: str, parent: str, paragraph: str, looks: str) -> None:
    document.styles.element.append(_parsed(
        f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{ident}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="{parent}"/><w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{looks}</w:rPr></w:style>'
    ))  # fmt: skip


def _parsed(content: str):
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    return parse_xml(f"<w:body {nsdecls('w', 'r')}>{content}</w:body>")[0]
