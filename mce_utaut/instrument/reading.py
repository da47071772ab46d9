"""A YAML file as text in, a tree of mappings, lists and strings with places out.

Only what a questionnaire needs is read: mappings, lists and scalars. Scalars stay text as written
(``no``, ``1`` and ``1.10`` are what the author typed); an unquoted one is a ``Plain``, so that the
shape can tell ``true`` from ``"true"``. Aliases, tags and repeated keys are refused, which also
removes the attacks that live on them.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

from mce_utaut.errors import InstrumentError, Problem
from mce_utaut.instrument.nodes import MarkedDict, MarkedList, Place, Plain
from mce_utaut.instrument.quick import quick_tree

LARGEST_FILE = 500_000
DEEPEST = 12


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file's name (as messages should show it) and its text."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Tree:
    """What was read of a file: ``root`` is None where nothing can be made of it."""

    root: MarkedDict | None
    problems: tuple[Problem, ...]


def decode_yaml(name: str, content: bytes) -> TextFile:
    """The text of a YAML file from its bytes, which must be UTF-8 (with or without BOM). Raises
    ``InstrumentError`` naming the encoding found, or the first byte that is not UTF-8."""
    remedy = "Save the file as UTF-8."
    for mark, encoding in (
        (codecs.BOM_UTF32_LE, "UTF-32"),
        (codecs.BOM_UTF32_BE, "UTF-32"),
        (codecs.BOM_UTF16_LE, "UTF-16"),
        (codecs.BOM_UTF16_BE, "UTF-16"),
    ):
        if content.startswith(mark):
            raise InstrumentError(Problem(f"is saved as {encoding}.", remedy, name))
    content = content.removeprefix(codecs.BOM_UTF8)
    if b"\0" in content[:4]:
        raise InstrumentError(Problem("is saved as UTF-16 or is not a text file.", remedy, name))
    try:
        return TextFile(name, content.decode("utf-8"))
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        what = f"is not UTF-8 (byte 0x{content[error.start]:02x}; probably Latin-1 or Windows-1252)."
        raise InstrumentError(Problem(what, remedy, name, line, column)) from None


def read_tree(file: TextFile) -> Tree:
    """The tree of a YAML file, with every problem that keeps it from being read. Never raises."""
    text = file.text.removeprefix("\ufeff")
    if len(text) > LARGEST_FILE:
        what = f"is longer than {LARGEST_FILE:_} characters.".replace("_", " ")
        return Tree(None, (Problem(what, "Check that this is the right file.", file.name),))
    root = quick_tree(text.replace("\r\n", "\n"))
    return Tree(root, ()) if root is not None else parsed_tree(file.name, text)


def parsed_tree(name: str, text: str) -> Tree:
    """The tree of a YAML text by the full parser, with every problem that keeps it from being read."""
    builder = _Builder(name)
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            if not builder.take(event):
                break
    except MarkedYAMLError as error:
        return Tree(None, (*builder.problems, _syntax_problem(name, error)))
    except ReaderError as error:
        return Tree(None, (*builder.problems, _character_problem(name, text, error)))
    except Exception as error:  # the parser's own faults on hostile input must not reach the user
        what = f"cannot be read as YAML ({type(error).__name__})."
        return Tree(None, (*builder.problems, Problem(what, "Check the last lines written.", name)))
    if not builder.fatal and not isinstance(builder.root, MarkedDict):
        what = "is empty." if builder.root is None or builder.root == "" else "does not hold `key: value` lines."
        builder.problem(None, what, "See docs/instrument-format.md for what belongs in it.", fatal=True)
    return Tree(None if builder.fatal else builder.root, tuple(builder.problems))


_UNREADABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


class _Builder:
    """Builds the tree event by event, without recursion."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.root: MarkedDict | MarkedList | str | None = None
        self.problems: list[Problem] = []
        self.fatal = False
        self._stack: list[MarkedDict | MarkedList] = []
        self._keys: list[tuple[str, Place] | None] = []
        self._documents = 0

    def problem(self, at: Place | None, what: str, remedy: str, *, fatal: bool) -> None:
        line, column = at or (None, None)
        self.problems.append(Problem(what, remedy, self.name, line, column))
        self.fatal = self.fatal or fatal

    def take(self, event: Event) -> bool:
        """False where reading on makes no sense."""
        at = Place(event.start_mark.line + 1, event.start_mark.column + 1)
        if isinstance(event, ScalarEvent):
            self._refuse_extras(event, at)
            self._scalar(event, at)
        elif isinstance(event, (MappingStartEvent, SequenceStartEvent)):
            self._refuse_extras(event, at)
            return self._open(MarkedDict(at) if isinstance(event, MappingStartEvent) else MarkedList(at), at)
        elif isinstance(event, (MappingEndEvent, SequenceEndEvent)):
            self._stack.pop()
            self._keys.pop()
        elif isinstance(event, AliasEvent):
            what = f"`*{event.anchor}` repeats another part of the file; this is not read here."
            self.problem(at, what, "Write the value out.", fatal=True)
            self._place(Plain(""), at)
        elif isinstance(event, DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self.problem(at, "a second document begins here (`---`).", "Use one file for each.", fatal=True)
                return False
        return True

    def _refuse_extras(self, event: ScalarEvent | MappingStartEvent | SequenceStartEvent, at: Place) -> None:
        if event.anchor is not None:
            what = f"`&{event.anchor}` names a part of the file; this is not read here."
            self.problem(at, what, "Delete it, and write repeated values out.", fatal=True)
        if event.tag is not None and str(event.tag) != "!":
            what = f"the tag `{event.tag}` is not read here."
            self.problem(at, what, "Delete it.", fatal=True)

    def _open(self, node: MarkedDict | MarkedList, at: Place) -> bool:
        if len(self._stack) >= DEEPEST:
            what = "the brackets or lines are nested deeper than in any questionnaire."
            self.problem(at, what, "Check the brackets.", fatal=True)
            return False
        if self._awaits_key():
            self.problem(at, "a list or mapping stands where a key is expected.", "Check the colon.", fatal=True)
            return False
        self._place(node, at)
        self._stack.append(node)
        self._keys.append(None)
        return True

    def _scalar(self, event: ScalarEvent, at: Place) -> None:
        value = Plain(event.value) if event.style is None else event.value
        bad = _UNREADABLE.search(value)
        if bad is not None:
            what = f"the text holds the invisible character U+{ord(bad.group()):04X}; survey tools refuse it."
            self.problem(at, what, "Delete it.", fatal=False)
            value = type(value)(_UNREADABLE.sub("", value))
        if self._awaits_key():
            self._key(value, at)
        else:
            self._place(value, at)

    def _awaits_key(self) -> bool:
        return bool(self._stack) and isinstance(self._stack[-1], MarkedDict) and self._keys[-1] is None

    def _key(self, key: str, at: Place) -> None:
        mapping = self._stack[-1]
        if not key:
            self.problem(at, "the key before the colon is missing.", "Write a key, or delete the line.", fatal=False)
        elif key == "<<":
            self.problem(at, "`<<` (merge) is not read here.", "Write the keys out.", fatal=True)
        elif key in mapping:
            first = mapping.key_at[key]
            what = f"the key `{key}` stands here a second time (first in line {first.line})."
            self.problem(at, what, "Keep one of the two.", fatal=False)
        self._keys[-1] = (str(key), at)

    def _place(self, value: MarkedDict | MarkedList | str, at: Place) -> None:
        if not self._stack:
            self.root = value
            return
        parent = self._stack[-1]
        if isinstance(parent, MarkedList):
            parent.append(value)
            parent.value_at.append(at)
            return
        if self._keys[-1] is None:
            self._keys[-1] = ("", at)
            return
        key, key_at = self._keys[-1]
        self._keys[-1] = None
        if key and key not in parent:
            parent[key] = value
            parent.key_at[key] = key_at
            parent.value_at[key] = key_at if value == "" and isinstance(value, Plain) else at


_EXPLANATIONS = (
    (r"'\\t' that cannot start|\\t", "a tab stands where YAML wants blanks.", "Indent with blanks only."),
    (
        "mapping values are not allowed",
        "a second colon stands in this line, or the line is indented further than its neighbours.",
        'Put a text with a colon in quotes (key: "one: two"), or align the line.',
    ),
    (
        "found unexpected end of stream|while scanning a quoted scalar",
        "a quote that opens here is not closed.",
        'Close it; inside double quotes write \\" for a quote.',
    ),
    (
        "unknown escape|expected escape sequence",
        "a backslash inside double quotes means something else in YAML.",
        "Write \\\\ for a backslash, or use single quotes.",
    ),
    (
        "could not find expected ':'",
        "a key without a colon.",
        "Write `key: value`, with a blank after the colon.",
    ),
    (
        "expected ',' or '[}\\]]'",
        "a bracket that opens here is not closed, or a comma is missing.",
        "Check it.",
    ),
    (
        "expected <block end>|found undefined tag|did not find expected",
        "this line does not fit the lines before it.",
        "Align it with its neighbours, and check the quotes just before it.",
    ),
    (
        "cannot start any token",
        "a text begins with a character that YAML reserves.",
        "Put the text in quotes.",
    ),
    ("undefined alias", "`*` at the start of a value is an alias in YAML.", "Put the text in quotes."),
)


def _syntax_problem(name: str, error: MarkedYAMLError) -> Problem:
    said = " ".join(part for part in (error.context, error.problem) if part)
    what, remedy = (
        f"is not valid YAML here ({error.problem or 'unreadable'}).",
        "Check the quotes and indentation.",
    )
    for pattern, meaning, advice in _EXPLANATIONS:
        if re.search(pattern, said):
            what, remedy = meaning, advice
            break
    unclosed = "not closed" in what and error.context_mark is not None
    mark = error.context_mark if unclosed else error.problem_mark or error.context_mark
    if mark is None:
        return Problem(what, remedy, name)
    return Problem(what, remedy, name, mark.line + 1, mark.column + 1)


def _character_problem(name: str, text: str, error: ReaderError) -> Problem:
    before = text[: error.position]
    character = error.character if isinstance(error.character, int) else ord(error.character)
    what = f"holds the invisible character U+{character:04X}, which a text file cannot have."
    column = len(before) - before.rfind("\n")
    return Problem(what, "Delete it, or save the file again as UTF-8.", name, before.count("\n") + 1, column)
