"""``moderation``: a latent interaction by product indicators, with simple slopes and the Johnson-Neyman region."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from mce_utaut.cli.sem_options import estimation_options, file_options

if TYPE_CHECKING:
    from mce_utaut.sem.interaction import InteractionFit
    from mce_utaut.sem.simple_slopes import SimpleSlope


@click.command("moderation")
@click.argument("model", type=click.Path())
@click.argument("data", type=click.Path())
@click.option("--interaction", required=True, metavar='"Y ~ X:Z"', help="Z changes the slope of the factor X on Y.")
@click.option(
    "--method",
    type=click.Choice(["double-mean-centred", "orthogonalised"]),
    default="double-mean-centred",
    show_default=True,
    help="How the products of items are made.",
)
@click.option(
    "--pairs",
    default="matched",
    show_default=True,
    metavar="matched|all|x1:z1,…",
    help="Which items are multiplied: each once, all with all, or those named.",
)
@click.option(
    "--at",
    default=None,
    metavar="-1,0,1",
    help="Values of Z, from its mean, for the simple slopes. Default: the mean and one SD around it, or both values "
    "where an observed Z has two.",
)
@estimation_options
@file_options
def command(model: str, data: str, **values: Any) -> int:
    """Fit MODEL (lavaan syntax, with Y ~ X + Z) and the product of X and Z to DATA (CSV or XLSX with headings).

    X is a factor; Z a factor or an observed variable. The estimator is MLR where none is named. Prints the fit, the
    interaction, the slopes of X at values of Z, and where they differ from zero; --json writes all of it.
    """
    import json
    from dataclasses import asdict

    from mce_utaut.cli.data_columns import read_columns
    from mce_utaut.cli.sem_options import options_of, read_model, write_json
    from mce_utaut.cli.sem_text import fit_text
    from mce_utaut.sem.as_json import fit_to_json
    from mce_utaut.sem.interaction import latent_interaction
    from mce_utaut.sem.variables import classify

    outcome, predictor, moderator = _names(values["interaction"])
    estimator = values["estimator"] or (None if values["ordered"] else "MLR")
    options = options_of({**values, "estimator": estimator})
    parsed = read_model(model)
    words = [options.cluster] if options.cluster else []
    columns, notes = read_columns(data, classify(parsed.terms).observed, words, values)
    found = latent_interaction(
        parsed,
        columns,
        outcome,
        predictor,
        moderator,
        values["method"],
        options,
        _pairs(values["pairs"], parsed, predictor, moderator),
        _at(values["at"]),
    )
    form = fit_to_json(found.fit) | {"interaction": interaction_form(found)}
    form["notes"] = [*map(asdict, notes), *form["notes"]]
    target = values["json_file"]
    text = "\n".join([fit_text(form), *_lines(form["interaction"])])
    print(text, file=sys.stderr if target == "-" else sys.stdout)
    if target:
        write_json(json.dumps(form, indent=1, ensure_ascii=False, allow_nan=False), target, values["overwrite"])
    return 0 if found.fit.converged else 4


def _names(text: str) -> tuple[str, str, str]:
    from mce_utaut.errors import UsageError

    match = re.fullmatch(r"\s*([\w.]+)\s*~\s*([\w.]+)\s*:\s*([\w.]+)\s*", text)
    if match is None:
        raise UsageError(f'--interaction is {text!r}; write it as "Y ~ X:Z", with one predictor and one moderator.')
    return match[1], match[2], match[3]


def _pairs(text: str, parsed: Any, predictor: str, moderator: str) -> tuple[tuple[str, str], ...]:
    from mce_utaut.cli.sem_options import split_list
    from mce_utaut.errors import UsageError
    from mce_utaut.sem.interaction import all_pairs

    if text in ("matched", "all"):
        return all_pairs(parsed, predictor, moderator) if text == "all" else ()
    pairs = [tuple(part.strip() for part in pair.split(":")) for pair in split_list(text)]
    if not pairs or any(len(pair) != 2 or not all(pair) for pair in pairs):
        raise UsageError(f"--pairs is {text!r}; it can be matched, all, or pairs of items such as x1:z1,x2:z2.")
    return tuple((pair[0], pair[1]) for pair in pairs)


def _at(text: str | None) -> tuple[float, ...]:
    from math import isfinite

    from mce_utaut.cli.sem_options import split_list
    from mce_utaut.errors import UsageError

    try:
        found = tuple(float(part) for part in split_list(text))
    except ValueError:
        found = (float("nan"),)
    if not all(isfinite(value) for value in found):
        raise UsageError(f"--at is {text!r}; it must be numbers such as -1,0,1.")
    return found


def interaction_form(found: InteractionFit) -> dict[str, Any]:
    """The interaction for JSON: what was multiplied and added, its estimate, simple slopes, Johnson-Neyman region.

    ``value``, ``lower`` and ``upper`` of the moderator are measured from its mean, in its own unit.
    """
    names = ("outcome", "predictor", "moderator", "product", "method", "added", "estimate", "se", "pvalue")
    form: dict[str, Any] = {name: getattr(found, name) for name in names}
    region = found.region
    return form | {
        "product_items": list(found.product_items),
        "standardised": found.standardised,
        "moderator_sd": found.moderator_sd,
        "moderator_mean": _number(found.moderator_mean),
        "moderator_has_two_values": found.two_values,
        "simple_slopes": [_slope(slope) for slope in found.slopes],
        "johnson_neyman": {
            "significant": region.significant,
            "lower": _number(region.lower),
            "upper": _number(region.upper),
        },
    }


def _slope(slope: SimpleSlope) -> dict[str, Any]:
    from dataclasses import asdict

    return {name: _number(value) if isinstance(value, float) else value for name, value in asdict(slope).items()}


def _lines(form: Mapping[str, Any]) -> list[str]:
    from mce_utaut.cli.fit_table import p_text

    x, z = form["predictor"], form["moderator"]
    lines = [
        "",
        f"Interaction {form['outcome']} ~ {x}:{z} ({form['method']} products): {form['estimate']:.3f} "
        f"(se {form['se']:.3f}, p {p_text(form['pvalue'])}, standardised {form['standardised']:.3f})",
    ]
    for slope in form["simple_slopes"]:
        known = f"[{slope['ci_lower']:.3f}, {slope['ci_upper']:.3f}], p {p_text(slope['pvalue'])}"
        known = "(fixed)" if slope["pvalue"] is None else known
        lines.append(f"slope of {x} where {z} is {_place(form, slope)}: {slope['est']:.3f} {known}")
    if form["moderator_has_two_values"]:  # between and beyond them there is nobody
        return lines
    return [*lines, f"Johnson-Neyman: {_region_text(form)}"]


def _place(form: Mapping[str, Any], slope: Mapping[str, Any]) -> str:
    """Where a slope stands: on the moderator's own scale where it is observed, else in standard deviations."""
    far = f"{slope['value']:+.3f} from its mean"
    mean = form["moderator_mean"]
    return f"at {slope['label']} ({far})" if mean is None else f"{mean + slope['value']:.3f} ({slope['label']}, {far})"


def _region_text(form: Mapping[str, Any]) -> str:
    region, sd, mean = form["johnson_neyman"], form["moderator_sd"], form["moderator_mean"]
    low, high = (
        None if region[name] is None else f"{(mean or 0.0) + region[name]:.3f} ({_in_sd(region[name] / sd)})"
        for name in ("lower", "upper")
    )
    head = f"the slope of {form['predictor']} differs from 0"
    where = {
        "outside": f"below {low} and above {high}",
        "between": f"between {low} and {high}",
        "above": f"above {low}",
        "below": f"below {high}",
        "everywhere": "everywhere",
        "nowhere": "nowhere",
    }[region["significant"]]
    return f"{head} {where}" + (f", {form['moderator']} measured from its mean." if mean is None else ".")


def _in_sd(value: float) -> str:
    far = ", where hardly any case is" if abs(value) > 3 else ""
    return f"{value:+.2f} SD{far}"


def _number(value: float) -> float | None:
    from math import isfinite

    return float(value) if isfinite(value) else None
