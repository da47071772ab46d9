"""YAML text -> a frozen dataclass, with every problem at once, each at its line and column."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any, TypeVar

from mce_utaut.errors import InstrumentError, Problem, StudyError
from mce_utaut.instrument.reading import (
    MarkedDict,
    MarkedList,
    Place,
    Plain,
    TextFile,
    decode_yaml,
    read_tree,
)

T = TypeVar("T")
LONGEST_SHOWN = 80  # characters of a value that a message repeats
_FORMAT_PAGE = "docs/instrument-format.md"  # what the reader's own remedy points to


def read_checked(content: bytes | str, name: str, form: type[T]) -> T:
    """An instance of the dataclass ``form`` made from the YAML ``content`` of the file ``name``.

    Raises ``StudyError`` with every problem of the file: broken YAML (the first place only), unknown or
    missing keys, values of the wrong kind or out of range.
    """
    from pydantic import ValidationError

    tree = load_yaml(content, name)
    try:
        return _adapter(form).validate_python(_plain(tree))
    except ValidationError as error:
        details = [each for each in error.errors(include_url=False) if _meant(each, tree)]
    inside = [tuple(each["loc"]) for each in details]
    found = [
        _problem(each, tree, name, form)
        for each in details
        # A list whose entries are wrong is not also "empty".
        if each["type"] != "too_short" or not any(_within(other, each["loc"]) for other in inside)
    ]
    found.sort(key=lambda problem: (problem.line or 0, problem.column or 0, problem.what))
    raise StudyError(list(dict.fromkeys(found)))


def _within(path: Sequence[str | int], outer: Sequence[str | int]) -> bool:
    return len(path) > len(outer) and tuple(path[: len(outer)]) == tuple(outer)


def _meant(details: Any, tree: Any) -> bool:
    """Where a value may be a map or a number, a map is told what is wrong with it as a map only, else as a number."""
    node = tree
    for step in details["loc"]:
        if _is_branch(step):
            return isinstance(node, MarkedDict) == str(step).startswith("dict[")
        if not isinstance(node, (MarkedDict, MarkedList)) or (isinstance(node, MarkedDict) and step not in node):
            return True
        node = node[step]
    return True


def _is_branch(step: str | int) -> bool:
    """Whether pydantic put ``step`` into a path to name the form it tried."""
    return isinstance(step, str) and (step == "constrained-int" or step.startswith("dict["))


def load_yaml(content: bytes | str, name: str) -> MarkedDict:
    """The tree of a YAML mapping: text as written, with places (``instrument.reading``). Raises
    ``StudyError``."""
    try:
        file = TextFile(name, content) if isinstance(content, str) else decode_yaml(name, content)
    except InstrumentError as error:
        raise StudyError(error.problems) from None
    tree = read_tree(file)
    if tree.root is None or tree.problems:
        ours = (_FORMAT_PAGE, "docs/study-file.md")
        raise StudyError([replace(each, remedy=each.remedy.replace(*ours)) for each in tree.problems])
    return tree.root


def position(tree: Any, path: Sequence[str | int], key: bool = False) -> Place:
    """The place of the value at ``path``, or of its key; of the nearest thing around it where the value
    itself is not in the file."""
    place = tree.at
    for depth, step in enumerate(path):
        if isinstance(tree, MarkedDict) and step in tree:
            at_key = key and depth == len(path) - 1
            place = (tree.key_at if at_key else tree.value_at)[str(step)]
        elif isinstance(tree, MarkedList) and isinstance(step, int) and 0 <= step < len(tree):
            place = tree.value_at[step]
        else:
            break
        tree = tree[step]
    return place


def _plain(node: Any) -> Any:
    """The tree without places; an unquoted empty value, ``null`` or ``~`` is None."""
    if isinstance(node, MarkedDict):
        return {key: _plain(value) for key, value in node.items()}
    if isinstance(node, MarkedList):
        return [_plain(value) for value in node]
    return None if isinstance(node, Plain) and node in ("", "null", "~") else str(node)


@cache
def _adapter(form: type) -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(form)


def _problem(details: Any, tree: Any, name: str, form: type) -> Problem:
    path = tuple(step for step in details["loc"] if step != "[key]" and not _is_branch(step))
    kind, context = details["type"], details.get("ctx", {})
    place = position(tree, path, key=kind == "unexpected_keyword_argument")
    what, remedy = _sentence(kind, context, details, path, form)
    return Problem(what, remedy, file=name, line=place.line, column=place.column, where=_spell(path))


def _spell(path: Sequence[str | int]) -> str:
    text = ""
    for step in path:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return text


def _sentence(
    kind: str, context: dict[str, Any], details: Any, path: Sequence[str | int], form: type
) -> tuple[str, str]:
    given = details.get("input")
    shown = _shown(given)
    if kind == "unexpected_keyword_argument":
        known = [field.name for field in fields(_form_at(form, path[:-1]))]
        near = difflib.get_close_matches(str(path[-1]), known, n=1)
        remedy = f"Did you mean {near[0]!r}?" if near else f"Known keys: {', '.join(known)}."
        return "is not a key here.", remedy
    if kind in ("missing", "missing_argument"):
        return "is missing.", f"Add `{path[-1]}:`."
    if kind == "literal_error":
        return f"{shown} is not one of the allowed words.", f"Write {context['expected']}."
    if kind in ("greater_than_equal", "greater_than", "less_than_equal", "less_than"):
        words = {
            "greater_than_equal": ("ge", "at least"),
            "greater_than": ("gt", "more than"),
            "less_than_equal": ("le", "at most"),
            "less_than": ("lt", "less than"),
        }
        name, phrase = words[kind]
        return f"{shown} is out of range.", f"Write a number of {phrase} {context[name]:.15g}."
    if kind in ("too_short", "string_too_short"):
        return "is empty.", "Give at least one."
    for start, noun in _NOUNS.items():
        if kind.startswith(start):
            return f"{shown} is not {noun}.", f"Write {noun}."
    return f"{details['msg']}.", ""


def _shown(given: Any) -> str:
    if not isinstance(given, (str, int, float, bool)):
        return "an empty value" if given is None else "what stands here"
    text = f"{given!r}"
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


_NOUNS = {
    "string": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "tuple": "a list",
    "list": "a list",
    "mapping": "a map of keys and values",
    "dict": "a map of keys and values",
    "dataclass": "a map of keys and values",
}


def _form_at(form: Any, path: Sequence[str | int]) -> Any:
    """The dataclass that stands at ``path`` inside the dataclass ``form``."""
    from typing import get_type_hints

    for step in path:
        if isinstance(step, int) or not is_dataclass(form):
            continue
        hint = get_type_hints(form).get(str(step))
        inner = next(_dataclasses_in(hint), None)
        if inner is not None:
            form = inner
    return form


def _dataclasses_in(hint: Any) -> Iterator[Any]:
    from typing import get_args

    if is_dataclass(hint):
        yield hint
    for part in get_args(hint):
        yield from _dataclasses_in(part)
