"""Section ``local_fit``: pairs of items whose correlation the measurement model misses (method rule E5)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from mce_utaut.sem.local_fit import residual_correlations
from mce_utaut.study.role import RoleWork
from mce_utaut.study.sentences import Sentences

LIMIT = 0.10  # in absolute size (Kline, 2016)
_SHOWN = 10


def local_fit(works: Sequence[RoleWork], say: Sentences) -> dict[str, Any]:
    """The section (keys in docs/study-result.md), of the roles with a usable measurement model of the main analysis
    that takes answers as numbers."""
    roles = {work.result.role: _role(work) for work in works if _told(work)}
    return {"note": say("local_fit.note"), "limit": LIMIT, "roles": roles} if roles else {}


def _told(work: RoleWork) -> bool:
    cfa = None if work.fits is None else work.fits.cfa
    return cfa is not None and cfa.usable and cfa.fit is not None and not cfa.fit.table.ordered


def _role(work: RoleWork) -> dict[str, Any]:
    assert work.fits is not None and work.fits.cfa.fit is not None
    fit = work.fits.cfa.fit
    names = fit.table.observed
    residual = residual_correlations(fit)[0]
    rows, columns = np.tril_indices(len(names), -1)
    values = residual[rows, columns]
    order = np.argsort(-np.abs(values), kind="stable")
    pairs = [
        {"first": names[columns[i]], "second": names[rows[i]], "residual": float(values[i])} for i in order[:_SHOWN]
    ]
    return {
        "n": work.fits.cfa.record.n,
        "pairs": len(values),
        "beyond": int((np.abs(values) > LIMIT).sum()),
        "largest": pairs,
    }
