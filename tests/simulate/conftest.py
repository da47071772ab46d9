"""The sample questionnaire and a small population for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from mce_utaut.instrument.load import load_instrument
from mce_utaut.instrument.model import Instrument
from mce_utaut.instrument.reading import TextFile

SAMPLES = Path(__file__).parents[1] / "data" / "instruments"

POPULATION = """\
id: small
seed: 7
day: 2026-03-02
cuts:
  agree7: [-2.0, -1.4, -0.8, -0.2, 0.5, 1.3]
roles:
  student:
    instrument: sample
    file: students.csv
    n: 400
    languages: {en: 0.75, it: 0.25}
    universities: {ktu: 0.6, uoc: 0.4}
    loadings: {default: 0.8}
    means: {PE: 0.3}
    paths:
      BI: {PE: 0.5}
      USE: {BI: 0.4}
    items:
      PE4: {loading: 0.6, shift: -0.5}
      BI4: {measures: BI, loading: 0.5}
"""


@pytest.fixture(scope="session")
def sample() -> Instrument:
    files = [TextFile(p.name, p.read_text(encoding="utf-8")) for p in sorted(SAMPLES.glob("sample*.yaml"))]
    structure = next(file for file in files if file.name == "sample.yaml")
    return load_instrument(structure, [file for file in files if file is not structure])


@pytest.fixture
def population_text() -> str:
    return POPULATION
