"""What the study makes of a model's text."""

from __future__ import annotations

from mce_utaut.sem.syntax import parse_syntax
from mce_utaut.study.model_text import Path, cfa_text, factors_left, read_model, without_items

MODEL = """
# measurement
PE =~ PE1 + PE2 + PE3
BI =~ NA*BI1 + l*BI2 + 0.5*BI3
PE1 ~~ PE2
BI ~~ 1*BI
# structure
BI ~ h1*PE
USE ~ h6*BI + start(0.2)*PE
USE ~ 1
d := h1*h6
"""


def terms(text: str) -> set[tuple[str, str, str]]:
    return {(term.lhs, term.op, term.rhs) for term in parse_syntax(text).terms}


def test_the_parts_of_a_model() -> None:
    model = read_model(MODEL)
    assert model.factors == {"PE": ("PE1", "PE2", "PE3"), "BI": ("BI1", "BI2", "BI3")}
    assert model.paths == (Path("BI", "PE", "h1"), Path("USE", "BI", "h6"), Path("USE", "PE", ""))
    assert model.observed == ("PE1", "PE2", "PE3", "BI1", "BI2", "BI3", "USE")
    assert model.structural_observed == ("USE",)


def test_the_cfa_frees_every_covariance_and_keeps_what_items_share() -> None:
    found = terms(cfa_text(read_model(MODEL)))
    assert ("PE1", "~~", "PE2") in found
    assert ("PE", "~~", "USE") in found and ("BI", "~~", "USE") in found
    assert not any(op == "~" for _, op, _ in found)
    assert ("BI", "~~", "BI") in found  # the fixed variance gives the factor its scale
    assert "NA*BI1" in cfa_text(read_model(MODEL)) and "0.5*BI3" in cfa_text(read_model(MODEL))


def test_an_item_leaves_with_all_it_touches() -> None:
    model = read_model(MODEL)
    left = without_items(model, ["PE1"])
    before = terms(MODEL)
    assert terms(left) == {term for term in before if "PE1" not in term}
    assert "d := h1" in left
    assert [(m.kind, m.values) for t in parse_syntax(left).terms for m in t.modifiers] == [
        (m.kind, m.values) for t in parse_syntax(MODEL).terms if t.rhs != "PE1" for m in t.modifiers
    ]
    assert factors_left(model, ["PE1"])["PE"] == ("PE2", "PE3")
    assert without_items(model, []) == MODEL
