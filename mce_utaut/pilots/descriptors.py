"""Proposals to coded descriptors of dimensions 1 to 8, one row a pilot (``pilots.csv``).

A descriptor is None where the answers that it needs are not reported: that is not a "no".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from mce_utaut.responses.records import Record

Value = str | float | int | None

_SECURE = {
    "unsup_noid": "none",
    "unsup_id": "partial",
    "sup_noid": "partial",
    "mixed_final_only": "partial",
    "sup_online_id": "full",
    "sup_onsite_id": "full",
    "sup_online_or_onsite_id": "full",
}
_SCOPE = {"none": "none", "national": "national", "international": "international", "both": "international"}
_RECOGNISED = {"cpd_register", "automatic_recognition_other_hei"}
_QUALITY = {
    ("no", "no"): "none",
    ("yes", "no"): "internal",
    ("no", "yes"): "external",
    ("yes", "yes"): "both",
}


@dataclass(frozen=True, slots=True)
class FormatCuts:
    """From which online rate (per cent) a pilot counts as online, and below which as on site, where the
    proposal does not state its format."""

    online_from: float = 95.0
    onsite_below: float = 5.0

    def format(self, online_rate: float) -> str:
        """online, blended or onsite."""
        if online_rate >= self.online_from:
            return "online"
        return "onsite" if online_rate < self.onsite_below else "blended"


@dataclass(frozen=True, slots=True)
class PilotDescriptors:
    """The coded descriptors of one pilot.

    ``d1_involvement`` none/indirect/direct (direct wins), ``d1_breadth`` number of stakeholder types 0-6 ·
    ``d2_scope`` none/national/international · ``d3_origin`` from_scratch/modularised/hybrid · ``d4_free``
    0/1, ``d4_fee_per_ects`` euros (0 where free), ``d4_incentive`` 0/1 · ``d5_online``, ``d5_sync`` per
    cent, ``d5_format`` online/blended/onsite, ``d5_flex`` 0-4 · ``d6_secure`` none/partial/full,
    ``d6_setting`` online/offline/mixed · ``d7_digital`` none/badge/verifiable · ``d8_stack``
    independent/stackable/recognised, ``d8_framework`` 0/1, ``d8_qa`` none/internal/external/both · then size.
    """

    pilot_id: str
    hei: str
    title: str
    d1_involvement: str | None
    d1_breadth: int | None
    d2_scope: str | None
    d3_origin: str | None
    d4_free: int | None
    d4_fee_per_ects: float | None
    d4_incentive: int | None
    d5_online: float | None
    d5_sync: float | None
    d5_format: str | None
    d5_flex: int | None
    d6_secure: str | None
    d6_setting: str | None
    d7_digital: str | None
    d8_stack: str | None
    d8_framework: int | None
    d8_qa: str | None
    ects: float | None
    duration_weeks: float | None
    eqf: str | None
    field: str | None
    expected_students: int | None

    def values(self) -> Mapping[str, Value]:
        """Every descriptor by name, in the order of ``pilots.csv``."""
        return {each.name: getattr(self, each.name) for each in fields(self)}


DESCRIPTORS = tuple(each.name for each in fields(PilotDescriptors) if re.match(r"d\d_", each.name))
IN_CELLS = (
    "d1_involvement", "d2_scope", "d3_origin", "d4_free", "d4_incentive", "d5_format", "d6_secure", "d6_setting",
    "d7_digital", "d8_stack", "d8_framework", "d8_qa",
)  # fmt: skip


def describe(pilot: Record, cuts: FormatCuts | None = None) -> PilotDescriptors:
    """The descriptors of a proposal (which has been checked)."""
    ects, fee = pilot.number("ects"), pilot.number("fee_eur")
    free = _yes(pilot, "free_for_students")
    return PilotDescriptors(
        pilot_id=pilot.text("pilot_id") or "",
        hei=pilot.named("hei") or "",
        title=pilot.text("title") or "",
        d1_involvement=_strongest(involvement(pilot), ("direct", "indirect", "none")),
        d1_breadth=_breadth(pilot),
        d2_scope=_SCOPE.get(pilot.text("univ_collaboration_scope") or ""),
        d3_origin=pilot.text("origin"),
        d4_free=free,
        d4_fee_per_ects=0.0 if free else (fee / ects if fee is not None and ects else None),
        d4_incentive=_any_but_none(pilot, "professor_incentive"),
        d5_online=pilot.number("online_rate"),
        d5_sync=pilot.number("sync_rate"),
        d5_format=pilot.text("delivery_format") or _format_by_rate(pilot, cuts or FormatCuts()),
        d5_flex=_count_but_none(pilot, "flexibility"),
        d6_secure=_SECURE.get(pilot.text("supervision") or ""),
        d6_setting=pilot.text("assessment_setting"),
        d7_digital=_digital(pilot),
        d8_stack=_strongest(stacking(pilot), ("recognised", "stackable", "independent")),
        d8_framework=_yes(pilot, "institutional_framework_yn"),
        d8_qa=_quality(pilot),
        ects=ects,
        duration_weeks=pilot.number("duration_weeks"),
        eqf=pilot.text("eqf_level"),
        field=pilot.text("field"),
        expected_students=_whole(pilot.number("expected_students")),
    )


def involvement(pilot: Record) -> frozenset[str] | None:
    """The kinds of stakeholder involvement: direct, indirect, none; None where not reported."""
    modes = pilot.options("engagement_mode")
    if modes is None:
        return None
    return frozenset("none" if mode == "none" else mode.split("_")[0] for mode in modes)


def stacking(pilot: Record) -> frozenset[str] | None:
    """Towards what it counts: recognised, stackable, independent; None where not reported."""
    chosen = pilot.options("stackability")
    if chosen is None:
        return None
    coded = {"independent": "independent", "internal_larger_programme": "stackable"}
    return frozenset("recognised" if option in _RECOGNISED else coded[option] for option in chosen)


def cells(pilots: Sequence[PilotDescriptors]) -> dict[str, dict[str, int]]:
    """Per descriptor with few values, how many pilots have each (``""``: not reported). A contrast between
    pilots is as good as its smaller cell (method rule G7)."""
    found = {}
    for name in IN_CELLS:
        counted = Counter("" if getattr(p, name) is None else str(getattr(p, name)) for p in pilots)
        found[name] = {value: counted[value] for value in sorted(counted, key=lambda value: (value == "", value))}
    return found


def _strongest(found: frozenset[str] | None, order: Sequence[str]) -> str | None:
    return None if found is None else next(each for each in order if each in found)


def _breadth(pilot: Record) -> int | None:
    if involvement(pilot) == {"none"}:
        return 0
    stakeholders = pilot.options("engagement_stakeholders")
    return None if stakeholders is None else len(stakeholders)


def _yes(pilot: Record, field: str) -> int | None:
    return {"yes": 1, "no": 0}.get(pilot.text(field) or "")


def _any_but_none(pilot: Record, field: str) -> int | None:
    count = _count_but_none(pilot, field)
    return None if count is None else int(count > 0)


def _count_but_none(pilot: Record, field: str) -> int | None:
    chosen = pilot.options(field)
    return None if chosen is None else sum(option != "none" for option in chosen)


def _format_by_rate(pilot: Record, cuts: FormatCuts) -> str | None:
    rate = pilot.number("online_rate")
    return None if rate is None else cuts.format(rate)


def _digital(pilot: Record) -> str | None:
    """Verifiable: blockchain, EDCI/ELM, or a badge that follows a standard; a badge whose standard is not
    reported stays open."""
    issued = pilot.options("issuing_technology")
    if issued is None:
        return None
    if {"blockchain", "edci_elm"} & set(issued):
        return "verifiable"
    if "digital_badge" not in issued:
        return "none"
    standards = pilot.options("standards")
    return None if standards is None else ("badge" if standards == ("none",) else "verifiable")


def _quality(pilot: Record) -> str | None:
    inside, outside = pilot.text("internal_accreditation_yn"), pilot.text("external_accreditation_yn")
    return _QUALITY.get((inside or "", outside or ""))


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)
