"""Warnings on a questionnaire that would be hard to answer or to analyse."""

from __future__ import annotations

import pytest

from mce_utaut.instrument.load import CheckReport, check_instrument
from mce_utaut.instrument.reading import TextFile


def questionnaire(constructs: str, pages: str, head: str = "") -> CheckReport:
    """A check of the structure alone, with all wording problems left out."""
    structure = f"""
id: tiny
version: "1"
role: student
source_language: en
{head}
scales:
  agree3:
    kind: ordinal
    options: [{{code: 1, name: no}}, {{code: 2, name: so}}, {{code: 3, name: yes}}]
  yn: {{kind: nominal, options: [{{code: Y, name: yes}}, {{code: N, name: no}}]}}
constructs: {constructs}
pages:
{pages}
"""
    found = check_instrument(TextFile("tiny.yaml", structure), [])
    problems = tuple(problem for problem in found.problems if problem.where != "source_language")
    warnings = tuple(note for note in found.warnings if note.code != "unused_scale")
    return CheckReport(problems, warnings)


def array(code: str, rows: list[str], scale: str = "agree3") -> str:
    """A page with one array."""
    listed = ", ".join(f"{{{row}}}" for row in rows)
    question = f"{{code: {code}, type: array, scale: {scale}, items: [{listed}]}}"
    return f"  - id: {code.lower()}\n    questions:\n      - {question}\n"


def rows(construct: str, count: int) -> list[str]:
    return [f"code: {construct}{number}, construct: {construct}" for number in range(1, count + 1)]


def codes(report: CheckReport) -> list[str]:
    return [note.code for note in report.warnings]


@pytest.mark.parametrize(
    ("count", "problem", "warning"),
    [
        (1, True, []),
        (2, False, ["few_items"]),
        (3, False, ["few_items"]),
        (4, False, []),
        (6, False, []),
        (7, False, ["many_items"]),
    ],
)
def test_a_latent_construct_wants_four_to_six_items(count: int, problem: bool, warning: list[str]) -> None:
    report = questionnaire("{PE: {kind: latent}}", array("Q", rows("PE", count)))
    assert [problem.where for problem in report.problems] == ["construct PE"] * problem
    assert codes(report) == warning


@pytest.mark.parametrize("kind", ["observed", "index"])
def test_other_constructs_are_exempt(kind: str) -> None:
    report = questionnaire(f"{{PE: {{kind: {kind}}}}}", array("Q", rows("PE", 1)))
    assert report.problems == () and codes(report) == []


def test_a_construct_that_nothing_measures() -> None:
    pages = array("Q", ["code: X1"])
    assert [p.where for p in questionnaire("{PE: {kind: latent}}", pages).problems] == ["construct PE"]
    assert codes(questionnaire("{PE: {kind: observed}}", pages)) == ["unmeasured_construct"]


def test_a_latent_construct_needs_one_ordinal_scale() -> None:
    nominal = questionnaire("{PE: {kind: latent}}", array("Q", rows("PE", 4), scale="yn"))
    assert ["nominal scale yn" in problem.what for problem in nominal.problems] == [True]
    one, two = rows("PE", 4)[:2], rows("PE", 4)[2:]
    mixed = questionnaire("{PE: {kind: latent}}", array("Q", one) + array("R", two, scale="yn"))
    assert codes(mixed) == ["mixed_scales"]


def test_one_reversed_item_is_allowed_two_are_not() -> None:
    listed = rows("PE", 4)
    once = [listed[0] + ", reverse: true", *listed[1:]]
    twice = [*once[:3], listed[3] + ", reverse: true"]
    assert codes(questionnaire("{PE: {kind: latent}}", array("Q", once))) == []
    report = questionnaire("{PE: {kind: latent}}", array("Q", twice))
    assert codes(report) == ["reversed_items"] and "PE1, PE4" in report.warnings[0].text


def test_more_than_forty_agreement_items_or_fifty_five_closed_ones_tire() -> None:
    forty = [f"code: X{number}" for number in range(40)]
    attention = ["code: CHK1, kind: attention, expected: 2"]
    assert codes(questionnaire("{}", array("Q", forty + attention))) == []
    assert codes(questionnaire("{}", array("Q", [*forty, "code: Y1"]))) == ["many_agreement_items"]
    choices = "  - id: more\n    questions:\n" + "".join(
        f"      - {{code: C{number}, type: choice, scale: yn}}\n" for number in range(15)
    )
    assert codes(questionnaire("{}", array("Q", forty) + choices)) == []
    assert codes(questionnaire("{}", array("Q", forty + attention) + choices)) == ["many_closed_items"]
    assert codes(questionnaire("{}", array("Q", [*forty, "code: Y1"]), "kind: template")) == []


def test_demographics_come_after_the_constructs() -> None:
    asked = "  - id: about\n    questions:\n      - {code: AGE, type: integer, purpose: demographic}\n"
    constructs, block = "{PE: {kind: latent}}", array("Q", rows("PE", 4))
    assert codes(questionnaire(constructs, block + asked)) == []
    report = questionnaire(constructs, asked + block)
    assert codes(report) == ["early_demographic"] and report.warnings[0].where.endswith("question AGE")
    from_link = asked.replace("demographic", "demographic, from_link: true")
    assert codes(questionnaire(constructs, from_link + block)) == []


CONSENT = "  - id: start\n    questions:\n      - {code: OK, type: choice, scale: yn, purpose: consent}\n"


def test_consent_has_an_effect_and_comes_first() -> None:
    head = "consent: {question: OK, among: [Y]}"
    block = array("Q", ["code: X1"])
    assert codes(questionnaire("{}", CONSENT + block, head)) == []
    assert codes(questionnaire("{}", CONSENT + block)) == ["consent_without_effect"]
    assert codes(questionnaire("{}", block + CONSENT, head)) == ["asked_before_consent"]


def test_everybody_is_asked_for_consent() -> None:
    pages = "  - id: a\n    questions:\n      - {code: F, type: choice, scale: yn}\n" + CONSENT.replace(
        "purpose", "condition: {question: F, among: [Y]}, purpose"
    )
    report = questionnaire("{}", pages, "consent: {question: OK, among: [Y]}")
    assert ["some people only" in problem.what for problem in report.problems] == [True]
