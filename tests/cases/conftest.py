"""The case template and the fixture made of the founding report's printed totals."""

from __future__ import annotations

from pathlib import Path

import pytest

from mce_utaut.cases.analysis import analyse
from mce_utaut.cases.results import CaseResults
from mce_utaut.instrument.load import load_instrument
from mce_utaut.instrument.model import Instrument
from mce_utaut.instrument.reading import TextFile
from mce_utaut.responses.records import records
from mce_utaut.shipped import shipped
from mce_utaut.survey import plain

REPORT = Path(__file__).parents[1] / "data" / "cases" / "report_2023.csv"


@pytest.fixture(scope="session")
def template() -> Instrument:
    """The case-collection template in its source language."""
    folder = shipped("instruments")
    texts = [
        TextFile(name, (folder / name).read_text(encoding="utf-8")) for name in ("mce_case.yaml", "mce_case.en.yaml")
    ]
    return load_instrument(texts[0], texts[1:])


@pytest.fixture(scope="session")
def report_2023(template: Instrument) -> CaseResults:
    """The results of the fixture, read as any CSV of answers."""
    return analyse(template, records(template, plain.read(template, REPORT.read_bytes(), REPORT.name)))
