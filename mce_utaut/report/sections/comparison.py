"""Can the roles be compared? Measurement invariance first; only then differences, with intervals.

Section ``comparison`` holds the JSON form of the ``invariance`` command (docs/sem.md), by itself or under the
key ``ladder``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mce_utaut.report.figures.forest import Axis, Estimate, Group, draw_forest
from mce_utaut.report.figures.frame import Mark
from mce_utaut.report.figures.staircase import Step, draw_staircase
from mce_utaut.report.fits import index
from mce_utaut.report.page import Figure, Page, short
from mce_utaut.report.table import Cell, Column, Row, Table, missing_cell, row, text_cell
from mce_utaut.study.result import Interval

HOLDS = ("holds", "not testable")


def build(page: Page) -> Mapping[str, Any]:
    """The staircase and its table, then differences in paths and means, each None where there is none."""
    section = page.result.sections.get("comparison")
    ladder = (section.get("ladder") or section) if section else None
    drawable = bool(ladder) and bool(ladder.get("levels"))
    several = len(page.result.roles) > 1
    if not drawable:
        return {"several": several, "elsewhere": bool(section), "ladder": None}
    assert ladder is not None
    refused = ladder.get("refused") or {}
    steps = _steps_table(page, ladder)
    return {
        "several": several,
        "elsewhere": False,
        "ladder": ladder,
        "groups": _groups(page, ladder),
        "staircase": _staircase(page, ladder, steps),
        "steps": steps,
        "freed": [each["item"] for each in ladder.get("freed") or ()],
        "paths": _paths(page, ladder),
        "paths_refused": refused.get("paths", ""),
        "means": _means(page, ladder),
        "means_refused": refused.get("latent_means", ""),
    }


def _title(page: Page, label: str) -> str:
    """The title of the role that a group stands for, or the group's own label."""
    return next((role.title for role in page.result.roles if role.role == label), short(label, 60))


def _groups(page: Page, ladder: Mapping[str, Any]) -> str:
    return ", ".join(f"{_title(page, g['label'])} (n = {page.numbers.integer(g['n'])})" for g in ladder["groups"])


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


def _staircase(page: Page, ladder: Mapping[str, Any], see: Table) -> Figure:
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


def _steps_table(page: Page, ladder: Mapping[str, Any]) -> Table:
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


def _paths(page: Page, ladder: Mapping[str, Any]) -> Figure | None:
    found = (ladder.get("paths") or {}).get("differences") or ()
    rows = [
        (f"{d['predictor']} → {d['outcome']}", d, Interval(d["difference"], d["ci_lower"], d["ci_upper"]), d["p_holm"])
        for d in found
    ]
    return _differences(page, "path_differences", rows)


def _means(page: Page, ladder: Mapping[str, Any]) -> Figure | None:
    rows = [
        (
            f"{d['factor']} · {page.label(d['factor'])}",
            d,
            Interval(d["d"], d["d_ci_lower"], d["d_ci_upper"]),
            d["pvalue"],
        )
        for d in ladder.get("latent_means") or ()
    ]
    return _differences(page, "mean_differences", rows)


def _differences(
    page: Page, name: str, rows: list[tuple[str, Mapping[str, Any], Interval, float | None]]
) -> Figure | None:
    """Differences of groups from the reference as a forest plot with its table."""
    if not rows:
        return None
    words, numbers = page.words, page.numbers
    groups: dict[str, list[Estimate]] = {}
    lines = []
    for label, found, value, p in rows:
        pair = f"{_title(page, found['group'])} − {_title(page, found['reference'])}"
        look = next(
            (page.mark(r.role) for r in page.result.roles if r.role == found["group"]), Mark("", "r1", "circle")
        )
        mark = Mark(pair, look.css, look.shape)
        groups.setdefault(label, []).append(
            Estimate(mark, value.estimate, value.lower, value.upper, numbers.estimate(value))
        )
        lines.append(row(label, [
            Cell(pair, pair), Cell(numbers.number(value.estimate), value.estimate),
            Cell(numbers.range(value), page.exact(value)), Cell(numbers.p(p), p),
        ]))  # fmt: skip
    columns = (
        Column(words(f"invariance.{name}.what"), align="text", name="what"),
        Column(words("invariance.pair"), align="text", name="groups"),
        Column(words("invariance.difference"), name="difference"),
        Column(words("ci", level=95), name="interval"), Column(words(f"invariance.{name}.p"), name="p"),
    )  # fmt: skip
    title = words.text(f"invariance.{name}.title")
    data = page.data(Table(name, title, columns, tuple(lines)))
    drawn = tuple(Group(label, tuple(estimates)) for label, estimates in groups.items())
    axis = Axis(words.text(f"invariance.{name}.axis"), -0.4, 0.4, 0.0, lambda v: numbers.number(v, 1))
    text = " ".join(f"{g.label}: " + "; ".join(f"{r.mark.label} {r.text}" for r in g.rows) + "." for g in drawn)
    return page.figure(
        name.replace("_", "-"), title, words(f"invariance.{name}.caption"), text,
        lambda frame: draw_forest(frame, drawn, axis), data=data,
    )  # fmt: skip
