"""Checks for smaller roles: two-step estimates, corrected tests, priors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mce_utaut.report.page import Page, short
from mce_utaut.report.sections.further import by_role, note
from mce_utaut.report.sections.path_rows import path_cells, path_columns, standardised_cells
from mce_utaut.report.table import Cell, Column, Row, Table, group_row, row, text_cell
from mce_utaut.study.result import Interval, RoleResult


@dataclass(frozen=True, slots=True)
class SmallSample:
    """Why a role has these checks, and the tables."""

    reason: str
    tables: tuple[Table, ...]


def small_samples(page: Page) -> list[SmallSample]:
    """The checks of every role that has them."""
    found = []
    for role, each in by_role(page, "small_samples"):
        made = (_paths(page, role, each), _corrected(page, role, each), _priors(page, role, each))
        found.append(SmallSample(short(each["reason"], 500), tuple(page.table(t) for t in made if t is not None)))
    return found


def _paths(page: Page, role: RoleResult, found: Mapping[str, Any]) -> Table | None:
    words = page.words
    columns = (
        Column(words("paths.path"), align="text", name="path"),
        *path_columns(page), Column(words("paths.p"), name="p"),
    )  # fmt: skip
    rows: list[Row] = []
    for method in found["methods"]:
        n = "" if method["n"] is None else f" (n = {page.numbers.integer(method['n'])})"
        rows.append(group_row(f"{short(method['title'], 100)}{n}"))
        if method["refusal"]:
            why = text_cell(short(method["refusal"], 400))
            rows.append(Row((text_cell(words("regression.not_run")), why), spread=True))
        rows += [_path(page, each) for each in found["rows"] if each["method"] == method["method"]]
    if not rows:
        return None
    title = page.about("small_samples.title", role=role.title)
    return Table(f"small_{page.slug(role.role)}", title, columns, tuple(rows), (note(page, "small_samples"),))


def _path(page: Page, found: Mapping[str, Any]) -> Row:
    raw = Interval(found["estimate"], found["lower"], found["upper"])
    beta = Interval(found["standardised"], found["standardised_lower"], found["standardised_upper"])
    return row(f"{found['predictor']} → {found['outcome']}", [
        *path_cells(page, raw, beta), Cell(page.numbers.p(found["p"]), found["p"]),
    ])  # fmt: skip


def _corrected(page: Page, role: RoleResult, found: Mapping[str, Any]) -> Table | None:
    words, numbers = page.words, page.numbers
    columns = (
        Column(words("small_samples.test"), align="text", name="test"), Column("n"),
        Column(words("small_samples.factor"), name="factor"), Column("χ²", name="chisq"), Column("df"),
        Column(words("paths.p"), name="p"),
    )  # fmt: skip
    rows = [
        row(words(f"small_samples.tests.{each['test']}"), [
            Cell(numbers.integer(each["n"]), each["n"]), Cell(numbers.small(each["factor"]), each["factor"]),
            Cell(numbers.number(each["chisq"]), each["chisq"]), Cell(numbers.integer(each["df"]), each["df"]),
            Cell(numbers.p(each["pvalue"]), each["pvalue"]),
        ])
        for each in found["corrected"]
    ]  # fmt: skip
    title = words("small_samples.corrected_title", role=role.title)
    return Table(f"small_tests_{page.slug(role.role)}", title, columns, tuple(rows)) if rows else None


def _priors(page: Page, role: RoleResult, found: Mapping[str, Any]) -> Table | None:
    words, numbers = page.words, page.numbers
    columns = (
        Column(words("points.predictor"), align="text", name="predictor"),
        Column("β", name="estimate"), Column(words("ci"), name="interval"),
        Column(words("small_samples.above_zero"), name="above zero"),
    )  # fmt: skip
    rows: list[Row] = []
    before = None
    for each in found["priors"]:
        if each["prior"] != before:
            before = each["prior"]
            rows.append(group_row(short(each["title"], 100)))
        beta = Interval(each["estimate"], each["lower"], each["upper"])
        rows.append(row(f"{each['predictor']} · {page.label(each['predictor'])}", [
            *standardised_cells(page, beta), Cell(numbers.bounded(each["above_zero"]), each["above_zero"]),
        ]))  # fmt: skip
    if not rows:
        return None
    title = words("small_samples.priors_title", role=role.title)
    return Table(f"small_priors_{page.slug(role.role)}", title, columns, tuple(rows), (note(page, "small_samples"),))
