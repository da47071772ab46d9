"""In their own words: numbers and themes side by side, the inference written by a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from markupsafe import Markup

from mce_utaut.report.page import Page, short
from mce_utaut.report.table import Cell, Column, Row, Table, group_row, missing_cell, row, text_cell
from mce_utaut.study.result import Interval

_SIGNS = ("positive", "negative", "neutral")


def build(page: Page) -> Mapping[str, Any]:
    """The joint display with its themes, the agreement of coders and the cleared quotes, where there are codes."""
    joint = page.result.sections.get("joint_display")
    if not joint or "agreement" not in joint:
        return {"joint": joint, "drawn": False}
    return {
        "joint": joint,
        "drawn": True,
        "display": _display(page, joint),
        "themes": _themes(page, joint),
        "agreement": _agreement(page, joint["agreement"]),
        "quotes": [(short(found["title"], 60), list(_quotes(page, found))) for _, found in _roles(page, joint)],
        "refusals": [f"{short(found['title'], 60)}: {found['refusal']}" for _, found in _roles(page, joint)
                     if found["refusal"]],
    }  # fmt: skip


def _roles(page: Page, joint: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The roles of the section in the order of the study, those without a questionnaire last."""
    order = [role.role for role in page.result.roles]
    found = joint["roles"]
    for name in sorted(found, key=lambda name: (order.index(name) if name in order else len(order), name)):
        yield name, found[name]


def _display(page: Page, joint: Mapping[str, Any]) -> Table | None:
    """Construct by role: mean and path, how many spoke for and against, what a person concludes."""
    words, numbers = page.words, page.numbers
    interval, persons = words("ci"), words("voices.persons")
    columns = (
        Column(words("scales.construct"), align="text", name="construct"),
        Column("M", name="mean", spanner=words("voices.numbers")),
        Column(interval, name="mean interval", spanner=words("voices.numbers")),
        Column("β / ρ", name="path", spanner=words("voices.numbers")),
        Column(interval, name="path interval", spanner=words("voices.numbers")),
        *(Column(words(f"voices.signs.{sign}"), name=sign, spanner=persons) for sign in _SIGNS),
        Column(words("voices.inference"), align="text", name="inference"),
    )
    rows: list[Row] = []
    for _, found in _roles(page, joint):
        if found["rows"]:
            title = words.text("voices.group", role=short(found["title"], 60), n=numbers.integer(found["persons"]))
            rows.append(group_row(title))
        for each in found["rows"]:
            mean = Interval(each["mean"], each["mean_lower"], each["mean_upper"])
            path = Interval(each["path"], each["path_lower"], each["path_upper"])
            rows.append(row(_label(page, each["construct"]), [
                Cell(numbers.number(mean.estimate, 0), mean.estimate),
                Cell(numbers.range(mean, 0), page.exact(mean)),
                Cell(numbers.bounded(path.estimate), path.estimate),
                Cell(numbers.range(path, bounded=True), page.exact(path)),
                *(_count(page, each[sign]) for sign in _SIGNS),
                _inference(page, each),
            ]))  # fmt: skip
    if not rows:
        return None
    notes = (page.about("voices.display_note"), short(joint["note"], 600))
    return page.table(Table("joint_display", words("voices.display"), columns, tuple(rows), notes))


def _inference(page: Page, each: Mapping[str, Any]) -> Cell:
    if each["judgement"] is None:
        return Cell(Markup("<i>{}</i>").format(page.words("voices.not_interpreted")), None)
    known = page.words.has(f"voices.judgements.{each['judgement']}")
    word = page.words(f"voices.judgements.{each['judgement']}") if known else short(each["judgement"], 40)
    text = short(each["inference"] or "", 1000)
    language = each.get("inference_language") or ""
    said = Markup('<span lang="{}">{}</span>').format(language, text) if language else text
    shown = Markup('<span class="inference"><b>{}</b> {}</span>').format(word, said)
    return Cell(shown, f"{each['judgement']}: {text}")


def _themes(page: Page, joint: Mapping[str, Any]) -> Table | None:
    words = page.words
    columns = (
        Column(words("voices.theme"), align="text", name="theme"),
        Column(words("scales.construct"), align="text", name="construct"),
        Column(words("voices.sign"), align="text", name="sign"),
        Column(words("voices.persons"), name="persons"),
    )
    rows: list[Row] = []
    for _, found in _roles(page, joint):
        if found["themes"]:
            rows.append(group_row(short(found["title"], 60)))
        for each in found["themes"]:
            rows.append(row(short(each["theme"], 120), [
                text_cell(_label(page, each["construct"])), text_cell(words(f"voices.signs.{each['sign']}")),
                _count(page, each["persons"]),
            ]))  # fmt: skip
    return page.table(Table("themes", words("voices.themes"), columns, tuple(rows))) if rows else None


def _agreement(page: Page, found: Mapping[str, Any]) -> Table | None:
    """Alpha and kappa over whole units, then alpha of each code."""
    words, numbers = page.words, page.numbers
    columns = (
        Column(words("voices.coefficient"), align="text", name="coefficient"),
        Column(words("voices.units"), name="units"),
        Column(words("voices.observed"), name="observed"),
        Column(words("voices.estimate"), name="estimate"),
        Column(words("ci"), name="interval"),
        Column(words("voices.judgement"), align="text", name="judgement"),
    )
    lines = [(words.text(f"voices.{each['coefficient']}"), each) for each in found["coefficients"]]
    lines += [(words.text("voices.code", code=each["code"]), each) for each in found["codes"]]
    rows = []
    for title, each in lines:
        ends = Interval(each["estimate"], each["lower"], each["upper"])
        rows.append(row(title, [
            Cell(numbers.integer(each["n"]), each["n"]), Cell(numbers.bounded(each["observed"]), each["observed"]),
            Cell(numbers.bounded(ends.estimate), ends.estimate),
            Cell(numbers.range(ends, bounded=True), page.exact(ends)),
            text_cell(words(f"voices.agreements.{each['judgement']}")),
        ]))  # fmt: skip
    if not rows:
        return None
    notes = (words("voices.agreement_note"),)
    return page.table(Table("coder_agreement", words("voices.agreement"), columns, tuple(rows), notes))


def _quotes(page: Page, found: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for each in found["quotes"]:
        source = page.words(f"voices.sources.{each['source']}")
        about = f"{_label(page, each['construct'])}, {page.words.text('voices.signs.' + each['sign'])}"
        yield {"text": each["quote"], "language": each["language"], "translation": each["translation"],
               "about": f"{about} · {source}"}  # fmt: skip


def _label(page: Page, construct: str) -> str:
    if construct == "other":
        return page.words.text("voices.other")
    label = page.label(construct)
    return construct if label == construct else f"{construct} · {label}"


def _count(page: Page, value: int | None) -> Cell:
    if value is None:
        return page.hidden()
    return Cell(page.numbers.integer(value), value) if value else missing_cell()
