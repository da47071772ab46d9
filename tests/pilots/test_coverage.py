"""The matrix of options and pilots, and the proposals that fill its gaps."""

from __future__ import annotations

from collections.abc import Callable

from mce_utaut.pilots.coverage import FACETS, CoveredOption, Proposal, coverage, suggest

Propose = Callable[..., Proposal]


def row(proposals: list[Proposal], facet: str, option: str):
    return next(r for r in coverage(proposals).rows if (r.option.facet, r.option.option) == (facet, option))


def test_every_dimension_has_options_and_each_occurs_once() -> None:
    assert {facet.dimension for facet in FACETS} == set(range(9))
    names = [(facet.name, option) for facet in FACETS for option in facet.options]
    assert len(names) == len(set(names))


def test_direct_and_indirect_involvement_are_both_covered(propose: Propose) -> None:
    pilots = [propose("a"), propose("b", engagement_mode="none"), propose("c", engagement_mode=None)]
    assert row(pilots, "involvement", "direct").covered_by == ("a",)
    assert row(pilots, "involvement", "indirect").covered_by == ("a",)
    assert row(pilots, "involvement", "none").covered_by == ("b",)
    assert row(pilots, "involvement", "none").not_reported == ("c",)


def test_codes_become_options(propose: Propose) -> None:
    pilots = [
        propose("a", univ_collaboration_scope="both", sync_rate=50.0, duration_weeks=4.0),
        propose("b", free_for_students="yes", fee_eur=None, duration_weeks=14.0),
    ]
    assert row(pilots, "collaboration", "national").covered_by == ("a", "b")
    assert row(pilots, "collaboration", "international").covered_by == ("a",)
    assert row(pilots, "timing", "synchronous").covered_by == ("a",)
    assert row(pilots, "price", "paid").covered_by == ("a",)
    assert row(pilots, "price", "free").covered_by == ("b",)
    assert row(pilots, "duration", "up_to_4_weeks").covered_by == ("a",)
    assert row(pilots, "duration", "over_13_weeks").covered_by == ("b",)
    assert row(pilots, "framework", "yes").covered_by == ("a", "b")
    assert row(pilots, "framework", "no").covered_by == ()


def test_uncovered_options_are_listed(propose: Propose) -> None:
    uncovered = set(coverage([propose("a")]).uncovered)
    assert CoveredOption(3, "origin", "modularised") in uncovered
    assert CoveredOption(3, "origin", "hybrid") not in uncovered


def test_the_proposal_that_adds_most_comes_first(propose: Propose) -> None:
    pilots = [
        propose("a"),
        propose("b", origin="modularised"),
        propose("c", origin="from_scratch", supervision="unsup_noid"),
    ]
    found = suggest(pilots, ["a"])
    assert [(step.pilot_id, [str(option) for option in step.adds]) for step in found.steps] == [
        ("c", ["origin: from_scratch", "security: none"]),
        ("b", ["origin: modularised"]),
    ]
    assert CoveredOption(6, "setting", "offline") in found.beyond_reach


def test_of_equals_a_new_university_comes_first(propose: Propose) -> None:
    pilots = [
        propose("a"),
        propose("b", origin="modularised"),
        propose("k", hei="ktu", origin="modularised"),
    ]
    found = suggest(pilots, ["a"])
    assert [(step.pilot_id, step.first_of_hei) for step in found.steps] == [("k", True)]


def test_every_university_gets_a_pilot_even_if_it_adds_no_option(propose: Propose) -> None:
    pilots = [propose("a"), propose("b"), propose("k", hei="ktu")]
    found = suggest(pilots, ["a"])
    assert [(step.pilot_id, step.adds) for step in found.steps] == [("k", ())]


def test_from_nothing_the_suggestion_covers_all_that_can_be_covered(propose: Propose) -> None:
    pilots = [
        propose("a"),
        propose("b", origin="modularised", supervision="unsup_id"),
        propose("c", hei="ktu", origin="from_scratch", free_for_students="yes", fee_eur=None),
        propose("d", hei="ktu"),
    ]
    found = suggest(pilots, [])
    chosen = [pilot for pilot in pilots if pilot.pilot_id in {step.pilot_id for step in found.steps}]
    assert coverage(chosen).uncovered == coverage(pilots).uncovered == found.beyond_reach
    assert "d" not in {step.pilot_id for step in found.steps}
    assert sum(len(step.adds) for step in found.steps) == len(FACETS_OPTIONS) - len(found.beyond_reach)


FACETS_OPTIONS = [option for facet in FACETS for option in facet.options]


def test_the_order_of_a_tie_does_not_change_between_runs(propose: Propose) -> None:
    pilots = [propose("a", origin="modularised"), propose("b", origin="from_scratch")]
    assert suggest(pilots, []) == suggest(pilots, [])
    assert suggest(pilots, []).steps[0].pilot_id == "a"
