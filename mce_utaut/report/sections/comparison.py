"""Can the roles be compared? Measurement invariance first; only then differences, with intervals.

Section ``comparison`` is described in docs/study-result.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from mce_utaut.report.page import Page, short
from mce_utaut.report.sections.differences import (
    mean_differences,
    mimic_differences,
    path_differences,
    role_title,
    score_differences,
)
from mce_utaut.report.sections.invariance import staircase, steps_table
from mce_utaut.report.table import Cell, Column, Table, row, text_cell


def build(page: Page) -> Mapping[str, Any]:
    """How each role is compared, the staircase, then differences; each None where there is none."""
    section: Mapping[str, Any] = page.result.sections.get("comparison") or {}
    several = len(page.result.roles) > 1
    if "ladder" not in section:
        return {"several": several, "elsewhere": bool(section), "ladder": None}
    ladder, paths, means = (section.get(name) or {} for name in ("ladder", "paths", "latent_means"))
    mimic, scores = section.get("mimic") or {}, section.get("scale_means") or {}
    methods = _methods(page, section.get("methods") or ())
    steps = steps_table(page, ladder) if ladder.get("levels") else None
    return {
        "several": several,
        "elsewhere": False,
        "ladder": ladder,
        "methods": methods,
        "groups": _groups(page, ladder),
        "steps": steps,
        "staircase": staircase(page, ladder, steps) if steps else None,
        "remarks": [note for note in ladder.get("notes") or () if note["level"] != "info"],
        "freed": [each["item"] for each in ladder.get("freed") or ()],
        "paths": path_differences(page, paths.get("differences") or ()),
        "paths_refused": paths.get("refusal") or ladder.get("refusal") or "",
        "omnibus": _omnibus(page, paths.get("omnibus")),
        "means": mean_differences(page, means.get("differences") or ()),
        "means_refused": means.get("refusal") or ladder.get("refusal") or "",
        "sesoi": page.numbers.bounded(section.get("sesoi")),
        "mimic": mimic_differences(page, mimic.get("differences") or ()),
        "mimic_refused": mimic.get("refusal", ""),
        "mimic_note": mimic.get("note", ""),
        "flagged": _flagged(page, mimic.get("items") or ()),
        "scores": score_differences(page, scores.get("differences") or ()),
        "scores_note": scores.get("note", ""),
    }


def _methods(page: Page, found: Any) -> Table | None:
    words, numbers = page.words, page.numbers
    if not found:
        return None
    columns = (
        Column(words("role"), align="text", name="role"),
        Column("n"),
        Column(words("comparison.how"), align="text", name="method"),
        Column(words("sureness.reason"), align="text", name="reason"),
    )
    rows = [
        row(role_title(page, each["role"]), [
            Cell(numbers.integer(each["n"]), each["n"]), Cell(_method(page, each["method"]), each["method"]),
            text_cell(short(each["reason"], 400)),
        ])
        for each in found
    ]  # fmt: skip
    return page.table(Table("comparison_methods", words("comparison.methods_title"), columns, tuple(rows)))


def _method(page: Page, name: str) -> str:
    key = f"comparison.methods.{name}"
    return page.words.text(key) if page.words.has(key) else short(name, 60)


def _groups(page: Page, ladder: Mapping[str, Any]) -> str:
    groups = ladder.get("groups") or ()
    return ", ".join(f"{role_title(page, g['label'])} (n = {page.numbers.integer(g['n'])})" for g in groups)


def _omnibus(page: Page, test: Mapping[str, Any] | None) -> Markup | None:
    if not test or test.get("pvalue") is None:
        return None
    numbers = page.numbers
    return page.words(
        "differences.omnibus", chisq=numbers.number(test["chisq_diff"]), df=numbers.integer(test["df_diff"]),
        p=numbers.p_equals(test["pvalue"]),
    )  # fmt: skip


def _flagged(page: Page, items: Any) -> str:
    return ", ".join(f"{each['item']} ({role_title(page, each['group'])})" for each in items if each.get("flagged"))
