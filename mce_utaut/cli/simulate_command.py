"""``simulate``: a study drawn from a population."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mce_utaut.instrument.model import Instrument
    from mce_utaut.simulate.population import Population


@click.command("simulate")
@click.argument("population", required=False, type=click.Path())
@click.option("--out", default=None, help="Folder to write (default: outputs/simulated/POPULATION).")
@click.option("--seed", default=None, type=click.IntRange(0, 999_999_999_999), help="In place of the population's.")
@click.option("--overwrite", is_flag=True, help="Replace the files of that name in the folder.")
def command(population: str | None, out: str | None, seed: int | None, overwrite: bool) -> int:
    """Draw the respondents of every role of POPULATION (YAML; default: the shipped one).

    Writes a file of responses for each role, in the layout of a survey tool, truth.json, and the codes of the open
    answers where the population says how they are coded. The same population and seed give the same bytes.
    """
    from mce_utaut import files
    from mce_utaut.cli import questionnaire as questionnaires
    from mce_utaut.errors import FileProblem, Problem
    from mce_utaut.shipped import shipped
    from mce_utaut.simulate.reading import read_population
    from mce_utaut.simulate.study import simulate_study

    where = Path(population) if population else shipped("simulated") / "mce_study" / "population.yaml"
    read = read_population(files.read(where).content, str(where))
    if seed is not None:
        read = read.model_copy(update={"seed": seed})
    instruments = questionnaires.of_roles(where.parent, (role.instrument for role in read.roles.values()))
    drawn = simulate_study(read, instruments, str(where))
    if read.coding is not None:
        drawn[read.coding.file] = _codes(read, instruments, drawn)
    folder = Path(out) if out else Path("outputs") / "simulated" / where.parent.name
    taken = [name for name in drawn if (folder / name).exists()]
    if taken and not overwrite:
        remedy = "Either add --overwrite to replace these files or choose another --out."
        raise FileProblem(Problem(f"{', '.join(taken)} exist already.", remedy, str(folder)))
    files.write_all(folder, drawn, overwrite=overwrite)
    print("\n".join(str(folder / name) for name in drawn))
    return 0


def _codes(population: Population, instruments: Mapping[str, Instrument], drawn: Mapping[str, bytes]) -> bytes:
    """What coders make of the open answers, which they get as the study reads them from its files."""
    from hashlib import sha256

    from mce_utaut.files import ReadFile
    from mce_utaut.simulate.coding import coded_answers
    from mce_utaut.survey.registry import read_responses
    from mce_utaut.triangulation.answers import open_answers

    answers = []
    for role, truth in population.roles.items():
        content = drawn[truth.file]
        file = ReadFile(truth.file, content, sha256(content).hexdigest())
        instrument = instruments[truth.instrument]
        for each in open_answers(role, read_responses(instrument, [file]), instrument):
            answers.append((role, each.respondent, each.question, each.answer, each.language))
    return coded_answers(population.coding, population.seed, answers)
