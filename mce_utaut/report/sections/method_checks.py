"""Latent checks of common method variance, and the marker variable."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from mce_utaut.report.page import Page, short
from mce_utaut.report.sections.further import by_role
from mce_utaut.report.table import Cell, Column, Row, Table, group_row, row, text_cell


def method_checks(page: Page) -> Table | None:
    """One factor for everything and a method factor, by role; None where no role has them."""
    words = page.words
    columns = (
        Column(words("common_method.check"), align="text", name="check"), Column("χ²", name="chisq"), Column("df"),
        Column("CFI"), Column("RMSEA"), Column("SRMR"),
    )  # fmt: skip
    rows: list[Row] = []
    for role, found in by_role(page, "common_method"):
        if found.get("one_factor") is None:
            continue
        rows.append(group_row(short(role.title, 60)))
        rows += _one_factor(page, found["one_factor"])
        rows += _method_factor(page, found["method_factor"])
    if not rows:
        return None
    return page.table(Table("method_checks", words("common_method.checks_title"), columns, tuple(rows), _notes(page)))


def _notes(page: Page) -> tuple[Markup, ...]:
    """Which difference test was used where tests are scaled."""
    parts = ("one_factor", "method_factor")
    tests = [(found.get(part) or {}).get("method") for _, found in by_role(page, "common_method") for part in parts]
    known = {
        "satorra.2000": "satorra_2000",
        "satorra.bentler.2001": "satorra_bentler_2001",
        "satorra.bentler.2010": "satorra_bentler_2010",
    }
    return tuple(page.words(f"common_method.scaled.{known[each]}") for each in dict.fromkeys(tests) if each in known)


def marker_tables(page: Page) -> list[Table]:
    """Correlations with the outcome without and with the marker taken out, of every role that has the marker."""
    words, numbers = page.words, page.numbers
    tables = []
    for role, found in by_role(page, "common_method"):
        marker = found.get("marker")
        if not marker or not marker["rows"]:
            continue
        columns = (
            Column(words("scales.construct"), align="text", name="construct"), Column("n"),
            Column(words("common_method.raw"), name="r"),
            Column(words("common_method.r_mean"), name="r mean"), Column(words("paths.p"), name="p mean"),
            Column(words("common_method.r_largest"), name="r largest"), Column(words("paths.p"), name="p largest"),
        )  # fmt: skip
        rows = [
            row(f"{each['construct']} · {page.label(each['construct'])}", [
                Cell(numbers.integer(each["n"]), each["n"]), Cell(numbers.bounded(each["r"]), each["r"]),
                Cell(numbers.bounded(each["r_mean"]), each["r_mean"]), Cell(numbers.p(each["p_mean"]), each["p_mean"]),
                Cell(numbers.bounded(each["r_largest"]), each["r_largest"]),
                Cell(numbers.p(each["p_largest"]), each["p_largest"]),
            ])
            for each in marker["rows"]
        ]  # fmt: skip
        told = words(
            "common_method.marker_note", mean=numbers.bounded(marker["r_mean"]),
            largest=numbers.bounded(marker["r_largest"]),
        )  # fmt: skip
        outcome = page.label(page.result.sections["common_method"].get("outcome", ""))
        title = words("common_method.marker_title", role=role.title, outcome=outcome)
        tables.append(page.table(Table(f"marker_{page.slug(role.role)}", title, columns, tuple(rows), (told,))))
    return tables


def _one_factor(page: Page, found: Mapping[str, Any]) -> list[Row]:
    words, numbers = page.words, page.numbers
    rows = [
        row(words(f"common_method.fits.{each['model']}"), [
            Cell(numbers.number(each["chisq"]), each["chisq"]), Cell(numbers.integer(each["df"]), each["df"]),
            *(Cell(numbers.bounded(each[name], 3), each[name]) for name in ("cfi", "rmsea", "srmr")),
        ])
        for each in found["fits"]
    ]  # fmt: skip
    if found["chisq_diff"] is not None:
        rows.append(_told(words("common_method.difference_head"), _difference(page, found)))
    if found["refusal"]:
        rows.append(_told(words("common_method.fits.one_factor"), short(found["refusal"], 400)))
    return rows


def _method_factor(page: Page, found: Mapping[str, Any]) -> list[Row]:
    words, numbers = page.words, page.numbers
    head = words("common_method.method_factor")
    if found["refusal"]:
        return [_told(head, short(found["refusal"], 400))]
    rows = [_told(head, Markup("{} {}").format(short(found["sentence"], 400), _difference(page, found)))]
    for each in found["paths"]:
        ends = words("common_method.path", predictor=each["predictor"], outcome=each["outcome"])
        change = words(
            "common_method.change", without=numbers.bounded(each["without"]), with_factor=numbers.bounded(each["with"])
        )
        rows.append(_told(ends, change))
    return rows


def _difference(page: Page, found: Mapping[str, Any]) -> Markup:
    if found["chisq_diff"] is None:
        return Markup("")
    numbers = page.numbers
    return page.words(
        "common_method.difference", chisq=numbers.number(found["chisq_diff"]),
        df=numbers.integer(found["df_diff"]), p=numbers.p_equals(found["pvalue"]),
    )  # fmt: skip


def _told(head: str | Markup, text: str | Markup) -> Row:
    return Row((text_cell(head), text_cell(text)), spread=True)
