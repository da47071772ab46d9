"""What R needs to re-estimate a model without the answers: the moments of the complete rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mce_utaut.study.model_data import ModelData
from mce_utaut.study.result import ModelFit, Moments
from mce_utaut.study.structure import ML_COMPLETE, PRIMARY


def with_moments(record: ModelFit, primary: str, data: ModelData, limit: int) -> ModelFit:
    """``record`` with the moments that it was estimated from, if it is the structural model of the name ``primary``
    fitted by ML to the complete rows of ``data`` (as main analysis or beside it); else as it is."""
    by_ml = record.fit is not None and (record.fit["estimator"], record.fit["missing"]) == ("ML", "listwise")
    if not by_ml or record.variant != "structural" or record.name != primary:
        return record
    return replace(record, moments=moments_of(data, limit)) if record.analysis in (PRIMARY, ML_COMPLETE) else record


def moments_of(data: ModelData, limit: int) -> Moments | None:
    """The moments of the complete rows of ``data``; None where there are fewer than ``limit`` (decision 26), or
    fewer than two."""
    if data.n < max(limit, 2):
        return None
    columns = data.listwise()
    values = np.column_stack(list(columns.values()))
    covariance = np.atleast_2d(np.cov(values, rowvar=False))
    return Moments(
        names=tuple(columns),
        n=data.n,
        covariance=tuple(tuple(float(each) for each in row) for row in covariance),
        means=tuple(float(each) for each in values.mean(axis=0)),
    )
