"""Chi-square difference tests of nested models, scaled where the fits are.

``satorra.bentler.2001`` (Satorra & Bentler 2001, doi 10.1007/BF02296192) and ``satorra.2000`` (Satorra 2000), the
latter scaled and shifted (Asparouhov & Muthén 2010); the same numbers as lavaan's ``lavTestLRT``, which takes
the restrictions from the slopes of the moments (its "delta") and scales and shifts whatever the models' own tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from mce_utaut.errors import UsageError
from mce_utaut.sem.fit import Fit
from mce_utaut.sem.information import gamma_middle, inverse_information, unit_information
from mce_utaut.sem.moment_derivatives import moment_jacobian
from mce_utaut.sem.tests_of_fit import chisq_pvalue, exogenous_columns
from mce_utaut.sem.wls import WeightedLeastSquares

DifferenceMethod = Literal["default", "standard", "satorra.bentler.2001", "satorra.2000"]
NAN = float("nan")


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference of two chi-squares with its degrees of freedom.

    ``chisq`` is what is referred to the chi-square with ``df``; ``plain`` the unscaled difference; ``factor`` and
    ``shift`` the scaling (nan where there is none). ``chisq`` is nan where the scaling factor is negative.
    """

    method: str
    chisq: float
    df: float
    plain: float
    factor: float = NAN
    shift: float = NAN

    @property
    def pvalue(self) -> float:
        """The upper tail probability; nan for df = 0."""
        return chisq_pvalue(self.chisq, self.df)


def difference_test(larger: Fit, smaller: Fit, method: DifferenceMethod = "default") -> Difference:
    """The test of ``smaller`` (more restricted) within ``larger``.

    ``default`` is lavaan's: the plain difference of unscaled tests, ``satorra.bentler.2001`` for
    mean-scaled ones, ``satorra.2000`` for mean- and variance-adjusted ones. Raises UsageError where the method does
    not go with the fits, or their tests differ.
    """
    if larger.test.name != smaller.test.name:
        raise UsageError(f"The models have different tests ({larger.test.name}, {smaller.test.name}).")
    chosen = _default_method(larger) if method == "default" else method
    plain, df = smaller.test.chisq - larger.test.chisq, smaller.test.df - larger.test.df
    if df < 0:
        raise UsageError(f"The second model must be the more restricted one, but it has {-df} df less.")
    if df == 0 or chosen == "standard":
        return Difference(chosen, plain, df, plain)
    if not larger.test.is_scaled:
        raise UsageError(f"{chosen} needs a robust estimator (MLR, MLM, WLSMV, …).")
    if chosen == "satorra.bentler.2001":
        return _satorra_bentler(larger, smaller, plain, df)
    if chosen != "satorra.2000":
        raise UsageError(f"There is no difference test {method!r}.")
    return _satorra(larger, smaller, plain, df)


def _default_method(fit: Fit) -> str:
    if not fit.test.is_scaled:
        return "standard"
    mean_only = fit.test.name in ("satorra.bentler", "yuan.bentler.mplus")
    return "satorra.bentler.2001" if mean_only else "satorra.2000"


def _satorra_bentler(larger: Fit, smaller: Fit, plain: float, df: int) -> Difference:
    if larger.test.name not in ("satorra.bentler", "yuan.bentler.mplus"):
        raise UsageError(f"satorra.bentler.2001 does not go with the test {larger.test.name}; use satorra.2000.")
    free = 1.0 if larger.test.df == 0 else larger.test.factor
    factor = (smaller.test.df * smaller.test.factor - larger.test.df * free) / df
    chisq = plain / factor if factor > 0 else NAN
    return Difference("satorra.bentler.2001", chisq, df, plain, factor)


def _satorra(larger: Fit, smaller: Fit, plain: float, df: int) -> Difference:
    """tr(U Gamma) and tr((U Gamma)^2) of the restrictions ``A`` (df, n_free) that the smaller model makes."""
    if larger.inference.discrepancy == "FIML":
        raise UsageError("satorra.2000 needs complete data; use satorra.bentler.2001 with missing=fiml.")
    A = restrictions(larger, smaller)
    bread = inverse_information(unit_information(larger.objective, larger.t, larger.inference.information))
    AP = A @ bread
    M = AP.T @ np.linalg.pinv(AP @ A.T) @ AP
    product = M @ gamma_middle(larger.objective, larger.t, exogenous_columns(larger.objective))
    trace, squared = float(np.trace(product)), float((product * product.T).sum())
    a = np.sqrt(df / squared)
    shift = df - a * trace
    return Difference("satorra.2000", float(plain * a + shift), df, plain, float(1 / a), float(shift))


def restrictions(larger: Fit, smaller: Fit) -> np.ndarray:
    """A (n_free - n_free of the smaller, n_free): what the smaller model's tangent space leaves out of the larger's."""
    wide, narrow = _moment_slopes(larger), _moment_slopes(smaller)
    H = np.linalg.pinv(wide) @ narrow
    U, values, _ = np.linalg.svd(H, full_matrices=True)
    rank = int((values > 1e-10 * max(values[0], 1e-300)).sum()) if values.size else 0
    return U[:, rank:].T


def _moment_slopes(fit: Fit) -> np.ndarray:
    """d moments of all groups / dt (moments, n_free)."""
    objective, blocks = fit.objective, []
    q = len(fit.table.free_rows)
    for group, part, (implied, derivatives) in zip(
        objective.groups, objective.parts, objective.implied_and_derivatives(fit.t), strict=True
    ):
        if isinstance(part, WeightedLeastSquares):
            here = part.jacobian(group, implied, derivatives)
        else:
            here = moment_jacobian(group, derivatives)
        block = np.zeros((len(here), q))
        block[:, group.x_start : group.x_stop] = here
        blocks.append(block)
    return np.vstack(blocks) @ fit.table.K
