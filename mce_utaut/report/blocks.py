"""The report as a list of blocks, read from the markup of its sections.

The templates say once what stands where; the Word document and the LaTeX tables are drawn from these blocks, so
that a section that is added to the page is in them too. What only serves a screen (drawings for narrow windows,
download links) is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from lxml import html

Kind = Literal["body", "lead", "small", "aside", "item", "term", "definition", "label", "quote"]

_DRAWING = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
_HIDDEN = frozenset({"hidden", "table-tools", "fig-narrow"})
_SKIPPED = frozenset({"script", "style", "nav", "button", "input"})
_INLINE = frozenset({"a", "abbr", "b", "br", "cite", "code", "dfn", "em", "i", "img", "kbd", "q", "s", "small", "span",
                     "strong", "sub", "sup", "time", "u", "var", "wbr"})  # fmt: skip
_BOLD, _ITALIC = frozenset({"b", "strong", "dfn"}), frozenset({"i", "em", "cite"})
_BOLD_CLASSES = frozenset({"level", "big"})
_KINDS: dict[str, Kind] = {
    "lead": "lead", "absent": "aside", "note": "aside", "key": "aside", "trouble": "aside", "size": "small",
    "method": "small", "how": "small", "trouble-title": "label", "about": "small",
}  # fmt: skip
_TAGS: dict[str, Kind] = {
    "blockquote": "quote", "dt": "term", "dd": "definition", "summary": "label", "figcaption": "small",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text in one look; ``target`` is the anchor that it links to; "\\n" breaks the line; ``language`` is
    that of the text where it is not the report's."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    target: str = ""
    language: str = ""


Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading within a section: level 2 or more (level 1 is the section's own)."""

    level: int
    runs: Runs
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; ``kind`` says how it stands in the text."""

    runs: Runs
    kind: Kind = "body"
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Code:
    """Lines to be shown as they are."""

    text: str


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell of a table; ``span`` columns wide."""

    runs: Runs
    span: int = 1
    number: bool = False


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row of a table; a ``group`` row heads the rows below it, a ``spanner`` row the heads below it."""

    cells: tuple[GridCell, ...]
    group: bool = False
    spanner: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: ``name`` is unique in the report, ``label`` reads "Table 3" ("" where it has no number)."""

    name: str
    label: str
    title: Runs
    head: tuple[GridRow, ...]
    body: tuple[GridRow, ...]
    notes: Runs = ()

    @property
    def columns(self) -> int:
        """How many columns the widest row has."""
        return max((sum(cell.span for cell in row.cells) for row in (*self.head, *self.body)), default=0)


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing as SVG, without a number of its own."""

    svg: str


@dataclass(frozen=True, slots=True)
class FigureBlock:
    """A figure with its drawings, one below the other, and the table of its data (or None)."""

    name: str
    label: str
    title: Runs
    svgs: tuple[str, ...]
    caption: Runs
    data: Grid | None = None


Block = Heading | Paragraph | Code | Grid | Picture | FigureBlock


def read_blocks(markup: str) -> tuple[Block, ...]:
    """The blocks of a section's markup in their order."""
    drawings: list[str] = []

    def keep(found: re.Match[str]) -> str:
        drawings.append(found.group())
        return f'<img alt="{len(drawings) - 1}">'

    root = html.fragment_fromstring(_DRAWING.sub(keep, str(markup)), create_parent="div")
    return tuple(_Reader(drawings).inside(root, "body"))


def tables_of(blocks: Sequence[Block]) -> Iterator[Grid]:
    """Every table among ``blocks``, those of figures included."""
    for block in blocks:
        if isinstance(block, Grid):
            yield block
        elif isinstance(block, FigureBlock) and block.data is not None:
            yield block.data


@dataclass(slots=True)
class _Reader:
    drawings: Sequence[str]
    unnamed: int = field(default=0)

    def inside(self, element: html.HtmlElement, kind: Kind) -> Iterator[Block]:
        """The blocks within a container."""
        if not any(_is_block(child) for child in element):
            yield from self._paragraph(element, kind)
            return
        yield from _loose(element.text, kind)
        for child in element:
            if isinstance(child.tag, str):
                yield from self._block(child, kind)
            yield from _loose(child.tail, kind)

    def _block(self, element: html.HtmlElement, kind: Kind) -> Iterator[Block]:
        tag, classes = element.tag, set(element.get("class", "").split())
        if tag in _SKIPPED or classes & _HIDDEN:
            return
        kind = next((_KINDS[name] for name in sorted(classes) if name in _KINDS), _TAGS.get(tag, kind))
        if re.fullmatch("h[2-6]", tag):
            yield Heading(int(tag[1]) - 1, _runs(element), element.get("id", ""))
        elif tag == "pre":
            yield Code(element.text_content().rstrip("\n"))
        elif "table-block" in classes or tag == "table":
            yield self._grid(element)
        elif tag == "figure" and "code" not in classes:
            yield self._figure(element)
        elif tag == "li":
            yield from self.inside(element, "item" if kind == "body" else kind)
        else:
            yield from self.inside(element, kind)

    def _paragraph(self, element: html.HtmlElement, kind: Kind) -> Iterator[Block]:
        shown = [image for image in element.iter("img") if 'role="img"' in self._drawing(image)]
        yield from (Picture(self._drawing(image)) for image in shown)
        runs = _runs(element)
        if runs:
            yield Paragraph(runs, kind, element.get("id", ""))

    def _drawing(self, image: html.HtmlElement) -> str:
        return self.drawings[int(image.get("alt"))]

    def _figure(self, element: html.HtmlElement) -> FigureBlock:
        found = element.xpath("./p[@class='figure-title']")
        label, title = _label_and_title(found[0]) if found else ("", ())
        images = element.xpath("./div[@class='fig-wide']//img") or element.xpath(".//img")
        captions = element.xpath("./figcaption")
        data = None
        for block in element.xpath(".//div[contains(@class, 'table-block')]")[:1]:
            summaries = element.xpath("./details/summary")
            data = self._grid(block)
            data = replace(data, label=data.label or " ".join(summaries[0].text_content().split()) if summaries else "")
        return FigureBlock(
            element.get("id", "").removeprefix("figure-"), label, title, tuple(self._drawing(i) for i in images),
            _runs(captions[0]) if captions else (), data,
        )  # fmt: skip

    def _grid(self, element: html.HtmlElement) -> Grid:
        table = element if element.tag == "table" else next(element.iter("table"))
        name = element.get("id", "").removeprefix("table-")
        if not name:
            self.unnamed += 1
            name = f"unnamed_{self.unnamed}"
        caption = table.find("caption")
        label, title = _label_and_title(caption) if caption is not None else ("", ())
        head = tuple(_row(line) for line in table.xpath("./thead/tr"))
        body = tuple(_row(line) for line in table.xpath("./tbody/tr | ./tr | ./tfoot/tr"))
        notes = [_runs(note) for note in element.xpath("./p[contains(@class, 'table-note')]")]
        return Grid(name, label, title, head, body, tuple(run for each in notes for run in each))


def _is_block(element: html.HtmlElement) -> bool:
    return isinstance(element.tag, str) and element.tag not in _INLINE


def _loose(text: str | None, kind: Kind) -> Iterator[Block]:
    """Text that stands in a container by itself."""
    if text and text.strip():
        yield Paragraph((Run(" ".join(text.split())),), kind)


def _row(line: html.HtmlElement) -> GridRow:
    cells = tuple(
        GridCell(_runs(cell), int(cell.get("colspan", 1)), "number" in cell.get("class", "").split())
        for cell in line
        if cell.tag in ("th", "td")
    )
    classes = line.get("class", "").split()
    return GridRow(cells, "group" in classes, "spanners" in classes)


def _label_and_title(element: html.HtmlElement) -> tuple[str, Runs]:
    """("Table 3", the title) of a caption: the number is its first bold piece."""
    runs = _runs(element)
    if runs and runs[0].bold:
        rest = _tidy(runs[1:])
        return runs[0].text.strip(), rest
    return "", runs


def _runs(element: html.HtmlElement) -> Runs:
    language = element.xpath("string(ancestor-or-self::*[@lang][1]/@lang)")
    return _tidy(list(_pieces(element, Run("", language=str(language)))))


def _pieces(element: html.HtmlElement, look: Run) -> Iterator[Run]:
    if element.text:
        yield replace(look, text=element.text)
    for child in element:
        if isinstance(child.tag, str):
            classes = set(child.get("class", "").split())
            if child.tag == "br":
                yield replace(look, text="\n")
            elif child.tag not in _SKIPPED and not classes & _HIDDEN:
                target = child.get("href", "")
                yield from _pieces(child, replace(
                    look,
                    bold=look.bold or child.tag in _BOLD or bool(classes & _BOLD_CLASSES),
                    italic=look.italic or child.tag in _ITALIC or "hid" in classes,
                    code=look.code or child.tag == "code",
                    target=target[1:] if target.startswith("#") else look.target,
                    language=child.get("lang", look.language),
                ))  # fmt: skip
        if child.tail:
            yield replace(look, text=child.tail)


def _tidy(pieces: Sequence[Run]) -> Runs:
    """Pieces with white space as a browser shows it: collapsed, none at the ends (hard spaces stay)."""
    found: list[Run] = []
    open_space = False
    for piece in pieces:
        if piece.text == "\n":
            found.append(piece)
            open_space = False
            continue
        text = re.sub(r"[ \t\r\n\f]+", " ", piece.text)
        if not open_space:
            text = text.lstrip(" ")
        if not text:
            continue
        open_space = not text.endswith(" ")
        if found and replace(found[-1], text="") == replace(piece, text="") and found[-1].text != "\n":
            found[-1] = replace(found[-1], text=found[-1].text + text)
        else:
            found.append(replace(piece, text=text))
    while found and not found[-1].text.strip(" \n"):
        found.pop()
    if found:
        found[-1] = replace(found[-1], text=found[-1].text.rstrip(" "))
    return tuple(found)
