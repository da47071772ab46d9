"""A ``Fit`` as plain dicts and lists for JSON (null where undefined)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from math import isfinite

import numpy as np

from mce_utaut.sem.bootstrap import bootstrap
from mce_utaut.sem.bootstrap_intervals import bootstrap_intervals
from mce_utaut.sem.estimates import parameter_estimates
from mce_utaut.sem.fit import Fit
from mce_utaut.sem.fit_indices import fit_indices
from mce_utaut.sem.reference import cluster_counts, reference_of
from mce_utaut.sem.standardise import r_squared


def fit_to_json(fit: Fit, *, processes: int = 1, progress: Callable[[int, int], None] | None = None) -> dict:
    """The fit in the schema of the ``sem`` command.

    Where the options ask for bootstrap replicates, they are drawn here (in ``processes`` processes, telling
    ``progress`` how many are done), standard errors and limits are theirs, and ``bootstrap`` says how many
    could be used.

    ``groups`` [{label, n, chisq}], what each adds to the chi-square; ``clusters`` their numbers of clusters; ``n``
    total; ``parameters`` with ``free`` 0 for fixed rows and equal numbers for tied ones; ``fit`` under lavaan's names
    with ``_`` for ``.``; ``r2`` {group number: {variable}}.
    """
    counts = ("df", "npar", "ntotal", "baseline_df")
    measures = {
        name: int(value) if name in counts else _number(value) for name, value in fit_indices(fit).items()
    }
    drawn, intervals = {}, None
    if fit.options.bootstrap:
        replicates = bootstrap(
            fit, fit.options.bootstrap, fit.options.seed, processes=processes, progress=progress
        )
        intervals = bootstrap_intervals(fit, replicates, fit.options.bootstrap_interval)
        drawn = {
            "bootstrap": {
                "replicates": intervals.asked,
                "converged": intervals.used,
                "improper": intervals.improper,
                "interval": fit.options.bootstrap_interval,
                "seed": fit.options.seed,
            }
        }
    return {
        "model": fit.syntax.text,
        "estimator": fit.options.estimator,
        "engine": fit.options.engine,
        "missing": fit.options.missing,
        "se": "bootstrap" if drawn else fit.inference.se,
        "test": fit.inference.test,
        "information": fit.inference.information,
        "reference": fit.options.reference,
        "reference_df": reference_of(fit.options, fit.samples).df,
        "likelihood": fit.options.likelihood,
        "parameterization": fit.options.parameterization if fit.table.ordered else None,
        "ordered": list(fit.table.ordered),
        "group": fit.options.group,
        "cluster": fit.options.cluster,
        "clusters": list(cluster_counts(fit.samples)),
        "meanstructure": fit.table.meanstructure,
        "n": fit.total,
        "groups": [
            {"label": sample.label, "n": sample.n, "chisq": _number(chisq)}
            for sample, chisq in zip(fit.samples, _contributions(fit), strict=True)
        ],
        "converged": fit.converged,
        "iterations": fit.solution.iterations,
        "proper": fit.proper,
        "parameters": [
            {
                name: _number(value) if isinstance(value, float) else value
                for name, value in row._asdict().items()
            }
            for row in parameter_estimates(fit, intervals)
        ],
        "fit": measures,
        **drawn,
        "r2": {
            str(number): {
                name: _number(value) for name, value in r_squared(group, implied, fit.table, number).items()
            }
            for number, (group, implied) in enumerate(
                zip(fit.objective.groups, fit.implied, strict=True), start=1
            )
        },
        "notes": [asdict(note) for note in fit.notes],
    }


def _contributions(fit: Fit) -> np.ndarray:
    """What each group adds to the chi-square (G,)."""
    return fit.multiplier * fit.objective.weights * fit.objective.group_values(fit.t)


def _number(value: float) -> float | None:
    return float(value) if isfinite(value) else None
