"""The model language: what is read, what is refused, and where the problem stands."""

import numpy as np
import pytest

from mce_utaut.errors import SyntaxProblem
from mce_utaut.sem.expressions import evaluate, linear_form, parse_expression, tokenise
from mce_utaut.sem.syntax import parse_syntax


def written(text):
    return [(t.lhs, t.op, t.rhs) for t in parse_syntax(text).terms]


def modifiers(text):
    return [[(m.kind, m.values) for m in t.modifiers] for t in parse_syntax(text).terms]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("f =~ x1 + x2", [("f", "=~", "x1"), ("f", "=~", "x2")]),
        (
            "f =~ x1 +\n  x2 # comment\n + x3 ! another",
            [("f", "=~", "x1"), ("f", "=~", "x2"), ("f", "=~", "x3")],
        ),
        ("f =~ x1; g =~ x2;", [("f", "=~", "x1"), ("g", "=~", "x2")]),
        ("a + b =~ x", [("a", "=~", "x"), ("b", "=~", "x")]),
        ("y1 + y2 ~ x", [("y1", "~", "x"), ("y2", "~", "x")]),
        ("y ~ 1 + x", [("y", "~1", ""), ("y", "~", "x")]),
        ("u | t1 + t2\nu ~*~ u", [("u", "|", "t1"), ("u", "|", "t2"), ("u", "~*~", "u")]),
        ("größe.1 ~~ _b2", [("größe.1", "~~", "_b2")]),
        ("f =~ x1\r\nf ~~ f", [("f", "=~", "x1"), ("f", "~~", "f")]),
        ("\ufefff =~ x1", [("f", "=~", "x1")]),
    ],
)
def test_terms_are_read(text, terms):
    assert written(text) == terms


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("a*x", [("label", ("a",))]),
        ('"a b"*x', [("label", ("a b",))]),
        ("0*x", [("fixed", (0.0,))]),
        ("-1.5e-1*x", [("fixed", (-0.15,))]),
        ("1/2*x", [("fixed", (0.5,))]),
        ("(1 + 2)*x", [("fixed", (3.0,))]),
        ("sqrt(4)*x", [("fixed", (2.0,))]),
        ("NA*x", [("free", (True,))]),
        ("start(0.3)*x", [("start", (0.3,))]),
        ("0.3?x", [("start", (0.3,))]),
        ("NA*start(1)*a*x", [("free", (True,)), ("start", (1.0,)), ("label", ("a",))]),
        ("c(a,b)*x", [("label", ("a", "b"))]),
        ('c("a","b")*x', [("label", ("a", "b"))]),
        ("c(NA,NA)*c(a,b)*x", [("free", (True, True)), ("label", ("a", "b"))]),
        ("c(1,NA)*x", [("fixed", (1.0, None)), ("free", (None, True))]),
        ("c(0, -1/2)*x", [("fixed", (0.0, -0.5))]),
        ("start(c(1,2))*x", [("start", (1.0, 2.0))]),
        ('equal("f=~x1")*x', [("equal", ("f=~x1",))]),
        ("label('z')*x", [("label", ("z",))]),
    ],
)
def test_modifiers_are_read(term, expected):
    assert modifiers(f"f =~ {term}") == [expected]


def test_zero_intercept_is_a_fixed_intercept():
    assert modifiers("y ~ 0") == modifiers("y ~ 0*1") == [[("fixed", (0.0,))]]


@pytest.mark.parametrize(
    ("text", "line", "column", "word"),
    [
        ("f <~ x1 + x2", 1, 3, "Formative"),
        ('f =~ x1\nefa("a")*f =~ x', 2, 1, "Exploratory"),
        ("level: 1\nf =~ x1", 1, 6, "level:"),
        ("group: a\nf =~ x1", 1, 6, "group:"),
        ("f =~ a*x1\na > 0", 2, 3, "Inequality"),
        ("y ~ x:z", 1, 6, "interactions"),
        ("f =~ lower(0)*x1", 1, 6, "Bounds"),
        ("f =~ x1 +", 1, 3, "missing"),
        ("f =~ x1 + + x2", 1, 3, "missing"),
        ("f =~", 1, 3, "nothing stands after"),
        ("=~ x1", 1, 1, "nothing stands before"),
        ("f =~ x1 x2", 1, 6, "not a variable name"),
        ("f g =~ x1", 1, 3, "not a variable name"),
        ("f =~ 2", 1, 6, "not a variable name"),
        ("f =~ x1 ~ x2", 1, 9, "second operator"),
        ("f =~ x1 - x2", 1, 6, "not a variable name"),
        ("y ~ y", 1, 5, "on itself"),
        ("a := b +", 1, 8, "too early"),
        ("a := sin(b)", 1, 6, "sin()"),
        ("f =~ x1\na := 1\na := 2", 3, 1, "defined twice"),
        ("f =~ x1 %in% x2", 1, 9, "%"),
        ("x1 + x2", 1, 1, "no operator"),
        ("", None, None, "empty"),
        ("f =~ 1*2*x", 1, 6, "two fixed"),
        ("f =~ a*b*x", 1, 6, "two labels"),
    ],
)
def test_problems_say_where_and_what(text, line, column, word):
    with pytest.raises(SyntaxProblem) as caught:
        parse_syntax(text)
    problem = caught.value.problems[0]
    assert (problem.line, problem.column) == (line, column)
    assert word in problem.what
    assert problem.remedy


def test_all_problems_are_reported_at_once():
    with pytest.raises(SyntaxProblem) as caught:
        parse_syntax("f =~ x1 +\ng <~ y\nz ~ a:b\nh =~ x3")
    assert [problem.line for problem in caught.value.problems] == [1, 2, 3]


def value_of(text, **values):
    return float(evaluate(parse_expression(tokenise(text)), values))


def test_expressions_follow_the_usual_precedence():
    assert value_of("-2^2") == -4
    assert value_of("2^-1") == 0.5
    assert value_of("2^3^2") == 512
    assert value_of("1 - 2 - 3") == -4
    assert value_of("8/2/2") == 2
    assert value_of("2*(a + b)", a=1, b=2) == 6
    assert value_of("exp(log(a)) + sqrt(b) + abs(-3)", a=5, b=4) == pytest.approx(10)


def test_outside_a_domain_an_expression_is_nan():
    assert np.isnan(value_of("log(a)", a=-1.0))
    assert np.isnan(value_of("sqrt(a)", a=-1.0))
    assert not np.isfinite(value_of("1/a", a=0.0))


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("2*b + 0.1", ({"b": 2.0}, 0.1)),
        ("(a + b)/2 - a", ({"a": -0.5, "b": 0.5}, 0.0)),
        ("-(a - 3)*2", ({"a": -2.0}, 6.0)),
        ("sqrt(4)*a", ({"a": 2.0}, 0.0)),
        ("a*b", None),
        ("exp(a)", None),
        ("1/a", None),
    ],
)
def test_linear_forms(text, form):
    assert linear_form(parse_expression(tokenise(text))) == form
