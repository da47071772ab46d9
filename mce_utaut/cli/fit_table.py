"""How well a model fits, as a table for the terminal: plain, scaled and robust values side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

_ROWS = (
    ("chi-square", "chisq"),
    ("df", "df"),
    ("p", "pvalue"),
    ("scaling factor", "chisq_scaling_factor"),
    ("shift parameter", "chisq_shift_parameter"),
    ("CFI", "cfi"),
    ("TLI", "tli"),
    ("RMSEA", "rmsea"),
    ("  90 % interval", "rmsea_ci"),
    ("  p (RMSEA <= .05)", "rmsea_pvalue"),
    ("  p (RMSEA >= .08)", "rmsea_notclose_pvalue"),
    ("SRMR", "srmr"),
    ("baseline chi-square", "baseline_chisq"),
    ("  df", "baseline_df"),
    ("  p", "baseline_pvalue"),
)
_COLUMNS = ("", "_scaled", "_robust")
_OF_SCALING = ("chisq_scaling_factor", "chisq_shift_parameter")
_LIKELIHOOD = (("log-likelihood", "logl"), ("saturated", "unrestricted_logl"), ("AIC", "aic"), ("BIC", "bic"))


def fit_lines(fit: Mapping[str, Any]) -> Iterable[str]:
    """The fit indices of a fit in its JSON form, a line each; those of the likelihood in one line."""
    scaled = fit.get("chisq_scaled") is not None
    columns = _COLUMNS if scaled else _COLUMNS[:1]
    if scaled:
        yield f"{'':<22}{'plain':>16}{'scaled':>16}{'robust':>16}"
    for title, name in _ROWS:
        cells = [_cell(fit, name, column) for column in columns]
        if any(cells):
            yield f"{title:<22}" + "".join(f"{cell:>16}" for cell in cells).rstrip()
    if fit.get("aic") is not None:
        known = [(title, fit.get(name)) for title, name in (*_LIKELIHOOD, ("SABIC", "bic2"))]
        yield ", ".join(f"{title} {value:.3f}" for title, value in known if value is not None)


def _cell(fit: Mapping[str, Any], name: str, column: str) -> str:
    if name in _OF_SCALING:
        return number_text(fit.get(name)) if column == "_scaled" else ""
    if name == "rmsea_ci":
        low, high = (fit.get(f"rmsea_ci_{side}{column}") for side in ("lower", "upper"))
        return "" if low is None or high is None else f"[{low:.3f}, {high:.3f}]"
    value = fit.get(name + column)
    if name.endswith("df"):
        return "" if value is None else f"{value:.10g}" if float(value).is_integer() else f"{value:.3f}"
    return p_text(value) if name.endswith("pvalue") else number_text(value)


def number_text(value: float | None) -> str:
    """Three decimals, or nothing."""
    return "" if value is None else f"{value:.3f}"


def p_text(value: float | None) -> str:
    """A p-value for the terminal: three digits, <.001, or nothing."""
    if value is None:
        return ""
    return "<.001" if value < 0.0005 else f"{value:.3f}".lstrip("0")


def in_group(row: Mapping[str, Any], groups: Sequence[Mapping[str, Any]]) -> str:
    """Which group a row is about, where there are several; ``:=`` (group 0) are about none."""
    return f" in {groups[row['group'] - 1]['label']}" if len(groups) > 1 and row["group"] else ""
