"""``schema``: the JSON Schemas for editors."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("schema")
@click.option("--out", default="schema", show_default=True, help="Folder to write.")
@click.option("--overwrite", is_flag=True, help="Replace the folder if it exists.")
def command(out: str, overwrite: bool) -> int:
    """Write the JSON Schemas that let editors complete and check questionnaires and study files."""
    import json

    from mce_utaut import files
    from mce_utaut.instrument.schema import schema_files
    from mce_utaut.study.study_file import study_schema

    study = json.dumps(study_schema(), indent=2, ensure_ascii=False) + "\n"
    written = {**schema_files(), "study.schema.json": study.encode("utf-8")}
    files.write_folder(Path(out), written, overwrite=overwrite)
    for name in sorted(written):
        print(Path(out) / name)
    return 0
