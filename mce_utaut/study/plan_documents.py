"""A plan as a self-contained HTML page and as a Word document; both the same bytes for the same plan."""

from __future__ import annotations

import io
from html import escape

from mce_utaut.study.plan import Plan, PlanBlock, PlanTable
from mce_utaut.survey.workbooks import timeless

LONGEST_WORD = 24  # letters that a column of a table on paper can hold
_STYLE = """
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
h1 { line-height: 1.2; } h2 { margin-top: 2rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; margin: 1rem 0; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; overflow-wrap: break-word; }
.long { overflow-wrap: anywhere; }
thead th { border-bottom: 2px solid; } td { border-bottom: 1px solid #8886; min-width: 3rem; }
pre { overflow-x: auto; padding: .75rem; border: 1px solid #8886; }
@media print { h2, tr { break-inside: avoid; } pre { white-space: pre-wrap; } thead { display: table-header-group; } }
"""


def plan_html(plan: Plan) -> bytes:
    """The plan as one HTML page (UTF-8) that loads nothing."""
    parts = [
        f'<!doctype html>\n<html lang="{escape(plan.language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(plan.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{escape(plan.title)}</h1>\n"
    ]
    parts += [f"<p>{escape(line)}</p>\n" for line in plan.lead]
    parts += [_block(block) for block in plan.blocks]
    parts.append("</main>\n</body>\n</html>\n")
    return "".join(parts).encode("utf-8")


def _block(block: PlanBlock) -> str:
    parts = [f"<section>\n<h2>{escape(block.title)}</h2>\n"]
    parts += [f"<p>{escape(line)}</p>\n" for line in block.lines]
    parts += [f'<p>{escape(what)}</p>\n<pre tabindex="0">{escape(text)}</pre>\n' for what, text in block.code]
    parts += [_table(table, block.title) for table in block.tables if table.rows]
    return "".join([*parts, "</section>\n"])


def _table(table: PlanTable, title: str) -> str:
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in table.head)
    rows = "".join("<tr>" + "".join(map(_cell, row)) + "</tr>\n" for row in table.rows)
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{escape(title)}">\n<table>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n</div>\n"
    )


def _cell(text: str) -> str:
    """A cell; only one that holds a word too long for a column (a digest, an address) may break within words."""
    long = ' class="long"' if any(len(word) > LONGEST_WORD for word in text.split()) else ""
    return f"<td{long}>{escape(text)}</td>"


def plan_docx(plan: Plan) -> bytes:
    """The plan as a Word document with real tables."""
    import datetime

    from docx import Document

    document = Document()
    properties = document.core_properties
    properties.title, properties.author, properties.comments = _clean(plan.title), "", ""
    properties.language = plan.language
    properties.created = properties.modified = datetime.datetime(1980, 1, 1)
    document.add_heading(_clean(plan.title), 0)
    for line in plan.lead:
        document.add_paragraph(_clean(line))
    for block in plan.blocks:
        document.add_heading(_clean(block.title), 1)
        for line in block.lines:
            document.add_paragraph(_clean(line))
        for what, text in block.code:
            document.add_paragraph(_clean(what))
            run = document.add_paragraph().add_run(_clean(text))
            run.font.name = "Courier New"
        for table in block.tables:
            if table.rows:
                _add_table(document, table)
    stream = io.BytesIO()
    document.save(stream)
    return timeless(stream.getvalue())


def _add_table(document, table: PlanTable) -> None:
    grid = document.add_table(rows=1 + len(table.rows), cols=len(table.head))
    grid.style = "Table Grid"
    for row, cells in zip(grid.rows, (table.head, *table.rows), strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = _clean(text)
    for cell in grid.rows[0].cells:
        for run in cell.paragraphs[0].runs:
            run.bold = True
    document.add_paragraph()


def _clean(text: str) -> str:
    """``text`` without the control characters that XML cannot hold."""
    return "".join(sign for sign in text if sign in "\n\t" or ord(sign) >= 32)
