"""``fit``: a whole study, from response files to report, JSON and tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mce_utaut.cli.reading_options import reading_options

if TYPE_CHECKING:
    from mce_utaut.cli.study_inputs import StudyOnDisk
    from mce_utaut.study.result import StudyResult


@click.command("fit")
@click.argument("inputs", nargs=-1, type=click.Path())
@click.option("--questionnaire", default=None, help="With response files: the questionnaire (.yaml or shipped id).")
@click.option("--model", default=None, help="A shipped model's name or a .lav file, in place of the study's.")
@click.option("--out", default=None, help="Folder to write (default: outputs/STUDY).")
@click.option("--overwrite", is_flag=True, help="Replace that folder as a whole if it exists.")
@click.option("--engine", type=click.Choice(["semopy", "native"]), default=None, help="In place of the study's.")
@click.option("--estimator", type=click.Choice(["ML", "MLR", "WLSMV"]), default=None, help="In place of the study's.")
@click.option("--missing", type=click.Choice(["listwise", "fiml"]), default=None, help="In place of the study's.")
@click.option(
    "--language", default=None, help="Of the report, in place of the study's."
)
@click.option("--title", default=None, help="Title of the report, in place of the study's.")
@click.option("--run-date", default=None, metavar="YYYY-MM-DD", help="Printed in the report; without it, no date is.")
@click.option("--strict", is_flag=True, help="A fit that is improper or does not converge is an error.")
@click.option("--release-data", is_flag=True, help="Also write items.csv: the answers that model.R can re-fit.")
@click.option("--quiet", is_flag=True, help="No progress.")
@reading_options
def command(
    inputs: tuple[str, ...],
    questionnaire: str | None,
    model: str | None,
    out: str | None,
    overwrite: bool,
    run_date: str | None,
    strict: bool,
    release_data: bool,
    quiet: bool,
    **values: Any,
) -> int:
    """Run a study and write report.html, report.docx, study.json, model.R and tables/.

    INPUTS is a study file (study.yaml, or its folder), or files of responses (of a survey tool, or what
    `import` wrote) with --questionnaire; without it the shipped study is run. The options from --tool on
    tell how files of responses are read; a study file says that itself.
    """
    from dataclasses import replace

    from mce_utaut import files
    from mce_utaut.cli.progress import progress
    from mce_utaut.cli.study_inputs import computed

    check_run_date(run_date)
    study = _chosen(inputs, questionnaire, values)
    _refuse_reading(values, questionnaire)
    study = replace(study, config=replace(study.config, **_changes(values, model)))
    folder = folder_for(out, study.config.id, overwrite)
    with progress(quiet) as tell:
        released = _released(study.config, study.files) if release_data else {}
        result = computed(study, run_date, tell)
        tell("drawing the report", 1, 1)
        written = {**outputs_of(result), **released}
    files.write_folder(folder, written, overwrite=overwrite)
    return _conclude(result, folder, strict, release_data)


def _chosen(inputs: tuple[str, ...], questionnaire: str | None, values: dict[str, Any]) -> StudyOnDisk:
    from mce_utaut.cli.study_inputs import data_alone, open_study
    from mce_utaut.errors import UsageError

    if questionnaire:
        if not inputs:
            raise UsageError("--questionnaire needs files of responses.")
        return data_alone(inputs, questionnaire, values["language"], values)
    if len(inputs) > 1 or (inputs and not inputs[0].endswith((".yaml", ".yml")) and not Path(inputs[0]).is_dir()):
        raise UsageError(
            "Give one study file (.yaml), or files of responses with --questionnaire (for example mce_student)."
        )
    return open_study(inputs[0] if inputs else None)


def _changes(values: dict[str, Any], model: str | None) -> dict[str, Any]:
    """The decisions that options put in place of the study's."""
    from mce_utaut.cli.study_inputs import model_choice

    chosen = dict(values)
    if chosen["engine"] == "semopy":  # fits complete data by ML only
        chosen["estimator"] = chosen["estimator"] or "ML"
    if (chosen["engine"] == "semopy" or chosen["estimator"] == "WLSMV") and not chosen["missing"]:
        chosen["missing"] = "listwise"
    changes = {key: chosen[key] for key in ("engine", "estimator", "missing", "language", "title") if chosen[key]}
    titles = {"titles": {}} if chosen["title"] else {}
    return {**changes, **titles, **model_choice(model)}


def _refuse_reading(values: dict[str, Any], questionnaire: str | None) -> None:
    """A study file says how its files are read; options that would be ignored are refused."""
    from mce_utaut.errors import UsageError

    names = {"column_map": "columns", "renames": "rename"}
    reading = ("tool", "column_map", "hei", "wave", "pilot", "renames", "absent", "delimiter", "encoding")
    given = [f"--{names.get(name, name)}" for name in reading if values[name]]
    if given and not questionnaire:
        raise UsageError(f"{', '.join(given)} goes with --questionnaire; a study file says it under responses.")


def folder_for(out: str | None, name: str, overwrite: bool) -> Path:
    """The folder to write, ``out`` or ``outputs/name``. Raises ``FileProblem`` where it exists and may not be
    replaced: before the work, not after it."""
    from mce_utaut import files
    from mce_utaut.errors import FileProblem, Problem

    folder = Path(out) if out else Path("outputs") / name
    if folder.exists() and not overwrite and not files.is_empty(folder):
        raise FileProblem(Problem("exists already.", "Either add --overwrite or choose another --out.", str(folder)))
    return folder


def check_run_date(run_date: str | None) -> None:
    """Raises ``UsageError`` where it is no date."""
    from datetime import date

    from mce_utaut.errors import UsageError

    try:
        known = run_date is None or (len(run_date) == 10 and date.fromisoformat(run_date))
    except ValueError:
        known = False
    if not known:
        raise UsageError(f"--run-date {run_date} is not a date; write it as 2026-11-23.")


def outputs_of(result: StudyResult) -> dict[str, bytes]:
    """Every file of a study's output folder by its name."""
    from mce_utaut.report import report_files
    from mce_utaut.study.json_form import to_json
    from mce_utaut.study.tables import tables

    written = {**report_files(result), "study.json": to_json(result)}
    written.update({f"tables/{name}": content for name, content in tables(result).items()})
    return written


def _released(config, on_disk) -> dict[str, bytes]:
    """The answers that may go out, or a refusal before anything is computed."""
    from mce_utaut.study.inputs import gather
    from mce_utaut.study.release import released_items

    return {"items.csv": released_items(gather(config, on_disk))}


def _conclude(result: StudyResult, folder: Path, strict: bool, released: bool) -> int:
    from mce_utaut.study.closing_lines import closing_lines, troubles

    for line in closing_lines(result, released, str(folder / "report.html")):
        print(line)
    return 4 if strict and troubles(result) else 0
