"""``schema``: the JSON Schemas for editors."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("schema")
@click.option("--out", default="schema", show_default=True, help="Folder to write.")
@click.option("--overwrite", is_flag=True, help="Replace the folder if it exists.")
def command(out: str, overwrite: bool) -> int:
    """Write the JSON Schemas that let editors complete and check questionnaires."""
    from mce_utaut import files
    from mce_utaut.instrument.schema import schema_files

    written = schema_files()
    files.write_folder(Path(out), written, overwrite=overwrite)
    for name in sorted(written):
        print(Path(out) / name)
    return 0
