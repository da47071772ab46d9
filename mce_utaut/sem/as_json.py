"""A ``Fit`` as plain dicts and lists for JSON (null where undefined)."""

from __future__ import annotations

from dataclasses import asdict
from math import isfinite

from mce_utaut.sem.estimates import parameter_estimates
from mce_utaut.sem.fit import Fit
from mce_utaut.sem.fit_indices import fit_indices
from mce_utaut.sem.standardise import r_squared


def fit_to_json(fit: Fit) -> dict:
    """The fit in the schema of the ``sem`` command.

    ``groups`` [{label, n}]; ``n`` total; ``parameters`` with ``free`` 0 for fixed rows and equal numbers for
    tied ones; ``fit`` under lavaan's names with ``_`` for ``.``; ``r2`` {group number: {variable}}.
    """
    counts = ("df", "npar", "ntotal", "baseline_df")
    measures = {
        name: int(value) if name in counts else _number(value) for name, value in fit_indices(fit).items()
    }
    return {
        "model": fit.syntax.text,
        "estimator": fit.options.estimator,
        "engine": fit.options.engine,
        "missing": fit.options.missing,
        "se": fit.inference.se,
        "test": fit.inference.test,
        "information": fit.inference.information,
        "likelihood": fit.options.likelihood,
        "meanstructure": fit.table.meanstructure,
        "n": fit.total,
        "groups": [{"label": sample.label, "n": sample.n} for sample in fit.samples],
        "converged": fit.converged,
        "iterations": fit.solution.iterations,
        "proper": fit.proper,
        "parameters": [
            {
                name: _number(value) if isinstance(value, float) else value
                for name, value in asdict(row).items()
            }
            for row in parameter_estimates(fit)
        ],
        "fit": measures,
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


def _number(value: float) -> float | None:
    return float(value) if isfinite(value) else None
