"""``fit``: a whole study, from response files to report, JSON and tables."""

from __future__ import annotations

import re
from pathlib import Path

import click


@click.command("fit")
@click.argument("inputs", nargs=-1, type=click.Path())
@click.option("--questionnaire", default=None, help="With response files: the questionnaire (.yaml or shipped id).")
@click.option("--model", default=None, help="A shipped model's name or a .lav file, in place of the study's.")
@click.option("--out", default=None, help="Folder to write (default: outputs/STUDY).")
@click.option("--overwrite", is_flag=True, help="Replace that folder as a whole if it exists.")
@click.option("--engine", type=click.Choice(["semopy", "native"]), default=None, help="In place of the study's.")
@click.option("--language", default=None, help="Language of the report (en or it), in place of the study's.")
@click.option("--run-date", default=None, metavar="YYYY-MM-DD", help="Printed in the report; without it, no date is.")
@click.option("--strict", is_flag=True, help="A fit that is improper or does not converge is an error.")
@click.option("--quiet", is_flag=True, help="No progress.")
def command(
    inputs: tuple[str, ...],
    questionnaire: str | None,
    model: str | None,
    out: str | None,
    overwrite: bool,
    engine: str | None,
    language: str | None,
    run_date: str | None,
    strict: bool,
    quiet: bool,
) -> int:
    """Run a study and write report.html, study.json and tables/.

    INPUTS is a study file (study.yaml, or its folder), or files of responses with --questionnaire; without
    it the shipped study is run.
    """
    from dataclasses import replace

    from mce_utaut import files
    from mce_utaut.cli.progress import progress
    from mce_utaut.cli.study_inputs import data_alone, open_study, versions
    from mce_utaut.errors import FileProblem, Problem, UsageError
    from mce_utaut.study.json_form import to_json
    from mce_utaut.study.run import run_study
    from mce_utaut.study.tables import tables

    if run_date is not None and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", run_date):
        raise UsageError(f"--run-date {run_date} is not a date; write it as 2026-11-23.")
    if questionnaire:
        if not inputs:
            raise UsageError("--questionnaire needs files of responses.")
        study = data_alone(inputs, questionnaire, model, language)
    elif len(inputs) > 1 or (inputs and not inputs[0].endswith((".yaml", ".yml")) and not Path(inputs[0]).is_dir()):
        raise UsageError(
            "Give one study file (.yaml), or files of responses with --questionnaire (for example mce_student)."
        )
    else:
        study = open_study(inputs[0] if inputs else None)
    changes = {"engine": engine, "language": language}
    if model and not questionnaire:
        changes["model"] = str(Path(model).resolve()) if model.endswith(".lav") else model
    config = replace(study.config, **{key: value for key, value in changes.items() if value})
    folder = Path(out) if out else Path("outputs") / config.id
    if folder.exists() and not overwrite:
        raise FileProblem(Problem("exists already.", "Either add --overwrite or choose another --out.", str(folder)))
    with progress(quiet) as report:
        result = run_study(
            config,
            study.files,
            versions=versions(),
            run_date=run_date,
            study_file=study.study_file,
            progress=report,
        )
        report("drawing the report", 1, 1)
        written = _outputs(result, to_json, tables)
    files.write_folder(folder, written, overwrite=overwrite)
    return _conclude(result, folder, strict)


def _outputs(result, to_json, tables) -> dict[str, bytes]:
    from mce_utaut.report import render_report

    written = {"report.html": render_report(result), "study.json": to_json(result)}
    written.update({f"tables/{name}": content for name, content in tables(result).items()})
    return written


def _conclude(result, folder: Path, strict: bool) -> int:
    troubled = []
    for role in result.roles:
        print(f"{role.title}: n = {role.n}. " + " ".join(role.headline))
        for fitted in role.models:
            if fitted.analysis != "primary" or fitted.fit is None:
                continue
            if not (fitted.fit["converged"] and fitted.fit["proper"]):
                troubled.append(f"{role.title}, {fitted.name} ({fitted.variant}): improper or not converged.")
    for text in troubled:
        print(f"note: {text}")
    print(f"Report: {folder / 'report.html'}")
    return 4 if strict and troubled else 0
