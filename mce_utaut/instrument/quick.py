"""A YAML text of the usual layout to its tree, without the cost of a full parser.

The usual layout: block mappings and lists indented by blanks, one entry a line, with words, one-line
quoted texts without escapes, one-line ``{...}`` and ``[...]``, and ``|`` or ``>`` blocks as values. Where a
line leaves it in any way, also by a mistake, there is no tree and ``reading`` asks the full parser, which
alone explains mistakes. Where there is a tree it equals the full parser's (the tests compare the two).
"""

from __future__ import annotations

import re

from mce_utaut.instrument.nodes import MarkedDict, MarkedList, Place, Plain

_UNUSUAL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_KEY = r"""(?:(?P<{0}word>[A-Za-z0-9_.]+)|"(?P<{0}double>[^"\\]+)"|'(?P<{0}single>[^']+)')"""
_LINE = re.compile(
    r"(?P<indent> *)(?P<dash>- )?(?:" + _KEY.format("key_") + r":(?: +(?P<at>(?=[^ #]))|(?P<empty> *(?: #.*)?$)))?"
)
_REST = re.compile(r" *(?: #.*)?$")
_QUOTED = re.compile(r""""(?P<double>[^"\\]*)"|'(?P<single>[^']*)'(?!')""")
_BLOCK_WORDS = re.compile(r"\w(?:[^:#]*?[^:#\s])?(?= *$| +#)")
_FLOW_WORDS = re.compile(r"\w(?:[^,\[\]{}:#?\"]*[^,\[\]{}:#?\"\s])?")
_FLOW_KEY = re.compile(_KEY.format("") + r": +")
_SEPARATOR = re.compile(r" *(?P<sign>[,\]}]) *")
_HEADER = re.compile(r"(?P<style>[|>])(?P<strip>-?)$")
_DEEPEST_FLOW = 4
_DEEPEST_BLOCK = 8


class _UnusualLayout(Exception):
    """The text leaves the usual layout."""


def quick_tree(text: str) -> MarkedDict | None:
    """The tree of a YAML text of the usual layout, or None where the full parser is needed."""
    if _UNUSUAL.search(text):
        return None
    try:
        return _Lines(text).read()
    except _UnusualLayout:
        return None


class _Lines:
    """Reads line by line; ``_open`` are the containers around the line, with their indents."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self._open: list[tuple[int, MarkedDict | MarkedList]] = []
        self._waiting: tuple[int, MarkedDict, str] | None = None

    def read(self) -> MarkedDict:
        number = 0
        while number < len(self._lines):
            line = self._lines[number]
            content = line.lstrip(" ")
            number += 1
            if content and content[0] != "#":
                number = self._take(line, number)
        if self._waiting or not self._open or not isinstance(self._open[0][1], MarkedDict):
            raise _UnusualLayout
        return self._open[0][1]

    def _take(self, line: str, number: int) -> int:
        """Reads the line with this number (from 1) and the block that may follow it; the number of the last
        line read."""
        found = _LINE.match(line)
        indent, start = len(found["indent"]), found.end()
        key = found["key_word"] or found["key_double"] or found["key_single"]
        container = self._container(indent, bool(found["dash"]), number)
        if found["dash"]:
            indent += 2
            if key is None:
                value, end = _value(line, number, start, flow=0)
                _only_comment(line, end)
                _append(container, value, Place(number, start + 1))
                return number
            entry = MarkedDict(Place(number, indent + 1))
            _append(container, entry, entry.at)
            self._open.append((indent, entry))
            container = entry
        if key is None or key in container:
            raise _UnusualLayout
        container.key_at[key] = Place(number, indent + 1)
        if found["empty"] is not None:
            self._waiting = (indent, container, key)
            return number
        header = _HEADER.match(line, start)
        if header is None:
            value, end = _value(line, number, start, flow=0)
            _only_comment(line, end)
        else:
            value, number = self._block(header, indent, number)
        container[key] = value
        container.value_at[key] = Place(container.key_at[key].line, start + 1)
        return number

    def _container(self, indent: int, dash: bool, number: int) -> MarkedDict | MarkedList:
        """The mapping or list that a line of this indent goes on or begins."""
        kind = MarkedList if dash else MarkedDict
        if self._waiting is not None or not self._open:
            node = kind(Place(number, indent + 1))
            if self._waiting is not None:
                outer, parent, key = self._waiting
                if indent <= outer:
                    raise _UnusualLayout
                parent[key], parent.value_at[key] = node, node.at
                self._waiting = None
            elif indent:
                raise _UnusualLayout
            self._open.append((indent, node))
            if len(self._open) > _DEEPEST_BLOCK:
                raise _UnusualLayout
            return node
        while self._open[-1][0] > indent:
            self._open.pop()
        if self._open[-1][0] != indent or type(self._open[-1][1]) is not kind:
            raise _UnusualLayout
        return self._open[-1][1]

    def _block(self, header: re.Match[str], indent: int, number: int) -> tuple[str, int]:
        """The text of a ``|`` or ``>`` block after line ``number``, and the number of its last line."""
        lines: list[str] = []
        inner = 0
        while number < len(self._lines):
            line = self._lines[number]
            width = len(line) - len(line.lstrip(" "))
            if line and width <= indent:
                break
            if line:
                inner = inner or width
                folded = header["style"] == ">"
                if width == len(line) or width < inner or (folded and (width > inner or line[-1] == " ")):
                    raise _UnusualLayout
            elif not lines:
                raise _UnusualLayout
            lines.append(line[inner:])
            number += 1
        while lines and not lines[-1]:
            lines.pop()
        if not lines or self._lines[-1]:
            raise _UnusualLayout
        text = "\n".join(lines)
        if header["style"] == ">":
            text = re.sub(r"\n(\n*)", lambda breaks: breaks[1] or " ", text)
        return text + ("" if header["strip"] else "\n"), number


def _append(container: MarkedDict | MarkedList, value: MarkedDict | MarkedList | str, at: Place) -> None:
    container.append(value)
    container.value_at.append(at)


def _only_comment(line: str, start: int) -> None:
    if not _REST.match(line, start):
        raise _UnusualLayout


def _value(line: str, number: int, start: int, flow: int) -> tuple[MarkedDict | MarkedList | str, int]:
    """The value that begins at ``start``, and where it ends; ``flow`` is the depth of brackets around it."""
    sign = line[start : start + 1]
    if sign in ("{", "["):
        return _flow(line, number, start, flow + 1)
    quoted = _QUOTED.match(line, start)
    if quoted is not None:
        return quoted["double"] if quoted["double"] is not None else quoted["single"], quoted.end()
    words = (_FLOW_WORDS if flow else _BLOCK_WORDS).match(line, start)
    if words is None:
        raise _UnusualLayout
    return Plain(words.group()), words.end()


def _flow(line: str, number: int, start: int, depth: int) -> tuple[MarkedDict | MarkedList, int]:
    """The one-line ``{...}`` or ``[...]`` that begins at ``start``, and where it ends."""
    mapping = line[start] == "{"
    node: MarkedDict | MarkedList = (MarkedDict if mapping else MarkedList)(Place(number, start + 1))
    closing, position = "}" if mapping else "]", start + 1
    if depth > _DEEPEST_FLOW:
        raise _UnusualLayout
    while True:
        key, key_at = None, position
        if mapping:
            found = _FLOW_KEY.match(line, position)
            key = found and (found["word"] or found["double"] or found["single"])
            if not key or key in node:
                raise _UnusualLayout
            position = found.end()
        at = position
        value, position = _value(line, number, position, depth)
        if mapping:
            node[key], node.value_at[key] = value, Place(number, at + 1)
            node.key_at[key] = Place(number, key_at + 1)
        else:
            _append(node, value, Place(number, at + 1))
        separator = _SEPARATOR.match(line, position)
        if separator is None or separator["sign"] not in (",", closing):
            raise _UnusualLayout
        position = separator.end()
        if separator["sign"] == closing:
            return node, separator.end("sign")
