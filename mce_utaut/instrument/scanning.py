"""YAML text to events: ruamel's parser with shortcuts for what questionnaires consist of.

Letter by letter, ruamel takes half a second for the files of one questionnaire in nine languages. Two
things make it more than twice as fast and leave every event as it was (the tests compare the two):
one-line quoted texts and single words are taken by one regular expression, and all tokens are made
before the parser asks for the first, so that it need not ask the scanner for each.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.events import Event
from ruamel.yaml.parser import Parser
from ruamel.yaml.scanner import Scanner, ScannerError
from ruamel.yaml.tokens import ScalarToken

DEEPEST = 12
TOO_DEEP = "nested too deep"

_QUOTED = {
    '"': re.compile(r'"([^"\\\r\n\t\x85\u2028\u2029\ufeff\0]*)"'),
    "'": re.compile(r"'([^'\r\n\t\x85\u2028\u2029\ufeff\0]*)'(?!')"),
}
_BLANKS = re.compile(r"(?: *(?:#[^\r\n\x85\u2028\u2029\0]*)?\n)* *")
_KEY = re.compile(r"[A-Za-z0-9_]+(?=:[ \n])")
_FLOW_WORD = re.compile(r"[A-Za-z0-9_]+(?=[,}\]]|: )")


def events(text: str) -> Iterator[Event]:
    """The parsing events of a YAML text, with marks. Raises ``ruamel.yaml.error.YAMLError``; nesting deeper
    than ``DEEPEST`` raises a ``ScannerError`` with the problem ``TOO_DEEP``."""
    yaml = YAML(typ="safe", pure=True)
    yaml.Scanner = _QuickScanner
    yaml.Parser = _QuickParser
    return yaml.parse(text)


class _QuickScanner(Scanner):
    """ruamel's scanner, all tokens first and with shortcuts for simple scalars."""

    def need_more_tokens(self) -> bool:
        while not self.done:
            self.fetch_more_tokens()
            if self.flow_level + len(self.indents) > DEEPEST:
                raise ScannerError(None, None, TOO_DEEP, self.reader.get_mark())
            if self.done:
                self.tokens = deque(self.tokens)
        return False

    def check_token(self, *choices: Any) -> bool:
        if not self.done:
            self.need_more_tokens()
        return bool(self.tokens) and (not choices or isinstance(self.tokens[0], choices))

    def get_token(self) -> Any:
        if not self.done:
            self.need_more_tokens()
        if not self.tokens:
            return None
        self.tokens_taken += 1
        return self.tokens.popleft()

    def scan_to_next_token(self) -> None:
        reader = self.reader
        found = _BLANKS.match(reader.buffer, reader.pointer)
        blank, end = found.group(), found.end()
        lines = blank.count("\n")
        reader.pointer, reader.index = end, reader.index + len(blank)
        if lines:
            reader.line += lines
            reader.column = len(blank) - blank.rindex("\n") - 1
            if not self.flow_level:
                self.allow_simple_key = True
        else:
            reader.column += len(blank)
        if reader.buffer[end] in "#\t\r\x85\u2028\u2029\ufeff":
            super().scan_to_next_token()

    def scan_flow_scalar(self, style: str) -> ScalarToken:
        found = _QUOTED[style].match(self.reader.buffer, self.reader.pointer)
        if found is None:
            return super().scan_flow_scalar(style)
        return self._take(found.group(1), found.end(), style)

    def scan_plain(self) -> ScalarToken:
        pattern = _FLOW_WORD if self.flow_level else _KEY
        found = pattern.match(self.reader.buffer, self.reader.pointer)
        if found is None:
            return super().scan_plain()
        self.allow_simple_key = False
        return self._take(found.group(), found.end(), None)

    def _take(self, value: str, end: int, style: str | None) -> ScalarToken:
        reader = self.reader
        start = reader.get_mark()
        length = end - reader.pointer
        reader.pointer += length
        reader.index += length
        reader.column += length
        return ScalarToken(value, style is None, start, reader.get_mark(), style)


class _QuickParser(Parser):
    """ruamel's parser, which looks up its scanner once."""

    @property
    def scanner(self) -> Scanner:
        try:
            return self._found_scanner
        except AttributeError:
            self._found_scanner = self.loader.scanner
            return self._found_scanner
