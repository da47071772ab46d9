"""The observed fit beside cut-offs simulated for the same model (section ``dynamic_cutoffs``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from mce_utaut.report.page import Page, short
from mce_utaut.report.sections.further import by_role, note
from mce_utaut.report.table import Cell, Column, Row, Table, group_row, missing_cell, row, text_cell
from mce_utaut.study.result import RoleResult

INDICES = (("cfi", True), ("rmsea", False), ("srmr", False))  # (index, whether larger is better)
USUAL_SHARE = 0.95


def cutoffs_table(page: Page) -> Table | None:
    """Per role what was observed, what true models have, and the cut-offs per level of misspecification."""
    words = page.words
    columns = (
        Column(words("cutoffs.population"), align="text", name="population"),
        Column(words("cutoffs.added"), align="text", name="added"),
        *(Column(name.upper()) for name, _ in INDICES),
    )
    rows: list[Row] = []
    for role, found in by_role(page, "dynamic_cutoffs"):
        title = short(role.title, 60)
        rows.append(group_row(words.text("cutoffs.role", role=title, n=page.numbers.integer(found["n"]))))
        rows += _rows(page, found)
    if not rows:
        return None
    notes = [words("cutoffs.table_note"), note(page, "dynamic_cutoffs")]
    return page.table(Table("cutoffs", words("cutoffs.title"), columns, tuple(rows), tuple(notes), sortable=False))


def _rows(page: Page, found: Mapping[str, Any]) -> list[Row]:
    words, numbers = page.words, page.numbers
    seen = [Cell(numbers.bounded(found["observed"].get(name), 3), found["observed"].get(name)) for name, _ in INDICES]
    rows = [row(words("cutoffs.observed"), [text_cell(""), *seen])]
    if found["refusal"]:
        why = text_cell(short(found["refusal"], 400))
        return [*rows, Row((text_cell(words("cutoffs.refused")), why), spread=True)]
    if found.get("true"):
        rows.append(row(words("cutoffs.true"), [text_cell(""), *(_spread(page, found["true"][n]) for n, _ in INDICES)]))
    return rows + [
        row(words("cutoffs.level", level=each["level"], replicates=numbers.integer(each["replicates"])), [
            text_cell(short(", ".join(each["added"]), 200)), *(_cutoff(page, each, *index) for index in INDICES)
        ])
        for each in found["levels"]
    ]  # fmt: skip


def _spread(page: Page, quantiles: list[float | None]) -> Cell:
    """From the 5 % to the 95 % quantile."""
    lower, _, upper = quantiles
    if lower is None or upper is None:
        return missing_cell()
    ends = page.numbers.bounded(lower, 3), page.numbers.bounded(upper, 3)
    return Cell(page.words.text("cutoffs.range", lower=ends[0], upper=ends[1]), f"[{lower!r}, {upper!r}]")


def _cutoff(page: Page, level: Mapping[str, Any], name: str, larger: bool) -> Cell:
    """"≥ .951", or "≥ .951 (90%)" where only that share of the samples is told apart."""
    value, share = level[name], level[f"{name}_share"]
    if value is None:
        return Cell(page.words.text("cutoffs.none"), None)
    text = f"{'≥' if larger else '≤'} {page.numbers.bounded(value, 3)}"
    few = share is not None and share < USUAL_SHARE
    return Cell(f"{text} ({page.numbers.percent(share)})" if few else text, value)


def cutoff_sentences(page: Page) -> list[Markup]:
    """One sentence per role that has cut-offs: which misspecification each observed index goes with."""
    return [_sentence(page, role, found) for role, found in by_role(page, "dynamic_cutoffs") if found["levels"]]


def _sentence(page: Page, role: RoleResult, found: Mapping[str, Any]) -> Markup:
    told: dict[str, list[str]] = {}
    for name, larger in INDICES:
        value = found["observed"].get(name)
        if value is not None:
            place = _place(page, value, [(each["level"], each[name]) for each in found["levels"]], larger)
            told.setdefault(place, []).append(f"{name.upper()} {page.numbers.bounded(value, 3)}")
    parts = "; ".join(f"{', '.join(names)} – {place}" for place, names in told.items())
    return page.words("cutoffs.sentence", role=short(role.title, 60), parts=parts)


def _place(page: Page, value: float, cutoffs: list[tuple[int, float | None]], larger: bool) -> str:
    """Where an index lies: beyond the cut-off of which level, or within that of the lowest that has one."""
    words = page.words
    known = [(level, limit) for level, limit in cutoffs if limit is not None]
    if not known:
        return words.text("cutoffs.untold")
    beyond = [level for level, limit in known if (value < limit if larger else value > limit)]
    if beyond:
        return words.text("cutoffs.beyond", level=max(beyond))
    return words.text("cutoffs.within", level=known[0][0])
