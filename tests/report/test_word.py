"""The report as a Word document: everything that the page says, in Word's own headings, tables and captions."""

from __future__ import annotations

import dataclasses
import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from lxml import html
from PIL import Image

from mce_utaut.notes import Note
from mce_utaut.report.blocks import Grid, GridCell, GridRow, Run
from mce_utaut.report.page import PRINTED
from mce_utaut.report.render import compose, render_page
from mce_utaut.report.svg import Drawing
from mce_utaut.report.word import render_docx
from mce_utaut.report.word.pictures import png
from mce_utaut.report.word.widths import LANDSCAPE, PORTRAIT, SHORT, SIZES, SMALLEST, layout
from mce_utaut.study.result import StudyResult

Build = Callable[..., StudyResult]
NUMBER = {"en": ("Table", "Figure"), "it": ("Tabella", "Figura")}


@dataclasses.dataclass(frozen=True)
class Both:
    """A report as page and as document."""

    language: str
    page: html.HtmlElement
    content: bytes

    @property
    def document(self):
        return Document(io.BytesIO(self.content))


@pytest.fixture(scope="module", params=["en", "it"])
def both(request: pytest.FixtureRequest, make_study: Build, make_sections: Build) -> Both:
    composed = compose(make_study(sections=make_sections()), request.param, PRINTED)
    page = html.document_fromstring(render_page(composed).decode("utf-8"))
    for gone in page.xpath("//*[local-name()='svg'][not(@role)]|//*[@class='hidden' or @class='table-tools' "
                           "or @class='fig-narrow']|//script|//nav|//details[@class='twin']"):  # fmt: skip
        gone.drop_tree()
    return Both(request.param, page, render_docx(composed))


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def shown(element) -> str:
    """The text of an element of the document without fields' instructions."""
    return "".join(each.text or "" for each in element.iter(qn("w:t")))


def test_everything_that_the_page_says_is_in_the_document(both: Both) -> None:
    said = squeezed(shown(both.document.element.body))
    texts = both.page.xpath("//main//text()[not(ancestor::*[local-name()='svg'])]")
    assert len(texts) > 500
    assert not [text for text in map(squeezed, texts) if text not in said]


def test_every_table_has_the_cells_of_the_page(both: Both) -> None:
    expected = sorted(
        [[squeezed(cell.text_content()) for cell in line.xpath("./th|./td")] for line in table.xpath(".//tr")]
        for table in both.page.xpath("//main//table")
    )
    found = sorted(
        [[squeezed(shown(cell)) for cell in line.findall(qn("w:tc"))] for line in table.iter(qn("w:tr"))]
        for table in both.document.element.body.iter(qn("w:tbl"))
    )
    assert found == expected and len(found) > 20


def test_tables_have_horizontal_rules_only_and_a_head_that_repeats(both: Both) -> None:
    for table in both.document.element.body.iter(qn("w:tbl")):
        borders = {side.tag for cell in table.iter(qn("w:tcBorders")) for side in cell}
        assert borders == {qn("w:top"), qn("w:bottom")} and table.find(f".//{qn('w:tblBorders')}") is None
        lines = list(table.iter(qn("w:tr")))
        assert all(line.find(f".//{qn('w:cantSplit')}") is not None for line in lines)
        heads = [line.find(f".//{qn('w:tblHeader')}") is not None for line in lines]
        assert heads[0] and heads == sorted(heads, reverse=True)
        assert table.find(f".//{qn('w:tblCaption')}").get(qn("w:val"))


def test_no_table_is_wider_than_its_page(both: Both) -> None:
    document = both.document
    section, sections = 0, document.sections
    for element in document.element.body:
        if element.tag == qn("w:tbl"):
            room = LANDSCAPE if sections[section].page_width > sections[section].page_height else PORTRAIT
            assert sum(int(column.get(qn("w:w"))) for column in element.iter(qn("w:gridCol"))) <= room
        section += element.find(f".//{qn('w:sectPr')}") is not None


def test_headings_are_words_own_and_never_skip_a_level(both: Both) -> None:
    paragraphs = both.document.paragraphs
    levels = [int(p.style.name[-1]) for p in paragraphs if p.style.name.startswith("Heading")]
    assert levels.count(1) == len(both.page.xpath("//h2"))
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert sum(p.style.name == "Title" for p in paragraphs) == 1


@pytest.mark.parametrize("kind", [0, 1], ids=["tables", "figures"])
def test_captions_are_numbered_by_word_as_on_the_page(both: Both, kind: int) -> None:
    word = NUMBER[both.language][kind]
    captions = [p for p in both.document.paragraphs if p.style.name == "Caption"]
    numbered = [p for p in captions if f"SEQ {word} " in "".join(t.text for t in p._p.iter(qn("w:instrText")))]
    on_page = both.page.xpath(["//caption/b", "//p[@class='figure-title']/b"][kind])
    assert [squeezed(p.text) for p in numbered] == [squeezed(each.getparent().text_content()) for each in on_page]


def test_every_drawing_is_a_picture_with_title_and_text_alternative(both: Both) -> None:
    drawings = both.page.xpath("//main//*[local-name()='svg'][@role='img']")
    alternatives = [
        (d.xpath("string(*[local-name()='title'])"), d.xpath("string(*[local-name()='desc'])")) for d in drawings
    ]
    pictures = list(both.document.element.body.iter(qn("wp:docPr")))
    assert [(p.get("title"), p.get("descr")) for p in pictures] == alternatives and len(pictures) > 8
    assert len({p.get("id") for p in pictures}) == len(pictures)


def test_links_lead_to_places_that_exist_once(both: Both) -> None:
    body = both.document.element.body
    places = [mark.get(qn("w:name")) for mark in body.iter(qn("w:bookmarkStart"))]
    assert len(places) == len(set(places))
    assert {link.get(qn("w:anchor")) for link in body.iter(qn("w:hyperlink"))} <= set(places)


def test_the_document_says_its_language_and_title(both: Both) -> None:
    document = both.document
    tag = {"en": "en-GB", "it": "it-IT"}[both.language]
    assert document.core_properties.language == tag and document.core_properties.title
    assert {each.get(qn("w:val")) for each in document.styles.element.iter(qn("w:lang"))} == {tag}


def test_the_contents_are_words_own_and_no_field_makes_it_ask_on_opening(both: Both) -> None:
    contents = next(both.document.element.body.iter(qn("w:sdt")))
    assert contents.find(f".//{qn('w:docPartGallery')}").get(qn("w:val")) == "Table of Contents"
    instruction = "".join(each.text for each in contents.iter(qn("w:instrText")))
    assert instruction.split()[0] == "TOC" and r"\n" not in instruction
    hint = contents.find(f".//{qn('w:alias')}").get(qn("w:val"))
    assert ":" in hint and hint not in shown(both.document.element.body)
    heads = [p.text for p in both.document.paragraphs if p.style.name == "Heading 1"]
    assert [shown(link) for link in contents.iter(qn("w:hyperlink"))] == heads
    package = zipfile.ZipFile(io.BytesIO(both.content))
    marks = (b"w:updateFields", b"w:dirty")
    assert not [name for name in package.namelist() if any(mark in package.read(name) for mark in marks)]


def test_text_in_another_language_is_marked_so(make_study: Build, make_sections: Build) -> None:
    note = Note("of_the_import", "Read as it was.", "caution")
    study = make_study(sections=make_sections())
    roles = (dataclasses.replace(study.roles[0], notes=(note,)), *study.roles[1:])
    document = Document(io.BytesIO(render_docx(compose(dataclasses.replace(study, roles=roles), "it", PRINTED))))
    marked = {
        run.findtext(qn("w:t")): run.find(f".//{qn('w:lang')}").get(qn("w:val"))
        for run in document.element.body.iter(qn("w:r"))
        if run.find(f".//{qn('w:lang')}") is not None
    }
    assert marked["Read as it was."] == "en-GB"


def held(element) -> bool:
    return element.find(f".//{qn('w:keepNext')}") is not None


def test_the_rows_of_a_group_stay_below_its_heading(both: Both) -> None:
    seen = 0
    for table in both.document.element.body.iter(qn("w:tbl")):
        lines = list(table.iter(qn("w:tr")))
        spans = len(table.findall(f".//{qn('w:gridCol')}"))
        heads = [i for i, line in enumerate(lines) if line.find(f".//{qn('w:tblHeader')}") is None
                 and len(line.findall(qn("w:tc"))) == 1 and spans > 1]  # fmt: skip
        for start, end in pairwise([*heads, len(lines)]):
            inner = lines[start : end - 1]
            assert all(map(held, inner if end - start <= SHORT else inner[:3])), shown(table)[:80]
            seen += 1
    assert seen > 10


def test_the_last_rows_stay_with_the_note_and_a_model_with_its_line(both: Both) -> None:
    elements = list(both.document.element.body)
    notes = models = 0
    for before, after in pairwise(elements):
        style = after.find(f".//{qn('w:pStyle')}")
        name = "" if style is None else style.get(qn("w:val"))
        if before.tag == qn("w:tbl") and name.startswith("TableNote"):
            lines = [line for line in before.iter(qn("w:tr")) if line.find(f".//{qn('w:tblHeader')}") is None]
            assert not shown(after) or all(map(held, lines[-3:]))
            notes += 1
        elif name == "Code":
            assert held(before)
            models += 1
    assert notes > 10 and models


def test_no_heading_is_left_at_the_foot_of_a_page_with_a_line_of_text(both: Both) -> None:
    elements = list(both.document.element.body)
    seen = 0
    for head, line, following in zip(elements, elements[1:], elements[2:], strict=False):
        style = [each.find(f".//{qn('w:pStyle')}") for each in (head, line, following)]
        names = ["" if each is None else each.get(qn("w:val")) for each in style]
        if names[0].startswith("Heading") and names[2] == "Caption" and line.tag == qn("w:p"):
            turns = line.find(f".//{qn('w:sectPr')}") is not None
            if len(shown(line)) <= 500 and not turns and not names[1].startswith(("Heading", "Label")):
                assert held(line), shown(line)
                seen += 1
    assert seen


def grid(columns: int, rows: int, text: str = "1234.56") -> Grid:
    def line(words: str) -> GridRow:
        return GridRow(tuple(GridCell((Run(words),), number=words == text) for _ in range(columns)))

    return Grid("g", "Table 1", (), (line("Head"),), tuple(line(text) for _ in range(rows)))


def test_a_short_table_takes_smaller_text_before_it_turns_the_page() -> None:
    assert (layout(grid(6, 5)).size, layout(grid(6, 5)).turned) == (SIZES[0], False)
    wide = next(n for n in range(6, 40) if layout(grid(n, SHORT + 1)).turned)
    assert (layout(grid(wide, SHORT)).size, layout(grid(wide, SHORT)).turned) == (SMALLEST, False)


def test_what_heads_a_turned_table_stands_on_its_page(both: Both) -> None:
    body = list(both.document.element.body)
    turned = [i for i, each in enumerate(body) if each.find(f".//{qn('w:pgSz')}[@{qn('w:orient')}]") is not None]
    assert turned
    for end in turned:
        ends = [i for i in range(end) if body[i].find(f".//{qn('w:sectPr')}") is not None]
        before = body[ends[-1] - 1]
        style = before.find(f".//{qn('w:pStyle')}")
        assert style is None or not style.get(qn("w:val")).startswith(("Heading", "Label"))


def test_equal_reports_give_equal_bytes(make_study: Build) -> None:
    one, other = (render_docx(compose(make_study(), "en", PRINTED)) for _ in range(2))
    assert one == other
    dates = {entry.date_time for entry in zipfile.ZipFile(io.BytesIO(one)).infolist()}
    assert len(dates) == 1


def test_text_that_people_wrote_stays_text(make_study: Build) -> None:
    hostile = '<w:p/>{{ 7*7 }}&amp;"\x00\x0b\ud800' + "x" * 10_000
    study = make_study(title=hostile, id=hostile)
    roles = tuple(dataclasses.replace(role, title=role.title + hostile) for role in study.roles)
    study = dataclasses.replace(study, roles=roles)
    document = Document(io.BytesIO(render_docx(compose(study, "en", PRINTED))))
    titles = [p.text for p in document.paragraphs if p.style.name == "Title"]
    assert titles[0].startswith('<w:p/>{{ 7*7 }}&amp;"x')


def test_a_drawing_has_its_words_whether_or_not_the_machine_has_fonts() -> None:
    def drawn(text: str) -> bytes:
        drawing = Drawing("d", 200, 40, "Title", "Text")
        drawing.text(10, 25, text)
        return png(str(drawing.markup()))

    empty, written, greek = (Image.open(io.BytesIO(drawn(text))).convert("L") for text in ("", "Intention", "Πρόθεση"))
    assert empty.getextrema() == (255, 255)
    assert all(sum(image.histogram()[:128]) > 100 for image in (written, greek))
    assert written.tobytes() != greek.tobytes()


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_the_document(both: Both, tmp_path: Path) -> None:
    (tmp_path / "report.docx").write_bytes(both.content)
    home = f"-env:UserInstallation=file://{tmp_path}/home"
    command = ["soffice", home, "--headless", "--convert-to", "txt:Text", "--outdir", str(tmp_path), "report.docx"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=300)
    text = (tmp_path / "report.txt").read_text(encoding="utf-8-sig")
    assert f"{NUMBER[both.language][0]} 1" in text and "PE → BI" in text
