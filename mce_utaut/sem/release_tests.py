"""Score tests of equality across groups: which tied parameter to release, and how far it would move.

The score (Lagrange multiplier) test of a fitted model: as lavaan's ``lavTestScore``, from expected information. Where
the fit has robust standard errors, a generalised score statistic stands beside it (Boos 1992, doi
10.1080/00031305.1992.10475921).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import chdtrc

from mce_utaut.sem.discrepancy import Objective
from mce_utaut.sem.fit import Fit
from mce_utaut.sem.information import gamma_middle, score_product
from mce_utaut.sem.tests_of_fit import exogenous_columns

NAN = float("nan")


@dataclass(frozen=True, slots=True)
class Release:
    """The test of releasing ``rows`` (indices into the table) from what they are tied to.

    ``epc`` are the expected changes of these rows, ``robust`` and ``robust_pvalue`` the generalised score test (nan
    without robust standard errors).
    """

    rows: tuple[int, ...]
    chisq: float
    df: int
    pvalue: float
    epc: tuple[float, ...]
    robust: float = NAN
    robust_pvalue: float = NAN


def release_test(fit: Fit, rows: Sequence[int]) -> Release:
    """The score test of releasing the given free rows of a fit together."""
    objective, t, extra = _released(fit, rows)
    # as in lavaan: least squares take the gradient times (N - G) / N and the information as it is
    gradient = objective.unconstrained(t, "expected")[0] * (fit.multiplier / fit.total)
    hessian = objective.by_cases().unconstrained(t, "expected")[1]
    K = objective.table.K
    score, information = -0.5 * K.T @ gradient, 0.5 * K.T @ hessian @ K
    old = len(t) - extra
    I_tt, I_et = information[:old, :old], information[old:, :old]
    reach = np.linalg.pinv(I_tt, hermitian=True) @ I_et.T
    effective = information[old:, old:] - I_et @ reach
    inverse, rank = _generalised_inverse(effective)
    pull = score[old:] - reach.T @ score[:old]
    chisq = float(fit.total * pull @ inverse @ pull)
    change = inverse @ pull
    robust = _robust(fit, objective, t, reach, pull, rank)
    return Release(
        rows=tuple(int(row) for row in rows),
        chisq=chisq,
        df=rank,
        pvalue=float(chdtrc(rank, chisq)) if rank else NAN,
        epc=tuple(float(value) for value in change[: len(rows)]),
        robust=robust,
        robust_pvalue=float(chdtrc(rank, robust)) if rank and np.isfinite(robust) else NAN,
    )


def tied_rows(fit: Fit, group: int) -> list[int]:
    """The rows of ``group`` (from 1) that are tied to the same parameter of an earlier group."""
    first: dict[tuple[str, str, str, int], int] = {}
    tied = []
    for i, row in enumerate(fit.table.rows):
        if not row.free:
            continue
        key = (row.lhs, row.op, row.rhs, row.free)
        if first.setdefault(key, row.group) < row.group == group:
            tied.append(i)
    return tied


def _released(fit: Fit, rows: Sequence[int]) -> tuple[Objective, np.ndarray, int]:
    """The objective with the rows free of their ties, the estimate in it, and how many parameters are new."""
    table = fit.table
    place = {int(row): at for at, row in enumerate(table.free_rows)}
    more = np.zeros((len(table.free_rows), len(rows)))
    for column, row in enumerate(rows):
        more[place[row], column] = 1.0
    wider = replace(table, K=np.hstack([table.K, more]))
    return replace(fit.objective, table=wider), np.concatenate([fit.t, np.zeros(len(rows))]), len(rows)


def _generalised_inverse(matrix: np.ndarray, tolerance: float = 1e-8) -> tuple[np.ndarray, int]:
    """The Moore-Penrose inverse and the rank of a covariance matrix, judged on its scale."""
    scale = np.sqrt(np.maximum(np.diag(matrix), 0.0))
    scale[scale == 0] = 1.0
    values, vectors = np.linalg.eigh(matrix / np.outer(scale, scale))
    kept = values > tolerance
    inverse = (vectors[:, kept] / values[kept]) @ vectors[:, kept].T
    return inverse / np.outer(scale, scale), int(kept.sum())


def _robust(
    fit: Fit, objective: Objective, t: np.ndarray, reach: np.ndarray, pull: np.ndarray, rank: int
) -> float:
    """N pull' (C B C')^- pull with C = [-I_et I_tt^-1, I] and B the covariance of the score."""
    if fit.inference.se == "robust.sem":
        middle = gamma_middle(objective, t, exogenous_columns(objective))
    elif fit.inference.se in ("robust.huber.white", "robust.cluster"):
        middle = score_product(objective, t)
    else:
        return NAN
    C = np.hstack([-reach.T, np.eye(len(pull))])
    inverse, kept = _generalised_inverse(C @ middle @ C.T)
    return float(fit.total * pull @ inverse @ pull) if kept == rank else NAN
