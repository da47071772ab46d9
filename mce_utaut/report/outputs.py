"""``report_files``: everything that is drawn from a result, by file name."""

from __future__ import annotations

from mce_utaut.report.blocks import read_blocks, tables_of
from mce_utaut.report.latex import latex_files
from mce_utaut.report.page import PRINTED
from mce_utaut.report.r_script import r_script
from mce_utaut.report.render import compose, render_page
from mce_utaut.report.word import render_docx
from mce_utaut.study.result import StudyResult


def report_files(result: StudyResult, language: str | None = None) -> dict[str, bytes]:
    """``report.html``, ``report.docx`` and ``tables/*.tex``: the same sections as a page, as a Word document,
    and their tables in LaTeX; ``model.R``, which checks the main model in R. ``language`` as for ``render_report``."""
    page = compose(result, language)
    grids = [grid for body in page.bodies for grid in tables_of(read_blocks(body.markup))]
    tables = latex_files(grids, page.page.words.text("table.number", number="").strip())
    return {
        "report.html": render_page(page),
        "report.docx": render_document(result, language),
        "model.R": r_script(result),
        **{f"tables/{name}": content for name, content in tables.items()},
    }


def render_document(result: StudyResult, language: str | None = None) -> bytes:
    """The report as one Word document, ``report.docx``. ``language`` as for ``render_report``."""
    return render_docx(compose(result, language, widest=PRINTED))
