"""The other pages that people see, in a real browser: a questionnaire's preview, our SurveyJS page and its print."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mce_utaut.instrument.load import load_instrument
from mce_utaut.instrument.model import Instrument
from mce_utaut.instrument.reading import TextFile
from mce_utaut.preview import preview
from mce_utaut.shipped import shipped
from mce_utaut.survey import paper, surveyjs

pytestmark = pytest.mark.slow  # a browser is started
Show = Callable[..., Any]
PHONE, DESK, PAPER = 375, 1280, 718


@pytest.fixture(scope="module")
def professor() -> Instrument:
    """In its source language alone: what is hidden takes axe-core longest."""
    folder = Path(str(shipped("instruments")))
    files = (folder / name for name in ("mce_professor.yaml", "mce_professor.en.yaml"))
    structure, wording = (TextFile(one.name, one.read_text(encoding="utf-8")) for one in files)
    return load_instrument(structure, [wording])


@pytest.fixture(scope="module")
def pages(professor: Instrument) -> dict[str, bytes]:
    return {
        "preview": preview(professor),
        "surveyjs": next(c for name, c in surveyjs.export(professor).files.items() if name.endswith(".html")),
        "paper": next(c for name, c in paper.export(professor).files.items() if name.endswith(".html")),
    }


@pytest.mark.parametrize("name", ["preview", "surveyjs", "paper"])
@pytest.mark.parametrize(("width", "dark"), [(PHONE, True), (DESK, False)])
def test_a_page_is_whole_and_axe_finds_no_fault(
    pages: dict[str, bytes], show: Show, name: str, width: int, dark: bool
) -> None:
    shown = show(pages[name], width=width, dark=dark)
    assert not (found := shown.faults()), "\n".join(found)
    assert shown.violations() == []


@pytest.mark.parametrize("name", ["preview", "paper"])
def test_a_page_prints_whole(pages: dict[str, bytes], show: Show, name: str) -> None:
    assert not (found := show(pages[name], width=PAPER, printed=True).faults()), "\n".join(found)
