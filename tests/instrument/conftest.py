"""The sample questionnaire, and a way to check it with something in it changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mce_utaut.instrument.load import CheckReport, check_instrument, load_instrument
from mce_utaut.instrument.model import Instrument
from mce_utaut.instrument.reading import TextFile, decode_yaml

FOLDER = Path(__file__).parents[1] / "data" / "instruments"
NAMES = ("sample.yaml", "sample.en.yaml", "sample.it.yaml")
Changed = Callable[..., CheckReport]


@pytest.fixture(scope="session")
def texts() -> dict[str, str]:
    """The three files' texts by name."""
    return {name: decode_yaml(name, (FOLDER / name).read_bytes()).text for name in NAMES}


@pytest.fixture(scope="session")
def sample(texts: dict[str, str]) -> Instrument:
    """The sample questionnaire."""
    files = [TextFile(name, text) for name, text in texts.items()]
    return load_instrument(files[0], files[1:])


@pytest.fixture
def changed(texts: dict[str, str]) -> Changed:
    """Checks the sample after replacing text: ``changed(structure={old: new}, en={...}, it={...})``. The
    Italian file takes part only where ``it`` is given."""

    def check(
        structure: dict[str, str] | None = None,
        en: dict[str, str] | None = None,
        it: dict[str, str] | None = None,
    ) -> CheckReport:
        files = []
        for name, changes in zip(NAMES, (structure, en, it)):
            if name == "sample.it.yaml" and changes is None:
                continue
            text = texts[name]
            for old, new in (changes or {}).items():
                assert old in text, f"{old!r} is not in {name}"
                text = text.replace(old, new, 1)
            files.append(TextFile(name, text))
        return check_instrument(files[0], files[1:])

    return check
