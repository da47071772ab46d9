"""The report: reads a ``StudyResult``, computes nothing; sections, templates, figures, wording per language."""

from mce_utaut.report.outputs import render_document, report_files
from mce_utaut.report.render import SECTIONS, render_report, report_language

__all__ = ["SECTIONS", "render_document", "render_report", "report_files", "report_language"]
