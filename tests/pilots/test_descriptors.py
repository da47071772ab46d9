"""Answers to descriptors, value by value; what is not reported stays open."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mce_utaut.pilots.descriptors import DESCRIPTORS, FormatCuts, cells, describe
from mce_utaut.responses.records import Record

Make = Callable[..., Record]


def test_a_full_proposal_has_every_descriptor(make: Make) -> None:
    coded = describe(make()).values()
    assert {name: coded[name] for name in DESCRIPTORS} == {
        "d1_involvement": "direct",
        "d1_breadth": 2,
        "d2_scope": "national",
        "d3_origin": "hybrid",
        "d4_free": 0,
        "d4_fee_per_ects": 50.0,
        "d4_incentive": 1,
        "d5_online": 60.0,
        "d5_sync": 20.0,
        "d5_format": "blended",
        "d5_flex": 2,
        "d6_secure": "full",
        "d6_setting": "online",
        "d7_digital": "verifiable",
        "d8_stack": "stackable",
        "d8_framework": 1,
        "d8_qa": "internal",
    }
    assert (coded["ects"], coded["eqf"], coded["expected_students"]) == (4.0, "6", 60)


@pytest.mark.parametrize(
    ("answers", "descriptor", "value"),
    [
        ({"engagement_mode": "none", "engagement_stakeholders": None}, "d1_involvement", "none"),
        ({"engagement_mode": "none", "engagement_stakeholders": None}, "d1_breadth", 0),
        ({"engagement_mode": "indirect_statistics"}, "d1_involvement", "indirect"),
        ({"engagement_stakeholders": None}, "d1_breadth", None),
        ({"univ_collaboration_scope": "both"}, "d2_scope", "international"),
        ({"free_for_students": "yes", "fee_eur": None}, "d4_fee_per_ects", 0.0),
        ({"free_for_students": None, "fee_eur": None}, "d4_free", None),
        ({"free_for_students": None, "fee_eur": None}, "d4_fee_per_ects", None),
        ({"professor_incentive": "none"}, "d4_incentive", 0),
        ({"professor_incentive": None}, "d4_incentive", None),
        ({"online_rate": 95.0}, "d5_format", "online"),
        ({"online_rate": 94.9}, "d5_format", "blended"),
        ({"online_rate": 5.0}, "d5_format", "blended"),
        ({"online_rate": 4.9}, "d5_format", "onsite"),
        ({"online_rate": 60.0, "delivery_format": "online"}, "d5_format", "online"),
        ({"online_rate": None}, "d5_format", None),
        ({"flexibility": "none"}, "d5_flex", 0),
        ({"flexibility": None}, "d5_flex", None),
        ({"supervision": "unsup_noid"}, "d6_secure", "none"),
        ({"supervision": "unsup_id"}, "d6_secure", "partial"),
        ({"supervision": "mixed_final_only"}, "d6_secure", "partial"),
        ({"supervision": "sup_online_or_onsite_id"}, "d6_secure", "full"),
        ({"issuing_technology": "paper_pdf|eportfolio", "standards": None}, "d7_digital", "none"),
        ({"standards": "none"}, "d7_digital", "badge"),
        ({"standards": None}, "d7_digital", None),
        ({"issuing_technology": "digital_badge|blockchain", "standards": None}, "d7_digital", "verifiable"),
        ({"issuing_technology": "edci_elm", "standards": None}, "d7_digital", "verifiable"),
        ({"issuing_technology": None}, "d7_digital", None),
        ({"stackability": "internal_larger_programme|cpd_register"}, "d8_stack", "recognised"),
        ({"stackability": "independent"}, "d8_stack", "independent"),
        ({"institutional_framework_yn": None}, "d8_framework", None),
        ({"external_accreditation_yn": "yes"}, "d8_qa", "both"),
        ({"internal_accreditation_yn": "no"}, "d8_qa", "none"),
        ({"internal_accreditation_yn": None}, "d8_qa", None),
    ],
)
def test_codes(make: Make, answers: dict[str, object], descriptor: str, value: object) -> None:
    assert getattr(describe(make(**answers)), descriptor) == value


def test_the_cuts_of_formats_can_be_changed(make: Make) -> None:
    cuts = FormatCuts(online_from=60, onsite_below=20)
    assert describe(make(online_rate=60.0), cuts).d5_format == "online"
    assert describe(make(online_rate=19.0), cuts).d5_format == "onsite"


def test_every_supervision_and_scope_of_the_template_is_coded(make: Make, template) -> None:
    for option in template.scales["supervision"].options:
        assert describe(make(supervision=option.name)).d6_secure is not None, option.name
    for option in template.scales["scope"].options:
        assert describe(make(univ_collaboration_scope=option.name)).d2_scope is not None
    for option in template.scales["pilot_stackability"].options:
        assert describe(make(stackability=option.name)).d8_stack is not None
    for option in template.scales["engagement"].options:
        assert describe(make(engagement_mode=option.name)).d1_involvement is not None


def test_another_university_goes_by_its_name(make: Make) -> None:
    assert describe(make(hei="other", hei_other="Uni X")).hei == "Uni X"


def test_cells_count_what_is_not_reported_last(make: Make) -> None:
    coded = [describe(make(f"uned-{n}", origin=origin)) for n, origin in enumerate(("hybrid", None, "hybrid"))]
    assert list(cells(coded)["d3_origin"].items()) == [("hybrid", 2), ("", 1)]
