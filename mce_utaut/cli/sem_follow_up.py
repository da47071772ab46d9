"""What ``sem`` tells on request of the fit itself: residual correlations, effects, corrected tests, factor scores."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from typing import Any

import click

_FOLLOW_UP = (
    click.option("--residuals", is_flag=True, help="Residual correlations; the largest are printed."),
    click.option("--effects", is_flag=True, help="Direct, indirect and total effects, raw and standardised."),
    click.option("--small-samples", is_flag=True, help="The chi-square with Swain's and with Bartlett's correction."),
    click.option("--bollen-stine", default=0, metavar="N", help="The Bollen-Stine p-value from N replicates."),
    click.option("--scores", "scores_file", default=None, metavar="FILE", help="Write factor scores as CSV."),
    click.option(
        "--score-method",
        type=click.Choice(["regression", "bartlett"]),
        default="regression",
        show_default=True,
        help="How --scores are computed.",
    ),
)
_LARGEST = 5


def follow_up_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """``function`` with the options of this module."""
    for option in reversed(_FOLLOW_UP):
        function = option(function)
    return function


def follow_up_form(fit: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON parts that were asked for: residual_correlations, effects, small_samples, bollen_stine."""
    form: dict[str, Any] = {}
    if values["residuals"]:
        form["residual_correlations"] = _residuals(fit)
    if values["effects"]:
        from mce_utaut.sem.total_effects import structural_effects

        form["effects"] = [_record(row) for row in structural_effects(fit)]
    if values["small_samples"]:
        from mce_utaut.sem.small_samples import small_sample_tests

        form["small_samples"] = {name: _record(test) for name, test in small_sample_tests(fit).items()}
    if values["bollen_stine"]:
        from mce_utaut.sem.bootstrap import bollen_stine_pvalue, bootstrap

        drawn = bootstrap(fit, values["bollen_stine"], values["seed"], bollen_stine=True)
        form["bollen_stine"] = {
            "pvalue": bollen_stine_pvalue(fit, drawn),
            "replicates": values["bollen_stine"],
            "converged": int(drawn.converged.sum()),
            "seed": values["seed"],
        }
    return form


def follow_up_text(form: Mapping[str, Any], groups: Sequence[Mapping[str, Any]]) -> list[str]:
    """The lines of these parts for the terminal; ``groups`` are those of the fit's JSON."""
    from mce_utaut.cli.fit_table import in_group, p_text

    lines: list[str] = []
    for name, test in form.get("small_samples", {}).items():
        p = f"p {p_text(test['pvalue'])}, factor {test['factor']:.4f}"
        lines.append(f"{name.capitalize()}'s chi-square {test['chisq']:.3f}, df {test['df']}, {p}")
    if "bollen_stine" in form:
        found = form["bollen_stine"]
        replicates = f"{found['converged']} of {found['replicates']} replicates"
        lines.append(f"Bollen-Stine p {p_text(found['pvalue'])} ({replicates})")
    for group in form.get("residual_correlations", ()):
        for a, b, value in _largest(group):
            where = f" in {group['label']}" if group["label"] else ""
            lines.append(f"residual correlation {value:.3f}: {a}, {b}{where}")
    for row in form.get("effects", ()):
        if row["se"] is not None:
            where = in_group(row, groups)
            lines.append(
                f"{row['kind']} effect of {row['predictor']} on {row['outcome']}{where}: {row['est']:.3f} "
                f"(se {row['se']:.3f}, p {p_text(row['pvalue'])}, standardised {_shown(row['std_all'])})"
            )
    return lines


def scores_csv(fit: Any, method: str) -> bytes:
    """Factor scores as CSV: the row of the data (from 1), the group where there are several, a column per factor."""
    import csv
    import io

    from mce_utaut.sem.factor_scores import factor_scores

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    several = len(fit.samples) > 1
    writer.writerow(["row", *([fit.options.group] if several else []), *fit.table.latent])
    lines = []
    for sample, scores in zip(fit.samples, factor_scores(fit, method), strict=True):
        for case, values in zip(sample.cases, scores, strict=True):
            lines.append((int(case) + 1, *([sample.label] if several else []), *(f"{v:.10g}" for v in values)))
    writer.writerows(sorted(lines, key=lambda line: line[0]))
    return out.getvalue().encode("utf-8")


def _residuals(fit: Any) -> list[dict[str, Any]]:
    from mce_utaut.sem.local_fit import residual_correlations

    kinds = {kind: residual_correlations(fit, kind) for kind in ("bentler", "bollen")}
    names = list(fit.table.observed)
    return [
        {"label": sample.label, "names": names} | {kind: _cells(found[g]) for kind, found in kinds.items()}
        for g, sample in enumerate(fit.samples)
    ]


def _cells(matrix: Any) -> list[list[float | None]]:
    return [[value if isfinite(value) else None for value in row] for row in matrix.tolist()]


def _largest(group: Mapping[str, Any]) -> list[tuple[str, str, float]]:
    names, values = group["names"], group["bentler"]
    pairs = [(names[i], names[j], values[i][j]) for i in range(len(names)) for j in range(i)]
    return sorted(pairs, key=lambda pair: -abs(pair[2]))[:_LARGEST]


def _record(row: Any) -> dict[str, Any]:
    from dataclasses import asdict

    return {k: (v if not isinstance(v, float) or isfinite(v) else None) for k, v in asdict(row).items()}


def _shown(value: float | None) -> str:
    return "none" if value is None else f"{value:.3f}"
