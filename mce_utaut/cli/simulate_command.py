"""``simulate``: a study drawn from a population."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click


@click.command("simulate")
@click.argument("population", required=False, type=click.Path())
@click.option("--out", default=None, help="Folder to write (default: outputs/simulated/POPULATION).")
@click.option("--seed", default=None, type=int, help="In place of the population's.")
@click.option("--overwrite", is_flag=True, help="Replace the files of that name in the folder.")
def command(population: str | None, out: str | None, seed: int | None, overwrite: bool) -> int:
    """Draw the respondents of every role of POPULATION (YAML; default: the shipped one).

    Writes a file of responses for each role, in the layout of a survey tool, and truth.json. The same population
    and seed give the same bytes.
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
        read = replace(read, seed=seed)
    names = sorted({role.instrument for role in read.roles.values()})
    instruments = {}
    for name in names:
        beside = where.parent / f"{name}.yaml"
        instruments[name] = questionnaires.load(str(beside) if beside.is_file() else name)
    drawn = simulate_study(read, instruments, str(where))
    folder = Path(out) if out else Path("outputs") / "simulated" / where.parent.name
    taken = [name for name in drawn if (folder / name).exists()]
    if taken and not overwrite:
        remedy = "Either add --overwrite to replace these files or choose another --out."
        raise FileProblem(Problem(f"{', '.join(taken)} exist already.", remedy, str(folder)))
    for name, content in drawn.items():
        files.write(folder / name, content, overwrite=overwrite)
        print(folder / name)
    return 0
