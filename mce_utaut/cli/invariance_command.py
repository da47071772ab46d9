"""``invariance``: the invariance ladder of a model over groups, as one table and as JSON."""

from __future__ import annotations

import sys
from typing import Any

import click

from mce_utaut.cli.sem_options import estimation_options, file_options


@click.command("invariance")
@click.argument("model", type=click.Path())
@click.argument("data", type=click.Path())
@click.option("--group", required=True, metavar="COLUMN", help="The groups; the first to appear is the reference.")
@click.option(
    "--steps",
    default=None,
    metavar="NAME,…",
    help="configural, metric, scalar, strict, means; with --ordered: configural, thresholds, loadings, intercepts, "
    "residuals, means. Default: all but means.",
)
@click.option(
    "--partial", is_flag=True, help="Where a level does not hold, free single items, one at a time, until it does."
)
@estimation_options
@file_options
def command(model: str, data: str, **values: Any) -> int:
    """Test whether MODEL (lavaan syntax) measures the same in the groups of DATA (CSV or XLSX with headings).

    Prints the levels with their fit, the differences with a verdict, then what the reached level allows: differences of
    latent means, of paths, and how much single items differ (dMACS).
    """
    import json
    from dataclasses import asdict

    from mce_utaut.cli.data_columns import read_columns
    from mce_utaut.cli.invariance_text import invariance_text
    from mce_utaut.cli.sem_options import naming, options_of, read_model, split_list, write_json
    from mce_utaut.sem.invariance import invariance_ladder
    from mce_utaut.sem.invariance_json import invariance_to_json
    from mce_utaut.sem.variables import classify

    options = options_of(values, group=values["group"])
    parsed = read_model(model)
    words = [name for name in (options.group, options.cluster) if name]
    columns, notes = read_columns(data, classify(parsed.terms).observed, words, values)
    with naming(model):
        ladder = invariance_ladder(parsed, columns, options, split_list(values["steps"]), values["partial"])
    form = invariance_to_json(ladder)
    form["notes"] = [*map(asdict, notes), *form["notes"]]
    target = values["json_file"]
    print(invariance_text(form), file=sys.stderr if target == "-" else sys.stdout)
    if target:
        write_json(json.dumps(form, indent=1, ensure_ascii=False, allow_nan=False), target, values["overwrite"])
    return 0
