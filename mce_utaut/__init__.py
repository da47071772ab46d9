"""Acceptance studies of micro-credentials with UTAUT: questionnaire out, responses in, model fitted, report read."""

__version__ = "0.1.0"
