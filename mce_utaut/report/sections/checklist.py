"""What a report of a structural equation model should hold, and where this one holds it.

The points are those of the journal article reporting standards for structural equation modelling (Appelbaum et
al., 2018, doi:10.1037/amp0000191, table 7), in our words, with those that reviewers of surveys ask for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from mce_utaut.report.fits import PRIMARY
from mce_utaut.report.page import Page
from mce_utaut.report.table import Column, Table, row, text_cell
from mce_utaut.study.result import StudyResult

Status = Literal["done", "missing", "not_applicable"]


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the checklist: its wording key, the anchor that answers it, and how it stands."""

    name: str
    anchor: str
    status: Callable[[StudyResult], Status]


def _has(found: Callable[[StudyResult], object]) -> Callable[[StudyResult], Status]:
    return lambda result: "done" if found(result) else "missing"


def _section(name: str) -> Callable[[StudyResult], Status]:
    return _has(lambda result: name in result.sections)


def _of_models(found: Callable[[StudyResult], object]) -> Callable[[StudyResult], Status]:
    """As ``_has``, but not applicable where no role was large enough for a model."""
    return lambda result: ("done" if found(result) else "missing") if _any_fit(result) else "not_applicable"


def _any_fit(result: StudyResult) -> bool:
    return any(m.fit is not None for role in result.roles for m in role.models)


def _compared(result: StudyResult) -> Status:
    if len(result.roles) < 2:
        return "not_applicable"
    return "done" if "comparison" in result.sections else "missing"


def _always(result: StudyResult) -> Status:
    return "done"


POINTS = (
    Point("flow", "sample", _has(lambda r: all(role.flow for role in r.roles))),
    Point("people", "sample", _has(lambda r: any(role.composition for role in r.roles))),
    Point("sample_size", "sureness-method", _section("planning")),
    Point("missing_answers", "sample", _has(lambda r: any(role.items for role in r.roles))),
    Point("careless", "sample", _section("screening")),
    Point("wording", "measurement", _has(lambda r: any(role.items for role in r.roles))),
    Point("distributions", "measurement", _has(lambda r: any(role.items for role in r.roles))),
    Point("reliability", "measurement", _has(lambda r: any(role.scales for role in r.roles))),
    Point("discriminant", "measurement", _of_models(lambda r: any(role.discriminant for role in r.roles))),
    Point("common_method", "measurement", _section("common_method")),
    Point("two_steps", "drivers-fit",
          _of_models(lambda r: any(m.variant == "cfa" and m.fit for role in r.roles for m in role.models))),
    Point("estimates", "drivers", _has(lambda r: any(role.paths for role in r.roles))),
    Point("global_fit", "drivers-fit", _of_models(_any_fit)),
    Point("local_fit", "drivers-fit", _section("local_fit")),
    Point("alternatives", "drivers-fit",
          _of_models(lambda r: len({m.name for role in r.roles for m in role.models if m.analysis == PRIMARY}) > 1)),
    Point("respecification", "methods", _always),
    Point("indirect", "drivers", _section("indirect")),
    Point("moderators", "drivers-moderators", _section("moderation")),
    Point("invariance", "comparison", _compared),
    Point("clusters", "drivers-regression",
          _has(lambda r: any(each.get("clusters") for each in
                             r.sections.get("regression", {}).get("roles", {}).values()))),
    Point("inadmissible", "sureness-reservations", _always),
    Point("sensitivity", "sureness-sensitivity",
          _has(lambda r: any(p.analysis != PRIMARY for role in r.roles for p in role.paths))),
    Point("equivalent", "sureness-limits", _always),
    Point("software", "methods-provenance", _has(lambda r: r.provenance.versions)),
    Point("syntax", "methods-models", _of_models(lambda r: any(m.syntax for role in r.roles for m in role.models))),
)  # fmt: skip


def checklist(page: Page) -> Table:
    """The checklist as a table: point, where, how it stands."""
    words = page.words
    columns = (
        Column(words("checklist.point"), align="text", name="point"),
        Column(words("checklist.status"), align="text", name="status"),
        Column(words("checklist.where"), align="text", name="where"),
    )
    rows = []
    for point in POINTS:
        status = point.status(page.result)
        section = point.anchor.split("-")[0]
        link = Markup('<a href="#{}">{}</a>').format(section, words(f"{section}.nav"))
        rows.append(
            row(words(f"checklist.points.{point.name}"), [text_cell(words(f"checklist.{status}")), text_cell(link)])
        )
    return page.table(Table("checklist", words("checklist.title"), columns, tuple(rows), (words("checklist.note"),)))
