"""Reads a questionnaire: one structure file and its wording files, as text, to an ``Instrument``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from mce_utaut.errors import InstrumentError, Problem
from mce_utaut.instrument.build import build
from mce_utaut.instrument.design import check_design
from mce_utaut.instrument.findings import Findings
from mce_utaut.instrument.fitting import fit, known_words
from mce_utaut.instrument.languages import check_wordings
from mce_utaut.instrument.model import Instrument
from mce_utaut.instrument.reading import MarkedDict, TextFile, read_tree
from mce_utaut.instrument.shape import StructureShape, WordingShape
from mce_utaut.instrument.structure import Known, check_structure
from mce_utaut.instrument.wording import WordingFile, flat_entries, flat_strings
from mce_utaut.notes import Note


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check found. ``instrument`` is there exactly where there is no problem."""

    problems: tuple[Problem, ...] = ()
    warnings: tuple[Note, ...] = ()
    instrument: Instrument | None = field(default=None, repr=False)

    @property
    def ok(self) -> bool:
        """True where there is no problem (there may be warnings)."""
        return not self.problems


def load_instrument(structure: TextFile, wordings: Sequence[TextFile]) -> Instrument:
    """The instrument of a structure file and its wording files. Raises ``InstrumentError`` with every
    problem of all of them."""
    report = check_instrument(structure, wordings)
    if report.instrument is None:
        raise InstrumentError(report.problems)
    return report.instrument


def check_instrument(structure: TextFile, wordings: Sequence[TextFile]) -> CheckReport:
    """Every problem and warning of a structure file and its wording files, file by file and line by line,
    and the instrument where there is no problem. Never raises for what the files hold."""
    found = Findings(structure.name)
    of_structure = _read_structure(structure, found)
    files: list[tuple[WordingFile, Findings]] = []
    every: list[Findings] = [found]
    for wording in wordings:
        of_file = Findings(wording.name)
        every.append(of_file)
        file = _read_wording(wording, of_file)
        if file is not None:
            files.append((file, of_file))
    if of_structure is not None:
        shape, known = of_structure
        check_structure(shape, known, found)
        if not known.broken:
            check_design(shape, found)
        _check_source(shape, wordings, files, found)
        check_wordings(shape, known, files, found)
    problems = tuple(problem for one in every for problem in sorted(one.problems, key=_line))
    warnings = tuple(note for one in every for note in one.notes)
    if problems or of_structure is None:
        return CheckReport(problems, warnings)
    return CheckReport((), warnings, build(of_structure[0], [file for file, _ in files]))


def _line(problem: Problem) -> tuple[int, int]:
    return problem.line or 0, problem.column or 0


def _read_structure(file: TextFile, found: Findings) -> tuple[StructureShape, Known] | None:
    tree = read_tree(file)
    found.problems += tree.problems
    if tree.root is None:
        return None
    if "language" in tree.root and "source_language" not in tree.root and "instrument" in tree.root:
        what = "this is a wording file, not a structure file."
        found.problem(tree.root.at, "", what, "Name the file without a language.")
        return None
    before = _named(tree.root)
    fitted = fit(file.name, tree.root, StructureShape)
    found.problems += fitted.problems
    if fitted.shape is None:
        return None
    after = _named(tree.root)
    names = {kind: before[kind] | after[kind] for kind in before}
    broken = {f"{kind}.{word}" for kind in before for word in before[kind] - after[kind]}
    known = Known(
        codes=frozenset(names["item"]),
        scales=frozenset(word for word in names["scale"] if "." not in word),
        constructs=frozenset(names["construct"]),
        broken=frozenset(broken),
    )
    return fitted.shape, known


def _named(root: MarkedDict) -> dict[str, set[str]]:
    """The words that a structure tree names, by the kind of their wording keys; ``item`` and ``question``
    hold the codes of both."""
    codes = known_words(root.get("pages"), "code")
    scales = _keys(root, "scales")
    options = {f"{scale}.{code}" for scale in scales for code in known_words(root["scales"][scale], "code")}
    return {
        "item": codes,
        "question": codes,
        "scale": scales | options,
        "construct": _keys(root, "constructs"),
        "page": known_words(root.get("pages"), "id"),
    }


def _keys(root: MarkedDict, section: str) -> set[str]:
    mapping = root.get(section)
    return set(mapping) if isinstance(mapping, MarkedDict) else set()


def _read_wording(file: TextFile, found: Findings) -> WordingFile | None:
    tree = read_tree(file)
    found.problems += tree.problems
    if tree.root is None:
        return None
    if "pages" in tree.root and "language" not in tree.root and "id" in tree.root:
        what = "this is a structure file, not a wording file."
        found.problem(tree.root.at, "", what, "Name the structure file first, and wording files after it.")
        return None
    written = frozenset(key for key, _, _, _ in flat_entries(tree.root))
    fitted = fit(file.name, tree.root, WordingShape)
    found.problems += fitted.problems
    if fitted.shape is None:
        return None
    return WordingFile(file.name, fitted.shape, flat_strings(tree.root), written)


def _check_source(
    shape: StructureShape,
    wordings: Sequence[TextFile],
    files: Sequence[tuple[WordingFile, Findings]],
    found: Findings,
) -> None:
    """The source language must be among the wordings (unless one of them could not be read)."""
    if len(files) < len(wordings) or any(file.shape.language == shape.source_language for file, _ in files):
        return
    language = shape.source_language
    what = f"there is no wording file in the source language {language}."
    remedy = f"Add {shape.id}.{language}.yaml, or correct `source_language`."
    found.problem(shape.at("source_language"), "source_language", what, remedy)
