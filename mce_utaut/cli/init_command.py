"""``init``: a folder to start a study in."""

from __future__ import annotations

import re
from pathlib import Path

import click

ROLES = ("student", "professor", "manager")
README = """# Put the answers here

One file per role, as your survey tool exports it: {files}. Either give them these names, or write the names of your
files into study.yaml, under `responses`. The column map (`.columns.json`) that `export` wrote may stand beside them.
"""

GITIGNORE = b"""# The key of the study's pseudonyms is a secret, and answers are of persons.
study.key
responses/*
!responses/README.md
"""


@click.command("init")
@click.argument("folder", type=click.Path())
@click.option("--role", "roles", multiple=True, type=click.Choice(ROLES), help="May be repeated; default: all three.")
@click.option("--overwrite", is_flag=True, help="Replace FOLDER as a whole if it exists.")
def command(folder: str, roles: tuple[str, ...], overwrite: bool) -> int:
    """Write FOLDER with a commented study.yaml, the questionnaires, and a place for the answers."""
    from mce_utaut import files
    from mce_utaut.errors import FileProblem, Problem, UsageError
    from mce_utaut.shipped import shipped
    from mce_utaut.study.template import study_template

    name = Path(folder).name
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", name):
        raise UsageError(
            f"{name!r} cannot name a study; use letters, digits, _ and -, starting with a letter or digit."
        )
    if Path(folder).exists() and not overwrite and not files.is_empty(Path(folder)):
        raise FileProblem(Problem("exists already.", "Either add --overwrite or name another folder.", folder))
    chosen = [role for role in ROLES if role in roles] or list(ROLES)
    written: dict[str, bytes] = {}
    for role in chosen:
        for path in sorted(shipped("instruments").glob(f"mce_{role}*.yaml")):
            written[f"instruments/{path.name}"] = files.read(path).content
    answers = {role: f"responses/{role}s.csv" for role in chosen}
    instruments = {role: f"instruments/mce_{role}.yaml" for role in chosen}
    written["study.yaml"] = study_template(name, instruments, answers).encode("utf-8")
    written[".gitignore"] = GITIGNORE
    named = ", ".join(Path(path).name for path in answers.values())
    written["responses/README.md"] = README.format(files=named).encode("utf-8")
    files.write_folder(folder, written, overwrite=overwrite)
    print(f"Study: {Path(folder) / 'study.yaml'}. Answers go to {Path(folder) / 'responses'}.")
    print("Next: export the questionnaires, decide what stands in study.yaml, and preregister it.")
    return 0
