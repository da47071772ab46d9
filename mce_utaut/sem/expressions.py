"""Arithmetic of ``:=`` and ``==``: tokens, a small parser, evaluation and linear form (never ``eval``).

Grammar, loosest first: sums, products, unary minus, powers (right to left), then numbers, names,
brackets and calls of exp, log, sqrt, abs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

_TOKEN = re.compile(
    r"""\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
      | (?P<name>(?:[^\W\d]|\.(?!\d))[\w.]*)
      | (?P<string>"[^"\n]*"|'[^'\n]*')
      | (?P<symbol>=~|<~|~\*~|~~|:=|==|<=|>=|\*\*|[-+*/^(),~|<>:?=%&{}\[\]$@])
      | (?P<other>.))""",
    re.VERBOSE,
)


_KINDS = {index: kind for kind, index in _TOKEN.groupindex.items()}


class Token(NamedTuple):
    """One word of the model text: its kind (number, name, string, symbol), text, line and column (from 1)."""

    kind: str
    text: str
    line: int
    column: int


class ExpressionError(ValueError):
    """An expression that cannot be read; ``token`` is the place (None = at its end)."""

    def __init__(self, message: str, token: Token | None = None) -> None:
        super().__init__(message)
        self.token = token


def tokenise(text: str, line: int = 1) -> list[Token]:
    """The tokens of one line of text, blanks left out."""
    tokens = []
    for match in _TOKEN.finditer(text.rstrip()):
        at = match.lastindex or 0
        tokens.append(Token(_KINDS[at], match[at], line, match.start(at) + 1))
    return tokens


@dataclass(frozen=True, slots=True)
class Number:
    """A constant."""

    value: float


@dataclass(frozen=True, slots=True)
class Name:
    """A label of a parameter, or the name of a defined parameter."""

    name: str
    token: Token


@dataclass(frozen=True, slots=True)
class Apply:
    """An operator (``+ - * / ^ neg``) or function applied to its arguments."""

    function: str
    arguments: tuple[Expression, ...]


Expression = Number | Name | Apply

_POSITIVE_DOMAIN = {"log", "sqrt"}
FUNCTIONS: dict[str, Callable] = {
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
    "abs": lambda v: v * np.sign(np.real(v)),
}
_BINARY: dict[str, Callable] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
}


class _Parser:
    """Recursive descent over a token list."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0

    def peek(self) -> str:
        return self.tokens[self.at].text if self.at < len(self.tokens) else ""

    def take(self) -> Token:
        if self.at >= len(self.tokens):
            raise ExpressionError("the expression ends too early")
        self.at += 1
        return self.tokens[self.at - 1]

    def sum(self) -> Expression:
        left = self.product()
        while self.peek() in ("+", "-"):
            operator = self.take().text
            left = Apply(operator, (left, self.product()))
        return left

    def product(self) -> Expression:
        left = self.signed()
        while self.peek() in ("*", "/"):
            operator = self.take().text
            left = Apply(operator, (left, self.signed()))
        return left

    def signed(self) -> Expression:
        if self.peek() == "-":
            self.take()
            return Apply("neg", (self.signed(),))
        if self.peek() == "+":
            self.take()
            return self.signed()
        return self.power()

    def power(self) -> Expression:
        base = self.atom()
        if self.peek() in ("^", "**"):
            self.take()
            return Apply("^", (base, self.signed()))
        return base

    def atom(self) -> Expression:
        token = self.take()
        if token.kind == "number":
            return Number(float(token.text))
        if token.text == "(":
            inner = self.sum()
            self.close()
            return inner
        if token.kind == "name":
            if self.peek() != "(":
                return Name(token.text, token)
            if token.text not in FUNCTIONS:
                known = ", ".join(FUNCTIONS)
                raise ExpressionError(f"the function {token.text}() is not known; known are {known}", token)
            self.take()
            inner = self.sum()
            self.close()
            return Apply(token.text, (inner,))
        raise ExpressionError(f"'{token.text}' cannot stand here", token)

    def close(self) -> None:
        token = self.take()
        if token.text != ")":
            raise ExpressionError(f"expected ')' but found '{token.text}'", token)


def parse_expression(tokens: list[Token]) -> Expression:
    """The expression written by ``tokens``; raises ExpressionError at the first token that does not fit."""
    parser = _Parser(tokens)
    expression = parser.sum()
    if parser.at < len(tokens):
        token = tokens[parser.at]
        raise ExpressionError(f"'{token.text}' cannot stand here", token)
    return expression


def names_in(expression: Expression) -> list[Name]:
    """The names of an expression, in order, with repeats."""
    if isinstance(expression, Name):
        return [expression]
    if isinstance(expression, Apply):
        return [name for argument in expression.arguments for name in names_in(argument)]
    return []


def substituted(expression: Expression, meaning: Mapping[str, Expression]) -> Expression:
    """The expression with the names of ``meaning`` written out."""
    if isinstance(expression, Name):
        return meaning.get(expression.name, expression)
    if isinstance(expression, Apply):
        return Apply(expression.function, tuple(substituted(each, meaning) for each in expression.arguments))
    return expression


def evaluate(expression: Expression, values: Mapping[str, np.ndarray | float | complex]):
    """The value of an expression; array values broadcast, complex values carry derivatives (complex step).

    Outside a function's domain (log or sqrt of a negative number, division by zero) the result is nan.
    """
    if isinstance(expression, Number):
        return expression.value
    if isinstance(expression, Name):
        return values[expression.name]
    arguments = [np.asarray(evaluate(argument, values)) for argument in expression.arguments]
    with np.errstate(all="ignore"):
        if expression.function == "neg":
            return -arguments[0]
        if expression.function == "^":
            return _power(*arguments)
        if expression.function in FUNCTIONS:
            argument = arguments[0]
            if expression.function in _POSITIVE_DOMAIN:
                argument = np.where(np.real(argument) < 0, np.nan, argument)
            return FUNCTIONS[expression.function](argument)
        return _BINARY[expression.function](*arguments)


def _power(base, exponent):
    if np.all(np.imag(exponent) == 0) and np.all(np.real(exponent) == np.round(np.real(exponent))):
        whole = np.real(exponent)
        if whole.ndim == 0 and abs(whole) <= 64:
            product = np.ones_like(base)
            for _ in range(int(abs(whole))):
                product = product * base
            return product if whole >= 0 else 1.0 / product
    return np.power(np.where(np.real(base) < 0, np.nan, base), exponent)


def linear_form(expression: Expression) -> tuple[dict[str, float], float] | None:
    """The coefficients by name and the constant of a linear expression, or None where it is not linear."""
    if isinstance(expression, Number):
        return {}, expression.value
    if isinstance(expression, Name):
        return {expression.name: 1.0}, 0.0
    parts = [linear_form(argument) for argument in expression.arguments]
    if expression.function in FUNCTIONS or expression.function == "^":
        if any(part is None or part[0] for part in parts):
            return None
        return {}, float(np.real(evaluate(expression, {})))
    if any(part is None for part in parts):
        return None
    if expression.function == "neg":
        return _scaled(parts[0], -1.0)
    left, right = parts
    if expression.function in ("+", "-"):
        sign = 1.0 if expression.function == "+" else -1.0
        names = dict(left[0])
        for name, coefficient in right[0].items():
            names[name] = names.get(name, 0.0) + sign * coefficient
        return names, left[1] + sign * right[1]
    if expression.function == "*":
        if not left[0]:
            return _scaled(right, left[1])
        return _scaled(left, right[1]) if not right[0] else None
    return _scaled(left, 1.0 / right[1]) if not right[0] and right[1] != 0 else None


def _scaled(form: tuple[dict[str, float], float], factor: float) -> tuple[dict[str, float], float]:
    return {name: factor * value for name, value in form[0].items()}, factor * form[1]
