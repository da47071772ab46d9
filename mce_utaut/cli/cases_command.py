"""``cases``: the counts and tables of a case collection."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("cases")
@click.argument("answers", nargs=-1, required=True, type=click.Path())
@click.option("--tool", default=None, help="What wrote the files, where it is not seen from their content.")
@click.option("--column-map", default=None, metavar="FILE", help="The ….columns.json of the export.")
@click.option("--out", default=None, help="Also write the tables as CSV, and this text, to this folder.")
@click.option("--overwrite", is_flag=True, help="Replace the folder if it exists.")
def command(
    answers: tuple[str, ...], tool: str | None, column_map: str | None, out: str | None, overwrite: bool
) -> int:
    """Count what the case-collection template (mce_case) tells. ANSWERS are files of any survey tool.

    Origin, level, schedule, supervision, accreditation, stackability and so on, means, histograms, and how
    completely each case gives the standard elements of a micro-credential.
    """
    from mce_utaut import files
    from mce_utaut.cases.analysis import analyse
    from mce_utaut.cases.tables import tables
    from mce_utaut.cases.template import QUESTIONNAIRE
    from mce_utaut.cases.text import results_text
    from mce_utaut.cli.template_answers import read_records

    instrument, records, lines = read_records(QUESTIONNAIRE, answers, {"tool": tool, "column_map": column_map})
    results = analyse(instrument, records)
    text = results_text(results)
    print("\n".join([*lines, "", text]))
    if out:
        written = {"cases.txt": f"{text}\n".encode(), **tables(results)}
        files.write_folder(Path(out), written, overwrite=overwrite)
        print(f"Tables: {out}")
    return 0
