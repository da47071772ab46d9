"""The options that ``sem``, ``invariance`` and ``moderation`` share, and the model that they read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from mce_utaut.sem.options import FitOptions
    from mce_utaut.sem.syntax import ModelSyntax

_ESTIMATION = (
    click.option(
        "--estimator",
        default=None,
        help="ML (default; of moderation MLR), MLR, MLM, MLMV, MLMVS, MLF, GLS, ULS, ULSM, ULSMV; "
        "with --ordered: WLSMV (default), WLSM, WLSMVS, DWLS, WLS, ULSMV, ULSM, ULSMVS, ULS.",
    ),
    click.option(
        "--missing",
        type=click.Choice(["listwise", "fiml", "pairwise"]),
        default="listwise",
        show_default=True,
        help="What happens to incomplete rows; pairwise is for --ordered.",
    ),
    click.option("--ordered", default=None, metavar="all|A,B", help="Ordinal variables (polychoric correlations)."),
    click.option("--cluster", default=None, metavar="COLUMN", help="Cluster-robust standard errors and test."),
    click.option(
        "--reference",
        type=click.Choice(["z", "t"]),
        default="z",
        show_default=True,
        help="With --cluster: p-values and intervals from z (lavaan's), or from t with clusters less one df.",
    ),
    click.option(
        "--information",
        type=click.Choice(["expected", "observed", "first.order"]),
        default=None,
        help="What standard errors and scaled tests rest on. Default: the estimator's.",
    ),
    click.option("--se", default=None, help="none, standard, robust, robust.sem, robust.huber.white, first.order."),
    click.option(
        "--test",
        default=None,
        help="standard, satorra.bentler, yuan.bentler.mplus, mean.var.adjusted, scaled.shifted.",
    ),
    click.option("--std-lv", is_flag=True, help="Fix the variances of latent variables, not a loading."),
    click.option(
        "--parameterization",
        type=click.Choice(["delta", "theta"]),
        default="delta",
        show_default=True,
        help="With --ordered: which is 1, the variance of a latent response or its residual's.",
    ),
    click.option(
        "--meanstructure/--no-meanstructure", default=None, help="Model the means too, or not (lavaan's rule)."
    ),
    click.option(
        "--likelihood",
        type=click.Choice(["normal", "wishart"]),
        default="normal",
        show_default=True,
        help="Covariances of ML with divisor n, or n - 1.",
    ),
    click.option("--group-partial", default=None, metavar='"F=~A, B~1"', help="Parameters left free in each group."),
)
_FILES = (
    click.option(
        "--na", "na", multiple=True, metavar="99,-9", help="Codes in DATA that stand for a missing answer (repeatable)."
    ),
    click.option(
        "--analysed", is_flag=True, help="Of a file of import: only the rows that `fit` analyses by its default rules."
    ),
    click.option("--delimiter", default=None, help="Of the data file, where it is not seen."),
    click.option("--encoding", default=None, help="Of the data file, where it is not UTF-8."),
    click.option("--json", "json_file", default=None, metavar="FILE", help="Write all numbers as JSON (- for stdout)."),
    click.option("--overwrite", is_flag=True, help="Replace the JSON file if it exists."),
)


def estimation_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """``function`` with the options of an estimation."""
    for option in reversed(_ESTIMATION):
        function = option(function)
    return function


def file_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """``function`` with the options of reading the data and of writing the result."""
    for option in reversed(_FILES):
        function = option(function)
    return function


def split_list(text: str | None) -> tuple[str, ...]:
    """The comma-separated words of an option."""
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())


def options_of(values: Mapping[str, Any], **more: Any) -> FitOptions:
    """``FitOptions`` from the option values of a command."""
    from mce_utaut.sem.options import FitOptions

    return FitOptions(
        estimator=values["estimator"].upper() if values["estimator"] else "default",
        missing=values["missing"],
        se=values["se"] or "default",
        test=values["test"] or "default",
        information=values["information"] or "default",
        likelihood=values["likelihood"],
        meanstructure=values["meanstructure"],
        std_lv=values["std_lv"],
        ordered=split_list(values["ordered"]),
        cluster=values["cluster"],
        reference=values["reference"],
        parameterization=values["parameterization"],
        group_partial=split_list(values["group_partial"]),
        **more,
    )


def read_model(path: str) -> ModelSyntax:
    """The model of a file. Raises ``FileProblem`` where it is not UTF-8 text, ``SyntaxProblem`` with every
    place of the file that cannot be read."""
    from mce_utaut.sem.syntax import parse_syntax

    text = _model_text(path)
    with naming(path):
        return parse_syntax(text)


@contextmanager
def naming(path: str) -> Iterator[None]:
    """Within it, what is wrong in the text of a model is told with the file it stands in."""
    from dataclasses import replace

    from mce_utaut.errors import SyntaxProblem

    try:
        yield
    except SyntaxProblem as mistake:
        raise SyntaxProblem([replace(problem, file=path) for problem in mistake.problems]) from None


def _model_text(path: str) -> str:
    from mce_utaut import files
    from mce_utaut.errors import FileProblem, Problem

    file = files.read(path)
    try:
        return file.content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileProblem(
            Problem(
                "is not UTF-8 text, so it is no model file.", "Either save it as UTF-8 or name the .lav file.", path
            )
        ) from None


def write_json(text: str, target: str, overwrite: bool) -> None:
    """Writes JSON text to a file, or to stdout for ``-``."""
    if target == "-":
        click.echo(text)
        return
    from mce_utaut import files

    files.write(Path(target), (text + "\n").encode("utf-8"), overwrite=overwrite)
