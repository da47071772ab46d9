"""``init``: a folder to start a study in."""

from __future__ import annotations

import glob
import re
from collections.abc import Sequence
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
@click.option("--questionnaire", "own", multiple=True, metavar="FILE", help="Of your own (.yaml), in place of the "
              "shipped ones; may be repeated, one a role.")
@click.option("--model", default=None, metavar="FILE", help="Of your own (.lav), with its hypotheses beside it.")
@click.option("--overwrite", is_flag=True, help="Replace FOLDER as a whole if it exists.")
def command(folder: str, roles: tuple[str, ...], own: tuple[str, ...], model: str | None, overwrite: bool) -> int:
    """Write FOLDER with a commented study.yaml, the questionnaires, and a place for the answers."""
    from mce_utaut import files
    from mce_utaut.errors import FileProblem, Problem, UsageError
    from mce_utaut.study.template import DEFAULT_MODEL, study_template

    name = Path(folder).name
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", name):
        raise UsageError(
            f"{name!r} cannot name a study; use letters, digits, _ and -, starting with a letter or digit."
        )
    if Path(folder).exists() and not overwrite and not files.is_empty(Path(folder)):
        raise FileProblem(Problem("exists already.", "Either add --overwrite or name another folder.", folder))
    if roles and own:
        raise UsageError("--role chooses among the shipped questionnaires: leave it out with --questionnaire.")
    written, instruments = _questionnaires([Path(path) for path in own] or _shipped(roles))
    answers = {role: f"responses/{role}s.csv" for role in instruments}
    named_model = DEFAULT_MODEL
    if model is not None:
        written |= _model(Path(model))
        named_model = Path(model).name
    written["study.yaml"] = study_template(name, instruments, answers, named_model).encode("utf-8")
    written[".gitignore"] = GITIGNORE
    named = ", ".join(Path(path).name for path in answers.values())
    written["responses/README.md"] = README.format(files=named).encode("utf-8")
    files.write_folder(folder, written, overwrite=overwrite)
    print(f"Study: {Path(folder) / 'study.yaml'}. Answers go to {Path(folder) / 'responses'}.")
    copies = ", ".join(str(Path(folder) / path) for path in instruments.values())
    print(f"The study's own copy of the questionnaire, to be changed, exported and imported: {copies}.")
    print("Next: export it, decide what stands in study.yaml, and preregister the study.")
    return 0


def _shipped(roles: tuple[str, ...]) -> list[Path]:
    """The structure files of the shipped questionnaires for ``roles`` (none: all)."""
    from mce_utaut.shipped import shipped

    return [shipped("instruments") / f"mce_{role}.yaml" for role in ROLES if role in roles or not roles]


def _questionnaires(sources: Sequence[Path]) -> tuple[dict[str, bytes], dict[str, str]]:
    """The files of the questionnaires, with all wordings, and the path of each by its role. Raises ``UsageError`` for
    two of one role, and what is raised for a questionnaire that is not in order."""
    from mce_utaut import files
    from mce_utaut.cli import questionnaire as questionnaires
    from mce_utaut.errors import UsageError

    written: dict[str, bytes] = {}
    found: dict[str, str] = {}
    for path in sources:
        role = questionnaires.load(str(path)).role
        if role in found:
            raise UsageError(f"{path}: another questionnaire is for the role {role!r} too; a study has one for each.")
        found[role] = f"instruments/{path.name}"
        for each in questionnaires.paths_of(path):
            written[f"instruments/{each.name}"] = files.read(each).content
    return written, found


def _model(path: Path) -> dict[str, bytes]:
    """The model file, and its hypotheses and versions for roles where they stand beside it. Raises ``UsageError`` where
    it is no ``.lav``."""
    from mce_utaut import files
    from mce_utaut.errors import UsageError

    if path.suffix != ".lav":
        raise UsageError(f"--model {path}: name a file that ends in .lav.")
    stem = glob.escape(path.stem)
    beside = sorted([*path.parent.glob(f"{stem}.*.lav"), *path.parent.glob(f"{stem}.hypotheses.yaml")])
    return {each.name: files.read(each).content for each in [path, *beside]}
