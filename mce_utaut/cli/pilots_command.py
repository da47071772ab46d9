"""``pilots``: proposals to descriptors, coverage, sampling frame; responses joined to pilots."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mce_utaut.pilots.joining import Joined
    from mce_utaut.pilots.results import PilotPlan


@click.command("pilots")
@click.argument("proposals", nargs=-1, required=True, type=click.Path())
@click.option("--selected", default="", metavar="A,B", help="Ids of the pilots that will run (default: all proposals).")
@click.option(
    "--responses",
    multiple=True,
    metavar="QUESTIONNAIRE=FILE",
    help="Answers to join by pilot id, such as mce_student=students.csv (repeat for more).",
)
@click.option(
    "--rate", "rates", multiple=True, metavar="ROLE=SHARE", help="Assumed response rate, such as student=0.3."
)
@click.option(
    "--format-cuts",
    default="5,95",
    show_default=True,
    metavar="LOW,HIGH",
    help="On site below LOW per cent online, online from HIGH on.",
)
@click.option("--tool", default=None, help="What wrote the proposals, where it is not seen from their content.")
@click.option("--column-map", default=None, metavar="FILE", help="The ….columns.json of the export.")
@click.option("--out", default=None, help="Also write pilots.csv, the other tables and this text to this folder.")
@click.option("--overwrite", is_flag=True, help="Replace the folder if it exists.")
def command(
    proposals: tuple[str, ...],
    selected: str,
    responses: tuple[str, ...],
    rates: tuple[str, ...],
    format_cuts: str,
    tool: str | None,
    column_map: str | None,
    out: str | None,
    overwrite: bool,
) -> int:
    """Describe pilot proposals (mce_pilot). PROPOSALS are files of any survey tool.

    Codes the eight dimensions, shows which of their options the pilots cover and which proposals would fill
    the gaps, and tells whom the pilots reach and which models that will allow.
    """
    from mce_utaut import files
    from mce_utaut.cli.template_answers import read_records
    from mce_utaut.pilots.results import plan
    from mce_utaut.pilots.template import QUESTIONNAIRE
    from mce_utaut.pilots.text import joined_text, plan_text

    cuts, assumed = _cuts(format_cuts), _rates(rates)
    _, records, lines = read_records(QUESTIONNAIRE, proposals, {"tool": tool, "column_map": column_map})
    names = [name.strip() for name in selected.split(",") if name.strip()]
    found = plan(records, names, _ladder(), assumed, cuts)
    joined = _join(responses, found)
    text = "\n".join([plan_text(found), *(joined_text(each, _shown) for each in joined)])
    print("\n".join([*lines, "", text]))
    if out:
        files.write_folder(Path(out), _written(found, joined, text), overwrite=overwrite)
        print(f"Tables: {out}")
    return 0


def _written(found: PilotPlan, joined: list[Joined], text: str) -> dict[str, bytes]:
    from mce_utaut.pilots.tables import joined_table, tables
    from mce_utaut.pilots.text import portfolio_text

    written = {"pilots.txt": f"{text}\n".encode(), "portfolio.txt": f"{portfolio_text(found)}\n".encode()}
    return written | tables(found) | {f"joined.{each.instrument_id}.csv": joined_table(each) for each in joined}


def _shown(counts: Sequence[int]) -> tuple[int | None, ...]:
    from mce_utaut.pilots.joining import LEAST_SHARED
    from mce_utaut.study.disclosure import shown

    return shown(counts, LEAST_SHARED)


def _ladder():
    from mce_utaut.pilots.frame import Ladder
    from mce_utaut.study import method_choice

    return Ladder(
        method_choice.LEAST_FOR_INFERENCE,
        method_choice.LEAST_FOR_REGRESSION,
        method_choice.LEAST_FOR_SEM,
        method_choice.LEAST_FOR_EVERYTHING,
    )


def _join(responses: tuple[str, ...], found: PilotPlan) -> list[Joined]:
    """Responses joined to all proposals; several files of one questionnaire are merged."""
    from mce_utaut.cli import questionnaire as questionnaires
    from mce_utaut.cli.import_command import read
    from mce_utaut.errors import UsageError
    from mce_utaut.pilots.joining import join

    paths: dict[str, list[str]] = {}
    for given in responses:
        name, equals, path = given.partition("=")
        if not equals:
            raise UsageError(f'--responses "{given}" has no =; write QUESTIONNAIRE=FILE, such as mce_student=a.csv.')
        paths.setdefault(name, []).append(path)
    pilots = [proposal.coded for proposal in found.proposals]
    return [join(read(questionnaires.load(name), tuple(own), {}), pilots) for name, own in paths.items()]


def _rates(given: tuple[str, ...]) -> dict[str, float]:
    from mce_utaut.errors import Problem, UsageError
    from mce_utaut.pilots.template import REACHED

    rates, problems = {}, []
    for each in given:
        role, _, share = each.partition("=")
        rate = _number(share)
        if role not in REACHED or rate is None or not 0 <= rate <= 1:
            remedy = f"Write a role ({', '.join(REACHED)}), = and a share from 0 to 1."
            problems.append(Problem(f"{each!r} is no response rate.", remedy, where="--rate"))
        else:
            rates[role] = rate
    if problems:
        raise UsageError(problems)
    return rates


def _cuts(given: str):
    from mce_utaut.errors import Problem, UsageError
    from mce_utaut.pilots.descriptors import FormatCuts

    numbers = [_number(part) for part in given.split(",")]
    if len(numbers) != 2 or None in numbers or not 0 <= numbers[0] <= numbers[1] <= 100:
        remedy = "Write two shares of online activities in per cent, the lower first, such as 5,95."
        raise UsageError(Problem(f"{given!r} does not cut the formats.", remedy, where="--format-cuts"))
    return FormatCuts(online_from=numbers[1], onsite_below=numbers[0])


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
