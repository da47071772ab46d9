"""Proposals written out in full, to be varied by the tests."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mce_utaut.instrument.load import load_instrument
from mce_utaut.instrument.model import Instrument
from mce_utaut.instrument.reading import TextFile
from mce_utaut.pilots.coverage import Proposal
from mce_utaut.pilots.descriptors import describe
from mce_utaut.responses.records import Record, make_record
from mce_utaut.shipped import shipped

FULL: dict[str, object] = {
    "hei": "uned",
    "country": "ES",
    "title": "Data ethics",
    "awarding_body": "UNED",
    "eqf_level": "6",
    "ects": 4.0,
    "subject": "Philosophy",
    "topics_description": "Ethics of data",
    "duration_weeks": 8.0,
    "start_date": "2024-02-05",
    "end_date": "2024-03-31",
    "engagement_mode": "direct_codesign|indirect_reports",
    "engagement_phase": "design",
    "engagement_stakeholders": "companies|students",
    "univ_collaboration_scope": "national",
    "origin": "hybrid",
    "funding_level": "national",
    "free_for_students": "no",
    "fee_eur": 200.0,
    "professor_incentive": "additional_pay",
    "institutional_framework_yn": "yes",
    "learning_outcomes": "x",
    "online_rate": 60.0,
    "sync_rate": 20.0,
    "flexibility": "pace|order",
    "assessment_approach": "essay",
    "supervision": "sup_online_id",
    "assessment_setting": "online",
    "issuing_technology": "digital_badge",
    "standards": "open_badges",
    "expected_students": 60.0,
    "n_professors_reachable": 6.0,
    "n_managers_reachable": 2.0,
    "external_accreditation_yn": "no",
    "internal_accreditation_yn": "yes",
    "stackability": "internal_larger_programme",
}
Make = Callable[..., Record]


@pytest.fixture(scope="session")
def template() -> Instrument:
    """The pilot-proposal template in its source language."""
    folder = shipped("instruments")
    names = ("mce_pilot.yaml", "mce_pilot.en.yaml")
    texts = [TextFile(name, (folder / name).read_text(encoding="utf-8")) for name in names]
    return load_instrument(texts[0], texts[1:])


@pytest.fixture(scope="session")
def make(template: Instrument) -> Make:
    """A full proposal with this id, changed by ``answers`` (None: not reported)."""

    def made(pilot_id: str | None = "uned-01", row: int = 2, **answers: object) -> Record:
        values = {**FULL, "pilot_id": pilot_id, **answers}
        return make_record(template, f"row{row}", values, "proposals.csv", row)

    return made


@pytest.fixture(scope="session")
def propose(make: Make) -> Callable[..., Proposal]:
    """As ``make``, with its descriptors."""

    def proposed(pilot_id: str = "uned-01", **answers: object) -> Proposal:
        record = make(pilot_id, **answers)
        return Proposal(record, describe(record))

    return proposed
