"""``export``: a questionnaire for a survey tool."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("export")
@click.argument("questionnaire", required=False)
@click.argument("tool", required=False)
@click.option("--language", "languages", multiple=True, help="Only this language (repeat for more; default: all).")
@click.option("--out", default=None, help="Folder to write (default: outputs/export/QUESTIONNAIRE.TOOL).")
@click.option("--require-approved", is_flag=True, help="Refuse wording that is not approved.")
@click.option(
    "--survey-id", default=100001, show_default=True, help="Number for the new survey, where a tool wants one."
)
@click.option("--overwrite", is_flag=True, help="Replace the folder if it exists.")
def command(
    questionnaire: str | None,
    tool: str | None,
    languages: tuple[str, ...],
    out: str | None,
    require_approved: bool,
    survey_id: int,
    overwrite: bool,
) -> int:
    """Write QUESTIONNAIRE (a .yaml, or a shipped one such as mce_student) for TOOL.

    Without both it lists the tools. Beside the tool's files stands a column map (….columns.json): keep it, the
    import reads the answers with it.
    """
    from mce_utaut import files
    from mce_utaut.cli import questionnaire as questionnaires
    from mce_utaut.survey import registry
    from mce_utaut.survey.contract import ExportOptions

    if questionnaire is None or tool is None:
        print("Survey tools (python -m mce_utaut export QUESTIONNAIRE TOOL):")
        for name, module in registry.TOOLS.items():
            print(f"{name:<16}{module.TITLE}")
        return 0
    module = registry.tool(tool)
    instrument = questionnaires.load(questionnaire)
    chosen = tuple(part for language in languages for part in language.split(","))
    result = module.export(instrument, chosen, ExportOptions(require_approved=require_approved, survey_id=survey_id))
    folder = Path(out) if out else Path("outputs") / "export" / f"{instrument.id}.{module.ID}"
    files.write_folder(folder, result.files, overwrite=overwrite)
    if not Path(questionnaire).suffix:
        print("note: this is the shipped copy; a study that `init` began has its own, in its folder instruments:")
        print("      name that file to export the wording of the study.")
    for note in result.notes:
        print(f"note: {note.text}")
    for name in result.files:
        print(folder / name)
    return 0
