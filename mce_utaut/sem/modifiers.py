"""What stands before a variable in a model: fixed values, ``NA``, labels, starts, and calls such as ``c(..)``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from mce_utaut.sem.expressions import Token, evaluate, names_in
from mce_utaut.sem.token_lists import Refusal, expression_of, pieces_of

ModifierKind = Literal["fixed", "free", "label", "start", "equal"]
REFUSED_CALLS = {
    "efa": "Exploratory blocks, efa(), are not supported.",
    "lower": "Bounds, lower(), are not supported.",
    "upper": "Bounds, upper(), are not supported.",
    "rv": "Random slopes, rv(), are not supported.",
    "prior": "Priors, prior(), are not supported.",
}


@dataclass(frozen=True, slots=True)
class Modifier:
    """What a term says about its parameter; ``values`` has one entry, or one per group.

    fixed: floats; free: None; label: strings; start: floats; equal: the text of another parameter.
    A ``c(..)`` may mix fixed, free and label: such entries come as separate modifiers holding None where
    they say nothing.
    """

    kind: ModifierKind
    values: tuple[float | str | bool | None, ...]
    line: int
    column: int


def modifiers_of(factor: list[Token], separator: str, place: Token) -> list[Modifier]:
    """The modifiers that one factor before a variable stands for."""
    if not factor:
        raise Refusal("a modifier is missing before *.", "Remove the * or write a value or label.", place)
    head = factor[0]
    is_call = len(factor) > 2 and head.kind == "name" and factor[1].text == "("
    if is_call and head.text in REFUSED_CALLS:
        raise Refusal(REFUSED_CALLS[head.text], "Remove it.", head)
    if is_call and head.text in ("start", "label", "equal", "c"):
        if factor[-1].text != ")":
            raise Refusal("a closing bracket is missing.", "Close the bracket before *.", head)
        entries = pieces_of(factor[2:-1], ",")
        if head.text != "c" and len(entries) == 1 and len(entries[0]) > 2 and entries[0][0].text == "c":
            entries = pieces_of(entries[0][2:-1], ",")
        if any(not entry for entry in entries):
            raise Refusal("an empty entry in the brackets.", "Write one entry per group.", head)
        if head.text == "c":
            return _mixed(entries, separator, head)
        return [_call(head, entries)]
    return _mixed([factor], separator, head)


def _call(head: Token, entries: list[list[Token]]) -> Modifier:
    if head.text == "start":
        values: tuple = tuple(_number(entry) for entry in entries)
        return Modifier("start", values, head.line, head.column)
    words = []
    for entry in entries:
        if len(entry) != 1 or entry[0].kind not in ("string", "name"):
            raise Refusal(f"{head.text}() takes text in quotes.", f'Write  {head.text}("...").', entry[0])
        words.append(entry[0].text.strip("\"'"))
    if head.text == "equal" and len(words) != 1:
        raise Refusal("equal() takes one parameter.", 'Write  equal("f=~x2").', head)
    return Modifier("equal" if head.text == "equal" else "label", tuple(words), head.line, head.column)


def _number(entry: list[Token]) -> float:
    expression = expression_of(entry)
    names = names_in(expression)
    if names:
        raise Refusal(f"'{names[0].name}' is not a number.", "Write a number.", names[0].token)
    return float(evaluate(expression, {}))


def _mixed(entries: list[list[Token]], separator: str, head: Token) -> list[Modifier]:
    """Fixed values, NA and labels, one entry per group (or one for all)."""
    kinds = [_kind(entry) for entry in entries]
    readers: dict[str, Callable] = {
        "fixed": _number,
        "label": lambda entry: entry[0].text.strip("\"'"),
        "free": lambda entry: True,
    }
    if separator == "?":
        if any(kind != "fixed" for kind in kinds):
            raise Refusal("a start value (?) must be a number.", "Write  0.5?x.", head)
        return [Modifier("start", tuple(_number(entry) for entry in entries), head.line, head.column)]
    out = []
    for kind in ("fixed", "free", "label"):
        if kind in kinds:
            values = tuple(readers[kind](entry) if k == kind else None for entry, k in zip(entries, kinds, strict=True))
            out.append(Modifier(kind, values, head.line, head.column))
    return out


def _kind(entry: list[Token]) -> str:
    if len(entry) == 1 and entry[0].text == "NA":
        return "free"
    if len(entry) == 1 and entry[0].kind in ("name", "string"):
        return "label"
    return "fixed"
