"""Lists of tokens: their text, their pieces, the expression they write, and the refusal of one of them."""

from __future__ import annotations

from mce_utaut.errors import Problem
from mce_utaut.sem.expressions import Expression, ExpressionError, Token, parse_expression


class Refusal(Exception):
    """One problem of one statement."""

    def __init__(self, what: str, remedy: str, token: Token) -> None:
        super().__init__(what)
        self.problem = Problem(what, remedy, line=token.line, column=token.column)


def text_of(tokens: list[Token]) -> str:
    """The tokens as written, blanks between them as one."""
    parts: list[str] = []
    for before, token in zip([None, *tokens], tokens, strict=False):
        if before and before.line == token.line and token.column > before.column + len(before.text):
            parts.append(" ")
        parts.append(token.text)
    return "".join(parts)


def pieces_of(tokens: list[Token], separator: str) -> list[list[Token]]:
    """The pieces between separators that stand outside brackets."""
    pieces: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        depth += (token.text == "(") - (token.text == ")")
        if token.text == separator and depth == 0:
            pieces.append([])
        else:
            pieces[-1].append(token)
    return pieces


def expression_of(tokens: list[Token]) -> Expression:
    """The arithmetic that the tokens write; raises Refusal at the token that does not fit."""
    try:
        return parse_expression(tokens)
    except ExpressionError as error:
        place = error.token or (tokens[-1] if tokens else Token("", "", 1, 1))
        raise Refusal(f"{error}.", "Allowed are + - * / ^ ( ) exp log sqrt abs, numbers and labels.", place) from None
