"""``plan``: what a study of a planned size can find."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from mce_utaut.planning.power import SizePower

_METHODS = {
    "sem": "structural model (MLR)",
    "regression": "regression of scale scores on two predictors (HC3)",
    "correlation": "rank correlations of scale scores",
}
_LEAST = 10


@click.command("plan")
@click.argument("population", required=False, type=click.Path())
@click.option("--role", "roles", multiple=True, metavar="ROLE", help="Repeat for more (default: all roles).")
@click.option("--n", "sizes", default="30,80,100,200,400", show_default=True, metavar="A,B,…", help="Respondents.")
@click.option("--model", default="mce_intention", show_default=True, help="A shipped model's name or a .lav file.")
@click.option("--samples", default=200, show_default=True, type=click.IntRange(2, 100_000), help="Of each size.")
@click.option("--missing", default=None, type=click.FloatRange(0, 0.9), help="Share of answers, for the population's.")
@click.option("--icc", default=None, type=click.FloatRange(0, 0.9), help="Between universities, for the population's.")
@click.option("--predictors", default=None, metavar="A,B", help="Of a small role's regression (default: PE,SI, "
              "where the model has them; without any, rank correlations).")
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0))
@click.option("--json", "json_file", default=None, metavar="FILE", help="Also write every number (- for stdout).")
@click.option("--overwrite", is_flag=True, help="Replace that file if it exists.")
def command(
    population: str | None,
    roles: tuple[str, ...],
    sizes: str,
    samples: int,
    seed: int,
    json_file: str | None,
    overwrite: bool,
    **values: Any,
) -> int:
    """Monte Carlo power of a study drawn from POPULATION (YAML; default: the shipped one), for several sizes.

    For every path: bias, coverage of the intervals and power, each size by the analysis that a role of this size gets
    in `fit`. Bring your own expectations as a population (docs/population-file.md).
    """
    import json
    import math
    import sys
    from dataclasses import asdict, replace

    from mce_utaut.cli.sem_options import write_json
    from mce_utaut.errors import UsageError
    from mce_utaut.planning.power import plan_power

    for name in ("missing", "icc"):
        if values[name] is not None and not math.isfinite(values[name]):
            raise UsageError(f"--{name}: {values[name]} is no share. Write a number from 0 to 0.9.")
    numbers = _sizes(sizes)
    planned, thresholds = _planned(population, roles, values)
    predictors = _predictors(values["predictors"], planned)
    if not predictors:  # as in `fit`
        thresholds = replace(thresholds, regression=thresholds.sem)
    out = sys.stderr if json_file == "-" else sys.stdout
    form: dict[str, Any] = {"samples": samples, "seed": seed, "roles": {}}
    for role, each in planned.items():
        about = f"missing {each.missing:g}, ICC {each.icc:g}, seed {seed}"
        print(f"{role}: {samples} samples of each size, {about}", file=out)
        found = plan_power(
            each, numbers, samples, seed, thresholds, predictors, tell=lambda n: print(f"  n = {n} …", file=sys.stderr)
        )
        print("\n".join(_text(found)), file=out)
        form["roles"][role] = {"missing": each.missing, "icc": each.icc, "sizes": [asdict(size) for size in found]}
    if json_file:
        write_json(json.dumps(form, indent=1, ensure_ascii=False, allow_nan=False), json_file, overwrite)
    return 0


def _sizes(given: str) -> list[int]:
    from mce_utaut.errors import UsageError

    parts = [part.strip() for part in given.split(",") if part.strip()]
    if not parts or not all(part.isdecimal() and _LEAST <= int(part) <= 100_000 for part in parts):
        raise UsageError(f"--n {given} is no list of sizes; write whole numbers from {_LEAST} on, such as 100,200,400.")
    return sorted({int(part) for part in parts})


def _planned(population: str | None, roles: tuple[str, ...], values: dict[str, Any]):
    from mce_utaut import files
    from mce_utaut.cli import questionnaire as questionnaires
    from mce_utaut.errors import UsageError
    from mce_utaut.planning.power import Thresholds
    from mce_utaut.planning.samples import planned_role
    from mce_utaut.shipped import shipped
    from mce_utaut.simulate.reading import check_instruments, read_population
    from mce_utaut.study import method_choice

    where = Path(population) if population else shipped("simulated") / "mce_study" / "population.yaml"
    read = read_population(files.read(where).content, str(where))
    unknown = [role for role in roles if role not in read.roles]
    if unknown:
        raise UsageError(f"The population has no role {unknown[0]!r}; it has {', '.join(read.roles)}.")
    name = values["model"]
    path = Path(name) if name.endswith(".lav") else shipped("models") / f"{name}.lav"
    if not name.endswith(".lav") and not path.is_file():
        raise UsageError(f"There is no model {name!r}; name a shipped one or a file that ends in .lav.")
    text = files.read(path).content.decode("utf-8-sig")
    instruments = questionnaires.of_roles(where.parent, (role.instrument for role in read.roles.values()))
    check_instruments(read, instruments, str(where))
    found = {
        role: planned_role(role, read, instruments[truth.instrument], text, values["missing"], values["icc"])
        for role, truth in read.roles.items()
        if not roles or role in roles
    }
    thresholds = Thresholds(
        method_choice.LEAST_FOR_INFERENCE, method_choice.LEAST_FOR_REGRESSION, method_choice.LEAST_FOR_SEM
    )
    return found, thresholds


def _predictors(given: str | None, planned: dict[str, Any]) -> tuple[str, ...]:
    """The predictors named, else those of a study file's default that the model has."""
    from mce_utaut.errors import UsageError
    from mce_utaut.study.config import SMALL_PREDICTORS

    known = list(dict.fromkeys(name for each in planned.values() for _, name in each.paths))
    if given is None:
        return tuple(name for name in SMALL_PREDICTORS if name in known)
    named = tuple(name.strip() for name in given.split(",") if name.strip())
    unknown = [name for name in named if name not in known]
    if unknown:
        raise UsageError(f"--predictors: the model has no predictor {unknown[0]!r}. It has {', '.join(known)}.")
    return named


def _text(found: tuple[SizePower, ...]) -> list[str]:
    lines = []
    for size in found:
        lines += ["", f"n = {size.n}: {_METHODS[size.method]}; {size.usable} of {size.samples} samples usable"]
        if size.paths:
            head = ("planted", "target", "mean", "bias", "SD", "SE", "coverage", "power", "(MC SE)")
            lines.append(f"  {'path':<14}" + "".join(f"{name:>9}" for name in head))
        for path in size.paths:
            bias = "–" if path.bias_share is None else f"{100 * path.bias_share:.0f}%"
            se = "–" if path.mean_se is None else f"{path.mean_se:.3f}"
            cells = (f"{path.planted:.2f}", f"{path.target:.3f}", f"{path.mean:.3f}", bias, f"{path.sd:.3f}", se)
            more = (f"{path.coverage:.3f}", f"{path.power:.2f}", f"{path.power_se:.2f}")
            name = f"{path.predictor} -> {path.outcome}"
            lines.append(f"  {name:<14}" + "".join(f"{cell:>9}" for cell in (*cells, *more)))
    target = "Target: what the same analysis gives in a very large sample of the same answers."
    guide = "Look for bias under 10 %, coverage of .91 to .98, power of .80 (Muthén & Muthén 2002)."
    return [*lines, "", target, guide, ""]
