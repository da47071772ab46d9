"""``render_docx``: a composed report as one Word document."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from mce_utaut.report.blocks import Block, Code, FigureBlock, Grid, Heading, Paragraph, Picture, read_blocks
from mce_utaut.report.page import Page
from mce_utaut.report.render import Composed
from mce_utaut.report.word.pictures import picture_xml, png
from mce_utaut.report.word.styles import blank, head_and_foot, section_end
from mce_utaut.report.word.tables import table_xml
from mce_utaut.report.word.text import bookmark, bookmark_name, caption, contents_xml, paragraph, run, runs, text_of
from mce_utaut.report.word.widths import LANDSCAPE, PORTRAIT, layout
from mce_utaut.survey.workbooks import timeless

if TYPE_CHECKING:
    from docx.document import Document

_HIGHEST = 11800  # twips: what a picture may take of a page, with its caption on the same page
_UNBROKEN_NOTE = 500  # characters of a note that stays on one page
_STYLES = {"body": "", "lead": "Lead", "small": "Small", "aside": "Aside", "item": "ListBullet", "term": "Term",
           "definition": "Definition", "label": "Label", "quote": "Quotation"}  # fmt: skip


def render_docx(report: Composed) -> bytes:
    """The report as a Word document (.docx) with real headings, tables and captions, each drawing as a picture
    with its text alternative. Equal reports give equal bytes."""
    page = report.page
    title = page.short(page.result.title, 400)
    document = blank(title, page.words.language)
    head_and_foot(document, page.short(page.result.title, 90))
    sections = tuple(_sections(report))
    writer = _Writer(document, frozenset(_anchors(sections)))
    writer.front(page, title, [(section.name, section.heading) for section in sections])
    for section in sections:
        writer.section(section)
    writer.close()
    stream = io.BytesIO()
    document.save(stream)
    return timeless(stream.getvalue())


class _Section(NamedTuple):
    heading: str
    name: str
    blocks: tuple[Block, ...]


def _sections(report: Composed) -> Iterator[_Section]:
    """The sections of the page. The data of the figures, which the page folds away, are left to it."""
    for body in report.bodies:
        heading = report.page.heading(body.name, "title").striptags()
        yield _Section(f"{body.number} {heading}", body.name, read_blocks(body.markup))


def _anchors(sections: Sequence[_Section]) -> Iterator[str]:
    """Every place that a link may lead to."""
    for section in sections:
        yield section.name
        for block in section.blocks:
            if isinstance(block, Heading | Paragraph) and block.anchor:
                yield block.anchor
            elif isinstance(block, Grid):
                yield f"table-{block.name}"
            elif isinstance(block, FigureBlock):
                yield f"figure-{block.name}"


def _heads(block: Block) -> bool:
    return isinstance(block, Heading) or (isinstance(block, Paragraph) and block.kind == "label")


def _leads_in(before: Block, block: Block, following: Block | None) -> bool:
    """Whether ``block`` is all that stands between a heading and an upright table or figure: without them the two
    would be left alone at the foot of a page. So would the line above a model."""
    if isinstance(block, Paragraph) and block.kind == "small" and isinstance(following, Code):
        return True
    if not _heads(before) or not isinstance(block, Paragraph) or len(text_of(block.runs)) > _UNBROKEN_NOTE:
        return False
    if isinstance(following, Grid):
        return following.columns > 0 and not layout(following).turned
    return isinstance(following, FigureBlock | Picture)


class _Writer:
    """Collects the body of one document; knows its numbering of bookmarks and pictures, and how the page lies."""

    def __init__(self, document: Document, anchors: frozenset[str]) -> None:
        self._document, self._anchors = document, anchors
        self._parts: list[str] = []
        self._bookmarks = self._pictures = 0
        self._turned = False

    def front(self, page: Page, title: str, contents: Sequence[tuple[str, str]]) -> None:
        """Title, facts and contents."""
        result, words = page.result, page.words
        self._add(paragraph(run(words.text("report.kind")), "Small"))
        self._add(paragraph(run(title), "Title"))
        facts = words.text("report.facts", study=page.short(result.id, 80))
        facts += f" · {result.provenance.run_date}" if result.provenance.run_date else ""
        facts += f" · mce_utaut {result.provenance.versions.get('mce_utaut', '')}"
        self._add(paragraph(run(facts), "Small"))
        title = words.text("report.contents")
        entries = [(bookmark_name(name), heading) for name, heading in contents]
        self._add(contents_xml(title, words.text("report.contents_pages"), entries))
        if page.figures:
            self._add(paragraph(run(words.text("figure.elsewhere")), "Small"))

    def section(self, section: _Section) -> None:
        """A section with its heading."""
        self._turn(False)
        self._add(paragraph(self._place(section.name, run(section.heading)), "Heading1"))
        before: Block = Heading(1, ())
        for block, following in zip(section.blocks, (*section.blocks[1:], None), strict=True):
            keep = _leads_in(before, block, following)
            self._block(block, following if _heads(block) and isinstance(following, Grid) else None, keep=keep)
            before = block

    def close(self) -> None:
        """Puts all that was written into the document."""
        from docx.oxml import parse_xml
        from docx.oxml.ns import nsdecls

        self._turn(False)
        end = self._document.element.body.sectPr
        body = parse_xml(f"<w:body {nsdecls('w', 'r', 'wp', 'a', 'pic')}>{''.join(self._parts)}</w:body>")
        for element in body:
            end.addprevious(element)

    def _add(self, content: str) -> None:
        self._parts.append(content)

    def _block(self, block: Block, heading_of: Grid | None = None, *, keep: bool = False) -> None:
        """A block; what heads a table stands on the table's page; ``keep`` holds a paragraph with what follows."""
        if isinstance(block, Grid):
            self._table(block)
            return
        self._turn(heading_of is not None and heading_of.columns > 0 and layout(heading_of).turned)
        if isinstance(block, Heading):
            self._add(paragraph(self._place(block.anchor, runs(block.runs)), f"Heading{min(block.level, 3)}"))
        elif isinstance(block, Paragraph):
            content = self._place(block.anchor, runs(block.runs, self._anchors))
            self._add(paragraph(content, _STYLES[block.kind], keep=keep))
        elif isinstance(block, Code):
            self._add(paragraph(run(block.text), "Code"))
        elif isinstance(block, Picture):
            self._add(paragraph(self._picture(block.svg), "Picture"))
        else:
            self._figure(block)

    def _table(self, grid: Grid) -> None:
        if not grid.columns:
            return
        plan = layout(grid)
        self._turn(plan.turned)
        head = caption(grid.label, grid.title, self._anchors)
        self._add(paragraph(self._place(f"table-{grid.name}", head), "Caption"))
        self._add(table_xml(grid, plan, self._anchors))
        style = "TableNote" if len(text_of(grid.notes)) <= _UNBROKEN_NOTE else "TableNoteLong"
        self._add(paragraph(runs(grid.notes, self._anchors), style))

    def _figure(self, figure: FigureBlock) -> None:
        head = caption(figure.label, figure.title, self._anchors)
        self._add(paragraph(self._place(f"figure-{figure.name}", head), "Caption"))
        for number, svg in enumerate(figure.svgs, start=1):
            # The first (a legend) stays with the second, the last with the note; all together may exceed a page.
            keep = number in (1, len(figure.svgs))
            self._add(paragraph(self._picture(svg), "Picture", keep=keep))
        self._add(paragraph(runs(figure.caption, self._anchors), "FigureNote"))

    def _picture(self, svg: str) -> str:
        self._pictures += 1
        relation, _ = self._document.part.get_or_add_image(io.BytesIO(png(svg)))
        return picture_xml(relation, self._pictures, svg, LANDSCAPE if self._turned else PORTRAIT, _HIGHEST)

    def _place(self, anchor: str, content: str) -> str:
        if not anchor:
            return content
        self._bookmarks += 1
        return bookmark(anchor, self._bookmarks, content)

    def _turn(self, turned: bool) -> None:
        """Ends the pages so far where the next ones lie the other way."""
        if turned != self._turned:
            end = section_end(self._document, turned=self._turned)
            flat = '<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'
            self._add(paragraph("", properties=flat + end))
            self._turned = turned
