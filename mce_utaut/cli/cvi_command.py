"""``cvi``: content validity from experts' ratings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import numpy as np

    from mce_utaut.scoring.content_validity import ItemRelevance, ScaleRelevance

_WORDS = {"relevant": "relevant", "revise": "revise", "too_few_experts": "too few experts"}


@click.command("cvi")
@click.argument("ratings", type=click.Path())
@click.option("--delimiter", default=None, help="Of a CSV, where it is not recognised.")
@click.option("--encoding", default=None, help="Of a CSV, where it is not recognised.")
@click.option("--json", "json_file", default=None, metavar="FILE", help="Also write every number (- for stdout).")
@click.option("--overwrite", is_flag=True, help="Replace that file if it exists.")
def command(ratings: str, json_file: str | None, overwrite: bool, **reading: str | None) -> int:
    """Content validity of a questionnaire from RATINGS (CSV or XLSX): one row an item, one column an expert.

    The column `item` names the items, `construct` (optional) groups them; every other column holds an expert's ratings
    of relevance from 1 (not relevant) to 4 (highly relevant), empty where there is none. Prints I-CVI with modified
    kappa and a judgement by the number of experts, S-CVI/Ave and S-CVI/UA.
    """
    import json
    import sys

    from mce_utaut.cli.sem_options import write_json
    from mce_utaut.scoring.content_validity import item_relevance, scale_relevance

    items, constructs, values = _read(ratings, reading)
    found = [item_relevance(item, row) for item, row in zip(items, values, strict=True)]
    scales = [
        scale_relevance(name, own)
        for name in dict.fromkeys(constructs)
        if name and (own := [each for each, at in zip(found, constructs, strict=True) if at == name and each.experts])
    ]
    whole = scale_relevance("", found)
    out = sys.stderr if json_file == "-" else sys.stdout
    print("\n".join(_text(found, constructs, scales, whole)), file=out)
    if json_file:
        form = {
            "items": [_item_form(each, at) for each, at in zip(found, constructs, strict=True)],
            "constructs": [_scale_form(each) for each in scales],
            "all": _scale_form(whole),
        }
        write_json(json.dumps(form, indent=1, ensure_ascii=False, allow_nan=False), json_file, overwrite)
    return 0


def _read(path: str, reading: dict[str, str | None]) -> tuple[list[str], list[str], np.ndarray]:
    """Items, the construct of each ("" without), and the ratings (items, experts), NaN where there is none."""
    import numpy as np

    from mce_utaut import files
    from mce_utaut.cli.numeric_columns import numeric_columns
    from mce_utaut.errors import ImportProblem, Problem
    from mce_utaut.survey.tables import read_table

    table = read_table(files.read(path).content, path, **reading)
    headings = {heading.strip().casefold(): heading.strip() for heading in table.headings}
    if "item" not in headings:
        remedy = "Name the column of the items `item`; `construct` is optional, the others are experts."
        raise ImportProblem(Problem("has no column `item`.", remedy, path))
    words = [headings[name] for name in ("item", "construct") if name in headings]
    experts = [heading.strip() for heading in table.headings if heading.strip() and heading.strip() not in words]
    columns = numeric_columns(table.headings, table.columns, table.numbers, path, experts, words)
    items = [str(item) for item in columns.words[headings["item"]]]
    problems = [] if experts else [Problem("has no column of an expert.", "Add one column an expert.", path)]
    for expert in experts:
        values = columns.numbers[expert]
        for place in np.flatnonzero(~np.isnan(values) & ~np.isin(values, (1, 2, 3, 4))):
            what = f"{values[place]:g} is no rating."
            row = int(table.numbers[place])
            problems.append(Problem(what, "Write 1, 2, 3 or 4, or leave the cell empty.", path, row, None, expert))
    for item in dict.fromkeys(item for item in items if items.count(item) > 1):
        problems.append(Problem(f"the item {item!r} stands in {items.count(item)} rows.", "Keep one.", path))
    if not problems and all(np.isnan(values).all() for values in columns.numbers.values()):
        problems.append(Problem("holds no rating.", "Fill in the experts' columns.", path))
    if problems:
        raise ImportProblem(problems)
    constructs = [""] * len(items)
    if "construct" in headings:
        constructs = [str(each) for each in columns.words[headings["construct"]]]
    return items, constructs, np.column_stack([columns.numbers[expert] for expert in experts])


def _text(
    found: list[ItemRelevance], constructs: list[str], scales: list[ScaleRelevance], whole: ScaleRelevance
) -> list[str]:
    width = max(8, *(len(each.item) for each in found)) + 2
    lines = [f"{'item':<{width}}{'construct':<12}{'experts':>8}{'agree':>7}{'I-CVI':>8}{'kappa*':>8}  judgement"]
    for each, construct in zip(found, constructs, strict=True):
        numbers = f"{_two(each.i_cvi):>8}{_two(each.kappa):>8}"
        judgement = f"{_WORDS[each.judgement]}; kappa* {each.agreement}"
        lines.append(f"{each.item:<{width}}{construct[:11]:<12}{each.experts:>8}{each.agree:>7}{numbers}  {judgement}")
    lines.append("")
    for scale in (*scales, whole):
        reached = "reaches" if scale.reached else "does not reach"
        lines.append(
            f"{scale.name or 'all items'}: S-CVI/Ave {_two(scale.average)} ({reached} .90), S-CVI/UA "
            f"{_two(scale.universal)}, {scale.items} items, {_experts(scale)} experts"
        )
    lines.append(
        "I-CVI must be 1.00 with 3 to 5 experts and .78 with more (Lynn 1986; Polit & Beck 2006); kappa* takes out the "
        "agreement of chance (Polit, Beck & Owen 2007). The judgement goes by the I-CVI; the word after it reads "
        "kappa*, which can be excellent where up to five experts do not all agree."
    )
    return lines


def _two(value: float) -> str:
    return "–" if value != value else f"{value:.2f}"


def _experts(scale: ScaleRelevance) -> str:
    few, most = scale.experts
    return str(few) if few == most else f"{few} to {most}"


def _item_form(each: ItemRelevance, construct: str) -> dict[str, Any]:
    form = {"item": each.item, "construct": construct, "experts": each.experts, "agree": each.agree}
    numbers = {"i_cvi": each.i_cvi, "p_chance": each.p_chance, "kappa": each.kappa}
    form |= {name: None if value != value else value for name, value in numbers.items()}
    return {**form, "agreement": each.agreement, "judgement": each.judgement}


def _scale_form(each: ScaleRelevance) -> dict[str, Any]:
    return {
        "construct": each.name,
        "items": each.items,
        "fewest_experts": each.experts[0],
        "most_experts": each.experts[1],
        "s_cvi_ave": each.average,
        "s_cvi_ua": each.universal,
        "reached": each.reached,
    }
