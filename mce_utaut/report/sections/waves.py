"""Persons joined over two waves: how many, the paths on their answers, and what goes with use afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mce_utaut.report.page import Page, by_sentence, short
from mce_utaut.report.sections.further import by_role, note
from mce_utaut.report.sections.path_rows import path_cells, path_columns, standardised_cells
from mce_utaut.report.table import Cell, Column, Row, Table, group_row, row, text_cell
from mce_utaut.study.method_choice import LEAST_FOR_INFERENCE
from mce_utaut.study.result import Interval


@dataclass(frozen=True, slots=True)
class Waves:
    """What is shown of persons joined over waves: who was joined (sentences and table), paths, correlations, the
    caveat, and how many persons a correlation needs."""

    sentences: tuple[str, ...]
    joined: Table
    paths: Table | None
    correlations: Table | None
    note: str
    least: int


def waves(page: Page) -> Waves | None:
    """The joined waves of all roles; None where no role has both waves."""
    found = [(short(role.title, 60), each) for role, each in by_role(page, "waves")]
    if not found:
        return None
    said = by_sentence((title, short(each["sentence"], 300)) for title, each in found)
    return Waves(
        tuple(f"{titles}: {sentence}" for titles, sentence in said), _joined(page, found), _paths(page, found),
        _correlations(page, found), note(page, "waves"), LEAST_FOR_INFERENCE,
    )  # fmt: skip


def _joined(page: Page, found: list[tuple[str, Mapping[str, Any]]]) -> Table:
    words = page.words
    before, after, coded = words("waves.before"), words("waves.after"), words("waves.coded")
    columns = (
        Column(words("role"), align="text", name="role"),
        Column(words("waves.answers"), name="answers", spanner=before), Column(coded, name="coded", spanner=before),
        Column(words("waves.answers"), name="answers", spanner=after), Column(coded, name="coded", spanner=after),
        Column(words("waves.repeated"), name="repeated codes"), Column(words("waves.joined"), name="joined"),
    )  # fmt: skip
    names = ("before", "coded_before", "after", "coded_after", "repeated_codes", "joined")
    rows = tuple(row(title, [Cell(page.numbers.integer(each[n]), each[n]) for n in names]) for title, each in found)
    return page.table(Table("waves", words("waves.joined_title"), columns, rows, (words("waves.joined_note"),)))


def _paths(page: Page, found: list[tuple[str, Mapping[str, Any]]]) -> Table | None:
    """The paths of the models with use, from answers before to use after, and why a model has none."""
    words = page.words
    columns = (
        Column(words("paths.path"), align="text", name="path"),
        *path_columns(page), Column(words("paths.p"), name="p"),
    )  # fmt: skip
    rows: list[Row] = []
    for title, each in found:
        for model in each["models"]:
            name, n = short(model["model"], 60), page.numbers.integer(model["n"])
            rows.append(group_row(words.text("waves.model", role=title, model=name, n=n)))
            if not model["usable"]:
                why = short(model["refusal"], 400) or words.text("waves.unusable")
                rows.append(Row((text_cell(words("waves.none")), text_cell(why)), spread=True))
            rows += [_path(page, path) for path in each["paths"] if path["model"] == model["model"]]
    if not rows:
        return None
    return page.table(Table(
        "waves_paths", words("waves.paths_title"), columns, tuple(rows), (words("waves.paths_note"),)
    ))  # fmt: skip


def _path(page: Page, path: Mapping[str, Any]) -> Row:
    raw = Interval(path["estimate"], path["lower"], path["upper"])
    beta = Interval(path["standardised"], path["standardised_lower"], path["standardised_upper"])
    return row(f"{short(path['predictor'], 20)} → {short(path['outcome'], 20)}", [
        *path_cells(page, raw, beta), Cell(page.numbers.p(path["p"]), path["p"]),
    ])  # fmt: skip


def _correlations(page: Page, found: list[tuple[str, Mapping[str, Any]]]) -> Table | None:
    words, numbers = page.words, page.numbers
    columns = (
        Column(words("waves.score"), align="text", name="score before"),
        Column(words("waves.use"), align="text", name="use after"), Column("n"), Column("ρ", name="rho"),
        Column(words("ci"), name="interval"), Column(words("paths.p"), name="p"),
    )  # fmt: skip
    rows: list[Row] = []
    for title, of in found:
        if of["correlations"]:
            rows.append(group_row(title))
        for each in of["correlations"]:
            rho = Interval(each["rho"], each["lower"], each["upper"])
            rows.append(row(f"{each['before']} · {page.label(each['before'])}", [
                text_cell(short(each["after"], 40)), Cell(numbers.integer(each["n"]), each["n"]),
                *standardised_cells(page, rho), Cell(numbers.p(each["p"]), each["p"]),
            ]))  # fmt: skip
    if not rows:
        return None
    return page.table(Table(
        "waves_correlations", words("waves.correlations_title"), columns, tuple(rows),
        (words("waves.correlations_note"),),
    ))  # fmt: skip
