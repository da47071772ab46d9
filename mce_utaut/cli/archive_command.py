"""``archive``: responses as SPSS, Stata, DDI and a codebook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click


@click.command("archive")
@click.argument("questionnaire")
@click.argument("responses", nargs=-1, type=click.Path())
@click.option("--out", default=None, help="Folder to write (default: outputs/archive/QUESTIONNAIRE).")
@click.option("--language", default=None, help="Language of the labels in .sav and .dta (default: the source's).")
@click.option("--with-text", is_flag=True, help="Include free text (left out otherwise: it may name people).")
@click.option("--least", default=5, show_default=True, type=click.IntRange(1, 1000), help="Respondents who must share "
              "what others may know of them.")
@click.option("--hide-rare", is_flag=True, help="Blank what tells people apart, instead of refusing.")
@click.option("--leave-out", default="", metavar="A,B", help="Variables or questions that shall not be in the files.")
@click.option("--tool", default=None, help="What wrote the files, where it is not seen from their content.")
@click.option("--columns", "column_map", default=None, metavar="FILE", help="The ….columns.json of the export.")
@click.option("--overwrite", is_flag=True, help="Replace the folder if it exists.")
def command(questionnaire: str, responses: tuple[str, ...], **values: Any) -> int:
    """Write RESPONSES (imported ones, or files of a survey tool) to QUESTIONNAIRE for an archive.

    Writes .sav, .dta, ddi.xml and codebook.html; without RESPONSES the last two alone. Personal data never go
    into an archive. Where fewer than --least respondents share what others may know of them (university, pilot,
    language, demographic questions), nothing is written: see --hide-rare and --leave-out.
    """
    from mce_utaut import archive, files
    from mce_utaut.archive.statistical import timeless
    from mce_utaut.cli import import_command
    from mce_utaut.cli import questionnaire as questionnaires

    instrument = questionnaires.load(questionnaire)
    found = None
    if responses:
        reading = {"tool": values["tool"], "column_map": values["column_map"]}
        found = import_command.read(instrument, responses, reading)
    made = archive.build(
        instrument,
        found,
        language=values["language"],
        with_text=values["with_text"],
        least=values["least"],
        hide_rare=values["hide_rare"],
        leave_out=[name.strip() for name in values["leave_out"].split(",") if name.strip()],
    )
    contents = dict(made.files)
    for name, write in made.writers.items():
        contents[name] = timeless(files.written_by(write, Path(name).suffix))
    folder = Path(values["out"]) if values["out"] else Path("outputs") / "archive" / instrument.id
    files.write_folder(folder, contents, overwrite=values["overwrite"])
    for note in made.notes:
        print(f"note: {note.text}")
    for name in contents:
        print(folder / name)
    return 0
