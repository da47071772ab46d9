"""Instruments and files that the tests of survey tools share."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from mce_utaut.instrument.load import load_instrument
from mce_utaut.instrument.model import Instrument
from mce_utaut.instrument.reading import TextFile
from mce_utaut.shipped import shipped

DATA = Path(__file__).resolve().parent.parent / "data"


def load(path: Path) -> Instrument:
    wordings = sorted(path.parent.glob(f"{path.stem}.*.yaml"))
    return load_instrument(
        TextFile(path.name, path.read_text(encoding="utf-8")),
        [TextFile(one.name, one.read_text(encoding="utf-8")) for one in wordings],
    )


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of the test data."""
    return DATA


@pytest.fixture(scope="session")
def mini() -> Instrument:
    """The questionnaire of the LimeSurvey fixtures."""
    return load(DATA / "limesurvey" / "utaut_mini.yaml")


@pytest.fixture(scope="session")
def kobo() -> Instrument:
    """The questionnaire of the Kobo fixtures."""
    return load(DATA / "kobo" / "utaut_kobo.yaml")


@pytest.fixture(scope="session")
def sample() -> Instrument:
    """A small questionnaire with every type of question."""
    return load(DATA / "instruments" / "sample.yaml")


@pytest.fixture(scope="session")
def instruments(mini: Instrument, kobo: Instrument, sample: Instrument) -> dict[str, Instrument]:
    """All of them and the shipped ones, by id."""
    names = sorted(path for path in shipped("instruments").glob("*.yaml") if path.stem.count(".") == 0)
    found = [mini, kobo, sample, *(load(path) for path in names)]
    return {instrument.id: instrument for instrument in found}


@pytest.fixture(scope="session")
def load_path() -> Callable[[Path], Instrument]:
    """Loads a questionnaire with the wordings beside it."""
    return load


def sibling(name: str) -> ModuleType:
    """A module of this folder (test folders are no packages)."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def made() -> ModuleType:
    """Answers made up for any instrument, and what must become of them."""
    return sibling("answers")


@pytest.fixture(scope="session")
def fill() -> dict[str, ModuleType]:
    """Per tool the module that writes answers in the tool's own layout."""
    tools = ("limesurvey", "xlsform", "plain", "qualtrics", "redcap", "surveyjs")
    tools += ("googleforms", "msforms", "moodle", "paper", "eusurvey")
    return {tool: sibling(f"fill_{tool}") for tool in tools}
