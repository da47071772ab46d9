"""What a report of a structural equation model should hold, and where this one holds it.

The points are those of the journal article reporting standards for structural equation modelling (Appelbaum et
al., 2018, doi:10.1037/amp0000191, table 7), in our words and in the order of an article, with those that reviewers
of surveys ask for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from mce_utaut.report.fits import PRIMARY
from mce_utaut.report.page import Page
from mce_utaut.report.sections.regression import allowing_for_universities
from mce_utaut.report.table import Column, Row, Table, group_row, row, text_cell
from mce_utaut.study.result import StudyResult

Status = Literal["done", "missing", "not_applicable"]
Judge = Callable[[StudyResult], Status]


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the checklist: its wording key, an anchor that every report has, how it stands, and the tables and
    figures that answer it (anchors or patterns of them; those that this report has are linked)."""

    name: str
    anchor: str
    status: Judge
    shown: tuple[str, ...] = ()


def _has(found: Callable[[StudyResult], object]) -> Judge:
    return lambda result: "done" if found(result) else "missing"


def _section(name: str) -> Judge:
    return _has(lambda result: name in result.sections)


def _of_models(found: Callable[[StudyResult], object]) -> Judge:
    """As ``_has``, but not applicable where no role was large enough for a model."""
    return lambda result: ("done" if found(result) else "missing") if _any_fit(result) else "not_applicable"


def _any_fit(result: StudyResult) -> bool:
    return any(m.fit is not None for role in result.roles for m in role.models)


def _if_section(*names: str) -> Judge:
    """Done where the study asked for one of them, else nothing that a report must hold."""
    return lambda result: "done" if any(name in result.sections for name in names) else "not_applicable"


def _compared(result: StudyResult) -> Status:
    if len(result.roles) < 2:
        return "not_applicable"
    return "done" if "comparison" in result.sections else "missing"


def _always(result: StudyResult) -> Status:
    return "done"


def _two_models(result: StudyResult) -> bool:
    return len({m.name for role in result.roles for m in role.models if m.analysis == PRIMARY}) > 1


def _clusters(result: StudyResult) -> bool:
    """Whether an analysis that allows for universities was run."""
    roles = result.sections.get("regression", {}).get("roles", {}).values()
    return any(not way["refusal"] for each in roles for way in allowing_for_universities(each.get("analyses") or ()))


def _moderated(result: StudyResult) -> bool:
    return any(each["moderators"] for each in result.sections.get("moderation", {}).get("roles", {}).values())


def _approved(result: StudyResult) -> bool:
    """Whether every text that was analysed is approved or (in the source language) the source."""
    roles = result.sections.get("wording_status", {}).get("roles", {}).values()
    return bool(roles) and all(each["status"] in ("approved", "source") for of in roles for each in of["languages"])


def _invited(result: StudyResult) -> bool:
    return any(each.get("invited") for each in result.sections.get("response", {}).get("roles", {}).values())


def _early_late(result: StudyResult) -> bool:
    return any(each.get("early_late") for each in result.sections.get("response", {}).get("roles", {}).values())


_ITEMS = _has(lambda r: any(role.items for role in r.roles))
_HYPOTHESES = _has(lambda r: any(role.hypotheses for role in r.roles))
_FITS = _of_models(_any_fit)

# (part of an article, its points)
PARTS: tuple[tuple[str, tuple[Point, ...]], ...] = (
    ("abstract", (
        Point("abstract_fit", "drivers-fit", _FITS),
    )),
    ("introduction", (
        Point("primary_model", "drivers-hypotheses", _HYPOTHESES, ("table-hypotheses", "figure-paths-*")),
        Point("directionality", "drivers-hypotheses", _HYPOTHESES, ("table-hypotheses",)),
        Point("respecification_planned", "methods", _always),
    )),
    ("method", (
        Point("flow", "sample", _has(lambda r: all(role.flow for role in r.roles)), ("figure-flow",)),
        Point("response_rate", "sample", _has(_invited), ("table-response",)),
        Point("people", "sample", _has(lambda r: any(role.composition for role in r.roles)), ("table-composition",)),
        Point("sample_size", "reviewer", _section("planning"), ("table-method_by_role",)),
        Point("simulation", "reviewer", _if_section("dynamic_cutoffs", "planning"), ("table-cutoffs",)),
        Point("wording", "measurement", _ITEMS, ("table-items_*",)),
        Point("wording_status", "methods-provenance", _has(_approved), ("table-wording_status",)),
        Point("constructs", "methods", _has(lambda r: any(role.constructs for role in r.roles)), ("table-constructs",)),
        Point("reliability", "measurement", _has(lambda r: any(role.scales for role in r.roles)), ("table-scales_*",)),
        Point("prevention", "reviewer", _section("remedies")),
    )),
    ("results", (
        Point("missing_answers", "sample", _section("screening"), ("figure-missingness-*", "table-missing_answers")),
        Point("missing_treatment", "methods", _always),
        Point("distributions", "measurement", _ITEMS, ("figure-likert-*", "table-missing_answers")),
        Point("careless", "sample", _section("screening"), ("table-screening",)),
        Point("software", "methods-provenance", _has(lambda r: r.provenance.versions), ("table-versions",)),
        Point("estimation", "methods", _FITS),
        Point("inadmissible", "sureness-reservations", _always),
        Point("identification", "methods", _FITS, ("table-fit",)),
        Point("two_steps", "drivers-fit",
              _of_models(lambda r: any(m.variant == "cfa" and m.fit for role in r.roles for m in role.models)),
              ("table-fit",)),
        Point("global_fit", "drivers-fit", _FITS, ("table-fit", "table-cutoffs")),
        Point("local_fit", "drivers-fit", _of_models(lambda r: "local_fit" in r.sections), ("table-local_fit",)),
        Point("decision_rule", "drivers-fit", _FITS, ("table-fit", "table-cutoffs")),
        Point("alternatives", "drivers-fit", _of_models(_two_models), ("table-models", "table-model_differences")),
        Point("respecification", "methods", _always),
        Point("estimates", "drivers", _has(lambda r: any(role.paths for role in r.roles)),
              ("table-paths_*", "table-loadings_*")),
        Point("indirect", "drivers", _if_section("indirect"), ("table-indirect",)),
        Point("moderators", "drivers-moderators", _has(_moderated), ("table-moderat*", "figure-moderat*")),
    )),
    ("discussion", (
        Point("equivalent", "sureness-limits", _always),
        Point("generality", "sureness-limits", _always),
    )),
    ("survey", (
        Point("discriminant", "measurement", _of_models(lambda r: any(role.discriminant for role in r.roles)),
              ("figure-discriminant-*",)),
        Point("common_method", "measurement", _section("common_method"), ("table-common_method*",)),
        Point("invariance", "comparison", _compared, ("figure-invariance", "table-invariance")),
        Point("clusters", "drivers-regression", _has(_clusters), ("table-regression_*", "table-universities")),
        Point("sensitivity", "sureness-sensitivity",
              _has(lambda r: any(p.analysis != PRIMARY for role in r.roles for p in role.paths)),
              ("figure-sensitivity-*",)),
        Point("non_response", "sample", _has(_early_late), ("table-early_late",)),
        Point("syntax", "methods-models",
              _of_models(lambda r: any(m.syntax for role in r.roles for m in role.models))),
    )),
)  # fmt: skip


def checklist(page: Page) -> Table:
    """The checklist as a table: point, how it stands, where."""
    words = page.words
    columns = (
        Column(words("checklist.point"), align="text", name="point"),
        Column(words("checklist.status"), align="text", name="status"),
        Column(words("checklist.where"), align="text", name="where"),
    )
    rows: list[Row] = []
    for part, points in PARTS:
        rows.append(group_row(words(f"checklist.parts.{part}")))
        for point in points:
            status = point.status(page.result)
            head = words(f"checklist.points.{point.name}")
            where = page.places(point.anchor, *point.shown)
            rows.append(row(head, [text_cell(words(f"checklist.{status}")), text_cell(where)]))
    notes = (words("checklist.note"),)
    return page.table(Table("checklist", words("checklist.title"), columns, tuple(rows), notes, sortable=False))
