"""The quick reader gives the full parser's tree, or none."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from mce_utaut.instrument.nodes import MarkedDict, MarkedList
from mce_utaut.instrument.quick import quick_tree
from mce_utaut.instrument.reading import parsed_tree

INSTRUMENTS = Path(__file__).parents[2] / "instruments"
SHIPPED = sorted(path.name for path in INSTRUMENTS.glob("*.yaml"))

USUAL = [
    "a: b\n",
    "a: b",
    "# c\n\na: \"b: c\"   # d\nb: 'e' # f\nc: g h # i\n",
    "a: {b: c, d: [e, \"f, g\"], 'h i': 'j'} # k\n",
    "a:\n  - b\n  - \"c\"\n  - {d: e}\n  - f: g\n    h:\n      i: j\n  - [k]\nl: m\n",
    "a:   # b\n  c: 1.10\n  d: no\n\"99\": \u00e9t\u00e9 d'oggi\n",
    "a: |\n  b: c\n    # d\n\n  e\nf: >-\n  g\n  h\n\n\n  i\n\nj: |-\n    k\n",
]
UNUSUAL = [
    "",
    "- a\n",
    " a: b\n",
    "a: b\n c: d\n",
    "a: b\n  c\n",
    "a:\n",
    "a:\n- b\n",
    "a: 'it''s'\n",
    'a: "b\\n"\n',
    'a: "b\n  c"\n',
    "a: b: c\n",
    "a: b #c\nd#: e\n",
    "a: b\na: c\n",
    "a: {b: c, b: d}\n",
    "a: {b: c,\n    d: e}\n",
    "a: {b, c}\n",
    "a: [b, ]\n",
    "a: []\n",
    "a: &b c\n",
    "a: *b\n",
    "a: !b c\n",
    "<<: {a: b}\n",
    "---\na: b\n",
    "a: b\n...\n",
    "a: ~\n",
    "a: -1\n",
    "a: b\tc\n",
    "a: b\r\n",
    "a: b\x85c\n",
    "a: \"b\u2028c\"\n",
    "\ufeffa: b\n",
    "a: >\n  b\n   c\n",
    "a: |+\n  b\n",
    "a: |2\n  b\n",
    "a: |\n  b",
    "a: |\n\n  b\n",
    "a: |\n   b\n  c\n",
    "- - a\n",
    "? a\n: b\n",
    "a: {b: {c: {d: {e: {f: g}}}}}\n",
    "".join("  " * depth + "a:\n" for depth in range(20)) + "  " * 20 + "b: c\n",
]


def described(node: object) -> object:
    """A tree with its types and places, to compare."""
    if isinstance(node, MarkedDict):
        assert node.keys() == node.key_at.keys() == node.value_at.keys()
        return node.at, [(key, node.key_at[key], node.value_at[key], described(node[key])) for key in node]
    if isinstance(node, MarkedList):
        return node.at, node.value_at, [described(entry) for entry in node]
    return type(node).__name__, str(node)


def same(text: str) -> bool:
    """True where the quick reader gives the full parser's tree, which has no problem; False where none."""
    quick = quick_tree(text)
    if quick is None:
        return False
    full = parsed_tree("x.yaml", text)
    assert full.problems == ()
    assert described(quick) == described(full.root)
    return True


@pytest.mark.parametrize("text", USUAL)
def test_the_usual_layout_is_read_as_the_full_parser_reads_it(text: str) -> None:
    assert same(text)


@pytest.mark.parametrize("text", UNUSUAL)
def test_anything_else_is_left_to_the_full_parser(text: str) -> None:
    assert quick_tree(text) is None


def test_the_sample_is_of_the_usual_layout(texts: dict[str, str]) -> None:
    for text in texts.values():
        assert same(text)


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_files_are_read_alike_or_left_to_the_full_parser(name: str) -> None:
    same((INSTRUMENTS / name).read_text(encoding="utf-8"))


def test_mutilated_files_are_read_alike_or_not_at_all(texts: dict[str, str]) -> None:
    draw = random.Random(20240)
    signs = "\"'{}[],:#-?&*!|>%@\n\t ~"
    bits = [*signs, "\n\n", ": ", "- ", " #", "\n  ", "''", ": |-\n   a\n\n   b\n", "x: >\n  a\n  b\n"]
    read = 0
    for _ in range(600):
        lines = draw.choice(list(texts.values())).split("\n")
        first = draw.randrange(len(lines))
        piece = lines[first : first + draw.randrange(1, 12)]
        margin = min(len(line) - len(line.lstrip()) for line in piece)
        text = "\n".join(line[margin:] for line in piece)
        for _ in range(draw.randrange(3)):
            at = draw.randrange(len(text) + 1)
            text = text[:at] + draw.choice(bits) + text[at + draw.randrange(3) :]
        read += same(text)
    assert read > 60
