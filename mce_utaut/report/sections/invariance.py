"""The invariance ladder as a staircase that stops where it breaks, and as a table of its steps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mce_utaut.report.figures.staircase import Step, draw_staircase
from mce_utaut.report.fits import index
from mce_utaut.report.page import Figure, Page, short
from mce_utaut.report.table import Cell, Column, Row, Table, missing_cell, row, text_cell

HOLDS = ("holds", "not testable")


def _kind(name: str) -> tuple[str, bool]:
    """A level's name without "partial", and whether it is partial."""
    return name.removeprefix("partial_"), name.startswith("partial_")


def _level_name(page: Page, name: str) -> str:
    kind, partial = _kind(name)
    key = f"invariance.levels.{kind}"
    text = page.words.text(key) if page.words.has(key) else kind.replace("_", " ")
    return page.words.text("invariance.partial", level=text) if partial else text


def _says(page: Page, prefix: str, name: str) -> str:
    key = f"invariance.{prefix}.{_kind(name)[0]}"
    return page.words.text(key) if page.words.has(key) else ""


def _verdict(page: Page, verdict: str) -> str:
    key = f"invariance.verdicts.{verdict.replace(' ', '_')}"
    return page.words.text(key) if page.words.has(key) else short(verdict, 40)


def _change(step: Mapping[str, Any], name: str) -> float | None:
    return next(
        (
            step[key]
            for key in (f"delta_{name}_robust", f"delta_{name}_scaled", f"delta_{name}")
            if step.get(key) is not None
        ),
        None,
    )


def staircase(page: Page, ladder: Mapping[str, Any], see: Table) -> Figure:
    """The staircase; ``see`` is the table of its numbers."""
    words, numbers = page.words, page.numbers
    into = {step["to"]: step for step in ladder.get("differences") or ()}
    steps, standing = [], True
    for level in ladder["levels"]:
        found = into.get(level["name"])
        verdict = found["verdict"] if found else ""
        reached = (standing or _kind(level["name"])[1]) and (found is None or verdict in HOLDS)
        standing = reached
        if found:
            text = words.text(
                "invariance.change",
                cfi=_signed(page, _change(found, "cfi")),
                rmsea=_signed(page, _change(found, "rmsea")),
            )
        else:
            text = f"CFI {numbers.bounded(index({'fit': level}, 'cfi_robust', 'cfi_scaled', 'cfi')[0], 3)}"
        steps.append(Step(
            _level_name(page, level["name"]), _says(page, "equal", level["name"]),
            _verdict(page, verdict) if found else words.text("invariance.start"), text, reached,
            _says(page, "licenses", level["name"]) if reached else words.text("invariance.stops"),
        ))  # fmt: skip
    description = " ".join(f"{s.name}: {s.verdict}, {s.numbers}." for s in steps)
    return page.figure(
        "invariance", words.text("invariance.title"), words("invariance.caption"), description,
        lambda frame: draw_staircase(frame, tuple(steps)), see=see,
    )  # fmt: skip


def _signed(page: Page, value: float | None) -> str:
    text = page.numbers.bounded(value, 3)
    return f"+{text}" if value is not None and value > 0 and any(c in "123456789" for c in text) else text


def steps_table(page: Page, ladder: Mapping[str, Any]) -> Table:
    """Fit of every step and its change from the one before."""
    words, numbers = page.words, page.numbers
    into = {step["to"]: step for step in ladder.get("differences") or ()}
    change = words("invariance.change_head")
    columns = (
        Column(words("invariance.level"), align="text", name="level"), Column("χ²", name="chisq"), Column("df"),
        Column("CFI"), Column("RMSEA"), Column("SRMR"), Column("Δχ²", name="chisq", spanner=change),
        Column("Δdf", name="df", spanner=change), Column(words("paths.p"), name="p", spanner=change),
        Column("ΔCFI", name="cfi", spanner=change), Column("ΔRMSEA", name="rmsea", spanner=change),
        Column("ΔSRMR", name="srmr", spanner=change), Column(words("invariance.verdict"), align="text", name="verdict"),
    )  # fmt: skip
    rows: list[Row] = []
    for level in ladder["levels"]:
        fit = {"fit": level}
        chisq, df = index(fit, "chisq_scaled", "chisq")[0], index(fit, "df_scaled", "df")[0]
        cfi, rmsea = (index(fit, f"{n}_robust", f"{n}_scaled", n)[0] for n in ("cfi", "rmsea"))
        srmr = index(fit, "srmr")[0]
        cells = [
            Cell(numbers.number(chisq), chisq), Cell(numbers.number(df, 0 if df == int(df or 0) else 2), df),
            *(Cell(numbers.bounded(value, 3), value) for value in (cfi, rmsea, srmr)),
        ]  # fmt: skip
        found = into.get(level["name"])
        if found is None:
            cells += [missing_cell()] * 6 + [text_cell("")]
        else:
            cells += [
                Cell(numbers.number(found["chisq_diff"]), found["chisq_diff"]),
                Cell(
                    numbers.number(found["df_diff"], 0 if float(found["df_diff"]).is_integer() else 2), found["df_diff"]
                ),
                Cell(numbers.p(found["pvalue"]), found["pvalue"]),
                *(Cell(_signed(page, _change(found, n)), _change(found, n)) for n in ("cfi", "rmsea", "srmr")),
                text_cell(_verdict(page, found["verdict"])),
            ]
        rows.append(row(_level_name(page, level["name"]), cells))
    return page.table(
        Table("invariance", words("invariance.table_title"), columns, tuple(rows), (words("invariance.note"),))
    )
