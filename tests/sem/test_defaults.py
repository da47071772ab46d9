"""The parameter table: lavaan's defaults, groups, ties and constraints."""

import numpy as np
import pytest

from mce_utaut.errors import SyntaxProblem, UsageError
from mce_utaut.sem.default_rules import ModelSettings
from mce_utaut.sem.defaults import build_table
from mce_utaut.sem.syntax import parse_syntax
from mce_utaut.sem.variables import classify


def table_of(text, **settings):
    return build_table(parse_syntax(text), ModelSettings(**settings))


def rows(table, group=1):
    return {row.name: (row.free, row.fixed) for row in table.rows if row.group == group}


def free_names(table):
    return [row.name for row in table.rows if row.free]


def test_a_factor_model_gets_marker_residuals_and_factor_covariances():
    table = table_of("f =~ x1 + x2\ng =~ x3 + x4")
    assert [row.name for row in table.rows] == [
        "f =~ x1", "f =~ x2", "g =~ x3", "g =~ x4",
        "x1 ~~ x1", "x2 ~~ x2", "x3 ~~ x3", "x4 ~~ x4", "f ~~ f", "g ~~ g", "f ~~ g",
    ]  # fmt: skip
    assert rows(table)["f =~ x1"] == (0, 1.0)
    assert table.n_free == 9


def test_exogenous_variables_are_fixed_unless_mentioned():
    table = table_of("y ~ x1 + x2\nx1 ~~ x1")
    assert table.exogenous == ("x2",)
    assert rows(table)["x2 ~~ x2"][0] == 0
    assert rows(table)["x1 ~~ x1"][0] > 0
    assert "x1 ~~ x2" not in rows(table)


def test_free_exogenous_variables_have_moments():
    assert "x1 ~~ x2" in free_names(table_of("y ~ x1 + x2", fixed_x=False))


def test_last_outcomes_covary_but_mediators_do_not():
    names = free_names(table_of("m ~ x\ny1 ~ m\ny2 ~ m"))
    assert "y1 ~~ y2" in names
    assert "m ~~ y1" not in names


def test_one_indicator_leaves_no_residual():
    assert rows(table_of("f =~ x1\ng =~ x2 + x3 + x4"))["x1 ~~ x1"] == (0, 0.0)
    assert rows(table_of("f =~ x1\nx1 ~~ 0.3*x1\ng =~ x2 + x3 + x4"))["x1 ~~ x1"] == (0, 0.3)


def test_std_lv_frees_loadings_and_fixes_variances():
    table = rows(table_of("f =~ x1 + x2 + x3\nf ~ z", std_lv=True))
    assert table["f =~ x1"][0] > 0
    assert table["f ~~ f"] == (0, 1.0)


def test_labels_and_equal_tie_rows():
    table = table_of('f =~ x1 + a*x2 + a*x3 + equal("f=~x2")*x4')
    numbers = rows(table)
    assert numbers["f =~ x2"][0] == numbers["f =~ x3"][0] == numbers["f =~ x4"][0] > 0
    assert table.n_free == 6


def test_a_label_shared_with_the_marker_fixes_the_other():
    assert rows(table_of("f =~ a*x1 + a*x2 + x3"))["f =~ x2"] == (0, 1.0)


def test_linear_constraints_become_an_affine_map():
    table = table_of("f =~ x1 + a*x2 + b*x3 + c*x4\nb == 2*a + 0.1\nc == a + b")
    t = np.arange(1.0, table.n_free + 1)
    x = dict(
        zip(
            (table.rows[i].label or table.rows[i].name for i in table.free_rows), table.expand(t), strict=True
        )
    )
    assert x["b"] == pytest.approx(2 * x["a"] + 0.1)
    assert x["c"] == pytest.approx(x["a"] + x["b"])
    assert table.n_free == 6


def test_redundant_constraints_are_harmless_and_contradictions_refused():
    assert table_of("f =~ x1 + a*x2 + b*x3\na == b\nb == a").n_free == 5
    with pytest.raises(SyntaxProblem, match="contradicts"):
        table_of("f =~ x1 + a*x2 + b*x3\na == b\na == b + 1")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("f =~ x1 + a*x2\na == b", "label b"),
        ("f =~ x1 + a*x2\nd := a*z", "label z"),
        ("f =~ x1 + a*x2\na := 1", "label already"),
        ("f =~ x1 + x1", "stands twice"),
        ("x ~~ y\ny ~~ x", "stands twice"),
        ("f =~ x1 + c(a,b)*x2", "number of groups is 1"),
        ('f =~ x1 + equal("f=~q")*x2', "names no parameter"),
        ("f =~ x1 + x2\nf | t1", "latent"),
    ],
)
def test_contradictions_are_refused(text, word):
    with pytest.raises(SyntaxProblem, match=word):
        table_of(text)


def test_a_second_modifier_may_come_with_the_term_again():
    table = table_of("f =~ x1 + a*x2 + start(0.4)*x2 + x3")
    row = next(row for row in table.rows if row.name == "f =~ x2")
    assert (row.label, row.start) == ("a", 0.4)


def test_groups_repeat_the_rows_and_equal_words_tie_them():
    table = table_of(
        "f =~ x1 + x2 + x3",
        groups=("a", "b"),
        meanstructure=True,
        group_equal=("loadings", "intercepts"),
        group_partial=("x3~1",),
    )
    one, two = rows(table, 1), rows(table, 2)
    assert one["f =~ x2"][0] == two["f =~ x2"][0]
    assert one["x3 ~1"][0] != two["x3 ~1"][0]
    assert one["f ~1"] == (0, 0.0)
    assert two["f ~1"][0] > 0


def test_labels_keep_their_own_groups():
    table = table_of("f =~ x1 + c(a,b)*x2 + x3", groups=("a", "b"), group_equal=("loadings",))
    assert rows(table, 1)["f =~ x2"][0] != rows(table, 2)["f =~ x2"][0]
    assert rows(table, 1)["f =~ x3"][0] == rows(table, 2)["f =~ x3"][0]


@pytest.mark.parametrize("values", ["NA,0.9", "0.9,NA"])
def test_what_groups_share_is_fixed_in_all_where_it_is_in_one(values):
    table = table_of(f"f =~ x1 + c({values})*x2 + x3", groups=("a", "b"), group_equal=("loadings",))
    assert rows(table, 1)["f =~ x2"] == rows(table, 2)["f =~ x2"] == (0, 0.9)


def test_what_groups_share_cannot_be_fixed_to_two_values():
    text, settings = "f =~ x1 + c(0.9,1.1)*x2 + x3", {"groups": ("a", "b"), "group_equal": ("loadings",)}
    with pytest.raises(UsageError, match=r"fixes it to 0[.]9 and to 1[.]1"):
        table_of(text, **settings)
    table = table_of(text, **settings, group_partial=("f=~x2",))
    assert rows(table, 2)["f =~ x2"] == (0, 1.1)


def test_one_label_in_several_groups_ties_them():
    table = table_of("f =~ x1 + a*x2 + x3", groups=("a", "b"))
    assert rows(table, 1)["f =~ x2"][0] == rows(table, 2)["f =~ x2"][0]


def test_unknown_group_words_are_refused():
    with pytest.raises(UsageError, match="does not know weights"):
        table_of("f =~ x1 + x2 + x3", groups=("a", "b"), group_equal=("weights",))
    with pytest.raises(UsageError, match="does not have"):
        table_of("f =~ x1 + x2 + x3", groups=("a", "b"), group_equal=("loadings",), group_partial=("f=~x9",))


def test_variables_of_covariances_stand_left_hand_sides_first():
    terms = parse_syntax("z ~ 1\na ~~ b\nc ~~ a + d").terms
    assert classify(terms).observed == ("a", "c", "b", "d", "z")


def test_an_indicator_of_two_factors_keeps_its_residual_where_one_has_no_other():
    table = table_of("f =~ x1 + x2 + x3\nonly =~ 0*x1")
    assert rows(table)["x1 ~~ x1"][0] > 0


def test_thresholds_cannot_be_equal_where_nothing_is_ordered():
    with pytest.raises(UsageError, match="needs ordered variables"):
        table_of("f =~ x1 + x2 + x3", groups=("a", "b"), meanstructure=True, group_equal=("thresholds",))
