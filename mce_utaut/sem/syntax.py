"""lavaan model syntax: text -> statements that know their line and column (all problems reported at once).

Read: ``=~ ~ ~~ ~1 | ~*~ := ==``, labels, fixed values, ``NA*``, ``start()``, ``label()``, ``equal()``,
``c(..)`` per group, ``0.5?x`` starts, comments ``#`` and ``!``, ``;``, terms over several lines, several
left-hand sides. Refused by name: ``<~``, ``efa()``, ``level:`` and other blocks, ``<`` and ``>``
constraints, interactions ``a:b``, bounds, and functions other than exp, log, sqrt, abs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from mce_utaut.errors import Problem, SyntaxProblem
from mce_utaut.sem.expressions import Apply, Expression, Token, names_in, tokenise
from mce_utaut.sem.modifiers import REFUSED_CALLS, Modifier, modifiers_of
from mce_utaut.sem.token_lists import Refusal, expression_of, pieces_of, text_of

_OPERATORS = frozenset(("=~", "<~", "~*~", "~~", "~", ":=", "==", "<", ">", "<=", ">=", "|", ":"))
_FOREIGN = frozenset("{}%&$@[]")
_REFUSED_OPERATORS = {
    "<~": "Formative constructs (<~) are not supported.",
    "<": "Inequality constraints are not supported.",
    ">": "Inequality constraints are not supported.",
    "<=": "Inequality constraints are not supported.",
    ">=": "Inequality constraints are not supported.",
}


class Term(NamedTuple):
    """One parameter as written: ``lhs op rhs`` (op ``~1`` has rhs ""), its modifiers and its place."""

    lhs: str
    op: str
    rhs: str
    modifiers: tuple[Modifier, ...]
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Definition:
    """``name := expression``; ``text`` is the expression without blanks, as lavaan prints it."""

    name: str
    expression: Expression
    text: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Equality:
    """``left == right``; ``difference`` is left - right."""

    left: str
    right: str
    difference: Expression
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class ModelSyntax:
    """A model as written: terms in order, then equality constraints and defined parameters."""

    text: str
    terms: tuple[Term, ...]
    equalities: tuple[Equality, ...]
    definitions: tuple[Definition, ...]


def parse_syntax(text: str) -> ModelSyntax:
    """The statements of a model text; raises SyntaxProblem with every problem's line and column."""
    problems: list[Problem] = []
    terms: list[Term] = []
    equalities: list[Equality] = []
    definitions: list[Definition] = []
    for statement in _statements(text, problems):
        try:
            _read_statement(statement, terms, equalities, definitions)
        except Refusal as refusal:
            problems.append(refusal.problem)
    if not problems and not terms:
        problems.append(Problem("the model is empty.", "Write at least one line such as  f =~ x1 + x2 + x3."))
    problems.extend(_doubled_definitions(definitions))
    if problems:
        raise SyntaxProblem(sorted(problems, key=lambda p: (p.line or 0, p.column or 0)))
    return ModelSyntax(text, tuple(terms), tuple(equalities), tuple(definitions))


def _doubled_definitions(definitions: list[Definition]) -> list[Problem]:
    seen: set[str] = set()
    problems = []
    for definition in definitions:
        if definition.name in seen:
            problems.append(
                Problem(
                    f"{definition.name} is defined twice.",
                    "Keep one definition.",
                    line=definition.line,
                    column=definition.column,
                )
            )
        seen.add(definition.name)
    return problems


def _statements(text: str, problems: list[Problem]) -> list[list[Token]]:
    """The tokens of each statement: comments cut, lines without an operator joined to the one before."""
    statements: list[list[Token]] = []
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ")
    for number, line in enumerate(text.split("\n"), start=1):
        for tokens in pieces_of(tokenise(_without_comment(line), number), ";"):
            if not tokens:
                continue
            if _operator_in(tokens) is not None:
                statements.append(tokens)
            elif not statements:
                problems.append(
                    Problem(
                        f"'{text_of(tokens)}' has no operator.",
                        "Every statement needs one of =~, ~, ~~, ~1, :=, ==.",
                        line=tokens[0].line,
                        column=tokens[0].column,
                    )
                )
            else:
                statements[-1].extend(tokens)
    return statements


def _operator_in(tokens: list[Token]) -> int | None:
    """Where the first operator stands."""
    return next((i for i, token in enumerate(tokens) if token.text in _OPERATORS and token.kind == "symbol"), None)


def _without_comment(line: str) -> str:
    if "#" not in line and "!" not in line:
        return line
    quote = ""
    for place, character in enumerate(line):
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        elif character in "#!":
            return line[:place]
    return line


def _read_statement(
    tokens: list[Token], terms: list[Term], equalities: list[Equality], definitions: list[Definition]
) -> None:
    for token in tokens:
        if token.kind == "other" or token.text in _FOREIGN:
            raise Refusal(f"the character {token.text} is not part of the model language.", "Remove it.", token)
        if token.text == "=":
            raise Refusal("a single = is no operator.", "Write =~ to measure a factor, == for a constraint.", token)
    at = _operator_in(tokens)
    assert at is not None
    operator = tokens[at]
    left, right = tokens[:at], tokens[at + 1 :]
    if operator.text == ":":
        raise Refusal(
            _colon_refusal(tokens, at),
            "Use --group for groups; build product variables beforehand.",
            operator,
        )
    if operator.text in _REFUSED_OPERATORS:
        raise Refusal(_REFUSED_OPERATORS[operator.text], "Remove the statement.", operator)
    if not left:
        raise Refusal(f"nothing stands before {operator.text}.", "Name a variable or label there.", operator)
    if not right:
        raise Refusal(f"nothing stands after {operator.text}.", "Complete the statement.", operator)
    second_at = _operator_in(right)
    if second_at is not None:
        second = right[second_at]
        if second.text == ":":
            raise Refusal(
                "interactions (a:b) are not supported.",
                "Use the command moderation for factors; else compute the product as a column of the data.",
                second,
            )
        raise Refusal(
            f"a second operator, {second.text}, in one statement.",
            f"End the sum before line {second.line}, or start a new statement there.",
            second,
        )
    if operator.text == ":=":
        definitions.append(_definition(left, right))
    elif operator.text == "==":
        equalities.append(_equality(left, right, operator))
    else:
        terms.extend(_terms(left, operator, right))


def _colon_refusal(tokens: list[Token], at: int) -> str:
    word = tokens[at - 1].text if at else ""
    if word.lower() in ("level", "group", "class", "block"):
        return f"'{word}:' blocks are not supported."
    return "interactions (a:b) are not supported."


def _definition(left: list[Token], right: list[Token]) -> Definition:
    if len(left) != 1 or left[0].kind != "name":
        raise Refusal("the left side of := must be one name.", "Write  name := expression.", left[0])
    text = "".join(token.text for token in right)
    return Definition(left[0].text, expression_of(right), text, left[0].line, left[0].column)


def _equality(left: list[Token], right: list[Token], operator: Token) -> Equality:
    difference = Apply("-", (expression_of(left), expression_of(right)))
    if not names_in(difference):
        raise Refusal("a constraint without any label.", "Name the labels that are to be equal.", operator)
    return Equality(text_of(left), text_of(right), difference, left[0].line, left[0].column)


def _terms(left: list[Token], operator: Token, right: list[Token]) -> list[Term]:
    names = [_left_name(piece, operator) for piece in pieces_of(left, "+")]
    read = [_right_term(piece, operator) for piece in pieces_of(right, "+")]
    out = []
    for name in names:
        for rhs, modifiers, place in read:
            op, target, extra = operator.text, rhs, modifiers
            if rhs in ("1", "0"):
                if op != "~":
                    remedy = "Thresholds are written  y | t1." if op == "|" else "Intercepts are written  y ~ 1."
                    raise Refusal(f"{rhs} cannot stand after {op}.", remedy, place)
                op, target = "~1", ""
                if rhs == "0":
                    extra = (*modifiers, Modifier("fixed", (0.0,), place.line, place.column))
            if op == "~" and target == name.text:
                raise Refusal(f"{name.text} is regressed on itself.", "Remove the term.", place)
            if op == "=~" and target == name.text:
                raise Refusal(f"{name.text} is measured by itself.", "Remove the term.", place)
            if op == "~*~" and target != name.text:
                raise Refusal("~*~ takes the same variable on both sides.", "Write  y ~*~ y.", place)
            out.append(Term(name.text, op, target, extra, place.line, place.column))
    return out


def _left_name(piece: list[Token], operator: Token) -> Token:
    if not piece:
        raise Refusal(f"a variable is missing before {operator.text}.", "Remove the extra +.", operator)
    if len(piece) > 1 and piece[0].text == "efa":
        raise Refusal(REFUSED_CALLS["efa"], "Write a confirmatory model.", piece[0])
    if len(piece) > 1 and any(token.text == "*" for token in piece):
        raise Refusal("a modifier on the left side.", "Put fixed values and labels on the right side.", piece[0])
    if len(piece) != 1 or piece[0].kind != "name":
        raise Refusal(f"'{text_of(piece)}' is not a variable name.", "Is a + or an operator missing?", piece[-1])
    return piece[0]


def _right_term(piece: list[Token], operator: Token) -> tuple[str, tuple[Modifier, ...], Token]:
    if len(piece) == 1 and piece[0].kind == "name":
        return piece[0].text, (), piece[0]
    if not piece:
        raise Refusal(
            f"a term is missing in the sum after {operator.text}.",
            "Remove the extra + or complete the sum.",
            operator,
        )
    factors: list[list[Token]] = [[]]
    separators: list[str] = []
    depth = 0
    for token in piece:
        depth += (token.text == "(") - (token.text == ")")
        if token.text in ("*", "?") and depth == 0:
            factors.append([])
            separators.append(token.text)
        else:
            factors[-1].append(token)
    target = factors[-1]
    if len(target) != 1 or (target[0].kind != "name" and target[0].text not in ("1", "0")):
        place = target[0] if target else piece[-1]
        shown = text_of(target) or text_of(piece)
        raise Refusal(f"'{shown}' is not a variable name.", "Is a + or a * missing, or one too many?", place)
    modifiers: list[Modifier] = []
    for factor, separator in zip(factors[:-1], separators, strict=True):
        modifiers.extend(modifiers_of(factor, separator, piece[0]))
    kinds = [modifier.kind for modifier in modifiers]
    for kind, word in (("fixed", "fixed values"), ("label", "labels"), ("start", "start values")):
        if kinds.count(kind) > 1:
            raise Refusal(f"two {word} on one term.", "Keep one of them.", piece[0])
    return target[0].text, tuple(modifiers), target[0]
