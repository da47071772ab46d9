"""YAML is read with its places; what cannot or must not be read is said in one sentence."""

from __future__ import annotations

from itertools import pairwise

import pytest

from mce_utaut.errors import InstrumentError
from mce_utaut.instrument.nodes import MarkedDict, MarkedList, Place, Plain
from mce_utaut.instrument.reading import (
    LARGEST_FILE,
    TextFile,
    Tree,
    decode_yaml,
    read_tree,
)


def read(text: str) -> Tree:
    return read_tree(TextFile("x.yaml", text))


def root(text: str) -> MarkedDict:
    tree = read(text)
    assert tree.problems == () and tree.root is not None
    return tree.root


def only_problem(text: str) -> tuple[str, int | None, int | None]:
    [problem] = read(text).problems
    assert problem.file == "x.yaml" and problem.remedy
    return problem.what, problem.line, problem.column


def test_keys_values_and_entries_know_their_places() -> None:
    tree = root("id: a\nlist:\n  - b\n  - {c: d}\n")
    assert tree.key_at["id"] == Place(1, 1) and tree.value_at["id"] == Place(1, 5)
    entries = tree["list"]
    assert isinstance(entries, MarkedList)
    assert entries.value_at == [Place(3, 5), Place(4, 5)]
    assert entries[1].value_at["c"] == Place(4, 9)


@pytest.mark.parametrize("written", ["1", "01", "no", "Yes", "1.10", "2024-01-01", "0x1F", "1_000", "~"])
def test_unquoted_scalars_stay_as_written(written: str) -> None:
    value = root(f"a: {written}\n")["a"]
    assert value == written and isinstance(value, Plain)


def test_quoted_scalars_and_blocks_are_texts() -> None:
    tree = root("a: \"1\"\nb: 'it''s'\nc: |-\n  one\n  two\nd: >-\n  one\n  two\n")
    assert dict(tree) == {"a": "1", "b": "it's", "c": "one\ntwo", "d": "one two"}
    assert not any(isinstance(value, Plain) for value in tree.values())


@pytest.mark.parametrize(("line_end"), ["\n", "\r\n", "\r"])
def test_every_line_end_is_read(line_end: str) -> None:
    tree = root(line_end.join(["# c", 'a: "x"', "b:", "  - {c: d}", ""]))
    assert tree["b"][0]["c"] == "d" and tree["b"].value_at == [Place(4, 5)]


@pytest.mark.parametrize("text", ["", " \n\n", "# nothing\n", "---\n"])
def test_an_empty_file(text: str) -> None:
    assert only_problem(text)[0] == "is empty."


@pytest.mark.parametrize("text", ["- a\n- b\n", "hello", "[a, b]"])
def test_a_file_that_is_not_a_mapping(text: str) -> None:
    assert only_problem(text)[0] == "does not hold `key: value` lines."


def test_a_repeated_key_is_told_with_both_lines_and_the_first_counts() -> None:
    tree = read("a: 1\nb: 2\na: 3\n")
    assert [(problem.line, problem.what) for problem in tree.problems] == [
        (3, "the key `a` stands here a second time (first in line 1).")
    ]
    assert tree.root == {"a": "1", "b": "2"}


@pytest.mark.parametrize(
    ("text", "said", "line", "column"),
    [
        ("id: a\n\tb: c\n", "a tab stands", 2, 1),
        ("id: a: b\n", "a second colon", 1, 6),
        ("id: a\n   b: c\n", "a second colon stands in this line, or the line is indented further", 2, 5),
        ('a: "x\nb: y\n', "a quote that opens here is not closed", 1, 4),
        ("a: {b: [c}\n", "a bracket that opens here is not closed", 1, 8),
        ('a: "\\q"\n', "a backslash inside double quotes", 1, 6),
        ("a: @x\n", "a character that YAML reserves", 1, 4),
        ("a: 1\n b: 2\nc: 3\n", "indented further", 2, 3),
        ("a: x\0y\n", "invisible character U+0000", 1, 5),
        ("---\na: 1\n---\nb: 2\n", "a second document begins here", 3, 1),
        ("[a, b]: c\n", "where a key is expected", 1, 1),
        (": c\n", "the key before the colon is missing", 1, 1),
        ("b: &x 1\n", "`&x` names a part", 1, 4),
        ("b: !!python/object:os.system x\n", "the tag", 1, 4),
        ("b: !x y\n", "the tag", 1, 4),
        ("b:\n  <<: {c: d}\n", "`<<` (merge)", 2, 3),
        ("b: *x\n", "`*x` repeats", 1, 4),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(text: str, said: str, line: int, column: int | None) -> None:
    what, at_line, at_column = only_problem(text)
    assert said in what
    assert at_line == line and column in (None, at_column)


def test_a_control_character_or_half_a_letter_in_a_text_is_a_problem() -> None:
    for escape, name in (("\\u0007", "U+0007"), ("\\ud800", "U+D800"), ("\\r", "U+000D")):
        assert name in only_problem(f'a: "x{escape}y"\n')[0]


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "a: " + "{a: " * 5_000,
        "\n".join("  " * depth + "a:" for depth in range(600)),
        "- " * 50_000,
    ],
)
def test_deep_nesting_stops_at_once(text: str) -> None:
    what, line, _ = only_problem(text)
    assert "nested deeper" in what and line is not None


def test_an_alias_bomb_is_never_expanded() -> None:
    names = "abcdefghi"
    text = "a: &a [x]\n" + "".join(
        f"{name}: &{name} [{', '.join(['*' + before] * 9)}]\n" for before, name in pairwise(names)
    )
    tree = read(text)
    assert tree.root is None and len(tree.problems) == 9 + 8 * 9


def test_a_file_that_is_too_long_is_not_parsed() -> None:
    assert "is longer than" in only_problem("a: " + "x" * LARGEST_FILE)[0]


def test_a_fault_of_the_parser_itself_becomes_a_sentence() -> None:
    assert "cannot be read as YAML" in only_problem('a: "\\UFFFFFFFF"\n')[0]


def test_bytes_are_utf8_with_or_without_bom() -> None:
    assert decode_yaml("x", "a: è\n".encode()).text == "a: è\n"
    assert decode_yaml("x", "a: è\n".encode("utf-8-sig")).text == "a: è\n"


@pytest.mark.parametrize(
    ("content", "said", "line", "column"),
    [
        ("a: è\n".encode("utf-16"), "UTF-16", None, None),
        ("a: è\n".encode("utf-16-be"), "UTF-16", None, None),
        ("a: è\n".encode("utf-16-le"), "UTF-16", None, None),
        ("a: è\n".encode("utf-32"), "UTF-32", None, None),
        ("a: b\nc: perché\n".encode("latin-1"), "byte 0xe9", 2, 9),
    ],
)
def test_other_encodings_are_named(content: bytes, said: str, line: int | None, column: int | None) -> None:
    with pytest.raises(InstrumentError) as raised:
        decode_yaml("x.yaml", content)
    [problem] = raised.value.problems
    assert said in problem.what and (problem.line, problem.column) == (line, column)
