"""What ``sem`` gives on request besides the fit: simulated cut-offs, Monte Carlo intervals, two-step estimates."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from mce_utaut.notes import Note

_EXTRAS = (
    click.option(
        "--dynamic-cutoffs", default=0, metavar="N", help="Fit-index cut-offs for this model, from N samples (500)."
    ),
    click.option(
        "--monte-carlo", default=0, metavar="N", help="Intervals of := parameters from N draws (20000); also for fiml."
    ),
    click.option("--sam", is_flag=True, help="Also the paths by structural-after-measurement (small samples)."),
    click.option(
        "--sam-block",
        multiple=True,
        metavar="A,B",
        help="With --sam: factors measured together (repeatable); keeps residual covariances between their items.",
    ),
    click.option("--croon", is_flag=True, help="Also the paths by Croon-corrected factor scores."),
)


def extra_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """``function`` with the options of this module."""
    for option in reversed(_EXTRAS):
        function = option(function)
    return function


def extras_form(fit: Any, data: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON parts that were asked for: dynamic_cutoffs, monte_carlo, sam, croon. ``data`` is what was fitted."""
    import numpy as np

    form: dict[str, Any] = {}
    if values["dynamic_cutoffs"]:
        from mce_utaut.sem.dynamic_cutoffs import dynamic_cutoffs

        rng = np.random.default_rng(values["seed"])
        form["dynamic_cutoffs"] = _cutoffs(dynamic_cutoffs(fit, rng, values["dynamic_cutoffs"]))
    if values["monte_carlo"]:
        from mce_utaut.sem.monte_carlo_interval import monte_carlo_intervals

        rng = np.random.default_rng(values["seed"])
        found = monte_carlo_intervals(fit, rng, values["monte_carlo"])
        form["monte_carlo"] = [_record(row, ("name", "est", "ci_lower", "ci_upper")) for row in found]
    if values["sam"]:
        from mce_utaut.sem.sam import local_sam

        sam = local_sam(fit.syntax, data, _two_step_options(fit), _blocks(fit, values["sam_block"]))
        form["sam"] = {"parameters": _rows(sam.estimates), "reliability": list(sam.reliabilities)} | _notes(sam, fit)
    if values["croon"]:
        from mce_utaut.sem.croon import croon_regression

        croon = croon_regression(fit.syntax, data, _two_step_options(fit))
        form["croon"] = {"parameters": _rows(croon.estimates)} | _notes(croon, fit)
    return form


def extras_text(form: Mapping[str, Any], groups: Sequence[Mapping[str, Any]]) -> list[str]:
    """The lines of these parts for the terminal; ``groups`` are those of the fit's JSON."""
    from mce_utaut.cli.fit_table import in_group, p_text

    lines: list[str] = []
    for level in form.get("dynamic_cutoffs", {}).get("levels", ()):
        values = ", ".join(f"{name.upper()} {_shown(level[name])}" for name in ("cfi", "rmsea", "srmr"))
        lines.append(f"dynamic cut-offs, level {level['level']} ({', '.join(level['added'])}): {values}")
    for row in form.get("monte_carlo", ()):
        est, lower, upper = (_shown(row[name]) for name in ("est", "ci_lower", "ci_upper"))
        lines.append(f"Monte Carlo interval of {row['name']}: {est} [{lower}, {upper}]")
    for key, title in (("sam", "SAM"), ("croon", "Croon")):
        for row in form.get(key, {}).get("parameters", ()):
            if row["op"] in ("~", ":="):
                what = f"{row['lhs']} {row['op']} {row['rhs']}{in_group(row, groups)}"
                known = f"se {row['se']:.3f}, p {p_text(row['pvalue'])}" if row["se"] else "fixed"
                known = "undefined" if row["est"] is None else known
                lines.append(f"{title}: {what} {_shown(row['est'])} ({known}, standardised {_shown(row['std_all'])})")
        lines += [f"{title} note: {note['text']}" for note in form.get(key, {}).get("notes", ())]
    return lines


def _blocks(fit: Any, given: Sequence[str]) -> list[tuple[str, ...]]:
    """The blocks that the options name, then each other factor alone; none where no option names one."""
    from mce_utaut.cli.sem_options import split_list

    blocks = [split_list(text) for text in given]
    together = {name for block in blocks for name in block}
    return blocks and blocks + [(name,) for name in fit.table.latent if name not in together]


def _two_step_options(fit: Any) -> Any:
    from mce_utaut.sem.options import FitOptions

    options = fit.options
    missing = "fiml" if options.missing == "fiml" else "listwise"
    return FitOptions(
        missing=missing,
        group=options.group,
        group_equal=options.group_equal,
        group_partial=options.group_partial,
        std_lv=options.std_lv,
        cluster=options.cluster,
        reference=options.reference,
        level=options.level,
        ordered=options.ordered,
    )


def _two_step_notes(fit: Any) -> list[Note]:
    """Where the fit beside it is not plain ML: what the two-step numbers are, which lavaan's sam() leaves unsaid."""
    from mce_utaut.notes import Note

    if fit.options.estimator == "ML" and fit.options.se == "default":
        return []
    text = (
        "These are maximum-likelihood estimates with two-step standard errors of normal theory, "
        f"not {fit.options.estimator}."
    )
    return [Note("two_step_errors", text)]


def _cutoffs(found: Any) -> dict[str, Any]:
    levels = []
    for level in found.levels:
        entry: dict[str, Any] = {"level": level.level, "added": list(level.added), "replicates": level.replicates}
        for name in ("cfi", "rmsea", "srmr"):
            cutoff = getattr(level, name)
            entry[name], entry[f"{name}_share"] = _number(cutoff.value), _number(cutoff.share)
        levels.append(entry)
    true = {name: list(getattr(found, f"true_{name}")) for name in ("cfi", "rmsea", "srmr")}
    return {"levels": levels, "true_model_quantiles": true, "replicates": found.replicates}


def _rows(estimates: Any) -> list[dict[str, Any]]:
    names = ("lhs", "op", "rhs", "group", "label", "est", "se", "z", "pvalue", "ci_lower", "ci_upper", "std_all")
    return [_record(row, names) for row in estimates]


def _record(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in names}
    return {name: _number(value) if isinstance(value, float) else value for name, value in values.items()}


def _notes(found: Any, fit: Any) -> dict[str, Any]:
    return {"se": "twostep", "notes": [asdict(note) for note in (*found.notes, *_two_step_notes(fit))]}


def _number(value: float) -> float | None:
    from math import isfinite

    return float(value) if isfinite(value) else None


def _shown(value: float | None) -> str:
    return "none" if value is None else f"{value:.3f}"
