"""Finds a questionnaire's files on the disk: the structure file and its wording files beside it."""

from __future__ import annotations

import difflib
import glob
import re
from collections.abc import Iterable
from pathlib import Path

from mce_utaut import files
from mce_utaut.errors import FileProblem, Problem
from mce_utaut.instrument.load import CheckReport, check_instrument, load_instrument
from mce_utaut.instrument.model import Instrument
from mce_utaut.instrument.reading import TextFile, decode_yaml
from mce_utaut.shipped import shipped

_LANGUAGE = re.compile(r"\.[a-z]{2,3}(-[A-Za-z0-9]+)?$")


def structure_path(name: str) -> Path:
    """The structure file meant by ``name``: a path, or the id of a shipped questionnaire. Raises
    ``FileProblem`` where there is none."""
    given = Path(name)
    if given.is_file() or given.suffix in (".yaml", ".yml"):
        return given
    if given.is_dir():
        raise FileProblem(Problem("is a folder.", "Name one questionnaire (its .yaml) in it.", str(given)))
    known = {path.stem: path for path in structure_paths(shipped("instruments"))}
    if name in known:
        return known[name]
    near = [each for each in known if name.casefold() in each] or difflib.get_close_matches(name.casefold(), known, n=1)
    hint = f"Did you mean {' or '.join(near)}? " if near else ""
    remedy = f"{hint}Name a .yaml file or one of the shipped: {', '.join(known)}."
    raise FileProblem(Problem(f"there is no questionnaire {name!r}.", remedy))


def structure_paths(folder: Path) -> list[Path]:
    """The structure files of a folder, by name."""
    return [path for path in sorted(folder.glob("*.yaml")) if not _LANGUAGE.search(path.stem)]


def read_files(path: Path) -> tuple[TextFile, list[TextFile]]:
    """The structure file and its wording files as text. Raises ``FileProblem`` or ``InstrumentError``."""
    structure, *wordings = paths_of(path)
    return _text(structure), [_text(wording) for wording in wordings]


def paths_of(path: Path) -> list[Path]:
    """The structure file and its wording files."""
    beside = sorted(path.parent.glob(f"{glob.escape(path.stem)}.*{path.suffix}"))
    return [path, *(wording for wording in beside if _LANGUAGE.search(wording.stem))]


def check(path: Path) -> CheckReport:
    """What is wrong with a questionnaire and its wordings."""
    return check_instrument(*read_files(path))


def load(name: str) -> Instrument:
    """The questionnaire meant by ``name``. Raises ``FileProblem`` or ``InstrumentError``."""
    return load_instrument(*read_files(structure_path(name)))


def of_roles(folder: Path, names: Iterable[str]) -> dict[str, Instrument]:
    """The questionnaires that a population in ``folder`` names: paths from there (``.yaml``), ids of questionnaires
    beside it, or of shipped ones. Raises ``FileProblem`` or ``InstrumentError``."""
    found = {}
    for name in sorted(set(names)):
        beside = folder / (name if name.endswith(".yaml") else f"{name}.yaml")
        found[name] = load(str(beside) if beside.is_file() or name.endswith(".yaml") else name)
    return found


def _text(path: Path) -> TextFile:
    return decode_yaml(str(path), files.read(path).content)
