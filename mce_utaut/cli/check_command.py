"""``check``: every problem of questionnaires at once."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command("check")
@click.argument("questionnaires", nargs=-1, type=click.Path())
@click.option("--require-approved", is_flag=True, help="Wording that is not approved is a problem.")
def command(questionnaires: tuple[str, ...], require_approved: bool) -> int:
    """Name every problem of QUESTIONNAIRES (structure files or folders; default: the shipped ones).

    Wording files beside a structure file are checked with it; several questionnaires are also checked
    against each other, as the roles of one study.
    """
    from mce_utaut.cli import questionnaire
    from mce_utaut.instrument.together import check_together
    from mce_utaut.shipped import shipped

    paths: list[Path] = []
    for name in questionnaires or (str(shipped("instruments")),):
        folder = Path(name)
        paths += questionnaire.structure_paths(folder) if folder.is_dir() else [questionnaire.structure_path(name)]
    if not paths:
        print("No questionnaire found: a structure file is a .yaml without a language in its name.", file=sys.stderr)
        return 1
    problems: list[str] = []
    instruments = []
    for path in paths:
        report = questionnaire.check(path)
        problems += [str(problem) for problem in report.problems]
        for note in report.warnings:
            print(f"warning: {note.where + ': ' if note.where else ''}{note.text}")
        if report.instrument is not None:
            instruments.append(report.instrument)
            problems += _unapproved(report.instrument) if require_approved else []
            print(_summary(path, report.instrument))
    if len(instruments) > 1:
        together = check_together(instruments)
        problems += [str(problem) for problem in together.problems]
        for note in together.warnings:
            print(f"warning: {note.text}")
    if problems:
        print(f"{len(problems)} problem{'s' if len(problems) > 1 else ''}:", file=sys.stderr)
        print("\n".join(problems), file=sys.stderr)
        return 1
    return 0


def _summary(path: Path, instrument) -> str:
    items = sum(1 for _ in instrument.items())
    drafts = [
        language
        for language, wording in instrument.wordings.items()
        if any(text.status not in ("source", "approved") for text in wording.strings.values())
    ]
    text = f"{path}: in order ({items} items, languages {', '.join(instrument.languages)}"
    return text + (f"; not yet approved: {', '.join(sorted(drafts))})" if drafts else ")")


def _unapproved(instrument) -> list[str]:
    return [
        f"{instrument.id}: {len(keys)} strings in {language!r} are not approved, the first is {keys[0]}. "
        "Have them reviewed and set their status, or leave --require-approved out."
        for language, wording in instrument.wordings.items()
        if (keys := wording.unapproved())
    ]
