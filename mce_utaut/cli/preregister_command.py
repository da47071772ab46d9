"""``preregister``: the plan of a study, written before there are answers."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("preregister")
@click.argument("study", required=False, type=click.Path())
@click.option("--out", default=None, help="Folder to write (default: outputs/STUDY-plan).")
@click.option("--overwrite", is_flag=True, help="Replace that folder as a whole if it exists.")
@click.option("--language", default=None, help="In place of the study's.")
def command(study: str | None, out: str | None, overwrite: bool, language: str | None) -> int:
    """Write the plan of STUDY (study.yaml or its folder) as plan.html and plan.docx.

    Hypotheses, models, measures, n, exclusions, estimation, rules of decision. Responses are not read; the plan
    says whether their files exist already. Without STUDY the shipped study is taken.
    """
    from dataclasses import replace

    from mce_utaut import files
    from mce_utaut.cli.study_inputs import open_study
    from mce_utaut.study.inputs import gather_plan
    from mce_utaut.study.plan import plan_study
    from mce_utaut.study.plan_documents import plan_docx, plan_html

    found = open_study(study)
    config = replace(found.config, language=language) if language else found.config
    plan = plan_study(gather_plan(config, found.files))
    folder = Path(out) if out else Path("outputs") / f"{config.id}-plan"
    written = {"plan.html": plan_html(plan), "plan.docx": plan_docx(plan)}
    if found.study_file is not None:
        written["study.yaml"] = found.study_file.content
    files.write_folder(folder, written, overwrite=overwrite)
    print(f"Plan: {folder / 'plan.html'} and {folder / 'plan.docx'}")
    return 0
