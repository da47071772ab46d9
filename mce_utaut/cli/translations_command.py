"""``translations``: texts out to translators and back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click


@click.group("translations")
def command() -> None:
    """Hand the texts of a questionnaire to translators as a workbook or PO file, and read their work back.

    The QUESTIONNAIRE "report" is the program's own text: of the report, of the page and of the printed questionnaire.
    """


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

    if questionnaire == translations.own_sentences.ID:
        name = questionnaire
        content = translations.write(translations.own_sentences.collect(*_own_texts(language), language), form)
    else:
        path = questionnaires.structure_path(questionnaire)
        name = path.stem
        structure, wordings = questionnaires.read_files(path)
        content = translations.export(structure, wordings, language, form)
    target = Path(out) if out else Path("outputs") / "translations" / f"{name}.{language}.{form}"
    files.write(target, content, overwrite=overwrite)
    print(target)
    return 0


@command.command("read")
@click.argument("file")
@click.argument("questionnaire")
@click.option("--out", default=None, help="File to write (default: the wording file; for the report: a folder).")
@click.option("--overwrite", is_flag=True, help="Replace the file if it exists.")
@click.option("--dry-run", is_flag=True, help="Only tell what would change.")
def read(file: str, questionnaire: str, out: str | None, overwrite: bool, dry_run: bool) -> int:
    """Read a translator's FILE into the wording of QUESTIONNAIRE, and tell what changed and what is open.

    Texts that were not touched stay as they are, comments and states included.
    """
    from mce_utaut import files, translations
    from mce_utaut.cli import questionnaire as questionnaires

    read_file = files.read(file)
    given = translations.parse(read_file.content, read_file.name)
    if questionnaire == translations.own_sentences.ID:
        return _read_own(given, out, overwrite, dry_run)
    path = questionnaires.structure_path(questionnaire)
    structure, wordings = questionnaires.read_files(path)
    merged = translations.merge(structure, wordings, given)
    _tell(merged)
    if dry_run or not merged.changed:
        print("nothing was written")
        return 0
    target = Path(out) if out else path.with_name(f"{path.stem}.{merged.language}{path.suffix}")
    files.write(target, merged.text.encode(), overwrite=overwrite)
    print(target)
    if merged.missing:
        print(f"note: until nothing is missing, `check` refuses {target.name} beside the questionnaire.")
    return 0


def _read_own(given: Any, out: str | None, overwrite: bool, dry_run: bool) -> int:
    """Reads a translation of the report's own text into the files of its language."""
    from mce_utaut import files
    from mce_utaut.shipped import OWN_TEXTS, own_texts
    from mce_utaut.translations import own_sentences

    merged, texts = own_sentences.merge(*_own_texts(given.language), given)
    _tell(merged)
    if dry_run or not texts:
        print("nothing was written")
        return 0
    for part, text in texts.items():
        name = f"{merged.language}.yaml"
        target = (Path(out) / OWN_TEXTS[part] if out else own_texts(part)) / name
        files.write(target, text.encode(), overwrite=overwrite)
        print(target)
    if any(key.startswith(("report/", "study/")) for key in merged.missing):
        print(f"note: until nothing of report and study is missing, no report is written in {merged.language}.")
    return 0


def _own_texts(language: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The English files of the program's own text and those of ``language``, by part."""
    from mce_utaut import files
    from mce_utaut.instrument.reading import decode_yaml
    from mce_utaut.shipped import OWN_TEXTS, own_texts

    found: tuple[dict[str, Any], dict[str, Any]] = ({}, {})
    for part in OWN_TEXTS:
        for texts, code in zip(found, ("en", language), strict=True):
            path = own_texts(part) / f"{code}.yaml"
            if path.is_file():
                texts[part] = decode_yaml(str(path), files.read(path).content)
    return found


def _tell(merged: Any) -> None:
    """Prints what changed and what is open."""
    for note in merged.notes:
        print(f"{note.where}: {note.text}")
    for word, keys in (("changed", merged.changed), ("missing", merged.missing), ("stale", merged.stale)):
        shown = ", ".join(keys[:12]) + (", …" if len(keys) > 12 else "")
        print(f"{word}: {len(keys)}" + (f" ({shown})" if keys else ""))
