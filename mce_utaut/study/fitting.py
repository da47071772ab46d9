"""One fit of one model: from text and columns to the result's form, refusals in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from mce_utaut.errors import MceError, NotConverged, NotEstimable, UsageError
from mce_utaut.notes import Note
from mce_utaut.sem.as_json import fit_to_json
from mce_utaut.sem.fit import Fit, fit_model
from mce_utaut.sem.options import FitOptions
from mce_utaut.study.config import StudyConfig
from mce_utaut.study.json_form import plain
from mce_utaut.study.model_data import ModelData
from mce_utaut.study.result import ModelFit

Variant = Literal["cfa", "structural"]


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """A model that was tried: ``fit`` is None where it could not be estimated, and then ``failure`` is
    "refused" or "not_converged" and ``error`` says why. ``record`` is what goes into the result."""

    fit: Fit | None
    record: ModelFit
    failure: Literal["", "refused", "not_converged"] = ""
    error: MceError | None = None

    @property
    def usable(self) -> bool:
        """Whether the estimates may be interpreted: converged and proper."""
        return self.fit is not None and self.fit.converged and self.fit.proper


def options_for(config: StudyConfig) -> FitOptions:
    """The estimation that a study asks for."""
    return FitOptions(
        estimator=config.estimator,
        engine=config.engine,
        missing=config.missing,
        ordered=("all",) if config.estimator == "WLSMV" else (),
        level=config.confidence,
        seed=config.seed,
    )


def try_fit(
    text: str,
    data: ModelData,
    options: FitOptions,
    *,
    name: str,
    variant: Variant,
    analysis: str,
) -> Fitted:
    """The fit of ``text`` to ``data``, or why there is none. Listwise fits get complete rows only. Where
    semopy cannot express the model the native engine fits it, and a note says so."""
    listwise = options.missing == "listwise"
    columns: Mapping[str, np.ndarray] = data.listwise() if listwise else data.columns
    record = ModelFit(
        name=name,
        variant=variant,
        analysis=analysis,
        syntax=text,
        n_before=data.n_before,
        n=data.count(options.missing),
        fit=None,
        refusal="",
    )
    more: tuple[Note, ...] = ()
    try:
        try:
            fit = fit_model(text, columns, options)
        except UsageError as error:
            if options.engine != "semopy":
                raise
            fit = fit_model(text, columns, replace(options, engine="native"))
            more = (Note("engine_not_applicable", _flat(error), "info", name),)
    except NotConverged as error:
        return Fitted(None, replace(record, refusal=_flat(error)), "not_converged", error)
    except NotEstimable as error:
        return Fitted(None, replace(record, refusal=_flat(error)), "refused", error)
    form: dict[str, Any] = plain(fit_to_json(fit))
    notes: tuple[Note, ...] = (*fit.notes, *more)
    return Fitted(fit, replace(record, fit=form, n=fit.total, notes=notes))


def row_covariance(fit: Fit) -> tuple[list[tuple[str, str, str]], np.ndarray]:
    """The free parameters of a one-group fit as (lhs, op, rhs), and the covariance (q, q) of their
    estimates."""
    table = fit.table
    names = [(table.rows[i].lhs, table.rows[i].op, table.rows[i].rhs) for i in table.free_rows]
    if fit.vcov_t is None:
        return names, np.full((len(names), len(names)), np.nan)
    return names, table.K @ fit.vcov_t @ table.K.T


def parameters(record: ModelFit, op: str) -> list[Mapping[str, Any]]:
    """The rows of a fit with the operator ``op``; none where there is no fit."""
    if record.fit is None:
        return []
    return [row for row in record.fit["parameters"] if row["op"] == op]


def _flat(error: MceError) -> str:
    return " ".join(str(error).split())
