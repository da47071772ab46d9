"""A tree fitted to its shape: every misfit becomes a problem, and what remains is used.

pydantic stops building an object at its first misfit. So that later checks still see the rest of the
file, each misfit is repaired in the tree (a misspelt key renamed, a wrong value taken out) and the tree
is validated again.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from types import UnionType
from typing import Any, Generic, TypeVar, Union, get_args, get_origin

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from mce_utaut.errors import Problem
from mce_utaut.instrument.reading import MarkedDict, MarkedList, Place, Plain
from mce_utaut.instrument.shape import Marked, is_null

Shape = TypeVar("Shape", bound=Marked)
MOST_ROUNDS = 20
UNKNOWN = "unknown"
_REPLACEABLE = ("id", "version", "role", "instrument")


@dataclass(frozen=True, slots=True)
class Fitted(Generic[Shape]):
    """``shape`` holds what fits (None where nothing does); ``problems`` everything that does not. A
    missing id, version, role or instrument stands as ``UNKNOWN``."""

    shape: Shape | None
    problems: tuple[Problem, ...]


def near(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant by ``word``, or None."""
    by_lower = {name.lower(): name for name in known}
    found = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=0.7)
    return by_lower[found[0]] if found else None


def suggestion(word: str, known: Iterable[str], kind: str) -> str:
    """A sentence that offers the near match of ``word``, or else all that is known."""
    known = list(known)
    match = near(word, known)
    if match is not None:
        return f"Did you mean `{match}`?"
    if not known:
        return ""
    shown = ", ".join(known[:30]) + (", ..." if len(known) > 30 else "")
    return f"Known {kind}: {shown}."


def fit(name: str, root: MarkedDict, shape: type[Shape]) -> Fitted[Shape]:
    """The tree as an object of ``shape`` with every misfit. The tree is repaired in place."""
    problems: list[Problem] = []
    for _ in range(MOST_ROUNDS):
        try:
            return Fitted(shape.model_validate(root), tuple(problems))
        except ValidationError as error:
            details = error.errors(include_url=False)
        round_ = _Round(name, root, shape)
        for detail in sorted(details, key=lambda detail: detail["type"] != "extra_forbidden"):
            round_.take(detail)
        problems += round_.problems
        if not round_.repair():
            break
    return Fitted(None, tuple(problems))


class _Round:
    """The misfits of one validation: first all are described, then all are repaired."""

    def __init__(self, name: str, root: MarkedDict, shape: type[Marked]) -> None:
        self.name, self.root, self.shape = name, root, shape
        self.problems: list[Problem] = []
        self._drop: dict[tuple[int, Any], MarkedDict | MarkedList] = {}
        self._rename: dict[tuple[int, str], tuple[MarkedDict, str]] = {}
        self._replace: list[str] = []
        self._hopeless = False

    def take(self, detail: ErrorDetails) -> None:
        path = [part for part in detail["loc"] if part != "[key]"]
        nodes: list[Any] = [self.root]
        for part in path[:-1]:
            nodes.append(nodes[-1][part])
        parent, key = nodes[-1], path[-1]
        if detail["type"] == "missing":
            self._missing(nodes, path)
        elif detail["type"] == "extra_forbidden":
            self._unknown(nodes, path)
        elif (id(parent), key) not in self._drop:
            if not (isinstance(parent[key], MarkedList) and parent[key].lost):
                what, remedy = _explain(detail)
                at = parent.key_at[key] if "[key]" in detail["loc"] else parent.value_at[key]
                self._tell(at, what, remedy, _where(nodes, path))
            self._drop[id(parent), key] = parent

    def repair(self) -> bool:
        """False where the file cannot be repaired any further."""
        for (_, meant), (parent, key) in self._rename.items():
            parent[meant] = parent[key]
            parent.key_at[meant], parent.value_at[meant] = parent.key_at[key], parent.value_at[key]
        for key in self._replace:
            self.root[key] = Plain(UNKNOWN)
            self.root.key_at[key] = self.root.value_at[key] = self.root.at
        in_lists = [(parent, key) for (_, key), parent in self._drop.items() if isinstance(parent, MarkedList)]
        for parent, index in sorted(in_lists, key=lambda entry: -entry[1]):
            del parent[index], parent.value_at[index]
            parent.lost = True
        for (_, key), parent in self._drop.items():
            if isinstance(parent, MarkedDict):
                del parent[key]
                parent.lost.add(str(key))
        return not self._hopeless

    def _missing(self, nodes: list[Any], path: list[Any]) -> None:
        parent, key = nodes[-1], str(path[-1])
        if (id(parent), key) in self._rename:
            return
        if key not in parent.lost:
            self._tell(parent.at, f"`{key}` is missing.", f"Write `{key}: ...` here.", _where(nodes, path[:-1]))
        if len(nodes) > 1:
            self._drop[id(nodes[-2]), path[-2]] = nodes[-2]
        elif key in _REPLACEABLE:
            self._replace.append(key)
        else:
            self._hopeless = True

    def _unknown(self, nodes: list[Any], path: list[Any]) -> None:
        parent, key, where = nodes[-1], str(path[-1]), _where(nodes, path[:-1])
        known = _fields(self.shape, path[:-1])
        self._tell(parent.key_at[key], f"unknown key `{key}`.", suggestion(key, known, "keys"), where)
        meant = near(key, [field for field in known if field not in parent])
        if meant is not None:
            self._rename[id(parent), meant] = (parent, key)
        self._drop[id(parent), key] = parent

    def _tell(self, at: Place, what: str, remedy: str, where: str) -> None:
        self.problems.append(Problem(what, remedy, self.name, at.line, at.column, where))


def _fields(shape: type[Marked], path: list[Any]) -> list[str]:
    """The keys that the shape knows at ``path``."""
    kind: Any = shape
    for part in path:
        if isinstance(kind, type) and issubclass(kind, Marked):
            kind = next(field.annotation for name, field in kind.model_fields.items() if (field.alias or name) == part)
            if get_origin(kind) in (Union, UnionType):
                kind = next(option for option in get_args(kind) if option is not type(None))
        else:
            kind = get_args(kind)[-1]
    return [field.alias or name for name, field in kind.model_fields.items()]


def _where(nodes: list[Any], path: list[Any]) -> str:
    """The place in the author's words: ``page pe, question PEQ, item PE1, required``."""
    words: list[str] = []
    for index, part in enumerate(path):
        container = nodes[index]
        if isinstance(container, MarkedList):
            entry = container[part]
            label = entry.get("code", entry.get("id")) if isinstance(entry, MarkedDict) else None
            kind = str(path[index - 1]).removesuffix("s")
            words.append(f"{kind} {label}" if isinstance(label, str) else f"{kind} {part + 1}")
        elif index == len(path) - 1 or not isinstance(container.get(part), MarkedList):
            words.append(str(part))
    return ", ".join(words)


_REMEDIES = {
    "no_flag": "Write true or false, without quotes.",
    "no_number": "Write a number without quotes, with a point for decimals.",
}
_EXPECTED = {
    "string": ("one value was expected here.", "Write one value after the colon."),
    "list": ("a list was expected here.", "Write one entry a line, each with `- ` before it."),
    "dict": ("`key: value` lines were expected here.", "Indent them under this key."),
    "model": ("`key: value` lines were expected here.", "Indent them under this key."),
    "bool": ("true or false was expected here.", _REMEDIES["no_flag"]),
    "float": ("a number was expected here.", _REMEDIES["no_number"]),
}


def _explain(detail: ErrorDetails) -> tuple[str, str]:
    """What is wrong and what to do, for one of pydantic's errors."""
    kind, value = detail["type"], detail["input"]
    if is_null(value) and value:
        return (
            f"an unquoted {value} means nothing in YAML.",
            f'Write "{value}" in quotes if the word is meant.',
        )
    if is_null(value) or kind == "no_value":
        said = detail["msg"] if kind == "no_value" else "has no value."
        return said, "Write a value, or delete the line."
    if kind == "literal_error" and isinstance(value, str):
        allowed = [word.strip("' ") for word in detail["ctx"]["expected"].replace(" or ", ", ").split(", ")]
        return f"`{value}` is not one of the possible values.", suggestion(value, filter(None, allowed), "values")
    if kind == "too_short":
        return "the list is empty.", "Write at least one entry."
    if kind == "no_match":
        example = detail["ctx"]["example"]
        return detail["msg"], f"Write `{example}`, for example." if example else "Choose another."
    if kind in _REMEDIES:
        return detail["msg"], _REMEDIES[kind]
    return _EXPECTED.get(kind.split("_")[0], _EXPECTED["string"])


def known_words(node: Any, key: str) -> set[str]:
    """Every text that stands under ``key`` anywhere in a tree, whether its surroundings fit or not."""
    found: set[str] = set()
    if isinstance(node, MarkedDict):
        value = node.get(key)
        if isinstance(value, str):
            found.add(str(value))
        for child in node.values():
            found |= known_words(child, key)
    elif isinstance(node, MarkedList):
        for child in node:
            found |= known_words(child, key)
    return found
