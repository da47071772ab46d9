"""A ``Fit`` as plain dicts and lists for JSON (null where undefined)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from math import isfinite
from typing import Any

import numpy as np

from mce_utaut.sem.bootstrap import bootstrap
from mce_utaut.sem.bootstrap_intervals import BootstrapIntervals, bootstrap_intervals
from mce_utaut.sem.estimates import parameter_estimates
from mce_utaut.sem.fit import Fit
from mce_utaut.sem.fit_indices import fit_indices
from mce_utaut.sem.reference import cluster_counts, reference_of
from mce_utaut.sem.standardise import r_squared

_COUNTS = ("df", "npar", "ntotal", "baseline_df")


def fit_to_json(fit: Fit, *, processes: int = 1, progress: Callable[[int, int], None] | None = None) -> dict:
    """The fit in the schema of the ``sem`` command.

    Where the options ask for bootstrap replicates, they are drawn here (in ``processes`` processes, telling
    ``progress`` how many are done), standard errors and limits are theirs, and ``bootstrap`` says how many
    could be used.

    ``groups`` [{label, n, chisq}], what each adds to the chi-square; ``clusters`` their numbers of clusters; ``n``
    total; ``parameters`` with ``free`` 0 for fixed rows and equal numbers for tied ones; ``fit`` under lavaan's names
    with ``_`` for ``.``; ``r2`` {group number: {variable}}.
    """
    intervals = None
    if fit.options.bootstrap:
        drawn = bootstrap(fit, fit.options.bootstrap, fit.options.seed, processes=processes, progress=progress)
        intervals = bootstrap_intervals(fit, drawn, fit.options.bootstrap_interval)
    return {
        **_asked(fit, "bootstrap" if intervals else fit.inference.se),
        "n": fit.total,
        "groups": [
            {"label": sample.label, "n": sample.n, "chisq": _number(chisq)}
            for sample, chisq in zip(fit.samples, _contributions(fit), strict=True)
        ],
        "converged": fit.converged,
        "iterations": fit.solution.iterations,
        "proper": fit.proper,
        "parameters": [_numbers(row._asdict()) for row in parameter_estimates(fit, intervals)],
        "fit": {
            name: int(value) if name in _COUNTS else _number(value) for name, value in fit_indices(fit).items()
        },
        **({} if intervals is None else {"bootstrap": _drawn(fit, intervals)}),
        "r2": {
            str(number): _numbers(r_squared(group, implied, fit.table, number))
            for number, (group, implied) in enumerate(zip(fit.objective.groups, fit.implied, strict=True), start=1)
        },
        "notes": [asdict(note) for note in fit.notes],
    }


def _asked(fit: Fit, errors: str) -> dict:
    """What was fitted and how, with standard errors of the kind ``errors``."""
    options = fit.options
    return {
        "model": fit.syntax.text,
        "estimator": options.estimator,
        "engine": options.engine,
        "missing": options.missing,
        "se": errors,
        "test": fit.inference.test,
        "information": fit.inference.information,
        "reference": options.reference,
        "reference_df": reference_of(options, fit.samples).df,
        "likelihood": options.likelihood,
        "parameterization": options.parameterization if fit.table.ordered else None,
        "ordered": list(fit.table.ordered),
        "group": options.group,
        "cluster": options.cluster,
        "clusters": list(cluster_counts(fit.samples)),
        "meanstructure": fit.table.meanstructure,
    }


def _drawn(fit: Fit, intervals: BootstrapIntervals) -> dict:
    """How many replicates were asked for and could be used."""
    return {
        "replicates": intervals.asked,
        "converged": intervals.used,
        "improper": intervals.improper,
        "interval": fit.options.bootstrap_interval,
        "seed": fit.options.seed,
    }


def _numbers(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _number(value) if isinstance(value, float) else value for name, value in row.items()}


def _contributions(fit: Fit) -> np.ndarray:
    """What each group adds to the chi-square (G,)."""
    return fit.multiplier * fit.objective.weights * fit.objective.group_values(fit.t)


def _number(value: float) -> float | None:
    return float(value) if isfinite(value) else None
