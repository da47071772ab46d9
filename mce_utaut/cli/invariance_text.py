"""An invariance ladder as text for the terminal: levels and differences in one table, then what they allow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mce_utaut.cli.fit_table import p_text
from mce_utaut.cli.note_lines import notes_on_rows, other_notes

_SHOWN = 3


def invariance_text(form: Mapping[str, Any]) -> str:
    """The text of a ladder in its JSON form."""
    groups = ", ".join(f"{group['label']} (n = {group['n']})" for group in form["groups"])
    lines = [f"{form['estimator']}, missing: {form['missing']}; groups: {groups}", *notes_on_rows(form["notes"])]
    lines += ["", *_table(form)]
    lines += ["", *_rule(form), *_freed(form["freed"]), *_candidates(form["release_candidates"])]
    lines += _means(form["latent_means"] or [])
    lines += _paths(form["paths"])
    lines += _dmacs(form["dmacs"] or [])
    lines += [reason for name, reason in form["refused"].items() if name != "dmacs"]
    return "\n".join([*lines, *other_notes(form["notes"])])


def _suffix(form: Mapping[str, Any]) -> str:
    bases = {step["verdict_basis"] for step in form["differences"]}
    return f"_{bases.pop()}" if len(bases) == 1 and "plain" not in bases else ""


def _table(form: Mapping[str, Any]) -> Iterable[str]:
    suffix = _suffix(form)
    scaled = "_scaled" if "chisq_scaled" in form["levels"][0] else ""
    kind = suffix.removeprefix("_") or "plain"
    srmr = "srmr_bentler" if form["ordered"] else "srmr"
    yield (
        f"{'level':<20}{'chi-sq':>10}{'df':>5}{'p':>7}{'CFI':>7}{'RMSEA':>7}{'SRMR':>7}"
        f"{'Δchi-sq':>9}{'Δdf':>5}{'p':>7}{'ΔCFI':>8}{'ΔRMSEA':>8}{'ΔSRMR':>8}  verdict"
    )
    steps = {step["to"]: step for step in form["differences"]}
    for level in form["levels"]:
        cells = [level[f"chisq{scaled}"], level["df"], level[f"pvalue{scaled}"]]
        fit = [level.get(f"cfi{suffix}"), level.get(f"rmsea{suffix}"), level[srmr]]
        text = f"{level['name'].replace('_', ' '):<20}{_number(cells[0], 2):>10}{cells[1]:>5}{p_text(cells[2]):>7}"
        text += "".join(f"{_number(value):>7}" for value in fit)
        step = steps.get(level["name"])
        if step is not None:
            text += f"{_number(step['chisq_diff'], 2):>9}{step['df_diff']:>5}{p_text(step['pvalue']):>7}"
            changes = [step.get(f"delta_cfi{suffix}"), step.get(f"delta_rmsea{suffix}"), step[f"delta_{srmr}"]]
            text += "".join(f"{_number(value, 4):>8}" for value in changes) + f"  {_verdict(form, step)}"
            if step["from"] != _before(form, level["name"]):
                text += f" (from {step['from'].replace('_', ' ')})"
        yield text
    if scaled:
        method = next((step["method"] for step in form["differences"]), "")
        yield f"(chi-square scaled, its difference by {method}; CFI and RMSEA {kind})"


def _verdict(form: Mapping[str, Any], step: Mapping[str, Any]) -> str:
    broken = step["broken_before"]
    if broken is None:
        return step["verdict"]
    told = next(each["verdict"] for each in form["differences"] if each["to"] == broken)
    return f"{step['verdict']} ({broken.replace('_', ' ')} {'failed' if told == 'does not hold' else told})"


def _before(form: Mapping[str, Any], name: str) -> str:
    names = [level["name"] for level in form["levels"]]
    return names[max(names.index(name) - 1, 0)]


def _rule(form: Mapping[str, Any]) -> Iterable[str]:
    if not form["differences"]:
        return
    limits = form["differences"][0]["cutoffs"]
    strict = " (stricter values: fewer than 300 cases, or groups of unequal size)" if limits["strict"] else ""
    first, last = (step["cutoffs"]["srmr"] for step in (form["differences"][0], form["differences"][-1]))
    srmr = f"{first:.3f}" if first == last else f"{first:.3f} (loadings, thresholds) or {last:.3f}"
    yield (
        f"A level holds where CFI falls by at most {limits['cfi']:.3f} and RMSEA rises by at most "
        f"{limits['rmsea']:.3f} or SRMR by at most {srmr}{strict}. "
        "It does not hold where CFI falls by more and RMSEA or SRMR rises by more; anything between is doubtful."
    )


def _freed(moves: list[Mapping[str, Any]]) -> Iterable[str]:
    for move in moves:
        yield f"freed at {move['level']}: {_tested(move)}; then: {move['verdict_after']}"


def _candidates(items: list[Mapping[str, Any]]) -> Iterable[str]:
    if not items:
        return
    yield f"Items that could be freed at {items[0]['level']}, the most different first (--partial frees one at a time):"
    yield from (f"  {_tested(item)}" for item in items[:_SHOWN])


def _tested(item: Mapping[str, Any]) -> str:
    changes = ", ".join(
        f"{change['parameter']} in group {change['group']} {change['epc']:+.3f}" for change in item["expected_changes"]
    )
    robust = item["score_chisq_robust"]
    chisq, p, kind = item["score_chisq"], item["pvalue"], "score test"
    if robust is not None:
        chisq, p, kind = robust, item["score_pvalue_robust"], "robust score test"
    return f"{item['item']} ({kind} {_number(chisq, 2)}, df {item['df']}, p {p_text(p)}; expected {changes})"


def _means(rows: list[Mapping[str, Any]]) -> Iterable[str]:
    if not rows:
        return
    yield ""
    yield f"{'Latent means':<34}{'diff':>9}{'se':>9}{'p':>8}{'lower':>9}{'upper':>9}{'d':>9}{'lower':>9}{'upper':>9}"
    for row in rows:
        head = f"{row['factor']}: {row['group']} − {row['reference']}"
        cells = [row["difference"], row["se"]]
        after = [row["ci_lower"], row["ci_upper"], row["d"], row["d_ci_lower"], row["d_ci_upper"]]
        text = f"{head[:33]:<34}" + "".join(f"{_number(cell):>9}" for cell in cells) + f"{p_text(row['pvalue']):>8}"
        yield text + "".join(f"{_number(cell):>9}" for cell in after)


def _paths(paths: Mapping[str, Any] | None) -> Iterable[str]:
    if paths is None:
        return
    test = paths["omnibus"]
    yield ""
    yield (
        f"All paths equal ({paths['level']}): chi-square difference {_number(test['chisq_diff'], 2)}, "
        f"df {test['df_diff']}, p {p_text(test['pvalue'])} ({test['method']})"
    )
    yield f"{'Path differences':<44}{'diff':>9}{'se':>9}{'lower':>9}{'upper':>9}{'p':>8}{'p Holm':>8}"
    for row in paths["differences"]:
        head = f"{row['outcome']} ~ {row['predictor']}: {row['group']} − {row['reference']}"
        cells = [row["difference"], row["se"], row["ci_lower"], row["ci_upper"]]
        text = f"{head[:43]:<44}" + "".join(f"{_number(cell):>9}" for cell in cells)
        yield text + f"{p_text(row['pvalue']):>8}{p_text(row['p_holm']):>8}"


def _dmacs(rows: list[Mapping[str, Any]]) -> Iterable[str]:
    if not rows:
        return
    yield ""
    largest = sorted(rows, key=lambda row: -row["dmacs"])[:5]
    shown = ", ".join(f"{row['item']} {row['dmacs']:.2f} ({row['focal']})" for row in largest)
    yield f"Largest item differences (dMACS, from {rows[0]['reference']}): {shown}"


def _number(value: float | None, digits: int = 3) -> str:
    return "" if value is None else f"{value:.{digits}f}"
