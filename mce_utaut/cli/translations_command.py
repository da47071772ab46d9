"""``translations``: texts out to translators and back."""

from __future__ import annotations

from pathlib import Path

import click


@click.group("translations")
def command() -> None:
    """Hand the texts of a questionnaire to translators as a workbook or PO file, and read their work back."""


@command.command("export")
@click.argument("questionnaire")
@click.option("--language", required=True, help="Language to translate into; it need not exist yet.")
@click.option("--format", "form", type=click.Choice(["xlsx", "po"]), default="xlsx", show_default=True)
@click.option("--out", default=None, help="File to write (default: in outputs/translations).")
@click.option("--overwrite", is_flag=True, help="Replace the file if it exists.")
def export(questionnaire: str, language: str, form: str, out: str | None, overwrite: bool) -> int:
    """Write the texts of QUESTIONNAIRE with their translation, its state and where each text stands."""
    from mce_utaut import files, translations
    from mce_utaut.cli import questionnaire as questionnaires

    path = questionnaires.structure_path(questionnaire)
    structure, wordings = questionnaires.read_files(path)
    content = translations.export(structure, wordings, language, form)
    target = Path(out) if out else Path("outputs") / "translations" / f"{path.stem}.{language}.{form}"
    files.write(target, content, overwrite=overwrite)
    print(target)
    return 0


@command.command("read")
@click.argument("file")
@click.argument("questionnaire")
@click.option("--out", default=None, help="File to write (default: the wording file of the language).")
@click.option("--overwrite", is_flag=True, help="Replace the file if it exists.")
@click.option("--dry-run", is_flag=True, help="Only tell what would change.")
def read(file: str, questionnaire: str, out: str | None, overwrite: bool, dry_run: bool) -> int:
    """Read a translator's FILE into the wording of QUESTIONNAIRE, and tell what changed and what is open.

    Texts that were not touched stay as they are, comments and states included.
    """
    from mce_utaut import files, translations
    from mce_utaut.cli import questionnaire as questionnaires

    path = questionnaires.structure_path(questionnaire)
    structure, wordings = questionnaires.read_files(path)
    given = files.read(file)
    merged = translations.merge(structure, wordings, translations.parse(given.content, given.name))
    for note in merged.notes:
        print(f"{note.where}: {note.text}")
    for word, keys in (("changed", merged.changed), ("missing", merged.missing), ("stale", merged.stale)):
        shown = ", ".join(keys[:12]) + (", …" if len(keys) > 12 else "")
        print(f"{word}: {len(keys)}" + (f" ({shown})" if keys else ""))
    if dry_run or not merged.changed:
        print("nothing was written")
        return 0
    target = Path(out) if out else path.with_name(f"{path.stem}.{merged.language}{path.suffix}")
    files.write(target, merged.text.encode(), overwrite=overwrite)
    print(target)
    if merged.missing:
        print(f"note: until nothing is missing, `check` refuses {target.name} beside the questionnaire.")
    return 0
