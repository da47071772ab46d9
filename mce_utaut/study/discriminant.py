"""Whether a role tells the constructs apart: HTMT, Fornell-Larcker, latent correlations, in one place."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from mce_utaut.scoring.composites import average_variance_extracted
from mce_utaut.scoring.discriminant import HtmtInterval, fornell_larcker, htmt_intervals
from mce_utaut.sem.options import FitOptions
from mce_utaut.study.fitting import Fitted, parameters
from mce_utaut.study.measurement import factor_items, standardised_loadings
from mce_utaut.study.model_data import ModelData
from mce_utaut.study.numbers import defined, from_scoring, interval
from mce_utaut.study.result import DiscriminantValidity, Interval, MatrixTable
from mce_utaut.study.sentences import Sentences

STRICT, LENIENT = 0.85, 0.90
HTMT_REPLICATES = 1000
FEW_REPLICATES, MANY_RESPONDENTS = 200, 5000  # a large sample's interval is narrow, and each replicate costs its n


def discriminant_validity(
    cfa: Fitted,
    data: ModelData,
    labels: Mapping[str, str],
    options: FitOptions,
    rng: np.random.Generator,
    say: Sentences,
) -> DiscriminantValidity | None:
    """HTMT with bootstrap intervals on the rows of the CFA (pairwise under FIML), and, where its solution is
    usable, the Fornell-Larcker table and latent correlations; None with fewer than two factors."""
    blocks = factor_items(cfa)
    if len(blocks) < 2:
        return None
    names = tuple(blocks)
    order = [item for items in blocks.values() for item in items]
    level, missing = options.level, "pairwise" if options.missing == "fiml" else "listwise"
    used = data.columns if missing == "pairwise" else data.listwise()
    answers = np.column_stack([used[item] for item in order])
    columns = {name: [order.index(item) for item in items] for name, items in blocks.items()}
    replicates = HTMT_REPLICATES if len(answers) <= MANY_RESPONDENTS else FEW_REPLICATES
    ratios = htmt_intervals(answers, columns, rng, missing=missing, replicates=replicates, level=level)
    correlations = _latent_correlations(cfa, names, level) if cfa.usable else ()
    findings = [_htmt_finding(each, labels, say) for each in ratios]
    table = MatrixTable(names, ((None,) * len(names),) * len(names))
    if cfa.usable:
        ave = [average_variance_extracted(standardised_loadings(cfa, name)) for name in names]
        found = fornell_larcker(names, ave, _matrix(names, correlations))
        table = MatrixTable(names, tuple(tuple(defined(value) for value in row) for row in found.values))
        findings += [
            say("discriminant.fornell_larcker", first=labels.get(one, one), second=labels.get(other, other))
            for one, other in found.shared
        ]
        findings += [_correlation_finding(each, labels, say) for each in correlations]
    return DiscriminantValidity(
        htmt=_lower(names, ratios),
        fornell_larcker=table,
        correlations=correlations,
        findings=tuple(finding[:1].upper() + finding[1:] for finding in findings if finding),
        htmt_intervals=tuple((each.first, each.second, from_scoring(each.ratio)) for each in ratios),
    )


def _latent_correlations(cfa: Fitted, names: tuple[str, ...], level: float) -> tuple[tuple[str, str, Interval], ...]:
    return tuple(
        (
            row["lhs"],
            row["rhs"],
            interval(row["std_all"], row["std_all_ci_lower"], row["std_all_ci_upper"], level, "delta method"),
        )
        for row in parameters(cfa.record, "~~")
        if row["lhs"] != row["rhs"] and row["lhs"] in names and row["rhs"] in names
    )


def _matrix(names: tuple[str, ...], correlations: tuple[tuple[str, str, Interval], ...]) -> np.ndarray:
    values = np.eye(len(names))
    for one, other, found in correlations:
        i, j = names.index(one), names.index(other)
        values[i, j] = values[j, i] = np.nan if found.estimate is None else found.estimate
    return values


def _lower(names: tuple[str, ...], ratios: tuple[HtmtInterval, ...]) -> MatrixTable:
    values: list[list[float | None]] = [[None] * len(names) for _ in names]
    for each in ratios:
        i, j = sorted((names.index(each.first), names.index(each.second)), reverse=True)
        values[i][j] = defined(each.ratio.estimate)
    return MatrixTable(names, tuple(tuple(row) for row in values))


def _htmt_finding(each: HtmtInterval, labels: Mapping[str, str], say: Sentences) -> str:
    value = each.ratio.estimate
    if not value >= STRICT:
        return ""
    return say(
        "discriminant.htmt_lenient" if value >= LENIENT else "discriminant.htmt_strict",
        first=labels.get(each.first, each.first),
        second=labels.get(each.second, each.second),
        value=say.numbers.plain(value),
        interval=say.numbers.range(each.ratio.lower, each.ratio.upper),
        limit=say.numbers.plain(LENIENT if value >= LENIENT else STRICT),
    )


def _correlation_finding(each: tuple[str, str, Interval], labels: Mapping[str, str], say: Sentences) -> str:
    """Roenkkoe & Cho 2022 (doi:10.1177/1094428120968614) look at the upper limit of the latent correlation."""
    one, other, found = each
    if found.estimate is None or found.lower is None or found.upper is None:
        return ""
    highest = max(abs(found.lower), abs(found.upper))
    if highest < LENIENT:
        return ""
    return say(
        "discriminant.correlation",
        first=labels.get(one, one),
        second=labels.get(other, other),
        value=say.numbers.bounded(found.estimate),
        interval=say.numbers.range(found.lower, found.upper, bounded=True),
        limit=say.numbers.bounded(LENIENT),
    )
