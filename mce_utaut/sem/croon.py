"""Factor-score regression with Croon's correction (Croon 2002; Devlieger, Mayer & Rosseel 2016, doi
10.1177/0013164415607618).

Bartlett scores of each factor, their covariances freed of measurement error, then the regressions. The standard errors
add the uncertainty of the correction to that of the regressions, as lavaan's ``fsr`` has them: each score is
a single indicator of its factor with the error variance and the scale that the first step gives, whose own uncertainty
comes from observed information.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from mce_utaut.errors import NotEstimable, Problem, UsageError
from mce_utaut.notes import Note
from mce_utaut.sem.estimates import Estimate, parameter_estimates
from mce_utaut.sem.fit import Fit, prepare
from mce_utaut.sem.information import inverse_information
from mce_utaut.sem.matrices import implied_moments
from mce_utaut.sem.moment_derivatives import moment_derivatives
from mce_utaut.sem.moments import SampleMoments, check_estimable
from mce_utaut.sem.options import FitOptions
from mce_utaut.sem.sam import check_options, dropped_notes
from mce_utaut.sem.samples import Data
from mce_utaut.sem.syntax import ModelSyntax
from mce_utaut.sem.two_step import Measured, fit_blocks, fit_structure, measured, structural_names, take_apart


@dataclass(frozen=True, slots=True)
class CroonFit:
    """A Croon-corrected factor-score regression: estimates, the corrected covariance (k, k) of ``names``, both fits."""

    estimates: tuple[Estimate, ...]
    names: tuple[str, ...]
    covariance: np.ndarray
    blocks: tuple[Fit, ...]
    structure: Fit
    notes: tuple[Note, ...]


def croon_regression(model: str | ModelSyntax, data: Data, options: FitOptions = FitOptions()) -> CroonFit:  # noqa: B008
    """The factor-score regression of a model with factors, one group, complete cases.

    Raises UsageError for groups and incomplete data, NotEstimable where a measurement part is not identified or the
    corrected covariance matrix is not positive definite.
    """
    check_options(options)
    if options.group or options.missing == "fiml":
        raise UsageError("Croon's correction is for one group and complete cases; use SAM for more.")
    parts = take_apart(model)
    prepared = prepare(parts.syntax, data, replace(options, fixed_x=False, meanstructure=None))
    if len(prepared.samples) > 1:
        raise UsageError("Croon's correction is for one group; use SAM for more.")
    sample = prepared.samples[0]
    check_estimable(sample)
    fits, notes = fit_blocks(parts, prepared.samples, replace(options, information="observed"), prepared.samples)
    names = structural_names(parts)
    step = measured(parts, fits, sample.names, names, 0)
    error = np.diag(step.weights @ step.residual @ step.weights.T)
    corrected = step.weights @ sample.covariance @ step.weights.T - np.diag(error)
    if np.linalg.eigvalsh(corrected)[0] < np.finfo(float).eps ** 0.75:
        what = (
            "The covariance matrix of the factors is not positive definite after the correction: the factors are too "
            "unreliable, or too alike, for so few cases."
        )
        raise NotEstimable(Problem(what, "Local SAM keeps it positive definite.", code="croon_not_positive"))
    structure = fit_structure(parts, [SampleMoments(names, sample.n, None, corrected)], options)
    structure = replace(structure, vcov_t=_covariance(structure, fits, step, sample))
    return CroonFit(
        estimates=tuple(parameter_estimates(structure)),
        names=names,
        covariance=corrected,
        blocks=fits,
        structure=structure,
        notes=(*prepared.notes, *notes, *dropped_notes(parts), *structure.notes),
    )


def _covariance(structure: Fit, fits: Sequence[Fit], step: Measured, sample: SampleMoments) -> np.ndarray:
    """I33^-1 + I33^-1 I32 S2 I23 I33^-1, S2 the covariance of error variances and scales of the scores."""
    implied = implied_moments(structure.objective.groups[0], structure.x)
    order = [step.names.index(name) for name in structure.table.observed]
    error = np.diag(step.weights @ step.residual @ step.weights.T)[order]
    total = implied.covariance + np.diag(error)
    derivatives = moment_derivatives(structure.objective.groups[0], implied)
    U, V = derivatives.U, derivatives.V
    by_path = np.einsum("iq,jq->qij", U, V)
    slopes = [*np.einsum("tq,qij->tij", structure.table.K.T, by_path + np.swapaxes(by_path, 1, 2))]
    latent = [i for i, name in enumerate(structure.table.observed) if name not in sample.names]
    unit = np.eye(len(total))
    slopes += [np.outer(unit[k], unit[k]) for k in latent]
    slopes += [np.outer(unit[k], total[k]) + np.outer(total[k], unit[k]) for k in latent]
    P = np.linalg.inv(total)
    weighted = [P @ slope for slope in slopes]
    information = 0.5 * sample.n * np.array([[(a * b.T).sum() for b in weighted] for a in weighted])
    own = structure.table.n_free
    bread = inverse_information(information[:own, :own])
    factors = [structure.table.observed[k] for k in latent]
    middle = _score_covariance(fits, step, sample, factors)
    cross = bread @ information[:own, own:]
    return bread + cross @ middle @ cross.T


def _score_covariance(
    fits: Sequence[Fit], step: Measured, sample: SampleMoments, factors: Sequence[str]
) -> np.ndarray:
    """The covariance (2 k, 2 k) of all error variances, then all scales, from each block's parameters.

    With a = the score weights, l the loadings: the error variance a'Ta / (a'l)^2 and the scale a'l, a held fixed.
    """
    k = len(factors)
    out = np.zeros((2 * k, 2 * k))
    for fit in fits:
        factor = fit.table.latent[0]
        at = factors.index(factor)
        weights = step.weights[step.names.index(factor)]
        own = {name: weights[sample.names.index(name)] for name in fit.table.observed}
        theta = fit.implied[0].S[: len(own), : len(own)]
        a = np.array([own[name] for name in fit.table.observed])
        error = a @ theta @ a
        slopes = np.zeros((2, len(fit.table.free_rows)))
        for row, i in enumerate(fit.table.free_rows):
            entry = fit.table.rows[i]
            if entry.op == "=~":
                slopes[:, row] = -2 * error * own[entry.rhs], own[entry.rhs]
            elif entry.op == "~~" and entry.lhs in own:
                slopes[0, row] = own[entry.lhs] * own[entry.rhs] * (1 if entry.lhs == entry.rhs else 2)
        if fit.vcov_t is None:
            what = f"The measurement part of {factor} has no standard errors."
            raise NotEstimable(Problem(what, code="no_standard_errors"))
        here = slopes @ fit.table.K @ fit.vcov_t @ fit.table.K.T @ slopes.T
        out[np.ix_([at, k + at], [at, k + at])] = here
    return out
