"""Can the roles be compared? Measurement invariance first; until it is known, what was not done and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mce_utaut.report.page import Page


def build(page: Page) -> Mapping[str, Any]:
    """The comparison, or None where the study holds none."""
    return {"comparison": page.result.sections.get("comparison"), "several": len(page.result.roles) > 1}
