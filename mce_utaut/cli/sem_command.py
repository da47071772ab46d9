"""``sem``: any model in lavaan syntax, fitted to any CSV file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from mce_utaut.cli.sem_extras import extra_options
from mce_utaut.cli.sem_follow_up import follow_up_options
from mce_utaut.cli.sem_options import estimation_options, file_options

_IDLE_WITHOUT = (
    ("group_partial", "group_equal"),
    ("bootstrap_ci", "bootstrap"),
    ("score_method", "scores_file"),
    ("sam_block", "sam"),
    ("sample_n", "sample_cov"),
    ("sample_mean", "sample_cov"),
)


@click.command("sem")
@click.argument("model", type=click.Path())
@click.argument("data", required=False, type=click.Path())
@estimation_options
@click.option("--group", default=None, metavar="COLUMN", help="Fit one model in several groups.")
@click.option(
    "--group-equal", default=None, metavar="loadings,…", help="What is equal over the groups: loadings, "
    "intercepts, residuals, means, regressions, thresholds, residual.covariances, lv.variances, lv.covariances."
)
@click.option(
    "--engine",
    type=click.Choice(["native", "semopy"]),
    default="native",
    show_default=True,
    help="Who searches the minimum; semopy for ML on complete data of one group.",
)
@click.option(
    "--fixed-x/--no-fixed-x", default=None, help="Take exogenous observed variables as given (lavaan's default)."
)
@click.option("--orthogonal", is_flag=True, help="Exogenous latent variables do not covary.")
@click.option("--growth", is_flag=True, help="lavaan's growth() defaults: intercepts 0, factor means free.")
@click.option("--bootstrap", default=0, metavar="N", help="Bootstrap intervals from N replicates.")
@click.option(
    "--bootstrap-ci", type=click.Choice(["perc", "bc", "bca"]), default="perc", show_default=True, help="Their kind."
)
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0), help="Of everything that is drawn.")
@click.option("--modindices", is_flag=True, help="Modification indices with expected parameter changes.")
@click.option(
    "--sample-cov",
    multiple=True,
    metavar="FILE",
    help="Covariance matrix (CSV with names) in place of DATA; once for each group.",
)
@click.option(
    "--sample-mean", multiple=True, metavar="FILE", help="Means (CSV: names, then one row), as often as --sample-cov."
)
@click.option("--n", "sample_n", multiple=True, type=int, help="Number of cases, as often as --sample-cov.")
@click.option("--strict", is_flag=True, help="An improper solution is an error.")
@follow_up_options
@extra_options
@file_options
def command(model: str, data: str | None, **values: Any) -> int:
    """Fit MODEL (a file in lavaan syntax) to DATA (CSV or XLSX with headings).

    Prints the table of estimates and the fit; --json writes every number under lavaan's names.
    """
    from mce_utaut import files
    from mce_utaut.cli.sem_options import naming, options_of, read_model, split_list, write_json
    from mce_utaut.errors import NotEstimable, Problem

    _refuse_idle(click.get_current_context())
    options = options_of(
        values,
        group=values["group"],
        group_equal=split_list(values["group_equal"]),
        engine=values["engine"],
        fixed_x=values["fixed_x"],
        orthogonal=values["orthogonal"],
        growth=values["growth"],
        bootstrap=values["bootstrap"],
        bootstrap_interval=values["bootstrap_ci"],
        seed=values["seed"],
    )
    for target in (values["scores_file"], values["json_file"]):
        if target and target != "-":
            files.refuse_existing(Path(target), values["overwrite"])  # before the fit, which may take its time
    parsed = read_model(model)
    with naming(model):
        fit, notes, given = _fit(parsed, data, options, values)
    if values["strict"] and not fit.proper:
        raise NotEstimable(Problem(f"{model}: the solution is improper. " + " ".join(n.text for n in fit.notes)))
    _write(fit, notes, given, values, write_json)
    return 0 if fit.converged else 4


def _refuse_idle(context: click.Context) -> None:
    """Refuses options that would change nothing, or that undo one another: whoever gave them expects that they do."""
    from click.core import ParameterSource

    from mce_utaut.errors import UsageError

    named = {parameter.name: parameter.opts[0] for parameter in context.command.params}
    for name, needed in _IDLE_WITHOUT:
        given = context.get_parameter_source(name) is ParameterSource.COMMANDLINE
        if given and not context.params[needed]:
            raise UsageError(f"{named[name]} does nothing without {named[needed]}. Give both, or leave it out.")
    scores, numbers = (context.params[name] for name in ("scores_file", "json_file"))
    if scores and numbers and Path(scores).resolve() == Path(numbers).resolve():
        raise UsageError("--scores and --json name one file, which can hold one of the two. Name another file.")


def _fit(parsed: Any, data: str | None, options: Any, values: dict[str, Any]):
    from mce_utaut.cli.data_columns import read_columns
    from mce_utaut.errors import UsageError
    from mce_utaut.sem.fit import fit_model
    from mce_utaut.sem.variables import classify

    if (data is None) == (not values["sample_cov"]):
        raise UsageError("Give either a DATA file or --sample-cov with --n.")
    names = classify(parsed.terms).observed
    if data is None:
        statistics = _sample_statistics(values)
        return fit_model(parsed, statistics, options), _correlation_notes(statistics), statistics
    words = [name for name in (options.group, options.cluster) if name]
    columns, notes = read_columns(data, names, words, values)
    return fit_model(parsed, columns, options), notes, columns


def _correlation_notes(statistics: list[Any]) -> tuple[Any, ...]:
    """The caution where what was given are correlations."""
    from mce_utaut.notes import Note

    if not all(abs(variance - 1) < 1e-6 for each in statistics for variance in each.unbiased_covariance.diagonal()):
        return ()
    text = (
        "All variances are 1, as those of correlations. Standard errors, and the fit of models that fix or equate "
        "loadings or variances, need covariances (Cudeck, 1989)."
    )
    return (Note("correlations_given", text, "caution"),)


def _sample_statistics(values: dict[str, Any]) -> list[Any]:
    """The moments of every group, in the order of the files, which name the groups."""
    from mce_utaut import files
    from mce_utaut.cli.covariance_file import read_covariance, read_means
    from mce_utaut.errors import UsageError
    from mce_utaut.sem.moments import moments_from_statistics

    covariances, means, sizes = values["sample_cov"], values["sample_mean"], values["sample_n"]
    if len(sizes) != len(covariances):
        raise UsageError("--sample-cov needs --n, the number of cases, once for each file.")
    if means and len(means) != len(covariances):
        raise UsageError("Give --sample-mean once for each --sample-cov, or not at all.")
    if values["group"]:
        raise UsageError("--group names a column of DATA. Covariance matrices are groups by themselves, one a file.")
    out = []
    for at, path in enumerate(covariances):
        names, covariance = read_covariance(files.read(path).content, path)
        mean = read_means(files.read(means[at]).content, means[at], names) if means else None
        label = Path(path).stem if len(covariances) > 1 else ""
        out.append(moments_from_statistics(names, covariance, sizes[at], mean, label))
    return out


def _write(fit: Any, notes: Any, given: Any, values: dict[str, Any], write_json: Any) -> None:
    import json
    from dataclasses import asdict

    from mce_utaut.cli.sem_extras import extras_form, extras_text
    from mce_utaut.cli.sem_follow_up import follow_up_form, follow_up_text, scores_csv
    from mce_utaut.cli.sem_text import fit_text
    from mce_utaut.sem.as_json import fit_to_json

    form = fit_to_json(fit)
    form["notes"] = [*map(asdict, notes), *form["notes"]]
    if values["modindices"]:
        from mce_utaut.sem.modification import modification_indices, modification_json

        form["modification_indices"] = modification_json(modification_indices(fit))
    asked, extras = follow_up_form(fit, values), extras_form(fit, given, values)
    form |= asked | extras
    scores = scores_csv(fit, values["score_method"]) if values["scores_file"] else None
    target = values["json_file"]
    out = sys.stderr if target == "-" else sys.stdout
    more = [*follow_up_text(asked, form["groups"]), *extras_text(extras, form["groups"])]
    print("\n".join([fit_text(form), *more]), file=out)
    if scores is not None:
        from mce_utaut import files

        files.write(values["scores_file"], scores, overwrite=values["overwrite"])
    if target:
        write_json(json.dumps(form, indent=1, ensure_ascii=False, allow_nan=False), target, values["overwrite"])
