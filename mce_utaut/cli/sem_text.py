"""A fit as text for the terminal: fit, estimates by kind, defined parameters, R², expected changes, notes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mce_utaut.cli.fit_table import fit_lines, in_group, number_text, p_text
from mce_utaut.cli.note_lines import notes_on_rows, other_notes

_TITLES = (
    ("=~", "Loadings"),
    ("~", "Regressions"),
    ("~~", "Variances and covariances"),
    ("~1", "Intercepts and means"),
    ("|", "Thresholds"),
    ("~*~", "Scaling factors"),
    (":=", "Defined"),
)
_LARGEST = 10


def fit_text(form: Mapping[str, Any]) -> str:
    """The text of a fit in its JSON form."""
    groups = form["groups"]
    lines = [*_head(form), *notes_on_rows(form["notes"]), "", *fit_lines(form["fit"])]
    for number, group in enumerate(groups, start=1):
        if len(groups) > 1:
            share = f"{number_text(group['chisq'])} of the chi-square"
            lines += ["", f"Group {number}: {group['label']} (n = {group['n']}; {share})"]
        rows = [row for row in form["parameters"] if row["group"] == number]
        lines += _tables(rows, form["reference"])
    defined = [row for row in form["parameters"] if row["op"] == ":="]
    lines += _tables(defined, form["reference"], only=":=")
    lines += _r2_lines(form)
    lines += _changes(form.get("modification_indices", []), groups)
    return "\n".join([*lines, *other_notes(form["notes"])])


def _head(form: Mapping[str, Any]) -> Iterable[str]:
    state = "converged" if form["converged"] else "DID NOT CONVERGE"
    if form["converged"] and not form["proper"]:
        state = "converged to an IMPROPER solution"
    yield f"{form['estimator']} ({form['engine']}, missing: {form['missing']}), n = {form['n']}: {state}"
    errors = f"{form['se']} ({form['information']} information)"
    if drawn := form.get("bootstrap"):
        errors = f"bootstrap ({drawn['converged']} of {drawn['replicates']} replicates, {drawn['interval']} intervals)"
    yield f"free parameters: {form['fit']['npar']}; standard errors: {errors}; test: {form['test']}"


def _tables(rows: list[Mapping[str, Any]], reference: str, only: str = "") -> Iterable[str]:
    for op, title in _TITLES:
        chosen = [row for row in rows if row["op"] == op]
        if not chosen or ((only or op == ":=") and op != only):
            continue
        yield ""
        yield f"{title:<34}{'est':>9}{'se':>9}{reference:>9}{'p':>8}{'lower':>9}{'upper':>9}{'std.lv':>9}{'std.all':>9}"
        yield from (_row(row) for row in chosen)


def _row(row: Mapping[str, Any]) -> str:
    term = f"{row['lhs']} {row['op']} {row['rhs']}".rstrip()
    if row["op"] == ":=":
        term = f"{row['lhs']} := {row['rhs']}"
    label = f" ({row['label']})" if row["label"] and row["op"] != ":=" else ""
    cells = [row["est"], row["se"], row["z"]]
    after = [row["ci_lower"], row["ci_upper"], row["std_lv"], row["std_all"]]
    text = f"{(term + label)[:33]:<34}" + "".join(f" {number_text(cell):>8}" for cell in cells)
    return text + f" {p_text(row['pvalue']):>7}" + "".join(f" {number_text(cell):>8}" for cell in after)


def _r2_lines(form: Mapping[str, Any]) -> Iterable[str]:
    for group, values in form["r2"].items():
        known = {name: value for name, value in values.items() if value is not None}
        if known:
            where = f" in {group}" if len(form["r2"]) > 1 else ""
            yield ""
            yield f"R²{where}: " + ", ".join(f"{name} {value:.3f}" for name, value in known.items())


def _changes(rows: list[Mapping[str, Any]], groups: list[Mapping[str, Any]]) -> Iterable[str]:
    """The largest modification indices, each with the parameter's expected change, raw and standardised."""
    if not rows:
        return
    yield ""
    yield f"{'Modification indices':<34}{'mi':>9}{'epc':>9}{'std.lv':>9}{'std.all':>9}"
    for row in rows[:_LARGEST]:
        term = f"{row['lhs']} {row['op']} {row['rhs']}".rstrip()
        cells = (row["mi"], row["epc"], row["sepc_lv"], row["sepc_all"])
        numbers = "".join(f" {number_text(cell):>8}" for cell in cells)
        yield f"{term[:33]:<34}{numbers} {in_group(row, groups)}".rstrip()
