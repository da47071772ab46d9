"""The report as a Word document: the same blocks as the page, as Word's own headings, tables, captions and pictures."""

from mce_utaut.report.word.document import render_docx

__all__ = ["render_docx"]
