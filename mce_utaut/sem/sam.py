"""Local structural-after-measurement estimation (Rosseel & Loh 2022, doi 10.1037/met0000503).

The measurement part is fitted first, block by block; the factors' covariances follow from it (maximum-likelihood
mapping, kept positive definite as Fuller 1987 has it); the regressions are fitted to these. Two-step standard
errors carry the uncertainty of the first step. The numbers are those of lavaan's ``sam`` with its defaults; only
where factors and observed predictors stand together are the standard errors slightly other, since lavaan 0.6-14 leaves
the covariances of the two out of the joint information.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.linalg import eigh

from mce_utaut.errors import NotEstimable, Problem, UsageError
from mce_utaut.notes import Note
from mce_utaut.sem.defaults import build_table
from mce_utaut.sem.discrepancy import Objective, objective_of
from mce_utaut.sem.estimates import Estimate, parameter_estimates
from mce_utaut.sem.estimators import DISCREPANCIES
from mce_utaut.sem.fit import Fit, Prepared, prepare
from mce_utaut.sem.information import inverse_information, unit_information
from mce_utaut.sem.matrices import group_matrices
from mce_utaut.sem.moments import SampleMoments, check_estimable
from mce_utaut.sem.options import FitOptions
from mce_utaut.sem.samples import Data
from mce_utaut.sem.syntax import ModelSyntax, Term
from mce_utaut.sem.table import ParameterTable
from mce_utaut.sem.two_step import (
    Measured,
    Parts,
    fit_blocks,
    fit_structure,
    measured,
    structural_names,
    take_apart,
)


@dataclass(frozen=True, slots=True)
class SamFit:
    """A local SAM fit.

    ``estimates`` of the structural part (standardised values included); ``covariances`` (k, k) of the structural
    variables ``names`` and ``reliabilities`` of the factors' scores per group; the fits of both parts; remarks.
    """

    estimates: tuple[Estimate, ...]
    names: tuple[str, ...]
    covariances: tuple[np.ndarray, ...]
    reliabilities: tuple[dict[str, float], ...]
    blocks: tuple[Fit, ...]
    structure: Fit
    notes: tuple[Note, ...]


def local_sam(
    model: str | ModelSyntax, data: Data, options: FitOptions = FitOptions(), blocks: Sequence[Sequence[str]] = ()  # noqa: B008
) -> SamFit:
    """The local SAM fit of a model with factors and regressions, complete data (ML) or incomplete (FIML).

    ``options.group_equal`` may hold ``loadings``, equal over groups in the first step. ``blocks`` lists the factors
    that are measured together; by default each is measured alone. Raises UsageError for
    what two-step estimation does not do here, NotEstimable where a block is not identified.
    """
    check_options(options)
    parts = take_apart(model, blocks)
    prepared = prepare(_full_syntax(parts), data, replace(options, fixed_x=False, meanstructure=None))
    for sample in prepared.samples:
        if options.missing != "fiml":
            check_estimable(sample)
    source = data if options.missing == "fiml" and isinstance(data, Mapping) else prepared.samples
    own = options if source is data else replace(options, group=None)
    fits, notes = fit_blocks(parts, source, own, prepared.samples)
    names = structural_names(parts)
    observed = prepared.samples[0].names
    total = sum(sample.n for sample in prepared.samples)
    moments, covariances, reliabilities = [], [], []
    for g, sample in enumerate(prepared.samples):
        step = measured(parts, fits, observed, names, g)
        corrected, of_scores = factor_covariance(step, sample.covariance, total)
        covariances.append(corrected)
        ratio = np.diag(corrected) / np.diag(of_scores)
        reliabilities.append({n: float(r) for n, r in zip(names, ratio, strict=True) if n not in observed})
        moments.append(SampleMoments(names, sample.n, None, corrected, label=sample.label))
    structure = fit_structure(parts, moments, options)
    structure = replace(structure, vcov_t=two_step_covariance(prepared, fits, structure))
    notes = [*prepared.notes, *notes, *dropped_notes(parts), *structure.notes]
    return SamFit(
        estimates=tuple(parameter_estimates(structure)),
        names=names,
        covariances=tuple(covariances),
        reliabilities=tuple(reliabilities),
        blocks=fits,
        structure=structure,
        notes=tuple(notes),
    )


def check_options(options: FitOptions) -> None:
    """Raises ``UsageError`` for options that two-step estimation does not know."""
    if options.ordered:
        raise UsageError("Two-step estimation is for items treated as continuous; leave --ordered out.")
    if options.estimator not in ("default", "ML") or options.se != "default" or options.cluster:
        raise UsageError("Two-step estimation uses ML with two-step standard errors; leave estimator and se out.")
    if options.std_lv:
        raise UsageError("Two-step estimation sets the scale of factors by a loading; leave std_lv out.")
    if set(options.group_equal) - {"loadings"}:
        raise UsageError(
            "Two-step estimation can hold loadings equal over groups, nothing else: leave the rest out of group_equal, "
            "and compare paths by their standard errors."
        )


def _full_syntax(parts: Parts) -> ModelSyntax:
    """The model without residual covariances over blocks, and with covariances of its exogenous variables written."""
    lost = {tuple(text.split(" ~~ ")) for text in parts.dropped}
    terms = [t for t in parts.syntax.terms if not (t.op == "~~" and (t.lhs, t.rhs) in lost)]
    x = parts.variables
    written = {frozenset((t.lhs, t.rhs)) for t in terms if t.op == "~~"}
    for a in x.observed_x:
        more = [b for b in x.latent_x if frozenset((a, b)) not in written]
        terms += [Term(b, "~~", a, (), 1, 1) for b in more]
    return replace(parts.syntax, terms=tuple(terms))


def dropped_notes(parts: Parts) -> list[Note]:
    """A note that names the residual covariances between blocks, none where there are none."""
    if not parts.dropped:
        return []
    text = (
        f"The residual covariances {', '.join(parts.dropped)} join items of different blocks and are left out; "
        "local SAM keeps them where their factors are measured in one block (sem --sam-block)."
    )
    return [Note("residual_covariances_left_out", text, "caution")]


def factor_covariance(step: Measured, covariance: np.ndarray, total: int) -> tuple[np.ndarray, np.ndarray]:
    """The covariances (k, k) of the structural variables freed of measurement error, and those of the scores.

    Where the difference would not be positive definite, less error is taken off (Fuller 1987, p. 193).
    """
    of_scores = step.weights @ covariance @ step.weights.T
    error = step.weights @ step.residual @ step.weights.T
    root = smallest_root(of_scores, error)
    share = root - 1 / (total - 1) if root < 1 + 1 / (total - 1) else 1.0
    corrected = of_scores - share * error
    return (corrected + corrected.T) / 2, of_scores


def smallest_root(matrix: np.ndarray, part: np.ndarray) -> float:
    """The smallest r with |matrix - r part| = 0, over the variables with a part of their own."""
    own = np.diag(part) > np.sqrt(np.finfo(float).eps)
    if not own.any():
        return 0.0 if len(part) else float("inf")
    inner = matrix[np.ix_(own, own)]
    if not own.all():
        cross = matrix[np.ix_(own, ~own)]
        inner = inner - cross @ np.linalg.solve(matrix[np.ix_(~own, ~own)], cross.T)
    try:
        return float(eigh(inner, part[np.ix_(own, own)], eigvals_only=True)[0])
    except np.linalg.LinAlgError as error:
        raise NotEstimable("The error covariances of the factor scores are not positive definite.") from error


def two_step_covariance(prepared: Prepared, fits: Sequence[Fit], structure: Fit) -> np.ndarray:
    """The covariance of the structural parameters ``structure.t``: I22^-1 / N + I22^-1 I21 S11 I12 I22^-1."""
    table = build_table(prepared.syntax, prepared.settings)
    x = np.zeros(len(table.free_rows))
    known = _values_by_row([*fits, structure])
    for at, i in enumerate(table.free_rows):
        x[at] = known[_key(table, i)]
    pivots = pivot_rows(table)
    objective = _joint(prepared, table)
    t = x[pivots]
    information = unit_information(objective, t, prepared.inference.information)
    keys = [_key(table, table.free_rows[row]) for row in pivots]
    first, sigma = _first_step(keys, fits)
    second = _second_step(keys, structure)
    I22 = inverse_information(information[np.ix_(second, second)])
    cross = I22 @ information[np.ix_(second, first)]
    total = sum(sample.n for sample in prepared.samples)
    return I22 / total + cross @ sigma @ cross.T


def _joint(prepared: Prepared, table: ParameterTable) -> Objective:
    parts = [DISCREPANCIES[prepared.inference.discrepancy](s, prepared.options) for s in prepared.samples]
    return objective_of(table, [group_matrices(table, g) for g in range(len(table.groups))], parts)


def pivot_rows(table: ParameterTable) -> np.ndarray:
    """For each estimated parameter the free row (index into x) that it equals."""
    pivots = []
    for j in range(table.n_free):
        alone = (table.K[:, j] == 1.0) & (np.abs(table.K).sum(axis=1) == 1.0) & (table.k0 == 0.0)
        pivots.append(int(np.flatnonzero(alone)[0]))
    return np.array(pivots, dtype=int)


def _key(table: ParameterTable, i: int) -> tuple[str, str, str, int]:
    row = table.rows[i]
    pair = sorted((row.lhs, row.rhs)) if row.op == "~~" else [row.lhs, row.rhs]
    return pair[0], row.op, pair[1], row.group


def _values_by_row(fits: Sequence[Fit]) -> dict[tuple[str, str, str, int], float]:
    """The value of each row; the structural part, coming last, wins over the blocks."""
    known = {}
    for fit in fits:
        for i, value in enumerate(fit.estimates):
            known[_key(fit.table, i)] = float(value)
    return known


def _first_step(keys: Sequence[tuple], fits: Sequence[Fit]) -> tuple[np.ndarray, np.ndarray]:
    """The places of the measurement parameters among the joint ones, and their covariance from the blocks."""
    place = {key: j for j, key in enumerate(keys)}
    places: list[int] = []
    blocks: list[np.ndarray] = []
    for fit in fits:
        table = fit.table
        at, rows = [], []
        for row, i in enumerate(table.free_rows):
            entry = table.rows[i]
            if entry.lhs in table.latent and entry.op == "~~":
                continue
            j = place.get(_key(table, i))
            if j is not None:
                at.append(j)
                rows.append(row)
        K = table.K[rows]
        if fit.vcov_t is None:
            what = "The measurement part has no standard errors: its information is singular."
            raise NotEstimable(Problem(what, code="no_standard_errors"))
        places += at
        blocks.append(K @ fit.vcov_t @ K.T)
    sigma = np.zeros((len(places), len(places)))
    start = 0
    for block in blocks:
        sigma[start : start + len(block), start : start + len(block)] = block
        start += len(block)
    return np.array(places, dtype=int), sigma


def _second_step(keys: Sequence[tuple], structure: Fit) -> list[int]:
    """The places of the structural fit's parameters, in its own order, among the joint ones."""
    place = {key: j for j, key in enumerate(keys)}
    table = structure.table
    return [place[_key(table, table.free_rows[row])] for row in pivot_rows(table)]

