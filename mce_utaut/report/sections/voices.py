"""In their own words: numbers and themes side by side, the inference written by a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mce_utaut.report.page import Page


def build(page: Page) -> Mapping[str, Any]:
    """The joint display, or None where no answers were coded."""
    return {"joint": page.result.sections.get("joint_display")}
