"""A ``Ladder`` as plain dicts and lists for JSON (null where undefined)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from math import isfinite
from typing import Any

from mce_utaut.errors import NotEstimable, UsageError
from mce_utaut.sem.invariance import Ladder, Level, Step, release_candidates
from mce_utaut.sem.item_bias import item_bias
from mce_utaut.sem.latent_means import latent_mean_differences
from mce_utaut.sem.nested_tests import Difference
from mce_utaut.sem.partial_invariance import Candidate
from mce_utaut.sem.path_comparison import PathComparison, compare_paths

_COUNTS = ("df", "npar", "ntotal", "baseline_df")


def invariance_to_json(ladder: Ladder) -> dict:
    """The ladder in the schema of the ``invariance`` command.

    ``groups`` [{label, n}]; ``levels`` [{name, equal, exempt, converged, proper, and every fit index under
    lavaan's names}]; ``differences`` [{from, to, method, chisq_diff, df_diff, pvalue, delta_cfi, delta_rmsea,
    delta_srmr, ..., verdict, broken_before}], where ``verdict`` is "not judged" after a level that does not hold, which
    ``broken_before`` names; ``freed`` the log of the partial search; ``release_candidates`` the items that could be
    freed where the ladder breaks, with their score tests; ``latent_means``, ``paths``, ``dmacs`` null with a sentence
    in ``refused`` where they are not licensed.
    """
    refused: dict[str, str] = {}
    form = {
        "model": ladder.prepared.syntax.text,
        "estimator": ladder.prepared.options.estimator,
        "missing": ladder.prepared.options.missing,
        "ordered": ladder.ordered,
        "group": ladder.prepared.options.group,
        "n": sum(ladder.sizes),
        "groups": [{"label": a, "n": n} for a, n in zip(ladder.groups, ladder.sizes, strict=True)],
        "levels": [_level(level) for level in ladder.levels],
        "differences": [_step(step, ladder.broken_before(step)) for step in ladder.steps],
        "freed": [_candidate(move) | {"verdict_after": move.verdict} for move in ladder.freed],
        "release_candidates": [_candidate(each) for each in release_candidates(ladder)],
    }
    for name, make in (("latent_means", _means), ("paths", _paths), ("dmacs", _dmacs)):
        try:
            form[name] = make(ladder)
        except (UsageError, NotEstimable) as reason:
            form[name], refused[name] = None, str(reason)
    form["refused"] = refused
    form["notes"] = [asdict(note) for note in ladder.notes]
    return form


def _level(level: Level) -> dict[str, Any]:
    head = {
        "name": level.label.replace(" ", "_"),
        "equal": list(level.equal),
        "exempt": list(level.exempt),
        "converged": level.fit.converged,
        "proper": level.fit.proper,
    }
    return head | {name: int(v) if name in _COUNTS else _number(v) for name, v in level.indices.items()}


def _step(step: Step, broken: Step | None) -> dict[str, Any]:
    before, after, judgement = step.before.indices, step.after.indices, step.judgement
    out: dict[str, Any] = {
        "from": step.before.label.replace(" ", "_"),
        "to": step.after.label.replace(" ", "_"),
        **_difference(step.test),
    }
    for name in ("cfi", "rmsea", "srmr", "tli", "mfi", "aic", "bic"):
        if name in before and name in after:
            out[f"delta_{name}"] = _number(after[name] - before[name])
    for name in ("cfi_scaled", "rmsea_scaled", "cfi_robust", "rmsea_robust", "srmr_bentler"):
        if name in before and name in after:
            out[f"delta_{name}"] = _number(after[name] - before[name])
    out["other_methods"] = [_difference(test) for test in step.others]
    out["verdict"] = judgement.verdict if broken is None else "not judged"
    out["broken_before"] = None if broken is None else broken.after.label.replace(" ", "_")
    out["verdict_basis"] = judgement.basis
    out["cutoffs"] = asdict(judgement.cutoffs)
    return out


def _difference(test: Difference) -> dict[str, Any]:
    df = int(test.df) if float(test.df).is_integer() else float(test.df)
    return {
        "method": test.method,
        "chisq_diff": _number(test.chisq),
        "df_diff": df,
        "pvalue": _number(test.pvalue),
        "chisq_diff_unscaled": _number(test.plain),
        "scaling_factor": _number(test.factor),
        "shift_parameter": _number(test.shift),
    }


def _candidate(each: Candidate) -> dict[str, Any]:
    return {
        "level": each.level,
        "item": each.item,
        "parameters": list(each.parameters),
        "score_chisq": _number(each.test.chisq),
        "df": each.test.df,
        "pvalue": _number(each.test.pvalue),
        "score_chisq_robust": _number(each.test.robust),
        "score_pvalue_robust": _number(each.test.robust_pvalue),
        "expected_changes": [{"parameter": p, "group": g, "epc": _number(v)} for p, g, v in each.changes],
    }


def _means(ladder: Ladder) -> list[dict[str, Any]]:
    return [_numbers(asdict(row)) for row in latent_mean_differences(ladder)]


def _dmacs(ladder: Ladder) -> list[dict[str, Any]]:
    return [_numbers(asdict(row)) for row in item_bias(ladder)]


def _paths(ladder: Ladder) -> dict[str, Any]:
    return paths_to_json(compare_paths(ladder))


def paths_to_json(compared: PathComparison) -> dict[str, Any]:
    """``level, omnibus, wald, differences[]`` of a comparison of paths."""
    return {
        "level": compared.level,
        "omnibus": _difference(compared.omnibus),
        "wald": _difference(compared.wald),
        "differences": [_numbers(asdict(row)) for row in compared.differences],
    }


def _numbers(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _number(value) if isinstance(value, float) else value for name, value in row.items()}


def _number(value: float) -> float | None:
    return float(value) if isfinite(value) else None
