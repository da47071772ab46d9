"""A fit as text for the terminal: fit, estimates by kind, defined parameters, R², notes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

_TITLES = (
    ("=~", "Loadings"),
    ("~", "Regressions"),
    ("~~", "Variances and covariances"),
    ("~1", "Intercepts and means"),
    ("|", "Thresholds"),
    ("~*~", "Scaling factors"),
    (":=", "Defined"),
)


def fit_text(form: Mapping[str, Any]) -> str:
    """The text of a fit in its JSON form."""
    groups = form["groups"]
    lines = [_head(form), "", *_fit_lines(form["fit"])]
    for number, group in enumerate(groups, start=1):
        if len(groups) > 1:
            lines += ["", f"Group {number}: {group['label']} (n = {group['n']})"]
        rows = [row for row in form["parameters"] if row["group"] == number]
        lines += _tables(rows, form["reference"])
    defined = [row for row in form["parameters"] if row["op"] == ":="]
    lines += _tables(defined, form["reference"], only=":=")
    lines += _r2_lines(form)
    lines += [f"note: {note['text']}" for note in form["notes"]]
    for row in form.get("modification_indices", [])[:10]:
        change = "".join((row["lhs"], " ", row["op"], " ", row["rhs"]))
        lines.append(f"modification index {_number(row['mi'])}: {change} (expected change {_number(row['epc'])})")
    return "\n".join(lines)


def _head(form: Mapping[str, Any]) -> str:
    state = "converged" if form["converged"] else "DID NOT CONVERGE"
    if form["converged"] and not form["proper"]:
        state = "converged to an IMPROPER solution"
    return f"{form['estimator']} ({form['engine']}, missing: {form['missing']}), n = {form['n']}: {state}"


def _fit_lines(fit: Mapping[str, Any]) -> Iterable[str]:
    scaled = fit.get("chisq_scaled") is not None
    yield f"chi-square {_number(fit.get('chisq'))}, df {fit.get('df')}, p {p_text(fit.get('pvalue'))}"
    if scaled:
        factor = _number(fit.get("chisq_scaling_factor"))
        p = p_text(fit.get("pvalue_scaled"))
        yield f"scaled: chi-square {_number(fit['chisq_scaled'])}, df {fit.get('df_scaled')}, p {p}, factor {factor}"
    suffixes = [("", "")]
    if scaled:
        suffixes += [("scaled ", "_scaled"), ("robust ", "_robust")]
    for title, suffix in suffixes:
        if fit.get("cfi" + suffix) is None:
            continue
        low, high = fit.get("rmsea_ci_lower" + suffix), fit.get("rmsea_ci_upper" + suffix)
        yield (
            f"{title}CFI {_number(fit.get('cfi' + suffix))}, TLI {_number(fit.get('tli' + suffix))}, "
            f"RMSEA {_number(fit.get('rmsea' + suffix))} [{_number(low)}, {_number(high)}]"
        )
    yield f"SRMR {_number(fit.get('srmr'))}"
    if fit.get("aic") is not None:
        yield f"log-likelihood {fit['logl']:.3f}, AIC {fit['aic']:.3f}, BIC {fit['bic']:.3f}"


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
    text = f"{(term + label)[:33]:<34}" + "".join(f" {_number(cell):>8}" for cell in cells)
    return text + f" {p_text(row['pvalue']):>7}" + "".join(f" {_number(cell):>8}" for cell in after)


def _r2_lines(form: Mapping[str, Any]) -> Iterable[str]:
    for group, values in form["r2"].items():
        known = {name: value for name, value in values.items() if value is not None}
        if known:
            where = f" in {group}" if len(form["r2"]) > 1 else ""
            yield ""
            yield f"R²{where}: " + ", ".join(f"{name} {value:.3f}" for name, value in known.items())


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def p_text(value: float | None) -> str:
    """A p-value for the terminal: three digits, <.001, or nothing."""
    if value is None:
        return ""
    return "<.001" if value < 0.0005 else f"{value:.3f}".lstrip("0")
