"""``preview``: a questionnaire as a page to look at in the browser."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("preview")
@click.argument("questionnaires", nargs=-1, required=True)
@click.option("--language", default=None, help="Language to show first (default: the source language).")
@click.option("--codes", is_flag=True, help="Show item and answer codes from the start.")
@click.option("--out", default=None, help="File to write (default: outputs/preview/QUESTIONNAIRE.html).")
@click.option("--overwrite", is_flag=True, help="Replace the file if it exists.")
def command(
    questionnaires: tuple[str, ...], language: str | None, codes: bool, out: str | None, overwrite: bool
) -> int:
    """Write a page that shows each of QUESTIONNAIRES as respondents would see it, in all its languages.

    The page needs no network and keeps no answers. Codes, conditions and the state of the wording can be
    shown or hidden on it.
    """
    from mce_utaut import files
    from mce_utaut.cli import questionnaire
    from mce_utaut.errors import UsageError
    from mce_utaut.preview import preview

    if out is not None and len(questionnaires) > 1:
        raise UsageError("--out names one file, but several questionnaires were given; leave --out away.")
    pages = {}
    for name in questionnaires:
        instrument = questionnaire.load(name)
        path = Path(out) if out else Path("outputs") / "preview" / f"{instrument.id}.html"
        pages[path] = preview(instrument, language, codes=codes)
    for path, content in pages.items():
        files.write(path, content, overwrite=overwrite)
        print(path)
    return 0
