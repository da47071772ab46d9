"""``fit_model``: model text + data + options -> ``Fit``, the one object that everything else reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from mce_utaut.errors import NotConverged, NotEstimable, Problem, UsageError
from mce_utaut.notes import Note
from mce_utaut.sem.baseline import baseline_objective, baseline_start, independence_test
from mce_utaut.sem.default_rules import ModelSettings
from mce_utaut.sem.defaults import build_table
from mce_utaut.sem.discrepancy import Objective, objective_of
from mce_utaut.sem.engines.semopy import semopy_start
from mce_utaut.sem.estimators import DISCREPANCIES, divides_by_n_minus_one
from mce_utaut.sem.fiml_baseline import fiml_baseline
from mce_utaut.sem.incomplete import available_moments
from mce_utaut.sem.information import loose_parameters
from mce_utaut.sem.matrices import Implied, group_matrices
from mce_utaut.sem.moments import SampleMoments, check_estimable
from mce_utaut.sem.nonlinear_constraints import tangent_at_minimum
from mce_utaut.sem.optimise import Solution, minimise
from mce_utaut.sem.options import FitOptions, Inference, inference_of, resolved
from mce_utaut.sem.ordinal_fit import ordinal_baseline
from mce_utaut.sem.proper import improper_notes
from mce_utaut.sem.samples import Data, collect_samples, given_moments
from mce_utaut.sem.search import about_loose, search
from mce_utaut.sem.starts import reduced, start_values, without_covariances
from mce_utaut.sem.syntax import ModelSyntax, parse_syntax
from mce_utaut.sem.table import ParameterTable
from mce_utaut.sem.tests_of_fit import TestOfFit, moment_count, test_of_fit
from mce_utaut.sem.variables import Variables, classify, thresholds_written
from mce_utaut.sem.vcov import covariance_of_estimates


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted model.

    ``table`` has its exogenous moments filled in; ``t`` (n_free,) are the estimated parameters, ``vcov_t``
    (n_free, n_free) their covariance matrix (None when not asked for or not available); ``implied``,
    ``samples`` and ``groups`` run over the groups. ``proper`` is False for Heywood cases and matrices that are not
    positive definite (then ``notes`` say which). ``baseline_objective`` and ``baseline_t`` are None where the
    baseline's test has a closed form (ordered variables, plain ML). ``total`` is the number of cases, ``multiplier``
    what F is multiplied with to give the chi-square.
    """

    syntax: ModelSyntax
    options: FitOptions
    inference: Inference
    objective: Objective
    samples: tuple[SampleMoments, ...]
    solution: Solution
    vcov_t: np.ndarray | None
    implied: tuple[Implied, ...]
    test: TestOfFit
    baseline: TestOfFit
    baseline_objective: Objective | None
    baseline_t: np.ndarray | None
    proper: bool
    notes: tuple[Note, ...]
    total: int
    multiplier: float

    @property
    def table(self) -> ParameterTable:
        """The parameter table."""
        return self.objective.table

    @property
    def t(self) -> np.ndarray:
        """The estimated parameters (n_free,)."""
        return self.solution.t

    @property
    def x(self) -> np.ndarray:
        """The values of the free rows (q,)."""
        return self.table.expand(self.t)

    @property
    def estimates(self) -> np.ndarray:
        """The value of every row of the table (rows,)."""
        values = self.table.row_values(self.x)
        if not self.table.ordered:
            return values
        for i, row in enumerate(self.table.rows):
            if row.computed:
                index = self.table.observed.index(row.lhs)
                values[i] = self.implied[row.group - 1].S[index, index]
            elif row.op == "~*~" and self.table.parameterization == "theta":
                values[i] = self.implied[row.group - 1].scale[self.table.observed.index(row.lhs)]
        return values

    @property
    def standard_errors(self) -> np.ndarray:
        """The standard error of every row (rows,); nan for fixed rows."""
        out = np.full(len(self.table.rows), np.nan)
        if self.vcov_t is not None:
            K, V = self.table.K, self.vcov_t
            variances = ((K @ V) * K).sum(axis=1) if self.table.is_constrained else np.diag(V)
            out[self.table.free_rows] = np.sqrt(np.maximum(variances, 0.0))
        return out

    @property
    def converged(self) -> bool:
        """Whether the optimiser reached a minimum."""
        return self.solution.converged


@dataclass(frozen=True, slots=True)
class Prepared:
    """A model and data ready to be fitted: one or several tables can be fitted to the same ``samples``."""

    syntax: ModelSyntax
    options: FitOptions
    inference: Inference
    settings: ModelSettings
    variables: Variables
    samples: tuple[SampleMoments, ...]
    notes: tuple[Note, ...]


def fit_model(model: str | ModelSyntax, data: Data, options: FitOptions = FitOptions()) -> Fit:  # noqa: B008
    """The fit of a lavaan model to data.

    ``data`` maps column names to arrays (floats with nan as missing; group and cluster columns of any kind), or is
    ``SampleMoments`` (one, or one per group). Raises SyntaxProblem, UsageError, UserMistake (columns),
    NotEstimable (hopeless data, model not identified) and NotConverged.
    """
    prepared = prepare(model, data, options)
    return fit_table(prepared, build_table(prepared.syntax, prepared.settings, prepared.variables))


def prepare(model: str | ModelSyntax, data: Data, options: FitOptions = FitOptions()) -> Prepared:  # noqa: B008
    """The sample statistics of the data for the model, and what the options mean; raises as ``fit_model``."""
    syntax = parse_syntax(model) if isinstance(model, str) else model
    given = given_moments(data)
    variables = classify(syntax.terms)
    options = resolved(options, thresholds_written(syntax.terms))
    if options.group_equal and not options.group and len(given or ()) < 2:
        raise UsageError("group_equal needs a group variable.")
    inference = inference_of(
        options, has_data=given is None or all(sample.data is not None for sample in given)
    )
    conditional = _is_conditional(variables, options)
    fixed = variables.observed_x if inference.fixed_x or conditional else ()
    collected = collect_samples(data, variables, options, fixed)
    samples = collected.groups
    for sample in samples:
        if sample.ordinal is None:
            check_estimable(sample)
    settings = ModelSettings(
        groups=tuple(sample.label for sample in samples),
        meanstructure=_has_means(syntax, options, samples),
        std_lv=options.std_lv,
        fixed_x=inference.fixed_x or conditional,
        conditional=conditional,
        orthogonal=options.orthogonal,
        intercepts_free=not options.growth,
        latent_means_free=options.growth,
        thresholds={name: len(levels) - 1 for name, levels in collected.levels.items()},
        parameterization=options.parameterization,
        group_equal=options.group_equal,
        group_partial=options.group_partial,
    )
    return Prepared(syntax, options, inference, settings, variables, samples, collected.notes)


def fit_table(prepared: Prepared, table: ParameterTable, near: Fit | None = None) -> Fit:
    """The fit of one parameter table of a prepared model; raises as ``fit_model``.

    ``near`` is a fit of another table to the same samples: its estimates are start values where they are better than
    the usual ones, and its baseline is taken over.
    """
    syntax, samples, options = prepared.syntax, prepared.samples, prepared.options
    inference = prepared.inference
    if table.meanstructure and any(sample.mean is None for sample in samples):
        raise UsageError("The model has means, but the sample statistics have none.")
    parts = [DISCREPANCIES[inference.discrepancy](sample, options) for sample in samples]
    less_one = divides_by_n_minus_one(inference.discrepancy, options)
    moments_used = [replace(s, covariance=s.unbiased_covariance) if less_one else s for s in samples]
    table = table.with_exogenous(moments_used)
    objective = objective_of(table, [group_matrices(table, g) for g in range(len(samples))], parts, less_one)
    total = sum(sample.n for sample in samples)
    multiplier = float(total - len(samples)) if less_one else float(total)
    _check_count(objective, samples)
    # lavaan weights the groups of a Wishart likelihood by n_g in the search and by n_g - 1 in the test
    searched = objective.by_cases() if inference.discrepancy == "ML" else objective
    start = _start(searched, samples, options, near)
    if table.nonlinear:
        table, start = tangent_at_minimum(searched, start)
        objective, searched = replace(objective, table=table), replace(searched, table=table)
    solution = search(searched, samples, start)
    if near is not None and near.samples is samples:
        baseline = _Baseline(near.baseline, near.baseline_objective, near.baseline_t)
    else:
        baseline = _baseline(objective, moments_used, inference, multiplier)
    test = test_of_fit(objective, solution.t, inference.test, inference.test_information, multiplier)
    implied = tuple(objective.implied(solution.t))
    improper = improper_notes(table, objective.groups, implied)
    notes = [*prepared.notes, *_size_notes(objective, total), *improper]
    return Fit(
        syntax=syntax,
        options=options,
        inference=inference,
        objective=objective,
        samples=samples,
        solution=solution,
        vcov_t=covariance_of_estimates(objective, solution.t, inference, multiplier),
        implied=implied,
        test=test,
        baseline=baseline.test,
        baseline_objective=baseline.objective,
        baseline_t=baseline.t,
        proper=not improper,
        notes=tuple(notes),
        total=total,
        multiplier=multiplier,
    )


def _start(
    objective: Objective, samples: Sequence[SampleMoments], options: FitOptions, near: Fit | None
) -> np.ndarray:
    start = start_values(objective.table, samples)
    if options.engine == "semopy":
        start = semopy_start(objective.table, samples, options)
    if not np.isfinite(objective.value(start)):
        start = without_covariances(objective.table, start)
    if not np.isfinite(objective.value(start)):
        raise NotConverged(
            "The start values give a covariance matrix that is not positive definite. Give other start values, start()."
        )
    return start if near is None else _nearer(objective, start, near)


def _nearer(objective: Objective, start: np.ndarray, near: Fit) -> np.ndarray:
    """The estimates of another fit, row by row, where F is lower there than at ``start`` (n_free,)."""
    table = objective.table
    known = {
        (row.lhs, row.op, row.rhs, row.group): value
        for row, value in zip(near.table.rows, near.estimates, strict=True)
    }
    x = table.expand(start)
    for at, i in enumerate(table.free_rows):
        row = table.rows[i]
        x[at] = known.get((row.lhs, row.op, row.rhs, row.group), x[at])
    other = reduced(table, x)
    return other if objective.value(other) < objective.value(start) else start


@dataclass(frozen=True, slots=True)
class _Baseline:
    """The baseline model's test, and its objective and estimates where it was minimised."""

    test: TestOfFit
    objective: Objective | None
    t: np.ndarray | None


def _baseline(
    objective: Objective, samples: Sequence[SampleMoments], inference: Inference, multiplier: float
) -> _Baseline:
    if objective.table.ordered:
        return _Baseline(ordinal_baseline(objective, inference.test), None, None)
    if inference.discrepancy == "ML" and inference.test == "standard":
        return _Baseline(independence_test(objective, samples, multiplier), None, None)
    if inference.discrepancy == "FIML":
        samples = [available_moments(sample) for sample in samples]
    lower = baseline_objective(objective, samples)
    if inference.discrepancy == "FIML" and set(lower.table.exogenous) <= set(lower.table.fixed_exogenous):
        test = fiml_baseline(lower, inference)
        return _Baseline(test, lower, baseline_start(lower.table, samples))
    t = baseline_start(lower.table, samples)
    t = t if inference.discrepancy == "ML" else minimise(lower, t).t
    test = test_of_fit(lower, t, inference.test, inference.test_information, multiplier)
    return _Baseline(test, lower, t)


def _is_conditional(variables: Variables, options: FitOptions) -> bool:
    """Whether ordered data are modelled given the exogenous variables (lavaan's conditional.x)."""
    if not options.ordered or options.fixed_x is False or not variables.observed_x:
        return False
    both = sorted(set(options.ordered) & set(variables.observed_x))
    if both:
        raise UsageError(
            f"{', '.join(both)} cannot be ordered and exogenous at once: take exogenous variables as numbers, or "
            "code their categories as 0 and 1."
        )
    return True


def _check_count(objective: Objective, samples: Sequence[SampleMoments]) -> None:
    moments, free = moment_count(objective), objective.table.n_free - len(objective.table.nonlinear)
    if free > moments:
        what = (
            f"The model is not identified: it has {free} free parameters, but the data only {moments} "
            "variances, covariances and means to estimate them from."
        )
        values = (("free", free), ("moments", moments))
        problem = Problem(what, "Fix parameters or add indicators.", code="too_many_free", values=values)
        start = start_values(objective.table, samples)
        loose = loose_parameters(objective, start) if np.isfinite(objective.value(start)) else []
        raise NotEstimable([problem, *about_loose(objective.table, loose, at_start=True)])


def _size_notes(objective: Objective, total: int) -> list[Note]:
    free = objective.table.n_free
    if total >= free:
        return []
    text = f"There are fewer cases ({total}) than free parameters ({free})."
    return [Note("few_cases", text, "caution", values=(("total", total), ("free", free)))]


def _has_means(syntax: ModelSyntax, options: FitOptions, samples: Sequence[SampleMoments]) -> bool:
    if options.meanstructure is not None:
        if not options.meanstructure and any(term.op == "~1" for term in syntax.terms):
            raise UsageError("The model has intercepts, so meanstructure cannot be off.")
        return options.meanstructure
    if any(term.op == "~1" for term in syntax.terms) or options.cluster or options.growth:
        return True
    if options.missing == "fiml" or options.ordered:
        return True
    given = any(sample.data is None for sample in samples)  # means that are given without data are to be modelled
    return (given or len(samples) > 1) and all(sample.mean is not None for sample in samples)
