"""``score``: items, scales, reliability and validity of one role's responses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from mce_utaut.cli.reading_options import reading_options


@click.command("score")
@click.argument("questionnaire")
@click.argument("responses", nargs=-1, required=True, type=click.Path())
@click.option("--model", default=None, help="Measurement model (default: mce_intention).")
@reading_options
@click.option("--out", default=None, help="Also write the tables as CSV to this folder.")
@click.option("--overwrite", is_flag=True, help="Replace the folder if it exists.")
def command(
    questionnaire: str, responses: tuple[str, ...], model: str | None, out: str | None, overwrite: bool, **values: Any
) -> int:
    """Print the quality of the scales of QUESTIONNAIRE in RESPONSES (any survey tool's files).

    Items (n, missing, mean, SD, item-rest), alpha and omega with intervals, CR, AVE, HTMT and Fornell-Larcker.
    """
    from dataclasses import replace

    from mce_utaut import files
    from mce_utaut.cli.score_text import score_text
    from mce_utaut.cli.study_inputs import computed, data_alone, model_choice
    from mce_utaut.study.tables import tables

    study = data_alone(responses, questionnaire, None, values)
    config = replace(study.config, compare=(), sensitivity=False, **model_choice(model))
    result = computed(replace(study, config=config))
    print(score_text(result.roles[0]))
    if out:
        written = {name: content for name, content in tables(result).items() if _of_scores(name)}
        files.write_folder(Path(out), written, overwrite=overwrite)
        print(f"Tables: {out}")
    return 0


def _of_scores(name: str) -> bool:
    return any(part in name for part in ("item", "scale", "discriminant", "htmt", "flow"))
