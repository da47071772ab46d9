"""Tables of further analyses: careless answering, missing answers, common method, indirect effects, universities."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mce_utaut.report.page import Page, by_sentence, short
from mce_utaut.report.sections.path_rows import path_cells, path_columns
from mce_utaut.report.table import Cell, Column, Row, Table, group_row, missing_cell, row, text_cell
from mce_utaut.study.method_choice import LEAST_CLUSTERS
from mce_utaut.study.result import Interval, RoleResult


def by_role(page: Page, section: str) -> Iterator[tuple[RoleResult, Mapping[str, Any]]]:
    """(role, what a section holds of it), in the order of the study."""
    found = page.result.sections.get(section, {}).get("roles", {})
    return ((role, found[role.role]) for role in page.result.roles if role.role in found)


def note(page: Page, section: str) -> str:
    """The section's own sentence."""
    return short(page.result.sections.get(section, {}).get("note", ""), 800)


def screening_table(page: Page) -> Table | None:
    """Signs of careless answering, roles side by side."""
    words = page.words
    found = [(role, {each["index"]: each for each in f.get("signs") or ()}) for role, f in by_role(page, "screening")]
    columns = [Column(words("screening.sign"), align="text", name="sign")]
    for role, _ in found:
        title = short(role.title, 40)
        columns += [Column(words("screening.flagged"), name="flagged", spanner=title),
                    Column(words("screening.assessed"), name="assessed", spanner=title),
                    Column("%", name="share", spanner=title)]  # fmt: skip
    columns.append(Column(words("screening.excludes"), align="text", name="excludes"))
    signs = {name: each for _, by_index in found for name, each in by_index.items()}
    rows = []
    for name, sign in signs.items():
        cells = [cell for _, by_index in found for cell in _sign_cells(page, by_index.get(name))]
        excludes = any(by_index.get(name, {}).get("excludes") for _, by_index in found)
        rows.append(
            row(short(sign["title"], 120), [*cells, text_cell(words(f"screening.{'yes' if excludes else 'no'}"))])
        )
    notes = [words("screening.table_note"), *_unassessed(found)]
    if any(page.hidden() in line.cells for line in rows):
        notes.append(words("suppressed.note", limit=page.result.disclosure_limit))
    return _numbered(page, "screening", tuple(columns), rows, notes)


def _unassessed(found: Sequence[tuple[RoleResult, Mapping[str, Mapping[str, Any]]]]) -> list[str]:
    """Why a sign could not be assessed, with the roles where there are several."""
    said: dict[str, list[str]] = {}
    for role, by_index in found:
        for sign in by_index.values():
            if sign["remark"]:
                said.setdefault(short(f"{sign['title']}: {sign['remark']}", 400), []).append(short(role.title, 60))
    return [f"{', '.join(titles)} · {text}" if len(found) > 1 else text for text, titles in said.items()]


def _sign_cells(page: Page, each: Mapping[str, Any] | None) -> list[Cell]:
    """Flagged, assessed and share of one sign in one role; dashes where it could not be assessed."""
    if not each or not each["assessed"]:
        return [missing_cell(), missing_cell(), missing_cell()]
    share = each.get("share")
    return [
        _count(page, each["flagged"]), Cell(page.numbers.integer(each["assessed"]), each["assessed"]),
        Cell(page.numbers.number(None if share is None else 100 * share, 1), share),
    ]  # fmt: skip


def missing_table(page: Page) -> Table | None:
    """Little's and Mardia's tests, by role."""
    words = page.words
    little_head, mardia_head = words("screening.little"), words("screening.mardia")
    columns = (
        Column(words("role"), align="text", name="role"), Column("n", spanner=little_head),
        Column("χ²", name="chisq", spanner=little_head), Column("df", spanner=little_head),
        Column(words("paths.p"), name="p", spanner=little_head),
        Column("n", spanner=mardia_head), Column(words("screening.skewness"), name="skewness", spanner=mardia_head),
        Column(words("paths.p"), name="skewness p", spanner=mardia_head),
        Column(words("screening.kurtosis"), name="kurtosis", spanner=mardia_head),
        Column(words("paths.p"), name="kurtosis p", spanner=mardia_head),
    )  # fmt: skip
    rows = []
    for role, found in by_role(page, "screening"):
        little, mardia = found.get("little") or {}, found.get("mardia") or {}
        rows.append(row(short(role.title, 60), [
            _count(page, little.get("n")), _number(page, little.get("chisq")), _count(page, little.get("df")),
            _p(page, little.get("p")), _number_or_dash(page, mardia.get("n")),
            _number(page, mardia.get("skewness")), _p(page, mardia.get("skewness_p")),
            _number(page, mardia.get("kurtosis")), _p(page, mardia.get("kurtosis_p")),
        ]))  # fmt: skip
    said = (
        (short(role.title, 60), short((found.get(test) or {}).get("sentence") or "", 500))
        for test in ("little", "mardia") for role, found in by_role(page, "screening")
    )  # fmt: skip
    notes = [f"{titles}: {sentence}" for titles, sentence in by_sentence(said)]
    if any((found.get("mardia") or {}).get("kurtosis") is not None for _, found in by_role(page, "screening")):
        notes.append(words.text("missing_answers.note"))
    return _numbered(page, "missing_answers", columns, rows, notes)


def common_method_table(page: Page) -> Table | None:
    """Harman's shares and full collinearity, by role."""
    words, numbers = page.words, page.numbers
    columns = (
        Column(words("scales.construct"), align="text", name="construct"), Column("n"), Column("VIF"),
    )  # fmt: skip
    rows: list[Row] = []
    said = []
    for role, found in by_role(page, "common_method"):
        rows.append(group_row(words.text(
            "common_method.role", role=role.title, n=numbers.integer(found["n"]),
            component=numbers.percent(found["component_share"]), factor=numbers.percent(found["factor_share"]),
        )))  # fmt: skip
        said.append((short(role.title, 60), short(found.get("sentence") or "", 300)))
        for each in found.get("vif") or ():
            label = f"{each['construct']} · {page.label(each['construct'])}"
            rows.append(row(label, [_count(page, each["n"]), _number(page, each["vif"])]))
    notes = [words("common_method.n"), *(f"{titles}: {sentence}" for titles, sentence in by_sentence(said))]
    return _numbered(page, "common_method", columns, rows, [*notes, note(page, "common_method")])


def factorability_table(page: Page) -> Table | None:
    """Whether items can be factored and how many dimensions they show, by role."""
    words, numbers = page.words, page.numbers
    columns = (
        Column(words("role"), align="text", name="role"), Column("n"), Column("KMO"),
        Column("χ²", name="chisq", spanner="Bartlett"), Column("df", spanner="Bartlett"),
        Column(words("paths.p"), name="p", spanner="Bartlett"),
        Column(words("factorability.found"), name="components", spanner=words("factorability.dimensions")),
        Column(words("factorability.model"), name="constructs", spanner=words("factorability.dimensions")),
    )  # fmt: skip
    rows, notes = [], []
    for role, found in by_role(page, "factorability"):
        test, parallel = found["bartlett"] or {}, found["parallel"] or {}
        rows.append(row(short(role.title, 60), [
            _count(page, found["n"]), Cell(numbers.bounded(found["kmo"]), found["kmo"]),
            _number(page, test.get("chisq")), _number_or_dash(page, test.get("df")), _p(page, test.get("p")),
            _number_or_dash(page, parallel.get("components")), _count(page, found["constructs"]),
        ]))  # fmt: skip
        notes.append(f"{short(role.title, 60)}: {short(found['sentence'] or found['refusal'], 300)}")
    return _numbered(page, "factorability", columns, rows, [*notes, note(page, "factorability")])


def indirect_table(page: Page) -> Table | None:
    """Indirect and total effects, by role and model."""
    words = page.words
    columns = (
        Column(words("paths.path"), align="text", name="path"),
        Column(words("indirect.effect"), align="text", name="effect"),
        *path_columns(page),
    )  # fmt: skip
    rows: list[Row] = []
    for role, found in by_role(page, "indirect"):
        before = None
        for each in found.get("effects") or ():
            if each["model"] != before:
                before = each["model"]
                rows.append(group_row(f"{short(role.title, 60)} · {short(before, 60)}"))
            value = Interval(each["estimate"], each["lower"], each["upper"])
            beta = Interval(each["standardised"], each["standardised_lower"], each["standardised_upper"])
            effect = each["effect"]
            between = [each["mediator"]] if each.get("mediator") and effect != "total" else []
            through = [each["predictor"], *between, each["outcome"]]
            known = page.words.has(f"indirect.{effect}")
            rows.append(row(" → ".join(short(name, 20) for name in through), [
                text_cell(words(f"indirect.{effect}") if known else short(effect, 40)),
                *path_cells(page, value, beta),
            ]))  # fmt: skip
    return _numbered(page, "indirect", columns, rows, [note(page, "indirect")])


def universities_table(page: Page) -> Table | None:
    """How much of the spread of each score lies between universities, roles side by side."""
    words, numbers = page.words, page.numbers
    every = list(by_role(page, "universities"))
    roles = [(role, found) for role, found in every if _universities(found) >= LEAST_CLUSTERS]
    few = [short(role.title, 60) for role, found in every if _universities(found) < LEAST_CLUSTERS]
    names = dict.fromkeys(s["construct"] for _, found in roles for s in found.get("scales") or ())
    columns = [Column(words("scales.construct"), align="text", name="construct")]
    for role, _ in roles:
        title = short(role.title, 40)
        columns += [Column("ICC", spanner=title), Column(words("ci"), name="interval", spanner=title),
                    Column(words("universities.effect"), name="design effect", spanner=title)]  # fmt: skip
    rows = []
    for name in names:
        cells: list[Cell] = []
        for _, found in roles:
            each = next((s for s in found["scales"] if s["construct"] == name), {})
            icc = Interval(each.get("icc"), each.get("lower"), each.get("upper"))
            cells += [
                Cell(numbers.bounded(icc.estimate), icc.estimate),
                Cell(numbers.range(icc, bounded=True), page.exact(icc)),
                _number(page, each.get("design_effect")),
            ]
        rows.append(row(f"{name} · {page.label(name)}", cells))
    left_out = words("universities.few", least=LEAST_CLUSTERS, roles=", ".join(few)) if few else ""
    return _numbered(page, "universities", tuple(columns), rows, [note(page, "universities"), left_out])


def _universities(found: Mapping[str, Any]) -> int:
    """From how many universities the scores of a role come."""
    return max((each["universities"] for each in found.get("scales") or ()), default=0)


def _numbered(
    page: Page, name: str, columns: tuple[Column, ...], rows: Sequence[Row], notes: Sequence[str] = ()
) -> Table | None:
    if not rows:
        return None
    kept = tuple(text for text in notes if text)
    return page.table(Table(name, page.words(f"{name}.title"), columns, tuple(rows), kept))


def _number(page: Page, value: float | None) -> Cell:
    return Cell(page.numbers.number(value), value)


def _p(page: Page, value: float | None) -> Cell:
    return Cell(page.numbers.p(value), value)


def _number_or_dash(page: Page, value: float | None) -> Cell:
    return missing_cell() if value is None else Cell(page.numbers.integer(value), value)


def _count(page: Page, value: float | None) -> Cell:
    return page.hidden() if value is None else Cell(page.numbers.integer(value), value)
