"""The text of a model without its comments, which are in the language of whoever wrote the model."""

from __future__ import annotations

import re


def model_lines(syntax: str) -> list[str]:
    """The lines of ``syntax`` that say something of the model."""
    lines = (re.sub(r"[#!].*", "", line).strip() for line in syntax.splitlines())
    return [line for line in lines if line]
